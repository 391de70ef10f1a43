"""U-Net: Ronneberger, Fischer and Brox 2015, in the deep and narrow form that road extraction uses (seven poolings from eight
channels: Zhou et al. 2018 compare D-LinkNet with it; "UNet8" and "UNet32" of Li, Comer and Zerubia 2022).
Written from the structure they describe.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import torch
from torch import nn
from torch.nn import functional

from .layers import SCORE_STD, check_range, crop, initialise_by_fan_in, pad_to_multiple
from .network import RoadNetwork, RoadOutputs


def _double_convolution(in_channels: int, out_channels: int, norm: bool) -> nn.Sequential:
    """Two 3×3 convolutions, each with ReLU, and batch normalisation before it if ``norm``."""
    layers: list[nn.Module] = []
    for channels in (in_channels, out_channels):
        layers.append(nn.Conv2d(channels, out_channels, 3, padding=1))
        if norm:
            layers.append(nn.BatchNorm2d(out_channels))
        layers.append(nn.ReLU(inplace=True))
    return nn.Sequential(*layers)


class UNet(RoadNetwork):
    """Contracting and expanding path of double convolutions, joined by concatenation; road only, one logit.

    "7-layer U-Net with first width df" can be read in three ways; all are here. A (the published code of Zhou et al.): seven
    poolings, ``n_pool=7``. B: seven levels, ``n_pool=6``. C: three down, bottom, three up, ``n_pool=3``.
    UNet8 as published is ``base=8, n_pool=7, max_width=None, norm=None``. The default is UNet32 in reading A, its
    width capped at 512 (58 instead of 632 million parameters) and with batch normalisation, which training from scratch needs.

    Args:
        bands: bands of the images.
        base: channels of the first level, doubled in each further one.
        n_pool: poolings.
        max_width: most channels a level may have; None for no limit.
        norm: ``bn`` for batch normalisation, None for none.
    """

    def __init__(
        self, bands: int = 3, base: int = 32, n_pool: int = 7, max_width: int | None = 512, norm: str | None = "bn"
    ) -> None:
        super().__init__(bands=bands, base=base, n_pool=n_pool, max_width=max_width, norm=norm)
        check_range("the first width", base, 1, 1024)
        check_range("the number of poolings", n_pool, 1, 8)
        if max_width is not None:
            check_range("the largest width", max_width, base, 2**18)
        if norm not in (None, "bn"):
            raise ValueError(f"there is no normalisation {norm!r}: choose 'bn' or None")
        self.size_multiple = 2**n_pool
        widths = [min(base * 2**level, max_width or base * 2**level) for level in range(n_pool + 1)]
        with_norm = norm == "bn"
        self.down = nn.ModuleList(
            _double_convolution(before, width, with_norm) for before, width in zip([bands, *widths], widths[:-1])
        )
        self.centre = _double_convolution(widths[-2], widths[-1], with_norm)
        rising = list(zip(widths[:0:-1], widths[-2::-1]))
        self.upsample = nn.ModuleList(nn.ConvTranspose2d(deep, width, 4, 2, 1, bias=False) for deep, width in rising)
        self.up = nn.ModuleList(_double_convolution(2 * width, width, with_norm) for _, width in rising)
        self.score = nn.Conv2d(base, 1, 3, padding=1)
        initialise_by_fan_in(self)
        nn.init.normal_(self.score.weight, 0.0, SCORE_STD)

    def forward(self, images: torch.Tensor) -> RoadOutputs:
        """Return the logit of road for normalised images (N, bands, H, W) of any size; they are mirrored to a multiple."""
        size = (images.shape[-2], images.shape[-1])
        x = pad_to_multiple(images, self.size_multiple)
        skips = []
        for level in self.down:
            x = level(x)
            skips.append(x)
            x = functional.max_pool2d(x, 2)
        x = self.centre(x)
        for upsample, level, skip in zip(self.upsample, self.up, reversed(skips)):
            x = level(torch.cat([upsample(x).relu(), skip], dim=1))
        return RoadOutputs(crop(self.score(x), size))

    def encoder_parameters(self) -> Iterator[nn.Parameter]:
        """Return the parameters of the contracting path and the centre."""
        return chain(self.down.parameters(), self.centre.parameters())
