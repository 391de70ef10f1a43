"""The graph of a road layer: junctions, dead ends and the roads between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from .polylines import is_first, points_on


@dataclass(frozen=True)
class Positions:
    """Places on the roads of a graph: int64 (k,) edges (-1 for none) and float64 (k,) metres along them."""

    edges: np.ndarray
    along: np.ndarray

    def __len__(self) -> int:
        return len(self.edges)

    def take(self, which: np.ndarray) -> Positions:
        """Return those that an index or bool array chooses."""
        return Positions(self.edges[which], self.along[which])


@dataclass(frozen=True)
class RouteGraph:
    """Roads between nodes; both ways are open on every one. No node joins just two roads, but those of lone rings.

    Attributes:
        node_xy: float64 (nodes, 2), metres. edge_nodes: int64 (edges, 2). lines: object (edges,), LineStrings from the first
            node to the second. lengths: float64 (edges,), metres. costs: float64 (edges,), what a route along the edge costs:
            metres, or seconds.
    """

    node_xy: np.ndarray
    edge_nodes: np.ndarray
    lines: np.ndarray
    lengths: np.ndarray
    costs: np.ndarray

    @property
    def is_empty(self) -> bool:
        """Whether there is no road."""
        return not len(self.lines)

    @property
    def degrees(self) -> np.ndarray:
        """How many edge ends meet at every node, int64 (nodes,); a loop counts twice."""
        return np.bincount(self.edge_nodes.ravel(), minlength=len(self.node_xy))

    @property
    def junctions(self) -> np.ndarray:
        """Where three roads and more meet, float64 (junctions, 2)."""
        return self.node_xy[self.degrees > 2]

    @property
    def dead_ends(self) -> int:
        """How many nodes have one road only."""
        return int((self.degrees == 1).sum())

    def node_components(self) -> np.ndarray:
        """Return the number of the connected network of every node, int64 (nodes,), from 0."""
        count = len(self.node_xy)
        links = coo_matrix((np.ones(len(self.edge_nodes), bool), self.edge_nodes.T), shape=(count, count))
        return connected_components(links, directed=False)[1].astype(np.int64) if count else np.zeros(0, np.int64)

    def xy(self, positions: Positions) -> np.ndarray:
        """Return where positions are, float64 (k, 2), metres."""
        return points_on(self.lines[positions.edges], positions.along)

    def costs_from_ends(self, positions: Positions) -> tuple[np.ndarray, np.ndarray]:
        """Return what it costs to each position, float64 (k,), from its edge's first node, and from its second.

        Within an edge the cost grows evenly.
        """
        whole = self.costs[positions.edges]
        first = whole * np.clip(positions.along / self.lengths[positions.edges], 0, 1)
        return first, whole - first

    def directions(self, positions: Positions) -> np.ndarray:
        """Return the direction of the road at each position, degrees, 0 to 180 (a road has no sense)."""
        near, far = (np.clip(positions.along + step, 0, self.lengths[positions.edges]) for step in (-1.0, 1.0))
        x, y = (points_on(self.lines[positions.edges], far) - points_on(self.lines[positions.edges], near)).T
        return np.asarray(np.degrees(np.arctan2(y, x)) % 180)


def build_graph(pieces: np.ndarray, speeds: np.ndarray | None) -> RouteGraph:
    """Return the graph of pieces (object (p,), LineStrings that meet at equal ends); chains of them become one edge.

    Args:
        speeds: float64 (p,), km/h, for costs in seconds; None for costs in metres.
    """
    ends = np.column_stack([shapely.get_coordinates(shapely.get_point(pieces, which)) for which in (0, -1)]).reshape(-1, 2)
    node_xy, nodes = np.unique(ends, axis=0, return_inverse=True)
    edge_nodes = nodes.reshape(-1, 2)
    lengths = shapely.length(pieces)
    costs = lengths if speeds is None else lengths / (speeds / 3.6)
    order, flipped, chain = _chains(edge_nodes, len(node_xy))
    ordered = np.where(flipped, shapely.reverse(pieces[order]), pieces[order])
    lines = _joined(ordered, chain)
    total = np.bincount(chain, costs[order], minlength=len(lines))
    first = is_first(chain)
    last = np.append(first[1:], True) if len(chain) else first
    entered, left = edge_nodes[order, flipped.astype(int)], edge_nodes[order, 1 - flipped.astype(int)]
    outer = np.column_stack([entered[first], left[last]])
    used, renumbered = np.unique(outer, return_inverse=True)
    return RouteGraph(node_xy[used], renumbered.reshape(-1, 2), lines, shapely.length(lines), total)


def _chains(edge_nodes: np.ndarray, node_count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Follow edges through the nodes where only two meet.

    Returns:
        Three arrays (edges,) in the order of travel: the edge, whether it is travelled from its second node to its first, and the
        number of its chain, from 0 and rising.
    """
    ends = edge_nodes.ravel()  # edge end 2e is the beginning of edge e, 2e + 1 its end
    order = np.argsort(ends, kind="stable")
    through = np.flatnonzero(np.bincount(ends, minlength=node_count) == 2)
    found = np.searchsorted(ends[order], through)
    one, two = (order[found], order[found + 1]) if len(through) else (found, found)
    mate = np.full(len(ends), -1, np.int64)
    apart = one // 2 != two // 2  # a loop's own two ends are no chain
    mate[one[apart]], mate[two[apart]] = two[apart], one[apart]
    # chains with an end first; what is left then are rings
    mates, visited = mate.tolist(), bytearray(len(edge_nodes))
    travelled: list[int] = []
    chains: list[int] = []
    for start in [*np.flatnonzero(mate < 0).tolist(), *range(0, len(ends), 2)]:
        number, end = (chains[-1] + 1 if chains else 0), start
        while end >= 0 and not visited[end // 2]:
            visited[end // 2] = 1
            travelled.append(end)
            chains.append(number)
            end = mates[end ^ 1]
    entered = np.array(travelled, np.int64)
    return entered // 2, entered % 2 == 1, np.array(chains, np.int64)


def _joined(lines: np.ndarray, chain: np.ndarray) -> np.ndarray:
    """Return one line for each run of lines of the same chain, each beginning where the one before it ends."""
    xy, line = shapely.get_coordinates(lines, return_index=True)
    if not len(lines):
        return np.zeros(0, object)
    repeated = is_first(line) & ~is_first(chain)[line]
    return np.asarray(shapely.linestrings(xy[~repeated], indices=chain[line[~repeated]]), dtype=object)
