"""The skeleton of a raster of any size, tile by tile, pixel for pixel the same as that of the whole raster at once.

Why it fits: one pass of Zhang's thinning peels every pixel with an empty pixel beside it, in two steps that look one pixel
around. So thinning ends after as many passes as the road is thick in city-block distance, and what lies more than twice that
many pixels away has no say. Each tile is thinned with that much around it, and only the tile itself is kept.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, fields

import numpy as np
from scipy import ndimage
from scipy.spatial import cKDTree

from ..errors import EngineError
from ..raster.grid import Window, tile_windows
from ..raster.skeleton import skeletonise
from ..reporter import Reporter
from .probability import RoadRaster

#: Pixels of a tile's side: with the halo some 100 MB in work per thread, and a tenth of a second between looks at "cancel".
TILE = 2048
#: Pixels around a tile at first.
_HALO = 64
#: What is further than both from the nearest pixel beside it is no road but a car park, an apron or a wrong threshold.
_WIDE_PIXELS, _WIDE_METRES = 128, 40.0
#: Holes up to this area, square metres, are filled: gaps in the surface, not blocks between roads.
HOLE_AREA = 30.0


@dataclass(frozen=True)
class SkeletonPixels:
    """The skeleton of a raster, row by row.

    Attributes:
        rows, columns: int64 (pixels,).
        radius: float32 (pixels,), metres from the pixel's centre to that of the nearest pixel that is no road.
        probability: float32 (pixels,), 0–1.
        shift: float32 (pixels, 2), metres right and down from the pixel's centre to the middle of the road.
        seeded: bool (pixels,), whether road above the high threshold is at hand.
        bridged: bool (pixels,), pixels that lie in a closed gap and not in the raster's own skeleton.
    """

    rows: np.ndarray
    columns: np.ndarray
    radius: np.ndarray
    probability: np.ndarray
    shift: np.ndarray
    seeded: np.ndarray
    bridged: np.ndarray

    @classmethod
    def plain(cls, rows: np.ndarray, columns: np.ndarray, radius: np.ndarray, probability: np.ndarray) -> SkeletonPixels:
        """Return pixels in the middle of their roads, all of them seeded and none of them bridged."""
        count = len(rows)
        shift, seeded, bridged = np.zeros((count, 2), np.float32), np.ones(count, bool), np.zeros(count, bool)
        return cls(rows, columns, radius, probability, shift, seeded, bridged)


def skeleton_pixels(
    raster: RoadRaster, cell: tuple[float, float], reporter: Reporter, tile: int = TILE, threads: int = 0
) -> SkeletonPixels:
    """Thin the roads of a raster.

    Args:
        cell: metres of a pixel along its row and its column.
        tile: pixels; changes memory and speed, never the result.
        threads: 0 to choose.

    Raises:
        EngineError: the raster is damaged or holds no data at all.
    """
    total = raster.grid.height * raster.grid.width
    parts: list[SkeletonPixels] = []
    done = data = wide = 0
    for window, part, valid, too_wide in _tiles(raster, cell, tile, threads or min(4, os.cpu_count() or 1), reporter):
        parts.append(part)
        done += window.height * window.width
        data += valid
        wide += too_wide
        reporter.progress(done, total, done / 1e6, "Mpx")
    if not data:
        raise EngineError(f"The raster {raster.source.path} holds no data: all of its pixels are nodata.")
    if wide:
        reporter.warning(
            f"Areas more than {2 * _widest(cell) * min(cell):.0f} m wide are no roads and were left out. "
            "A higher threshold may help."
        )
    order = np.lexsort([np.concatenate([getattr(part, name) for part in parts]) for name in ("columns", "rows")])
    return SkeletonPixels(*(np.concatenate([getattr(part, each.name) for part in parts])[order] for each in fields(SkeletonPixels)))


def _tiles(
    raster: RoadRaster, cell: tuple[float, float], tile: int, threads: int, reporter: Reporter
) -> Iterator[tuple[Window, SkeletonPixels, int, bool]]:
    """Read in this thread (a GDAL file is not to be shared), thin in others; results come in the order of the tiles."""
    smallest = halo = _HALO + _hole_side(cell)
    waiting: deque[tuple[Window, int, Future]] = deque()
    pool = ThreadPoolExecutor(threads)

    def submit(window: Window, halo: int) -> tuple[int, Future]:
        road, probability, valid = raster.read(window.grown(halo))
        return valid, pool.submit(thin_tile, road, probability, window, halo, cell)

    try:
        windows = tile_windows(raster.grid.whole, tile, tile)
        while True:
            while len(waiting) <= threads and (window := next(windows, None)) is not None:
                waiting.append((window, *submit(window, halo)))
            if not waiting:
                return
            window, valid, future = waiting.popleft()
            part, needed, wide = _result(future, reporter)
            while part is None:
                halo = max(halo, min(needed, 2 * smallest))  # one car park shall not slow down all tiles after it
                part, needed, wide = _result(submit(window, needed)[1], reporter)
            yield window, part, valid, wide
    finally:
        pool.shutdown(wait=False, cancel_futures=True)  # whoever cancels does not want to wait for a tile nobody needs


def _result(future: Future, reporter: Reporter) -> tuple[SkeletonPixels | None, int, bool]:
    """Wait for a tile, looking at "cancel" meanwhile."""
    while not wait([future], timeout=0.5).done:
        reporter.check_cancelled()
    result: tuple[SkeletonPixels | None, int, bool] = future.result()
    return result


def thin_tile(
    road: np.ndarray, probability: np.ndarray, window: Window, halo: int, cell: tuple[float, float]
) -> tuple[SkeletonPixels | None, int, bool]:
    """Thin one tile read with ``halo`` pixels around it.

    Args:
        road, probability: bool and float32 (window.height + 2 halo, window.width + 2 halo).

    Returns:
        The skeleton inside the window (None if the halo is too small for it), the halo that is needed, and whether something
        too wide for a road was left out.
    """
    road = fill_holes(road, HOLE_AREA / (cell[0] * cell[1]))
    core = (slice(halo, halo + window.height), slice(halo, halo + window.width))
    if not road.any():
        return _measured(np.zeros_like(road[core]), road, probability, window, halo, cell), 0, False
    unsure = _hole_side(cell) + 1  # so near the border a hole may not be seen whole
    inner = (slice(unsure, road.shape[0] - unsure), slice(unsure, road.shape[1] - unsure))
    distance, widest = _thickness(road[inner]), _widest(cell)
    thickness = int(distance.max(initial=0))
    # Twice the thickness is what thinning looks at. A wide area beyond the halo can take a bite out of what is seen here, but
    # no deeper than the road is thick where it is bitten: hence three times.
    needed = unsure + (3 * thickness if thickness <= widest else 4 * widest) + 8
    if needed > halo:
        return None, needed, False
    wide = np.zeros_like(road)
    if thickness > widest:
        wide[inner] = _wide_areas(distance, widest)
        road = road & ~wide
    return _measured(skeletonise(road)[core], road, probability, window, halo, cell), needed, bool(wide[core].any())


def drop_wide_areas(road: np.ndarray, widest: int) -> np.ndarray:
    """Return the mask without the diamonds of more than ``widest`` pixels from middle to tip that fit into it."""
    return np.asarray(road & ~_wide_areas(_thickness(road), widest))


def _wide_areas(distance: np.ndarray, widest: int) -> np.ndarray:
    far = distance > widest
    return np.asarray(far | (ndimage.distance_transform_cdt(~far, "taxicab") <= widest)) if far.any() else far


def fill_holes(road: np.ndarray, area: float) -> np.ndarray:
    """Fill holes of at most ``area`` pixels that fit into a square of twice the side of that area.

    The square makes it a matter of the neighbourhood: a hole that reaches further is left alone whichever part of it is seen.
    """
    side = int(2 * np.sqrt(area))
    if area < 1 or not road.any():
        return road
    labels, _ = ndimage.label(~road)
    size = np.bincount(labels.ravel())
    small = [label for label in np.flatnonzero(size <= area).tolist() if label]
    if not small:
        return road
    filled, boxes = road.copy(), ndimage.find_objects(labels)
    for label in small:
        box = boxes[label - 1]
        if max(part.stop - part.start for part in box) <= side:
            filled[box] |= labels[box] == label
    return filled


def _hole_side(cell: tuple[float, float]) -> int:
    """Largest height and width of a hole that is filled, pixels."""
    return int(2 * np.sqrt(HOLE_AREA / (cell[0] * cell[1])))


def _widest(cell: tuple[float, float]) -> int:
    """Largest city-block distance from the middle of a road to what is beside it, pixels."""
    return max(_WIDE_PIXELS, int(_WIDE_METRES / min(cell)))


def _thickness(road: np.ndarray) -> np.ndarray:
    """City-block distance of every pixel to the nearest empty one; beyond the array's border nothing is taken as empty."""
    if road.all():
        return np.full(road.shape, sum(road.shape), np.int32)
    return np.asarray(ndimage.distance_transform_cdt(road, "taxicab"))


def _measured(
    skeleton: np.ndarray, road: np.ndarray, probability: np.ndarray, window: Window, halo: int, cell: tuple[float, float]
) -> SkeletonPixels:
    """Give the skeleton pixels of a tile their global place, their radius and their probability.

    The nearest empty pixel always has a road pixel beside it, so a search among those few replaces the distance transform of
    the whole tile, which takes longer than all the rest together.
    """
    rows, columns = np.nonzero(skeleton)
    radius = np.zeros(len(rows), np.float32)
    if len(rows):
        beside = np.zeros_like(road)
        beside[1:] |= road[:-1]
        beside[:-1] |= road[1:]
        beside[:, 1:] |= road[:, :-1]
        beside[:, :-1] |= road[:, 1:]
        edge = np.column_stack(np.nonzero(beside & ~road)) * (cell[1], cell[0])
        places = np.column_stack([rows + halo, columns + halo]) * (cell[1], cell[0])
        radius[:] = cKDTree(edge).query(places)[0] if len(edge) else max(road.shape) * max(cell)
    return SkeletonPixels.plain(
        rows.astype(np.int64) + window.row,
        columns.astype(np.int64) + window.column,
        radius,
        probability[rows + halo, columns + halo],
    )
