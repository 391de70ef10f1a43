"""Closing gaps that begin and end along roads, where the raster shows an unbroken trace from the one to the other."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from ..reporter import Reporter
from .arms import pixel_of
from .evidence_ridges import evidence_ridges
from .gap_candidates import ROUND_GAPS, ROUND_METRES, SNAP_METRES
from .gap_joining import split_edges
from .gap_paths import Crossing, way_between
from .graph import RoadGraph, dissolve
from .probability import RoadRaster
from .road_pieces import road_pieces
from .skeleton_tiles import SkeletonPixels

#: An erased junction takes as many rounds as it has arms but one: what is joined first is met by the others.
_ROUNDS = 3
#: A stub so long, in half road widths and metres, was pruned as a hair of the thinning.
_STUB_WIDTHS, _STUB_METRES = 4.0, 3.0
#: A trace touches a road over no more than so many half road widths, and this much more, metres: a dim verge or median does.
_CONTACT_WIDTHS, _CONTACT_METRES = 3.0, 2.0


@dataclass(frozen=True)
class _Bridge:
    """A connector between two places: edges and indices in their paths, the way, and its line in metric pixel coordinates."""

    edges: tuple[int, int]
    indices: tuple[int, int]
    way: Crossing
    line: shapely.LineString


def close_along_ridges(
    graph: RoadGraph, raster: RoadRaster, max_gap: float, min_probability: float, reporter: Reporter
) -> tuple[RoadGraph, int]:
    """Join places along roads between which the raster shows an unbroken trace of a road; return the graph and how many.

    Raises:
        EngineError: the raster cannot be read.
        Cancelled: the user asked to stop.
    """
    if not raster.has_evidence or not len(graph.paths):
        return graph, 0
    pairs, widths = evidence_ridges(raster, graph.cell, max_gap, min_probability, reporter)
    closed = 0
    for _ in range(_ROUNDS if len(pairs) else 0):
        bridges = _bridges(graph, raster, pairs, widths, max_gap, min_probability, reporter)
        chosen: list[_Bridge] = []
        for bridge in sorted(bridges, key=lambda each: (round(each.way.cost, 6), each.line.wkb)):
            if all(not bridge.line.intersects(other.line) for other in chosen):
                chosen.append(bridge)
        if not chosen:
            break
        graph = dissolve(_joined(graph, chosen), reporter)
        closed += len(chosen)
    return graph, closed


def _bridges(
    graph: RoadGraph, raster: RoadRaster, pairs: np.ndarray, widths: np.ndarray, max_gap: float, min_probability: float,
    reporter: Reporter,
) -> list[_Bridge]:
    """Return the connectors that nothing speaks against."""
    points, offsets = graph.edge_points()
    places = ((pairs.reshape(-1, 2)[:, ::-1] + 0.5) * graph.cell).reshape(-1, 2)
    away, flat = cKDTree(points).query(places)
    flat = _at_nodes(graph, points, offsets, flat)
    radius = graph.skeleton.radius[graph.path_pixels[flat]].astype(np.float64)
    near = away <= np.maximum(_STUB_WIDTHS * radius, radius + _STUB_METRES) + 2 * pixel_of(graph)
    wider = radius.reshape(-1, 2).max(axis=1).repeat(2)
    near &= widths.ravel() <= _CONTACT_WIDTHS * wider + _CONTACT_METRES
    pieces, links = road_pieces(graph), _links(graph)
    found = []
    for number in np.flatnonzero(near.reshape(-1, 2).all(axis=1)).tolist():
        reporter.check_cancelled()
        one, two = flat[2 * number : 2 * number + 2].tolist()
        apart = float(np.hypot(*(points[one] - points[two])))
        if apart < pixel_of(graph) or not _is_far_round(graph, links, offsets, one, two, apart):
            continue
        ends = graph.path_pixels[[one, two]]
        way = way_between(graph, raster, int(ends[0]), int(ends[1]), min_probability)
        if way.reason or way.gap > max_gap or way.gap <= 0 or way.low_probability < min_probability:
            continue
        inner = (way.pixels[1:-1, ::-1] + 0.5) * graph.cell
        line = shapely.linestrings(np.concatenate([points[[one]], inner, points[[two]]]))
        met = shapely.get_coordinates(shapely.intersection(pieces.lines[pieces.tree.query(line, "intersects")], line))
        reach = radius[2 * number : 2 * number + 2] + 2 * pixel_of(graph)
        if (np.hypot(*(met[:, None] - points[[one, two]]).transpose(2, 0, 1)) > reach).all(axis=1).any():
            continue  # it crosses a road between its ends
        edges = np.searchsorted(offsets, [one, two], "right") - 1
        indices = np.array([one, two]) - offsets[edges]
        found.append(_Bridge((int(edges[0]), int(edges[1])), (int(indices[0]), int(indices[1])), way, line))
    return found


def _at_nodes(graph: RoadGraph, points: np.ndarray, offsets: np.ndarray, flat: np.ndarray) -> np.ndarray:
    """Return the points moved to the end of their edge if that is nearer than a junction may be joined at."""
    edge = np.searchsorted(offsets, flat, "right") - 1
    reach = np.maximum(SNAP_METRES / 2, graph.skeleton.radius[graph.path_pixels[flat]])
    moved = flat.copy()
    for end in (offsets[edge], offsets[edge + 1] - 1):
        near = np.hypot(*(points[end] - points[flat]).T) <= reach
        moved[near] = end[near]
    return moved


def _links(graph: RoadGraph) -> csr_matrix:
    """Return the distances between neighbouring nodes, metres."""
    count = len(graph.node_pixels)
    first, second = np.sort(graph.edge_nodes, axis=1).T
    order = np.lexsort((graph.lengths, second, first))  # of parallel roads the shortest
    keep = np.ones(len(order), bool)
    keep[1:] = (np.diff(first[order]) != 0) | (np.diff(second[order]) != 0)
    order = order[keep]
    return csr_matrix((graph.lengths[order], (first[order], second[order])), shape=(count, count))


def _is_far_round(graph: RoadGraph, links: csr_matrix, offsets: np.ndarray, one: int, two: int, apart: float) -> bool:
    """Whether the network has no short way from one of its points to another."""
    most = max(ROUND_METRES, ROUND_GAPS * apart)
    edges = np.searchsorted(offsets, [one, two], "right") - 1
    shares = (np.array([one, two]) - offsets[edges]) / np.maximum(offsets[edges + 1] - 1 - offsets[edges], 1)
    lengths = graph.lengths[edges]
    if edges[0] == edges[1] and abs(shares[0] - shares[1]) * lengths[0] < most:
        return False
    (a, b), (c, d) = graph.edge_nodes[edges]
    from_nodes = dijkstra(links, directed=False, indices=[a, b], limit=most)[:, [c, d]]
    start = np.array([shares[0], 1 - shares[0]]) * lengths[0]
    end = np.array([shares[1], 1 - shares[1]]) * lengths[1]
    return bool((start[:, None] + from_nodes + end[None, :]).min() >= most)


def _joined(graph: RoadGraph, bridges: list[_Bridge]) -> RoadGraph:
    """Return the graph split where connectors begin and end, and with these."""
    splits: dict[int, set[int]] = {}
    last = [len(path) - 1 for path in graph.paths]
    for bridge in bridges:
        for edge, index in zip(bridge.edges, bridge.indices):
            if 0 < index < last[edge]:
                splits.setdefault(edge, set()).add(index)
    whole = np.column_stack([np.zeros(len(last), np.int64), last])
    nodes, edge_nodes, paths = split_edges(graph, whole, {edge: sorted(each) for edge, each in splits.items()})
    number = {key: len(graph.node_pixels) + place for place, key in enumerate(nodes)}
    pixels = np.concatenate([graph.node_pixels, [graph.paths[edge][index] for edge, index in nodes]]).astype(np.int64)
    new, old = [], graph.skeleton
    begin = len(old.rows)
    for bridge in bridges:
        ends = [
            number[(edge, index)] if 0 < index < last[edge] else int(graph.edge_nodes[edge, 0 if index == 0 else 1])
            for edge, index in zip(bridge.edges, bridge.indices)
        ]
        inner = bridge.way.pixels[1:-1]
        first, second = pixels[ends].tolist()
        # as wide as the narrower of the roads it leads to: it is a side road of the wider one
        radius = np.full(len(inner), min(old.radius[first], old.radius[second]), np.float32)
        some = SkeletonPixels.plain(inner[:, 0], inner[:, 1], radius, bridge.way.probability[1:-1])
        new.append(replace(some, bridged=np.ones(len(inner), bool)))
        edge_nodes.append((ends[0], ends[1]))
        paths.append(np.array([first, *range(begin, begin + len(inner)), second], np.int64))
        begin += len(inner)
    skeleton = SkeletonPixels.joined([old, *new])
    result = replace(
        graph, skeleton=skeleton, node_pixels=pixels, edge_nodes=np.array(edge_nodes, np.int64).reshape(-1, 2), paths=paths,
        node_places=np.concatenate([graph.node_places, graph.positions(pixels[len(graph.node_pixels) :])]),
    )
    return result.measured()
