"""Where roads end, and which way they were going."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..reporter import Reporter
from .cleaning import near_edge
from .graph import CANCEL_EVERY, RoadGraph

#: So many metres before its end tell where a road was going. Thinning bends the very last of them into a corner of the surface.
_DIRECTION_METRES = 17.5
#: If they leave their own straight line by more than this, root mean square, the road has turned: then only so many count.
_STRAIGHT_METRES, _AFTER_TURN_METRES = 0.6, 8.0
#: A network shorter than this, metres, is too short to point anywhere.
_SHORTEST_NETWORK = 8.0
#: Thinning eats the ends of some roads, the more the wider: by up to so many half widths (measured on slanting square ends).
_EATEN = 1.5
#: No road is taken to be wider than twice this, metres: what is wider is a square, not a road's end.
WIDEST_HALF = 10.0


@dataclass(frozen=True)
class RoadEnds:
    """The dead ends of a network that may go on; all coordinates are metres right and down from the raster's corner.

    Attributes:
        node, edge, side: int64 (ends,), the node, its only edge, and whether it is that edge's first (0) or last (1) node.
        cut: int64 (ends,), pixels from the tip back to the anchor.
        tip: float64 (ends, 2), where the centre line ends.
        anchor: float64 (ends, 2), half a road's width before that, where thinning has not bent it yet: a connector begins here.
        direction: float64 (ends, 2), unit vector the road was going along.
        reach: float64 (ends,), metres that the road's surface may go on beyond the tip.
    """

    node: np.ndarray
    edge: np.ndarray
    side: np.ndarray
    cut: np.ndarray
    tip: np.ndarray
    anchor: np.ndarray
    direction: np.ndarray
    reach: np.ndarray

    def __len__(self) -> int:
        return len(self.node)

    def anchor_pixels(self, graph: RoadGraph) -> np.ndarray:
        """Return the pixel of every anchor, int64 (ends,)."""
        where = zip(self.edge.tolist(), self.cut.tolist(), self.side.tolist())
        return np.array([graph.paths[edge][-1 - cut if side else cut] for edge, cut, side in where], np.int64)


def road_ends(graph: RoadGraph, shape: tuple[int, int], reporter: Reporter, nodes: np.ndarray | None = None) -> RoadEnds:
    """Find the dead ends of a graph of a raster of ``shape`` (height, width), by rising node number.

    Ends at the raster's edge go on outside and are left out, as are those of networks too short to have a direction.

    Args:
        nodes: look only at these.
    """
    ends = np.flatnonzero((graph.degrees == 1)[graph.edge_nodes.ravel()])
    if len(ends):
        component = graph.components()
        long_enough = np.bincount(component, graph.lengths)[component] >= _SHORTEST_NETWORK
        ends = ends[long_enough[ends // 2]]
    ends = ends[np.argsort(graph.edge_nodes.ravel()[ends], kind="stable")]
    node = graph.edge_nodes.ravel()[ends]
    inside = ~near_edge(graph, shape)[node]
    if nodes is not None:
        inside &= np.isin(node, nodes)
    node, edge, side = node[inside], ends[inside] // 2, ends[inside] % 2
    if not len(node):
        empty, pairs = np.zeros(0, np.int64), np.zeros((0, 2))
        return RoadEnds(empty, empty, empty, empty, pairs, pairs, pairs, np.zeros(0))
    return _measured(graph, node, edge, side, reporter)


def _measured(graph: RoadGraph, node: np.ndarray, edge: np.ndarray, side: np.ndarray, reporter: Reporter) -> RoadEnds:
    most = int(np.ceil((_DIRECTION_METRES + WIDEST_HALF) / min(graph.cell))) + 2
    tails = []
    for number, (one, last) in enumerate(zip(edge.tolist(), side.tolist())):
        if number % CANCEL_EVERY == 0:
            reporter.check_cancelled()
        path = graph.paths[one]
        tails.append(path[: -most - 1 : -1] if last else path[:most])
    pixels = np.concatenate(tails)
    size = np.array([len(tail) for tail in tails])
    start = np.concatenate([[0], np.cumsum(size)[:-1]])
    tail = np.repeat(np.arange(len(size)), size)
    places = graph.positions(pixels)
    steps = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(places, axis=0).T))])
    along = steps - steps[start][tail]

    radius = graph.skeleton.radius[pixels].astype(np.float64)
    half = np.minimum(np.add.reduceat(radius, start) / size, WIDEST_HALF)
    reach = np.minimum(radius[start], WIDEST_HALF) + _EATEN * half
    half[graph.lengths[edge] < 4 * half] = 0.0  # nothing would be left between the anchors of both its ends
    cut = np.minimum(np.add.reduceat((along < half[tail] - 1e-9).astype(np.int64), start), size - 1)
    anchor = start + cut
    direction, offset = _principal_axis(places, _section(along, along[anchor][tail], _DIRECTION_METRES), start, tail)
    turned = offset > max(_STRAIGHT_METRES, *graph.cell)
    length = np.where(turned, _AFTER_TURN_METRES, _DIRECTION_METRES)
    seen = _section(along, along[anchor][tail], length[tail])
    direction = np.where(turned[:, None], _principal_axis(places, seen, start, tail)[0], direction)
    back = np.flatnonzero(seen)
    furthest = back[np.searchsorted(tail[back], np.arange(len(size)), side="right") - 1]
    backwards = ((places[anchor] - places[furthest]) * direction).sum(axis=1) < 0
    direction[backwards] *= -1
    known = anchor != furthest
    ends = (node, edge, side, cut, graph.node_places[node], places[anchor], direction, reach)
    return RoadEnds(*(each[known] for each in ends))


def _section(along: np.ndarray, begin: np.ndarray, length: np.ndarray | float) -> np.ndarray:
    """Return 1 for the points within ``length`` metres from where the tails' sections begin, 0 for the others."""
    return ((along >= begin) & (along <= begin + length)).astype(np.float64)


def _principal_axis(
    places: np.ndarray, weight: np.ndarray, start: np.ndarray, group: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the unit vector along which the points of every group are spread most, and how far they lie beside that line.

    float64 (groups, 2) and, root mean square, (groups,).
    """
    total = np.add.reduceat(weight, start)
    middle = np.add.reduceat(places * weight[:, None], start) / total[:, None]
    dx, dy = (places - middle[group]).T
    xx, yy, xy = (np.add.reduceat(product * weight, start) / total for product in (dx * dx, dy * dy, dx * dy))
    angle = 0.5 * np.arctan2(2 * xy, xx - yy)
    least = np.maximum((xx + yy) / 2 - np.hypot((xx - yy) / 2, xy), 0.0)
    return np.column_stack([np.cos(angle), np.sin(angle)]), np.sqrt(least)
