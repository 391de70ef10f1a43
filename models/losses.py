"""Losses of the joint training of road mask and road orientation (Batra et al. 2019), blind to ignored pixels."""

from __future__ import annotations

import torch
from torch.nn import functional

from .network import RoadOutputs

#: Road label of pixels that count nowhere (no imagery).
IGNORE_ROAD = 255
#: Orientation label of the same pixels. Not 255: with narrow bins that is a direction.
IGNORE_ORIENTATION = -1


def soft_iou_loss(logits: torch.Tensor, label: torch.Tensor) -> torch.Tensor:
    """Return the negative mean over images and classes of Σ p·y / Σ (p + y - p·y), a scalar in -1..0.

    Args:
        logits: (N, 2, H, W).
        label: (N, H, W) integers, 0 background, 1 road, 255 ignored: such pixels enter neither sum.
    """
    valid = (label != IGNORE_ROAD).unsqueeze(1)
    probability = logits.float().softmax(dim=1) * valid
    truth = torch.stack([label == 0, label == 1], dim=1).float()
    both = (probability * truth).sum(dim=(2, 3))
    either = probability.sum(dim=(2, 3)) + truth.sum(dim=(2, 3)) - both
    return -(both / either.clamp_min(1e-6)).mean()


def orientation_loss(logits: torch.Tensor, label: torch.Tensor) -> torch.Tensor:
    """Return the mean cross-entropy over the pixels that are not ignored, 0 if all are.

    Args:
        logits: (N, K, H, W).
        label: (N, H, W) int64, 0..K-1, or -1 for ignored pixels.
    """
    total = functional.cross_entropy(logits.float(), label, ignore_index=IGNORE_ORIENTATION, reduction="sum")
    return total / (label != IGNORE_ORIENTATION).sum().clamp_min(1)


def joint_loss(outputs: RoadOutputs, road: torch.Tensor, orientation: torch.Tensor) -> torch.Tensor:
    """Return soft-IoU loss of the mask plus cross-entropy of the orientation, equal weights; see the two for shapes."""
    return soft_iou_loss(outputs.road, road) + orientation_loss(outputs.orientation, orientation)
