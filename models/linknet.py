"""LinkNet for road mask and road orientation: Batra et al., "Improved road connectivity by joint learning of orientation and
segmentation", CVPR 2019; decoder of Chaurasia and Culurciello, LinkNet, 2017. Written from the structure they describe.
"""

from __future__ import annotations

import math

import torch
from torch import nn

from .network import RoadNetwork, RoadOutputs
from .resnet import ResNetEncoder

_HEAD_WIDTH = 32
_ROAD_CLASSES = 2
#: Spread of the last layer's weights: small, so that training starts from "undecided" rather than from random certainty.
_SCORE_STD = 0.05


def _crop(x: torch.Tensor, size: tuple[int, ...]) -> torch.Tensor:
    """Cut what upsampling an odd size added at the lower and right edge."""
    return x[..., : size[0], : size[1]]


class DecoderBlock(nn.Module):
    """Double the size: 1×1 to a quarter of the channels, 3×3 transposed, 1×1 to ``out_channels``; BN and ReLU after each."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        narrow = in_channels // 4
        self.conv1 = nn.Conv2d(in_channels, narrow, 1)
        self.norm1 = nn.BatchNorm2d(narrow)
        self.deconv2 = nn.ConvTranspose2d(narrow, narrow, 3, 2, 1, output_padding=1)
        self.norm2 = nn.BatchNorm2d(narrow)
        self.conv3 = nn.Conv2d(narrow, out_channels, 1)
        self.norm3 = nn.BatchNorm2d(out_channels)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(N, in, H, W) to (N, out, 2H, 2W)."""
        x = self.relu(self.norm1(self.conv1(x)))
        x = self.relu(self.norm2(self.deconv2(x)))
        return self.relu(self.norm3(self.conv3(x)))


class LinkNetDecoder(nn.Module):
    """Features to scores: four blocks with additive skips, then a head without padding that ends at the image's size.

    Args:
        channels: widths of the encoder's four outputs, finest first.
        classes: scores per pixel.
    """

    def __init__(self, channels: tuple[int, ...], classes: int) -> None:
        super().__init__()
        quarter, eighth, sixteenth, deepest = channels
        self.decoder4 = DecoderBlock(deepest, sixteenth)
        self.decoder3 = DecoderBlock(sixteenth, eighth)
        self.decoder2 = DecoderBlock(eighth, quarter)
        self.decoder1 = DecoderBlock(quarter, quarter)
        self.final_deconv1 = nn.ConvTranspose2d(quarter, _HEAD_WIDTH, 3, 2)
        self.final_conv2 = nn.Conv2d(_HEAD_WIDTH, _HEAD_WIDTH, 3)
        self.final_conv3 = nn.Conv2d(_HEAD_WIDTH, classes, 2, padding=1)
        self.relu = nn.LeakyReLU(0.2, inplace=True)

    def forward(self, features: tuple[torch.Tensor, ...], size: tuple[int, int]) -> torch.Tensor:
        """Return (N, classes, H, W) scores; ``size`` is the image's H, W."""
        quarter, eighth, sixteenth, deepest = features
        x = _crop(self.decoder4(deepest), sixteenth.shape[-2:]) + sixteenth
        x = _crop(self.decoder3(x), eighth.shape[-2:]) + eighth
        x = _crop(self.decoder2(x), quarter.shape[-2:]) + quarter
        x = _crop(self.decoder1(x), ((size[0] + 1) // 2, (size[1] + 1) // 2))
        x = self.relu(self.final_deconv1(x))
        x = self.relu(self.final_conv2(x))
        return _crop(self.final_conv3(x), size)


class LinkNetMultiTask(RoadNetwork):
    """A shared ResNet encoder and two separate decoders, for the road mask and for the road's orientation.

    Args:
        backbone: one of ``resnet.BACKBONES``.
        bands: bands of the images.
        orientation_classes: direction bins and one class for "no road": 19 for bins of 20°, 37 for 10°.
    """

    size_multiple = 32

    def __init__(self, backbone: str = "resnet34", bands: int = 3, orientation_classes: int = 19) -> None:
        super().__init__(backbone=backbone, bands=bands, orientation_classes=orientation_classes)
        self.encoder = ResNetEncoder(backbone, bands)
        self.road = LinkNetDecoder(self.encoder.channels, _ROAD_CLASSES)
        self.orientation = LinkNetDecoder(self.encoder.channels, orientation_classes)
        self._initialise()

    def _initialise(self) -> None:
        """Draw convolution weights from N(0, 2 / (k² · out)), as the reference does; batch norm starts at 1 and 0."""
        for module in self.modules():
            if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
                fan_out = module.kernel_size[0] * module.kernel_size[1] * module.out_channels
                nn.init.normal_(module.weight, 0.0, math.sqrt(2.0 / fan_out))
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
        for decoder in (self.road, self.orientation):
            nn.init.normal_(decoder.final_conv3.weight, 0.0, _SCORE_STD)

    def forward(self, images: torch.Tensor) -> RoadOutputs:
        """Return the logits for normalised images (N, bands, H, W) of any size from 32 pixels."""
        size = (images.shape[-2], images.shape[-1])
        features = self.encoder(images)
        return RoadOutputs(self.road(features, size), self.orientation(features, size))

    def road_probability(self, images: torch.Tensor) -> torch.Tensor:
        """As in the base class, without the orientation decoder, which costs a third of the time."""
        size = (images.shape[-2], images.shape[-1])
        return self.road(self.encoder(images), size).float().softmax(dim=1)[:, 1]
