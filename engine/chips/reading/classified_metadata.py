"""What the metadata of a "Classified Tiles" folder says, in all the spellings that ArcGIS and Roadsmith have for it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyproj
from pyproj.exceptions import CRSError

from ...errors import EngineError
from ..label_classes import ROAD_NAME, ROAD_VALUE
from ..metadata_files import ACCUMULATED_FILE, ROADSMITH_FILE, TEMPLATE_FILE, read_json
from ..statistics import BandAccumulator, BandStatistics
from .mask_coding import ValueCoding
from .road_label import RoadLabel

_BACKGROUND_NAMES = ("background", "nodata", "no data")


@dataclass(frozen=True)
class Metadata:
    """The metadata files as they are, empty where there is none.

    Attributes:
        template: the ``.emd``. accumulated: the statistics. extras: ``roadsmith.json``.
    """

    folder: Path
    template: dict[str, Any]
    accumulated: dict[str, Any]
    extras: dict[str, Any]

    @property
    def band_count(self) -> int | None:
        """Number of bands the metadata gives."""
        return _whole(self.accumulated.get("NumBands"))

    @property
    def tile_shape(self) -> tuple[int, int] | None:
        """Height and width of the chips, pixels."""
        for record, rows, columns in ((self.accumulated, "TileSizeY", "TileSizeX"), (self.template, "ImageHeight", "ImageWidth")):
            height, width = _whole(record.get(rows)), _whole(record.get(columns))
            if height and width:
                return height, width
        return None

    @property
    def class_names(self) -> dict[int, str]:
        """Names of the classes by their values, background left out."""
        for record in (self.template, self.accumulated):
            classes = record.get("Classes")
            found: dict[int, str] = {}
            for each in classes if isinstance(classes, list) else []:
                if isinstance(each, dict):
                    value = _whole(each.get("Value", each.get("ClassValue")))
                    if value:
                        found[value] = str(each.get("Name", each.get("ClassName", value)))
            if found:
                return dict(sorted(found.items()))
        return {}

    @property
    def crs(self) -> str:
        """Coordinate system of the chips as WKT, empty if the metadata names none that is known."""
        cell = self.accumulated.get("MinCellSize", self.template.get("MinCellSize"))
        reference = cell.get("spatialReference") if isinstance(cell, dict) else None
        if not isinstance(reference, dict):
            return ""
        for authority, key in (("EPSG", "latestWkid"), ("EPSG", "wkid"), ("ESRI", "wkid")):
            if (code := _whole(reference.get(key))) is not None:
                try:
                    return str(pyproj.CRS.from_authority(authority, str(code)).to_wkt())
                except CRSError:
                    continue
        return ""

    def band_statistics(self, band_count: int) -> list[BandStatistics] | None:
        """Return the stored statistics of the first raster's bands, None if there are none that can be used."""
        for read in (self._states, self._template_statistics):
            found = read()[:band_count]
            usable = [each for each in found if each is not None and each.std > 0 and _is_finite(each)]
            if len(usable) == band_count:
                return usable
        return None

    def _states(self) -> list[BandStatistics | None]:
        states = self.accumulated.get("BandStatsState")
        if isinstance(states, list) and states and isinstance(states[0], list):
            states = states[0]  # a second raster's statistics stand in a second list
        return [_of_state(each) for each in states] if isinstance(states, list) else []

    def _template_statistics(self) -> list[BandStatistics | None]:
        records = self.template.get("AllTilesStats")
        return [_of_record(each) for each in records] if isinstance(records, list) else []


def read_metadata(folder: Path) -> Metadata:
    """Read what there is of the metadata files.

    Raises:
        EngineError: a file is damaged, or describes training data of another kind than Classified Tiles.
    """
    paths = [folder / name for name in (TEMPLATE_FILE, ACCUMULATED_FILE, ROADSMITH_FILE)]
    template, accumulated, extras = (read_json(path) if path.is_file() else {} for path in paths)
    for record in (template, accumulated):
        mode = str(record.get("MetaDataMode", "Classified_Tiles"))
        if mode.casefold() != "classified_tiles" and not mode.startswith("e.g."):
            raise EngineError(
                f"{folder} holds training data of the kind {mode}: export it again with the metadata format Classified Tiles."
            )
    return Metadata(folder, template, accumulated, extras)


def class_coding(metadata: Metadata, wanted: RoadLabel) -> tuple[ValueCoding, list[str]]:
    """Decide which class values are road.

    Args:
        wanted: values or names of classes; empty for all but background.

    Returns:
        The coding, and remarks for the user.

    Raises:
        EngineError: a class is not there, or a colour was given.
    """
    names = metadata.class_names
    ignored = _whole(metadata.extras.get("nodata_label"))
    listed = ", ".join(f"{value} {name}" for value, name in names.items()) or "not named"
    if wanted.colours:
        raise EngineError(f"The labels of {metadata.folder} hold values, not colours: set the road label to classes ({listed}).")
    if wanted:
        road: set[int] = set()
        for word in wanted.names:
            found = _values_of(word, names)
            if not found:
                raise EngineError(f"{metadata.folder} has no class '{word}': its classes are {listed}.")
            road |= found
        unnamed = sorted(road - set(names)) if names else []
        return ValueCoding(frozenset(road), ignored=ignored), [
            f"{metadata.folder} names no class {value}: its classes are {listed}." for value in unnamed
        ]
    background = {value for value, name in names.items() if name.strip().casefold() in _BACKGROUND_NAMES}
    if names and background == set(names):
        raise EngineError(f"{metadata.folder} has no class but background ({listed}): set the road label to the road's value.")
    roads = {value: name for value, name in names.items() if value not in background}
    remarks = []
    if len(roads) > 1:
        chosen = ", ".join(f"{value} {name}" for value, name in roads.items())
        remarks.append(f"All classes of {metadata.folder} are taken as road ({chosen}): set the road label if only some are.")
    known = frozenset({0, *names}) if names else None
    return ValueCoding(None, frozenset({0, *background}), known, ignored), remarks


def default_class_names() -> dict[int, str]:
    """Return the one class of folders that name none."""
    return {ROAD_VALUE: ROAD_NAME}


def _values_of(word: str, names: Mapping[int, str]) -> set[int]:
    """Return the class values a word stands for: a class's value first, then a class's name, then any value."""
    value = int(word) if re.fullmatch(r"-?\d+", word) else None
    named = {each for each, name in names.items() if name.strip().casefold() == word.casefold()}
    if value is None or (named and value not in names):
        return named
    return {value}


def _whole(value: Any) -> int | None:
    """Return a whole number, also out of text such as ``e.g. 256``; None if there is none."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return int(value) if math.isfinite(value) and value == value // 1 else None
    match = re.search(r"-?\d+", str(value))
    return int(match.group()) if match else None


def _is_finite(band: BandStatistics) -> bool:
    return all(math.isfinite(figure) for figure in (band.minimum, band.maximum, band.mean, band.std))


def _of_state(state: Any) -> BandStatistics | None:
    try:
        return BandAccumulator(state).statistics
    except (AttributeError, TypeError, ValueError, OverflowError):
        return None


def _of_record(record: Any) -> BandStatistics | None:
    try:
        return BandStatistics(*(float(record[key]) for key in ("Min", "Max", "Mean", "StdDev")))
    except (KeyError, TypeError, ValueError):
        return None
