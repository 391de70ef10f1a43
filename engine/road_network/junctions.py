"""Putting junctions where their roads meet: a crossing stays a crossing, and a side road does not dent the road it joins."""

from __future__ import annotations

import numpy as np

from ..reporter import Reporter
from .arms import PIXEL_ERROR, Arms, first_starts, fit_arms, junction_ends, partings, pixel_of
from .graph import RoadGraph
from .leading import lead
from .through import Through, through_roads

#: How much further off a line may be for every metre it is drawn out: roads are not quite straight.
_STRAIGHTNESS = 0.03
#: A node may move within the area that its roads share, so far from its border.
_MARGIN_PIXELS = 1.5


def place_junctions(graph: RoadGraph, shape: tuple[int, int], reporter: Reporter) -> RoadGraph:
    """Move every junction to where its roads meet, at most half a road's width, and lead the roads straight to it.

    Two arms that go on in each other are fitted as one arc, the others as lines; the node is the point nearest to all of them,
    weighted by how well each is known. Where lines would cross after that, the junction stays where it was.
    """
    ends = junction_ends(graph)
    if not len(ends):
        return graph
    arms, moves = _meeting(graph, ends)
    reporter.check_cancelled()
    return lead(graph, arms, moves, shape, reporter, on_the_road=True)


def crossing_arms(graph: RoadGraph) -> tuple[Arms, np.ndarray]:
    """Return the arms of all junctions, and which go on in each other, int64 (pairs, 2)."""
    ends = junction_ends(graph)
    arms, _ = _meeting(graph, ends)
    return arms, through_roads(arms, pixel_of(graph)).arms


def _meeting(graph: RoadGraph, ends: np.ndarray) -> tuple[Arms, np.ndarray]:
    """Fit the arms, and find how far from its place every node's roads meet, float64 (nodes, 2).

    Twice, because where the arms part depends on where they come from and where they meet.
    """
    pixel = pixel_of(graph)
    arms, moves = fit_arms(graph, ends, first_starts(graph, ends)), np.zeros((len(graph.node_pixels), 2))
    for _ in range(2):
        starts = partings(arms, pixel)
        limit = np.zeros(len(moves))
        np.maximum.at(limit, arms.nodes, np.maximum(starts - _MARGIN_PIXELS * pixel, arms.radius))
        arms = fit_arms(graph, ends, starts, moves)
        moves = _meeting_points(arms, through_roads(arms, pixel), limit, pixel)
    return arms, moves


def _meeting_points(arms: Arms, through: Through, limit: np.ndarray, pixel: float) -> np.ndarray:
    """Return how far every node of the graph moves, float64 (nodes, 2), at most ``limit`` (nodes,), metres."""
    count = len(limit)
    single = arms.fitted.copy()
    single[through.arms.ravel()] = False
    nodes = np.concatenate([arms.nodes[through.arms[:, 0]], arms.nodes[single]])
    # of a single arm the line is drawn out as far as its middle is away
    reach = np.hypot(*arms.centres[single].T)
    noise = np.maximum(arms.errors[single], PIXEL_ERROR * pixel)
    deviations = np.concatenate([np.maximum(through.errors, PIXEL_ERROR * pixel) / 3, noise / 2 + _STRAIGHTNESS * reach])
    moves: np.ndarray = np.zeros((count, 2))
    for _ in range(3):
        place, tangent = through.tangents(moves[arms.nodes[through.arms[:, 0]]])
        points = np.concatenate([place, arms.centres[single]])
        directions = np.concatenate([tangent, arms.directions[single]])
        normal = np.column_stack([-directions[:, 1], directions[:, 0]])
        weight = 1 / deviations**2
        offset = (normal * points).sum(axis=1)
        # staying where it is counts as one more, weak, wish: else nearly parallel roads would meet anywhere
        matrix = np.zeros((count, 2, 2))
        right = np.empty((count, 2))
        for row in (0, 1):
            right[:, row] = np.bincount(nodes, weight * normal[:, row] * offset, count)
            for column in (0, 1):
                matrix[:, row, column] = np.bincount(nodes, weight * normal[:, row] * normal[:, column], count)
        matrix += np.eye(2) / np.maximum(limit, pixel)[:, None, None] ** 2
        moves = np.asarray(np.linalg.solve(matrix, right[:, :, None])[:, :, 0])
        length = np.hypot(*moves.T)
        moves *= np.minimum(1.0, limit / np.maximum(length, 1e-12))[:, None]
    return moves
