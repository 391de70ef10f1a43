"""TOPO (Biagioni & Eriksson 2012): walking from the same place, does one come through the same streets in both networks?

From a start, points are dropped every 5 m along all roads that can be reached within 300 m. The same is done in the other network
from the place that corresponds to the start: the nearest whose road runs in about the same direction. Points of the two walks
within 10 m of each other are paired one to one, as many as can be. Recall is the share of the reference's points that have a
partner, precision that of the roads' points, over all starts. From starts without a counterpart nothing is found.

Starts lie on both networks, so that roads which the reference knows nothing of count against precision; precision one way round
is recall the other.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from ..reporter import Reporter
from .polylines import points_on
from .route_graph import Positions, RouteGraph
from .routes import RouteSearch
from .scores import PrecisionRecall, pair_count

#: Published settings: how far the walks go, how far apart points are dropped, how far partners may be apart (metres), and how far
#: the directions at the start may differ (degrees).
RADIUS, INTERVAL, DISTANCE, ANGLE = 300.0, 5.0, 10.0, 30.0
#: Most starts on each network; more would change the third digit.
STARTS = 1000


def topo_scores(
    roads: RouteGraph, reference: RouteGraph, spacing: float, seed: int, reporter: Reporter, distance: float = DISTANCE
) -> PrecisionRecall:
    """Compare two graphs from starts every ``spacing`` metres on both, or ``STARTS`` of them drawn at random from ``seed``.

    ``distance``, metres, is allowed between a start and its counterpart and between partners. Two empty graphs score 1, an empty
    one and another 0.
    """
    if roads.is_empty or reference.is_empty:
        score = float(roads.is_empty and reference.is_empty)
        return PrecisionRecall(score, score)
    generator = np.random.default_rng(seed)
    pairs, dropped, wanted = 0, 0, 0
    for half, (one, other) in enumerate(((reference, roads), (roads, reference))):
        starts = _starts(one, spacing, generator)
        walks = zip(_walks(one, starts), _walks(other, counterparts(other, one.xy(starts), one.directions(starts), distance)))
        for number, (here, there) in enumerate(walks):
            pairs += pair_count(here, there, distance)
            wanted += len(there if half else here)
            dropped += len(here if half else there)
            reporter.progress(0.5 * (half + (number + 1) / len(starts)), 1.0)
    return PrecisionRecall(pairs / dropped if dropped else 0.0, pairs / wanted if wanted else 0.0)


def counterparts(graph: RouteGraph, points: np.ndarray, directions: np.ndarray, distance: float) -> Positions:
    """Return for each point (k, 2) the nearest place on the graph within ``distance`` where the road runs its way.

    ``directions``: float64 (k,), degrees. Where there is none the edge is -1.
    """
    geometries = shapely.points(points)
    point, edge = shapely.STRtree(graph.lines).query(geometries, predicate="dwithin", distance=distance)
    found = Positions(edge, shapely.line_locate_point(graph.lines[edge], geometries[point]))
    turn = np.abs(graph.directions(found) - directions[point])
    fits = np.minimum(turn, 180 - turn) <= ANGLE
    point, found = point[fits], found.take(fits)
    order = np.lexsort((found.edges, shapely.distance(graph.lines[found.edges], geometries[point]), point))
    chosen, first = np.unique(point[order], return_index=True)
    edges, along = np.full(len(points), -1, np.int64), np.zeros(len(points))
    edges[chosen], along[chosen] = found.edges[order[first]], found.along[order[first]]
    return Positions(edges, along)


def _starts(graph: RouteGraph, spacing: float, generator: np.random.Generator) -> Positions:
    starts = _evenly(graph, np.arange(len(graph.lines)), spacing)
    if len(starts) <= STARTS:
        return starts
    return starts.take(np.sort(generator.choice(len(starts), STARTS, replace=False)))


def _evenly(graph: RouteGraph, edges: np.ndarray, interval: float) -> Positions:
    """Return the middles of equal parts of edges, each about ``interval`` long and one an edge at least."""
    count = np.maximum(1, np.round(graph.lengths[edges] / interval)).astype(np.int64)
    number = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    edge = np.repeat(edges, count)
    return Positions(edge, graph.lengths[edge] * (number + 0.5) / np.repeat(count, count))


def _walks(graph: RouteGraph, starts: Positions) -> Iterator[np.ndarray]:
    """Yield for each start the points, float64 (k, 2), dropped on the roads within ``RADIUS``; none for edge -1."""
    by_length = RouteGraph(graph.node_xy, graph.edge_nodes, graph.lines, graph.lengths, graph.lengths)
    search = RouteSearch(by_length, starts, limit=RADIUS)
    ends = graph.edge_nodes.ravel()
    order = np.argsort(ends, kind="stable")
    begin = np.searchsorted(ends[order], np.arange(len(graph.node_xy) + 1))
    for number, costs in enumerate(search.node_costs()):
        if starts.edges[number] < 0:
            yield np.zeros((0, 2))
            continue
        reached = np.flatnonzero(np.isfinite(costs))
        touched = [order[begin[node] : begin[node + 1]] // 2 for node in reached.tolist()]
        edges = np.unique(np.concatenate([*touched, starts.edges[number : number + 1]]))
        points = _evenly(graph, edges, INTERVAL)
        near = points.take(search.costs_to(number, costs, points) <= RADIUS)
        yield points_on(graph.lines[near.edges], near.along)
