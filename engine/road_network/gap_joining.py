"""Putting connectors into the graph: new pixels, new edges, and nodes where they meet roads between their ends."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .gap_candidates import SNAP_METRES, Candidates
from .gap_ends import RoadEnds
from .gap_paths import Crossing
from .graph import RoadGraph
from .skeleton_tiles import SkeletonPixels


def joined(graph: RoadGraph, ends: RoadEnds, candidates: Candidates, ways: list[Crossing]) -> RoadGraph:
    """Return the graph with a connector along every way, the first ones having precedence where two meet a road side by side.

    Roads are cut back to the anchors of their ends that are connected, and split where they are met.
    """
    trimmed, node_pixels = _cut_back(graph, ends, candidates)
    splits, targets = _splits(graph, trimmed, candidates, ways)
    nodes, edge_nodes, paths = split_edges(graph, trimmed, splits)
    node_pixels = np.concatenate([node_pixels, [graph.paths[edge][index] for edge, index in nodes]]).astype(np.int64)
    new_node = {key: len(graph.node_pixels) + number for number, key in enumerate(nodes)}

    skeleton, middles = _with_pixels(graph, ends, candidates, ways)
    for number, (end, other) in enumerate(zip(candidates.end.tolist(), candidates.other.tolist())):
        first = int(ends.node[end])
        second = int(ends.node[other]) if other >= 0 else _node_at(graph, new_node, targets[number])
        edge_nodes.append((first, second))
        middle = _up_to(skeleton, middles[number], int(node_pixels[second]))
        paths.append(np.concatenate([[node_pixels[first]], middle, [node_pixels[second]]]).astype(np.int64))
    places = np.concatenate([graph.node_places, np.zeros((len(nodes), 2))])
    result = replace(
        graph, skeleton=skeleton, node_pixels=node_pixels, edge_nodes=np.array(edge_nodes, np.int64).reshape(-1, 2), paths=paths,
        node_places=places,
    )  # fmt: skip
    moved = np.concatenate([ends.node[_connected(candidates)], np.arange(len(graph.node_pixels), len(node_pixels))])
    places[moved] = result.positions(node_pixels[moved])
    return result.measured()


def _up_to(skeleton: SkeletonPixels, middle: np.ndarray, last: int) -> np.ndarray:
    """Return the pixels of a way before it first comes to where its last one lies: it may pass the node it is joined to."""
    there = (skeleton.rows[middle] == skeleton.rows[last]) & (skeleton.columns[middle] == skeleton.columns[last])
    return middle[: int(np.argmax(there))] if there.any() else middle


def _connected(candidates: Candidates) -> np.ndarray:
    """Return the ends that connectors begin or end at."""
    both = np.unique(np.concatenate([candidates.end, candidates.other]))
    return both[both >= 0]


def _cut_back(graph: RoadGraph, ends: RoadEnds, candidates: Candidates) -> tuple[np.ndarray, np.ndarray]:
    """Return the first and last index that is left of every path, int64 (edges, 2), and the pixels of all nodes."""
    left = np.column_stack([np.zeros(len(graph.paths), np.int64), [len(path) - 1 for path in graph.paths]])
    pixels = graph.node_pixels.copy()
    for end in _connected(candidates).tolist():
        edge, side, cut = int(ends.edge[end]), int(ends.side[end]), int(ends.cut[end])
        left[edge, side] += -cut if side else cut
        pixels[ends.node[end]] = graph.paths[edge][left[edge, side]]
    return left, pixels


def _splits(
    graph: RoadGraph, trimmed: np.ndarray, candidates: Candidates, ways: list[Crossing]
) -> tuple[dict[int, list[int]], dict[int, tuple[int, int]]]:
    """Return where every edge is split, and of every connector into a road its edge and split (0 and -1 stand for its nodes)."""
    splits: dict[int, list[int]] = {}
    targets: dict[int, tuple[int, int]] = {}
    for number, way in enumerate(ways):
        if way.met < 0:
            continue
        edge = int(candidates.edge[number])
        path, (first, last) = graph.paths[edge], trimmed[edge].tolist()
        at = min(max(way.met, first), last)
        places = graph.positions(path)
        taken = {first: 0, last: -1, **{index: index for index in splits.get(edge, [])}}
        around = np.array(sorted(taken))
        apart = np.hypot(*(places[around] - places[at]).T)
        nearest = int(np.argmin(np.round(apart, 6)))
        if apart[nearest] > SNAP_METRES and 0 < at < len(path) - 1:
            splits.setdefault(edge, []).append(at)
            targets[number] = (edge, at)
        else:
            targets[number] = (edge, taken[int(around[nearest])])
    return splits, targets


def split_edges(
    graph: RoadGraph, trimmed: np.ndarray, splits: dict[int, list[int]]
) -> tuple[list[tuple[int, int]], list[tuple[int, int]], list[np.ndarray]]:
    """Split edges at indices of their paths.

    Args:
        trimmed: int64 (edges, 2), the first and last index that is left of every path. splits: indices by edge.

    Returns:
        The new nodes (edge and index in its path), and the nodes and paths of all pieces.
    """
    nodes = [(edge, index) for edge in sorted(splits) for index in sorted(splits[edge])]
    number = {key: len(graph.node_pixels) + place for place, key in enumerate(nodes)}
    edge_nodes: list[tuple[int, int]] = []
    paths: list[np.ndarray] = []
    for edge, ((first, second), path, (begin, last)) in enumerate(zip(graph.edge_nodes.tolist(), graph.paths, trimmed.tolist())):
        cuts = sorted(splits.get(edge, []))
        at = [begin, *cuts, last]
        those = [first, *(number[(edge, index)] for index in cuts), second]
        for place in range(len(at) - 1):
            edge_nodes.append((those[place], those[place + 1]))
            paths.append(path[at[place] : at[place + 1] + 1])
    return nodes, edge_nodes, paths


def _node_at(graph: RoadGraph, new_node: dict[tuple[int, int], int], target: tuple[int, int]) -> int:
    edge, index = target
    return int(graph.edge_nodes[edge, index]) if index in (0, -1) else new_node[target]


def _with_pixels(
    graph: RoadGraph, ends: RoadEnds, candidates: Candidates, ways: list[Crossing]
) -> tuple[SkeletonPixels, list[np.ndarray]]:
    """Return the skeleton with the pixels between the ends of every way, and their numbers."""
    old = graph.skeleton
    inner = [way.pixels[1:-1] for way in ways]
    size = np.array([len(pixels) for pixels in inner], np.int64)
    start = len(old.rows) + np.cumsum(size) - size
    if not size.sum():
        return old, [np.zeros(0, np.int64) for _ in ways]
    rows, columns = np.concatenate(inner).T
    # as wide as the roads at both ends, the one passing into the other
    radius = old.radius[ends.anchor_pixels(graph)]
    other = np.where(candidates.other >= 0, radius[candidates.other], radius[candidates.end])
    share = [np.linspace(0, 1, len(way.pixels))[1:-1] for way in ways]
    wide = [(1 - part) * one + part * two for part, one, two in zip(share, radius[candidates.end], other)]
    count = int(size.sum())
    new = SkeletonPixels.plain(
        rows, columns, np.concatenate(wide).astype(np.float32), np.concatenate([way.probability[1:-1] for way in ways])
    )
    new = replace(new, bridged=np.ones(count, bool))
    middles = [np.arange(begin, begin + length) for begin, length in zip(start.tolist(), size.tolist())]
    return SkeletonPixels.joined([old, new]), middles
