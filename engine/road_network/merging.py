"""Joining junctions that thinning pulled apart: it draws a crossing as two T-junctions, far apart if it is acute."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..reporter import Reporter
from .arms import Arms, first_starts, fit_arms, partings, pixel_of
from .graph import CANCEL_EVERY, RoadGraph, dissolve

#: Junctions closer than so many metres, or road widths, are one.
_JUNCTION_METRES, _JUNCTION_WIDTHS = 6.0, 0.8
#: Further apart, up to so many road widths, they are one if their roads cross: go straight on from one to the other.
_CROSSING_WIDTHS = 6.0
_STRAIGHT_ON = np.cos(np.radians(20.0))
#: How far beside each other, in road widths, the two halves of a road that goes straight on may lie.
_BESIDE_WIDTHS = 0.4


def merge_junctions(graph: RoadGraph, reporter: Reporter) -> RoadGraph:
    """Join junctions less than 6 m or 0.8 road widths apart, then those further apart between which two roads cross.

    The joint node is in the middle of the old ones. Roads that end there are led straight to it from half a road's width away,
    which takes out the bend towards the old junction.
    """
    degrees, widths = graph.degrees, graph.node_widths
    first, second = graph.edge_nodes.T
    reach = np.maximum(_JUNCTION_METRES, _JUNCTION_WIDTHS * np.minimum(widths[first], widths[second]))
    short = (first != second) & (degrees[first] >= 3) & (degrees[second] >= 3) & (graph.lengths < reach)
    graph = dissolve(_contract(graph, np.flatnonzero(short), reach, reporter), reporter)
    return _contract(graph, _drawn_out_crossings(graph), graph.lengths, reporter)


def _contract(graph: RoadGraph, edges: np.ndarray, reach: np.ndarray, reporter: Reporter) -> RoadGraph:
    """Return the graph with the nodes of some edges joined."""
    if not len(edges):
        return graph
    groups, gone = _group(graph, edges[np.lexsort((edges, graph.lengths[edges]))], reach, reporter)
    return _rejoin(graph, groups, gone, reporter)


def _group(
    graph: RoadGraph, contracted: np.ndarray, reach: np.ndarray, reporter: Reporter
) -> tuple[dict[int, list[int]], np.ndarray]:
    """Return the nodes of every group to be joined, by one of them, and which edges vanish in it.

    Shortest edges first, and no group may grow wider than 1.5 times the reach, or a row of junctions would fall into one.
    """
    places = graph.node_places
    group_of: dict[int, int] = {}
    groups: dict[int, list[int]] = {}
    for number, edge in enumerate(contracted.tolist()):
        if number % CANCEL_EVERY == 0:
            reporter.check_cancelled()
        a, b = (group_of.setdefault(node, node) for node in graph.edge_nodes[edge].tolist())
        members = groups.setdefault(a, [a]) + (groups.setdefault(b, [b]) if a != b else [])
        if np.hypot(*np.ptp(places[members], axis=0)) > 1.5 * reach[edge]:
            continue
        groups[a] = members
        if a != b:
            del groups[b]
            group_of.update(dict.fromkeys(members, a))
    gone = np.zeros(len(graph.paths), bool)
    for edge in contracted.tolist():
        a, b = graph.edge_nodes[edge].tolist()
        gone[edge] = group_of[a] == group_of[b]
    return {group: members for group, members in groups.items() if len(members) > 1}, gone


def _rejoin(graph: RoadGraph, groups: dict[int, list[int]], gone: np.ndarray, reporter: Reporter) -> RoadGraph:
    """Move the roads of every group to its joint node, and drop the edges that are gone."""
    node_pixels, edge_nodes, node_places = graph.node_pixels.copy(), graph.edge_nodes.copy(), graph.node_places.copy()
    paths, places = list(graph.paths), graph.positions(np.arange(len(graph.skeleton.rows)))
    incident: dict[int, list[int]] = {}
    for end, node in enumerate(graph.edge_nodes.ravel().tolist()):
        incident.setdefault(node, []).append(end)
    for number, (group, members) in enumerate(groups.items()):
        if number % CANCEL_EVERY == 0:
            reporter.check_cancelled()
        ends = [end for node in members for end in incident[node]]
        inner = np.unique(np.concatenate([graph.paths[end // 2] for end in ends if gone[end // 2]]))
        old = graph.node_places[members]
        centre = old.mean(axis=0)
        pixel = inner[np.argmin(np.hypot(*(places[inner] - centre).T))]
        trim = max(float(np.hypot(*(old - centre).T).max()), float(graph.skeleton.radius[pixel]))
        node_pixels[group], node_places[group] = pixel, centre
        for end in ends:
            edge, side = divmod(end, 2)
            if gone[edge]:
                continue
            edge_nodes[edge, side] = group
            paths[edge] = _led_to(places, paths[edge][:: -1 if side else 1], int(pixel), centre, trim)[:: -1 if side else 1]
    moved = replace(graph, node_pixels=node_pixels, node_places=node_places, edge_nodes=edge_nodes, paths=paths)
    return moved.keep(~gone).measured()


def _led_to(places: np.ndarray, path: np.ndarray, pixel: int, centre: np.ndarray, trim: float) -> np.ndarray:
    """Let a path begin at ``pixel`` and go straight to its own first point further than ``trim`` metres from there."""
    away = np.hypot(*(places[path[: max(1, len(path) // 2)]] - centre).T)  # its other half belongs to its other end
    outside = np.flatnonzero(away > trim)
    start = int(outside[0]) if len(outside) else len(away)
    return np.concatenate([[pixel], path[start:]])


def _drawn_out_crossings(graph: RoadGraph) -> np.ndarray:
    """Return the edges that are the middle of an acute crossing: >–< where there should be ><."""
    if not len(graph.paths):
        return np.zeros(0, np.int64)
    degrees, (first, second) = graph.degrees, graph.edge_nodes.T
    _, offsets = graph.edge_points()
    # at the ends of the middle the centre line runs into the notch between the roads; within, the road is as wide as it is
    width = 2 * np.maximum.reduceat(graph.skeleton.radius[graph.path_pixels], offsets[:-1])
    edges = np.flatnonzero(
        (degrees[first] == 3) & (degrees[second] == 3) & (first != second) & (graph.lengths < _CROSSING_WIDTHS * width)
    )
    if not len(edges):
        return edges
    ends = graph.edge_nodes.ravel()
    order = np.argsort(ends, kind="stable")
    # of the three arms at either node the two that are not the edge itself
    at_node = order[np.searchsorted(ends[order], graph.edge_nodes[edges])[:, :, None] + np.arange(3)]
    others = at_node[at_node // 2 != edges[:, None, None]]
    # a road that comes back to the other node is a loop beside the edge, no road that crosses
    leaves = (graph.edge_nodes.ravel()[others ^ 1].reshape(-1, 2, 2) != graph.edge_nodes[edges][:, ::-1, None]).all(axis=(1, 2))
    edges, others = edges[leaves], others.reshape(-1, 4)[leaves].ravel()
    if not len(edges):
        return edges
    used = np.unique(others)
    used = used[np.argsort(ends[used], kind="stable")]
    place = np.empty(2 * len(graph.paths), np.int64)
    place[used] = np.arange(len(used))
    arms = fit_arms(graph, used, first_starts(graph, used))
    arms = fit_arms(graph, used, partings(arms, pixel_of(graph)))
    left, right = place[others].reshape(-1, 2, 2).transpose(1, 0, 2)
    straight = [_straight_on(graph, arms, left[:, one], right[:, other]) for one, other in ((0, 0), (1, 1), (0, 1), (1, 0))]
    return np.asarray(edges[(straight[0] & straight[1]) | (straight[2] & straight[3])])


def _straight_on(graph: RoadGraph, arms: Arms, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return whether pairs of arms at neighbouring nodes lie on one straight line, bool (pairs,)."""
    along = arms.directions[one] - arms.directions[other]
    along /= np.maximum(np.hypot(*along.T), 1e-12)[:, None]
    here = graph.node_places[arms.nodes[one]] + arms.centres[one]
    there = graph.node_places[arms.nodes[other]] + arms.centres[other]
    chord = here - there
    length = np.hypot(*chord.T)
    turn = (arms.directions[one] * arms.directions[other]).sum(axis=1)
    beside = [
        np.abs(direction[:, 0] * chord[:, 1] - direction[:, 1] * chord[:, 0])
        for direction in (arms.directions[one], arms.directions[other])
    ]
    width = 2 * np.minimum(arms.radius[one], arms.radius[other])
    # what a direction known to a few degrees leaves open over that distance is allowed for
    allowed = np.maximum(_BESIDE_WIDTHS * width, 2 * pixel_of(graph)) + 0.05 * length
    known = arms.fitted[one] & arms.fitted[other]
    return np.asarray(known & (-turn > _STRAIGHT_ON) & (np.maximum(*beside) < allowed))
