"""From which probability on a pixel is best called road, as the validation chips of the best epoch tell."""

from __future__ import annotations

from .checkpoints import TrainingState
from .metrics import STEPS, RoadScores

#: Where a network learned nothing, the best threshold calls everything road or nothing; no model should ship with that.
LOWEST, HIGHEST = 0.05, 0.95
#: Where the validation chips say nothing.
USUAL = 0.5
#: Thresholds whose F1 is so near to the best one are as good: on other imagery the order changes, and those far from 0.5 suffer
#: most. A hundredth is what F1 differs by from one set of some ten chips to another.
_AS_GOOD = 0.01


def best_threshold(record: TrainingState) -> float:
    """Return the threshold nearest 0.5, of 0.05, 0.06 … 0.95, whose F1 (Dice) of road is the highest or within 0.01 of it.

    0.5 where no validation chip holds a road.
    """
    scores = RoadScores.from_counts(record.best_counts)
    choices = [percent / 100 for percent in range(round(100 * LOWEST), round(100 * HIGHEST) + 1)]

    dice = {threshold: scores.confusion(round(threshold * STEPS)).figures()["dice"] for threshold in choices}
    enough = max(dice.values()) - _AS_GOOD
    return min((threshold for threshold in choices if dice[threshold] >= enough), key=lambda each: (abs(each - USUAL), each))


def best_scores(record: TrainingState) -> RoadScores:
    """Return the scores of the best epoch's validation at the best threshold."""
    return RoadScores.from_counts(record.best_counts, best_threshold(record))


def holds_road(record: TrainingState) -> bool:
    """Whether the validation chips held a road."""
    confusion = RoadScores.from_counts(record.best_counts).confusion()
    return confusion.hits + confusion.missed > 0


def describe_threshold(record: TrainingState) -> str:
    """Return a sentence on the threshold for log and report."""
    if not holds_road(record):
        return (
            f"The model's threshold is {USUAL:g}: there was no road to find a better one with. "
            "Classify Pixels uses it unless told otherwise."
        )
    threshold = best_threshold(record)
    usual = RoadScores.from_counts(record.best_counts).confusion().figures()
    best = best_scores(record).confusion().figures()
    return (
        f"A pixel is best called road from a probability of {threshold:.2f} on: F1 of road {best['dice']:.3f} "
        f"({usual['dice']:.3f} at {USUAL:g}). Classify Pixels uses this threshold unless told otherwise."
    )
