"""What is known of every road and node: length, width, probability, network, class, kind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyproj

from ..raster.measure import ellipsoidal_lengths
from ..reporter import Reporter
from .crossings import possible_bridges
from .graph import RoadGraph, width_of
from .road_classes import road_classes, travel_time_columns

#: Share of a road left out at either end when its width is taken: there the mask widens into the crossing.
_ENDS_LEFT_OUT = 0.1


def edge_attributes(
    graph: RoadGraph, lines: np.ndarray, crs: pyproj.CRS, reporter: Reporter, travel_times: bool = False
) -> dict[str, np.ndarray]:
    """Return the columns of the road layer, in the order of its fields.

    Args:
        lines: object (edges,), shapely lines of the edges in map coordinates.
        crs: of the map; lengths are metres on its ellipsoid.
        travel_times: add ``speed_kmh`` and ``travel_time_s``.

    Returns:
        Arrays (edges,): int64 numbers of edges, nodes and networks, which start at 1; float64 metres and probabilities; bool
        ``bridged`` (some of it lies in a closed gap) and ``possible_bridge``; text ``road_class``.

    Raises:
        Cancelled: the user asked to stop.
    """
    from_node, to_node = (numbered_nodes(graph)[graph.edge_nodes[:, side]] for side in (0, 1))
    along = along_paths(graph)
    reporter.check_cancelled()
    lengths = ellipsoidal_lengths(lines, crs)
    classes = road_classes(along.width)
    columns = {
        "edge_id": np.arange(1, len(lines) + 1, dtype=np.int64),
        "from_node": from_node,
        "to_node": to_node,
        "component_id": _component_numbers(graph, lengths),
        "length_m": lengths,
        "width_m": along.width,
        "mean_probability": along.mean_probability,
        "min_probability": along.min_probability,
        "bridged": along.bridged,
        "possible_bridge": possible_bridges(graph),
        "road_class": classes,
    }
    return {**columns, **travel_time_columns(classes, lengths)} if travel_times else columns


def node_attributes(graph: RoadGraph) -> dict[str, np.ndarray]:
    """Return the columns of the node layer, by rising node_id: ``end``, ``junction``, or ``ring`` where a lone ring begins."""
    degrees = graph.degrees[used_nodes(graph)]
    kind = np.where(degrees == 1, "end", np.where(degrees == 2, "ring", "junction")).astype(object)
    return {"node_id": np.arange(1, len(degrees) + 1, dtype=np.int64), "degree": degrees.astype(np.int64), "kind": kind}


def used_nodes(graph: RoadGraph) -> np.ndarray:
    """Return the nodes where a road ends, by rising number."""
    return np.unique(graph.edge_nodes)


def numbered_nodes(graph: RoadGraph) -> np.ndarray:
    """Return the node_id of every node of the graph; those without a road have none (0)."""
    number = np.zeros(len(graph.node_pixels), np.int64)
    used = used_nodes(graph)
    number[used] = np.arange(1, len(used) + 1)
    return number


@dataclass(frozen=True)
class AlongPaths:
    """What the pixels of every edge say of it: float64 and bool (edges,), the width in metres."""

    width: np.ndarray
    mean_probability: np.ndarray
    min_probability: np.ndarray
    bridged: np.ndarray


def along_paths(graph: RoadGraph) -> AlongPaths:
    """Measure every edge along its pixels, all edges at once.

    The width is that at the median pixel of the middle 80 %; pixels in a closed gap count for it only where there are no others.
    """
    skeleton = graph.skeleton
    count = np.array([len(path) for path in graph.paths], np.int64)
    if not count.sum():
        nothing = np.zeros(len(count))
        return AlongPaths(nothing, nothing, nothing, nothing.astype(bool))
    pixels, starts = np.concatenate(graph.paths), np.cumsum(count) - count
    probability = skeleton.probability[pixels].astype(np.float64)
    in_gap = skeleton.bridged[pixels]
    bridged = np.logical_or.reduceat(in_gap, starts)
    mean = np.clip(np.add.reduceat(probability, starts) / count, 0.0, 1.0)

    edge = np.repeat(np.arange(len(count)), count)
    place, skip = np.arange(len(pixels)) - starts[edge], (count * _ENDS_LEFT_OUT).astype(np.int64)
    middle = (place >= skip[edge]) & (place < (count - skip)[edge])
    wanted = middle & ~in_gap
    all_in_gap = np.bincount(edge[wanted], minlength=len(count)) == 0
    wanted |= middle & all_in_gap[edge]
    radius = _medians(edge[wanted], skeleton.radius[pixels[wanted]], len(count))
    return AlongPaths(width_of(radius, graph.cell), mean, np.minimum.reduceat(probability, starts), bridged)


def _medians(group: np.ndarray, values: np.ndarray, count: int) -> np.ndarray:
    """Return the median of each of ``count`` groups, none of them empty; ``values`` are float32 and not negative.

    The bits of such numbers rise as they do, so with the group above them one sort of whole numbers is all it takes.
    """
    keys = (group.astype(np.uint64) << np.uint64(32)) | np.ascontiguousarray(values, np.float32).view(np.uint32)
    ordered = (np.sort(keys) & np.uint64(0xFFFFFFFF)).astype(np.uint32).view(np.float32).astype(np.float64)
    size = np.bincount(group, minlength=count)
    first = np.cumsum(size) - size
    return np.asarray((ordered[first + (size - 1) // 2] + ordered[first + size // 2]) / 2)


def _component_numbers(graph: RoadGraph, lengths: np.ndarray) -> np.ndarray:
    """Return the network of every edge, the longest network being number 1."""
    component = graph.components()
    if not len(component):
        return component
    present, first, inverse = np.unique(component, return_index=True, return_inverse=True)
    total = np.bincount(inverse, lengths)
    number = np.empty(len(present), np.int64)
    number[np.lexsort((first, -total))] = np.arange(1, len(present) + 1)
    return number[inverse]
