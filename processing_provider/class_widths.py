"""Reading the widths of road classes as dialogs, scripts and shells give them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from .algorithm import tr
from .name_values import name_value_pairs


def class_widths(cells: Sequence[Any]) -> dict[str, float]:
    """Return the width of each class, metres.

    Args:
        cells: the table's cells, row by row ("primary", 12, "track", 3), or "primary=12" each. Empty rows are passed over.

    Raises:
        ValueError: a sentence that names the row that is none.
    """
    widths: dict[str, float] = {}
    for written, text in name_value_pairs(cells):
        name = _class_name(written)
        try:
            width = float(text)
        except ValueError:
            width = math.nan
        if not name or not 0 <= width <= 200:
            raise ValueError(
                tr("The width of class '{}' is '{}': give every class a number of metres from 0 to 200.").format(name, text)
            )
        if name in widths:
            raise ValueError(tr("Class '{}' has two widths: give it one.").format(name))
        widths[name] = width
    return widths


def _class_name(text: str) -> str:
    """Return the class as the field has it: QGIS reads numbers in a text list as real ones, 3 as 3.0."""
    return text[:-2] if text.endswith(".0") and text[:-2].isdigit() else text
