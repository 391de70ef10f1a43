"""From pixel paths to lines: smoothed, simplified, meeting at their ends and nowhere else.

All of it in metres right and down from the raster's corner, so that it works alike on geographic and oblong pixels.
"""

from __future__ import annotations

import numpy as np
import shapely
from affine import Affine
from scipy.ndimage import convolve1d

from ..reporter import Reporter
from .graph import CANCEL_EVERY, RoadGraph

#: How DE-9IM writes that two lines share nothing but ends.
_ONLY_ENDS_MEET = "FF*F*****"
#: Roads have no node with more arms: it is a wide area or noise, where every line touches every other. Such lines stay pixel
#: paths, because comparing them all with each other would take hours.
_MOST_ARMS = 32
#: What is tried, in this order, on lines that cross after smoothing: shares of the smoothing and the simplification asked for.
_MILDER = ((0.5, 0.5), (0.25, 0.0), (0.0, 0.0))


def road_lines(graph: RoadGraph, smoothing: float, simplify: float, reporter: Reporter) -> tuple[np.ndarray, int]:
    """Draw every edge of the graph as a line.

    Args:
        smoothing: sigma of the Gaussian along the line, metres. simplify: Douglas-Peucker tolerance, metres. 0 for none.

    Returns:
        Shapely lines (edges,) in metric pixel coordinates, and the number of lines that meet others elsewhere than at their
        ends, even undone to the pixel path.
    """
    is_tangled = (graph.degrees > _MOST_ARMS)[graph.edge_nodes].any(axis=1)
    tangled, roads = np.flatnonzero(is_tangled), np.flatnonzero(~is_tangled)
    lines = np.empty(len(graph.paths), dtype=object)
    lines[tangled] = _draw(graph, tangled, 0.0, 0.0, reporter)
    lines[roads] = _draw(graph, roads, smoothing, simplify, reporter)
    clashing = _clashing(lines, roads, reporter)
    for share_smoothing, share_simplify in _MILDER:
        clashing = clashing[~is_tangled[clashing]]
        if not len(clashing):
            break
        lines[clashing] = _draw(graph, clashing, smoothing * share_smoothing, simplify * share_simplify, reporter)
        clashing = _clashing(lines, clashing, reporter)
    return lines, len(np.union1d(clashing, tangled))


def to_map(lines: np.ndarray, cell: tuple[float, float], transform: Affine) -> np.ndarray:
    """Return the lines in map coordinates. The same point becomes the same bits, so that ends still meet."""
    to_pixels = Affine.scale(1 / cell[0], 1 / cell[1])
    a, b, c, d, e, f = (transform * to_pixels)[:6]

    def place(points: np.ndarray) -> np.ndarray:
        x, y = points.T
        return np.column_stack([a * x + b * y + c, d * x + e * y + f])

    return np.asarray(shapely.transform(lines, place), dtype=object)


def _draw(graph: RoadGraph, edges: np.ndarray, smoothing: float, simplify: float, reporter: Reporter) -> np.ndarray:
    """Return the lines of some edges, object (len(edges),)."""
    degrees = graph.degrees
    lines = np.empty(len(edges), dtype=object)
    for number, edge in enumerate(edges.tolist()):
        if number % CANCEL_EVERY == 0:
            reporter.check_cancelled()
        points = graph.positions(graph.paths[edge])
        first, second = graph.edge_nodes[edge]
        is_ring = bool(first == second and degrees[first] == 2)
        lines[number] = shapely.linestrings(smooth(points, smoothing, min(graph.cell), is_ring) if smoothing > 0 else points)
    if simplify > 0:
        closed = shapely.is_closed(lines)
        for some, keep_shape in ((~closed, False), (closed, True)):  # plain Douglas-Peucker folds small rings flat
            lines[some] = shapely.simplify(lines[some], simplify, preserve_topology=keep_shape)
    return lines


def smooth(points: np.ndarray, sigma: float, step: float, is_ring: bool = False) -> np.ndarray:
    """Smooth a line with a Gaussian along its length; both ends stay where they are, to the bit.

    Args:
        points: float64 (n, 2), metres.
        sigma: metres.
        step: distance between the points of the result, metres.
        is_ring: the line comes round to its start and nothing else ends there, so the start may move too.

    Returns:
        float64 (m, 2), evenly spaced.
    """
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    count = max(2, int(np.ceil(along[-1] / step)) + 1)
    even = np.linspace(0.0, along[-1], count)
    dense = np.column_stack([np.interp(even, along, points[:, axis]) for axis in (0, 1)])
    spread = sigma / max(even[1], 1e-12)
    reach = min(int(np.ceil(4 * spread)), 4 * count)  # far beyond both ends more of the same adds nothing
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / spread) ** 2)
    kernel /= kernel.sum()
    if is_ring:
        ring = convolve1d(dense[:-1], kernel, axis=0, mode="wrap")
        return np.vstack([ring, ring[:1]])
    # mirrored through its ends, a line is smoothed without its ends being drawn inwards
    turns, place = np.divmod(np.arange(-reach, count + reach), count - 1)
    span = dense[-1] - dense[0]
    odd = (turns % 2 == 1)[:, None]
    padded = np.where(odd, 2 * dense[-1] - dense[count - 1 - place] - span, dense[place]) + turns[:, None] * span
    smoothed = np.column_stack([np.convolve(padded[:, axis], kernel, mode="valid") for axis in (0, 1)])
    smoothed[0], smoothed[-1] = points[0], points[-1]
    return smoothed


def _clashing(lines: np.ndarray, among: np.ndarray, reporter: Reporter) -> np.ndarray:
    """Return which lines cross or touch another one (or themselves) elsewhere than at ends; one of each pair is in ``among``."""
    tree = shapely.STRtree(lines)
    bad = [among[~shapely.is_simple(lines[among])]]
    closed = shapely.is_closed(lines)
    for start in range(0, len(among), CANCEL_EVERY):
        reporter.check_cancelled()
        part = among[start : start + CANCEL_EVERY]
        query, other = tree.query(lines[part], predicate="intersects")
        one = part[query]
        wanted = one != other
        one, other = one[wanted], other[wanted]
        clash = ~shapely.relate_pattern(lines[one], lines[other], _ONLY_ENDS_MEET)
        # the node of a loop is no end to DE-9IM
        looped = np.flatnonzero(clash & (closed[one] | closed[other]))
        for pair in looped.tolist():
            clash[pair] = not _meet_at_ends(lines[one[pair]], lines[other[pair]])
        bad += [one[clash], other[clash]]
    return np.unique(np.concatenate(bad))


def _meet_at_ends(one: shapely.LineString, other: shapely.LineString) -> bool:
    ends = shapely.multipoints([*one.coords[:: len(one.coords) - 1], *other.coords[:: len(other.coords) - 1]])
    shared = shapely.intersection(one, other)
    return bool(shapely.length(shared) == 0 and shapely.within(shared, ends))
