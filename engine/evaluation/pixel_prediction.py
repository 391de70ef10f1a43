"""The prediction as the scores see it: road or not at the threshold, and each pixel's class of probability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..errors import EngineError
from ..raster.grid import Window, WorkingGrid, tile_windows
from ..raster.source import RasterSource
from ..reporter import Reporter
from .pixel_counts import STEPS

#: Metadata item of the GeoTIFF by which our classifier says what it wrote: ``classified`` or ``probability``.
KIND_TAG = "ROADSMITH_KIND"
CLASSIFIED, PROBABILITY, MASK = "classified", "probability", "mask"
#: Highest value of a probability in uint8; 255 is nodata.
_SCALE = 254
#: With so few different values a raster holds classes, and nobody has said which of them is road.
_FEW_VALUES = 8
_WINDOW = 2048
_ROUNDING = 1e-3


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
            probability = self._probability(values, known, window)
            step = np.minimum(probability * np.float32(STEPS), np.float32(STEPS - 1)).astype(np.uint8)
            return known & (probability >= np.float32(self.threshold)), step, known
        if self.kind == CLASSIFIED and self.source.dtype == np.uint8:
            known = known & (values != 255)  # nodata that the file does not declare
        return known & (values == (255 if self.kind == MASK else 1)), None, known

    def _probability(self, values: np.ndarray, known: np.ndarray, window: Window) -> np.ndarray:
        probability = np.where(known, values, 0).astype(np.float32)
        if values.dtype == np.uint8:
            return np.minimum(probability / np.float32(_SCALE), np.float32(1))
        if probability.size and not (probability.min() >= -_ROUNDING and probability.max() <= 1 + _ROUNDING):
            raise EngineError(
                f"The prediction {self.name} holds {probability.min():g} to {probability.max():g} at {window}, but "
                "probabilities run from 0 to 1: rescale it first, or give a classified raster."
            )
        return np.clip(probability, 0, 1)


def open_prediction(source: RasterSource, name: str, threshold: float, reporter: Reporter) -> Prediction:
    """Find out what the raster means, by its tag if it has one, else by its values (read once, window by window).

    ``name``: what messages call it.

    Raises:
        EngineError: the values are neither classes 0 and 1, nor a mask of 0 and 255, nor probabilities; or the threshold is none.
    """
    grid = source.grid()
    kind = source.dataset.tags().get(KIND_TAG, "").strip().lower()
    if kind not in (CLASSIFIED, PROBABILITY):
        kind = PROBABILITY if source.dtype.kind == "f" else _kind_of_values(source, name, grid, reporter)
    if kind == PROBABILITY and source.dtype != np.uint8 and source.dtype.kind != "f":
        raise EngineError(
            f"The prediction {name} is marked as probabilities but holds {source.dtype} numbers: they must be uint8 or "
            "float."
        )
    if kind == PROBABILITY and not 0 < threshold <= 1:
        raise EngineError(f"The threshold is a probability above 0 and up to 1, not {threshold:g}.")
    return Prediction(source, name, grid, kind, threshold)


def _kind_of_values(source: RasterSource, name: str, grid: WorkingGrid, reporter: Reporter) -> str:
    """Return the kind of an integer raster; a 255 that is declared as nodata does not count."""
    values: set[int] = set()
    done = 0
    for window in tile_windows(grid.whole, _WINDOW, _WINDOW):
        pixels, known = source.read(grid, window, nearest=True)
        seen = pixels[0][known]
        # counting is much faster than sorting, and needs a small range
        values.update((np.flatnonzero(np.bincount(seen, minlength=256)) if seen.dtype == np.uint8 else np.unique(seen)).tolist())
        if len(values) > _FEW_VALUES:
            break
        done += window.height * window.width
        reporter.progress(done, grid.height * grid.width, done / 1e6, "Mpx")
    if values <= {0, 255} and 255 in values:
        return MASK
    if values <= {0, 1, 255}:
        return CLASSIFIED
    if source.dtype == np.uint8 and (len(values) > _FEW_VALUES or len(values) < 3):
        return PROBABILITY
    few = ", ".join(map(str, sorted(values)[:_FEW_VALUES])) + (" …" if len(values) > _FEW_VALUES else "")
    raise EngineError(
        f"The prediction {name} holds the values {few}, which are neither roads (1) and background (0) nor probabilities: "
        f"reclassify it, or set its metadata item {KIND_TAG} to 'probability'."
    )
