"""Prediction, truth and mask of one comparison, read together window by window."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..errors import EngineError
from ..raster.grid import Window
from .pixel_area import CountedArea
from .pixel_counts import Comparison, compare
from .pixel_prediction import Prediction
from .pixel_reach import Reach
from .pixel_truth import Truth


@dataclass
class Scene:
    """What is compared.

    Attributes:
        area: grid pixels of the prediction that are compared; what lies beyond is not looked at, as what the mask excludes.
        reach: tolerance of the relaxed scores.
    """

    prediction: Prediction
    truth: Truth
    counted: CountedArea
    area: Window
    reach: Reach
    _saw_prediction: bool = False
    _saw_truth: bool = False

    def compare(self, window: Window) -> Comparison:
        """Return the comparison of a window in the area; it does not depend on the windows the area is cut into.

        Raises:
            EngineError: a file is damaged, or its values are not what they must be.
        """
        within = Window(window.row - self.area.row, window.column - self.area.column, window.height, window.width)
        wide = within.grown(self.reach.halo).clipped(self.area.height, self.area.width)
        read = Window(wide.row + self.area.row, wide.column + self.area.column, wide.height, wide.width)
        found, step, known = self.prediction.read(read)
        road, counted = np.zeros_like(known), np.zeros_like(known)
        if known.any():
            self._saw_prediction = True
            counted = self.counted.read(read)
            if counted.any():
                road, is_known = self.truth.read(read)
                self._saw_truth |= bool((is_known & known & counted).any())
                counted &= is_known
        top, left = within.row - wide.row, within.column - wide.column
        part = slice(top, top + window.height), slice(left, left + window.width)
        return compare(found, step, known, road, counted, self.reach).cropped(part)

    def check(self) -> None:
        """Raise an ``EngineError`` that says why if no pixel was compared."""
        name = self.prediction.name
        if self._saw_truth:
            return
        if not self._saw_prediction:
            raise EngineError(f"The prediction {name} holds nothing but nodata there: choose another extent or raster.")
        if not self.counted.seen:
            raise EngineError(
                f"The mask leaves no pixel of the prediction {name} to compare: check that both lie in the same place in QGIS, "
                "or leave the mask out."
            )
        raise EngineError(
            f"The truth does not meet the prediction {name} where it holds data and the mask allows: check that both lie in the "
            "same place in QGIS and have the right coordinate systems."
        )
