"""Cleaning the graph: spurs off, junctions that thinning pulled apart joined again, crumbs dropped.

The steps and defaults follow the winners of the SpaceNet road challenges (CRESI: dead ends < 10 m, up to 8 rounds, not near the
border; albu, cannab: the same in pixels) and OSMnx for joining junctions.
"""

from __future__ import annotations

import numpy as np

from ..reporter import Reporter
from .graph import CANCEL_EVERY, RoadGraph, dissolve

_ROUNDS = 10
#: A dead end shorter than this many road widths, measured from the centre line, hardly leaves the road it hangs on.
_SPUR_WIDTHS = 1.5
#: Dead ends this near to the raster's edge, metres, are roads that go on outside.
EDGE_MARGIN = 2.0
#: Junctions closer than so many metres, or road widths, are one.
_JUNCTION_METRES, _JUNCTION_WIDTHS = 6.0, 0.8


def clean(
    graph: RoadGraph, shape: tuple[int, int], min_dangle: float, min_component: float, reporter: Reporter
) -> RoadGraph:
    """Clean a graph of a raster of ``shape`` (height, width); ``min_dangle`` and ``min_component`` are metres, 0 for none."""
    at_edge = _near_edge(graph, shape)
    graph = prune_spurs(graph, min_dangle, at_edge, reporter)
    reporter.progress(1, 4)
    graph = dissolve(merge_junctions(graph, reporter), reporter)
    reporter.progress(2, 4)
    graph = prune_spurs(graph, min_dangle, at_edge, reporter)
    reporter.progress(3, 4)
    graph = drop_small_components(graph, min_component)
    reporter.progress(4, 4)
    return graph


def prune_spurs(graph: RoadGraph, min_dangle: float, at_edge: np.ndarray, reporter: Reporter) -> RoadGraph:
    """Remove dead ends shorter than ``min_dangle`` metres or 1.5 road widths, again and again until none is left.

    Of the edges at a junction at least two remain, the longest ones: a road that forks at its very end keeps the longer tip.

    Args:
        min_dangle: 0 to prune nothing.
        at_edge: bool (nodes,), ends that are never pruned.
    """
    widths = graph.node_widths
    for _ in range(_ROUNDS if min_dangle > 0 else 0):
        reporter.check_cancelled()
        degrees = graph.degrees
        first, second = graph.edge_nodes.T
        loop = first == second
        ends_first, ends_second = degrees[first] == 1, degrees[second] == 1
        junction = np.where(ends_first, second, first)
        tip = np.where(ends_first, first, second)
        short = graph.lengths < np.maximum(min_dangle, _SPUR_WIDTHS * widths[junction])
        # a loop shorter than that is a hole in the surface at the tip of a spur
        spur = short & (degrees[junction] >= 3) & ((ends_first ^ ends_second) | loop) & (loop | ~at_edge[tip])
        remove = np.zeros(len(graph.paths), bool)
        candidates = np.flatnonzero(spur)
        order = candidates[np.lexsort((candidates, graph.lengths[candidates], junction[candidates]))]
        if not len(order):
            break
        groups, start, size = np.unique(junction[order], return_index=True, return_counts=True)
        rank = np.arange(len(order)) - np.repeat(start, size)
        remove[order[(rank < np.repeat(degrees[groups] - 2, size)) | loop[order]]] = True
        if not remove.any():
            break
        graph = dissolve(graph.keep(~remove), reporter)
    return graph


def merge_junctions(graph: RoadGraph, reporter: Reporter) -> RoadGraph:
    """Join junctions less than 6 m or 0.8 road widths apart: thinning draws a crossing as two T-junctions.

    The joint node is the path pixel nearest to the mean of the old ones. Roads that end there are led straight to it from
    half a road's width away, which takes out the bend towards the old junction.
    """
    degrees, widths = graph.degrees, graph.node_widths
    first, second = graph.edge_nodes.T
    reach = np.maximum(_JUNCTION_METRES, _JUNCTION_WIDTHS * np.minimum(widths[first], widths[second]))
    short = (first != second) & (degrees[first] >= 3) & (degrees[second] >= 3) & (graph.lengths < reach)
    contracted = np.flatnonzero(short)
    contracted = contracted[np.lexsort((contracted, graph.lengths[contracted]))]
    if not len(contracted):
        return graph
    groups, gone = _group(graph, contracted, reach, reporter)
    return _rejoin(graph, groups, gone, reporter)


def _group(
    graph: RoadGraph, contracted: np.ndarray, reach: np.ndarray, reporter: Reporter
) -> tuple[dict[int, list[int]], np.ndarray]:
    """Return the nodes of every group to be joined, by one of them, and which edges vanish in it.

    Shortest edges first, and no group may grow wider than 1.5 times the reach, or a row of junctions would fall into one.
    """
    places = graph.positions(graph.node_pixels)
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
    node_pixels, edge_nodes = graph.node_pixels.copy(), graph.edge_nodes.copy()
    paths, lengths = list(graph.paths), graph.lengths.copy()
    incident: dict[int, list[int]] = {}
    for end, node in enumerate(graph.edge_nodes.ravel().tolist()):
        incident.setdefault(node, []).append(end)
    for number, (group, members) in enumerate(groups.items()):
        if number % CANCEL_EVERY == 0:
            reporter.check_cancelled()
        ends = [end for node in members for end in incident[node]]
        inner = np.unique(np.concatenate([graph.paths[end // 2] for end in ends if gone[end // 2]]))
        old = graph.positions(graph.node_pixels[members])
        pixel = inner[np.argmin(np.hypot(*(graph.positions(inner) - old.mean(axis=0)).T))]
        centre = graph.positions(np.array([pixel]))[0]
        trim = max(float(np.hypot(*(old - centre).T).max()), float(graph.skeleton.radius[pixel]))
        node_pixels[group] = pixel
        for end in ends:
            edge, side = divmod(end, 2)
            if gone[edge]:
                continue
            edge_nodes[edge, side] = group
            paths[edge] = _led_to(graph, paths[edge][:: -1 if side else 1], int(pixel), centre, trim)[:: -1 if side else 1]
            lengths[edge] = np.hypot(*np.diff(graph.positions(paths[edge]), axis=0).T).sum()
    return RoadGraph(graph.skeleton, graph.cell, node_pixels, edge_nodes, paths, lengths).keep(~gone)


def _led_to(graph: RoadGraph, path: np.ndarray, pixel: int, centre: np.ndarray, trim: float) -> np.ndarray:
    """Let a path begin at ``pixel`` and go straight to its own first point further than ``trim`` metres from there."""
    away = np.hypot(*(graph.positions(path[: max(1, len(path) // 2)]) - centre).T)  # its other half belongs to its other end
    outside = np.flatnonzero(away > trim)
    start = int(outside[0]) if len(outside) else len(away)
    return np.concatenate([[pixel], path[start:]])


def drop_small_components(graph: RoadGraph, min_component: float) -> RoadGraph:
    """Drop networks whose roads together are shorter than ``min_component`` metres."""
    component = graph.components()
    total = np.bincount(component, graph.lengths) if len(component) else np.zeros(0)
    return graph.keep(total[component] >= min_component) if len(component) else graph


def _near_edge(graph: RoadGraph, shape: tuple[int, int]) -> np.ndarray:
    """Return which nodes lie within the margin of the raster's edge."""
    rows, columns = graph.skeleton.rows[graph.node_pixels], graph.skeleton.columns[graph.node_pixels]
    down, right = np.minimum(rows, shape[0] - 1 - rows), np.minimum(columns, shape[1] - 1 - columns)
    return np.minimum(down * graph.cell[1], right * graph.cell[0]) < EDGE_MARGIN
