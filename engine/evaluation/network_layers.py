"""Reading the two road layers: plain lines, in metres, in one local coordinate system."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyogrio.raw
import pyproj
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from ..errors import EngineError
from ..raster.measure import ellipsoidal_lengths
from ..reporter import Reporter
from .local_system import carried, local_system

#: The plugin's copy of a layer says here which feature of the user's layer each one is.
ID_FIELD = "source_id"
_LINES, _POLYGONS = (1, 2, 5), (3, 6)


@dataclass(frozen=True)
class RoadLines:
    """The roads of one layer.

    Attributes:
        lines: object (n,), shapely LineStrings of two dimensions and more than no length, metres in the local system.
        ids: int64 (n,), the feature each comes from. speeds: float64 (n,), km/h, NaN where unknown.
    """

    lines: np.ndarray
    ids: np.ndarray
    speeds: np.ndarray

    def __len__(self) -> int:
        return len(self.lines)


@dataclass(frozen=True)
class NetworkPair:
    """Both layers, and the coordinate systems: ``local`` of the lines and ``reference_crs`` of the results.

    Without a coordinate system in either layer both are None and the layers' units count as metres.
    """

    roads: RoadLines
    reference: RoadLines
    local: pyproj.CRS | None
    reference_crs: pyproj.CRS | None

    def lengths(self, lines: np.ndarray) -> np.ndarray:
        """Return the lengths of lines in the local system, metres on the ellipsoid, float64 (n,)."""
        return np.asarray(shapely.length(lines), np.float64) if self.local is None else ellipsoidal_lengths(lines, self.local)

    def to_reference_crs(self, lines: np.ndarray) -> np.ndarray:
        """Return lines of the local system in the reference layer's coordinate system."""
        return lines if self.local is None or self.reference_crs is None else carried(lines, self.local, self.reference_crs)


@dataclass(frozen=True)
class _Layer:
    """A layer as it is in its file."""

    name: str
    geometries: np.ndarray
    ids: np.ndarray
    speeds: np.ndarray
    crs: pyproj.CRS | None


def read_networks(
    roads: tuple[str, str], reference: tuple[str, str], mask: tuple[str, str], speed_field: str, reporter: Reporter
) -> NetworkPair:
    """Read both layers, each a path and a layer name (empty for the only one); keep what lies inside the mask's polygons.

    Heights and measures are dropped, curves drawn as lines, parts of multi-lines taken apart. Features without a length are left
    out with a warning, as are those that are no lines. An empty layer is no error. A layer without a coordinate system is taken
    to be in the other's.

    Raises:
        EngineError: a layer cannot be read, holds no lines but something else, or its coordinates cannot be placed.
    """
    layers = [_read(*roads, "roads", speed_field, reporter), _read(*reference, "reference", speed_field, reporter)]
    if speed_field and not any(np.isfinite(each.speeds).any() for each in layers):
        reporter.warning(f"Neither layer has speeds in a field '{speed_field}': the default speed counts everywhere.")
    crs = [layers[0].crs or layers[1].crs, layers[1].crs or layers[0].crs]
    for layer, other in (layers, layers[::-1]):
        if layer.crs is None and other.crs is not None:
            reporter.warning(f"The {layer.name} have no coordinate system: that of the other layer is taken.")
    local = local_system([(layer.geometries, own) for layer, own in zip(layers, crs) if own is not None])
    area = _mask_area(*mask, local, crs[1], reporter) if mask[0] else None
    found = [_lines_of(layer, own, local, area, reporter) for layer, own in zip(layers, crs)]
    return NetworkPair(found[0], found[1], local, crs[1])


def _read(path: str, layer: str, name: str, speed_field: str, reporter: Reporter) -> _Layer:
    try:
        fields = [str(each) for each in pyogrio.read_info(path, layer=layer or None)["fields"]]
        wanted = [each for each in (speed_field, ID_FIELD) if each and each in fields]
        meta, fids, blobs, data = pyogrio.raw.read(path, layer=layer or None, columns=wanted, force_2d=True, return_fids=True)
    except (DataSourceError, DataLayerError, ValueError) as error:
        raise EngineError(f"The {name} layer {path} cannot be read ({error}).") from error
    columns = dict(zip((str(each) for each in meta["fields"]), data))
    if blobs is None:
        raise EngineError(f"The {name} layer {path} is a table without geometry: choose a layer with lines.")
    if speed_field and speed_field not in fields and len(fids):
        reporter.log(f"The {name} have no field '{speed_field}'.")
    ids = np.asarray(columns.get(ID_FIELD, fids), np.int64)
    crs = pyproj.CRS.from_user_input(meta["crs"]) if meta["crs"] else None
    speeds = _numbers(columns[speed_field]) if speed_field in columns else np.full(len(ids), np.nan)
    return _Layer(name, shapely.from_wkb(blobs, on_invalid="ignore"), ids, speeds, crs)


def _numbers(values: np.ndarray) -> np.ndarray:
    """Return positive numbers out of a field of any type, NaN elsewhere."""

    def number(value: object) -> float:
        try:
            return float(str(value))
        except ValueError:
            return np.nan

    found = np.array([number(value) for value in values], np.float64)
    return np.where(np.isfinite(found) & (found > 0), found, np.nan)


def _lines_of(
    layer: _Layer, own: pyproj.CRS | None, local: pyproj.CRS | None, area: shapely.Geometry | None, reporter: Reporter
) -> RoadLines:
    reporter.check_cancelled()
    parts, index = shapely.get_parts(layer.geometries, return_index=True)
    parts, inner = shapely.get_parts(parts, return_index=True)  # a collection of multi-lines
    index = index[inner]
    is_line = np.isin(shapely.get_type_id(parts), _LINES)
    if len(parts) and not is_line.any():
        kind = shapely.get_type_id(parts[0])
        said = "points" if kind == 0 else "polygons" if kind in _POLYGONS else "no lines"
        raise EngineError(f"The {layer.name} layer holds {said}, not lines: choose a layer with road lines.")
    lines, index = _with_length(parts[is_line], index[is_line])
    if own is not None and local is not None:
        lines, index = _with_length(carried(lines, own, local), index)
    lost = len(layer.geometries) - len(np.unique(index))
    if lost:
        first = np.setdiff1d(np.arange(len(layer.geometries)), index)[0]
        reporter.warning(
            f"{lost} features of the {layer.name} have no length and are left out, such as feature {layer.ids[first]}."
        )
    if area is not None:
        lines, index = _clipped(lines, index, area)
    return RoadLines(lines, layer.ids[index], layer.speeds[index])


def _with_length(lines: np.ndarray, index: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the lines that have a length and lie somewhere, without repeated vertices, and their share of ``index``."""
    usable = np.isfinite(shapely.bounds(lines)).reshape(-1, 4).all(axis=1)
    usable[usable] = shapely.length(lines[usable]) > 0
    return shapely.remove_repeated_points(lines[usable]), index[usable]


def _clipped(lines: np.ndarray, index: np.ndarray, area: shapely.Geometry) -> tuple[np.ndarray, np.ndarray]:
    shapely.prepare(area)
    lines, index = lines[shapely.intersects(area, lines)], index[shapely.intersects(area, lines)]
    cut = ~shapely.covers(area, lines)
    lines = lines.copy()
    lines[cut] = shapely.line_merge(shapely.intersection(lines[cut], area))
    parts, inner = shapely.get_parts(lines, return_index=True)
    kept = np.isin(shapely.get_type_id(parts), _LINES)
    return parts[kept], index[inner][kept]


def _mask_area(
    path: str, layer: str, local: pyproj.CRS | None, default: pyproj.CRS | None, reporter: Reporter
) -> shapely.Geometry:
    mask = _read(path, layer, "mask", "", reporter)
    parts = shapely.get_parts(mask.geometries)
    polygons = parts[np.isin(shapely.get_type_id(parts), _POLYGONS)]
    if not len(polygons):
        raise EngineError(f"The mask {Path(path).name} holds no polygons: choose a polygon layer, or none.")
    own = mask.crs or default
    if own is not None and local is not None:
        polygons = carried(polygons, own, local)
    return shapely.union_all(shapely.make_valid(polygons))
