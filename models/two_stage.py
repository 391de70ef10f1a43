"""Two networks in one: the first makes a probability map, the second mends it (Li, Comer and Zerubia 2022)."""

from __future__ import annotations

import math
from typing import Any

import torch

from .cunet import CUnet
from .network import RoadNetwork, RoadOutputs


class TwoStageNetwork(RoadNetwork):
    """A road network whose map a ``CUnet`` refines. Only that learns: the first network stays as it is.

    Args:
        first: any other road network. refinement: of as many bands. arguments: from which the registry builds the same again.

    Attributes:
        first, refinement: the two.
    """

    default_loss = "key_pixels"

    def __init__(self, first: RoadNetwork, refinement: CUnet, arguments: dict[str, Any]) -> None:
        super().__init__(**arguments)
        self.first, self.refinement = first, refinement
        self.size_multiple = math.lcm(first.size_multiple, refinement.size_multiple)
        for parameter in first.parameters():
            parameter.requires_grad_(False)
        first.eval()

    def train(self, mode: bool = True) -> TwoStageNetwork:
        """Put the refinement into training mode; the first network's statistics stay as they are."""
        super().train(mode)
        self.first.eval()
        return self

    @torch.no_grad()
    def first_map(self, images: torch.Tensor) -> torch.Tensor:
        """Return the first network's probability of road, (N, H, W) float32, for normalised images (N, bands, H, W)."""
        return self.first.road_probability(images)

    def forward(
        self, images: torch.Tensor, first: torch.Tensor | None = None, spoiling: torch.Tensor | None = None
    ) -> RoadOutputs:
        """Return the refined logits for normalised images (N, bands, H, W), and the map that was refined.

        Args:
            first: map to refine, (N, H, W), instead of the first network's own.
            spoiling: (N, H, W), -1..1: how much of the map's probability is taken away there (below 0), or of what it lacks
                to 1 is added (above), see ``spoiled``. For training alone.
        """
        probability = self.first_map(images) if first is None else first
        if spoiling is not None:
            probability = spoiled(probability, spoiling)
        return RoadOutputs(self.refinement(images, probability), first=probability)


def spoiled(probability: torch.Tensor, spoiling: torch.Tensor) -> torch.Tensor:
    """Return p·(1 + s) where the spoiling s is negative, p + s·(1 - p) where it is positive."""
    return probability * (1.0 + spoiling.clamp(max=0.0)) + spoiling.clamp(min=0.0) * (1.0 - probability)
