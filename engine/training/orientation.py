"""Orientation truth: the direction of the road at every pixel near its centre line (Batra et al. 2019).

A road mask is thinned, traced and simplified to straight segments; every pixel within ``theta`` of a segment takes the class
of the segment's direction. It must be computed after flips and rotations, which change directions.
"""

from __future__ import annotations

import math

import numpy as np
import shapely

from ...models.losses import IGNORE_ORIENTATION, IGNORE_ROAD
from ..raster.skeleton import skeletonise, trace_pixels

#: Tolerance of the simplification at 1, 1/2 and 1/4 of the full size, pixels of that scale (the reference's values).
SIMPLIFY = (4.0, 2.0, 1.0)


def orientation_class_count(bin_size: float) -> int:
    """Return the number of classes for bins of ``bin_size`` degrees: the bins of 360° and one for "no road"."""
    return math.ceil(360.0 / bin_size) + 1


def orientation_labels(label: np.ndarray, bin_size: float, theta: float, scale: int = 0) -> np.ndarray:
    """Return the orientation classes of a road label.

    Args:
        label: (height, width) uint8: 0 background, 1 road, 255 ignored.
        bin_size: degrees per class. theta: half-width of the band around a centre line, pixels of the label.
        scale: the label is 1 / 2^scale (0, 1 or 2) of the full size: smaller ones are simplified less, see ``SIMPLIFY``.

    Returns:
        (height, width) int64: ``floor(angle / bin_size)`` with the angle counted from +x (columns) towards +y (rows),
        the last class where no road is near, -1 where the label is ignored.
    """
    classes = np.full(label.shape, orientation_class_count(bin_size) - 1, np.int64)
    starts, ends = _segments(label == 1, SIMPLIFY[scale])
    if len(starts):
        _paint(classes, starts, ends, bin_size, theta)
    classes[label == IGNORE_ROAD] = IGNORE_ORIENTATION
    return classes


def _segments(mask: np.ndarray, tolerance: float) -> tuple[np.ndarray, np.ndarray]:
    """Return start and end (x, y) of the straight pieces of a mask's centre lines, float64 (segments, 2) each, in order."""
    graph = trace_pixels(*np.divmod(np.flatnonzero(skeletonise(mask)), mask.shape[1]))
    lengths = np.diff(graph.path_offsets)
    if not len(graph.edge_nodes):
        return np.zeros((0, 2)), np.zeros((0, 2))
    pixels = np.column_stack([graph.columns, graph.rows])[graph.path_pixels].astype(np.float64)
    lines = shapely.linestrings(pixels, indices=np.repeat(np.arange(len(lengths)), lengths))
    points, line_of = shapely.get_coordinates(shapely.simplify(lines, tolerance, preserve_topology=False), return_index=True)
    first = np.flatnonzero(np.diff(line_of, prepend=-1))
    last = np.append(first[1:], len(points)) - 1
    # the direction of a line is a convention: it runs from the end farther from the image's corner to the nearer one
    away = np.square(points).sum(axis=1)
    backwards = (away[first] < away[last])[line_of]
    place = np.arange(len(points))
    points = points[np.where(backwards, (first + last)[line_of] - place, place)]
    inside = np.ones(len(points), bool)
    inside[last] = False
    here = np.flatnonzero(inside)
    starts, ends = points[here], points[here + 1]
    moved = np.any(starts != ends, axis=1)
    return starts[moved], ends[moved]


def _paint(classes: np.ndarray, starts: np.ndarray, ends: np.ndarray, bin_size: float, theta: float) -> None:
    """Write each segment's class into its bounding box grown by theta, where the distance to its line is at most theta."""
    height, width = classes.shape
    unit = (ends - starts) / np.linalg.norm(ends - starts, axis=1, keepdims=True)
    angles = (np.degrees(np.arctan2(unit[:, 1], unit[:, 0])) + 360.0) % 360.0
    bins = np.floor(angles / bin_size).astype(np.int64)
    low = np.maximum(np.ceil(np.minimum(starts, ends) - theta), 0).astype(np.int64)
    high = np.floor(np.maximum(starts, ends) + theta).astype(np.int64) + 1
    for (x0, y0), (x1, y1), (ux, uy), (ax, ay), value in zip(low, np.minimum(high, [width, height]), unit, starts, bins):
        x, y = np.arange(x0, x1)[None, :], np.arange(y0, y1)[:, None]
        near = np.abs(ux * (y - ay) - uy * (x - ax)) <= theta
        classes[y0:y1, x0:x1][near] = value
