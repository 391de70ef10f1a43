"""What lies within reach of a pixel: the highest value within a distance, which for a mask is the mask grown by it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import maximum_filter1d

#: A pixel at exactly the tolerance counts as within it, whatever the rounding of metres to pixels.
_SLACK = 1e-9


@dataclass(frozen=True)
class Reach:
    """A distance on the ground as the ellipse of pixels it makes: rows and columns, in pixels, not rounded."""

    rows: float
    columns: float

    @property
    def halo(self) -> int:
        """Pixels around a block that its own pixels depend on."""
        return math.floor(max(self.rows, self.columns) + _SLACK)

    def highest(self, values: np.ndarray) -> np.ndarray:
        """Return for each pixel the highest value whose pixel centre is within reach of its own, (height, width), same dtype.

        The same as the threshold of a Euclidean distance transform, at every level of the values at once.

        Args:
            values: (height, width) unsigned integers or bool; beyond the edge lies 0.
        """
        levels = values.view(np.uint8) if values.dtype == bool else values
        result = levels.copy()
        height = len(levels)
        for offset in range(math.floor(self.rows + _SLACK) + 1):
            level = offset / self.rows if offset else 0.0
            half = math.floor(self.columns * math.sqrt(max(0.0, 1 - level * level)) + _SLACK)
            line = maximum_filter1d(levels, 2 * half + 1, axis=1, mode="constant") if half else levels
            if offset < height:
                np.maximum(result[: height - offset], line[offset:], out=result[: height - offset])
                np.maximum(result[offset:], line[: height - offset], out=result[offset:])
        return result.view(bool) if values.dtype == bool else result
