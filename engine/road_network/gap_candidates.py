"""Which gaps a network may have: from where a road ends to another road's end, or into a road that lies ahead.

Distances and angles follow CRESI (ends of roads facing each other) and cannab (a fan ahead of an end); both measured them on
the SpaceNet road challenges. All distances are of the surface that is missing, not of the centre lines.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import shapely
from scipy.spatial import cKDTree

from .gap_ends import WIDEST_HALF, RoadEnds
from .graph import RoadGraph
from .road_pieces import RoadPieces

#: Roads face each other within this angle, degrees, and this offset, metres.
_FACING_DEGREES, _LATERAL_METRES = 30.0, 7.0
#: What turns more than this, degrees, is not even shown to a person.
PLAUSIBLE_DEGREES = 60.0
#: Half the angle of the fan in which a road looks for another one, degrees.
FAN_DEGREES = 25.0
#: Past this angle, degrees, the other road is overtaken rather than met at its end.
_CORNER_DEGREES = 110.0
#: Both ends of one road, or an end and its own road, are joined only if the way round is longer than this, and than four gaps.
ROUND_METRES, ROUND_GAPS = 40.0, 4.0
#: So many nearest ends, and roads ahead, are looked at.
_NEAREST_ENDS, _NEAREST_ROADS = 8, 2
#: A road met so near to its end, metres, is met at its end.
SNAP_METRES = 6.0


@dataclass(frozen=True)
class Candidates:
    """Gaps that may be closed, in no particular order.

    Attributes:
        end: int64 (n,), index of the road end the gap begins at.
        other: int64 (n,), index of the road end it leads to, -1 where it leads into a road.
        edge: int64 (n,), the edge it leads into, -1 where it leads to an end. near: int64 (n,), the nearest pixel of its path.
        gap: float64 (n,), metres of surface that are missing: at least, before the raster was looked at.
        angle: float64 (n,), degrees between the straight line and the roads it goes on from, the larger one.
        facing: bool (n,), whether angle and offset allow to close a wide one.
    """

    end: np.ndarray
    other: np.ndarray
    edge: np.ndarray
    near: np.ndarray
    gap: np.ndarray
    angle: np.ndarray
    facing: np.ndarray

    def __len__(self) -> int:
        return len(self.end)

    def part(self, wanted: np.ndarray) -> Candidates:
        """Return the candidates that an index or bool array wants."""
        return Candidates(*(getattr(self, each.name)[wanted] for each in fields(self)))

    def and_more(self, other: Candidates) -> Candidates:
        """Return these candidates, and then others."""
        return Candidates(*(np.concatenate([getattr(self, each.name), getattr(other, each.name)]) for each in fields(self)))


def gap_candidates(graph: RoadGraph, ends: RoadEnds, pieces: RoadPieces, max_gap: float) -> Candidates:
    """Find the gaps up to ``max_gap`` metres."""
    between, into = _between_ends(graph, ends, max_gap), _into_roads(graph, ends, pieces, max_gap)
    # an end met from the side is a corner whether or not it was found as a pair of ends: the more lenient finding counts
    low, high = np.minimum(between.end, between.other), np.maximum(between.end, between.other)
    corner = into.other >= 0
    pairs = np.minimum(into.end, into.other) * len(ends) + np.maximum(into.end, into.other)
    known = np.isin(low * len(ends) + high, pairs[corner]) & ~between.facing
    repeated = corner & np.isin(pairs, (low * len(ends) + high)[between.facing])
    once = np.zeros(len(into), bool)
    once[np.unique(np.where(corner, pairs, -1 - np.arange(len(into))), return_index=True)[1]] = True
    between, into = between.part(~known), into.part(~repeated & once)
    return between.and_more(into)


def _between_ends(graph: RoadGraph, ends: RoadEnds, max_gap: float) -> Candidates:
    """Return the pairs of ends, the first with the smaller number."""
    count = min(_NEAREST_ENDS + 1, len(ends))
    if count < 2:
        return _none()
    reach = max_gap + 2 * float(ends.reach.max())
    distance, other = cKDTree(ends.tip).query(ends.tip, k=count, distance_upper_bound=reach)
    end = np.repeat(np.arange(len(ends)), count).reshape(distance.shape)
    found = np.isfinite(distance) & (end != other)
    pairs = np.unique(np.sort(np.column_stack([end[found], other[found]]), axis=1), axis=0)
    one, two = pairs.T
    apart = np.hypot(*(ends.tip[one] - ends.tip[two]).T)
    gap = np.maximum(apart - ends.reach[one] - ends.reach[two], 0.0)
    first, second = turn(ends, one, ends.anchor[two]), turn(ends, two, ends.anchor[one])
    angle = np.maximum(first, second)
    straight = np.hypot(*(ends.anchor[two] - ends.anchor[one]).T)
    lateral = straight * np.sin(np.radians(np.minimum(angle, 90.0)))
    facing = (angle <= _FACING_DEGREES) & (lateral <= _LATERAL_METRES)
    plausible = (gap <= max_gap) & (angle <= PLAUSIBLE_DEGREES)
    round_about = ends.edge[one] == ends.edge[two]
    plausible &= ~round_about | (graph.lengths[ends.edge[one]] >= np.maximum(ROUND_METRES, ROUND_GAPS * apart))
    nowhere = np.full(len(one), -1)
    return Candidates(one, two, nowhere, nowhere, gap, angle, facing).part(plausible)


def _into_roads(graph: RoadGraph, ends: RoadEnds, pieces: RoadPieces, max_gap: float) -> Candidates:
    """Return for every end the nearest roads in the fan ahead of it."""
    if not len(ends):
        return _none()
    fans = _fans(ends, max_gap)
    end, piece = pieces.tree.query(fans, predicate="intersects")
    edge = pieces.edge[piece]
    # the end itself lies in its fan
    first = np.where(ends.side[end] == 0, pieces.first[piece], graph_sizes(graph)[edge] - pieces.last[piece] - 1)
    own = (edge == ends.edge[end]) & (first * min(graph.cell) < ROUND_METRES)
    end, piece, edge = end[~own], piece[~own], edge[~own]
    ahead = shapely.intersection(fans[end], pieces.lines[piece])
    meets = shapely.get_coordinates(shapely.get_point(shapely.shortest_line(shapely.points(ends.anchor[end]), ahead), 1))
    away = np.hypot(*(meets - ends.anchor[end]).T)
    order = np.lexsort((pieces.first[piece], away, edge, end))
    order = order[np.unique(np.column_stack([end[order], edge[order]]), axis=0, return_index=True)[1]]  # nearest of each road
    order = order[np.lexsort((edge[order], away[order], end[order]))]
    start = np.searchsorted(end[order], end[order])
    order = order[np.arange(len(order)) - start < _NEAREST_ROADS]
    end, edge, meets, piece = end[order], edge[order], meets[order], piece[order]
    near = np.array(
        [pieces.nearest(graph, number, place) for number, place in zip(piece.tolist(), meets)], np.int64
    ).reshape(len(end))
    return _met(graph, ends, (end, edge, near), max_gap)


def _met(graph: RoadGraph, ends: RoadEnds, found: tuple[np.ndarray, np.ndarray, np.ndarray], max_gap: float) -> Candidates:
    """Measure roads met ahead; those met close to their end or junction are met there."""
    end, edge, near = found
    at = np.array([graph.paths[one][pixel] for one, pixel in zip(edge.tolist(), near.tolist())], np.int64)
    met = graph.positions(at)
    reach = np.minimum(graph.skeleton.radius[at], WIDEST_HALF)
    other, near = np.full(len(end), -1), near.copy()
    number_of = np.full(len(graph.node_pixels), -1)
    number_of[ends.node] = np.arange(len(ends))
    snap = np.maximum(SNAP_METRES, reach)
    last = graph_sizes(graph)[edge] - 1
    places = met.copy()
    for side, index in ((0, np.zeros(len(end), np.int64)), (1, last)):
        node = graph.edge_nodes[edge, side]
        close = np.hypot(*(places - graph.node_places[node]).T) <= snap
        near[close], met[close] = index[close], graph.node_places[node[close]]
        is_end = close & (number_of[node] >= 0) & (node != ends.node[end])
        other[is_end] = number_of[node[is_end]]
    is_end = other >= 0
    target = np.where(is_end[:, None], ends.anchor[other], met)
    apart = np.hypot(*(met - ends.tip[end]).T)
    gap = np.maximum(apart - ends.reach[end] - reach, 0.0)
    angle = turn(ends, end, target)
    plausible = (gap <= max_gap) & (angle <= FAN_DEGREES + 10.0)  # snapping may have turned it
    plausible &= ~is_end | (turn(ends, np.maximum(other, 0), ends.anchor[end]) <= _CORNER_DEGREES)
    own = edge == ends.edge[end]
    way = np.where(ends.side[end] == 0, near, last - near) * min(graph.cell)
    plausible &= ~own | (way >= np.maximum(ROUND_METRES, ROUND_GAPS * apart))
    into = np.where(is_end, -1, edge)
    return Candidates(end, other, into, np.where(is_end, -1, near), gap, angle, angle <= FAN_DEGREES).part(plausible)


def turn(ends: RoadEnds, end: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Return the angle between the way each end goes and the line from its anchor to the target, degrees."""
    along = target - ends.anchor[end]
    length = np.hypot(*along.T)
    cosine = (along * ends.direction[end]).sum(axis=1) / np.maximum(length, 1e-9)
    return np.asarray(np.where(length > 1e-9, np.degrees(np.arccos(np.clip(cosine, -1, 1))), 0.0))


def fan_reach(ends: RoadEnds, max_gap: float) -> np.ndarray:
    """Return how far from its anchor every end looks for another road, metres."""
    return np.asarray(max_gap + np.hypot(*(ends.tip - ends.anchor).T) + ends.reach + WIDEST_HALF)


def _fans(ends: RoadEnds, max_gap: float) -> np.ndarray:
    heading = np.arctan2(ends.direction[:, 1], ends.direction[:, 0])
    angles = heading[:, None] + np.radians(np.linspace(-FAN_DEGREES, FAN_DEGREES, 7))
    rim = np.stack([np.cos(angles), np.sin(angles)], axis=2) * fan_reach(ends, max_gap)[:, None, None]
    return np.asarray(shapely.polygons(np.concatenate([np.zeros((len(ends), 1, 2)), rim], axis=1) + ends.anchor[:, None, :]))


def graph_sizes(graph: RoadGraph) -> np.ndarray:
    """Return the number of pixels of every path, int64 (edges,)."""
    return np.array([len(path) for path in graph.paths], np.int64)


def _none() -> Candidates:
    whole, real = np.zeros(0, np.int64), np.zeros(0)
    return Candidates(whole, whole, whole, whole, real, real, np.zeros(0, bool))
