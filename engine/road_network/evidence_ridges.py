"""Traces of a road between two places that both lie along roads, where nothing ends that could look for the other one.

A gap that begins and ends at junctions leaves no dead end. But the raster shows it: as a patch of dim pixels that touches the
road surface at either end and nowhere else.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
from scipy import ndimage

from ..raster.grid import Window, tile_windows
from ..reporter import Reporter
from .gap_ends import WIDEST_HALF
from .probability import RoadRaster
from .small_areas import Areas, find_areas
from .surface import SPECK_AREA, drop_specks, peel

#: Side of the blocks in which the raster is read, pixels.
_BLOCK = 2048
#: Blocks looked at at once; what two take is some 100 MB.
_THREADS = 2
#: The dim edge of a road, up to two pixels wide, is no patch; what is left of a patch without such an edge ends so near the road.
_BESIDE = 2
#: Patches of fewer pixels are noise: of a gap of 5 m in a road of 4 m, 6 pixels of 1 m are left without its edge.
_FEWEST = 6
#: Patches that touch the road at more places are no single road.
_MOST_CONTACTS = 4


def evidence_ridges(
    raster: RoadRaster, cell: tuple[float, float], max_gap: float, min_probability: float, reporter: Reporter
) -> tuple[np.ndarray, np.ndarray]:
    """Find the patches of dim pixels that touch the roads at two places and more.

    Args:
        cell: metres of a pixel along its row and its column. max_gap: metres; longer patches are no gaps.
        min_probability: what a pixel of a patch has at least.

    Returns:
        Two float64 arrays (contacts, 4): pairs of contacts, as row and column in pixels of the one and of the other; and
        (contacts, 2), how wide each contact is, metres.

    Raises:
        EngineError: the raster cannot be read.
        Cancelled: the user asked to stop.
    """
    longest = int(np.ceil((max_gap + 2 * WIDEST_HALF) / min(cell)))
    found: list[tuple[np.ndarray, np.ndarray]] = [(np.zeros((0, 4)), np.zeros((0, 2)))]
    waiting: deque[Future] = deque()
    with ThreadPoolExecutor(_THREADS) as pool:  # a GDAL file is not to be shared, so this thread reads
        for window in tile_windows(raster.grid.whole, _BLOCK, _BLOCK):
            reporter.check_cancelled()
            seen = window.grown(longest + 2 * _BESIDE).clipped(raster.grid.height, raster.grid.width)
            road, probability, _ = raster.read(seen)
            if not road.any():
                continue
            if raster.evidence is not None:
                probability = raster.probability(seen)
            waiting.append(pool.submit(_in_block, road, probability, window, seen, cell, longest, min_probability))
            while len(waiting) > _THREADS:
                found += waiting.popleft().result()
        for each in waiting:
            found += each.result()
    pairs, widths = zip(*found)
    return np.concatenate(pairs), np.concatenate(widths)


def _in_block(
    road: np.ndarray, probability: np.ndarray, window: Window, seen: Window, cell: tuple[float, float], longest: int,
    min_probability: float,
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the pairs of contacts, in the raster's pixels, of the patches that begin in a window of what is ``seen``."""
    road = drop_specks(road, SPECK_AREA / (cell[0] * cell[1]))  # the brightest pixels of a trace are no road yet
    dim = probability >= np.float32(min_probability)
    dim &= ~road
    core = np.unpackbits(peel(np.packbits(dim, axis=1)), axis=1, count=dim.shape[1]).view(bool)
    areas = find_areas(core, diagonally=True)
    # of a patch cut by the border of what is seen, too much is seen for it to count
    wanted = (areas.pixels >= _FEWEST) & (areas.sides <= longest) & _begins_in(areas, window, seen)
    corner = np.array([seen.row, seen.column] * 2)
    return [(one + corner, width) for one, width in _contacts(road, areas, wanted, cell)]


def _begins_in(areas: Areas, window: Window, seen: Window) -> np.ndarray:
    """Return which areas have their first pixel in the window, bool (areas,): every one counts in one window only."""
    first = np.full(len(areas.pixels), len(areas.rows))
    np.minimum.at(first, areas.area_of, np.arange(len(areas.rows)))
    rows, columns = areas.rows[first] + seen.row - window.row, areas.starts[first] + seen.column - window.column
    return np.asarray((rows >= 0) & (rows < window.height) & (columns >= 0) & (columns < window.width))


def _contacts(
    road: np.ndarray, areas: Areas, wanted: np.ndarray, cell: tuple[float, float]
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the pairs of places where each area touches the road, float64 (1, 4), and how wide these are, (1, 2)."""
    padded = np.pad(road, _BESIDE).ravel()
    stride = road.shape[1] + 2 * _BESIDE
    rows, columns, area = areas.places(wanted)
    base = (rows + _BESIDE) * stride + columns + _BESIDE
    found = []
    for down in range(-_BESIDE, _BESIDE + 1):
        for right in range(-_BESIDE, _BESIDE + 1):
            place = base + down * stride + right
            on_road = padded[place]
            found.append(area[on_road] * len(padded) + place[on_road])
    number, place = np.divmod(np.unique(np.concatenate(found)), len(padded))
    touched = np.column_stack(np.divmod(place, stride)) - _BESIDE
    for places in np.split(touched, np.flatnonzero(np.diff(number)) + 1):
        if len(places) < 2:
            continue
        corner = places.min(axis=0)
        image = np.zeros(np.ptp(places, axis=0) + 1, bool)
        image[tuple((places - corner).T)] = True
        labels, count = ndimage.label(image, np.ones((3, 3)))
        if not 2 <= count <= _MOST_CONTACTS:
            continue
        label = labels[tuple((places - corner).T)]
        each = [places[label == number] for number in range(1, count + 1)]
        middles = [one.mean(axis=0) for one in each]
        across = [float(np.hypot(*((np.ptp(one, axis=0) + 1) * cell[::-1]))) for one in each]
        for first in range(count):
            for second in range(first + 1, count):
                yield np.concatenate([middles[first], middles[second]])[None], np.array([[across[first], across[second]]])
