"""SegNet: Badrinarayanan, Kendall and Cipolla, "SegNet: a deep convolutional encoder-decoder architecture for image
segmentation", 2017. Written from the structure they describe.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import nn
from torch.nn import functional

from .layers import SCORE_STD, check_range, initialise_by_fan_in
from .network import RoadNetwork, RoadOutputs

#: Convolutions of the five stages, and their widths as multiples of the first: the 13 convolutions of VGG-16.
_DEPTHS = (2, 2, 3, 3, 3)
_FACTORS = (1, 2, 4, 8, 8)


def _stage(channels: list[int]) -> nn.Sequential:
    """3×3 convolutions from width to width, each with batch normalisation and ReLU."""
    layers: list[nn.Module] = []
    for before, after in zip(channels, channels[1:]):
        layers += [nn.Conv2d(before, after, 3, padding=1), nn.BatchNorm2d(after), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers)


class SegNet(RoadNetwork):
    """VGG-16's convolutions, and the same backwards; road only, one logit.

    Each pooling remembers where its maxima were, and the decoder puts its values back there: that is its only skip.

    Args:
        bands: bands of the images.
        width: channels of the first stage; 64 as published.
    """

    size_multiple = 32

    def __init__(self, bands: int = 3, width: int = 64) -> None:
        super().__init__(bands=bands, width=width)
        check_range("the width", width, 1, 1024)
        widths = [width * factor for factor in _FACTORS]
        self.encoder = nn.ModuleList(
            _stage([before] + [after] * depth) for before, after, depth in zip([bands, *widths], widths, _DEPTHS)
        )
        mirrored = [[after] * depth + [before] for before, after, depth in zip([width, *widths], widths, _DEPTHS)]
        mirrored[0].pop()  # the last convolution of all gives the scores
        self.decoder = nn.ModuleList(_stage(channels) for channels in reversed(mirrored))
        self.score = nn.Conv2d(width, 1, 3, padding=1)
        initialise_by_fan_in(self)
        nn.init.normal_(self.score.weight, 0.0, SCORE_STD)

    def forward(self, images: torch.Tensor) -> RoadOutputs:
        """Return the logit of road for normalised images (N, bands, H, W) of any size."""
        x, pooled = images, []
        for stage in self.encoder:
            x = stage(x)
            size = x.shape[-2:]
            x, places = functional.max_pool2d(x, (2, 2), ceil_mode=True, return_indices=True)
            pooled.append((places, size))
        for stage, (places, size) in zip(self.decoder, reversed(pooled)):
            x = stage(functional.max_unpool2d(x, places, (2, 2), output_size=size))
        return RoadOutputs(self.score(x))

    def encoder_parameters(self) -> Iterator[nn.Parameter]:
        """Return the parameters of the thirteen convolutions before the decoder."""
        return self.encoder.parameters()
