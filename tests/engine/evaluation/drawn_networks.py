"""Small road networks for the tests, in metres, and short ways to score them."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import strategies as st
from roadsmith.engine.evaluation.network_layers import NetworkPair, RoadLines
from roadsmith.engine.evaluation.noding import node_lines
from roadsmith.engine.evaluation.route_graph import build_graph
from roadsmith.engine.reporter import Reporter


def lines(*coordinates):
    """LineStrings out of lists of (x, y)."""
    result = np.empty(len(coordinates), object)
    result[:] = [shapely.LineString(each) for each in coordinates]
    return result


def graph(*coordinates, speed=None):
    """The route graph of lines; ``speed`` in km/h for costs in seconds."""
    pieces = node_lines(lines(*coordinates), Reporter()).pieces
    return build_graph(pieces, None if speed is None else np.full(len(pieces), float(speed)))


def pair(roads, reference):
    """Both layers as lists of lists of (x, y), without a coordinate system, so that lengths are as drawn."""
    layers = [
        RoadLines(lines(*each), np.arange(len(each), dtype=np.int64), np.full(len(each), np.nan)) for each in (roads, reference)
    ]
    return NetworkPair(*layers, None, None)


def grid(count, step=100.0, left_out=()):
    """The streets of a grid of ``count`` × ``count`` crossings, one line an edge, without those whose numbers are left out."""
    edges = []
    for i in range(count):
        for j in range(count):
            if i + 1 < count:
                edges.append([(i * step, j * step), ((i + 1) * step, j * step)])
            if j + 1 < count:
                edges.append([(i * step, j * step), (i * step, (j + 1) * step)])
    return [edge for number, edge in enumerate(edges) if number not in left_out]


@st.composite
def networks(draw):
    """Random planar networks: streets between the jittered crossings of a 4 × 4 grid, some bent."""
    shift = st.integers(-30, 30)
    places = {(i * 100.0, j * 100.0): (i * 100.0 + draw(shift), j * 100.0 + draw(shift)) for i in range(4) for j in range(4)}
    kept = draw(st.lists(st.sampled_from(grid(4)), min_size=1, max_size=24, unique_by=str))
    streets = []
    for start, end in kept:
        a, b = places[start], places[end]
        bend = ((a[0] + b[0]) / 2 + draw(st.integers(-5, 5)), (a[1] + b[1]) / 2 + draw(st.integers(-5, 5)))
        streets.append([a, bend, b] if draw(st.booleans()) else [a, b])
    return streets
