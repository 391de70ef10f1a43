"""The roads of a graph cut into short pieces, so that what lies near a place is found quickly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from .graph import RoadGraph

#: Pixels of a piece: short enough for a tight rectangle around it, long enough for few pieces.
_PIECE = 64


@dataclass(frozen=True)
class RoadPieces:
    """Pieces of the pixel paths, in the order of the edges.

    Attributes:
        lines: object (pieces,), shapely lines in metric pixel coordinates; neighbours share an end.
        edge, first, last: int64 (pieces,), the edge, and the indices of the piece's ends in its path.
        tree: of the lines.
    """

    lines: np.ndarray
    edge: np.ndarray
    first: np.ndarray
    last: np.ndarray
    tree: shapely.STRtree

    def nearest(self, graph: RoadGraph, piece: int, place: np.ndarray) -> int:
        """Return the index, in its path, of the piece's pixel nearest to a place."""
        first = int(self.first[piece])
        path = graph.paths[int(self.edge[piece])][first : int(self.last[piece]) + 1]
        return first + int(np.argmin(np.round(np.hypot(*(graph.positions(path) - place).T), 6)))


def road_pieces(graph: RoadGraph) -> RoadPieces:
    """Cut all roads of a graph into pieces."""
    points, offsets = graph.edge_points()
    size = np.diff(offsets)
    if not len(size):
        nothing, whole = np.zeros(0, dtype=object), np.zeros(0, np.int64)
        return RoadPieces(nothing, whole, whole, whole, shapely.STRtree(nothing))
    count = np.maximum(1, -(-(size - 1) // _PIECE))
    edge = np.repeat(np.arange(len(size)), count)
    number = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    first = number * _PIECE
    last = np.minimum(first + _PIECE, size[edge] - 1)
    begin = offsets[:-1][edge] + first
    length = last - first + 1
    piece = np.repeat(np.arange(len(edge)), length)
    within = np.arange(int(length.sum())) - np.repeat(np.cumsum(length) - length, length)
    lines = np.asarray(shapely.linestrings(points[np.repeat(begin, length) + within], indices=piece))
    return RoadPieces(lines, edge, first, last, shapely.STRtree(lines))
