"""How wide each road is: by its own field, by its class, or by the width for all."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...errors import EngineError
from ..label_classes import LabelClass, class_value

#: Wider "roads" are mistakes in the data (or feet, or a river); metres.
MAX_WIDTH = 200.0
#: "5.5", "5,5", "5.5 m": a number, alone or in metres. "12'" and "4 ft" are not metres and are not guessed at.
_METRES = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*(?:m|meters?|metres?)?\s*")


@dataclass(frozen=True)
class RoadWidths:
    """The rules of one export.

    Attributes:
        default: metres. by_class: class value to metres; 0 leaves the class out. smallest: narrower lines are drawn as wide
            as this, metres: less than a pixel would leave dots instead of a line.
    """

    default: float
    by_class: Mapping[int, float]
    smallest: float

    def of(self, classes: np.ndarray, own: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        """Return the widths of lines, metres float64, and which of them had no usable width of their own, bool.

        Args:
            classes: class values. own: the width field, numbers or text; None if there is none.
        """
        result = np.full(len(classes), self.default)
        for value, width in self.by_class.items():
            result[classes == value] = width
        left_out = result <= 0
        without = np.zeros(len(classes), bool)
        if own is not None:
            numbers = own.astype(np.float64) if own.dtype.kind in "iuf" else np.array([_metres(each) for each in own], np.float64)
            usable = np.isfinite(numbers) & (numbers > 0) & (numbers <= MAX_WIDTH)
            result = np.where(usable, numbers, result)
            without = ~usable & ~left_out
        return np.where(left_out, 0.0, np.maximum(result, self.smallest)), without

    def largest(self, has_field: bool) -> float:
        """Return the width no line exceeds, metres."""
        return MAX_WIDTH if has_field else max(self.default, self.smallest, *self.by_class.values(), 0.0)


def road_widths(default: float, class_widths: Mapping[str, float], classes: Sequence[LabelClass], smallest: float) -> RoadWidths:
    """Return the rules for ``class_widths`` given by class value or name.

    Raises:
        EngineError: a width is out of range, or a class does not exist.
    """
    for name, width in (("roads", default), *class_widths.items()):
        if not 0 <= width <= MAX_WIDTH or (name == "roads" and width == 0):
            raise EngineError(f"The width of {name} is {width:g} m: choose one above 0 and up to {MAX_WIDTH:g} m.")
    by_class = {}
    for name, width in class_widths.items():
        value = class_value(name, classes)
        if not value:
            known = ", ".join(each.name for each in classes)
            raise EngineError(f"A width is given for the class '{name}', which the labels do not have: they have {known}.")
        by_class[value] = float(width)
    return RoadWidths(default, by_class, smallest)


def _metres(text: object) -> float:
    match = _METRES.fullmatch(str(text)) if text is not None else None
    return float(match.group(1).replace(",", ".")) if match else np.nan
