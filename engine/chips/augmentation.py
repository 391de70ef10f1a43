"""Random variants of a training chip: crop, flips and turns, zoom, brightness, contrast and colour."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .augmentation_settings import DEFAULT, AugmentationSettings, Range
from .classified_tiles import NODATA_LABEL
from .geometric import dihedral, hide_ignored, pad_to, source_window, turned_window
from .photometric import SAME_COLOURS, ColourChange, change_colours, is_colour_picture


@dataclass(frozen=True)
class Variant:
    """The figures drawn for one chip.

    Attributes:
        place: where the window lies, shares of the free way down and to the right, 0..1.
        quarter: number of the flip and quarter turn, see ``dihedral``. angle: degrees. zoom: factor.
    """

    place: tuple[float, float] = (0.5, 0.5)
    quarter: int = 0
    angle: float = 0.0
    zoom: float = 1.0
    colours: ColourChange = SAME_COLOURS


def draw_variant(settings: AugmentationSettings, generator: np.random.Generator, image: np.ndarray) -> Variant:
    """Draw a variant for an image (bands, height, width).

    The numbers come in the same order whatever is switched on: a transform that is switched off leaves the others as they are.
    """
    chosen, down, right = generator.random(3)
    place = (0.5, 0.5)
    if chosen < settings.crop:
        (top, bottom), (left, rightmost) = settings.crop_rows, settings.crop_columns
        place = (top + (bottom - top) * down, left + (rightmost - left) * right)
    mirrored = generator.random() < settings.dihedral
    quarter = int(generator.integers(8))
    angle, zoom = _drawn(settings.rotate, 0.0, generator), _drawn(settings.zoom, 1.0, generator)
    brightness, contrast = _drawn(settings.brightness, 0.5, generator), _drawn(settings.contrast, 1.0, generator, even_ratio=True)
    saturation, hue = _drawn(settings.saturation, 1.0, generator), _drawn(settings.hue, 0.0, generator)
    gains: tuple[float, ...] = ()
    if not is_colour_picture(image):
        saturation, hue = 1.0, 0.0
        if generator.random() < settings.gain.probability:
            drawn = generator.uniform(math.log(settings.gain.low), math.log(settings.gain.high), len(image))
            gains = tuple(np.exp(drawn).tolist())
    return Variant(
        place, quarter if mirrored else 0, angle, zoom, ColourChange(brightness, contrast, saturation, hue, gains)
    )


def _drawn(bounds: Range, plain: float, generator: np.random.Generator, even_ratio: bool = False) -> float:
    chosen, share = generator.random(2)
    if chosen >= bounds.probability:
        return plain
    if even_ratio:
        return float(bounds.low * (bounds.high / bounds.low) ** share)
    return float(bounds.low + (bounds.high - bounds.low) * share)


def augment(
    image: np.ndarray, label: np.ndarray, size: int, generator: np.random.Generator,
    settings: AugmentationSettings = DEFAULT, fill: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Return a random variant of a chip.

    Args:
        image: (bands, height, width), any dtype. label: (height, width) uint8: 0, 1, or 255 ignored.
        size: side of the result, pixels. generator: decides everything; the same state gives the same variant.
        fill: (bands,) what ignored pixels of the image hold, source units; None for the mean of each band's other pixels.

    Returns:
        Image (bands, size, size) float32 in source units, label (size, size) uint8, both contiguous. Orientation truth is made
        of the label afterwards: directions turn with the chip.
    """
    return apply_variant(image, label, size, draw_variant(settings, generator, image), settings.corners, fill)


def apply_variant(
    image: np.ndarray, label: np.ndarray, size: int, variant: Variant, corners: str = "reflect", fill: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the chip as ``variant`` says; see ``augment``. Values of ignored pixels reach no other pixel."""
    kind = image.dtype
    image, label = pad_to(image, label, size)
    height, width = label.shape
    top, left = (min(int(share * (length - size + 1)), length - size) for share, length in zip(variant.place, (height, width)))
    if variant.angle == 0.0 and variant.zoom == 1.0:
        rows, columns = slice(top, top + size), slice(left, left + size)
        pixels, label, _ = hide_ignored(image[:, rows, columns], label[rows, columns], fill)
    else:
        row, column = top + (size - 1) / 2, left + (size - 1) / 2
        rows, columns = source_window((height, width), size, (row, column), variant.angle, variant.zoom)
        pixels, label, _ = hide_ignored(image[:, rows, columns], label[rows, columns], fill)
        centre = (row - rows.start, column - columns.start)
        pixels, label = turned_window(pixels, label, size, centre, variant.angle, variant.zoom, corners)
    pixels, label = dihedral(pixels, label, variant.quarter)
    pixels, label = np.ascontiguousarray(pixels), np.ascontiguousarray(label)
    ignored = label == NODATA_LABEL
    if not ignored.any():
        return change_colours(pixels, variant.colours, kind), label
    return hide_ignored(change_colours(pixels, variant.colours, kind, ignored), label, fill)[:2]
