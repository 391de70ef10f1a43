"""D-LinkNet: Zhou, Zhang and Wu, "D-LinkNet: LinkNet with pretrained encoder and dilated convolution for high resolution
satellite imagery road extraction", CVPR Workshops 2018. Written from the structure they describe.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import nn

from .layers import SCORE_STD, DecoderBlock, check_range, crop, half, initialise_by_fan_out
from .network import RoadNetwork, RoadOutputs
from .resnet import ResNetEncoder

_HEAD_WIDTH = 32


class DilatedCentre(nn.Module):
    """3×3 convolutions with dilation 1, 2, 4, … one after the other, and the sum of the input and of all their outputs.

    Cascade and parallel branches at once: with four, fields of view of 3, 7, 15 and 31 pixels. Neither size nor width change.
    """

    def __init__(self, channels: int, convolutions: int) -> None:
        super().__init__()
        self.dilated = nn.ModuleList(
            nn.Conv2d(channels, channels, 3, dilation=2**step, padding=2**step) for step in range(convolutions)
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(N, channels, H, W) to the same shape."""
        total = x
        for convolution in self.dilated:
            x = convolution(x).relu()
            total = total + x
        return total


class DLinkNet(RoadNetwork):
    """A ResNet encoder, dilated convolutions at its deepest point and LinkNet's decoder; road only, one logit.

    Args:
        backbone: one of ``resnet.BACKBONES``; published with ResNet-34, 50 and 101.
        bands: bands of the images.
        dilated_convolutions: 4 or 5; None for the authors' choice, 4 on ResNet-18 and 34, 5 on deeper ones.
        width: channels of the encoder's first stage; ImageNet weights fit 64.
    """

    size_multiple = 32

    def __init__(
        self, backbone: str = "resnet34", bands: int = 3, dilated_convolutions: int | None = None, width: int = 64
    ) -> None:
        encoder = ResNetEncoder(backbone, bands, width)
        if dilated_convolutions is None:
            dilated_convolutions = 4 if encoder.channels[-1] == 8 * width else 5  # the bottlenecks of deeper ResNets are wider
        check_range("the number of dilated convolutions", dilated_convolutions, 1, 6)
        super().__init__(backbone=backbone, bands=bands, dilated_convolutions=dilated_convolutions, width=width)
        self.encoder = encoder
        quarter, eighth, sixteenth, deepest = encoder.channels
        self.centre = DilatedCentre(deepest, dilated_convolutions)
        self.decoder4 = DecoderBlock(deepest, sixteenth)
        self.decoder3 = DecoderBlock(sixteenth, eighth)
        self.decoder2 = DecoderBlock(eighth, quarter)
        self.decoder1 = DecoderBlock(quarter, quarter)
        self.final_deconv1 = nn.ConvTranspose2d(quarter, _HEAD_WIDTH, 4, 2, 1)
        self.final_conv2 = nn.Conv2d(_HEAD_WIDTH, _HEAD_WIDTH, 3, padding=1)
        self.final_conv3 = nn.Conv2d(_HEAD_WIDTH, 1, 3, padding=1)
        initialise_by_fan_out(self)
        nn.init.normal_(self.final_conv3.weight, 0.0, SCORE_STD)

    def forward(self, images: torch.Tensor) -> RoadOutputs:
        """Return the logit of road for normalised images (N, bands, H, W) of any size from 32 pixels."""
        size = (images.shape[-2], images.shape[-1])
        quarter, eighth, sixteenth, deepest = self.encoder(images)
        x = self.centre(deepest)
        x = crop(self.decoder4(x), sixteenth.shape[-2:]) + sixteenth
        x = crop(self.decoder3(x), eighth.shape[-2:]) + eighth
        x = crop(self.decoder2(x), quarter.shape[-2:]) + quarter
        x = crop(self.decoder1(x), half(size))
        x = self.final_deconv1(x).relu()
        x = self.final_conv2(x).relu()
        return RoadOutputs(crop(self.final_conv3(x), size))

    def encoder_parameters(self) -> Iterator[nn.Parameter]:
        """Return the ResNet's parameters."""
        return self.encoder.parameters()
