"""Which chips train and which validate, so that no pixel is in both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import shapely

from ..errors import EngineError
from .reading.folder import Chip

#: Block sides that are tried, in chips. Large blocks lose fewer training chips at their rims, small ones spread better;
#: the smallest serves areas of a few chips.
_BLOCK_SIDES = (4.0, 3.0, 2.0, 1.5, 1.0, 0.5)
_MAX_TRIALS, _MIN_TRIALS = 96, 12
#: Chips that only touch, up to rounding of their coordinates, do not overlap: world files of degrees have ten decimals, a
#: hundred-thousandth of a pixel. Share of a chip's side.
_TOUCH = 1e-4
_NO_ROAD = (
    "No training chip holds a road where there is imagery: check the road layer and the raster's nodata, and export the training "
    "data again."
)


@dataclass(frozen=True)
class Split:
    """Indices of the chips for training and validation, ascending.

    Attributes:
        dropped: chips used for neither, because they share pixels with validation chips.
        overlapping: training chips that share pixels with validation chips; always 0 with blocks.
    """

    training: list[int]
    validation: list[int]
    dropped: int
    overlapping: int = 0


def split_chips(
    chips: Sequence[Chip], percent: float, method: str, seed: int, has_road: Callable[[int], bool],
    folders: Sequence[int] | None = None,
) -> Split:
    """Choose about ``percent`` of the chips for validation.

    Args:
        method: ``blocks`` draws whole square blocks of the map, so that validation is on ground never trained on; chips of
            unknown place are blocks of their own. ``random`` draws single chips: where chips overlap, scores flatter.
        seed: the same seed and chips give the same split.
        has_road: whether the chip of that index holds a road; asked only where the answer matters.
        folders: number of the folder each chip comes from (their map units may differ); None: all from one.

    Raises:
        EngineError: there are too few chips, or none with a road, or all overlap.
    """
    if method not in ("blocks", "random"):
        raise EngineError(f"'{method}' is no way to split chips: choose blocks or random.")
    if not 0 < percent < 100:
        raise EngineError(f"The validation share is {percent:g} %: choose a percentage between 1 and 90.")
    if len(chips) < 2:
        raise EngineError("Training needs at least two chips, one to train and one to validate: export more, or smaller ones.")
    asked = cache(has_road)
    target = min(len(chips) - 1, max(1, round(len(chips) * percent / 100)))
    generator = np.random.default_rng(seed)
    overlaps = _Overlaps(chips)
    best: tuple[tuple[bool, float], Split] | None = None
    for trial in range(int(np.clip(400_000 // len(chips), _MIN_TRIALS, _MAX_TRIALS))):
        if method == "random":
            blocks = np.arange(len(chips))
        else:
            blocks = _blocks(chips, folders, _BLOCK_SIDES[trial % len(_BLOCK_SIDES)], generator)
        validation = _draw(blocks, target, generator)
        rim = overlaps.of(validation)
        rest = np.setdiff1d(np.arange(len(chips)), validation)
        training = rest if method == "random" else np.setdiff1d(rest, rim)
        # chips lost count once, chips away from the wanted share twice
        score = len(training) - 2.0 * abs(len(validation) - target)
        if not len(training) or (best is not None and (True, score) <= best[0]):
            continue
        complete = any(asked(int(each)) for each in validation) and any(asked(int(each)) for each in training)
        split = Split(training.tolist(), validation.tolist(), len(rest) - len(training), int(np.isin(rim, training).sum()))
        if best is None or (complete, score) > best[0]:
            best = ((complete, score), split)
        if method == "random" and complete:
            break
    if best is None:
        raise EngineError(
            "All training chips overlap each other, so none can be kept apart for validation: export a larger area, smaller "
            "chips or a larger stride, or choose the split 'random' and do not trust the scores."
        )
    if not any(asked(each) for each in best[1].training):
        raise EngineError(_NO_ROAD)
    return best[1]


def given_split(chips: Sequence[Chip], is_validation: Sequence[bool], has_road: Callable[[int], bool]) -> Split:
    """Return the split that the user chose by keeping validation chips in folders of their own.

    Raises:
        EngineError: no training chip holds a road.
    """
    validation = np.flatnonzero(is_validation)
    training = np.flatnonzero(~np.asarray(is_validation))
    if not any(has_road(int(each)) for each in training):
        raise EngineError(_NO_ROAD)
    rim = _Overlaps(chips).of(validation)
    return Split(training.tolist(), validation.tolist(), 0, int(np.isin(rim, training).sum()))


def fold_chips(chips: Sequence[Chip], folders: Sequence[int], indices: Sequence[int], count: int, seed: int) -> list[list[int]]:
    """Share chips out among ``count`` folds of about equal size, whole blocks of the map to each.

    Args:
        indices: of the chips to share out, ascending. folders: number of the folder that each of all chips comes from.

    Raises:
        EngineError: there are fewer chips than folds.
    """
    if len(indices) < count:
        raise EngineError(f"{len(indices)} training chips cannot be shared out among {count} folds: choose fewer folds.")
    generator = np.random.default_rng(seed)
    chosen, numbers = [chips[each] for each in indices], [folders[each] for each in indices]
    for side in _BLOCK_SIDES:
        blocks = _blocks(chosen, numbers, side, generator)
        if len(np.unique(blocks)) >= 3 * count:  # few blocks make folds of unlike size
            break
    if len(np.unique(blocks)) < count:
        blocks = np.arange(len(chosen))
    folds: list[list[int]] = [[] for _ in range(count)]
    sizes = np.bincount(blocks)
    for block in np.argsort(-sizes, kind="stable").tolist():
        smallest = min(folds, key=len)
        smallest += [indices[each] for each in np.flatnonzero(blocks == block).tolist()]
    return [sorted(fold) for fold in folds]


def apart_from(chips: Sequence[Chip], indices: Sequence[int], others: Sequence[int]) -> list[int]:
    """Return which chips share no ground with any of the others, nor are one of them."""
    rim = set(_Overlaps(chips).of(np.asarray(others, np.int64)).tolist()) | set(others)
    return [each for each in indices if each not in rim]


def _blocks(chips: Sequence[Chip], folders: Sequence[int] | None, side: float, generator: np.random.Generator) -> np.ndarray:
    """Return the block number of every chip: squares of ``side`` chips, placed at random; by the chip's centre."""
    keys = np.zeros((len(chips), 3), np.int64)
    keys[:, 0] = -1 - np.arange(len(chips))  # chips of unknown place stay alone
    placed = np.flatnonzero([chip.bounds is not None for chip in chips])
    numbers = np.zeros(len(chips), np.int64) if folders is None else np.asarray(folders)
    for number in np.unique(numbers[placed]):
        members = placed[numbers[placed] == number]
        bounds = np.array([chips[int(each)].bounds for each in members])
        centres = (bounds[:, :2] + bounds[:, 2:]) / 2
        size = np.median(bounds[:, 2:] - bounds[:, :2], axis=0) * side
        cells = np.floor((centres - centres.min(axis=0)) / size + generator.random(2))
        keys[members] = np.column_stack([np.full(len(members), number), cells.astype(np.int64)])
    return np.unique(keys, axis=0, return_inverse=True)[1].reshape(-1)


def _draw(blocks: np.ndarray, target: int, generator: np.random.Generator) -> np.ndarray:
    """Return the chips of randomly drawn blocks, ascending: until ``target`` is reached, leaving out blocks far too large."""
    members = np.argsort(blocks, kind="stable")
    sizes = np.bincount(blocks)
    starts = np.cumsum(sizes) - sizes
    chosen: list[np.ndarray] = []
    count = 0
    order = generator.permutation(len(sizes))
    for block in order:
        if count and count + sizes[block] > 1.5 * target:
            continue
        chosen.append(members[starts[block] : starts[block] + sizes[block]])
        count += int(sizes[block])
        if count >= target:
            break
    return np.sort(np.concatenate(chosen))


class _Overlaps:
    """Knows which chips share ground."""

    def __init__(self, chips: Sequence[Chip]) -> None:
        self._boxes = np.full(len(chips), None, dtype=object)
        placed = np.flatnonzero([chip.bounds is not None for chip in chips])
        if len(placed):
            left, bottom, right, top = np.array([chips[int(each)].bounds for each in placed]).T
            x, y = (right - left) * _TOUCH, (top - bottom) * _TOUCH
            self._boxes[placed] = shapely.box(left + x, bottom + y, right - x, top - y)
        self._tree = shapely.STRtree(self._boxes)

    def of(self, chosen: np.ndarray) -> np.ndarray:
        """Return the chips that share ground with a chosen one, themselves included, ascending."""
        return np.unique(self._tree.query(self._boxes[chosen], predicate="intersects")[1])
