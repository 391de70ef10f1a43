"""What training minimises: losses of road mask and road orientation, blind to ignored pixels.

Of a batch that several processes share each computes the loss of the whole: sums over pixels or chips are ``batch_sums``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch.nn import functional

from .network import RoadOutputs, road_logit
from .shared_batch import batch_mean, batch_sums
from .skeleton_losses import cldice_loss, skeleton_recall_loss

#: Road label of pixels that count nowhere (no imagery).
IGNORE_ROAD = 255
#: Orientation label of the same pixels. Not 255: with narrow bins that is a direction.
IGNORE_ORIENTATION = -1

#: What the road mask is measured by. ``multitask``: soft IoU (Batra et al. 2019). ``bce_dice``: binary cross-entropy plus Dice
#: over the batch (Zhou et al. 2018). ``weighted_bce_dice``: the same, road pixels weighing ``positive_weight`` in the entropy.
LOSS_KINDS = ("multitask", "bce_dice", "weighted_bce_dice")
#: ``bce_dice`` for networks in two stages: pixels weigh ``key_pixel_weight`` in the entropy where the first stage suspects road
#: (Li, Comer and Zerubia 2022, equations 1 to 4).
KEY_PIXELS = "key_pixels"


class Targets(NamedTuple):
    """The truth for a batch of N chips, at each scale k: 0 the chip's size, 1 half, 2 a quarter (ceil(size / 2**k)).

    Attributes:
        road: (N, h, w) uint8 each: 0 background, 1 road, 255 ignored.
        orientation: (N, h, w) int64 each: direction bin, the last class for "no road", -1 ignored; empty if not learned.
    """

    road: tuple[torch.Tensor, ...]
    orientation: tuple[torch.Tensor, ...] = ()


@dataclass(frozen=True)
class LossSettings:
    """Which losses are added up.

    Attributes:
        kind: one of ``LOSS_KINDS``, or ``KEY_PIXELS``.
        positive_weight: weight of road pixels, in ``weighted_bce_dice`` alone; published values are 2 to 6, higher the rarer
            the roads.
        cldice: share (0 to 1, published up to 0.5) of soft clDice in the region term (soft IoU or Dice); 0 leaves it out.
        skeleton_recall: weight of skeleton recall (published 1.0), added; 0 leaves it out.
        skeleton_steps: thinning steps of these two, at least half the widest road in pixels (10 in clDice's reference).
        key_pixel_threshold, key_pixel_weight: pixels with a higher first probability than this are key pixels, and weigh so
            much, in ``key_pixels`` alone (published: 0.05 and 1.03).
        min_sample_iou: chips whose first map has a lower IoU are not learned from, see ``worth_learning`` (published: 0.25).

    Raises:
        ValueError: one of them is none of these.
    """

    kind: str = "multitask"
    positive_weight: float = 1.0
    cldice: float = 0.0
    skeleton_recall: float = 0.0
    skeleton_steps: int = 10
    key_pixel_threshold: float = 0.05
    key_pixel_weight: float = 1.03
    min_sample_iou: float = 0.25

    def __post_init__(self) -> None:
        if self.kind not in (*LOSS_KINDS, KEY_PIXELS):
            raise ValueError(f"there is no loss '{self.kind}': choose one of {', '.join(LOSS_KINDS)}")
        if not (math.isfinite(self.positive_weight) and self.positive_weight > 0):
            raise ValueError(f"the weight of road pixels cannot be {self.positive_weight}: choose a number above 0")
        if not 0 <= self.cldice <= 1:
            raise ValueError(f"the share of clDice cannot be {self.cldice}: choose a number from 0 to 1")
        if not (math.isfinite(self.skeleton_recall) and self.skeleton_recall >= 0):
            raise ValueError(f"the weight of skeleton recall cannot be {self.skeleton_recall}: choose 0 or more")
        if self.skeleton_steps < 1:
            raise ValueError(f"the skeleton cannot take {self.skeleton_steps} steps: choose 1 or more")
        if not 0 <= self.key_pixel_threshold < 1:
            raise ValueError(f"the threshold of key pixels cannot be {self.key_pixel_threshold}: choose 0 or more, below 1")
        if not (math.isfinite(self.key_pixel_weight) and self.key_pixel_weight > 0):
            raise ValueError(f"the weight of key pixels cannot be {self.key_pixel_weight}: choose a number above 0")
        if not 0 <= self.min_sample_iou < 1:
            raise ValueError(f"the least IoU of a sample cannot be {self.min_sample_iou}: choose 0 or more, below 1")


def training_loss(outputs: RoadOutputs, targets: Targets, settings: LossSettings) -> torch.Tensor:
    """Return the loss of a batch, a scalar: road loss plus orientation cross-entropy, equal weights, summed over all scales.

    Pixels ignored in the targets change neither the loss nor a gradient. The two skeleton losses look at the whole size alone:
    at a quarter of it a road is hardly wider than its skeleton.

    Raises:
        ValueError: the network predicts at a scale for which there are no targets, or key pixels of a network in one stage.
    """
    weight = None
    if settings.kind == KEY_PIXELS:
        if outputs.first is None:
            raise ValueError("the loss 'key_pixels' needs a network in two stages")
        weight = key_pixel_weights(outputs.first, settings)
    total = _road_loss(outputs.road, targets.road[0], settings, with_skeleton=True, pixel_weight=weight)
    for each in outputs.coarse:
        if each.scale >= len(targets.road):
            raise ValueError(f"the network predicts at 1/{2**each.scale} of the size, for which there is no road target")
        total = total + _road_loss(each.road, targets.road[each.scale], settings, with_skeleton=False)
    if not targets.orientation:
        return total
    for scale, logits in [(0, outputs.orientation), *((each.scale, each.orientation) for each in outputs.coarse)]:
        if logits is None:
            continue
        if scale >= len(targets.orientation):
            raise ValueError(f"the network predicts at 1/{2**scale} of the size, for which there is no orientation target")
        total = total + orientation_loss(logits, targets.orientation[scale])
    return total


def key_pixel_weights(first: torch.Tensor, settings: LossSettings) -> torch.Tensor:
    """Return the weight of every pixel, (N, H, W) float32: w where the first map (N, H, W) exceeds δ, else 1."""
    heavy = first.new_tensor(settings.key_pixel_weight, dtype=torch.float32)
    return torch.where(first > settings.key_pixel_threshold, heavy, torch.ones_like(heavy))


def worth_learning(first: torch.Tensor, label: torch.Tensor, least: float) -> torch.Tensor:
    """Return which chips the first network understood well enough for a second one to mend its map, bool (N,).

    Those are the chips whose first map, cut at 0.5, has an IoU of road of at least ``least``, and those without any road, where
    only false roads can be unlearned and an IoU says nothing.

    Args:
        first: (N, H, W) probability. label: (N, H, W), 0, 1, or 255 ignored.
    """
    found, road = (first >= 0.5) & (label != IGNORE_ROAD), label == 1
    both, either = ((found & road).sum(dim=(1, 2)), (found | road).sum(dim=(1, 2)))
    return (both >= least * either) | ~road.any(dim=2).any(dim=1)


def _road_loss(
    scores: torch.Tensor, label: torch.Tensor, settings: LossSettings, with_skeleton: bool,
    pixel_weight: torch.Tensor | None = None,
) -> torch.Tensor:
    """Return the road loss at one scale."""
    valid = label != IGNORE_ROAD
    # a constant where ignored: whatever the network says there, even no number at all, reaches nothing
    logit = road_logit(scores).masked_fill(~valid, 0.0)
    probability, truth = logit.sigmoid() * valid, (label == 1).float()
    if settings.kind == "multitask":
        region, loss = _soft_iou(probability, truth, valid), logit.new_zeros(())
    else:
        weight = settings.positive_weight if settings.kind == "weighted_bce_dice" else 1.0
        region, loss = batch_dice_loss(probability, truth), _cross_entropy(logit, truth, valid, weight, pixel_weight)
    if with_skeleton and settings.cldice:
        topology = cldice_loss(probability, truth, settings.skeleton_steps)
        region = (1.0 - settings.cldice) * region + settings.cldice * topology
    loss = loss + region
    if with_skeleton and settings.skeleton_recall:
        loss = loss + settings.skeleton_recall * skeleton_recall_loss(probability, truth, settings.skeleton_steps)
    return loss


def soft_iou_loss(logits: torch.Tensor, label: torch.Tensor) -> torch.Tensor:
    """Return the negative mean over images and classes of Σ p·y / Σ (p + y - p·y), a scalar in -1..0.

    Args:
        logits: (N, 2, H, W), or (N, 1, H, W) logit of road.
        label: (N, H, W) integers, 0 background, 1 road, 255 ignored: such pixels enter neither sum.
    """
    return _road_loss(logits, label, LossSettings("multitask"), with_skeleton=False)


def _soft_iou(probability: torch.Tensor, truth: torch.Tensor, valid: torch.Tensor) -> torch.Tensor:
    """As ``soft_iou_loss``, from the road's probability and truth (N, H, W), 0 where ignored."""
    classes = [(probability, truth), ((1.0 - probability) * valid, (1.0 - truth) * valid)]
    overlap = torch.stack([(p * y).sum(dim=(1, 2)) for p, y in classes])
    union = torch.stack([p.sum(dim=(1, 2)) + y.sum(dim=(1, 2)) for p, y in classes]) - overlap
    return -batch_mean(overlap / union.clamp_min(1e-6))


def batch_dice_loss(probability: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    """Return 1 - 2 Σ p·y / (Σ p + Σ y), the sums over the whole batch; 1, without a gradient, where there is no road at all.

    Args:
        probability: of road, (N, H, W), 0 where ignored.
        truth: (N, H, W) float, 1 road, 0 elsewhere.
    """
    both, found, real = batch_sums((probability * truth).sum(), probability.sum(), truth.sum())
    return 1.0 - 2.0 * both / (found + real).clamp_min(1e-6)


def _cross_entropy(
    logit: torch.Tensor, truth: torch.Tensor, valid: torch.Tensor, positive_weight: float, pixel_weight: torch.Tensor | None
) -> torch.Tensor:
    """Return the mean binary cross-entropy over the valid pixels, 0 if there are none; road weighs ``positive_weight``.

    The sum is weighted, the number of pixels that it is divided by is not, as in the paper of the key pixels.
    """
    road_weight = None if positive_weight == 1.0 else logit.new_tensor(positive_weight)
    weight = valid.float() if pixel_weight is None else valid * pixel_weight
    total = functional.binary_cross_entropy_with_logits(logit, truth, weight, pos_weight=road_weight, reduction="sum")
    total, count = batch_sums(total, valid.sum())
    return total / count.clamp_min(1)


def orientation_loss(logits: torch.Tensor, label: torch.Tensor) -> torch.Tensor:
    """Return the mean cross-entropy over the pixels that are not ignored, 0 if all are.

    Args:
        logits: (N, K, H, W).
        label: (N, H, W) int64, 0..K-1, or -1 for ignored pixels.
    """
    total = functional.cross_entropy(logits.float(), label, ignore_index=IGNORE_ORIENTATION, reduction="sum")
    total, count = batch_sums(total, (label != IGNORE_ORIENTATION).sum())
    return total / count.clamp_min(1)
