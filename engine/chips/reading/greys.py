"""Telling noise and soft edges from classes among the greys of a mask."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: Grey values further than this from black and white are neither; ringing of JPEG reaches about so far.
NEAR_END = 32
#: More distinct greys or colours than this are noise around fewer.
MAX_EXACT = 16
#: Neighbours that differ by no more than this belong to one area, also after JPEG.
_STEP = 4
#: Greys between black and white are classes if this share of them lies inside areas of one grey. Measured on road masks: JPEG
#: and soft edges of up to 4 pixels stay below 0.09, a class in JPEG of quality 50 has 0.23, one of 3 pixels' width 0.68.
_FLAT_SHARE = 0.15
#: Stray pixels up to this share of a mask are no class.
_STRAY_SHARE = 1e-4


@dataclass(frozen=True)
class Greys:
    """The greys of masks of 8 bits.

    Attributes:
        histogram: counts of the values 0 to 255, (256,) int64. middle: pixels clearly neither black nor white. flat_middle: those
            of them that look like the pixels right of them and below them.
    """

    histogram: np.ndarray
    middle: int
    flat_middle: int

    @classmethod
    def of(cls, values: np.ndarray) -> Greys:
        """Count the greys of (height, width) uint8."""
        histogram = np.bincount(values.ravel(), minlength=256)
        middle = int(histogram[NEAR_END + 1 : 255 - NEAR_END].sum())
        flat_middle = 0
        if middle:
            between = (values > NEAR_END) & (values < 255 - NEAR_END)
            flat_middle = int(np.count_nonzero(between & flat(values[None], _STEP)))
        return cls(histogram, middle, flat_middle)

    def __add__(self, other: Greys) -> Greys:
        return Greys(self.histogram + other.histogram, self.middle + other.middle, self.flat_middle + other.flat_middle)

    def are_noise(self, lossy: bool) -> bool:
        """Whether the greys between black and white are noise or soft edges, not classes.

        Classes have areas of one grey, soft edges have slopes. A few exact greys in a format that blurs nothing are classes,
        too, however thin.
        """
        if self.middle <= _STRAY_SHARE * self.histogram.sum():
            return True
        if not lossy and np.count_nonzero(self.histogram) <= MAX_EXACT:
            return False
        return self.flat_middle < _FLAT_SHARE * self.middle


def flat(pixels: np.ndarray, step: int) -> np.ndarray:
    """Return where a pixel looks like those right of it and below it: the inside of a class, not the blur around it.

    Args:
        pixels: (bands, height, width) uint8. step: largest difference that is none.

    Returns:
        (height, width) bool.
    """
    values = pixels.astype(np.int16)
    result = np.ones(values.shape[1:], bool)
    result[:, :-1] &= (np.abs(np.diff(values, axis=2)) <= step).all(axis=0)
    result[:-1] &= (np.abs(np.diff(values, axis=1)) <= step).all(axis=0)
    return result
