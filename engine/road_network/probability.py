"""What the pixels of a road raster mean: classes, a mask, or probabilities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..raster.grid import Window, WorkingGrid
from ..raster.road_values import PROBABILITY, is_road, probability_of, road_kind
from ..raster.source import RasterSource
from ..reporter import Reporter


@dataclass(frozen=True)
class RoadRaster:
    """A raster of roads open for reading, with the meaning of its pixels.

    Attributes:
        kind: ``classified`` (1 is road), ``mask`` (255 is road, as public data sets have it) or ``probability``.
        threshold: probability at which a pixel is road; unused for the other kinds.
    """

    source: RasterSource
    grid: WorkingGrid
    kind: str
    threshold: float

    def read(self, window: Window) -> tuple[np.ndarray, np.ndarray, int]:
        """Read a window that may reach over the raster's edge, where the raster is mirrored.

        Mirrored, a road that leaves the raster keeps its direction and its centre line reaches the edge; cut off, the centre
        line would fork and end half a road's width before it. (albu and cannab pad for the same reason.)

        Returns:
            Road (height, width) bool, probability 0–1 (height, width) float32, and how many pixels inside hold data.

        Raises:
            EngineError: the file is damaged, or holds what no probability can be.
        """
        inside = window.clipped(self.grid.height, self.grid.width)
        pixels, valid = self.source.read(self.grid, inside, nearest=True)
        road, probability = self._interpret(pixels[0], valid, inside)
        margins = (
            (inside.row - window.row, window.row + window.height - inside.row - inside.height),
            (inside.column - window.column, window.column + window.width - inside.column - inside.width),
        )
        if any(map(any, margins)):
            road, probability = (np.pad(each, margins, mode="reflect") for each in (road, probability))
        return road, probability, int(np.count_nonzero(valid))

    def _interpret(self, pixels: np.ndarray, valid: np.ndarray, window: Window) -> tuple[np.ndarray, np.ndarray]:
        if self.kind != PROBABILITY:
            road = valid & is_road(pixels, self.kind)
            return road, road.astype(np.float32)
        probability = probability_of(pixels, valid, f"The raster {self.source.path}", window)
        return valid & (probability >= np.float32(self.threshold)), probability


def open_road_raster(source: RasterSource, threshold: float, reporter: Reporter) -> RoadRaster:
    """Find out what the raster means, by its tag if it has one, else by its values (read once, block by block).

    Raises:
        EngineError: the values are neither classes 0 and 1, nor a mask of 0 and 255, nor probabilities.
    """
    return RoadRaster(source, source.grid(), road_kind(source, f"The raster {source.path}", threshold, reporter), threshold)
