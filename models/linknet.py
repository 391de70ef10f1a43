"""LinkNet for road mask and road orientation: Batra et al., "Improved road connectivity by joint learning of orientation and
segmentation", CVPR 2019; decoder of Chaurasia and Culurciello, LinkNet, 2017. Written from the structure they describe.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import nn

from .layers import SCORE_STD, DecoderBlock, crop, half, initialise_by_fan_out
from .network import RoadNetwork, RoadOutputs, road_logit
from .resnet import ResNetEncoder

_HEAD_WIDTH = 32
_ROAD_CLASSES = 2


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
        x = crop(self.decoder4(deepest), sixteenth.shape[-2:]) + sixteenth
        x = crop(self.decoder3(x), eighth.shape[-2:]) + eighth
        x = crop(self.decoder2(x), quarter.shape[-2:]) + quarter
        x = crop(self.decoder1(x), half(size))
        x = self.relu(self.final_deconv1(x))
        x = self.relu(self.final_conv2(x))
        return crop(self.final_conv3(x), size)


class LinkNetMultiTask(RoadNetwork):
    """A shared ResNet encoder and two separate decoders, for the road mask and for the road's orientation.

    Args:
        backbone: one of ``resnet.BACKBONES``.
        bands: bands of the images.
        orientation_classes: direction bins and one class for "no road": 19 for bins of 20°, 37 for 10°.
        width: channels of the encoder's first stage; ImageNet weights fit 64.
    """

    size_multiple = 32
    has_orientation = True
    default_loss = "multitask"

    def __init__(
        self, backbone: str = "resnet34", bands: int = 3, orientation_classes: int = 19, width: int = 64
    ) -> None:
        super().__init__(backbone=backbone, bands=bands, orientation_classes=orientation_classes, width=width)
        self.encoder = ResNetEncoder(backbone, bands, width)
        self.road = LinkNetDecoder(self.encoder.channels, _ROAD_CLASSES)
        self.orientation = LinkNetDecoder(self.encoder.channels, orientation_classes)
        initialise_by_fan_out(self)
        for decoder in (self.road, self.orientation):
            nn.init.normal_(decoder.final_conv3.weight, 0.0, SCORE_STD)

    def forward(self, images: torch.Tensor) -> RoadOutputs:
        """Return the logits for normalised images (N, bands, H, W) of any size from 32 pixels."""
        size = (images.shape[-2], images.shape[-1])
        features = self.encoder(images)
        return RoadOutputs(self.road(features, size), self.orientation(features, size))

    def road_probability(self, images: torch.Tensor) -> torch.Tensor:
        """As in the base class, without the orientation decoder, which costs a third of the time."""
        size = (images.shape[-2], images.shape[-1])
        return road_logit(self.road(self.encoder(images), size)).sigmoid()

    def encoder_parameters(self) -> Iterator[nn.Parameter]:
        """Return the ResNet's parameters."""
        return self.encoder.parameters()
