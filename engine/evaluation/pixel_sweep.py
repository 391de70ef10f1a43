"""The scores that other thresholds would give, and the two that stand out: the best one and the break-even point."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .pixel_counts import STEPS, StepCounts


@dataclass(frozen=True)
class BreakEven:
    """Where precision equals recall: that value, and the threshold."""

    value: float
    threshold: float


@dataclass(frozen=True)
class Sweep:
    """Scores at the thresholds 1/256 to 255/256, float64 (255,) each; one with nothing to count is 0."""

    thresholds: np.ndarray
    precision: np.ndarray
    recall: np.ndarray
    f1: np.ndarray
    iou: np.ndarray
    relaxed_precision: np.ndarray
    relaxed_recall: np.ndarray
    relaxed_f1: np.ndarray
    found: np.ndarray

    @property
    def best(self) -> int:
        """Position of the threshold with the highest F1 (and IoU); of equal ones that nearest 0.5."""
        order = np.lexsort((self.thresholds, np.abs(self.thresholds - 0.5), -self.f1))
        return int(order[0])

    @property
    def break_even(self) -> BreakEven | None:
        """Where the strict precision and recall meet; None if they do not."""
        return _meeting(self.thresholds, self.precision, self.recall, self.found)

    @property
    def relaxed_break_even(self) -> BreakEven | None:
        """Where the relaxed precision and recall meet (Mnih's figure); None if they do not."""
        return _meeting(self.thresholds, self.relaxed_precision, self.relaxed_recall, self.found)


def sweep(counts: StepCounts) -> Sweep:
    """Return the scores at every threshold."""
    hits, false, near, reached = (
        np.cumsum(each[::-1])[::-1][1:].astype(np.float64)
        for each in (counts.road, counts.background, counts.beside_truth, counts.reached)
    )
    found, road = hits + false, float(counts.road.sum())
    relaxed_precision, relaxed_recall = _shares(near, found), _shares(reached, road)
    return Sweep(
        np.arange(1, STEPS) / STEPS, _shares(hits, found), _shares(hits, road), _shares(2 * hits, found + road),
        _shares(hits, false + road), relaxed_precision, relaxed_recall,
        _shares(2 * relaxed_precision * relaxed_recall, relaxed_precision + relaxed_recall), found,
    )


def _shares(part: np.ndarray, whole: np.ndarray | float) -> np.ndarray:
    whole = np.broadcast_to(np.asarray(whole, np.float64), part.shape)
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _meeting(thresholds: np.ndarray, precision: np.ndarray, recall: np.ndarray, found: np.ndarray) -> BreakEven | None:
    """Return where the two curves cross, on the straight lines between the thresholds; the lowest crossing if there are more."""
    there = found > 0  # no precision where nothing is found
    thresholds, precision, recall = thresholds[there], precision[there], recall[there]
    lead = precision - recall
    equal = np.flatnonzero((lead == 0) & (precision > 0))
    crossing = np.flatnonzero(lead[:-1] * lead[1:] < 0)
    if len(equal) and (not len(crossing) or equal[0] <= crossing[0]):
        return BreakEven(float(precision[equal[0]]), float(thresholds[equal[0]]))
    if not len(crossing):
        return None
    before = int(crossing[0])
    part = lead[before] / (lead[before] - lead[before + 1])
    value, threshold = (
        float(each[before] + part * (each[before + 1] - each[before])) for each in (precision, thresholds)
    )
    return BreakEven(value, threshold)
