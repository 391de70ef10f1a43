"""Costs of the best routes between places on a graph."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from .route_graph import Positions, RouteGraph

#: Numbers that one chunk of searches may give back: 16 MB, and less than a second.
_CHUNK = 2_000_000


class RouteSearch:
    """Routes on a graph from a fixed set of places.

    Args:
        graph: one with roads. sources: places on it; those with edge -1 lead nowhere.
        limit: routes that cost more are not looked for.
    """

    def __init__(self, graph: RouteGraph, sources: Positions, limit: float = np.inf) -> None:
        self.graph, self.sources, self._limit = graph, sources, limit
        self._links = _links(graph, sources)

    def node_costs(self) -> Iterator[np.ndarray]:
        """Yield for each source, in order, the costs to all nodes, float64 (nodes,), inf where there is no route."""
        count = len(self.graph.node_xy)
        at_once = max(1, _CHUNK // self._links.shape[0])
        for start in range(0, len(self.sources), at_once):
            indices = count + np.arange(start, min(start + at_once, len(self.sources)))
            yield from dijkstra(self._links, directed=True, indices=indices, limit=self._limit)[:, :count]

    def costs_to(self, source: int, node_costs: np.ndarray, targets: Positions) -> np.ndarray:
        """Return the costs, float64 (k,), from a source with its ``node_costs`` to targets; inf where there is no route."""
        result = np.full(len(targets), np.inf)
        edge = self.sources.edges[source]
        there = targets.edges >= 0
        if edge < 0 or not there.any():
            return result
        found = targets.take(there)
        first, second = self.graph.costs_from_ends(found)
        ends = self.graph.edge_nodes[found.edges]
        best = np.minimum(node_costs[ends[:, 0]] + first, node_costs[ends[:, 1]] + second)
        here = self.graph.costs_from_ends(self.sources.take(np.array([source])))[0]
        result[there] = np.where(found.edges == edge, np.minimum(best, np.abs(first - here)), best)
        return result


def _links(graph: RouteGraph, sources: Positions) -> csr_matrix:
    """Return the costs between neighbouring nodes; the sources are nodes too, behind the graph's own."""
    there = np.flatnonzero(sources.edges >= 0)
    placed = sources.take(there)
    first, second = graph.costs_from_ends(placed)
    ends, count = graph.edge_nodes[placed.edges], len(graph.node_xy)
    one = np.concatenate([graph.edge_nodes[:, 0], count + there, count + there])
    two = np.concatenate([graph.edge_nodes[:, 1], ends[:, 0], ends[:, 1]])
    cost = np.concatenate([graph.costs, first, second])
    rows, columns, costs = np.concatenate([one, two]), np.concatenate([two, one]), np.concatenate([cost, cost])
    # of parallel roads the cheapest; a sparse matrix would add them up
    order = np.lexsort((costs, columns, rows))
    rows, columns, costs = rows[order], columns[order], costs[order]
    cheapest = np.ones(len(rows), bool)
    cheapest[1:] = (rows[1:] != rows[:-1]) | (columns[1:] != columns[:-1])
    size = count + len(sources)
    return csr_matrix((costs[cheapest], (rows[cheapest], columns[cheapest])), shape=(size, size))
