"""Sharp bends of a road: street corners, where two straight stretches meet, which smoothing would cut."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

#: The least turn of a corner, and how far from it, in half road widths and points, thinning has rounded it.
_LEAST_TURN = np.cos(np.radians(60.0))
_ROUNDED_WIDTHS, _ROUNDED_POINTS = 1.2, 1.5
#: How long the straight stretches on both sides are that a corner is judged by: metres, and points at most and at least.
_STRETCH_METRES, _STRETCH_POINTS, _LEAST_POINTS = 8.0, 8, 4
#: How far the corner may lie from the centre line, in half road widths and points: further off it is a curve.
_OFF_WIDTHS, _OFF_POINTS = 0.35, 0.9
#: Notches further from the corner, in half road widths, than that of a turn of 82° add to it.
_BLUNT = 1.33


def break_at_bends(
    points: np.ndarray, offsets: np.ndarray, radius: np.ndarray, step: float, area: tuple[float, float] = (np.inf, np.inf)
) -> tuple[np.ndarray, np.ndarray]:
    """Find the corners of paths, and put each where its two straight stretches meet.

    Args:
        points: float64 (n, 2), metres; path ``i`` is ``points[offsets[i]:offsets[i + 1]]``, evenly spaced.
        radius: (n,), half the width of the road at every point, metres.
        step: about how far apart the points are, metres. area: width and height of the raster, metres; no corner lies beyond it:
            where a road leaves the raster, its centre line may follow the rim for some pixels, which is no street corner.

    Returns:
        The points with the corners in place, and the indices of the corners, int64, rising.
    """
    stretch = max(_STRETCH_POINTS, int(_STRETCH_METRES / step))
    begin, near_before, near_after, end = _stretches(offsets, radius, step, stretch)
    before = points[near_before] - points[begin]
    after = points[end] - points[near_after]
    turn = (before * after).sum(axis=1) / np.maximum(np.hypot(*before.T) * np.hypot(*after.T), 1e-12)
    bent = (turn < _LEAST_TURN) & (near_before - begin >= _LEAST_POINTS) & (end - near_after >= _LEAST_POINTS)
    moved, corners = points.copy(), []
    for start, stop in _runs(bent, offsets):
        index = (start + stop - 1) // 2
        if stop - start > near_after[index] - near_before[index] + stretch:
            continue  # so long is no corner but a curve
        first, second = slice(begin[index], near_before[index] + 1), slice(near_after[index], end[index] + 1)
        corner = _meeting(points[first], points[second])
        # the centre line runs towards the notch of an acute corner, the further off the middle the more acute it is
        notch = max(0.0, 1 / np.sqrt(max(0.05, (1 + turn[index]) / 2)) - _BLUNT)
        allowed = (_OFF_WIDTHS + 2 * notch) * radius[index] + _OFF_POINTS * step
        if corner is None or np.hypot(*(corner - points[index])) > allowed or not _within(corner, area):
            continue
        for fixed, there in ((near_before[index], index), (near_after[index], index)):
            share = np.arange(abs(there - fixed) + 1)[:, None] / abs(there - fixed)
            sign = 1 if there > fixed else -1
            moved[np.arange(fixed, there + sign, sign)] = points[fixed] + share * (corner - points[fixed])
        corners.append(index)
    return moved, np.array(corners, np.int64)


def _stretches(
    offsets: np.ndarray, radius: np.ndarray, step: float, stretch: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return, if there were a corner at every point, where the stretch before it begins and ends, and that after it."""
    path = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    here, first, last = np.arange(len(radius)), offsets[path], offsets[path + 1] - 1
    rounded = np.maximum(1, np.ceil(_ROUNDED_WIDTHS * radius / step + _ROUNDED_POINTS)).astype(np.int64)
    before, after = np.maximum(here - rounded, first), np.minimum(here + rounded, last)
    return np.maximum(before - stretch, first), before, after, np.minimum(after + stretch, last)


def _runs(bent: np.ndarray, offsets: np.ndarray) -> Iterator[tuple[int, int]]:
    """Return the first and one past the last of every run of bent points on one path."""
    edge = np.zeros(len(bent) + 1, bool)
    edge[:-1] |= bent
    edge[1:] ^= bent
    edge[offsets] = True  # a run ends where its path does
    cuts = np.flatnonzero(edge)
    for start, stop in zip(cuts[:-1].tolist(), cuts[1:].tolist()):
        if bent[start]:
            yield start, stop


def _within(point: np.ndarray, area: tuple[float, float]) -> bool:
    return bool(0 <= point[0] <= area[0] and 0 <= point[1] <= area[1])


def _meeting(first: np.ndarray, second: np.ndarray) -> np.ndarray | None:
    """Return where the lines through two stretches of points meet, None where they run alike."""
    lines = []
    for stretch in (first, second):
        middle = stretch.mean(axis=0)
        direction = np.linalg.svd(stretch - middle, full_matrices=False)[2][0]
        lines.append((middle, direction))
    (p, u), (q, v) = lines
    cross = u[0] * v[1] - u[1] * v[0]
    if abs(cross) < 0.2:
        return None
    share = ((q - p)[0] * v[1] - (q - p)[1] * v[0]) / cross
    return np.asarray(p + share * u)
