"""Stacked hourglass for road mask and road orientation: Batra et al., "Improved road connectivity by joint learning of
orientation and segmentation", CVPR 2019; hourglass of Newell, Yang and Deng, ECCV 2016. Written from the structure they describe.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import nn
from torch.nn import functional

from .layers import SCORE_STD, DecoderBlock, check_range, crop, half, initialise_by_fan_out
from .network import RoadNetwork, RoadOutputs, ScaleOutputs

_ROAD_CLASSES = 2


class ResidualBlock(nn.Module):
    """Two 3×3 convolutions with batch normalisation and a skip; a bare 1×1 convolution fits the skip where widths differ."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.shortcut = None if in_channels == out_channels else nn.Conv2d(in_channels, out_channels, 1, bias=False)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(N, in, H, W) to (N, out, H, W)."""
        skip = x if self.shortcut is None else self.shortcut(x)
        x = self.relu(self.bn1(self.conv1(x)))
        return self.relu(self.bn2(self.conv2(x)) + skip)


def _sequence(width: int, blocks: int) -> nn.Sequential:
    return nn.Sequential(*(ResidualBlock(width, width) for _ in range(blocks)))


class HourglassLevel(nn.Module):
    """One scale of an hourglass, and the scales below it inside: down shared by both tasks, up separate for each.

    Args:
        depth: scales from here down.
    """

    def __init__(self, depth: int, width: int, blocks: int) -> None:
        super().__init__()
        self.skip = _sequence(width, blocks)
        self.down = _sequence(width, blocks)
        self.inner = HourglassLevel(depth - 1, width, blocks) if depth > 1 else None
        if self.inner is None:
            self.split_road, self.split_orientation = _sequence(width, blocks), _sequence(width, blocks)
        self.up_road, self.up_orientation = _sequence(width, blocks), _sequence(width, blocks)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """(N, width, H, W) to the features of the two tasks, the same shape each."""
        skip = self.skip(x)
        low = self.down(functional.max_pool2d(x, 2, ceil_mode=True))
        tasks = self.inner(low) if self.inner is not None else (self.split_road(low), self.split_orientation(low))
        road, orientation = self.up_road(tasks[0]), self.up_orientation(tasks[1])
        return _double(road, skip) + skip, _double(orientation, skip) + skip


def _double(x: torch.Tensor, like: torch.Tensor) -> torch.Tensor:
    return crop(functional.interpolate(x, scale_factor=2, mode="nearest"), like.shape[-2:])


class TaskHead(nn.Module):
    """After a stack, for one task: features, and scores at a quarter of the image's size."""

    def __init__(self, width: int, blocks: int, classes: int) -> None:
        super().__init__()
        self.residual = _sequence(width, blocks)
        self.features = nn.Sequential(nn.Conv2d(width, width, 1), nn.BatchNorm2d(width), nn.ReLU(inplace=True))
        self.score = nn.Conv2d(width, classes, 1)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return features (N, width, h, w) and scores (N, classes, h, w)."""
        x = self.features(self.residual(x))
        return x, self.score(x)


class FinalHead(nn.Module):
    """After the last stack, for one task: scores at half and at the whole size of the image."""

    def __init__(self, width: int, classes: int) -> None:
        super().__init__()
        self.decoder = DecoderBlock(width, width // 2)
        self.half_score = nn.Conv2d(width // 2, classes, 1)
        self.final_deconv1 = nn.ConvTranspose2d(width // 2, width // 4, 3, 2)
        self.final_conv2 = nn.Conv2d(width // 4, width // 4, 3)
        self.final_conv3 = nn.Conv2d(width // 4, classes, 2, padding=1)
        # the reference has plain ReLU here: without batch normalisation its units die in the first steps of the soft-IoU loss,
        # which pushes everything to background, and the whole-size mask stays empty; the slope is that of LinkNet's head
        self.relu = nn.LeakyReLU(0.2, inplace=True)

    def forward(self, x: torch.Tensor, size: tuple[int, int]) -> tuple[torch.Tensor, torch.Tensor]:
        """Return scores (N, classes, ceil(H / 2), ceil(W / 2)) and (N, classes, H, W); ``size`` is the image's H, W."""
        x = crop(self.decoder(x), half(size))
        halved = self.half_score(x)
        x = self.relu(self.final_deconv1(x))
        x = self.relu(self.final_conv2(x))
        return halved, crop(self.final_conv3(x), size)


class Feedback(nn.Module):
    """Between two stacks: what both tasks found goes back into the shared features."""

    def __init__(self, width: int, orientation_classes: int) -> None:
        super().__init__()
        channels = (width, _ROAD_CLASSES, width, orientation_classes)
        self.into = nn.ModuleList(nn.Conv2d(each, width, 1) for each in channels)

    def forward(self, x: torch.Tensor, *found: torch.Tensor) -> torch.Tensor:
        """Return ``x`` (N, width, h, w) plus road features and scores, orientation features and scores."""
        for convolution, each in zip(self.into, found):
            x = x + convolution(each)
        return x


class HourglassMultiTask(RoadNetwork):
    """Two hourglasses in a row, each predicting both tasks at 1/4 of the size; the second goes on to 1/2 and 1.

    Args:
        bands: bands of the images.
        orientation_classes: direction bins and one class for "no road": 19 for bins of 20°, 37 for 10°.
        stacks: hourglasses.
        width: channels, a multiple of 4.
        depth: poolings in an hourglass. blocks: residual blocks between them.
    """

    size_multiple = 32
    has_orientation = True
    scales = 3
    default_loss = "multitask"

    def __init__(
        self, bands: int = 3, orientation_classes: int = 19, stacks: int = 2, width: int = 128, depth: int = 3, blocks: int = 3
    ) -> None:
        super().__init__(
            bands=bands, orientation_classes=orientation_classes, stacks=stacks, width=width, depth=depth, blocks=blocks
        )
        check_range("the number of stacks", stacks, 1, 8)
        check_range("the width", width, 4, 2048)
        check_range("the depth", depth, 1, 6)
        check_range("the number of blocks", blocks, 1, 16)
        if width % 4:
            raise ValueError(f"the width cannot be {width}: choose a multiple of 4")
        self.size_multiple = 4 * 2**depth
        self.stem = nn.Sequential(
            nn.Conv2d(bands, width // 2, 7, 2, 3), nn.BatchNorm2d(width // 2), nn.ReLU(inplace=True),
            ResidualBlock(width // 2, width // 2), nn.MaxPool2d(2, ceil_mode=True),
            ResidualBlock(width // 2, width // 2), ResidualBlock(width // 2, width),
        )
        self.stacks = nn.ModuleList(HourglassLevel(depth, width, blocks) for _ in range(stacks))
        self.road = nn.ModuleList(TaskHead(width, blocks, _ROAD_CLASSES) for _ in range(stacks))
        self.orientation = nn.ModuleList(TaskHead(width, blocks, orientation_classes) for _ in range(stacks))
        self.feedback = nn.ModuleList(Feedback(width, orientation_classes) for _ in range(stacks - 1))
        self.final_road = FinalHead(width, _ROAD_CLASSES)
        self.final_orientation = FinalHead(width, orientation_classes)
        initialise_by_fan_out(self)
        for score in self._scores():
            nn.init.normal_(score.weight, 0.0, SCORE_STD)

    def _scores(self) -> Iterator[nn.Conv2d]:
        """The last layers, which draw the scores of every task and scale."""
        for head in (*self.road, *self.orientation):
            yield head.score
        for final in (self.final_road, self.final_orientation):
            yield from (final.half_score, final.final_conv3)

    def forward(self, images: torch.Tensor) -> RoadOutputs:
        """Return the logits for normalised images (N, bands, H, W) of any size, at 1/4 (one a stack), 1/2 and 1."""
        size = (images.shape[-2], images.shape[-1])
        x = self.stem(images)
        coarse = []
        for number, stack in enumerate(self.stacks):
            road, orientation = stack(x)
            road, road_score = self.road[number](road)
            orientation, orientation_score = self.orientation[number](orientation)
            coarse.append(ScaleOutputs(2, road_score, orientation_score))
            if number < len(self.feedback):
                x = self.feedback[number](x, road, road_score, orientation, orientation_score)
        half_road, whole_road = self.final_road(road, size)
        half_orientation, whole_orientation = self.final_orientation(orientation, size)
        coarse.append(ScaleOutputs(1, half_road, half_orientation))
        return RoadOutputs(whole_road, whole_orientation, tuple(coarse))
