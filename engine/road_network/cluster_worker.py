"""What a process of a Dask cluster does for a road network: looks whether it can, thins tiles, ends.

Scheduler and workers get no function of this module, only the name of one (see ``cluster.link``): a scheduler needs Dask alone.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import rasterio

from ..cluster.on_worker import answer_probe, explained
from ..errors import Cancelled
from ..raster.grid import Window
from .cluster_run import ThinningRun
from .probability import RoadRaster
from .skeleton_tiles import ThinnedTile, thresholds
from .thinning import thin_tile

#: Runs whose rasters stay open at the same time; of more, the oldest is opened anew when it goes on.
_MOST_RUNS = 4
#: GDAL's own choice is a share of the machine's memory, which many workers on one machine would add up to all of it.
_GDAL_CACHE_BYTES = 128 * 2**20


@dataclass
class _Held:
    """A raster that is open; ``lock`` because the threads of a worker may not share a GDAL file."""

    raster: RoadRaster
    lock: threading.Lock = field(default_factory=threading.Lock)


_LOCK = threading.Lock()
_held: dict[str, _Held] = {}
_ended: set[str] = set()


def probe(run: ThinningRun) -> dict[str, str]:
    """Look whether this process sees what the client sees; see ``on_worker.answer_probe``."""

    def look() -> dict[str, str]:
        _hold(run)
        return {"description": "CPU"}

    return answer_probe(look)


def thin_window(run: ThinningRun, window: Window, halo: int) -> ThinnedTile:
    """Read a tile and thin it.

    Args:
        halo: pixels to read around it at first; where the roads are thicker, it is read again with as many as they need.

    Raises:
        Cancelled: the run was ended. EngineError: the raster cannot be read, or memory is too small.
    """

    def work() -> ThinnedTile:
        held, wanted = _hold(run), halo
        while True:
            _check_ended(run)
            with held.lock, rasterio.Env(GDAL_CACHEMAX=_GDAL_CACHE_BYTES):
                road, probability, valid = held.raster.read(window.grown(wanted))
            part, needed, wide = thin_tile(
                road, probability, window, wanted, run.cell, *thresholds(held.raster), held.raster.merge
            )
            if part is not None:
                return window, part, valid, wide, bool(road.any())
            wanted = needed

    return explained(work)


def end_run(run_id: str) -> None:
    """Begin no more tiles for a run, and let go of its rasters."""
    with _LOCK:
        _ended.add(run_id)
        _held.pop(run_id, None)  # the files close when the last tile that is read from them is done


def _hold(run: ThinningRun) -> _Held:
    """Return the open raster of a run; open it where it is not yet."""
    with _LOCK:
        _check_ended(run)
        if run.run_id not in _held:
            while len(_held) >= _MOST_RUNS:
                del _held[next(iter(_held))]
            _held[run.run_id] = _Held(run.open())
        return _held[run.run_id]


def _check_ended(run: ThinningRun) -> None:
    if run.run_id in _ended:
        raise Cancelled
