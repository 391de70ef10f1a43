"""Thinning over a Dask cluster: tiles as tasks, one after the other to whichever worker is free."""

from __future__ import annotations

import pickle
from collections.abc import Generator, Iterator

from ..cluster.crew import Crew, Task
from ..cluster.link import connected, probe_workers
from ..jobs import RasterToRoadVector
from ..raster.grid import tile_windows
from ..reporter import Reporter
from .cluster_run import ThinningRun, thinning_run
from .probability import RoadRaster
from .skeleton_tiles import ThinnedTile, first_halo

#: Of the engine, where workers find what they are to do.
_MODULE = "road_network.cluster_worker"
#: Tiles on their way for each thread of the workers: one in work, one to go on with. This bounds what waits to be fetched.
_AT_ONCE = 2


def tiles_over_cluster(
    job: RasterToRoadVector, raster: RoadRaster, cell: tuple[float, float], tile: int, reporter: Reporter
) -> Generator[ThinnedTile, None, None]:
    """Thin the tiles of a raster on the workers of the job's cluster; they come in any order, each of them once.

    Args:
        raster: the job's, open. cell: metres of a pixel along its row and its column. tile: side, pixels.

    Raises:
        Cancelled: the user asked to stop.
        EngineError: nobody answers, a machine does not see the files, a tile cannot be done, or all workers are gone.
    """
    run = thinning_run(job, raster, cell)
    with connected(job.scheduler, _MODULE, run.run_id, reporter) as client:
        too_large = "One tile of the raster", "start fewer workers, or workers with fewer threads, on each machine"
        crew = Crew(client, job.scheduler, _MODULE, too_large, reporter)
        crew.wait()
        probe_workers(client, job.scheduler, _MODULE, run, reporter)
        yield from crew.results(_tasks(run, first_halo(raster, cell), tile), lambda: _AT_ONCE * crew.threads)


def _tasks(run: ThinningRun, halo: int, tile: int) -> Iterator[Task]:
    argument, around = pickle.dumps(run), pickle.dumps(halo)
    whole = run.sizes[0][0].whole
    for number, window in enumerate(tile_windows(whole, tile, tile)):
        yield Task(f"thin-roads-{run.run_id}-{number}", "thin_window", (argument, pickle.dumps(window), around))
