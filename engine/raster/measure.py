"""True lengths on the ground, in any coordinate system."""

from __future__ import annotations

import math

import numpy as np
import pyproj
import shapely
from affine import Affine
from pyproj.exceptions import CRSError, ProjError

from ..errors import EngineError


def ellipsoidal_lengths(lines: np.ndarray, crs: pyproj.CRS) -> np.ndarray:
    """Return the lengths of lines (map coordinates) on the ellipsoid of their coordinate system, metres, float64.

    Where a system has no ellipsoid (a site's own grid), or a point cannot be placed on it, the planar length counts.
    """
    factor = crs.axis_info[0].unit_conversion_factor if crs.axis_info and not crs.is_geographic else 1.0
    planar = shapely.length(lines) * factor
    geod = crs.get_geod()
    if geod is None or not len(lines):
        return np.asarray(planar, np.float64)
    points, line = shapely.get_coordinates(lines, return_index=True)
    try:
        longitude, latitude = _geographic(points, crs)
    except (CRSError, ProjError):
        return np.asarray(planar, np.float64)
    same = line[:-1] == line[1:]
    parts = geod.inv(longitude[:-1][same], latitude[:-1][same], longitude[1:][same], latitude[1:][same])[2]
    lengths = np.bincount(line[:-1][same], parts, minlength=len(lines))
    return np.where(np.isfinite(lengths), lengths, planar)


def cell_size_metres(transform: Affine, height: int, width: int, crs: pyproj.CRS | None) -> tuple[float, float]:
    """Return the true size of a pixel along its row and its column at the raster's centre, metres on the ellipsoid.

    The map's own metres will not do: those of Web Mercator at 60° north are half as long as they claim. Without coordinate
    system units are taken as metres.

    Raises:
        EngineError: the transform gives pixels no size.
    """
    x, y = width / 2, height / 2
    cross = [[transform * (x - dx, y - dy), transform * (x + dx, y + dy)] for dx, dy in ((0.5, 0), (0, 0.5))]
    lines = shapely.linestrings(cross)
    sizes = shapely.length(lines) if crs is None else ellipsoidal_lengths(lines, crs)
    if not (np.isfinite(sizes).all() and (sizes > 0).all()):
        raise EngineError("The raster's pixels have no size: its georeference is broken.")
    return float(sizes[0]), float(sizes[1])


def _geographic(points: np.ndarray, crs: pyproj.CRS) -> tuple[np.ndarray, np.ndarray]:
    """Return longitude and latitude of map points, degrees."""
    geographic = crs if crs.is_geographic else crs.geodetic_crs
    if geographic is None:
        raise CRSError("no geographic system underneath")
    x, y = points.T
    if not crs.is_geographic:
        x, y = pyproj.Transformer.from_crs(crs, geographic, always_xy=True).transform(x, y)
    degrees = math.degrees(geographic.axis_info[0].unit_conversion_factor) if geographic.axis_info else 1.0
    return np.asarray(x) * degrees, np.asarray(y) * degrees
