"""The skeleton of a raster of any size, tile by tile, pixel for pixel the same as that of the whole raster at once.

Why it fits: one pass of the thinning peels every pixel with an empty pixel beside it, in two steps that look one pixel around.
So a road is a line after as many passes as it is thick in city-block distance, and what lies more than twice that many pixels
away has no say in that. What goes of a line afterwards goes where it is ragged, and no further: ends stay. In noise that can
take more passes, but the tests find nothing that reaches further than three times the thickness. Each tile is thinned with
that much around it, and only the tile itself is kept. The rules for the surface (``surface``) look a fixed way further.
"""

from __future__ import annotations

import contextlib
import os
from collections import deque
from collections.abc import Generator
from concurrent.futures import Future, ThreadPoolExecutor, wait

from ..errors import EngineError
from ..extras import check_extras
from ..jobs import RasterToRoadVector
from ..raster.grid import Window, tile_windows
from ..raster.road_values import PROBABILITY
from ..reporter import Reporter
from .probability import LABEL, RoadRaster
from .surface import SurfaceRules
from .thinning import SkeletonPixels, thin_tile, widest_road

#: Pixels of a tile's side: with the halo some 100 MB in work per thread, and a tenth of a second between looks at "cancel".
TILE = 2048
#: Pixels around a tile at first, besides what the rules for the surface look at.
_HALO = 64
#: A tile, its skeleton, how many of the pixels read hold data, whether something too wide was left out, whether it has road.
ThinnedTile = tuple[Window, SkeletonPixels, int, bool, bool]


def skeleton_pixels(
    raster: RoadRaster, cell: tuple[float, float], reporter: Reporter, tile: int = TILE, threads: int = 0, *,
    job: RasterToRoadVector | None = None,
) -> SkeletonPixels:
    """Thin the roads of a raster.

    Args:
        cell: metres of a pixel along its row and its column.
        tile: pixels; changes memory and speed, never the result.
        threads: 0 to choose.
        job: the raster's; where it names a scheduler, the workers of that cluster thin the tiles.

    Raises:
        EngineError: the raster is damaged or holds no data at all, or the cluster cannot do it.
        Cancelled: the user asked to stop.
    """
    total = raster.grid.height * raster.grid.width
    parts: list[SkeletonPixels] = []
    done = data = wide = road = 0
    if job is not None and job.scheduler:
        tiles = _over_cluster(job, raster, cell, tile, reporter)
    else:
        tiles = _tiles(raster, cell, tile, threads or min(4, os.cpu_count() or 1), reporter)
    with contextlib.closing(tiles):
        for window, part, valid, too_wide, any_road in tiles:
            parts.append(part)
            done += window.height * window.width
            data += valid
            wide += too_wide
            road += any_road
            reporter.progress(done, total, done / 1e6, "Mpx")
    if not data:
        raise EngineError(f"The raster {raster.name} holds no data: all of its pixels are nodata.")
    if raster.kind == LABEL and not road:
        reporter.warning(
            f"None of the road values {', '.join(map(str, raster.values))} occurs in the raster {raster.name}: check the label."
        )
    if wide:
        reporter.warning(
            f"Areas more than {2 * widest_road(cell) * min(cell):.0f} m wide are no roads and were left out. "
            "A higher threshold may help."
        )
    return SkeletonPixels.joined(parts).row_by_row()


def first_halo(raster: RoadRaster, cell: tuple[float, float]) -> int:
    """Return how many pixels to read around a tile before it is known how thick its roads are."""
    return _HALO + SurfaceRules(cell, raster.merge).reach


def thresholds(raster: RoadRaster) -> tuple[float, float]:
    """Return ``high`` and ``low`` of ``thin_tile``."""
    return raster.seed_threshold, raster.low if raster.kind == PROBABILITY else 0.0


def _over_cluster(
    job: RasterToRoadVector, raster: RoadRaster, cell: tuple[float, float], tile: int, reporter: Reporter
) -> Generator[ThinnedTile, None, None]:
    check_extras(job)
    from .cluster import tiles_over_cluster  # needs Dask

    return tiles_over_cluster(job, raster, cell, tile, reporter)


def _tiles(
    raster: RoadRaster, cell: tuple[float, float], tile: int, threads: int, reporter: Reporter
) -> Generator[ThinnedTile, None, None]:
    """Read in this thread (a GDAL file is not to be shared), thin in others; results come in the order of the tiles."""
    smallest = halo = first_halo(raster, cell)
    waiting: deque[tuple[Window, int, bool, Future]] = deque()
    pool = ThreadPoolExecutor(threads)

    def submit(window: Window, halo: int) -> tuple[int, bool, Future]:
        road, probability, valid = raster.read(window.grown(halo))
        future = pool.submit(thin_tile, road, probability, window, halo, cell, *thresholds(raster), raster.merge)
        return valid, bool(road.any()), future

    try:
        windows = tile_windows(raster.grid.whole, tile, tile)
        while True:
            while len(waiting) <= threads and (window := next(windows, None)) is not None:
                waiting.append((window, *submit(window, halo)))
            if not waiting:
                return
            window, valid, any_road, future = waiting.popleft()
            part, needed, wide = _result(future, reporter)
            while part is None:
                halo = max(halo, min(needed, 2 * smallest))  # one car park shall not slow down all tiles after it
                part, needed, wide = _result(submit(window, needed)[-1], reporter)
            yield window, part, valid, wide, any_road
    finally:
        pool.shutdown(wait=False, cancel_futures=True)  # whoever cancels does not want to wait for a tile nobody needs


def _result(future: Future, reporter: Reporter) -> tuple[SkeletonPixels | None, int, bool]:
    """Wait for a tile, looking at "cancel" meanwhile."""
    while not wait([future], timeout=0.5).done:
        reporter.check_cancelled()
    result: tuple[SkeletonPixels | None, int, bool] = future.result()
    return result
