"""Road truth out of centre lines: a Gaussian ridge along them, cut at a threshold (Batra et al. 2019).

With d the distance of a pixel from the nearest centre line and g = exp(-d² / 2σ²), the pixel is road where g >= threshold: the
label's own width no longer matters, the threshold alone decides how wide roads are. For labels that are centre lines; labels of
the road's surface are used as they are.
"""

from __future__ import annotations

import math

import numpy as np

from ..errors import EngineError
from ..raster.skeleton import skeletonise

#: The reference's σ: 15 pixels of 0.3 m. At its threshold of 0.76 a road is 6.7 m wide.
REFERENCE_SIGMA_METRES = 4.5
REFERENCE_THRESHOLD = 0.76
#: Half-width, pixels, of the lines whose key points tell the direction: the reference cuts them at 0.98, 3 pixels at its σ.
#: Kept at 3 for every σ, because thinner lines fall apart when they are reduced to a quarter.
KEY_POINT_RADIUS = 3.0
_ROAD = 1


def sigma_pixels(cell_metres: tuple[float, float]) -> float:
    """Return the reference's σ in pixels of this size (x, y, metres): roads are 6.7 m wide at the threshold 0.76."""
    return REFERENCE_SIGMA_METRES / math.sqrt(cell_metres[0] * cell_metres[1])


def sigma_for_half_width(half_width: float) -> float:
    """Return the σ at which the reference's threshold of 0.76 gives roads this half-width; both in pixels."""
    return half_width / math.sqrt(-2.0 * math.log(REFERENCE_THRESHOLD))


def half_width(sigma: float, threshold: float) -> float:
    """Return the greatest distance from the centre line, in the unit of ``sigma``, at which the ridge reaches ``threshold``.

    Raises:
        EngineError: the threshold is not above 0 and at most 1, or σ is not above 0.
    """
    if not 0.0 < threshold <= 1.0:
        raise EngineError(f"Gaussian threshold {threshold:g} cannot be used: choose one above 0 and at most 1, such as 0.76.")
    if not (0.0 < sigma < math.inf):
        raise EngineError(f"A Gaussian σ of {sigma:g} pixels cannot be used: choose one above 0, such as 15 for 0.3 m pixels.")
    return sigma * math.sqrt(-2.0 * math.log(threshold))


def gaussian_masks(label: np.ndarray, radii: tuple[float, ...]) -> list[np.ndarray]:
    """Thin the roads of a label and widen their centre lines again, once for each radius.

    Args:
        label: (height, width) uint8: 0 background, 1 road, 255 ignored.
        radii: in pixels; ``half_width`` gives that of a threshold.

    Returns:
        For each radius a label like the given one: 1 within the radius of a centre line, 255 where the given one has it.
    """
    line = skeletonise(label == _ROAD)
    other = np.where(label == _ROAD, np.uint8(0), label)
    # ignored pixels stay so, whatever the road beside them does
    return [np.where(widen(line, radius) & (other == 0), np.uint8(_ROAD), other) for radius in radii]


def widen(line: np.ndarray, radius: float) -> np.ndarray:
    """Return which pixels are at most ``radius`` pixels from a True pixel of ``line``; both (height, width) bool.

    The disc is put together from its columns, from the outermost and shortest to the middle one. Exact, and for the few pixels
    a road is wide many times faster than a distance transform.
    """
    height, width = line.shape
    limit = radius * radius
    reach = min(math.isqrt(math.floor(limit)), height + width)
    near, grown, grown_by = np.zeros(line.shape, bool), line.copy(), 0
    for offset in range(reach, -1, -1):
        for _ in range(grown_by, min(math.isqrt(math.floor(limit - offset * offset)), height)):
            grown[1:] |= grown[:-1]
            grown[:-1] |= grown[1:]  # gives each row what its two neighbours had before, and no more
            grown_by += 1
        if offset < width:
            near[:, offset:] |= grown[:, : width - offset]
            near[:, : width - offset] |= grown[:, offset:]
    return near
