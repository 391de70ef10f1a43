"""Cleaning the graph: spurs off, junctions that thinning pulled apart joined again, crumbs dropped.

The steps and defaults follow the winners of the SpaceNet road challenges (CRESI: dead ends < 10 m, up to 8 rounds, not near the
border; albu, cannab: the same in pixels) and OSMnx for joining junctions.
"""

from __future__ import annotations

import numpy as np

from ..reporter import Reporter
from .ends import near_edge, place_ends
from .graph import RoadGraph, dissolve
from .junctions import place_junctions
from .merging import merge_junctions

#: Before gaps are closed only hairs of the thinning are pruned, metres: a short end with a trace ahead of it is a road.
HAIR = 3.0
_ROUNDS = 10
#: A dead end shorter than this many road widths, measured from the centre line, hardly leaves the road it hangs on.
_SPUR_WIDTHS = 1.5
#: What was long enough once is not pruned for what placing its junction and its end took from it, road widths.
_SPARED = 0.5


def clean(graph: RoadGraph, shape: tuple[int, int], min_dangle: float, reporter: Reporter) -> RoadGraph:
    """Clean a graph of a raster of ``shape`` (height, width) before its gaps are closed.

    Spurs go, junctions that thinning pulled apart become one, and every junction moves to where its roads meet, every dead end to
    the middle of its road.

    Args:
        min_dangle: dead ends shorter than this are pruned, metres, 0 for none.
    """
    at_edge = near_edge(graph, shape)
    graph = prune_spurs(graph, min_dangle, at_edge, reporter)
    reporter.progress(1, 4)
    graph = dissolve(merge_junctions(graph, reporter), reporter)
    reporter.progress(2, 4)
    graph = prune_spurs(graph, min_dangle, at_edge, reporter)
    reporter.progress(3, 4)
    graph = place_ends(place_junctions(graph, shape, reporter), shape, reporter)
    reporter.progress(4, 4)
    return graph


def tidy(graph: RoadGraph, shape: tuple[int, int], min_dangle: float, min_component: float, reporter: Reporter) -> RoadGraph:
    """Tidy up after gaps were closed: roads that now go on are joined, dead ends and small networks dropped.

    Args:
        min_dangle: as of ``clean``. min_component: networks with less length than this are dropped, metres, 0 for none.
    """
    graph = dissolve(graph, reporter)
    graph = prune_spurs(graph, min_dangle, near_edge(graph, shape), reporter, spare=_SPARED)
    reporter.progress(1, 2)
    graph = drop_small_components(graph, min_component)
    reporter.progress(2, 2)
    return graph


def prune_spurs(graph: RoadGraph, min_dangle: float, at_edge: np.ndarray, reporter: Reporter, spare: float = 0.0) -> RoadGraph:
    """Remove dead ends shorter than ``min_dangle`` metres or 1.5 road widths, again and again until none is left.

    Of the edges at a junction at least two remain, the longest ones: a road that forks at its very end keeps the longer tip.

    Args:
        min_dangle: 0 to prune nothing.
        at_edge: bool (nodes,), ends that are never pruned.
        spare: road widths by which an end may be shorter.
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
        short = graph.lengths < np.maximum(min_dangle, _SPUR_WIDTHS * widths[junction]) - spare * widths[junction]
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


def drop_small_components(graph: RoadGraph, min_component: float) -> RoadGraph:
    """Drop networks whose roads together are shorter than ``min_component`` metres."""
    component = graph.components()
    total = np.bincount(component, graph.lengths) if len(component) else np.zeros(0)
    return graph.keep(total[component] >= min_component) if len(component) else graph
