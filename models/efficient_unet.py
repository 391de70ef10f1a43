"""A road network for ordinary computers: an EfficientNet-Lite encoder, dilated convolutions at its deepest point (after
D-LinkNet, Zhou et al. 2018), the decoder of a U-Net (Ronneberger et al. 2015) with nearest upsampling, and a sub-pixel last layer
(Shi et al. 2016), so that nothing is computed at the image's full size.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import nn
from torch.nn import functional

from .efficientnet_lite import EfficientNetLiteEncoder
from .layers import SCORE_STD, check_range, crop, initialise_by_fan_out, pad_to_multiple
from .network import RoadNetwork, RoadOutputs

#: Channels of the decoder's levels, deepest first, in units of half the last one's.
_LEVELS = (12, 6, 4, 3, 2)
_DILATIONS = (1, 2, 4, 8)


def _convolution(in_channels: int, out_channels: int, kernel: int = 3, dilation: int = 1) -> nn.Sequential:
    """A convolution that keeps the size, batch normalisation and ReLU."""
    return nn.Sequential(
        nn.Conv2d(in_channels, out_channels, kernel, padding=dilation * (kernel // 2), dilation=dilation, bias=False),
        nn.BatchNorm2d(out_channels), nn.ReLU(inplace=True),
    )


class EfficientUNet(RoadNetwork):
    """Encoder, dilated centre, decoder; road only, one logit.

    Args:
        bands: bands of the images.
        size: of the encoder, 0 to 2 (EfficientNet-Lite0 to 2).
        width: channels of the decoder's last level, an even number; deeper ones have up to six times as many.
    """

    size_multiple = 32

    def __init__(self, bands: int = 3, size: int = 0, width: int = 32) -> None:
        super().__init__(bands=bands, size=size, width=width)
        check_range("the width", width, 2, 1024)
        if width % 2:
            raise ValueError(f"the width cannot be {width}: choose an even number")
        self.encoder = EfficientNetLiteEncoder(size, bands)
        *skips, deepest = self.encoder.channels
        levels = [factor * width // 2 for factor in _LEVELS]
        self.narrow = _convolution(deepest, levels[0], kernel=1)
        self.dilated = nn.ModuleList(_convolution(levels[0], levels[0], dilation=dilation) for dilation in _DILATIONS)
        self.up = nn.ModuleList(
            nn.Sequential(_convolution(before + skip, after), _convolution(after, after))
            for before, skip, after in zip(levels, reversed(skips), levels[1:])
        )
        self.score = nn.Conv2d(levels[-1], 4, 3, padding=1)
        initialise_by_fan_out(self)
        nn.init.normal_(self.score.weight, 0.0, SCORE_STD)

    def forward(self, images: torch.Tensor) -> RoadOutputs:
        """Return the logit of road for normalised images (N, bands, H, W) of any size; they are mirrored to a multiple."""
        size = (images.shape[-2], images.shape[-1])
        *skips, x = self.encoder(pad_to_multiple(images, self.size_multiple))
        x = self.narrow(x)
        total = x
        for convolution in self.dilated:
            x = convolution(x)
            total = total + x
        x = total
        for level, skip in zip(self.up, reversed(skips)):
            x = level(torch.cat([functional.interpolate(x, scale_factor=2.0, mode="nearest"), skip], 1))
        return RoadOutputs(crop(functional.pixel_shuffle(self.score(x), 2), size))

    def encoder_parameters(self) -> Iterator[nn.Parameter]:
        """Return the parameters of the EfficientNet."""
        return self.encoder.parameters()
