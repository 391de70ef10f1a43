"""What the export asks of labels, whether they come from features or from a raster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ...raster.grid import Window
from ..label_classes import LabelClass
from ..statistics import RangeAccumulator
from .lattice import Frame


@dataclass(frozen=True)
class FeatureNotes:
    """Ids of features that were repaired, had no usable geometry, no width of their own, or no class."""

    mended: frozenset[int] = frozenset()
    unusable: frozenset[int] = frozenset()
    without_width: frozenset[int] = frozenset()
    without_class: frozenset[int] = frozenset()

    def joined(self, other: FeatureNotes) -> FeatureNotes:
        """Return what either notes."""
        return FeatureNotes(
            self.mended | other.mended, self.unusable | other.unusable, self.without_width | other.without_width,
            self.without_class | other.without_class,
        )


class Labels(Protocol):
    """The labels of one block of chips."""

    notes: FeatureNotes

    def label(self, frame: Frame) -> np.ndarray:
        """Return the chip's label, (height, width) uint8: class value, 0 background, 255 unknown. Do not write to it."""

    def sizes(self, frame: Frame, label: np.ndarray) -> dict[int, RangeAccumulator]:
        """Return per class in the chip what ``ClassFigures.sizes`` gathers."""


class LabelSource(Protocol):
    """Where labels come from. Safe to use from threads."""

    from_features: bool
    classes: list[LabelClass]

    def check_overlap(self, area: Window) -> None:
        """Raise an ``EngineError`` if there is no label in ``area``."""

    def within(self, window: Window, reach: Window) -> Labels:
        """Return the labels of a block; ``window`` holds its straight chips, ``reach`` all of them."""
