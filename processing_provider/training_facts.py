"""What a training data folder says about itself, as far as QGIS wants to know it before the worker starts.

Folders come from anyone: only the small metadata files are read, under limits, and no chip is opened. Whether a folder can be
trained on is for the worker to say, who looks at the chips and has a sentence for everything that can be wrong.
"""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

#: Of the worker's ``engine/chips/metadata_files.py``.
MAP_FILE, _TEMPLATE_FILE, _OWN_FILE = "map.txt", "esri_model_definition.emd", "roadsmith.json"
#: A definition has a few kilobytes; ``roadsmith.json`` too before its last entry, the place of every chip.
_MAX_BYTES, _LAST_ENTRY = 2**18, b'"split_blocks"'
#: Beyond them nothing is counted any more.
_MAX_MAP_BYTES, _MAX_ENTRIES, _MAX_FOLDERS, _MAX_SECONDS = 2**26, 200_000, 40, 3.0
_PICTURES = (".tif", ".tiff", ".png", ".jpg", ".jpeg", ".vrt")
_MOST = 2**31
_LONGEST_TEXT, _MOST_NAMES = 40, 10


@dataclass(frozen=True)
class TrainingFacts:
    """Some of what a folder says; what it does not say is 0 or empty.

    Attributes:
        chips: lines of the map. chip_size: pixels. cell_metres: side of a pixel, metres. cell_units: the same in units of the
            chips' coordinate system, where metres are not told. bands: 1-based. classes: value and name, such as ``1 road``.
        kind: of the metadata, empty for Classified Tiles.
        pictures: of a folder without a map, how many images lie in which of its folders ("" for itself).
    """

    chips: int = 0
    chip_size: int = 0
    cell_metres: float = 0.0
    cell_units: float = 0.0
    bands: list[int] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    kind: str = ""
    pictures: dict[str, int] = field(default_factory=dict)


def read_training_facts(path: str) -> TrainingFacts:
    """Return what the folder at ``path`` says; nothing of a folder that is none of training data.

    Raises:
        OSError: the folder cannot be read.
    """
    folder = Path(path)
    names = {name.casefold(): name for name in _first_entries(folder)}
    if MAP_FILE not in names:
        return TrainingFacts(pictures=dict(_count_pictures(folder)))
    template = _read(folder / names.get(_TEMPLATE_FILE, _TEMPLATE_FILE))
    own = _read(folder / names.get(_OWN_FILE, _OWN_FILE))
    mode = str(template.get("MetaDataMode", ""))
    return TrainingFacts(
        chips=_count_lines(folder / names[MAP_FILE]),
        chip_size=_count(template.get("ImageHeight")),
        cell_metres=_cell_metres(own.get("cell_metres")),
        cell_units=_number(_dictionary(template.get("MinCellSize")).get("x")),
        bands=_bands(own.get("bands"), template.get("AllTilesStats")),
        classes=list(_classes(template.get("Classes"))),
        kind="" if mode.casefold() == "classified_tiles" or mode.startswith("e.g.") else _plain(mode),
    )


def _first_entries(folder: Path) -> list[str]:
    with os.scandir(folder) as entries:
        return [entry.name for _, entry in zip(range(_MAX_ENTRIES), entries)]


def _count_pictures(folder: Path) -> Iterator[tuple[str, int]]:
    """Yield the number of images in the folder itself and in each folder in it, where there are any."""
    until = time.monotonic() + _MAX_SECONDS
    inside = _first_entries(folder)
    number = _pictures_among(inside)
    if number:
        yield "", number
    folders = sorted(name for name in inside if not name.lower().endswith(_PICTURES))
    for name in folders[:_MAX_FOLDERS]:
        if time.monotonic() > until:
            return
        number = _pictures_among(_first_entries(folder / name)) if (folder / name).is_dir() else 0
        if number:
            yield _plain(name), number


def _pictures_among(names: list[str]) -> int:
    return sum(name.lower().endswith(_PICTURES) and not name.startswith(".") for name in names)


def _count_lines(path: Path) -> int:
    """Return how many lines hold something; of a map beyond the limit those before it."""
    lines, read = 0, 0
    with path.open("rb") as file:
        for line in file:
            read += len(line)
            lines += bool(line.strip(b"\xef\xbb\xbf \t\r\n"))
            if read > _MAX_MAP_BYTES:
                break
    return lines


def _read(path: Path) -> dict[str, Any]:
    """Return the JSON object in ``path`` without the place of every chip; empty if there is none."""
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES)
        head, cut, _ = content.partition(_LAST_ENTRY)
        text = head.rstrip().rstrip(b",") + b"}" if cut else content
        return _dictionary(json.loads(text.decode("utf-8-sig")))
    except (OSError, ValueError, RecursionError):
        return {}


def _dictionary(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _number(value: Any) -> float:
    """Return a positive number; 0 for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < _MOST:  # nor is NaN
        return 0.0
    return float(value)


def _count(value: Any) -> int:
    return int(_number(value))


def _cell_metres(record: Any) -> float:
    """Return the side of the square with a pixel's area."""
    sides = [_number(each) for each in record[:2]] if isinstance(record, list) else []
    return math.sqrt(sides[0] * sides[1]) if len(sides) == 2 else 0.0


def _bands(own: Any, statistics: Any) -> list[int]:
    if isinstance(own, list) and own and all(_count(band) for band in own):
        return [_count(band) for band in own]
    return list(range(1, len(statistics) + 1)) if isinstance(statistics, list) else []


def _classes(record: Any) -> Iterator[str]:
    for each in record[:_MOST_NAMES] if isinstance(record, list) else ():
        value = _dictionary(each).get("Value", _dictionary(each).get("ClassValue"))
        name = _dictionary(each).get("Name", _dictionary(each).get("ClassName"))
        if isinstance(value, int) and isinstance(name, str):
            yield f"{value} {_plain(name)}".strip()


def _plain(text: str) -> str:
    """Return a name as it may stand on one line of a window, without anything that could be taken for markup."""
    return "".join(sign for sign in text if sign.isalnum() or sign in "_-+. ")[:_LONGEST_TEXT].strip()
