"""A coordinate system in metres around the roads, and the way into it and out of it."""

from __future__ import annotations

import numpy as np
import pyproj
import shapely
from pyproj.crs import ProjectedCRS
from pyproj.crs.coordinate_operation import LambertAzimuthalEqualAreaConversion
from pyproj.exceptions import CRSError, ProjError

from ..errors import EngineError

#: Longer segments (metres) are divided before they are carried to another system, where they bend: by a centimetre at most.
_LONGEST_SEGMENT = 500.0
_METRES_PER_DEGREE = 111_320.0


def local_system(layers: list[tuple[np.ndarray, pyproj.CRS]]) -> pyproj.CRS | None:
    """Return an equal-area system in metres around the middle of geometries (None without a coordinate system).

    Lengths in it are true to 0.03 % within 300 km of the middle. A system without a place on the globe (a site's own grid) is
    returned as it is; distances then count in its units.

    Raises:
        EngineError: the layers' systems cannot be joined.
    """
    if not layers:
        return None
    base = layers[-1][1].geodetic_crs
    if base is None or any(crs.geodetic_crs is None for _, crs in layers):
        if not layers[0][1].equals(layers[-1][1]):
            raise EngineError("The layers' coordinate systems cannot be carried into one another: reproject one of them.")
        return layers[0][1]
    places = [_longitude_latitude(geometries, crs, base) for geometries, crs in layers]
    points = np.radians(np.concatenate(places)) if places else np.zeros((0, 2))
    # the mean of directions, not of degrees, so that the date line is nothing special
    east, north = points.T
    sphere = np.array([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)])
    x, y, z = sphere.mean(axis=1) if len(points) else (1.0, 0.0, 0.0)
    longitude, latitude = np.round(np.degrees([np.arctan2(y, x), np.arctan2(z, np.hypot(x, y))]), 3)
    conversion = LambertAzimuthalEqualAreaConversion(latitude_natural_origin=latitude, longitude_natural_origin=longitude)
    return ProjectedCRS(conversion=conversion, geodetic_crs=base)


def _longitude_latitude(geometries: np.ndarray, crs: pyproj.CRS, base: pyproj.CRS) -> np.ndarray:
    """Return the corners of all geometries' rectangles in degrees of ``base``, float64 (n, 2), without those that have none."""
    bounds = shapely.bounds(geometries).reshape(-1, 4)
    corners = bounds[np.isfinite(bounds).all(axis=1)].reshape(-1, 2)
    try:
        placed = np.column_stack(pyproj.Transformer.from_crs(crs, base, always_xy=True).transform(*corners.T))
    except (CRSError, ProjError) as error:
        raise EngineError(f"The layers' coordinate systems cannot be carried into one another ({error}).") from error
    return placed[np.isfinite(placed).all(axis=1)]


def carried(geometries: np.ndarray, source: pyproj.CRS, target: pyproj.CRS) -> np.ndarray:
    """Return geometries in another system; straight ones stay as straight as they were on the map they come from."""
    if source.equals(target, ignore_axis_order=True) or not len(geometries):
        return geometries
    metres_per_unit = _METRES_PER_DEGREE if source.is_geographic else source.axis_info[0].unit_conversion_factor
    longest = _LONGEST_SEGMENT / metres_per_unit
    transformer = pyproj.Transformer.from_crs(source, target, always_xy=True)
    finite = np.isfinite(shapely.bounds(geometries)).reshape(-1, 4).all(axis=1)
    result = geometries.copy()
    result[finite] = shapely.transform(
        shapely.segmentize(geometries[finite], longest), lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))
    )
    return result
