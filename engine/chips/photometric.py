"""Other brightness, contrast and colour for a training chip."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: Standard deviations that a step of 1 in ArcGIS's brightness adds: 0.1 is half a deviation, which for imagery that uses a
#: fifth of its range as deviation is what ArcGIS's own curve does to a middle grey.
_DEVIATIONS = 5.0
#: Mean and deviation of a chip are those of about so many evenly spread pixels.
_SAMPLE = 2**15
#: From red, green, blue to luminance and two colour differences (YIQ, as used by NTSC): hue is an angle in the latter two.
_TO_YIQ = np.array([[0.299, 0.587, 0.114], [0.595716, -0.274453, -0.321263], [0.211456, -0.522591, 0.311135]])


@dataclass(frozen=True)
class ColourChange:
    """Drawn figures; the defaults change nothing.

    Attributes:
        brightness: 0.5 for none. contrast, saturation: factors. hue: degrees.
        gains: factor of each band; empty for none.
    """

    brightness: float = 0.5
    contrast: float = 1.0
    saturation: float = 1.0
    hue: float = 0.0
    gains: tuple[float, ...] = ()


#: Changes nothing.
SAME_COLOURS = ColourChange()


def is_colour_picture(image: np.ndarray) -> bool:
    """Whether hue and saturation mean anything: three bands of 8 bits."""
    return len(image) == 3 and image.dtype == np.uint8


def change_colours(image: np.ndarray, change: ColourChange, kind: np.dtype, ignored: np.ndarray | None = None) -> np.ndarray:
    """Return the image with other colours.

    Args:
        image: (bands, height, width) float32, source units; not written to.
        kind: dtype of the source: integer imagery stays within its range, as a sensor would saturate.
        ignored: (height, width) bool: pixels whose values say nothing about the chip's brightness; None for none.

    Returns:
        (bands, height, width) float32.
    """
    if change == SAME_COLOURS:
        return image
    bands = len(image)
    seen = image.reshape(bands, -1) if ignored is None else image[:, ~ignored]
    if not seen.shape[1]:
        return image
    seen = seen[:, :: max(1, seen.shape[1] // _SAMPLE)]
    means = seen.mean(axis=1, dtype=np.float64)
    matrix = _colour_matrix(change, bands)
    offsets = (1.0 - change.contrast) * (matrix @ means)  # contrast leaves the means as they are
    if change.brightness != 0.5:
        offsets += _DEVIATIONS * (change.brightness - 0.5) * float(seen.std(dtype=np.float64))
    changed = _mixed(image, (change.contrast * matrix).astype(np.float32))
    changed += offsets.astype(np.float32)[:, None, None]
    if np.issubdtype(kind, np.integer):
        limits = np.iinfo(kind)
        np.clip(changed, limits.min, limits.max, out=changed)
    return changed


def _colour_matrix(change: ColourChange, bands: int) -> np.ndarray:
    """Return the (bands, bands) matrix of gains, or of hue and saturation."""
    matrix = np.diag(change.gains) if change.gains else np.eye(bands)
    if bands == 3 and (change.saturation != 1.0 or change.hue != 0.0):
        angle = np.radians(change.hue)
        turn = change.saturation * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        middle = np.eye(3)
        middle[1:, 1:] = turn
        matrix = np.linalg.inv(_TO_YIQ) @ middle @ _TO_YIQ @ matrix
    return matrix


def _mixed(image: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Return ``matrix`` times the bands, without the multiplications by zero of a diagonal one."""
    if np.count_nonzero(matrix - np.diag(np.diag(matrix))) == 0:
        return image * np.diag(matrix)[:, None, None]
    return (matrix @ image.reshape(len(image), -1)).reshape(image.shape)
