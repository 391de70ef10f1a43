"""Counting pixels of a prediction against the truth: what is counted block by block adds up to the whole."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace

import numpy as np

from ..scores import Confusion, harmonic_mean, share
from .pixel_reach import Reach

#: Probabilities are counted in so many classes: the scores at every threshold k / 256 are exact.
STEPS = 256
#: Values of the error map.
EMPTY, HIT, FALSE, MISSED, UNKNOWN = 0, 1, 2, 3, 255


@dataclass
class PixelCounts:
    """Counts of one place at one threshold, whole numbers of pixels.

    Attributes:
        hits, false, missed, empty: as in ``Confusion``. near_truth: found road within the tolerance of true road.
            near_found: true road within the tolerance of found road.
    """

    hits: int = 0
    false: int = 0
    missed: int = 0
    empty: int = 0
    near_truth: int = 0
    near_found: int = 0

    def add(self, other: PixelCounts) -> None:
        """Take in the counts of another place."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))

    @property
    def confusion(self) -> Confusion:
        """The counts without tolerance."""
        return Confusion(self.hits, self.false, self.missed, self.empty)

    @property
    def road(self) -> int:
        """Pixels that are road in the prediction, the truth, or both."""
        return self.hits + self.false + self.missed

    @property
    def wrong(self) -> int:
        """Pixels found where there is no road, and missed ones."""
        return self.false + self.missed

    def figures(self) -> dict[str, float]:
        """Return the scores of ``Confusion.figures``, ``kappa`` and the three relaxed ones; one with nothing to count is 0."""
        precision = share(self.near_truth, self.hits + self.false)
        recall = share(self.near_found, self.hits + self.missed)
        confusion = self.confusion
        return {
            **confusion.figures(), "kappa": confusion.kappa(), "relaxed_precision": precision, "relaxed_recall": recall,
            "relaxed_f1": harmonic_mean(precision, recall),
        }


@dataclass(frozen=True)
class Comparison:
    """A window of prediction and truth, laid over each other; all arrays (height, width).

    Attributes:
        scored: bool, False where either is unknown or the mask excludes. found, road, near_truth, near_found: bool, each within
            ``scored``. step, peak: uint16, 1 + the class of probability (0 where not scored), and the highest one within the
            tolerance; None for a classified prediction.
        beside_truth: bool, scored pixels within the tolerance of true road.
    """

    scored: np.ndarray
    found: np.ndarray
    road: np.ndarray
    beside_truth: np.ndarray
    near_found: np.ndarray
    step: np.ndarray | None
    peak: np.ndarray | None

    def cropped(self, part: tuple[slice, slice]) -> Comparison:
        """Return a part of it; what it says of its pixels stays the same."""
        arrays = {each.name: getattr(self, each.name) for each in fields(self)}
        return replace(self, **{name: array[part] for name, array in arrays.items() if array is not None})

    def counts(self) -> PixelCounts:
        """Return the counts of the window."""
        hits, found, road, scored = (
            int(np.count_nonzero(each)) for each in (self.found & self.road, self.found, self.road, self.scored)
        )
        return PixelCounts(
            hits, found - hits, road - hits, scored - found - road + hits,
            int(np.count_nonzero(self.found & self.beside_truth)), int(np.count_nonzero(self.near_found)),
        )

    def errors(self) -> np.ndarray:
        """Return the error map, uint8: ``EMPTY``, ``HIT``, ``FALSE``, ``MISSED``, ``UNKNOWN``."""
        result = np.full(self.scored.shape, UNKNOWN, np.uint8)
        result[self.scored] = EMPTY
        result[self.found] = FALSE
        result[self.road] = MISSED
        result[self.found & self.road] = HIT
        return result


def compare(
    found: np.ndarray, step: np.ndarray | None, known: np.ndarray, road: np.ndarray, counted: np.ndarray, reach: Reach
) -> Comparison:
    """Lay a prediction over the truth.

    Args:
        found: bool (height, width), road at the threshold. step: uint8, class of probability; None for a classified prediction.
        known: bool, where the prediction holds data. road: bool. counted: bool, where the truth is known and the mask allows.
    """
    scored = known & counted
    found, road = found & scored, road & scored
    beside_truth = reach.highest(road) & scored if road.any() else np.zeros_like(scored)
    near_found = reach.highest(found) & road if found.any() and road.any() else np.zeros_like(scored)
    if step is None:
        return Comparison(scored, found, road, beside_truth, near_found, None, None)
    coded = np.where(scored, step.astype(np.uint16) + 1, 0).astype(np.uint16)
    peak = reach.highest(coded) if road.any() else coded
    return Comparison(scored, found, road, beside_truth, near_found, coded, peak)


@dataclass
class StepCounts:
    """How many pixels each class of probability holds, int64 (256,) each.

    Attributes:
        road, background: by the pixel's own probability. beside_truth: of them those within the tolerance of true road.
        reached: true road, by the highest probability within the tolerance.
    """

    road: np.ndarray = field(default_factory=lambda: np.zeros(STEPS, np.int64))
    background: np.ndarray = field(default_factory=lambda: np.zeros(STEPS, np.int64))
    beside_truth: np.ndarray = field(default_factory=lambda: np.zeros(STEPS, np.int64))
    reached: np.ndarray = field(default_factory=lambda: np.zeros(STEPS, np.int64))

    def add(self, comparison: Comparison) -> None:
        """Count a window."""
        step, peak = comparison.step, comparison.peak
        assert step is not None and peak is not None  # only probabilities are swept
        every, road = _histogram(step), _histogram(step[comparison.road])
        self.road += road
        self.background += every - road
        self.beside_truth += _histogram(step[comparison.beside_truth])
        self.reached += _histogram(peak[comparison.road])


def _histogram(steps: np.ndarray) -> np.ndarray:
    """Return how often 1 to 256 occur, (256,)."""
    return np.bincount(steps.ravel(), minlength=STEPS + 1)[1:]
