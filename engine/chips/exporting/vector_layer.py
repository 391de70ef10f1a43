"""Reading features of any vector file where they are needed, mended and in the raster's coordinate system."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyogrio
import pyproj
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj.enums import TransformDirection

from ...errors import EngineError

Bounds = tuple[float, float, float, float]

#: The plugin's copy of a layer says here which feature of the user's layer each one is.
ID_FIELD = "source_id"
_CHUNK = 50_000
#: Long segments are divided before they are carried to another system, where they bend: parts of the layer's own
#: rectangle read at a time. A 20 km block leaves segments of 40 m, that bend by millimetres.
_SEGMENT_SHARE = 1 / 500


@dataclass(frozen=True)
class Features:
    """Features of one place.

    Attributes:
        geometries: valid ones, in the wanted coordinate system. ids: int64, as the user knows them.
        columns: the fields asked for. mended, unusable: ids of features that were repaired; that have no usable geometry.
    """

    geometries: np.ndarray
    ids: np.ndarray
    columns: dict[str, np.ndarray]
    mended: frozenset[int]
    unusable: frozenset[int]


class VectorLayer:
    """A vector layer, read by rectangle. Safe to use from threads: every read opens the file anew.

    Args:
        path: anything OGR opens. layer: name, empty for the only one. crs: wanted coordinate system, also that of a layer
            without one. kind: what to call it in messages.

    Raises:
        EngineError: it cannot be read, or holds no features.
    """

    def __init__(self, path: str, layer: str, crs: pyproj.CRS, kind: str = "road layer") -> None:
        self.path, self.kind, self.layer = path, kind, layer or None
        try:
            info = pyogrio.read_info(path, layer=self.layer, force_feature_count=True, force_total_bounds=True)
        except (DataSourceError, DataLayerError) as error:
            raise EngineError(f"The {kind} {path} cannot be read ({error}).") from error
        if not info["features"]:
            raise EngineError(f"The {kind} {path} holds no features: choose a layer with road lines or polygons.")
        self.layer = info["layer_name"]
        self.count: int = info["features"]
        self.fields = [str(name) for name in info["fields"]]
        self.is_indexed = bool(info["capabilities"].get("fast_spatial_filter", False))
        own = pyproj.CRS.from_user_input(info["crs"]) if info["crs"] else crs
        same = own.equals(crs, ignore_axis_order=True)
        self._transformer = None if same else pyproj.Transformer.from_crs(own, crs, always_xy=True)
        left, bottom, right, top = (float(value) for value in info["total_bounds"])
        self.bounds: Bounds = (left, bottom, right, top)

    def check_field(self, name: str) -> None:
        """Raise an ``EngineError`` if there is no such field."""
        if name not in self.fields:
            raise EngineError(f"The {self.kind} {self.path} has no field '{name}': it has {', '.join(self.fields) or 'none'}.")

    def bounds_in(self, crs: pyproj.CRS) -> Bounds:
        """Return the layer's rectangle in the wanted coordinate system."""
        if self._transformer is None:
            return self.bounds
        return self._transformer.transform_bounds(*self.bounds)

    def distinct(self, field: str) -> list[object]:
        """Return the values that occur in a field, None among them if it is empty somewhere."""
        quoted = field.replace('"', '""')
        layer = str(self.layer).replace('"', '""')
        with _explained(self):
            query = f'SELECT DISTINCT "{quoted}" FROM "{layer}"'  # nosec B608
            data = pyogrio.raw.read(self.path, sql=query, read_geometry=False)[3]
        return [None if _is_missing(value) else value for value in (data[0] if data else [])]

    def is_empty_in(self, bounds: Bounds) -> bool:
        """Whether no feature touches a rectangle given in the wanted coordinate system."""
        with _explained(self):
            found = pyogrio.raw.read(self.path, layer=self.layer, columns=[], bbox=self._in_own_system(bounds), max_features=1)
        return len(found[2]) == 0

    def read(self, bounds: Bounds, fields: Sequence[str] = ()) -> Features:
        """Return the features that touch a rectangle given in the wanted coordinate system."""
        bounds = self._in_own_system(bounds)
        names = [name for name in (*fields, ID_FIELD) if name in self.fields]
        with _explained(self):
            meta, fids, blobs, data = pyogrio.raw.read(
                self.path, layer=self.layer, columns=names, bbox=bounds, force_2d=True, return_fids=True
            )
        columns = dict(zip((str(name) for name in meta["fields"]), data))
        ids = np.asarray(columns.pop(ID_FIELD, fids), np.int64)
        return self._usable(shapely.from_wkb(blobs, on_invalid="ignore"), ids, columns, bounds)

    def _in_own_system(self, bounds: Bounds) -> Bounds:
        if self._transformer is not None:
            left, bottom, right, top = self._transformer.transform_bounds(*bounds, direction=TransformDirection.INVERSE)
            # over the date line, or where the rectangle cannot be carried over: all that the layer has
            usable = left <= right and np.isfinite([left, bottom, right, top]).all()
            bounds = (left, bottom, right, top) if usable else self.bounds
        return bounds

    def _usable(self, geometries: np.ndarray, ids: np.ndarray, columns: dict[str, np.ndarray], bounds: Bounds) -> Features:
        broken = ~shapely.is_valid(geometries) & ~shapely.is_missing(geometries)
        geometries = np.where(broken, shapely.make_valid(geometries), geometries) if broken.any() else geometries
        if self._transformer is not None and len(geometries):
            geometries = self._transformed(geometries, bounds)
        usable = ~(shapely.is_missing(geometries) | shapely.is_empty(geometries))
        usable &= np.isfinite(shapely.bounds(geometries)).reshape(-1, 4).all(axis=1)
        return Features(
            geometries[usable], ids[usable], {name: values[usable] for name, values in columns.items()},
            frozenset(ids[broken & usable].tolist()), frozenset(ids[~usable].tolist()),
        )

    def _transformed(self, geometries: np.ndarray, bounds: Bounds) -> np.ndarray:
        transformer = self._transformer
        assert transformer is not None
        longest = max(bounds[2] - bounds[0], bounds[3] - bounds[1]) * _SEGMENT_SHARE
        if longest > 0:
            geometries = shapely.segmentize(geometries, longest)
        return shapely.transform(geometries, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1])))

    def digest(self, fields: Sequence[str] = ()) -> str:
        """Return a fingerprint of all features: the same layer, copied anew, has the same."""
        total = hashlib.blake2b(digest_size=16)
        for start in range(0, self.count, _CHUNK):
            with _explained(self):
                _, _, blobs, data = pyogrio.raw.read(
                    self.path, layer=self.layer, columns=list(fields), skip_features=start, max_features=_CHUNK
                )
            for blob in blobs:
                total.update(blob or b"-")
            for values in data:
                total.update(values.tobytes() if values.dtype != object else "\0".join(map(str, values)).encode())
        return total.hexdigest()


@contextlib.contextmanager
def _explained(layer: VectorLayer) -> Iterator[None]:
    """Turn the reader's refusals into a sentence."""
    try:
        yield
    except (DataSourceError, DataLayerError) as error:
        raise EngineError(f"The {layer.kind} {layer.path} cannot be read ({error}).") from error


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and np.isnan(value))
