"""What a model package says about its model, to and from the JSON of the ``.emd``."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from .package_files import ModelPackageError

#: Layout of the ``Roadsmith`` record; a package with a higher one comes from a newer version.
FORMAT = 1
_MAX_BANDS = 1024
_ROAD_CLASS = {"Value": 1, "Name": "road", "Color": [230, 60, 40]}


def _road_classes() -> list[dict[str, Any]]:
    return [dict(_ROAD_CLASS)]


@dataclass(frozen=True)
class PackageInfo:
    """All that must be known to use a model, and where it comes from.

    Attributes:
        model_type, arguments: name in the registry, and the network's constructor arguments.
        bands: 1-based bands of the source raster, in the network's order.
        band_means, band_stds: of the training data, source units, one a band.
        cell_metres: x and y size of a training pixel, metres. chip_size: side of a training chip, pixels.
        stretch: how the training chips were brought to 8 bits (``kind``, and ``low`` and ``high`` of each band in source values),
            to be repeated on every raster; None if they have the source's own values.
        threshold: probability from which a pixel is road.
        network_threshold: probability from which Raster to Road Vector draws roads, chosen by how well the networks agree; None
            for ``threshold``.
        classes: Esri's records, background left out.
        attribution: licence and attribution of the training data, as the user must repeat it.
        scores: of the best epoch on the validation chips, at a threshold of 0.5; those named ``…_at_threshold`` at ``threshold``.
        versions: of the software that trained it.
    """

    model_type: str
    arguments: dict[str, Any]
    bands: list[int]
    band_means: list[float]
    band_stds: list[float]
    cell_metres: tuple[float, float]
    chip_size: int
    stretch: dict[str, Any] | None = None
    threshold: float = 0.5
    network_threshold: float | None = None
    classes: list[dict[str, Any]] = field(default_factory=_road_classes)
    attribution: str = ""
    scores: dict[str, float] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)


def definition(name: str, info: PackageInfo) -> dict[str, Any]:
    """Return the content of ``name``.emd. Esri's cell sizes carry no unit; ours are metres, said in the WKID of Web Mercator."""
    cell_size = {"x": info.cell_metres[0], "y": info.cell_metres[1], "spatialReference": {"wkid": 102100, "latestWkid": 3857}}
    return {
        "Framework": "PyTorch",
        "ModelType": "ImageClassification",
        # Esri's name for networks that learn orientation too; the others are none of theirs
        "ModelName": "MultiTaskRoadExtractor" if "orientation_classes" in info.arguments else "RoadExtractor",
        "ModelFile": f"{name}.safetensors",
        "Description": "Roads from imagery, trained with Roadsmith.",
        "ImageHeight": info.chip_size,
        "ImageWidth": info.chip_size,
        "ExtractBands": [band - 1 for band in info.bands],
        "ImageSpaceUsed": "MAP_SPACE",
        "MinCellSize": cell_size,
        "MaxCellSize": cell_size,
        "Threshold": info.threshold,
        "Classes": info.classes,
        "Roadsmith": {"format": FORMAT, **asdict(info)},
    }


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _is_share(value: Any) -> bool:
    return _is_number(value) and 0 < value < 1


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31


def _is_numbers(value: Any) -> bool:
    return isinstance(value, list) and all(_is_number(each) for each in value)


def _is_record(value: Any) -> bool:
    return isinstance(value, dict)


def _is_stretch(value: Any) -> bool:
    if not _is_record(value) or not isinstance(value.get("kind"), str):
        return False
    return all(_is_numbers(value.get(end)) for end in ("low", "high"))


#: What packages of earlier versions do not say.
_OPTIONAL = {"stretch", "network_threshold"}
_CHECKS: dict[str, Callable[[Any], bool]] = {
    "model_type": lambda value: isinstance(value, str),
    "arguments": _is_record,
    "bands": lambda value: isinstance(value, list) and 0 < len(value) <= _MAX_BANDS and all(_is_count(each) for each in value),
    "band_means": _is_numbers,
    "band_stds": lambda value: _is_numbers(value) and all(each >= 0 for each in value),
    "cell_metres": lambda value: _is_numbers(value) and len(value) == 2 and all(each > 0 for each in value),
    "chip_size": lambda value: _is_count(value) and value <= 2**16,
    "stretch": lambda value: value is None or _is_stretch(value),
    "threshold": _is_share,
    "network_threshold": lambda value: value is None or _is_share(value),
    "classes": lambda value: isinstance(value, list) and all(_is_record(each) for each in value),
    "attribution": lambda value: isinstance(value, str),
    "scores": lambda value: _is_record(value) and all(_is_number(each) for each in value.values()),
    "versions": _is_record,
}


def parse_definition(record: dict[str, Any], source: str) -> PackageInfo:
    """Return the checked description of a package; ``source`` names it in messages.

    Raises:
        ModelPackageError: a key is missing or cannot be what it says.
    """
    ours = record.get("Roadsmith")
    if not isinstance(ours, dict):
        raise ModelPackageError(f"The key 'Roadsmith' of {source} is no JSON object: copy the package again.")
    if not _is_count(ours.get("format")) or ours["format"] > FORMAT:
        raise ModelPackageError(
            f"{source} has the package format {ours.get('format')!r}, this version reads up to {FORMAT}: update Roadsmith."
        )
    for each in fields(PackageInfo):
        if each.name not in ours and each.name in _OPTIONAL:
            continue
        if each.name not in ours:
            raise ModelPackageError(f"The model definition of {source} lacks '{each.name}': copy the package again.")
        if not _CHECKS[each.name](ours[each.name]):
            raise ModelPackageError(
                f"The model definition of {source} has a wrong '{each.name}' ({ours[each.name]!r:.60}): copy the package again."
            )
    counts = {len(ours[name]) for name in ("bands", "band_means", "band_stds")} | {ours["arguments"].get("bands")}
    if ours.get("stretch"):
        counts |= {len(ours["stretch"][end]) for end in ("low", "high")}
    if len(counts) != 1:
        raise ModelPackageError(f"The model definition of {source} names different numbers of bands: copy the package again.")
    values = {each.name: ours[each.name] for each in fields(PackageInfo) if each.name in ours}
    x, y = values["cell_metres"]
    return PackageInfo(**{**values, "cell_metres": (float(x), float(y))})
