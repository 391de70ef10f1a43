"""Masks through the whole of the pipeline but files: skeleton, graph, cleaning, lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from roadsmith.engine.reporter import Reporter
from roadsmith.engine.road_network.cleaning import clean, tidy
from roadsmith.engine.road_network.geometry import road_lines
from roadsmith.engine.road_network.graph import RoadGraph, build_graph
from roadsmith.engine.road_network.skeleton_tiles import skeleton_pixels

from . import drawn_masks as masks


@dataclass(frozen=True)
class Network:
    """A graph and its lines, in pixels one metre wide."""

    graph: RoadGraph
    lines: np.ndarray

    @property
    def degrees(self) -> list[int]:
        return sorted(self.graph.degrees[np.unique(self.graph.edge_nodes)].tolist())

    @property
    def nodes(self) -> np.ndarray:
        """Places of the nodes where roads end."""
        return self.graph.node_places[np.unique(self.graph.edge_nodes)]

    @property
    def junctions(self) -> np.ndarray:
        """Places of the nodes with three arms or more."""
        return self.graph.node_places[self.graph.degrees > 2]

    @property
    def length(self) -> float:
        return float(shapely.length(self.lines).sum())


def extract(
    mask: np.ndarray, min_dangle: float = 10.0, min_component: float = 0.0, smoothing: float = 2.0, simplify: float = 0.75
) -> Network:
    """The network of a bool mask of roads, its lines meeting at their ends and nowhere else."""
    cell, reporter = (1.0, 1.0), Reporter()
    graph = build_graph(skeleton_pixels(masks.in_memory(mask.astype(np.uint8)), cell, reporter), cell, reporter)
    graph = clean(graph, mask.shape, min_dangle, reporter)
    graph = tidy(graph, mask.shape, min_dangle, min_component, reporter)
    lines, crossing = road_lines(graph, smoothing, simplify, reporter)
    assert crossing == 0
    return Network(graph, lines)


def drawn_roads(shape: tuple[int, int], lines: list, width: float) -> np.ndarray:
    """A mask of roads along lines of (x, y), in metres right and down, with round ends."""
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    pixels = shapely.points(columns + 0.5, rows + 0.5)
    return np.any([shapely.dwithin(shapely.linestrings(line), pixels, width / 2) for line in lines], axis=0)


def ray(degrees: float, length: float = 200.0, start: tuple[float, float] = (80.0, 80.0)) -> tuple[float, float]:
    """The point at that distance from another, in that direction."""
    return start[0] + length * np.cos(np.radians(degrees)), start[1] + length * np.sin(np.radians(degrees))


def furthest(lines: np.ndarray, others: list) -> float:
    """The largest distance of a point on some lines from the nearest of others (Hausdorff, one way)."""
    there = shapely.union_all([line if isinstance(line, shapely.Geometry) else shapely.linestrings(line) for line in others])
    points = shapely.points(np.concatenate([shapely.get_coordinates(shapely.segmentize(line, 0.5)) for line in lines]))
    return float(shapely.distance(points, there).max())
