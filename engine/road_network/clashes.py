"""Lines that meet elsewhere than at their ends: what smoothing and straightening must never bring about."""

from __future__ import annotations

import numpy as np
import shapely

from ..reporter import Reporter
from .graph import CANCEL_EVERY, RoadGraph

#: How DE-9IM writes that two lines share nothing but ends.
_ONLY_ENDS_MEET = "FF*F*****"


def lines_of(points: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """Return shapely lines, object (lines,), of points (n, 2) and where each line begins."""
    count = np.diff(offsets)
    lines = np.empty(len(count), dtype=object)
    lines[:] = shapely.linestrings(points, indices=np.repeat(np.arange(len(count)), count)) if len(count) else []
    return lines


def clashing_leads(graph: RoadGraph, ends: np.ndarray) -> np.ndarray:
    """Return which edge ends begin with a step that meets any edge elsewhere than at its node.

    Where a junction was moved only the first steps of its edges are new, so only they need a look.

    Args:
        ends: the edge ends to look at, by rising number.
    """
    points, offsets = graph.edge_points()
    edges, sides = np.divmod(ends, 2)
    node = np.where(sides == 0, offsets[edges], offsets[edges + 1] - 1)
    far = node + np.where(sides == 0, 1, -1)
    leads = shapely.linestrings(np.stack([points[node], points[far]], axis=1))
    # what lies between the first steps of an edge
    led = np.zeros((len(graph.paths), 2), np.int64)
    led[edges, sides] = 1
    begin, end = offsets[:-1] + led[:, 0], offsets[1:] - led[:, 1]
    whole = np.flatnonzero(end - begin >= 2)
    size = (end - begin)[whole]
    inside = np.repeat(begin[whole] - np.cumsum(size) + size, size) + np.arange(int(size.sum()))
    rests = lines_of(points[inside], np.concatenate([[0], np.cumsum(size)]))
    one, other = shapely.STRtree(rests).query(leads, predicate="intersects")
    crosses_itself = ~shapely.is_simple(lines_of(points, offsets))
    bad = [one[whole[other] != edges[one]], np.flatnonzero(crosses_itself[edges])]

    one, other = shapely.STRtree(leads).query(leads, predicate="intersects")
    apart = edges[one] != edges[other]
    one, other = one[apart], other[apart]
    # from a node two steps may part, but not go the same way
    at_node = graph.edge_nodes[edges[one], sides[one]] == graph.edge_nodes[edges[other], sides[other]]
    step = points[far] - points[node]
    cross = np.abs(step[one, 0] * step[other, 1] - step[one, 1] * step[other, 0])
    size_of = np.hypot(*step.T)
    same_way = (cross <= 1e-9 * size_of[one] * size_of[other]) & ((step[one] * step[other]).sum(axis=1) > 0)
    # a step that is all of an edge ends at another node
    touches = (points[far[one]] == points[node[other]]).all(axis=1) | (points[far[other]] == points[node[one]]).all(axis=1)
    bad.append(one[np.where(at_node, same_way, ~touches)])
    return np.asarray(ends[np.unique(np.concatenate(bad))])


def clashing(lines: np.ndarray, among: np.ndarray, reporter: Reporter) -> np.ndarray:
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
