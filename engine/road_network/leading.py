"""Leading roads straight to nodes that were moved."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..reporter import Reporter
from .arms import Arms
from .clashes import clashing_leads
from .graph import CANCEL_EVERY, RoadGraph

#: Share of an edge, or of one that comes back to its node, that one of its ends may straighten: what is in the middle keeps
#: parallel edges apart.
_STRAIGHTENED, _LOOP_STRAIGHTENED = 0.4, 0.15
#: How often nodes whose roads would cross others are put back; after that nearly always none is left.
_ROUNDS = 3


def lead(graph: RoadGraph, arms: Arms, moves: np.ndarray, shape: tuple[int, int], reporter: Reporter) -> RoadGraph:
    """Move nodes, and let their arms run straight to them from where they were fitted.

    A node stays where it was if one of its roads would cross another on the way.

    Args:
        arms: of the nodes to move. moves: float64 (nodes of the graph, 2), metres; nobody leaves the raster of ``shape``.
    """
    least = np.multiply(graph.cell, 0.5)
    most = np.multiply(graph.cell, (shape[1], shape[0])) - least
    moves = np.where(moves == 0, 0.0, np.clip(graph.node_places + moves, least, most) - graph.node_places)
    stays = np.zeros(len(graph.node_pixels), bool)
    for _ in range(_ROUNDS):
        placed = _led(graph, arms, moves, stays, reporter)
        bad = np.unique(graph.edge_nodes.ravel()[clashing_leads(placed, np.sort(arms.ends))])
        if stays[bad].all():
            break
        stays[bad] = True
    return placed.measured()


def _led(graph: RoadGraph, arms: Arms, moves: np.ndarray, stays: np.ndarray, reporter: Reporter) -> RoadGraph:
    """Return the graph with its nodes moved, but for those that stay."""
    places = graph.node_places + np.where(stays[:, None], 0.0, moves)
    paths = list(graph.paths)
    edges, sides = np.divmod(arms.ends, 2)
    loop = graph.edge_nodes[edges, 0] == graph.edge_nodes[edges, 1]
    most = np.array([len(path) for path in paths], np.int64)[edges] * np.where(loop, _LOOP_STRAIGHTENED, _STRAIGHTENED)
    skip = np.zeros((len(paths), 2), np.int64)
    skip[edges, sides] = np.where(stays[arms.nodes], 0, np.minimum(arms.skips, most.astype(np.int64)))
    for number, edge in enumerate(np.flatnonzero(skip.any(axis=1)).tolist()):
        if number % CANCEL_EVERY == 0:
            reporter.check_cancelled()
        path, (front, back) = paths[edge], skip[edge].tolist()
        paths[edge] = np.concatenate([path[:1], path[1 + front : len(path) - 1 - back], path[-1:]])
    return replace(graph, node_places=places, paths=paths)
