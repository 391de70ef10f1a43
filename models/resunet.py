"""Deep residual U-Net: Zhang, Liu and Wang, "Road extraction by deep residual U-Net", IEEE GRSL 2018 (ResUnet).
Written from the structure they describe.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import torch
from torch import nn
from torch.nn import functional

from .layers import SCORE_STD, ThinningConvolution, check_range, crop, initialise_by_fan_in
from .network import RoadNetwork, RoadOutputs


class ResidualUnit(nn.Module):
    """Two 3×3 convolutions, each after batch normalisation and ReLU, and a 1×1 convolution past both (He et al. 2016b).

    (N, in, H, W) to (N, out, ceil(H / stride), ceil(W / stride)).

    Args:
        activate: whether normalisation and ReLU come before the first convolution; not where the input is the image.
    """

    def __init__(self, in_channels: int, out_channels: int, stride: int = 1, activate: bool = True) -> None:
        super().__init__()
        self.norm1 = nn.BatchNorm2d(in_channels) if activate else None
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1)
        self.norm2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1)
        self.shortcut = ThinningConvolution(in_channels, out_channels, stride)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Apply the unit."""
        y = x if self.norm1 is None else self.norm1(x).relu()
        y = self.norm2(self.conv1(y)).relu()
        return self.conv2(y) + self.shortcut(x)


class ResUNet(RoadNetwork):
    """Three residual units down, one as a bridge, three up with concatenated skips; road only, one logit.

    Args:
        bands: bands of the images.
        width: channels of the first unit; 64 as published.
    """

    size_multiple = 8

    def __init__(self, bands: int = 3, width: int = 64) -> None:
        super().__init__(bands=bands, width=width)
        first, second, third, deepest = (check_range("the width", width, 1, 1024) * factor for factor in (1, 2, 4, 8))
        self.down1 = ResidualUnit(bands, first, activate=False)
        self.down2 = ResidualUnit(first, second, stride=2)
        self.down3 = ResidualUnit(second, third, stride=2)
        self.bridge = ResidualUnit(third, deepest, stride=2)
        self.up3 = ResidualUnit(deepest + third, third)
        self.up2 = ResidualUnit(third + second, second)
        self.up1 = ResidualUnit(second + first, first)
        self.score = nn.Conv2d(first, 1, 1)
        initialise_by_fan_in(self)
        nn.init.normal_(self.score.weight, 0.0, SCORE_STD)

    def forward(self, images: torch.Tensor) -> RoadOutputs:
        """Return the logit of road for normalised images (N, bands, H, W) of any size."""
        whole = self.down1(images)
        half = self.down2(whole)
        quarter = self.down3(half)
        x = self.up3(_join(self.bridge(quarter), quarter))
        x = self.up2(_join(x, half))
        x = self.up1(_join(x, whole))
        return RoadOutputs(self.score(x))

    def encoder_parameters(self) -> Iterator[nn.Parameter]:
        """Return the parameters of the three units down and the bridge."""
        return chain.from_iterable(each.parameters() for each in (self.down1, self.down2, self.down3, self.bridge))


def _join(deep: torch.Tensor, skip: torch.Tensor) -> torch.Tensor:
    """Double the size of ``deep`` and put ``skip`` beside it. Nearest, whose gradient is the same on every run of a GPU."""
    doubled = crop(functional.interpolate(deep, scale_factor=2, mode="nearest"), skip.shape[-2:])
    return torch.cat([doubled, skip], dim=1)
