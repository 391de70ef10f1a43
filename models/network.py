"""What every road network offers, whatever its architecture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import torch
from torch import nn


class ScaleOutputs(NamedTuple):
    """Raw scores at a fraction of the image's size, which training learns from as well.

    Attributes:
        scale: 1 for half the size, 2 for a quarter: ceil(H / 2**scale) × ceil(W / 2**scale) pixels.
        road, orientation: as in ``RoadOutputs``.
    """

    scale: int
    road: torch.Tensor
    orientation: torch.Tensor | None


class RoadOutputs(NamedTuple):
    """Raw scores of a network for a batch of N images of H × W pixels.

    Attributes:
        road: (N, 2, H, W) logits of background and road (softmax), or (N, 1, H, W) logit of road (sigmoid).
        orientation: (N, K, H, W) logits of the direction bins, the last class being "no road here"; None where the network
            has no such task.
        coarse: predictions at smaller sizes, coarsest first.
        first: probability of road, (N, H, W) float32, that a first network made and this one refined; None for one stage.
    """

    road: torch.Tensor
    orientation: torch.Tensor | None = None
    coarse: tuple[ScaleOutputs, ...] = ()
    first: torch.Tensor | None = None


def road_logit(road: torch.Tensor) -> torch.Tensor:
    """Return the logit of road, (N, H, W) float32, from the scores (N, 2, H, W) or (N, 1, H, W) of a ``RoadOutputs``."""
    return road[:, 1].float() - road[:, 0].float() if road.shape[1] == 2 else road[:, 0].float()


class RoadNetwork(nn.Module):
    """Base of the road networks.

    Attributes:
        arguments: constructor arguments, plain JSON values, from which a model package builds the network again.
        size_multiple: image sides that are a multiple of this need no cropping inside the network, pixels.
        has_orientation: the network learns the direction of roads as well.
        scales: sizes at which it predicts: 1 for the image's alone, 3 for half and a quarter of it as well.
        default_loss: kind of ``losses.LossSettings`` with which its authors trained it.
    """

    size_multiple: int = 1
    has_orientation: bool = False
    scales: int = 1
    default_loss: str = "bce_dice"

    def __init__(self, **arguments: Any) -> None:
        super().__init__()
        self.arguments: dict[str, Any] = arguments

    def forward(self, images: torch.Tensor) -> RoadOutputs:
        """Return the logits for normalised images (N, bands, H, W)."""
        raise NotImplementedError

    def road_logit(self, outputs: RoadOutputs) -> torch.Tensor:
        """Return the logit of road, (N, H, W) float32; above 0 road is likelier than not."""
        return road_logit(outputs.road)

    def road_probability(self, images: torch.Tensor) -> torch.Tensor:
        """Return the probability of road, (N, H, W) float32 in 0..1, for normalised images (N, bands, H, W)."""
        return self.road_logit(self(images)).sigmoid()

    def encoder_parameters(self) -> Iterator[nn.Parameter]:
        """Return the parameters to hold still when only the rest is to learn; none where encoder and rest are interwoven.

        Worth freezing only if they learned something before: from ImageNet, or in an earlier training.
        """
        return iter(())
