"""Centre lines of a mask: thinning to one pixel, and tracing what is left into a graph of pixel paths.

On the lower floor because two rooms need it: the training labels (road orientation along the centre line) and the road network.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components, depth_first_order

from .zhang_suen import thin, without_steps


@dataclass(frozen=True)
class PixelGraph:
    """A multigraph of pixel paths: parallel edges and loops are allowed.

    Attributes:
        rows, columns: int64 (pixels,), the skeleton pixels in row-major order; all other arrays hold indices into these.
        node_pixels: int64 (nodes,), the pixel that stands for each node (of a cluster, the one nearest its middle).
        edge_nodes: int64 (edges, 2), the nodes at both ends; a loop has the same node twice.
        path_pixels, path_offsets: the pixels of edge ``e``, end nodes included, are
            ``path_pixels[path_offsets[e]:path_offsets[e + 1]]``.
    """

    rows: np.ndarray
    columns: np.ndarray
    node_pixels: np.ndarray
    edge_nodes: np.ndarray
    path_pixels: np.ndarray
    path_offsets: np.ndarray

    @property
    def nodes(self) -> np.ndarray:
        """Row and column of every node, int64 (nodes, 2)."""
        return np.column_stack([self.rows[self.node_pixels], self.columns[self.node_pixels]])

    @property
    def path_indices(self) -> list[np.ndarray]:
        """The pixel indices of every edge, in order."""
        return np.split(self.path_pixels, self.path_offsets[1:-1]) if len(self.edge_nodes) else []

    @property
    def paths(self) -> list[np.ndarray]:
        """Rows and columns of every edge, int64 (n, 2) each, in order from its first node to its second."""
        return [np.column_stack([self.rows[path], self.columns[path]]) for path in self.path_indices]


def skeletonise(mask: np.ndarray) -> np.ndarray:
    """Thin a bool mask to lines one pixel wide (after Zhang & Suen 1984), same shape; what lies outside counts as empty.

    The thinning looks at 3×3 neighbourhoods only and is parallel, so a pixel's fate depends on nothing further away than the
    road is wide; Lee's and the medial axis lack that, and tiles of theirs do not fit together. That of Guo and Hall bends the
    centre lines of wide roads towards the roads that join them. Diagonal lines are no staircases, which road networks are better
    made of (``zhang_suen.thin``): they are alike in a raster turned or mirrored.
    """
    return without_steps(thin(np.asarray(mask, dtype=bool)))


def trace(skeleton: np.ndarray, row0: int = 0, column0: int = 0) -> PixelGraph:
    """Trace a bool skeleton image whose upper left pixel is (``row0``, ``column0``) of a larger grid."""
    rows, columns = np.divmod(np.flatnonzero(skeleton), skeleton.shape[1])
    return trace_pixels(rows + row0, columns + column0)


def trace_pixels(rows: np.ndarray, columns: np.ndarray) -> PixelGraph:
    """Trace skeleton pixels given by their coordinates, in any order and from a grid of any size.

    Two pixels are linked if they share a side, or only a corner and no pixel beside that corner is set (else every staircase
    would look like a junction). Ends, junctions and lone pixels are nodes; touching junction pixels, and the full 2×2 blocks
    thinning can leave, make one node. A ring gets its first pixel as node.

    Args:
        rows, columns: int64 (pixels,), each pixel once.
    """
    rows, columns = _in_order(np.asarray(rows, np.int64), np.asarray(columns, np.int64))
    first, second, in_block = _links(rows, columns)
    degree = np.bincount(np.concatenate([first, second]), minlength=len(rows))
    is_node = (degree != 2) | in_block
    node_of, node_pixels = _clusters(rows, columns, first, second, is_node & (degree != 1), is_node)

    between = is_node[first] != is_node[second]
    chain_side = np.where(is_node[first], second, first)[between]
    node_side = np.where(is_node[first], first, second)[between]
    along = ~is_node[first] & ~is_node[second]
    chains, starts, lengths = _chains(first[along], second[along], ~is_node)
    heads, tails = _attachments(chains, starts, lengths, chain_side, node_side)

    # a ring touches no node: its first pixel becomes one, and closes the path
    ring = np.flatnonzero(heads < 0)
    node_of[chains[starts[ring]]] = len(node_pixels) + np.arange(len(ring))
    heads[ring] = tails[ring] = chains[starts[ring]]
    node_pixels = np.concatenate([node_pixels, chains[starts[ring]]])

    direct = is_node[first] & is_node[second] & (node_of[first] != node_of[second])
    heads, tails = np.concatenate([heads, first[direct]]), np.concatenate([tails, second[direct]])
    lengths = np.concatenate([lengths, np.zeros(int(direct.sum()), np.int64)])
    edge_nodes = np.column_stack([node_of[heads], node_of[tails]])
    path_pixels, path_offsets = _paths(node_pixels[edge_nodes], heads, chains, lengths)
    return PixelGraph(rows, columns, node_pixels, edge_nodes, path_pixels, path_offsets)


def _in_order(rows: np.ndarray, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return pixels row by row; those that are need no copy."""
    down = np.diff(rows)
    if (down > 0).all() or ((down >= 0) & ((down > 0) | (np.diff(columns) > 0))).all():
        return rows, columns
    order = np.lexsort((columns, rows))
    return rows[order], columns[order]


def _links(rows: np.ndarray, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the two ends of every link between pixels, and which pixels are part of a full 2×2 block."""
    count = len(rows)
    if not count:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, bool)
    left = int(columns.min()) - 1
    stride = int(columns.max()) - left + 2  # one empty column between the rows, so that neighbours never wrap around
    keys = (rows - rows[0]) * stride + (columns - left)
    index = _index_type(count)
    here = np.arange(count, dtype=index)

    def lookup(offset: int) -> np.ndarray:
        """Index of the pixel at that distance, -1 where there is none."""
        wanted = keys + offset
        found = np.searchsorted(keys, wanted)
        np.minimum(found, count - 1, out=found)
        found[keys[found] != wanted] = -1
        return found.astype(index)

    right, below, below_right, below_left = lookup(1), lookup(stride), lookup(stride + 1), lookup(stride - 1)
    has_left = np.zeros(count, bool)
    has_left[right[right >= 0]] = True
    corner_right = (below_right >= 0) & (right < 0) & (below < 0)
    corner_left = (below_left >= 0) & ~has_left & (below < 0)
    neighbours = ((right, right >= 0), (below, below >= 0), (below_right, corner_right), (below_left, corner_left))
    first = np.concatenate([here[linked] for _, linked in neighbours])
    second = np.concatenate([other[linked] for other, linked in neighbours])

    in_block = np.zeros(count, bool)
    full = (right >= 0) & (below >= 0) & (below_right >= 0)
    for corner in (here, right, below, below_right):
        in_block[corner[full]] = True
    return first, second, in_block


def _index_type(count: int) -> type[np.signedinteger]:
    """Return the smaller integer where it can number ``count`` things: a network of a country fits into half the memory."""
    return np.int32 if count < 2**31 else np.int64


def _components(first: np.ndarray, second: np.ndarray, count: int) -> np.ndarray:
    """Return the component number of every one of ``count`` things that links join."""
    graph = coo_matrix((np.ones(len(first), bool), (first, second)), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1])


def _clusters(
    rows: np.ndarray, columns: np.ndarray, first: np.ndarray, second: np.ndarray, merges: np.ndarray, is_node: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the node of every pixel (-1 for none) and the pixel that stands for every node.

    Args:
        merges: pixels that make one node with their like beside them (junctions); the other nodes (ends) stay alone.
    """
    node_of = np.full(len(rows), -1, np.int64)
    members = np.flatnonzero(is_node)
    if not len(members):
        return node_of, members
    position = np.zeros(len(rows), np.int64)
    position[members] = np.arange(len(members))
    joined = merges[first] & merges[second]
    label = _components(position[first[joined]], position[second[joined]], len(members))
    size = np.bincount(label)
    # the member nearest the middle stands for the cluster; of equals the first in row-major order
    away = np.zeros(len(members))
    for axis in (rows, columns):
        offset = axis[members] - axis[0]  # in whole numbers first: far from the corner floating point loses the last digits
        away += (offset - (np.bincount(label, offset) / size)[label]) ** 2
    order = np.lexsort((members, np.round(away, 6), label))
    chosen = members[order[np.concatenate([[0], np.cumsum(size)[:-1]])]]
    # numbered in row-major order of their pixels, so that the numbers depend on nothing else
    rank = np.argsort(np.argsort(chosen))
    node_of[members] = rank[label]
    return node_of, np.sort(chosen)


def _chains(first: np.ndarray, second: np.ndarray, is_chain: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Order the pixels between nodes: return them chain after chain, where each chain starts, and how long it is.

    All chains are hooked end to start into one long line that compiled code walks in linear time; a loop in Python over
    millions of pixels, or a walk from a common root (which looks through all its children again and again), would be slow.
    """
    members = np.flatnonzero(is_chain)
    if not len(members):
        return members, members, members
    position = np.zeros(len(is_chain), _index_type(len(is_chain)))
    position[members] = np.arange(len(members))
    a, b = position[first], position[second]
    label = _components(a, b, len(members))
    lengths = np.bincount(label)
    degree = np.bincount(np.concatenate([a, b]), minlength=len(members))

    heads = np.full(len(lengths), -1, np.int64)
    tails = heads.copy()
    ends = np.flatnonzero(degree < 2)
    heads[label[ends][::-1]] = ends[::-1]  # assigned in reverse: the first in row-major order stays
    tails[label[ends]] = ends
    closed = np.flatnonzero(heads < 0)
    if len(closed):
        everyone = np.arange(len(members))[::-1]
        opening = np.full(len(lengths), -1, np.int64)
        opening[label[everyone]] = everyone
        heads[closed] = opening[closed]
        # cut the ring between its first pixel and the larger of that pixel's neighbours
        is_head = np.zeros(len(members), bool)
        is_head[heads[closed]] = True
        touching = np.flatnonzero(is_head[a] | is_head[b])
        touching = touching[np.argsort(np.where(is_head[a], b, a)[touching], kind="stable")]
        cut = np.full(len(lengths), -1, np.int64)
        cut[label[a[touching]]] = touching
        cut = cut[closed]
        tails[closed] = np.where(a[cut] == heads[closed], b[cut], a[cut])
        a, b = np.delete(a, cut), np.delete(b, cut)
    a, b = np.concatenate([a, tails[:-1]]), np.concatenate([b, heads[1:]])
    line = coo_matrix((np.ones(len(a), np.float32), (a, b)), shape=(len(members), len(members))).tocsr()
    walked = depth_first_order(line, heads[0], directed=False, return_predecessors=False)
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    return members[walked], starts, lengths


def _attachments(
    chains: np.ndarray, starts: np.ndarray, lengths: np.ndarray, chain_side: np.ndarray, node_side: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the node pixel before the first and after the last pixel of every chain, -1 for rings."""
    order = np.lexsort((node_side, chain_side))
    chain_side, node_side = chain_side[order], node_side[order]

    def neighbour(pixels: np.ndarray, side: Literal["left", "right"]) -> np.ndarray:
        found = np.searchsorted(chain_side, pixels, side) - (side == "right")
        inside = np.clip(found, 0, max(0, len(chain_side) - 1))
        if not len(chain_side):
            return np.full(len(pixels), -1, np.int64)
        return np.where(chain_side[inside] == pixels, node_side[inside], -1)

    # a chain of one pixel has both its nodes listed under that pixel: the first and the last of them
    return neighbour(chains[starts], "left"), neighbour(chains[starts + lengths - 1], "right")


def _paths(ends: np.ndarray, heads: np.ndarray, chains: np.ndarray, lengths: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Join node pixel, chain and node pixel of every edge.

    Inside a cluster a path goes straight to the node's pixel: by way of the pixel where it touches the cluster, two paths
    that touch the same one would run on top of each other.
    """
    if not len(lengths):
        return np.zeros(0, np.int64), np.zeros(1, np.int64)
    filled = lengths > 0
    ring = np.zeros(len(lengths), bool)
    ring[filled] = chains[(np.cumsum(lengths) - lengths)[filled]] == heads[filled]
    before = np.where(ring, 0, 1)  # the first pixel of a ring is its node
    offsets = np.concatenate([[0], np.cumsum(before + lengths + 1)])
    pixels = np.empty(offsets[-1], np.int64)
    within = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    pixels[np.repeat(offsets[:-1] + before, lengths) + within] = chains
    pixels[offsets[:-1]] = ends[:, 0]
    pixels[offsets[1:] - 1] = ends[:, 1]
    return pixels, offsets
