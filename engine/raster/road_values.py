"""What the values of a raster of roads mean: classes, a mask, or probabilities."""

from __future__ import annotations

import numpy as np

from ..errors import EngineError
from ..reporter import Reporter
from .grid import Window, WorkingGrid, tile_windows
from .source import RasterSource

#: Metadata item of the GeoTIFF by which our classifier says what it wrote: ``classified`` or ``probability``.
KIND_TAG = "ROADSMITH_KIND"
#: Metadata item of a probability raster: from which probability its roads are best drawn.
THRESHOLD_TAG = "ROADSMITH_THRESHOLD"
#: 1 is road; 255 is road, as public data sets have it; 0 to 254 in uint8, or 0 to 1 in floats.
CLASSIFIED, MASK, PROBABILITY = "classified", "mask", "probability"

#: Where neither a person nor the raster says from which probability a pixel is road.
_DEFAULT_THRESHOLD = 0.5
#: Highest value of a probability in uint8; 255 is nodata.
_SCALE = 254
#: With so few different values a raster holds classes, and nobody has said which of them is road.
_FEW_VALUES = 8
#: Rows and columns looked at in one go.
_WINDOW = 2048
#: Resampling and rounding may take a probability so far beyond 0 and 1.
_ROUNDING = 1e-3


def road_kind(source: RasterSource, what: str, threshold: float, reporter: Reporter) -> str:
    """Find out what the raster means, by its tag if it has one, else by its values (read once, window by window).

    Args:
        what: how messages begin, such as "The raster roads.tif".

    Raises:
        EngineError: the values are neither classes 0 and 1, nor a mask of 0 and 255, nor probabilities; or the threshold is none.
    """
    kind = source.dataset.tags().get(KIND_TAG, "").strip().lower()
    if kind not in (CLASSIFIED, PROBABILITY):
        kind = PROBABILITY
        if source.dtype.kind in "iu":
            kind = _kind_of_values(source, what, source.grid(), reporter)
        elif source.dtype.kind != "f":
            raise EngineError(f"{what} holds {source.dtype} numbers: neither classes nor probabilities.")
    elif kind == PROBABILITY and source.dtype != np.uint8 and source.dtype.kind != "f":
        raise EngineError(f"{what} is marked as probabilities but holds {source.dtype} numbers: they must be uint8 or float.")
    if kind == PROBABILITY and not 0 < threshold <= 1:
        raise EngineError(f"The threshold is a probability above 0 and up to 1, not {threshold:g}.")
    return kind


def drawn_from(source: RasterSource, asked: float | None) -> float:
    """Return the probability from which roads are drawn: what was asked for, else what Classify Pixels wrote into the raster."""
    if asked is not None:
        return asked
    try:
        told = float(source.dataset.tags().get(THRESHOLD_TAG, ""))
    except ValueError:
        return _DEFAULT_THRESHOLD
    return told if 0 < told <= 1 else _DEFAULT_THRESHOLD


def is_road(values: np.ndarray, kind: str) -> np.ndarray:
    """Return where the values of a classified raster or a mask say road, bool."""
    return np.asarray(values == (255 if kind == MASK else 1))


def probability_of(values: np.ndarray, known: np.ndarray, what: str, window: Window) -> np.ndarray:
    """Return the probability that the values stand for, float32 0 to 1; 0 where not known.

    Args:
        what: how messages begin. window: where the values come from, for the message.

    Raises:
        EngineError: they are none.
    """
    probability = np.where(known, values, 0).astype(np.float32)
    if values.dtype == np.uint8:
        return np.minimum(probability / np.float32(_SCALE), np.float32(1))
    if probability.size and not (probability.min() >= -_ROUNDING and probability.max() <= 1 + _ROUNDING):
        raise EngineError(
            f"{what} holds {probability.min():g} to {probability.max():g} at {window}, but probabilities run from 0 to 1: "
            "rescale it first, or give a classified raster."
        )
    return np.clip(probability, 0, 1)


def _kind_of_values(source: RasterSource, what: str, grid: WorkingGrid, reporter: Reporter) -> str:
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
    if values <= {0, 1, 255}:  # 255 together with 1 is nodata that the file does not declare
        return CLASSIFIED
    if source.dtype == np.uint8 and (len(values) > _FEW_VALUES or len(values) < 3):
        return PROBABILITY
    few = ", ".join(map(str, sorted(values)[:_FEW_VALUES])) + (" …" if len(values) > _FEW_VALUES else "")
    raise EngineError(
        f"{what} holds the values {few}, which are neither roads (1) and background (0) nor probabilities: reclassify it, or set "
        f"its metadata item {KIND_TAG} to 'probability'."
    )
