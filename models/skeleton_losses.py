"""Losses that look at the middle of roads, so that a gap costs more than a ragged edge.

Soft clDice: Shit et al., "clDice – a novel topology-preserving loss function for tubular structure segmentation", CVPR 2021.
Skeleton recall: Kirchhoff et al., "Skeleton recall loss for connectivity conserving and resource efficient segmentation of thin
tubular structures", ECCV 2024. Both take probability and truth as (N, H, W) float, 0 where pixels are ignored.
"""

from __future__ import annotations

import torch
from torch.nn import functional

from .shared_batch import batch_sums

#: Keeps the ratios defined where there is no road; the value of both references.
_SMOOTH = 1.0
#: Growth of the truth's skeleton to a tube, pixels to each side.
_TUBE = 2


def _shrink(x: torch.Tensor) -> torch.Tensor:
    """Smallest value in the 4-neighbourhood of each pixel."""
    rows = -functional.max_pool2d(-x, (3, 1), 1, (1, 0))
    columns = -functional.max_pool2d(-x, (1, 3), 1, (0, 1))
    return torch.minimum(rows, columns)


def _grow(x: torch.Tensor) -> torch.Tensor:
    """Largest value in the 4-neighbourhood of each pixel."""
    return torch.maximum(functional.max_pool2d(x, (3, 1), 1, (1, 0)), functional.max_pool2d(x, (1, 3), 1, (0, 1)))


def soft_skeleton(probability: torch.Tensor, steps: int) -> torch.Tensor:
    """Return the soft skeleton, (N, H, W) in 0..1: what opening takes away, collected while the image is eroded ``steps`` times.

    Of a mask of zeros and ones it is one of zeros and ones.
    """
    if not len(probability):  # a process without a chip; pooling refuses nothing
        return probability
    x = probability
    skeleton = (x - functional.max_pool2d(_shrink(x), 3, 1, 1)).relu()
    for _ in range(steps):
        x = _shrink(x)
        ridge = (x - functional.max_pool2d(_shrink(x), 3, 1, 1)).relu()
        skeleton = skeleton + (ridge - skeleton * ridge).relu()
    return skeleton


def cldice_loss(probability: torch.Tensor, truth: torch.Tensor, steps: int) -> torch.Tensor:
    """Return 1 - clDice over the batch: harmonic mean of how far each one's skeleton lies in the other's mask."""
    found, real = soft_skeleton(probability, steps), soft_skeleton(truth, steps)
    found_true, all_found, real_found, all_real = batch_sums(
        (found * truth).sum(), found.sum(), (real * probability).sum(), real.sum()
    )
    precision = (found_true + _SMOOTH) / (all_found + _SMOOTH)
    recall = (real_found + _SMOOTH) / (all_real + _SMOOTH)
    return 1.0 - 2.0 * precision * recall / (precision + recall)


def skeleton_recall_loss(probability: torch.Tensor, truth: torch.Tensor, steps: int) -> torch.Tensor:
    """Return 1 - the share of the truth's skeleton that is found, over the batch.

    The authors thin the truth beforehand, one pixel wide, and grow it twice. Here its soft skeleton takes that place, so that it
    needs no further target and runs on the device; it is grown by the same two pixels, and lies within the road as theirs does.
    """
    tube = soft_skeleton(truth, steps)
    for _ in range(_TUBE if len(tube) else 0):
        tube = _grow(tube)
    tube = tube * truth
    found, real = batch_sums((probability * tube).sum(), tube.sum())
    return 1.0 - (found + _SMOOTH) / (real + _SMOOTH)
