"""ResNet encoders (He et al. 2016) with torchvision's parameter names, so that its ImageNet weights load by name.

The average pool and the classifier are left out. In the bottleneck the 3×3 convolution carries the stride, as in
torchvision's weights ("v1.5").
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import nn

from .layers import ThinningConvolution, check_range


def _norm_shortcut(in_channels: int, out_channels: int, stride: int) -> nn.Sequential | None:
    if stride == 1 and in_channels == out_channels:
        return None
    return nn.Sequential(ThinningConvolution(in_channels, out_channels, stride, bias=False), nn.BatchNorm2d(out_channels))


class BasicBlock(nn.Module):
    """Two 3×3 convolutions and a skip: the unit of ResNet-18 and 34. (N, in, H, W) to (N, width, H/stride, W/stride)."""

    expansion = 1

    def __init__(self, in_channels: int, width: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = _norm_shortcut(in_channels, width, stride)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Apply the block."""
        skip = x if self.downsample is None else self.downsample(x)
        x = self.relu(self.bn1(self.conv1(x)))
        return self.relu(self.bn2(self.conv2(x)) + skip)


class Bottleneck(nn.Module):
    """1×1, 3×3, 1×1 convolutions and a skip: the unit of ResNet-50, 101 and 152; puts out four times its width."""

    expansion = 4

    def __init__(self, in_channels: int, width: int, stride: int) -> None:
        super().__init__()
        out_channels = width * self.expansion
        self.conv1 = nn.Conv2d(in_channels, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, out_channels, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(out_channels)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = _norm_shortcut(in_channels, out_channels, stride)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Apply the block."""
        skip = x if self.downsample is None else self.downsample(x)
        x = self.relu(self.bn1(self.conv1(x)))
        x = self.relu(self.bn2(self.conv2(x)))
        return self.relu(self.bn3(self.conv3(x)) + skip)


#: Block and number of blocks in each of the four stages.
_LAYOUTS: dict[str, tuple[type[BasicBlock] | type[Bottleneck], tuple[int, int, int, int]]] = {
    "resnet18": (BasicBlock, (2, 2, 2, 2)),
    "resnet34": (BasicBlock, (3, 4, 6, 3)),
    "resnet50": (Bottleneck, (3, 4, 6, 3)),
    "resnet101": (Bottleneck, (3, 4, 23, 3)),
    "resnet152": (Bottleneck, (3, 8, 36, 3)),
}

BACKBONES = tuple(_LAYOUTS)


class ResNetEncoder(nn.Module):
    """Image to features at 1/4, 1/8, 1/16 and 1/32 of its size.

    Args:
        name: one of ``BACKBONES``.
        bands: input channels; torchvision's weights fit 3.
        width: channels of the first stage, doubled in each further one; torchvision's weights fit 64.

    Attributes:
        name: as given.
        channels: widths of the four outputs, e.g. (64, 128, 256, 512).
    """

    first_convolution = "conv1.weight"
    #: torchvision's classifier.
    classifier = frozenset({"fc.weight", "fc.bias"})
    weights_advice = "with torchvision's parameter names"

    def __init__(self, name: str, bands: int = 3, width: int = 64) -> None:
        super().__init__()
        if name not in _LAYOUTS:
            raise ValueError(f"there is no backbone '{name}': choose one of {', '.join(BACKBONES)}")
        self.name = name
        self._block, depths = _LAYOUTS[name]
        first, second, third, fourth = (check_range("the width", width, 4, 1024) * factor for factor in (1, 2, 4, 8))
        self.conv1 = nn.Conv2d(bands, first, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(first)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        self.layer1 = self._stage(first, first, depths[0], 1)
        self.layer2 = self._stage(first * self._block.expansion, second, depths[1], 2)
        self.layer3 = self._stage(second * self._block.expansion, third, depths[2], 2)
        self.layer4 = self._stage(third * self._block.expansion, fourth, depths[3], 2)
        self.channels = tuple(each * self._block.expansion for each in (first, second, third, fourth))

    def _stage(self, in_channels: int, width: int, depth: int, stride: int) -> nn.Sequential:
        rest = (self._block(width * self._block.expansion, width, 1) for _ in range(depth - 1))
        return nn.Sequential(self._block(in_channels, width, stride), *rest)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return the features of images (N, bands, H, W), finest first; each side is ceil(size / 4, 8, 16, 32)."""
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        quarter = self.layer1(x)
        eighth = self.layer2(quarter)
        sixteenth = self.layer3(eighth)
        return quarter, eighth, sixteenth, self.layer4(sixteenth)

    @staticmethod
    def own_names(tensors: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """Return a file's tensors under the names used here, which are torchvision's."""
        return dict(tensors)
