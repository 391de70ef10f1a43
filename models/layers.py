"""Pieces that several networks are made of."""

from __future__ import annotations

import math

import torch
from torch import nn

#: Spread of a last layer's weights: small, so that training starts from "undecided" rather than from random certainty.
SCORE_STD = 0.05


def check_range(name: str, value: int, low: int, high: int) -> int:
    """Return ``value``; packages come from anyone, and some sizes would keep the computer busy for ever.

    Raises:
        ValueError: it is no whole number from ``low`` to ``high``.
    """
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise ValueError(f"{name} cannot be {value!r}: choose a whole number from {low} to {high}")
    return value


def crop(x: torch.Tensor, size: tuple[int, ...]) -> torch.Tensor:
    """Cut what upsampling an odd size, or padding, added at the lower and right edge; ``size`` is the height and width kept."""
    return x[..., : size[0], : size[1]]


def half(size: tuple[int, int]) -> tuple[int, int]:
    """Return height and width after a step of two: ceil(size / 2)."""
    return (size[0] + 1) // 2, (size[1] + 1) // 2


def pad_to_multiple(images: torch.Tensor, multiple: int) -> torch.Tensor:
    """Mirror images (N, bands, H, W) at the lower and right edge until both sides are a multiple of ``multiple`` pixels.

    The mirror image is mirrored again where it is too short, which ``functional.pad`` refuses.
    """
    rows, columns = (_mirrored(size, multiple, images.device) for size in images.shape[-2:])
    if len(rows) != images.shape[-2]:
        images = images.index_select(-2, rows)
    return images if len(columns) == images.shape[-1] else images.index_select(-1, columns)


def _mirrored(size: int, multiple: int, device: torch.device) -> torch.Tensor:
    """Return the source position of every padded position: 0 1 2 1 0 1 2 … for a size of 3."""
    period = max(2 * (size - 1), 1)
    position = torch.arange(math.ceil(size / multiple) * multiple, device=device) % period
    return torch.minimum(position, period - position) if size > 1 else torch.zeros_like(position)


class DecoderBlock(nn.Module):
    """Double the size: 1×1 to a quarter of the channels, 3×3 transposed, 1×1 to ``out_channels``; BN and ReLU after each.

    The block of LinkNet (Chaurasia and Culurciello 2017).
    """

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


def initialise_by_fan_out(network: nn.Module) -> None:
    """Draw convolution weights from N(0, 2 / (k² · out)), biases 0: as the multi-task networks of Batra et al. are.

    Of a convolution in groups, out is that of one group.
    """
    for module in network.modules():
        if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
            _draw(module, module.kernel_size[0] * module.kernel_size[1] * module.out_channels // module.groups)


def initialise_by_fan_in(network: nn.Module) -> None:
    """Draw convolution weights from N(0, 2 / inputs of one output value), biases 0 (He et al. 2015).

    It keeps the strength of a signal through many layers without batch normalisation; torch's own default lets it fade.
    """
    for module in network.modules():
        if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
            inputs = module.kernel_size[0] * module.kernel_size[1] * module.in_channels
            # of a transposed convolution's kernel, each output value meets one part in stride²
            shared = module.stride[0] * module.stride[1] if isinstance(module, nn.ConvTranspose2d) else 1
            _draw(module, max(1, inputs // shared))


def _draw(module: nn.Conv2d | nn.ConvTranspose2d, fan: int) -> None:
    nn.init.normal_(module.weight, 0.0, math.sqrt(2.0 / fan))
    if module.bias is not None:
        nn.init.zeros_(module.bias)


class ThinningConvolution(nn.Conv2d):
    """A 1×1 convolution with a stride, as skips past strided layers use it: the same as ``Conv2d``, in two steps.

    PyTorch's CPU backend (2.13) writes past its memory in the backward pass of the one step, for few channels in channels-last
    order. Taking every second pixel first costs nothing.
    """

    def __init__(self, in_channels: int, out_channels: int, stride: int, bias: bool = True) -> None:
        super().__init__(in_channels, out_channels, 1, bias=bias)
        self._step = stride

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return (N, out, ceil(H / stride), ceil(W / stride)) for (N, in, H, W)."""
        return super().forward(x[..., :: self._step, :: self._step])
