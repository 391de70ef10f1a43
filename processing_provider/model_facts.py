"""What a model package says about its model, as far as QGIS wants to know it before the worker starts.

Packages come from anyone: only the small JSON file is read, under limits, and every value is checked. Whether a package can be
used is for the worker to say, who knows the networks and has a sentence for everything that can be wrong.
"""

from __future__ import annotations

import contextlib
import json
import math
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .translation import tr, tr_noop

#: A definition has a few kilobytes; a package two members.
_MAX_BYTES, _MAX_MEMBERS = 4 * 2**20, 1000
#: Metres; beyond them is no imagery.
_SMALLEST_CELL, _LARGEST_CELL = 0.0001, 100_000.0
_LONGEST_TEXT, _MOST_BANDS = 40, 20
_MOST = 2**31
#: ``model_type`` of the packages that Train refinement stage writes.
_TWO_STAGE = "two_stage"
#: Anything beyond is infinite, or an integer that no float can hold.
_NO_NUMBER = 1e300
#: All that can go wrong with a file that anyone may have made.
_UNREADABLE = (
    OSError, ValueError, LookupError, TypeError, RecursionError, OverflowError, EOFError, zipfile.BadZipFile, zlib.error,
    NotImplementedError, RuntimeError,  # what zipfile says of a compression it lacks, and of a password
)
#: Scores that are logged, at the model's threshold if the package has them so.
_SCORES = {"iou": tr_noop("IoU"), "dice": tr_noop("F1"), "precision": tr_noop("precision"), "recall": tr_noop("recall")}


@dataclass(frozen=True)
class ModelFacts:
    """Some of what a package says.

    Attributes:
        cell_size: side of a training pixel, metres; of the square with its area where it is none.
        network: name, and backbone if there is one; of a model in two stages both. bands: 1-based. stages: 1 or 2.
        chip_size: pixels. threshold: probability, 0 to 1. scores: on the validation chips, 0 to 1.
    """

    cell_size: float
    network: str
    bands: list[int] = field(default_factory=list)
    chip_size: int = 0
    threshold: float = 0.5
    scores: dict[str, float] = field(default_factory=dict)
    stages: int = 1

    def __str__(self) -> str:
        bands = ", ".join(map(str, self.bands[:_MOST_BANDS])) + (", …" if len(self.bands) > _MOST_BANDS else "")
        text = tr("{network}, {cell:.3g} m per pixel, band(s) {bands}, chips of {chip} pixels, threshold {threshold:.3g}").format(
            network=self.network, cell=self.cell_size, bands=bands, chip=self.chip_size, threshold=self.threshold
        )
        scores = ", ".join(f"{tr(label)} {self.scores[name]:.3g}" for name, label in _SCORES.items() if name in self.scores)
        return text + (tr("; on its validation chips: {}").format(scores) if scores else "")


def read_model_facts(path: str) -> ModelFacts | None:
    """Return what the package at ``path`` (.dlpk, .emd or its folder) says; None if it is none of ours or cannot be read."""
    try:
        return _checked(_parsed(path)["Roadsmith"])
    except _UNREADABLE:
        return None


def is_of_another_program(path: str) -> bool:
    """Whether ``path`` is a model package (.dlpk, .emd or its folder) that says nothing of Roadsmith, such as ArcGIS's own."""
    try:
        record = _parsed(path)
    except _UNREADABLE:
        return False
    return isinstance(record, dict) and "Roadsmith" not in record


def _parsed(path: str) -> Any:
    return json.loads(_definition(Path(path)).decode("utf-8-sig"))


def _definition(path: Path) -> bytes:
    """Return the content of the package's only .emd.

    Raises:
        ValueError: there are none or several, or it is too large.
    """
    if path.is_dir():
        path = _only([each for each in path.iterdir() if each.suffix.lower() == ".emd"])
    if path.suffix.lower() == ".emd":
        with path.open("rb") as file:
            return _limited(file)
    with zipfile.ZipFile(path) as archive:
        if len(archive.infolist()) > _MAX_MEMBERS:
            raise ValueError
        with archive.open(_only([each for each in archive.infolist() if each.filename.lower().endswith(".emd")])) as member:
            return _limited(member)


def _only(found: list[Any]) -> Any:
    (one,) = found
    return one


def _limited(file: Any) -> bytes:
    content: bytes = file.read(_MAX_BYTES + 1)
    if len(content) > _MAX_BYTES:
        raise ValueError
    return content


def _checked(record: Mapping[str, Any]) -> ModelFacts:
    """Return the facts; scores, which change nothing, may be anything."""
    cell = math.sqrt(_number(record["cell_metres"][0]) * _number(record["cell_metres"][1]))
    if not _SMALLEST_CELL <= cell <= _LARGEST_CELL:
        raise ValueError
    is_two_stage = record["model_type"] == _TWO_STAGE
    return ModelFacts(
        cell_size=cell,
        network=_two_networks(record["arguments"]) if is_two_stage else _network(record),
        bands=[_count(band) for band in record["bands"]],
        chip_size=_count(record["chip_size"]),
        threshold=_number(record["threshold"]),
        scores=_scores(record.get("scores")),
        stages=2 if is_two_stage else 1,
    )


def _network(record: Mapping[str, Any]) -> str:
    """Return name and backbone of the network that ``model_type`` and ``arguments`` describe."""
    if not isinstance(record["arguments"], dict):
        raise TypeError
    backbone = record["arguments"].get("backbone")
    return _text(record["model_type"]) + (f" ({_text(backbone)})" if backbone else "")


def _two_networks(arguments: Mapping[str, Any]) -> str:
    """Return the same of both stages; the second one is always of the same kind."""
    return tr("two stages: {}, CUnet").format(_network(arguments["first"]))


def _scores(record: Any) -> dict[str, float]:
    scores = {}
    for name in _SCORES if isinstance(record, dict) else ():
        with contextlib.suppress(ValueError):
            scores[name] = _number(record.get(f"{name}_at_threshold", record.get(name)))
    return scores


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < _NO_NUMBER:  # nor is NaN
        raise ValueError
    return float(value)


def _count(value: Any) -> int:
    number = _number(value)
    if not 0 < number < _MOST:
        raise ValueError
    return int(number)


def _text(value: Any) -> str:
    """Return a name as it may stand in a log: short, on one line, without anything that a log could take for markup."""
    if not isinstance(value, str):
        raise TypeError
    return "".join(sign for sign in value if sign.isalnum() or sign in "_-+. ")[:_LONGEST_TEXT]
