"""What a network is to learn from a label: the road mask and the road's orientation, at every scale it predicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..errors import EngineError
from .gaussian_mask import KEY_POINT_RADIUS, REFERENCE_THRESHOLD, gaussian_masks, half_width
from .orientation import orientation_labels

_MOST_SCALES = 3


@dataclass(frozen=True)
class TargetSettings:
    """Which targets to make, and how.

    Attributes:
        scales: 1 for the full size alone; 3 for the hourglass, which also predicts at 1/2 and 1/4.
        orientation: whether the network predicts orientation at all.
        bin_size: degrees per class of orientation. theta: half-width of the band around a centre line, pixels of each scale.
        gaussian_sigma: above 0 the labels are taken for centre lines, see ``gaussian_mask``; pixels of the full size.
        gaussian_threshold: where the Gaussian ridge is cut; higher means thinner roads.

    Raises:
        EngineError: a figure is out of range.
    """

    scales: int = 1
    orientation: bool = True
    bin_size: float = 20.0
    theta: float = 8.0
    gaussian_sigma: float = 0.0
    gaussian_threshold: float = REFERENCE_THRESHOLD

    def __post_init__(self) -> None:
        problems = [
            (not 1 <= self.scales <= _MOST_SCALES, f"{self.scales} scales: choose 1 to {_MOST_SCALES}"),
            (not 1 <= self.bin_size <= 180, f"orientation bins of {self.bin_size:g}°: choose between 1 and 180"),
            (not 0 < self.theta < 1000, f"an orientation band of {self.theta:g} pixels: choose a few pixels"),
        ]
        for wrong, text in problems:
            if wrong:
                raise EngineError(f"Training cannot use {text}.")
        if self.gaussian_sigma != 0:
            half_width(self.gaussian_sigma, self.gaussian_threshold)


class ChipTargets(NamedTuple):
    """Targets of one chip; index k is the scale 1 / 2^k, (ceil(H / 2^k), ceil(W / 2^k)).

    Attributes:
        road: uint8, 0 background, 1 road, 255 ignored.
        orientation: int64 classes, -1 ignored; empty without orientation.
    """

    road: tuple[np.ndarray, ...]
    orientation: tuple[np.ndarray, ...]


def make_targets(label: np.ndarray, settings: TargetSettings) -> ChipTargets:
    """Return the targets of a label (height, width) uint8, after all augmentation: flips and turns change directions."""
    lines = label
    if settings.gaussian_sigma > 0:
        radius = half_width(settings.gaussian_sigma, settings.gaussian_threshold)
        label, lines = gaussian_masks(label, (radius, KEY_POINT_RADIUS))
    steps = range(settings.scales)
    road = tuple(reduce_label(label, scale) for scale in steps)
    if not settings.orientation:
        return ChipTargets(road, ())
    orientation = tuple(
        orientation_labels(reduce_label(lines, scale), settings.bin_size, settings.theta, scale) for scale in steps
    )
    return ChipTargets(road, orientation)


def reduce_label(label: np.ndarray, scale: int) -> np.ndarray:
    """Return the label at 1 / 2^scale of its size, rounded up: the nearest pixel, as strided convolutions see it.

    For sizes that are a multiple of 2^scale this is nearest-neighbour resizing as image libraries do it.
    """
    return np.ascontiguousarray(label[:: 2**scale, :: 2**scale])
