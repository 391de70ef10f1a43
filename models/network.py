"""What every road network offers, whatever its architecture."""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import nn


class RoadOutputs(NamedTuple):
    """Raw scores of a network for a batch of N images of H × W pixels.

    Attributes:
        road: (N, 2, H, W) logits of background and road.
        orientation: (N, K, H, W) logits of the direction bins, the last class being "no road here".
    """

    road: torch.Tensor
    orientation: torch.Tensor


class RoadNetwork(nn.Module):
    """Base of the road networks.

    Attributes:
        arguments: constructor arguments, plain JSON values, from which a model package builds the network again.
        size_multiple: image sides that are a multiple of this need no cropping inside the network, pixels.
    """

    size_multiple: int = 1

    def __init__(self, **arguments: Any) -> None:
        super().__init__()
        self.arguments: dict[str, Any] = arguments

    def forward(self, images: torch.Tensor) -> RoadOutputs:
        """Return the logits for normalised images (N, bands, H, W)."""
        raise NotImplementedError

    def road_probability(self, images: torch.Tensor) -> torch.Tensor:
        """Return the probability of road, (N, H, W) float32 in 0..1, for normalised images (N, bands, H, W)."""
        return self(images).road.float().softmax(dim=1)[:, 1]
