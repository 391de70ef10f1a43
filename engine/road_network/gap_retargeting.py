"""Connectors that would cross a road on their way end at that road instead."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely

from .gap_candidates import FAN_DEGREES, PLAUSIBLE_DEGREES, Candidates, turn
from .gap_choice import CROSSES
from .gap_ends import RoadEnds
from .gap_paths import Crossing, measured_way
from .graph import RoadGraph
from .probability import RoadRaster
from .road_pieces import RoadPieces


def retargeted(
    graph: RoadGraph, raster: RoadRaster, ends: RoadEnds, pieces: RoadPieces, candidates: Candidates, found: list[Crossing],
    lines: np.ndarray, reasons: np.ndarray,
) -> tuple[Candidates, list[Crossing]]:
    """Return connectors from ends whose own ways are refused for nothing but crossing a road, up to the first road there.

    A way from end to end gives one for each. Where the end has a candidate into that road already, that one counts.

    Args:
        lines: of the ways found. reasons: why they are refused.
    """
    known = set(zip(candidates.end.tolist(), candidates.edge.tolist()))
    rows: list[tuple[int, int, int, float, float]] = []
    ways: list[Crossing] = []
    for number in np.flatnonzero(reasons == CROSSES).tolist() if raster.has_evidence else []:
        one, other = int(candidates.end[number]), int(candidates.other[number])
        both = [(one, lines[number], found[number])]
        if other >= 0:
            back = replace(found[number], pixels=found[number].pixels[::-1], probability=found[number].probability[::-1])
            both.append((other, shapely.reverse(lines[number]), back))
        for end, line, way in both:
            met = _first_met(pieces, line, int(ends.edge[end]))
            if met is None or (end, int(pieces.edge[met[0]])) in known:
                continue
            piece, place, along = met
            edge, near = int(pieces.edge[piece]), pieces.nearest(graph, piece, place)
            pixel = int(graph.paths[edge][near])
            kept = int(np.searchsorted(_along(line), along))
            angle = float(turn(ends, np.array([end]), graph.positions(np.array([pixel])))[0])
            if kept < 2 or angle > PLAUSIBLE_DEGREES:
                continue
            known.add((end, edge))
            ways.append(_shortened(graph, raster, way, kept, pixel, near))
            rows.append((end, edge, near, ways[-1].gap, angle))
    if not rows:
        return candidates.part(np.zeros(0, np.int64)), []
    from_end, to_edge, nearest, gaps, angles = (np.array(column) for column in zip(*rows))
    return Candidates(from_end, np.full(len(rows), -1), to_edge, nearest, gaps, angles, angles <= FAN_DEGREES), ways


def _shortened(graph: RoadGraph, raster: RoadRaster, way: Crossing, kept: int, pixel: int, met: int) -> Crossing:
    """Return the first pixels of a way, and then a pixel of a road.

    Args:
        kept: how many of its pixels are left. pixel: of the skeleton. met: its index in the path of its edge.
    """
    skeleton = graph.skeleton
    last = np.array([[skeleton.rows[pixel], skeleton.columns[pixel]]])
    pixels = np.concatenate([way.pixels[:kept], last])
    probability = np.concatenate([way.probability[:kept], skeleton.probability[[pixel]]])
    if np.array_equal(pixels[-2], pixels[-1]):
        pixels, probability = pixels[:-1], probability[:-1]
    apart = float(np.hypot(*((pixels[-1] - pixels[0]) * graph.cell[::-1])))
    cost = way.cost * len(pixels) / len(way.pixels)  # near enough to put it in order
    return measured_way(probability, raster.low, pixels, met, apart, cost, "")


def _first_met(pieces: RoadPieces, line: shapely.LineString, own: int) -> tuple[int, np.ndarray, float] | None:
    """Return the first road but its own that a line meets: its piece, the place, and how far along the line that is."""
    among = np.sort(pieces.tree.query(line, predicate="intersects"))
    among = among[pieces.edge[among] != own]
    places, which = shapely.get_coordinates(shapely.intersection(pieces.lines[among], line), return_index=True)
    if not len(places):
        return None
    along = shapely.line_locate_point(line, shapely.points(places))
    first = int(np.lexsort((among[which], np.round(along, 6)))[0])
    return int(among[which[first]]), places[first], float(along[first])


def _along(line: shapely.LineString) -> np.ndarray:
    """Return how far along a line its points are."""
    steps = np.hypot(*np.diff(shapely.get_coordinates(line), axis=0).T)
    return np.concatenate([[0.0], np.cumsum(steps)])
