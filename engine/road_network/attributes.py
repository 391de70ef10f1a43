"""What is known of every road and node: length, width, probability, network, kind."""

from __future__ import annotations

import numpy as np
import pyproj

from ..raster.measure import ellipsoidal_lengths
from ..reporter import Reporter
from .graph import CANCEL_EVERY, RoadGraph, width_of

#: Share of a road left out at either end when its width is taken: there the mask widens into the crossing.
_ENDS_LEFT_OUT = 0.1


def edge_attributes(graph: RoadGraph, lines: np.ndarray, crs: pyproj.CRS, reporter: Reporter) -> dict[str, np.ndarray]:
    """Return the columns of the road layer; ``lines`` are in map coordinates. Numbers of edges, nodes and networks start at 1."""
    from_node, to_node = (numbered_nodes(graph)[graph.edge_nodes[:, side]] for side in (0, 1))
    width, mean, least = _along_paths(graph, reporter)
    lengths = ellipsoidal_lengths(lines, crs)
    return {
        "edge_id": np.arange(1, len(lines) + 1, dtype=np.int64),
        "from_node": from_node,
        "to_node": to_node,
        "component_id": _component_numbers(graph, lengths),
        "length_m": lengths,
        "width_m": width,
        "mean_probability": mean,
        "min_probability": least,
    }


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


def _along_paths(graph: RoadGraph, reporter: Reporter) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the width (metres), mean and least probability of every edge along its skeleton."""
    radius, mean, least = (np.zeros(len(graph.paths)) for _ in range(3))
    for edge, path in enumerate(graph.paths):
        if edge % CANCEL_EVERY == 0:
            reporter.check_cancelled()
        skip = int(len(path) * _ENDS_LEFT_OUT)
        radius[edge] = np.median(graph.skeleton.radius[path[skip : len(path) - skip]])
        probability = graph.skeleton.probability[path]
        mean[edge], least[edge] = probability.mean(dtype=np.float64), probability.min()
    return width_of(radius, graph.cell), mean, least


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
