"""Leading roads straight to nodes that were moved."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..reporter import Reporter
from .arms import Arms, pixel_of
from .clashes import clashing_leads
from .graph import CANCEL_EVERY, RoadGraph

#: Share of an edge, or of one that comes back to its node, that one of its ends may straighten: what is in the middle keeps
#: parallel edges apart.
_STRAIGHTENED, _LOOP_STRAIGHTENED = 0.4, 0.15
#: How often nodes whose roads would cross others are put back; after that nearly always none is left.
_ROUNDS = 3
#: How far beside the middle of its road a lead may run, in half road widths and pixels, and how many shorter ones are tried.
_BESIDE_WIDTHS, _BESIDE_PIXELS, _SHORTER = 0.3, 1.0, 12


def lead(
    graph: RoadGraph, arms: Arms, moves: np.ndarray, shape: tuple[int, int], reporter: Reporter, on_the_road: bool = False
) -> RoadGraph:
    """Move nodes, and let their arms run straight to them from where they were fitted.

    A node stays where it was if one of its roads would cross another on the way.

    Args:
        arms: of the nodes to move. moves: float64 (nodes of the graph, 2), metres; nobody leaves the raster of ``shape``.
        on_the_road: begin straightening nearer by where an arm would leave its road. (At a dead end that is what is wanted: there
            thinning has led the centre line astray.)
    """
    least = np.multiply(graph.cell, 0.5)
    most = np.multiply(graph.cell, (shape[1], shape[0])) - least
    moves = np.where(moves == 0, 0.0, np.clip(graph.node_places + moves, least, most) - graph.node_places)
    stays = np.zeros(len(graph.node_pixels), bool)
    for _ in range(_ROUNDS):
        placed = _led(graph, arms, moves, stays, on_the_road, reporter)
        bad = np.unique(graph.edge_nodes.ravel()[clashing_leads(placed, np.sort(arms.ends))])
        if stays[bad].all():
            break
        stays[bad] = True
    return placed.measured()


def _led(graph: RoadGraph, arms: Arms, moves: np.ndarray, stays: np.ndarray, on_the_road: bool, reporter: Reporter) -> RoadGraph:
    """Return the graph with its nodes moved, but for those that stay."""
    places = graph.node_places + np.where(stays[:, None], 0.0, moves)
    paths = list(graph.paths)
    edges, sides = np.divmod(arms.ends, 2)
    loop = graph.edge_nodes[edges, 0] == graph.edge_nodes[edges, 1]
    most = np.array([len(path) for path in paths], np.int64)[edges] * np.where(loop, _LOOP_STRAIGHTENED, _STRAIGHTENED)
    skip = np.zeros((len(paths), 2), np.int64)
    wanted = np.where(stays[arms.nodes], 0, np.minimum(arms.skips, most.astype(np.int64)))
    skip[edges, sides] = _on_the_road(graph, arms, places[arms.nodes], wanted) if on_the_road else wanted
    for number, edge in enumerate(np.flatnonzero(skip.any(axis=1)).tolist()):
        if number % CANCEL_EVERY == 0:
            reporter.check_cancelled()
        path, (front, back) = paths[edge], skip[edge].tolist()
        paths[edge] = np.concatenate([path[:1], path[1 + front : len(path) - 1 - back], path[-1:]])
    return replace(graph, node_places=places, paths=paths)


def _on_the_road(graph: RoadGraph, arms: Arms, places: np.ndarray, skips: np.ndarray) -> np.ndarray:
    """Return how many points of each arm may be skipped, int64 (arms,): fewer than ``skips`` where the lead would leave the road.

    Where roads have not parted yet, the centre line is as far from the middle of each as it is further from what is beside.

    Args:
        places: float64 (arms, 2), where the leads begin.
    """
    allowed = _BESIDE_WIDTHS * arms.radius + _BESIDE_PIXELS * pixel_of(graph) - arms.radius
    size = skips + 1
    owner = np.repeat(np.arange(len(size)), size)
    order = np.arange(int(size.sum())) - np.repeat(np.cumsum(size) - size, size) + 1
    points, offsets = graph.edge_points()
    edges, sides = np.divmod(arms.ends, 2)
    node = np.where(sides == 0, offsets[edges], offsets[edges + 1] - 1)
    index = node[owner] + np.where(sides == 0, 1, -1)[owner] * order
    passed, room = points[index], graph.skeleton.radius[graph.path_pixels[index]] + allowed[owner]
    first = np.cumsum(size) - size

    def leaves(arm: int, skip: int) -> bool:
        part = slice(first[arm], first[arm] + skip)
        away = _beside(passed[part], places[arm], passed[first[arm] + skip] - places[arm])
        return bool((away > room[part]).any())

    ways = passed[np.cumsum(size) - 1] - places
    far = _beside(passed, places[owner], ways[owner]) > room
    left = skips.copy()
    for arm in np.unique(owner[far & (order <= skips[owner])]).tolist():
        shorter = np.unique(np.linspace(0, skips[arm], _SHORTER, endpoint=False).astype(np.int64))[::-1].tolist()
        left[arm] = next((skip for skip in shorter if not leaves(arm, skip)), 0)
    return left


def _beside(points: np.ndarray, start: np.ndarray, way: np.ndarray) -> np.ndarray:
    """Return how far points are from the line from ``start`` along ``way``, metres."""
    length = np.maximum(np.hypot(way[..., 0], way[..., 1]), 1e-12)
    offset = points - start
    return np.asarray(np.abs(offset[:, 0] * way[..., 1] - offset[:, 1] * way[..., 0]) / length)
