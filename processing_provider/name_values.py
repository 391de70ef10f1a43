"""Reading tables of names and values as dialogs, scripts and shells give them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from qgis.core import NULL

from .algorithm import tr


def name_value_pairs(cells: Sequence[Any]) -> Iterator[tuple[str, str]]:
    """Yield name and value of each row, without blanks around them.

    Args:
        cells: row by row ("zoom", 1.5, "rotate", "30; 0.5"), or "zoom=1.5" each. Rows with nothing in them are passed over.
    """
    texts = ["" if cell is None or cell == NULL else str(cell).strip() for cell in cells]
    filled = [text for text in texts if text]
    if filled and all("=" in text for text in filled):
        for text in filled:
            name, _, value = text.rpartition("=")
            yield name.strip(), value.strip()
    elif filled:
        for name, value in zip(texts[::2], [*texts[1::2], ""]):
            if name or value:
                yield name, value


def augmentation_table(cells: Sequence[Any]) -> dict[str, str]:
    """Return the augmentations by name, as the job takes them; the worker knows what they mean.

    Args:
        cells: as above. QGIS cuts text at every comma: what it cut within brackets, "(0.4" and "0.6); 1.0", is one value.

    Raises:
        ValueError: a sentence that names the row that is none.
    """
    table: dict[str, str] = {}
    for name, value in name_value_pairs(_whole_brackets(cells)):
        if not name or not value:
            raise ValueError(
                tr("The augmentation '{}' has the value '{}': give each a name and a value, such as rotate and 30; 0.5.").format(
                    name, value
                )
            )
        if name in table:
            raise ValueError(tr("The augmentation '{}' is given twice: keep one of them.").format(name))
        table[name] = value
    return table


def _whole_brackets(cells: Sequence[Any]) -> list[Any]:
    whole: list[Any] = []
    is_open = False
    for cell in cells:
        if is_open:
            whole[-1] = f"{whole[-1]}, {str(cell).strip()}"
        else:
            whole.append(cell)
        text = str(whole[-1])
        is_open = sum(map(text.count, "([")) > sum(map(text.count, ")]"))
    return whole
