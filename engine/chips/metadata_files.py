"""The metadata files of a training data folder: their names, and reading and replacing them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from ..errors import EngineError

MAP_FILE = "map.txt"
STATS_FILE = "stats.txt"
TEMPLATE_FILE = "esri_model_definition.emd"
ACCUMULATED_FILE = "esri_accumulated_stats.json"
#: What ArcGIS has no place for: cell size in metres, source bands, stretch, road width, sources.
ROADSMITH_FILE = "roadsmith.json"
METADATA_FILES = (MAP_FILE, STATS_FILE, TEMPLATE_FILE, ACCUMULATED_FILE, ROADSMITH_FILE)


def read_map(folder: Path) -> list[tuple[str, str]]:
    """Return the (image, label) pairs of ``map.txt``: first and last name of each line, slashes either way.

    Names are parted by a tab or two spaces, so that they may hold one; where there is neither, by any space, and also where every
    word between is a file name.
    """
    try:
        text = (folder / MAP_FILE).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise EngineError(f"{folder / MAP_FILE} cannot be read ({error}): export the data again.") from error
    rows = [_names(line.replace("\\", "/").strip()) for line in text.splitlines() if line.strip()]
    short = next((number for number, row in enumerate(rows, 1) if len(row) < 2), None)
    if short is not None:
        raise EngineError(f"{folder / MAP_FILE}, entry {short}, names no label beside the image: export the data again.")
    return [(row[0], row[-1]) for row in rows]


def _names(line: str) -> list[str]:
    parts = re.split(r"\t+|\s{2,}", line)
    if len(parts) == 1:
        return line.split()
    return [name for part in parts for name in (part.split() if _are_files(part.split()) else [part])]


def _are_files(words: list[str]) -> bool:
    """Whether every word has a suffix of its own: ArcGIS parts the images of two rasters by a single space."""
    return all("." in word.rsplit("/", 1)[-1] for word in words)


def read_json(path: Path) -> dict[str, Any]:
    """Return the JSON object in ``path``.

    Raises:
        EngineError: the file is missing or holds no JSON object.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise EngineError(f"{path} cannot be read as training data metadata ({error}).") from error
    if not isinstance(record, dict):
        raise EngineError(f"{path} cannot be read as training data metadata: it holds no JSON object.")
    return record


def replace_text(path: Path, text: str) -> None:
    """Write a text file that appears complete or not at all."""
    partial = path.with_name(f"{path.name}.new")
    partial.write_bytes(text.encode("utf-8"))  # bytes: the same line ends on every system
    partial.replace(path)
