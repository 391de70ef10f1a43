"""The prediction as the scores see it: road or not at the threshold, and each pixel's class of probability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..raster.grid import Window, WorkingGrid
from ..raster.road_values import CLASSIFIED, PROBABILITY, is_road, probability_of, road_kind
from ..raster.source import RasterSource
from ..reporter import Reporter
from .pixel_counts import STEPS


@dataclass(frozen=True)
class Prediction:
    """A road raster open for reading.

    Attributes:
        name: what messages call it.
        kind: ``classified`` (1 is road), ``mask`` (255 is road) or ``probability``. threshold: unused but for the last.
    """

    source: RasterSource
    name: str
    grid: WorkingGrid
    kind: str
    threshold: float

    @property
    def has_probability(self) -> bool:
        """Whether other thresholds can be tried."""
        return self.kind == PROBABILITY

    def read(self, window: Window) -> tuple[np.ndarray, np.ndarray | None, np.ndarray]:
        """Return road at the threshold (bool), class of probability (uint8, None for classes) and known (bool) of a window.

        Raises:
            EngineError: the file is damaged, or holds what no probability can be.
        """
        pixels, known = self.source.read(self.grid, window, nearest=True)
        values = pixels[0]
        if self.kind == PROBABILITY:
            probability = probability_of(values, known, f"The prediction {self.name}", window)
            step = np.minimum(probability * np.float32(STEPS), np.float32(STEPS - 1)).astype(np.uint8)
            return known & (probability >= np.float32(self.threshold)), step, known
        if self.kind == CLASSIFIED and self.source.dtype == np.uint8:
            known = known & (values != 255)  # nodata that the file does not declare
        return known & is_road(values, self.kind), None, known


def open_prediction(source: RasterSource, name: str, threshold: float, reporter: Reporter) -> Prediction:
    """Find out what the raster means; ``name``: what messages call it.

    Raises:
        EngineError: the values are neither classes 0 and 1, nor a mask of 0 and 255, nor probabilities; or the threshold is none.
    """
    return Prediction(source, name, source.grid(), road_kind(source, f"The prediction {name}", threshold, reporter), threshold)
