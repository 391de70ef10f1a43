"""The arms of junctions: where each road comes from, seen from so far away that the crossing itself has no say.

Where roads meet, the mask is wider than any of them, and thinning bends their centre lines. So the direction of an arm is fitted
to its centre line from where the roads have parted, over the next 15 m.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .graph import RoadGraph

#: Nodes with more arms are no junctions but wide areas or noise.
MOST_ARMS = 32
#: How much of an arm a fit looks at, or as much as it takes to part; points lose weight over half of it.
_SPAN_METRES, _SPAN_PIXELS = 15.0, 10.0
#: Half road widths from the node, of its widest road, at which to look first: even roads at 30° have parted there.
_FIRST_WIDTHS = 4.0
#: A centre line is known to about a third of a pixel.
PIXEL_ERROR = 0.3
#: An arm whose middle is seen from the node by more than this aside of where it runs is curved (cosine).
_CURVED = np.cos(np.radians(30.0))
#: Arms that run within 25° of each other (cosine) hardly say where they parted.
_ALIKE = np.cos(np.radians(25.0))
#: How far from where the roads part an arm is still bent, in pixels.
_PARTED_PIXELS = 1.5


@dataclass(frozen=True)
class Arms:
    """Lines fitted to the ends of edges at junctions, in metres from the place of the junction.

    Attributes:
        ends: int64 (arms,), edge ends (2e is the beginning of edge e, 2e + 1 its end), sorted by node.
        nodes: int64 (arms,), rising.
        directions: float64 (arms, 2), unit vectors away from the node.
        centres: float64 (arms, 2), the middle of the points fitted.
        errors: float64 (arms,), root mean square distance of the points from the line.
        radius: float64 (arms,), half the width of the road, metres.
        starts: float64 (arms,), how far from where the roads meet the arms have parted, metres.
        skips: int64 (arms,), how many points of the path, after the node, lie before the fit.
        fitted: bool (arms,), False where the edge is too short to tell.
        owner: int64 (points,), the arm of every point. points: float64 (points, 2). weights: float64 (points,).
    """

    ends: np.ndarray
    nodes: np.ndarray
    directions: np.ndarray
    centres: np.ndarray
    errors: np.ndarray
    radius: np.ndarray
    starts: np.ndarray
    skips: np.ndarray
    fitted: np.ndarray
    owner: np.ndarray
    points: np.ndarray
    weights: np.ndarray


def pixel_of(graph: RoadGraph) -> float:
    """Return the side of a square as large as a pixel, metres."""
    return float(np.sqrt(graph.cell[0] * graph.cell[1]))


def junction_ends(graph: RoadGraph) -> np.ndarray:
    """Return the edge ends at nodes with 3 to 32 arms, sorted by node."""
    nodes, degrees = graph.edge_nodes.ravel(), graph.degrees
    ends = np.flatnonzero((degrees[nodes] >= 3) & (degrees[nodes] <= MOST_ARMS))
    return np.asarray(ends[np.argsort(nodes[ends], kind="stable")])


def points_near(graph: RoadGraph, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return which of the graph's ``edge_points`` are the next 15 m after edge ends, and whose they are (index into ``ends``)."""
    flat, offsets = graph.edge_points()
    edges, sides = np.divmod(ends, 2)
    far = max(_SPAN_METRES, _SPAN_PIXELS * pixel_of(graph)) + _leads(flat, offsets, edges, sides)
    return _between(flat, offsets, edges, sides, far)


def mean_radius(graph: RoadGraph, ends: np.ndarray) -> np.ndarray:
    """Return half the width of the road over the next 15 m after edge ends, float64 (ends,), metres."""
    index, owner = points_near(graph, ends)
    radius = graph.skeleton.radius[graph.path_pixels[index]].astype(np.float64)
    return np.asarray(np.bincount(owner, radius, len(ends)) / np.maximum(np.bincount(owner, minlength=len(ends)), 1))


def first_starts(graph: RoadGraph, ends: np.ndarray) -> np.ndarray:
    """Return from where to fit as long as nothing is known of the arms, metres."""
    pixel, mean = pixel_of(graph), mean_radius(graph, ends)
    widest = np.zeros(len(graph.node_pixels))
    nodes = graph.edge_nodes.ravel()[ends]
    np.maximum.at(widest, nodes, mean)
    return np.asarray(_FIRST_WIDTHS * widest[nodes] + pixel)


def by_degree(nodes: np.ndarray) -> list[np.ndarray]:
    """Return the arms of all nodes, one int64 (nodes, degree) for each degree there is; ``nodes`` is sorted."""
    _, first, count = np.unique(nodes, return_index=True, return_counts=True)
    return [first[count == degree][:, None] + np.arange(degree) for degree in np.unique(count)]


def fit_arms(graph: RoadGraph, ends: np.ndarray, starts: np.ndarray, moves: np.ndarray | None = None) -> Arms:
    """Fit a line to every arm.

    Args:
        ends: edge ends, sorted by node.
        starts: float64 (arms,), how far from where the roads meet to begin, metres.
        moves: float64 (nodes of the graph, 2), where that is, in metres from the place of the node; None if there.
    """
    pixel, count = pixel_of(graph), len(ends)
    flat, offsets = graph.edge_points()
    edges, sides = np.divmod(ends, 2)
    nodes = graph.edge_nodes.ravel()[ends]
    starts = np.maximum(starts, _leads(flat, offsets, edges, sides))
    span = np.maximum(max(_SPAN_METRES, _SPAN_PIXELS * pixel), starts)
    meeting = np.zeros((count, 2)) if moves is None else moves[nodes]
    # up to where the junction at the other end begins; of a loop, up to its half
    reserved = np.zeros(2 * len(graph.paths))
    reserved[ends] = starts
    limits = graph.lengths[edges] - reserved[ends ^ 1]
    limits = np.where(graph.edge_nodes[edges, 0] == graph.edge_nodes[edges, 1], graph.lengths[edges] / 2, limits)
    index, owner = _between(flat, offsets, edges, sides, np.minimum(starts + span + np.hypot(*meeting.T), limits))
    points = flat[index] - graph.node_places[nodes[owner]]
    away = np.hypot(*(points - meeting[owner]).T)
    # the path may pass by where the roads meet before it leaves: only what comes after its last point nearby counts
    order = np.abs(index - np.where(sides == 0, offsets[edges], offsets[edges + 1] - 1)[owner])
    skips = np.zeros(count, np.int64)
    nearest = np.full(count, np.inf)
    np.minimum.at(nearest, owner, away)
    near = away <= np.maximum(starts, nearest)[owner]
    np.maximum.at(skips, owner[near], order[near])
    used = (order > skips[owner]) & (away < (starts + span)[owner])
    index, owner, points, away = index[used], owner[used], points[used], away[used]
    weights = np.exp(-2 * np.maximum(away - starts[owner], 0.0) / span[owner])
    total = np.maximum(np.bincount(owner, weights, count), 1e-12)

    def mean(values: np.ndarray) -> np.ndarray:
        return np.bincount(owner, weights * values, count) / total

    centres = np.column_stack([mean(points[:, 0]), mean(points[:, 1])])
    x, y = (points - centres[owner]).T
    xx, yy, xy = mean(x * x), mean(y * y), mean(x * y)
    angle = 0.5 * np.arctan2(2 * xy, xx - yy)
    directions = np.column_stack([np.cos(angle), np.sin(angle)])
    outwards = mean((np.column_stack([x, y]) * directions[owner]).sum(axis=1) * (away - mean(away)[owner]))
    directions *= np.where(outwards < 0, -1.0, 1.0)[:, None]
    least = np.maximum(0.5 * (xx + yy - np.hypot(xx - yy, 2 * xy)), 0.0)
    fitted = (np.bincount(owner, minlength=count) >= 4) & (xx + yy - least > pixel**2)
    radius = np.where(fitted, mean(graph.skeleton.radius[graph.path_pixels[index]].astype(np.float64)), starts / _FIRST_WIDTHS)
    return Arms(ends, nodes, directions, centres, np.sqrt(least), radius, starts, skips, fitted, owner, points, weights)


def _leads(flat: np.ndarray, offsets: np.ndarray, edges: np.ndarray, sides: np.ndarray) -> np.ndarray:
    """Return the length of the first step from the node: long where joining junctions has straightened it already."""
    node = np.where(sides == 0, offsets[edges], offsets[edges + 1] - 1)
    return np.asarray(np.hypot(*(flat[node + np.where(sides == 0, 1, -1)] - flat[node]).T))


def _between(
    flat: np.ndarray, offsets: np.ndarray, edges: np.ndarray, sides: np.ndarray, far: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return which points of an edge lie within a distance along it from one of its ends, without it, and whose they are."""
    if not len(edges):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    steps = np.hypot(*np.diff(flat, axis=0, prepend=flat[:1]).T)
    steps[offsets[:-1]] = 1.0  # apart, so that a distance is found on its own edge
    along = np.cumsum(steps)
    first, last = offsets[edges], offsets[edges + 1] - 1
    begin = np.where(sides == 0, first + 1, np.maximum(np.searchsorted(along, along[last] - far, "left"), first))
    end = np.where(sides == 0, np.minimum(np.searchsorted(along, along[first] + far, "right"), last + 1), last)
    size = np.maximum(end - begin, 0)
    return np.repeat(begin - np.cumsum(size) + size, size) + np.arange(int(size.sum())), np.repeat(np.arange(len(edges)), size)


def partings(arms: Arms, pixel: float) -> np.ndarray:
    """Return the distance from the node, metres, at which each arm has left all others: where their edges meet."""
    parted = np.zeros(len(arms.ends))
    chords = arms.centres / np.maximum(np.hypot(*arms.centres.T), 1e-12)[:, None]
    for group in by_degree(arms.nodes):
        direction, radius, known = arms.directions[group], arms.radius[group], arms.fitted[group]
        cosine = np.einsum("nid,njd->nij", direction, direction)
        # arms that curve, as those of a turning loop, or run alike further on part as their places tell
        curved = (chords[group] * direction).sum(axis=2) < _CURVED
        seen = np.einsum("nid,njd->nij", chords[group], chords[group])
        alike = cosine > _ALIKE
        cosine = np.where(curved[:, :, None] | curved[:, None, :] | alike, np.minimum(cosine, seen), cosine)
        sine = np.sqrt(np.maximum(1 - cosine**2, 0.0))
        apart = (radius[:, None, :] + radius[:, :, None] * cosine) / np.maximum(sine, 0.05)
        # from the notch between roads at an acute angle the centre line takes half a road's width to come back to the middle
        apart += radius[:, :, None] * np.maximum(cosine, 0.0)
        # on a bend lines point away from the road beside, although the roads part no sooner
        apart = np.maximum(apart, radius[:, None, :])
        # straight on the roads do not part at all, and an arm of unknown direction has no say
        itself = np.eye(group.shape[1], dtype=bool)
        apart[(cosine < -0.9) | itself | ~known[:, None, :] | ~known[:, :, None]] = 0.0
        parted[group] = np.minimum(apart.max(axis=2), 7 * radius.max(axis=1, keepdims=True))
    # of an arm too short for the first look, a second one nearer by may tell
    return np.asarray(np.where(arms.fitted, np.maximum(parted, 0.0), arms.starts / _FIRST_WIDTHS) + _PARTED_PIXELS * pixel)
