"""Augmentation as users write it: a preset's name, a table of names and values, or a JSON file.

The table and the file hold the same: an object of names and values, for instance

    {"rotate": "30; 0.5", "brightness": "(0.4, 0.6); 1.0", "contrast": "(0.75, 1.5); 1.0", "zoom": "(1.0, 1.2); 1.0",
     "crop": "chip_size; 1.0; (0, 1); (0, 1)", "dihedral": 1.0, "hue": [-10, 10], "corners": "ignore"}

A value is text as ArcGIS writes it, "value; probability" with one number or "(low, high)", or a JSON number or pair, whose
probability is 1. One number means that value for every chip, for ``rotate`` and ``hue`` any angle up to it, either way.
``crop`` has ArcGIS's four parts: size, probability, range of rows, range of columns. ``dihedral`` is a probability, true or
false. What is not named does not happen, but for the crop. ArcGIS's names (also ``dihedral_affine``) all have their meaning
here; a file may keep them under ``Training``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..errors import EngineError
from .augmentation_settings import DEFAULT, LIMITS, NONE, AugmentationSettings, Range

KINDS = ("default", "none", "custom", "file")
_EITHER_WAY = ("rotate", "hue")
_MAX_BYTES = 2**20
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_SINGLE = re.compile(rf"\s*({_NUMBER})\s*")
_PAIR = re.compile(rf"\s*[(\[]\s*({_NUMBER})\s*,\s*({_NUMBER})\s*[)\]]\s*")


def augmentation_settings(kind: str, table: Mapping[str, Any] | None = None, file: str = "") -> AugmentationSettings:
    """Return the settings of a preset: ``default``, ``none``, ``custom`` (of ``table``) or ``file`` (of a JSON ``file``).

    Raises:
        EngineError: there is no such preset, or something in the table or file cannot be used.
    """
    if kind.lower() not in KINDS:
        raise EngineError(f"There is no augmentation '{kind}': choose {', '.join(KINDS)}.")
    if kind.lower() == "file":
        return from_json(Path(file))
    if kind.lower() == "custom":
        return from_table(table or {})
    return DEFAULT if kind.lower() == "default" else NONE


def from_json(path: Path) -> AugmentationSettings:
    """Return the settings in a JSON file; see above for what it holds.

    Raises:
        EngineError: the file cannot be read or used.
    """
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise EngineError(f"The augmentation file {path} is too large: choose a JSON file of names and values.")
        record = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise EngineError(f"The augmentation file '{path}' cannot be read ({error.strerror}): choose a JSON file.") from error
    except (ValueError, RecursionError) as error:
        raise EngineError(f"The augmentation file {path} is no JSON ({error}): mend it, or choose another one.") from error
    if isinstance(record, dict):
        record = next((value for name, value in record.items() if name.lower() == "training"), record)
    if not isinstance(record, dict):
        raise EngineError(f"The augmentation file {path} holds no names and values: write {{\"rotate\": \"30; 0.5\"}} or such.")
    return from_table(record)


def from_table(table: Mapping[str, Any]) -> AugmentationSettings:
    """Return the settings of names and values; see above.

    Raises:
        EngineError: a name is unknown, or its value cannot be used.
    """
    settings, seen = NONE, set()
    for written, value in table.items():
        name = _plain_name(written)
        if name in seen:
            raise EngineError(f"The augmentation '{name}' is given twice: keep one of them.")
        seen.add(name)
        if name == "crop":
            settings = _with_crop(settings, value)
        elif name == "dihedral":
            settings = replace(settings, dihedral=_share(name, value))
        elif name == "corners":
            settings = replace(settings, corners=str(value).strip().lower())
        else:
            change: dict[str, Any] = {name: _range(name, value)}
            settings = replace(settings, **change)
    return settings


def _plain_name(written: str) -> str:
    name = str(written).strip().lower()
    name = "dihedral" if name in ("dihedral_affine", "flip") else name
    known = ("crop", "dihedral", "corners", *LIMITS)
    if name not in known:
        raise EngineError(f"There is no augmentation '{written}': choose among {', '.join(known)}.")
    return name


def _range(name: str, value: Any) -> Range:
    value, *rest = _parts(name, value, 2)
    numbers = _numbers(value)
    if numbers is None:
        raise EngineError(f"The augmentation '{name}' cannot be '{value}': write a number or (low, high), such as '30; 0.5'.")
    low, high = numbers if len(numbers) == 2 else (numbers[0], numbers[0])
    if len(numbers) == 1 and name in _EITHER_WAY:
        low, high = -abs(low), abs(high)
    return Range(low, high, _share(name, rest[0]) if rest else 1.0)


def _with_crop(settings: AugmentationSettings, value: Any) -> AugmentationSettings:
    if isinstance(value, (bool, int, float)):
        return replace(settings, crop=_share("crop", value))
    size, *rest = _parts("crop", value, 4)
    if str(size).strip().lower() != "chip_size":
        raise EngineError(f"The augmentation 'crop' cannot have the size '{size}': write chip_size; the training sets it.")
    pairs = [_numbers(each) for each in rest[1:]]
    if any(pair is None or len(pair) != 2 for pair in pairs):
        raise EngineError(f"The augmentation 'crop' cannot be '{value}': write 'chip_size; 1.0; (0, 1); (0, 1)'.")
    rows, columns = [(pair[0], pair[1]) for pair in pairs if pair] + [(0.0, 1.0)] * (2 - len(pairs))
    return replace(settings, crop=_share("crop", rest[0]) if rest else 1.0, crop_rows=rows, crop_columns=columns)


def _parts(name: str, value: Any, most: int) -> list[Any]:
    if not isinstance(value, str):
        return [value]
    parts = [part for part in value.split(";") if part.strip()]
    if not 1 <= len(parts) <= most:
        raise EngineError(f"The augmentation '{name}' cannot be '{value}': write at most {most} parts with ; between them.")
    return parts


def _share(name: str, value: Any) -> float:
    numbers = _numbers(float(value) if isinstance(value, bool) else value)
    if numbers is None or len(numbers) != 1:
        raise EngineError(f"The augmentation '{name}' cannot have the probability '{value}': write a number from 0 to 1.")
    return numbers[0]


def _numbers(value: Any) -> tuple[float, ...] | None:
    """Return the one or two numbers of a value, None if it is something else."""
    if isinstance(value, str):
        match = _SINGLE.fullmatch(value) or _PAIR.fullmatch(value)
        return tuple(float(each) for each in match.groups()) if match else None
    values = value if isinstance(value, (list, tuple)) else [value]
    if len(values) not in (1, 2) or any(isinstance(each, bool) or not isinstance(each, (int, float)) for each in values):
        return None
    return tuple(float(each) for each in values)
