"""Scores of a road mask: what the four counts of its pixels mean. Training and evaluation use the same."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Confusion:
    """Counts of pixels: road found, found where there is none, missed, rightly left empty."""

    hits: float
    false: float
    missed: float
    empty: float

    @property
    def total(self) -> float:
        """All pixels."""
        return self.hits + self.false + self.missed + self.empty

    @property
    def background(self) -> Confusion:
        """The counts as the class background sees them."""
        return Confusion(self.empty, self.missed, self.false, self.hits)

    def figures(self) -> dict[str, float]:
        """Return the scores; one that has nothing to count is 0.

        ``accuracy`` is the share of right pixels, ``miou`` the mean IoU of the classes present; ``iou``, ``dice``, ``f1`` (the
        same figure as Dice), ``precision`` and ``recall`` are those of road.
        """
        hits, false, missed, empty = self.hits, self.false, self.missed, self.empty
        ious = [right / (right + false + missed) for right in (hits, empty) if right + false + missed > 0]
        dice = share(2 * hits, 2 * hits + false + missed)
        return {
            "accuracy": share(hits + empty, self.total),
            "miou": sum(ious) / len(ious) if ious else 0.0,
            "dice": dice,
            "iou": share(hits, hits + false + missed),
            "f1": dice,
            "precision": share(hits, hits + false),
            "recall": share(hits, hits + missed),
        }

    def kappa(self) -> float:
        """Return Cohen's kappa: agreement beyond chance, −1 to 1; 0 where chance alone explains everything (one class only)."""
        if not self.total:
            return 0.0
        found, road = (self.hits + self.false) / self.total, (self.hits + self.missed) / self.total
        by_chance = found * road + (1 - found) * (1 - road)
        return share((self.hits + self.empty) / self.total - by_chance, 1 - by_chance)


def share(part: float, whole: float) -> float:
    """Return ``part / whole``, 0 of nothing."""
    return part / whole if whole else 0.0


def harmonic_mean(precision: float, recall: float) -> float:
    """Return the F1 of a precision and a recall, 0 if both are 0."""
    return share(2 * precision * recall, precision + recall)
