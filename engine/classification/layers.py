"""What the pixels of the results are: classes, and probabilities in either of two formats."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import numpy as np

from ..raster.road_values import KIND_TAG, THRESHOLD_TAG

NODATA = 255
#: Probabilities 0-1 are stored as 0-254.
PROBABILITY_SCALE = 254
CLASS_NAMES = ("background", "road")
CLASS_COLOURS = {0: (0, 0, 0, 0), 1: (230, 60, 40, 255), NODATA: (0, 0, 0, 0)}
PROBABILITY_FORMATS = ("uint8", "float32")


@dataclass(frozen=True)
class Layer:
    """One of the results.

    Attributes:
        kind: ``classified`` or ``probability``, stored as the tag ``ROADSMITH_KIND``. dtype: uint8 or float32.
        nodata: value of pixels that do not count. threshold: probability from which roads are drawn, stored as the tag
            ``ROADSMITH_THRESHOLD``; None for no such tag.
    """

    kind: str
    dtype: str
    nodata: float
    threshold: float | None = None

    @property
    def is_classes(self) -> bool:
        """Whether the pixels are class values."""
        return self.kind == "classified"

    @property
    def tags(self) -> dict[str, str]:
        """Return the metadata by which Raster to Road Vector knows what it reads."""
        drawn_from = {} if self.threshold is None else {THRESHOLD_TAG: f"{self.threshold:g}"}
        return {KIND_TAG: self.kind, **drawn_from}

    @property
    def compression(self) -> dict[str, Any]:
        """Return GDAL's creation options: for probabilities level 1, half the default's time at an eighth more bytes."""
        level = {} if self.is_classes else {"zlevel": 1}
        return {"compress": "deflate", **level, **({"predictor": 3} if self.dtype == "float32" else {})}

    def encode(self, probability: np.ndarray, valid: np.ndarray, threshold: float) -> np.ndarray:
        """Return the pixels (rows, width) for probabilities 0-1, float32, and where they count, bool."""
        if self.is_classes:
            return to_classes(probability, valid, threshold)
        if self.dtype == "uint8":
            return to_bytes(probability, valid)
        return np.where(valid, np.clip(probability, 0, 1), np.float32(self.nodata))


CLASSIFIED = Layer("classified", "uint8", NODATA)
#: -1: a value that any program compares rightly, which NaN is not.
PROBABILITY = {"uint8": Layer("probability", "uint8", NODATA), "float32": Layer("probability", "float32", -1)}


def to_classes(probability: np.ndarray, valid: np.ndarray, threshold: float) -> np.ndarray:
    """Return (rows, width) uint8: 1 where the probability reaches the threshold, 0 elsewhere, 255 where not valid."""
    return np.where(valid, (probability >= threshold).astype(np.uint8), np.uint8(NODATA))


def to_bytes(probability: np.ndarray, valid: np.ndarray) -> np.ndarray:
    """Return (rows, width) uint8: the probability scaled to 0-254, 255 where not valid."""
    scaled = np.rint(np.clip(probability, 0, 1) * np.float32(PROBABILITY_SCALE)).astype(np.uint8)
    return np.where(valid, scaled, np.uint8(NODATA))


def category_names() -> str:
    """Return the class names as GDAL's XML holds them."""
    return f"<CategoryNames>{''.join(f'<Category>{escape(name)}</Category>' for name in CLASS_NAMES)}</CategoryNames>"


def write_category_names(raster: Path) -> None:
    """Write the class names where GDAL keeps them for a GeoTIFF: in ``RASTER.aux.xml`` beside it."""
    text = f'<PAMDataset><PAMRasterBand band="1">{category_names()}</PAMRasterBand></PAMDataset>\n'
    raster.with_name(f"{raster.name}.aux.xml").write_text(text, encoding="utf-8")
