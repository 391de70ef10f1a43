"""The classes of a label: values in the label chips, and their names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..errors import EngineError

ROAD_VALUE = 1
ROAD_NAME = "road"
ROAD_COLOUR = [230, 60, 40]
#: Largest class value; 255 is the label of pixels without imagery.
MAX_VALUE = 254
_COLOURS = [ROAD_COLOUR, [250, 170, 40], [240, 220, 90], [150, 110, 200], [70, 150, 220], [90, 180, 90], [160, 110, 70]]


@dataclass(frozen=True)
class LabelClass:
    """One class: its value in the label chips (1 to 254), its name, its colour (red, green, blue)."""

    value: int
    name: str
    colour: list[int] = field(default_factory=lambda: list(ROAD_COLOUR))


def road_class() -> LabelClass:
    """Return the only class of an export without classes."""
    return LabelClass(ROAD_VALUE, ROAD_NAME)


def classes_of_values(found: Sequence[object], source: str, known: Sequence[LabelClass] = ()) -> list[LabelClass]:
    """Return the classes for the values that a field holds.

    Args:
        found: distinct values; None is no class. Whole numbers (also as text) stand for themselves, 0 for background; names
            are numbered in alphabetical order.
        source: what holds them, for messages. known: classes of an earlier export into the same folder; names keep their values.

    Raises:
        EngineError: a number is out of range, or there are too many names.
    """
    texts = {str(each).strip() for each in found if each is not None and str(each).strip()}
    if texts and all(_whole_number(text) is not None for text in texts):
        values = sorted({int(float(text)) for text in texts} - {0})
        wrong = [value for value in values if not 1 <= value <= MAX_VALUE]
        if wrong:
            raise EngineError(
                f"{source} holds the class {wrong[0]}: classes are whole numbers from 1 to {MAX_VALUE}, 0 is background; "
                "reclassify it, or choose another field."
            )
        names = {each.value: each.name for each in known}
        classes = [_numbered(value, names.get(value, ROAD_NAME if values == [ROAD_VALUE] else str(value))) for value in values]
    else:
        taken = {each.name: each.value for each in known}
        free = iter(value for value in range(1, MAX_VALUE + 1) if value not in taken.values())
        classes = []
        for name in sorted(texts):
            value = taken.get(name) or next(free, 0)
            if not value:
                raise EngineError(f"{source} holds {len(texts)} names, more than {MAX_VALUE} classes: choose another field.")
            classes.append(_numbered(value, name))
    if not classes:
        raise EngineError(f"{source} holds no class: every feature is empty there, or 0 (background); choose another field.")
    return sorted({each.value: each for each in (*known, *classes)}.values(), key=lambda each: each.value)


def _numbered(value: int, name: str) -> LabelClass:
    return LabelClass(value, name, list(_COLOURS[(value - 1) % len(_COLOURS)]))


def _whole_number(text: str) -> int | None:
    return int(float(text)) if re.fullmatch(r"[-+]?\d+(\.0*)?", text) else None


def class_value(raw: object, classes: Sequence[LabelClass]) -> int:
    """Return the class value of a field's value, 0 (background) for none."""
    text = "" if raw is None else str(raw).strip()
    by_name = {each.name: each.value for each in classes}
    if text in by_name:
        return by_name[text]
    number = _whole_number(text)
    return number if number is not None and number in by_name.values() else 0
