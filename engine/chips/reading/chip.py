"""One training chip: where it lies and how its files are read."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ...errors import EngineError
from ..classified_tiles import NODATA_LABEL
from .blank_areas import blank_areas
from .image_file import read_image
from .mask_coding import MaskCoding, ValueCoding
from .mask_file import read_mask

#: No sensor measures as much; nodata that a file does not declare is often the lowest number of float32, -3.4e38.
_NO_MEASUREMENT = 1e30


@dataclass(frozen=True)
class ReadingRules:
    """How the chips of a folder are read.

    Attributes:
        coding: what the values of the labels mean; without more ado all that is not 0 is road.
        drop_alpha: whether a band marked as alpha is transparency and no image band.
        ignore_blank: whether pure white and black areas without imagery are ignored; see ``blank_areas``.
        dtype: NumPy name of the pixels' type, empty for any.
    """

    coding: MaskCoding = field(default_factory=ValueCoding)
    drop_alpha: bool = True
    ignore_blank: bool = False
    dtype: str = ""


@dataclass(frozen=True)
class Chip:
    """One image chip and its label.

    Attributes:
        bounds: left, bottom, right, top in map units, for splits that keep neighbours together; None if unknown.
    """

    image: Path
    label: Path
    bounds: tuple[float, float, float, float] | None
    rules: ReadingRules = field(default_factory=ReadingRules)


def read_chip(chip: Chip) -> tuple[np.ndarray, np.ndarray]:
    """Read one chip.

    Returns:
        Image (bands, height, width) in its own dtype, and label (height, width) uint8: 0 background, 1 road, 255 ignore.
        Ignored are the label's nodata, pixels under the image's alpha, mask or nodata, pixels that are no number or none that a
        sensor measures (beyond ±1e30) in any band, and blank areas where the rules say so.

    Raises:
        EngineError: a file is damaged, image and label differ in size, the image has another dtype than the rules say, or the
            label holds values that it should not.
    """
    image, hidden = read_image(chip.image, chip.rules.drop_alpha)
    if chip.rules.dtype not in ("", image.dtype.name):
        raise EngineError(
            f"The chip {chip.image} is {image.dtype}, the first one of its folder {chip.rules.dtype}: keep chips of different "
            "depth in folders of their own."
        )
    mask = read_mask(chip.label)
    if mask.shape != image.shape[1:]:
        raise EngineError(different_sizes(chip.image, image.shape[1:], chip.label, mask.shape))
    label = chip.rules.coding.decode(mask)
    if hidden is not None:
        label[hidden] = NODATA_LABEL
    elif chip.rules.ignore_blank and image.dtype == np.uint8 and len(image) == 3:
        blank = blank_areas(image)
        if blank is not None:
            label[blank] = NODATA_LABEL
    if image.dtype.kind == "f":
        label[~(np.abs(image) < _NO_MEASUREMENT).all(axis=0)] = NODATA_LABEL  # so that comparing with NaN is False, too
    return image, label


def different_sizes(image: Path, image_shape: tuple[int, ...], label: Path, label_shape: tuple[int, ...]) -> str:
    """Return the sentence about a pair that does not fit; shapes are (height, width)."""
    return (
        f"The label {label} is {label_shape[1]} × {label_shape[0]} pixels, its image {image} "
        f"{image_shape[1]} × {image_shape[0]}: they must be equal."
    )
