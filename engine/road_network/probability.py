"""What the pixels of a road raster mean: classes, a mask, or probabilities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..errors import EngineError
from ..raster.grid import Window, WorkingGrid, tile_windows
from ..raster.source import RasterSource
from ..reporter import Reporter

#: Metadata item of the GeoTIFF by which our classifier says what it wrote: ``classified`` or ``probability``.
KIND_TAG = "ROADSMITH_KIND"
CLASSIFIED, PROBABILITY, MASK = "classified", "probability", "mask"

#: Highest value of a probability in uint8; 255 is nodata.
_SCALE = 254.0
#: With so few different values a raster holds classes, and nobody has said which of them is road.
_FEW_VALUES = 8
#: Rows and columns looked at in one go.
_BLOCK = 2048


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
            road = valid & (pixels == (255 if self.kind == MASK else 1))
            return road, road.astype(np.float32)
        probability = np.where(valid, pixels, 0).astype(np.float32)
        if pixels.dtype == np.uint8:
            probability = np.minimum(probability / np.float32(_SCALE), np.float32(1))
        elif probability.size and not (probability.min() >= -1e-3 and probability.max() <= 1 + 1e-3):
            raise EngineError(
                f"The raster {self.source.path} holds {probability.min():g} to {probability.max():g} at {window}, but "
                "probabilities run from 0 to 1: rescale it first, or give a classified raster."
            )
        return valid & (probability >= np.float32(self.threshold)), probability


def open_road_raster(source: RasterSource, threshold: float, reporter: Reporter) -> RoadRaster:
    """Find out what the raster means, by its tag if it has one, else by its values (read once, block by block).

    Raises:
        EngineError: the values are neither classes 0 and 1, nor a mask of 0 and 255, nor probabilities.
    """
    grid = source.grid()
    kind = source.dataset.tags().get(KIND_TAG, "").strip().lower()
    if kind not in (CLASSIFIED, PROBABILITY):
        kind = PROBABILITY
        if np.issubdtype(source.dtype, np.integer):
            kind = _kind_of_values(source, grid, reporter)
        elif not np.issubdtype(source.dtype, np.floating):
            raise EngineError(f"The raster {source.path} holds {source.dtype} numbers: neither classes nor probabilities.")
    elif kind == PROBABILITY and source.dtype != np.uint8 and not np.issubdtype(source.dtype, np.floating):
        raise EngineError(
            f"The raster {source.path} is marked as probabilities but holds {source.dtype} numbers; they must be uint8 or float."
        )
    if kind == PROBABILITY and not 0 < threshold <= 1:
        raise EngineError(f"The threshold is a probability above 0 and up to 1, not {threshold:g}.")
    return RoadRaster(source, grid, kind, threshold)


def _kind_of_values(source: RasterSource, grid: WorkingGrid, reporter: Reporter) -> str:
    """Return the kind of an integer raster; a 255 that is declared as nodata does not count."""
    values: set[int] = set()
    done = 0
    for window in tile_windows(grid.whole, _BLOCK, _BLOCK):
        pixels, valid = source.read(grid, window, nearest=True)
        seen = pixels[0][valid]
        # counting is much faster than sorting, and needs a small range
        values.update((np.flatnonzero(np.bincount(seen, minlength=256)) if seen.dtype == np.uint8 else np.unique(seen)).tolist())
        if len(values) > _FEW_VALUES:
            break
        done += window.height * window.width
        reporter.progress(done, grid.height * grid.width, done / 1e6, "Mpx")
    if values <= {0, 255} and 255 in values:
        return MASK
    if values <= {0, 1, 255}:  # 255 together with 1 is nodata that the file does not declare
        return CLASSIFIED
    if source.dtype == np.uint8 and (len(values) > _FEW_VALUES or len(values) < 3):
        return PROBABILITY
    few = ", ".join(map(str, sorted(values)[:_FEW_VALUES])) + (" …" if len(values) > _FEW_VALUES else "")
    raise EngineError(
        f"The raster {source.path} holds the values {few}, which are neither roads (1) and background (0) "
        f"nor probabilities: reclassify it, or set its metadata item {KIND_TAG} to 'probability'."
    )
