"""EfficientNet-Lite encoders: Tan and Le, "EfficientNet: Rethinking model scaling for convolutional neural networks", ICML 2019,
in the form for small processors that its authors published in 2020 (no squeeze-and-excitation, ReLU6, stem not widened).

Written from the table of layers. Parameters are named as in the PyTorch files of the converted ImageNet weights, but for the
underscores these begin with. Convolutions of stride two are padded as TensorFlow does it, below and to the right first, because
the weights were learned so.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

import torch
from torch import nn
from torch.nn import functional

#: Of TensorFlow's batch normalisation in these networks.
_EPSILON = 1e-3
_STEM = 32


class _Stage(NamedTuple):
    """A row of the table (Tan and Le 2019, table 1)."""

    repeats: int
    kernel: int
    stride: int
    expansion: int
    channels: int


_STAGES = (
    _Stage(1, 3, 1, 1, 16), _Stage(2, 3, 2, 6, 24), _Stage(2, 5, 2, 6, 40), _Stage(3, 3, 2, 6, 80), _Stage(3, 5, 1, 6, 112),
    _Stage(4, 5, 2, 6, 192), _Stage(1, 3, 1, 6, 320),
)
#: Factors of width and depth of Lite0, Lite1 and Lite2.
_SCALES = ((1.0, 1.0), (1.0, 1.1), (1.1, 1.2))
SIZES = len(_SCALES)


def _widened(channels: int, factor: float) -> int:
    """Return the channels times the factor, a multiple of eight, and not less than nine tenths of it."""
    wanted = channels * factor
    rounded = max(8, int(wanted + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * wanted else rounded


def _halving_pad(x: torch.Tensor, kernel: int) -> torch.Tensor:
    """Pad images of even sides for a convolution of stride two, as TensorFlow's "same"."""
    before, after = (kernel - 2) // 2, (kernel - 1) // 2
    return functional.pad(x, (before, after, before, after))


class InvertedResidual(nn.Module):
    """1×1 to ``expansion`` times the channels, depthwise k×k, 1×1 to ``out_channels``; skip where the shape stays.

    (N, in, H, W) to (N, out, H / stride, W / stride).
    """

    def __init__(self, in_channels: int, out_channels: int, kernel: int, stride: int, expansion: int) -> None:
        super().__init__()
        middle = in_channels * expansion
        self._expands, self._kernel, self._halves = expansion != 1, kernel, stride == 2
        self._skips = stride == 1 and in_channels == out_channels
        if self._expands:
            self.expand_conv = nn.Conv2d(in_channels, middle, 1, bias=False)
            self.bn0 = nn.BatchNorm2d(middle, _EPSILON)
        padding = 0 if self._halves else kernel // 2
        self.depthwise_conv = nn.Conv2d(middle, middle, kernel, stride, padding, groups=middle, bias=False)
        self.bn1 = nn.BatchNorm2d(middle, _EPSILON)
        self.project_conv = nn.Conv2d(middle, out_channels, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels, _EPSILON)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Apply the block."""
        y = functional.relu6(self.bn0(self.expand_conv(x)), inplace=True) if self._expands else x
        y = _halving_pad(y, self._kernel) if self._halves else y
        y = functional.relu6(self.bn1(self.depthwise_conv(y)), inplace=True)
        y = self.bn2(self.project_conv(y))
        return x + y if self._skips else y


class EfficientNetLiteEncoder(nn.Module):
    """Image to features at 1/2, 1/4, 1/8, 1/16 and 1/32 of its size.

    Args:
        size: 0, 1 or 2, of Lite0 to Lite2.
        bands: input channels; published weights fit 3.

    Attributes:
        name: of the network whose weights fit. channels: widths of the five outputs, (16, 24, 40, 112, 320) for Lite0.
    """

    first_convolution = "conv_stem.weight"
    #: What published files hold beyond the encoder: the last 1×1 convolution and the classifier.
    classifier = frozenset(
        {"conv_head.weight", "fc.weight", "fc.bias", "bn1.weight", "bn1.bias", "bn1.running_mean", "bn1.running_var",
         "bn1.num_batches_tracked"}
    )
    weights_advice = "with the parameter names of efficientnet_lite_pytorch"

    def __init__(self, size: int = 0, bands: int = 3) -> None:
        super().__init__()
        if size not in range(SIZES):
            raise ValueError(f"there is no EfficientNet-Lite {size!r}: choose a size from 0 to {SIZES - 1}")
        self.name = f"efficientnet_lite{size}"
        width, depth = _SCALES[size]
        self.conv_stem = nn.Conv2d(bands, _STEM, 3, 2, bias=False)
        self.bn0 = nn.BatchNorm2d(_STEM, _EPSILON)
        self.blocks = nn.ModuleList()
        channels, last_blocks, widths = _STEM, [], []
        for number, stage in enumerate(_STAGES):
            if stage.stride == 2:
                last_blocks.append(len(self.blocks) - 1)
                widths.append(channels)
            # first and last stage are never deepened
            repeats = stage.repeats if number in (0, len(_STAGES) - 1) else math.ceil(stage.repeats * depth)
            for repeat in range(repeats):
                wider = _widened(stage.channels, width)
                self.blocks.append(
                    InvertedResidual(channels, wider, stage.kernel, 1 if repeat else stage.stride, stage.expansion)
                )
                channels = wider
        self._last_blocks = (*last_blocks, len(self.blocks) - 1)
        self.channels = (*widths, channels)

    def forward(self, x: torch.Tensor) -> list[torch.Tensor]:
        """Return the features of images (N, bands, H, W), both sides multiples of 32, finest first."""
        x = functional.relu6(self.bn0(self.conv_stem(_halving_pad(x, 3))), inplace=True)
        features = []
        for number, block in enumerate(self.blocks):
            x = block(x)
            if number in self._last_blocks:
                features.append(x)
        return features

    @staticmethod
    def own_names(tensors: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """Return a file's tensors under the names used here."""
        return {".".join(part.lstrip("_") for part in name.split(".")): each for name, each in tensors.items()}
