"""Scores of a road mask, counted over many chips."""

from __future__ import annotations

import torch

from ...models.losses import IGNORE_ROAD


class RoadScores:
    """Counts of right and wrong pixels over a whole validation set; ignored pixels are in none."""

    def __init__(self) -> None:
        self._counts = torch.zeros(4, dtype=torch.float64)

    def add(self, prediction: torch.Tensor, label: torch.Tensor) -> None:
        """Count a batch: prediction (N, H, W) bool, label (N, H, W) integers 0, 1 or 255, both on one device."""
        valid, road = label != IGNORE_ROAD, label == 1
        hits, false, missed = (prediction & road).sum(), (prediction & valid & ~road).sum(), (~prediction & road).sum()
        counts = torch.stack([hits, false, missed, valid.sum() - hits - false - missed])
        self._counts += counts.to("cpu").to(torch.float64)

    def figures(self) -> dict[str, float]:
        """Return ``accuracy`` (share of right pixels), ``miou`` (mean IoU of the classes present) and ``dice`` of road."""
        hits, false, missed, empty = self._counts.tolist()
        total = hits + false + missed + empty
        ious = [right / (right + false + missed) for right in (hits, empty) if right + false + missed > 0]
        around = 2 * hits + false + missed
        return {
            "accuracy": (hits + empty) / total if total else 0.0,
            "miou": sum(ious) / len(ious) if ious else 0.0,
            "dice": 2 * hits / around if around else 0.0,
        }
