"""Drawing many small polygons into an array: the pixels whose centres they cover, as GDAL does it, but all polygons at once.

``rasterio.features.rasterize`` turns every polygon into Python objects on its way to GDAL, which takes longer than reading,
compressing and writing a chip, and holds Python's lock.
"""

from __future__ import annotations

import numpy as np
import shapely


def burn(polygons: np.ndarray, values: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Return (height, width) uint8 with each polygon's value where a pixel's centre lies in it, else 0.

    Args:
        polygons: valid polygons and multipolygons in pixels (x along columns, y along rows; the first pixel's centre is
            0.5, 0.5). Other kinds are left out.
        values: one each, 1 to 255; where polygons overlap the smallest value is on top.
    """
    result = np.zeros(shape, np.uint8)
    for value in sorted(set(values.tolist()), reverse=True):
        np.putmask(result, _covered(polygons[values == value], shape), value)
    return result


def _covered(polygons: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Return (height, width) bool: winding numbers, summed along each row over the edges that cross it."""
    height, width = shape
    x, y, following, sense = _edges(polygons)
    begin = np.flatnonzero(following)
    end = begin + 1
    x0, y0, x1, y1 = x[begin], y[begin], x[end], y[end]
    # rows whose centre lies between an edge's ends, the lower one included, the upper one not
    low, high = np.minimum(y0, y1), np.maximum(y0, y1)
    first = np.clip(np.ceil(low - 0.5), 0, height).astype(np.int64)
    last = np.clip(np.ceil(high - 0.5), 0, height).astype(np.int64)
    counts = np.maximum(last - first, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = (x1 - x0) / (y1 - y0)
    # of every edge: where its line crosses the first row's middle, as a number of pixel centres, and which way it turns
    origin = x0 + (0.5 - y0) * slope - 0.5
    turn = (np.where(y1 > y0, 1, -1) * sense[begin]).astype(np.int16)
    row = np.arange(int(counts.sum())) + np.repeat(first - (np.cumsum(counts) - counts), counts)
    column = row * np.repeat(slope, counts)
    column += np.repeat(origin, counts)
    np.clip(np.ceil(column, out=column), 0, width, out=column)
    winding = np.zeros((height, width + 1), np.int16)
    np.add.at(winding.reshape(-1), row * (width + 1) + column.astype(np.int64), np.repeat(turn, counts))
    np.cumsum(winding, axis=1, out=winding)
    return winding[:, :width] != 0


def _edges(polygons: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return x and y of all vertices, whether an edge leads from each to the next, and the sense of its ring.

    The sense is such that outlines wind one way and holes the other, whichever way they were digitised.
    """
    parts = shapely.get_parts(polygons)
    parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    rings, owner = shapely.get_rings(parts, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    x, y = points[:, 0], points[:, 1]
    following = np.zeros(len(points), bool)
    following[:-1] = ring[:-1] == ring[1:]
    cross = np.zeros(len(points))
    cross[:-1] = x[:-1] * y[1:] - x[1:] * y[:-1]
    area = np.bincount(ring, np.where(following, cross, 0.0), minlength=len(rings))
    is_hole = np.zeros(len(rings), bool)
    is_hole[1:] = owner[1:] == owner[:-1]
    sense = np.where((area > 0) != is_hole, 1, -1)
    return x, y, following, sense[ring]
