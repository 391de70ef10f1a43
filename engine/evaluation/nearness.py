"""Which stretches of lines lie within a distance of other lines: exact, without drawing buffers."""

from __future__ import annotations

import numpy as np
import shapely

from ..reporter import Reporter
from .polylines import vertices

_CHUNK = 50_000
#: Shorter stretches and breaks (metres) are rounding.
_TINY = 1e-6


def near_stretches(
    lines: np.ndarray, others: np.ndarray, distance: float, reporter: Reporter
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the stretches of lines within ``distance`` of any of the others.

    Args:
        lines, others: object (n,) and (m,), LineStrings in metres.

    Returns:
        Stretches that neither touch nor overlap, by line: int64 (k,) line, float64 (k,) begin and end, metres along it.
    """
    xy, line, along = vertices(lines)
    start = np.flatnonzero(line[:-1] == line[1:]) if len(line) else np.zeros(0, np.int64)
    segments, targets = _segments(xy, start), segments_of(others)
    tree = shapely.STRtree(shapely.linestrings(targets))
    found = []
    for first in range(0, len(start), _CHUNK):
        reporter.check_cancelled()
        chunk = segments[first : first + _CHUNK]
        one, two = tree.query(shapely.linestrings(chunk), predicate="dwithin", distance=distance * (1 + 1e-9))
        low, high = _near_share(chunk[one], targets[two], distance)
        keep = high > low
        found.append(np.column_stack([first + one[keep], low[keep], high[keep]]))
    number, low, high = (np.concatenate(found) if found else np.zeros((0, 3))).T
    at = start[number.astype(np.int64)]
    length = along[at + 1] - along[at] if len(at) else np.zeros(0)
    return _joined(line[at], along[at] + low * length, along[at] + high * length)


def _segments(xy: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Return float64 (s, 2, 2): the vertices from which segments start, and those after them."""
    return np.stack([xy[start], xy[start + 1]], axis=1) if len(start) else np.zeros((0, 2, 2))


def segments_of(lines: np.ndarray) -> np.ndarray:
    """Return the segments of LineStrings by their ends, float64 (s, 2, 2)."""
    xy, line = shapely.get_coordinates(lines, return_index=True)
    return _segments(xy, np.flatnonzero(line[:-1] == line[1:]) if len(line) else np.zeros(0, np.int64))


def _near_share(one: np.ndarray, two: np.ndarray, distance: float) -> tuple[np.ndarray, np.ndarray]:
    """Return from where to where, as shares of its length, each segment of one array (p, 2, 2) is near that of the other.

    What is near a segment is convex: a strip along it and a disc around either end; so the stretch is one, and goes from the
    least of the three beginnings to the greatest of the three ends. No stretch: begin above end.
    """
    origin, step = one[:, 0], one[:, 1] - one[:, 0]
    target, axis = two[:, 0], two[:, 1] - two[:, 0]
    length = np.hypot(*axis.T)
    unit = axis / length[:, None]
    offset = origin - target
    # along the other segment between its ends, and across it within the distance
    low, high = _between(_dot(offset, unit), _dot(step, unit), np.zeros(len(one)), length)
    cross, cross_step = _cross(unit, offset), _cross(unit, step)
    low_across, high_across = _between(cross, cross_step, np.full(len(one), -distance), np.full(len(one), distance))
    stretches = [(np.maximum(low, low_across), np.minimum(high, high_across))]
    stretches += [_in_disc(origin - two[:, end], step, distance) for end in (0, 1)]
    low, high = np.full(len(one), np.inf), np.full(len(one), -np.inf)
    for first, last in stretches:
        begin, end = np.maximum(first, 0.0), np.minimum(last, 1.0)
        there = begin <= end
        low, high = np.where(there, np.minimum(low, begin), low), np.where(there, np.maximum(high, end), high)
    return low, high


def _between(value: np.ndarray, slope: np.ndarray, least: np.ndarray, most: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return between which t ``value + t * slope`` is between ``least`` and ``most``."""
    with np.errstate(divide="ignore", invalid="ignore"):
        one, other = (least - value) / slope, (most - value) / slope
    flat, inside = slope == 0, (value >= least) & (value <= most)
    low = np.where(flat, np.where(inside, -np.inf, np.inf), np.fmin(one, other))
    return low, np.where(flat, np.where(inside, np.inf, -np.inf), np.fmax(one, other))


def _in_disc(offset: np.ndarray, step: np.ndarray, radius: float) -> tuple[np.ndarray, np.ndarray]:
    """Return between which t ``offset + t * step`` is within ``radius`` of the origin; inf to -inf for none."""
    a, b, c = _dot(step, step), _dot(offset, step), _dot(offset, offset) - radius**2
    discriminant = b * b - a * c
    root = np.sqrt(np.maximum(discriminant, 0))
    none = discriminant < 0
    return np.where(none, np.inf, (-b - root) / a), np.where(none, -np.inf, (-b + root) / a)


def _dot(one: np.ndarray, two: np.ndarray) -> np.ndarray:
    return np.asarray((one * two).sum(axis=1))


def _cross(one: np.ndarray, two: np.ndarray) -> np.ndarray:
    return np.asarray(one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0])


def _joined(line: np.ndarray, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Join stretches of the same line that overlap or touch."""
    order = np.lexsort((low, line))
    line, low, high = line[order], low[order], high[order]
    # one axis for all lines, each far from the next, so that one running maximum serves them all
    far = line * (high.max(initial=0.0) + 1.0)
    reach = np.maximum.accumulate(high + far) if len(line) else high
    begins = np.ones(len(line), bool)
    begins[1:] = (low + far)[1:] > reach[:-1] + _TINY
    first = np.flatnonzero(begins)
    last = np.append(first[1:], len(line)) - 1 if len(line) else first
    return line[first], low[first], (reach - far)[last]
