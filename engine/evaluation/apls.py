"""APLS, the average path length similarity (Van Etten, Lindenbaum, Bacastow 2018): do routes cost the same in both networks?

Control points are the nodes of a graph and points along its edges. Each is looked for in the other graph. For every route between
two of them, the difference of its costs in the two graphs, as a share and at most 1, is what is wrong with it; 1 if an end or a
way is missing in the other. One minus the mean is one half of the score; the other half swaps the graphs; APLS is their
harmonic mean.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely

from ..reporter import Reporter
from .route_graph import Positions, RouteGraph
from .routes import RouteSearch
from .scores import harmonic_mean

#: Edges shorter than this share of the spacing get no control points of their own.
_SHORTEST_SHARE = 0.75
#: Routes that cost less (metres or seconds) are not counted.
_LEAST_COST = 0.001
_RESAMPLES = 1000


@dataclass(frozen=True)
class AplsHalf:
    """Routes of one graph looked for in the other, by the control point they start from.

    Attributes:
        errors: float64 (s,), mean difference of the routes from each, 0 to 1. weights: float64 (s,), how many routes each stands
            for. routes: how many were compared. complete: whether these are all there are.
        fallback: the score if there is no route at all.
    """

    errors: np.ndarray
    weights: np.ndarray
    routes: int
    complete: bool
    fallback: float = 0.0

    @property
    def score(self) -> float:
        """One minus the mean difference."""
        return 1 - float(np.average(self.errors, weights=self.weights)) if self.weights.sum() > 0 else self.fallback

    def resampled(self, generator: np.random.Generator) -> np.ndarray:
        """Return scores, float64 (_RESAMPLES,), of as many starting points drawn with replacement; all the same if complete."""
        if self.complete or not self.weights.sum() > 0:
            return np.full(_RESAMPLES, self.score)
        drawn = generator.integers(0, len(self.errors), (_RESAMPLES, len(self.errors)))
        weights = self.weights[drawn]
        return np.asarray(1 - (self.errors[drawn] * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-12))


@dataclass(frozen=True)
class Apls:
    """The score, its halves, and the 95 % confidence interval of the score (``low`` to ``high``).

    The interval says how far the score may be from that of all routes: starting points are drawn anew a thousand times out of
    those used (bootstrap), and the middle 95 % of the scores kept. Where all routes were compared it has no width.
    """

    score: float
    reference_to_roads: float
    roads_to_reference: float
    low: float
    high: float
    routes: int


def apls(
    roads: RouteGraph, reference: RouteGraph, snap: float, spacing: float, samples: int, seed: int, reporter: Reporter
) -> Apls:
    """Compare the routes of two graphs.

    Args:
        snap: metres within which a control point of one is found in the other. spacing: metres between control points.
        samples: most routes in each direction. If there are more, √samples starting points are drawn at random from ``seed``, and
            as many ends for each among the points it can reach.

    Two empty graphs score 1, an empty one and another 0. A graph too small for a route scores the share of its control points
    that are found.
    """
    if roads.is_empty or reference.is_empty:
        score = float(roads.is_empty and reference.is_empty)
        return Apls(score, score, score, score, score, 0)
    generator = np.random.default_rng(seed)
    forth = _half(reference, roads, snap, spacing, samples, generator, reporter, 0.0)
    back = _half(roads, reference, snap, spacing, samples, generator, reporter, 0.5)
    scores = [harmonic_mean(*each) for each in zip(forth.resampled(generator).tolist(), back.resampled(generator).tolist())]
    low, high = np.percentile(scores, [2.5, 97.5])
    score = harmonic_mean(forth.score, back.score)
    low, high = min(float(low), score), max(float(high), score)
    return Apls(score, forth.score, back.score, low, high, forth.routes + back.routes)


def control_points(graph: RouteGraph, spacing: float) -> Positions:
    """Return the nodes and points along edges: ⌈length / spacing⌉ - 1, evenly spaced; the middle if it is 0.75 to 1 spacing."""
    _, first = np.unique(graph.edge_nodes.ravel(), return_index=True)
    at_nodes = Positions(first // 2, np.where(first % 2 == 0, 0.0, graph.lengths[first // 2]))
    count = np.ceil(graph.lengths / spacing).astype(np.int64) - 1
    count = np.where(graph.lengths <= spacing, graph.lengths > _SHORTEST_SHARE * spacing, count).astype(np.int64)
    edges = np.repeat(np.arange(len(count)), count)
    number = np.arange(len(edges)) - np.repeat(np.cumsum(count) - count, count) + 1
    along = graph.lengths[edges] * number / (count[edges] + 1)
    return Positions(np.concatenate([at_nodes.edges, edges]), np.concatenate([at_nodes.along, along]))


def snapped(graph: RouteGraph, points: np.ndarray, distance: float) -> Positions:
    """Return the place on the graph nearest to each point, float64 (k, 2); edge -1 where it is further off than ``distance``."""
    geometries = shapely.points(points)
    # of equally near roads (at a junction) the first
    point, edge = shapely.STRtree(graph.lines).query_nearest(geometries, max_distance=max(distance, 1e-9), all_matches=True)
    edges = np.full(len(points), len(graph.lines), np.int64)
    np.minimum.at(edges, point, edge)
    found = edges < len(graph.lines)
    along = np.zeros(len(points))
    along[found] = shapely.line_locate_point(graph.lines[edges[found]], geometries[found])
    return Positions(np.where(found, edges, -1), along)


def _half(
    graph: RouteGraph, other: RouteGraph, snap: float, spacing: float, samples: int, generator: np.random.Generator,
    reporter: Reporter, done: float,
) -> AplsHalf:
    """Compare routes of ``graph`` with those of ``other``; ``done`` is the share of the phase that is over."""
    points = control_points(graph, spacing)
    found = snapped(other, graph.xy(points), snap)
    groups = graph.node_components()[graph.edge_nodes[points.edges, 0]]
    complete = len(points) * (len(points) - 1) <= samples
    starts = np.arange(len(points))
    if not complete:
        wanted = min(len(points), max(1, round(samples**0.5)))
        starts = np.sort(generator.choice(len(points), wanted, replace=False))
    per_start = len(points) if complete else max(1, samples // len(starts))
    searches = [RouteSearch(graph, points.take(starts)), RouteSearch(other, found.take(starts))]
    errors, weights, routes = np.zeros(len(starts)), np.zeros(len(starts)), 0
    chosen = _ends(starts, groups, per_start, generator)
    for number, (ends, own_nodes, other_nodes) in enumerate(zip(chosen, *(each.node_costs() for each in searches))):
        own = searches[0].costs_to(number, own_nodes, points.take(ends))
        counted = np.isfinite(own) & (own >= _LEAST_COST)
        if counted.any():
            theirs = searches[1].costs_to(number, other_nodes, found.take(ends))
            errors[number] = np.minimum(1, np.abs(own - theirs)[counted] / own[counted]).mean()
            reachable = np.count_nonzero(groups == groups[starts[number]]) - 1
            weights[number] = reachable * counted.mean()
            routes += int(counted.sum())
        reporter.progress(done + 0.5 * (number + 1) / len(starts), 1.0)
    return AplsHalf(errors, weights, routes, complete, float((found.edges >= 0).mean()))


def _ends(starts: np.ndarray, groups: np.ndarray, count: int, generator: np.random.Generator) -> Iterator[np.ndarray]:
    """Yield for each start the ends of its routes: up to ``count`` other points of its group, drawn without replacement."""
    order = np.argsort(groups, kind="stable")
    begin = np.searchsorted(groups[order], np.arange(groups.max() + 2))
    for start in starts.tolist():
        members = order[begin[groups[start]] : begin[groups[start] + 1]]
        members = members[members != start]
        yield members if len(members) <= count else np.sort(generator.choice(members, count, replace=False))
