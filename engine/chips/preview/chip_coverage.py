"""Where chips lie, told from their bounds: how many overlap, how far they spread, which are there twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import shapely

from ...reporter import Reporter
from ..reading.folder import Chip, TrainingFolder, read_chip

#: Chips that only touch do not overlap. Share of a chip's side: world files in degrees are off by some millionths.
_TOUCH = 1e-3
#: Side of the blocks that chips are counted in, in chips: the largest that the spatial split tries.
BLOCK_SIDE = 4.0
#: So many chips are compared with others of the same place.
_COPY_PAIRS = 50


def count_overlapping(chips: Sequence[Chip]) -> int:
    """Return how many chips of known place share ground with another one."""
    boxes = _boxes(chips, _TOUCH)
    if not len(boxes):
        return 0
    first, second = shapely.STRtree(boxes).query(boxes, predicate="intersects")
    return len(np.unique(first[first != second]))


def count_blocks(chips: Sequence[Chip]) -> int:
    """Return how many squares of ``BLOCK_SIDE`` chips hold the centre of a chip."""
    bounds = placed_bounds(chips)
    if not len(bounds):
        return 0
    centres = (bounds[:, :2] + bounds[:, 2:]) / 2
    side = np.median(bounds[:, 2:] - bounds[:, :2], axis=0) * BLOCK_SIDE
    return len(np.unique(np.floor((centres - centres.min(axis=0)) / side), axis=0))


def placed_bounds(chips: Sequence[Chip]) -> np.ndarray:
    """Return left, bottom, right, top of the chips of known place, map units, float64 (chips, 4)."""
    return np.array([chip.bounds for chip in chips if chip.bounds is not None], np.float64).reshape(-1, 4)


def _boxes(chips: Sequence[Chip], shrink: float) -> np.ndarray:
    left, bottom, right, top = placed_bounds(chips).T
    x, y = (right - left) * shrink, (top - bottom) * shrink
    return np.asarray(shapely.box(left + x, bottom + y, right - x, top - y))


def count_copies(folders: Sequence[TrainingFolder], sample: Sequence[tuple[int, int]], reporter: Reporter) -> int:
    """Return how many sampled chips are pixel by pixel another chip of the same place (chips that were exported twice)."""
    count = pairs = 0
    places: list[dict[tuple[float, ...], list[int]]] = []
    for folder in folders:
        by_place: dict[tuple[float, ...], list[int]] = defaultdict(list)
        for index, chip in enumerate(folder.chips):
            if chip.bounds is not None:
                by_place[chip.bounds].append(index)
        places.append(by_place)
    for number, index in sample:
        chip = folders[number].chips[index]
        others = places[number][chip.bounds] if chip.bounds is not None else []
        others = [other for other in others if other != index]
        if not others or pairs >= _COPY_PAIRS:
            continue
        reporter.check_cancelled()
        pairs += 1
        image = read_chip(chip)[0]
        count += any(np.array_equal(image, read_chip(folders[number].chips[other])[0]) for other in others[:8])
    return count
