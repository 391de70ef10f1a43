"""Putting dead ends on the middle of their road, as far along as it reaches.

Thinning lets the last pixels of a road turn into one of its corners, or stops before its end.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..reporter import Reporter
from .arms import Arms, fit_arms, mean_radius, pixel_of, points_near
from .graph import RoadGraph
from .leading import lead
from .seen_ends import across, seen_ends

#: Half road widths from the end of the road's surface to the end of its line, between a round end (1) and a blunt one (0).
_INSET = 0.7
#: Ends this near to the raster's edge, metres, are those of roads that go on outside.
EDGE_MARGIN = 2.0
#: How far from a dead end thinning leads astray, and how far off its line a straight road is at most, in half road widths.
_ASTRAY_WIDTHS, _BEND_WIDTHS = 1.6, 0.2
#: An end moves by no more than so many half road widths and pixels.
_MOST_WIDTHS, _MOST_PIXELS = 1.25, 2.0
#: Half road widths from a dead end from which its line is fitted: the centre line bends into the corner of a blunt end.
_FITTED_WIDTHS = 2.0


def place_ends(graph: RoadGraph, shape: tuple[int, int], reporter: Reporter) -> RoadGraph:
    """Move every dead end to the line through the road's last 15 m, and as far along it as the road reaches.

    A road that leaves the raster, of ``shape`` (height, width), ends on the raster's edge as it did.
    """
    nodes = graph.edge_nodes.ravel()
    ends = np.flatnonzero(graph.degrees[nodes] == 1)
    ends = ends[np.argsort(nodes[ends], kind="stable")]
    if not len(ends):
        return graph
    pixel = pixel_of(graph)
    arms = fit_arms(graph, ends, _FITTED_WIDTHS * mean_radius(graph, ends) + pixel)
    at_edge = near_edge(graph, shape)[arms.nodes]
    seen = seen_ends(graph, arms)
    onwards = np.where(np.isnan(seen.end), _surface_ends(graph, arms) - 0.5 * pixel, seen.end) - _INSET * arms.radius
    onwards = np.where(at_edge, _to_the_edge(graph, arms, shape), onwards)
    beside = arms.centres - (arms.centres * arms.directions).sum(axis=1, keepdims=True) * arms.directions
    aside = np.where(at_edge, 0.0, seen.aside + seen.slope * (onwards - seen.middle))
    shift = beside - onwards[:, None] * arms.directions + aside[:, None] * across(arms)
    # on a slanting end thinning stops a road's width early, or goes on into the corner
    most = np.where(seen.plain & ~at_edge, np.inf, _MOST_WIDTHS * arms.radius + _MOST_PIXELS * pixel)
    stays = ~_straight(graph, arms) | (np.hypot(*shift.T) > most)  # a road that bends near its end, or no road at all
    moves = np.zeros((len(graph.node_pixels), 2))
    moves[arms.nodes[~stays]] = shift[~stays]
    return lead(graph, replace(arms, skips=np.where(stays, 0, arms.skips)), moves, shape, reporter)


def near_edge(graph: RoadGraph, shape: tuple[int, int]) -> np.ndarray:
    """Return which nodes lie within the margin of the edge of a raster of ``shape`` (height, width)."""
    rows, columns = graph.skeleton.rows[graph.node_pixels], graph.skeleton.columns[graph.node_pixels]
    down, right = np.minimum(rows, shape[0] - 1 - rows), np.minimum(columns, shape[1] - 1 - columns)
    return np.asarray(np.minimum(down * graph.cell[1], right * graph.cell[0]) < EDGE_MARGIN)


def _to_the_edge(graph: RoadGraph, arms: Arms, shape: tuple[int, int]) -> np.ndarray:
    """Return how far beyond the node the line through each arm meets the raster's outermost pixels, float64 (arms,), metres."""
    inside = graph.node_places[arms.nodes] + arms.centres
    least = np.multiply(graph.cell, 0.5)
    most = np.multiply(graph.cell, (shape[1], shape[0])) - least
    outwards = np.where(np.abs(arms.directions) < 1e-9, 1e-9, -arms.directions)
    steps = (np.where(outwards > 0, most, least) - inside) / outwards
    return np.asarray(steps.min(axis=1) - (arms.centres * arms.directions).sum(axis=1))


def _straight(graph: RoadGraph, arms: Arms) -> np.ndarray:
    """Return which arms run straight up to where thinning may have led them astray, bool (arms,)."""
    pixel = pixel_of(graph)
    index, owner = points_near(graph, arms.ends)
    points = graph.edge_points()[0][index] - graph.node_places[arms.nodes[owner]]
    away = np.hypot(*points.T)
    between = (away > _ASTRAY_WIDTHS * arms.radius[owner]) & (away < arms.starts[owner])
    points, owner = (points - arms.centres[owner])[between], owner[between]
    worst = np.zeros(len(arms.ends))
    np.maximum.at(worst, owner, np.abs(points[:, 0] * arms.directions[owner, 1] - points[:, 1] * arms.directions[owner, 0]))
    limit = _BEND_WIDTHS * arms.radius + pixel
    return np.asarray(arms.fitted & (worst < limit) & (arms.errors < limit / 3))


def _surface_ends(graph: RoadGraph, arms: Arms) -> np.ndarray:
    """Return how far beyond the node the first pixel is that is no road, float64 (arms,), metres.

    Every pixel of the centre line knows how far that is at least: as far as the nearest such pixel on any side.
    """
    index, owner = points_near(graph, arms.ends)
    points, _ = graph.edge_points()
    away = points[index] - graph.node_places[arms.nodes[owner]]
    reach = graph.skeleton.radius[graph.path_pixels[index]] - (away * arms.directions[owner]).sum(axis=1)
    reached = graph.skeleton.radius[graph.node_pixels[arms.nodes]].astype(np.float64)
    np.maximum.at(reached, owner, reach)
    return reached
