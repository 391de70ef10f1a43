"""The moving average of the weights: smoother than the weights of any step, and as a rule better on images never seen."""

from __future__ import annotations

import copy

import torch

from ...models.network import RoadNetwork


class WeightAverage:
    """An exponential moving average of a network's weights and batch norm statistics (Polyak and Juditsky 1992).

    Early on, when the weights still change much, it forgets faster: after n steps by no less than 9 / (n + 10) a step.

    Args:
        network: on its device; it stays as it is.
        decay: share of the average that stays in a step, 0..1; 0.999 averages over about a thousand steps.

    Attributes:
        network: a copy of the network with the averaged weights, in evaluation mode. steps: averaged so far.
    """

    def __init__(self, network: RoadNetwork, decay: float) -> None:
        self.network = copy.deepcopy(network).requires_grad_(False).eval()
        self.steps = 0
        self._decay = decay

    @torch.no_grad()
    def update(self, network: RoadNetwork) -> None:
        """Add the network's weights of now; what is no fraction (counters) is taken over."""
        share = 1.0 - min(self._decay, (1 + self.steps) / (10 + self.steps))
        self.steps += 1
        for mean, now in zip(self.network.state_dict().values(), network.state_dict().values()):
            if mean.is_floating_point():
                mean.lerp_(now, share)
            else:
                mean.copy_(now)
