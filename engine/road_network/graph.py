"""The road network as a graph of pixel paths, which the cleaning steps take apart and put together again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from ..raster.skeleton import trace_pixels
from ..reporter import Reporter
from .skeleton_tiles import SkeletonPixels

#: Edges worked on between two looks at "cancel"; a few hundredths of a second.
CANCEL_EVERY = 2000


@dataclass(frozen=True)
class RoadGraph:
    """Roads between nodes. Operations return a new graph; pixels and node numbers stay.

    Attributes:
        skeleton: the pixels that paths refer to.
        cell: metres of a pixel along its row and its column.
        node_pixels: int64 (nodes,), index of the pixel of every node, used or not.
        edge_nodes: int64 (edges, 2).
        paths: pixel indices of every edge, from its first node's pixel to its second's, both included.
        lengths: float64 (edges,), metres along the path, from node to node.
        node_places: float64 (nodes, 2), where every node is, in the metres of ``positions``; it may lie between pixels.
    """

    skeleton: SkeletonPixels
    cell: tuple[float, float]
    node_pixels: np.ndarray
    edge_nodes: np.ndarray
    paths: list[np.ndarray]
    lengths: np.ndarray
    node_places: np.ndarray

    @property
    def degrees(self) -> np.ndarray:
        """How many edge ends meet at every node; a loop counts twice."""
        return np.bincount(self.edge_nodes.ravel(), minlength=len(self.node_pixels))

    @property
    def node_widths(self) -> np.ndarray:
        """Width of the road at every node, metres."""
        return width_of(self.skeleton.radius[self.node_pixels], self.cell)

    def positions(self, pixels: np.ndarray) -> np.ndarray:
        """Return the middle of the road at pixels, float64 (n, 2), metres right and down from the raster's upper left corner."""
        shift = self.skeleton.shift[pixels].astype(np.float64)
        shift[:, 0] += (self.skeleton.columns[pixels] + 0.5) * self.cell[0]
        shift[:, 1] += (self.skeleton.rows[pixels] + 0.5) * self.cell[1]
        return shift

    def edge_points(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the points of all edges in a row, float64 (points, 2), and where each edge begins, int64 (edges + 1,).

        Every edge begins and ends exactly at the places of its nodes. Not to be written to: found once for every graph.
        """
        return self._edge_points

    @cached_property
    def path_pixels(self) -> np.ndarray:
        """The pixel indices of all edges in a row, int64; the points of ``edge_points`` belong to them. Not to be written to."""
        return np.concatenate([np.zeros(0, np.int64), *self.paths])

    @cached_property
    def _edge_points(self) -> tuple[np.ndarray, np.ndarray]:
        offsets = np.concatenate([[0], np.cumsum([len(path) for path in self.paths], dtype=np.int64)]).astype(np.int64)
        if not len(self.paths):
            return np.zeros((0, 2)), offsets
        points = self.positions(self.path_pixels)
        points[offsets[:-1]] = self.node_places[self.edge_nodes[:, 0]]
        points[offsets[1:] - 1] = self.node_places[self.edge_nodes[:, 1]]
        return points, offsets

    def measured(self) -> RoadGraph:
        """Return the graph with the lengths that its paths and places have."""
        return replace(self, lengths=path_lengths(*self.edge_points()))

    def keep(self, wanted: np.ndarray) -> RoadGraph:
        """Return the graph of the edges that the bool array (edges,) wants."""
        paths = [path for path, keep in zip(self.paths, wanted) if keep]
        return replace(self, edge_nodes=self.edge_nodes[wanted], paths=paths, lengths=self.lengths[wanted])

    def components(self) -> np.ndarray:
        """Return the number of the connected network every edge belongs to, int64 (edges,), in no particular order."""
        count = len(self.node_pixels)
        ends = (self.edge_nodes[:, 0], self.edge_nodes[:, 1])
        links = coo_matrix((np.ones(len(self.edge_nodes), bool), ends), shape=(count, count))
        return connected_components(links, directed=False)[1].astype(np.int64)[self.edge_nodes[:, 0]]


def width_of(radius: np.ndarray, cell: tuple[float, float]) -> np.ndarray:
    """Return the road width, metres, from the distance to the centre of the nearest pixel beside the road.

    A road w pixels wide measures (w + 1) / 2 if w is odd and w / 2 if it is even, so twice the distance is half a pixel too
    much on average.
    """
    return np.maximum(2 * radius.astype(np.float64) - 0.5 * np.sqrt(cell[0] * cell[1]), 0.5 * min(cell))


def build_graph(skeleton: SkeletonPixels, cell: tuple[float, float], reporter: Reporter) -> RoadGraph:
    """Trace skeleton pixels into a graph. The pixels alone decide it, so the tiles they came from leave no mark."""
    traced = trace_pixels(skeleton.rows, skeleton.columns)
    reporter.check_cancelled()
    nodes = traced.node_pixels
    graph = RoadGraph(skeleton, cell, nodes, traced.edge_nodes, traced.path_indices, np.zeros(0), np.zeros((len(nodes), 2)))
    return dissolve(replace(graph, node_places=graph.positions(nodes)).measured(), reporter)


def path_lengths(points: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """Return the length of every path, float64 (paths,), from points and offsets as ``RoadGraph.edge_points`` gives them."""
    if not len(points):
        return np.zeros(len(offsets) - 1)
    steps = np.hypot(*np.diff(points, axis=0, append=points[-1:]).T)
    steps[offsets[1:] - 1] = 0.0  # from one path to the next
    return np.asarray(np.add.reduceat(steps, offsets[:-1]))


def dissolve(graph: RoadGraph, reporter: Reporter) -> RoadGraph:
    """Join the two edges at every node where only two meet; a ring keeps one node."""
    ends = graph.edge_nodes.ravel()  # edge end 2e is the beginning of edge e, 2e + 1 its end
    order = np.argsort(ends, kind="stable")
    through = np.flatnonzero(graph.degrees == 2)
    found = np.searchsorted(ends[order], through)
    pairs = np.column_stack([order[found], order[found + 1]]) if len(through) else np.zeros((0, 2), np.int64)
    pairs = pairs[pairs[:, 0] // 2 != pairs[:, 1] // 2]  # a loop's own two ends
    if not len(pairs):
        return graph
    mate = np.full(len(ends), -1, np.int64)
    mate[pairs[:, 0]], mate[pairs[:, 1]] = pairs[:, 1], pairs[:, 0]

    joined = (mate[::2] >= 0) | (mate[1::2] >= 0)
    keep = ~joined
    edge_nodes, lengths, paths = graph.edge_nodes.copy(), graph.lengths.copy(), list(graph.paths)
    moved = (graph.node_places != graph.positions(graph.node_pixels)).any(axis=1)
    # open chains first, from an edge with a free end; what is left then are rings
    free = np.flatnonzero((mate < 0) & np.repeat(joined, 2))
    rings = np.flatnonzero(joined) * 2
    visited = np.zeros(len(paths), bool)
    for number, start in enumerate(np.concatenate([free, rings]).tolist()):
        if number % CANCEL_EVERY == 0:
            reporter.check_cancelled()
        if visited[start // 2]:
            continue
        chain = _walk(start, mate)
        visited[[end // 2 for end in chain]] = True
        first, last = chain[0], chain[-1]
        edge = first // 2
        pieces = [graph.paths[end // 2][:: 1 if end % 2 == 0 else -1] for end in chain]
        # a road that runs straight through a node which was moved does not bend to where its pixel was
        off = [bool(moved[graph.edge_nodes[end // 2, end % 2]]) for end in chain[1:]]
        first_pieces = [piece[: -1 if gone and len(piece) > 1 else None] for piece, gone in zip(pieces, [*off, False])]
        paths[edge] = np.concatenate([first_pieces[0], *(piece[1:] for piece in first_pieces[1:])])
        edge_nodes[edge] = graph.edge_nodes[first // 2, first % 2], graph.edge_nodes[last // 2, 1 - last % 2]
        lengths[edge] = graph.lengths[[end // 2 for end in chain]].sum()
        keep[edge] = True
    return replace(graph, edge_nodes=edge_nodes, paths=paths, lengths=lengths).keep(keep)


def _walk(start: int, mate: np.ndarray) -> list[int]:
    """Return the edge ends at which a chain of edges is entered, from ``start`` to where it ends or comes round."""
    chain = [start]
    while (following := int(mate[chain[-1] ^ 1])) >= 0 and following != start:
        chain.append(following)
    return chain
