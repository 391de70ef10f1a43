"""From pixel paths to lines: smoothed, simplified, meeting at their ends and nowhere else.

All of it in metres right and down from the raster's corner, so that it works alike on geographic and oblong pixels.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely
from affine import Affine

from ..reporter import Reporter
from .arms import MOST_ARMS, pixel_of
from .clashes import clashing, lines_of
from .graph import RoadGraph
from .smoothing import smooth_paths

#: What is tried, in this order, on lines that cross after smoothing: shares of the smoothing and the simplification asked for.
_MILDER = ((0.5, 0.5), (0.25, 0.0), (0.0, 0.0))
#: What a user asks for in metres is meant for cells of about a metre. On finer ones a road's place is known better, and lines are
#: smoothed and simplified by so many pixels at most: the stairs of pixels are gone by then.
_MOST_SMOOTHED, _MOST_SIMPLIFIED = 3.0, 1.0


def road_lines(
    graph: RoadGraph, smoothing: float, simplify: float, reporter: Reporter, shape: tuple[int, int] | None = None
) -> tuple[np.ndarray, int]:
    """Draw every edge of the graph as a line.

    Args:
        smoothing: sigma of the Gaussian along the line, metres, at most; it is no more than 3 pixels. simplify: Douglas-Peucker
            tolerance, metres, at most; it is no more than a pixel. 0 for none. shape: rows and columns of the raster, beyond
            which no corner of a road lies; None for no such limit.

    Returns:
        Shapely lines (edges,) in metric pixel coordinates, and the number of lines that meet others elsewhere than at their
        ends, even undone to the pixel path.
    """
    smoothing, simplify = min(smoothing, _MOST_SMOOTHED * pixel_of(graph)), min(simplify, _MOST_SIMPLIFIED * pixel_of(graph))
    # roads have no such node: it is a wide area or noise, where every line touches every other. Such lines stay pixel paths,
    # because comparing them all with each other would take hours
    is_tangled = (graph.degrees > MOST_ARMS)[graph.edge_nodes].any(axis=1)
    tangled, roads = np.flatnonzero(is_tangled), np.flatnonzero(~is_tangled)
    lines = np.empty(len(graph.paths), dtype=object)
    area = (shape[1] * graph.cell[0], shape[0] * graph.cell[1]) if shape else (np.inf, np.inf)
    lines[tangled] = _draw(graph, area, tangled, 0.0, 0.0, reporter)
    lines[roads] = _draw(graph, area, roads, smoothing, simplify, reporter)
    crossing = clashing(lines, roads, reporter)
    for share_smoothing, share_simplify in _MILDER:
        crossing = crossing[~is_tangled[crossing]]
        if not len(crossing):
            break
        lines[crossing] = _draw(graph, area, crossing, smoothing * share_smoothing, simplify * share_simplify, reporter)
        crossing = clashing(lines, crossing, reporter)
    return lines, len(np.union1d(crossing, tangled))


def to_map(lines: np.ndarray, cell: tuple[float, float], transform: Affine) -> np.ndarray:
    """Return the lines in map coordinates. The same point becomes the same bits, so that ends still meet."""
    to_pixels = Affine.scale(1 / cell[0], 1 / cell[1])
    a, b, c, d, e, f = (transform * to_pixels)[:6]

    def place(points: np.ndarray) -> np.ndarray:
        x, y = points.T
        return np.column_stack([a * x + b * y + c, d * x + e * y + f])

    return np.asarray(shapely.transform(lines, place), dtype=object)


def _draw(
    graph: RoadGraph, area: tuple[float, float], edges: np.ndarray, smoothing: float, simplify: float, reporter: Reporter
) -> np.ndarray:
    """Return the lines of some edges, object (len(edges),)."""
    first, second = graph.edge_nodes[edges].T
    rings = (first == second) & (graph.degrees[first] == 2)
    lines = np.empty(len(edges), dtype=object)
    paths = [graph.paths[edge] for edge in edges.tolist()]
    part = replace(graph, edge_nodes=graph.edge_nodes[edges], paths=paths, lengths=graph.lengths[edges])
    points, offsets = part.edge_points()
    if smoothing > 0:
        radius = graph.skeleton.radius[part.path_pixels]
        points, offsets = smooth_paths(points, offsets, radius, rings, smoothing, min(graph.cell), reporter, area)
    lines[:] = lines_of(points, offsets)
    if simplify > 0:
        closed = shapely.is_closed(lines)
        for some, keep_shape in ((~closed, False), (closed, True)):  # plain Douglas-Peucker folds small rings flat
            lines[some] = shapely.simplify(lines[some], simplify, preserve_topology=keep_shape)
    return lines
