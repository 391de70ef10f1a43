"""Smoothing paths: the staircase of pixels goes, ends stay, and street corners stay corners."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import convolve1d

from ..reporter import Reporter
from .bends import break_at_bends
from .graph import path_lengths

#: The Gaussian ends so many sigmas from its middle.
_REACH = 4.0
#: Points smoothed between two looks at "cancel": a tenth of a second, some 100 MB.
_BATCH = 1_000_000


def smooth_paths(
    points: np.ndarray, offsets: np.ndarray, radius: np.ndarray, rings: np.ndarray, sigma: float, step: float, reporter: Reporter,
    area: tuple[float, float] = (np.inf, np.inf),
) -> tuple[np.ndarray, np.ndarray]:
    """Smooth many paths with a Gaussian along their length; ends stay where they are, to the bit, and sharp bends sharp.

    Args:
        points: float64 (n, 2), metres; path ``i`` is ``points[offsets[i]:offsets[i + 1]]``.
        radius: (n,), half the width of the road at every point, metres.
        rings: bool (paths,), the path comes round to its start and nothing else ends there, so the start may move too.
        sigma: metres. step: distance between the points of the result, metres. area: see ``break_at_bends``.

    Returns:
        Points and offsets of the smoothed paths, evenly spaced.
    """
    # as much padding as the Gaussian reaches comes to either end of a path
    sizes = path_lengths(points, offsets) / step + 2 * _REACH * sigma / step + 2
    batch = (np.cumsum(sizes) // _BATCH).astype(np.int64)
    smoothed, counts = [np.zeros((0, 2))], [np.zeros(0, np.int64)]
    for number in np.unique(batch).tolist():
        reporter.check_cancelled()
        some = np.flatnonzero(batch == number)  # one after the other
        part = slice(offsets[some[0]], offsets[some[-1] + 1])
        shifted = offsets[some[0] : some[-1] + 2] - offsets[some[0]]
        even, even_offsets, even_radius = resample(points[part], shifted, radius[part], step)
        even, corners = break_at_bends(even, even_offsets, even_radius, step, area)
        # a corner ends one piece and begins the next, and is taken out again once
        again = np.sort(np.concatenate([np.arange(len(even)), corners]))
        pieces = np.unique(np.concatenate([even_offsets + np.searchsorted(corners, even_offsets), _after(corners)]))
        is_first = np.isin(pieces[:-1], even_offsets + np.searchsorted(corners, even_offsets))
        whole = is_first & np.append(is_first[1:], True)
        rounds = np.zeros(len(whole), bool)
        rounds[whole] = rings[some][np.cumsum(is_first)[whole] - 1]
        out, out_offsets = smooth(even[again], pieces, sigma, step, rounds)
        keep = np.ones(len(out), bool)
        keep[out_offsets[:-1][~is_first]] = False
        smoothed.append(out[keep])
        counts.append(np.add.reduceat(np.add.reduceat(keep.astype(np.int64), out_offsets[:-1]), np.flatnonzero(is_first)))
    return np.concatenate(smoothed), np.concatenate([[0], np.cumsum(np.concatenate(counts))])


def _after(corners: np.ndarray) -> np.ndarray:
    """Return where the pieces after corners begin once every corner is there twice."""
    return corners + np.arange(1, len(corners) + 1)


def resample(
    points: np.ndarray, offsets: np.ndarray, values: np.ndarray, step: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Space the points of every path evenly, at most ``step`` apart; return points, offsets and interpolated values."""
    lengths = path_lengths(points, offsets)
    counts = np.maximum(2, np.ceil(lengths / step).astype(np.int64) + 1)
    even_offsets = np.concatenate([[0], np.cumsum(counts)])
    steps = np.hypot(*np.diff(points, axis=0, prepend=points[:1]).T)
    steps[offsets[:-1]] = 1.0  # apart, so that nothing is interpolated between two paths
    along = np.cumsum(steps)
    begin, end = along[offsets[:-1]], along[offsets[1:] - 1]
    path = np.repeat(np.arange(len(counts)), counts)
    share = (np.arange(len(path)) - even_offsets[path]) / (counts[path] - 1)
    places = begin[path] + share * (end - begin)[path]
    even = np.column_stack([np.interp(places, along, points[:, axis]) for axis in (0, 1)])
    even[even_offsets[:-1]], even[even_offsets[1:] - 1] = points[offsets[:-1]], points[offsets[1:] - 1]
    return even, even_offsets, np.interp(places, along, values)


def smooth(
    points: np.ndarray, offsets: np.ndarray, sigma: float, step: float, rings: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Smooth evenly spaced paths; ends stay, but those of rings."""
    counts = np.diff(offsets)
    last = counts - 1
    # what is shorter than sigma would become its chord but for a hundredth
    short = (last * step < sigma) & ~rings
    spread = min(sigma / step, float(last.max(initial=1)))
    reach = int(np.ceil(_REACH * spread))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / spread) ** 2)
    kernel /= kernel.sum()

    path = np.repeat(np.arange(len(counts)), counts + 2 * reach)
    place = np.arange(len(path)) - np.repeat(np.cumsum(counts + 2 * reach) - counts - 2 * reach, counts + 2 * reach) - reach
    # mirrored through its ends, a line is smoothed without its ends being drawn inwards; a ring goes round
    turns, within = np.divmod(place, last[path])
    odd = (turns % 2 == 1) & ~rings[path]
    source = offsets[path] + np.where(odd, last[path] - within, within)
    start, end = points[offsets[:-1]][path], points[offsets[1:] - 1][path]
    span = np.where(rings[path, None], 0.0, end - start)
    origin = points[:1]  # far from the corner sums lose digits
    padded = np.where(odd[:, None], 2 * end - points[source] - span, points[source]) + turns[:, None] * span - origin
    smoothed = convolve1d(padded, kernel, axis=0, mode="nearest")[(place >= 0) & (place <= last[path])] + origin

    fixed = np.flatnonzero(~rings)
    smoothed[offsets[fixed]], smoothed[offsets[fixed + 1] - 1] = points[offsets[fixed]], points[offsets[fixed + 1] - 1]
    closing = np.flatnonzero(rings)
    smoothed[offsets[closing + 1] - 1] = smoothed[offsets[closing]]
    keep = np.ones(len(points), bool)
    straight = np.repeat(short, counts)
    keep[straight] = False
    keep[offsets[:-1]], keep[offsets[1:] - 1] = True, True
    kept = np.add.reduceat(keep.astype(np.int64), offsets[:-1])
    return smoothed[keep], np.concatenate([[0], np.cumsum(kept)])
