"""Scores of a road mask, counted over many chips: at one threshold, and what they would be at any other."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch.nn import functional

from ...models.losses import IGNORE_ROAD
from ..scores import Confusion, share

#: Probabilities are counted in so many classes: the scores at every threshold k / 256 are exact.
STEPS = 256
#: Pixels that a road may lie beside its truth in the relaxed scores (Mnih 2013).
TOLERANCE = 3


class RoadScores:
    """Counts over a whole validation set; ignored pixels are in none.

    Args:
        threshold: probability from which a pixel is road, rounded to the next 1/256.

    Attributes:
        counts: float64 (516,) on the CPU, all there is; those of several machines may be added up. Pixels of road and of
            background by the 256 classes of probability, then found road and how much of it lies near true road, true road and
            how much of it lies near found road.
    """

    def __init__(self, threshold: float = 0.5) -> None:
        self._step = min(STEPS, max(0, round(threshold * STEPS)))
        self.counts = torch.zeros(2 * STEPS + 4, dtype=torch.float64)

    @classmethod
    def from_counts(cls, counts: Sequence[float], threshold: float = 0.5) -> RoadScores:
        """Return scores with counts made before, such as a checkpoint's; none for an empty sequence.

        The relaxed scores are those of the threshold at which the counts were made, whatever ``threshold`` is.
        """
        scores = cls(threshold)
        if len(counts):
            scores.counts = torch.tensor(counts, dtype=torch.float64)
        return scores

    def add(self, probability: torch.Tensor, label: torch.Tensor) -> None:
        """Count a batch: probability of road (N, H, W) float 0..1, label (N, H, W) integers 0, 1 or 255, on one device."""
        valid, road = label != IGNORE_ROAD, label == 1
        step = (probability.float() * STEPS).long().clamp_(0, STEPS - 1)
        histogram = torch.bincount((step + STEPS * (~road).long())[valid], minlength=2 * STEPS)
        found = (step >= self._step) & valid
        near_truth, near_found = found & _grown(road), road & _grown(found)
        relaxed = torch.stack([found.sum(), near_truth.sum(), road.sum(), near_found.sum()])
        self.counts += torch.cat([histogram, relaxed]).to("cpu").to(torch.float64)

    def confusion(self, step: int | None = None) -> Confusion:
        """Return the counts with road from the probability ``step`` / 256 on; None for the threshold of these scores."""
        step = self._step if step is None else step
        road, background = self.counts[:STEPS], self.counts[STEPS : 2 * STEPS]
        return Confusion(
            float(road[step:].sum()), float(background[step:].sum()), float(road[:step].sum()), float(background[:step].sum())
        )

    def figures(self) -> dict[str, float]:
        """Return the scores of ``Confusion.figures`` and three that forgive a shift of up to 3 pixels.

        ``relaxed_precision`` is the share of found road within 3 pixels of true road, ``relaxed_recall`` that of true road
        within 3 pixels of found road, ``relaxed_f1`` their harmonic mean.
        """
        found, near_truth, road, near_found = self.counts[2 * STEPS :].tolist()
        precision, recall = share(near_truth, found), share(near_found, road)
        return {
            **self.confusion().figures(), "relaxed_precision": precision, "relaxed_recall": recall,
            "relaxed_f1": share(2 * precision * recall, precision + recall),
        }

    def sweep(self) -> list[tuple[float, dict[str, float]]]:
        """Return every threshold from 1/256 to 255/256 with the scores it would give, exactly (all but the relaxed ones)."""
        return [(step / STEPS, self.confusion(step).figures()) for step in range(1, STEPS)]

    def best_threshold(self, score: str = "dice") -> float:
        """Return the threshold with the highest ``score``; of equal ones that nearest 0.5, as where there is no road at all."""
        return max(self.sweep(), key=lambda each: (each[1][score], -abs(each[0] - 0.5), -each[0]))[0]


def _grown(mask: torch.Tensor) -> torch.Tensor:
    """Return which pixels are within the tolerance of a True one, by Euclidean distance between pixel centres, (N, H, W) bool."""
    offsets = torch.arange(-TOLERANCE, TOLERANCE + 1, device=mask.device)
    disc = (offsets[:, None] ** 2 + offsets[None, :] ** 2 <= TOLERANCE**2).float()
    # counts of at most 29, exact in every number format that the device might choose for a convolution
    near = functional.conv2d(mask[:, None].float(), disc[None, None], padding=TOLERANCE)
    return near[:, 0] > 0.5
