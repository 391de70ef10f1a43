"""Where roads meet, and where they only cross."""

import numpy as np
import pytest
import shapely
from roadsmith.engine.evaluation.noding import node_lines
from roadsmith.engine.evaluation.route_graph import build_graph
from roadsmith.engine.reporter import Reporter

from .drawn_networks import graph, grid, lines


def noded(*coordinates):
    return node_lines(lines(*coordinates), Reporter())


def test_a_common_vertex_is_a_junction():
    cross = graph([(0, 0), (50, 0), (100, 0)], [(50, -50), (50, 0), (50, 50)])
    assert sorted(cross.degrees.tolist()) == [1, 1, 1, 1, 4]
    assert cross.lengths.tolist() == [50.0] * 4


def test_crossings_join_where_a_layer_has_no_junctions():
    found = noded([(0, 0), (100, 0)], [(50, -50), (50, 50)])
    assert (found.crossings, found.crossings_join, len(found.pieces)) == (1, True, 4)
    assert found.parents.tolist() == [0, 0, 1, 1]


def test_crossings_are_bridges_where_a_layer_has_junctions():
    """A 3 × 3 grid with 5 junctions, and a motorway above it that crosses two streets."""
    found = noded(*grid(3), [(150, -50), (150, 50), (250, 50)])
    assert (found.crossings, found.crossings_join) == (2, False)
    assert len(found.pieces) == len(grid(3)) + 1


def test_an_end_on_a_line_is_a_junction():
    for gap, pieces in ((0.0, 3), (0.05, 3), (-0.05, 3), (0.5, 2)):
        found = noded([(0, 0), (100, 0)], [(50, gap), (50, 50)])
        assert len(found.pieces) == pieces, gap
    assert shapely.length(noded([(0, 0), (100, 0)], [(50, 0), (50, 50)]).pieces).sum() == pytest.approx(150)


def test_ends_that_nearly_meet_do():
    assert len(graph([(0, 0), (50, 0)], [(50.05, 0.02), (100, 0)]).lines) == 1
    assert len(graph([(0, 0), (50, 0)], [(50.5, 0), (100, 0)]).lines) == 2


def test_vertices_that_differ_by_rounding_are_the_same():
    cross = graph([(0, 0), (50.0004, 0), (100, 0)], [(50, -50), (50, 0.0003), (50, 50)])
    assert cross.degrees.max() == 4


def test_roads_drawn_twice_count_once():
    found = noded([(0, 0), (100, 0)], [(100, 0), (0, 0)], [(0, 0), (50, 0), (100, 0)])
    assert (len(found.pieces), found.twins) == (1, 2)
    partly = graph([(0, 0), (100, 0)], [(40, 0), (160, 0)])
    assert partly.lengths.sum() == pytest.approx(160)
    assert len(partly.lines) == 1


def test_there_and_back_is_one_road():
    """A U-turn: out and back on the same line."""
    spur = graph([(0, 0), (100, 0), (0, 0)])
    assert (spur.lengths.tolist(), spur.dead_ends) == ([100.0], 2)


def test_a_line_that_crosses_itself():
    loop = graph([(0, 0), (100, 0), (100, 50), (50, 50), (50, -50)])
    assert sorted(loop.degrees.tolist()) == [1, 1, 4]
    assert sorted(loop.lengths.tolist()) == [50.0, 50.0, 200.0]


def test_a_lollipop_that_touches_itself():
    lollipop = graph([(0, 0), (100, 0), (100, 50), (50, 50), (50, 0)])
    assert sorted(lollipop.degrees.tolist()) == [1, 3]


def test_chains_are_one_edge():
    """Five lines in any direction along a road, and a ring of three that hangs at its end."""
    chain = [[(0, 0), (10, 0)], [(20, 0), (10, 0)], [(20, 0), (30, 5)], [(40, 0), (30, 5)], [(40, 0), (50, 0)]]
    ring = [[(50, 0), (60, 10)], [(60, 10), (60, -10)], [(60, -10), (50, 0)]]
    found = graph(*chain, *ring)
    assert len(found.lines) == 2
    for line, ends in zip(found.lines, found.edge_nodes):
        assert line.coords[0] == tuple(found.node_xy[ends[0]])
        assert line.coords[-1] == tuple(found.node_xy[ends[1]])
    assert found.lengths.sum() == pytest.approx(sum(shapely.LineString(each).length for each in [*chain, *ring]))
    assert sorted(found.degrees.tolist()) == [1, 3]


def test_costs_are_of_all_parts_of_a_chain():
    """36 m at 36 km/h and 36 m at 72 take 3.6 and 1.8 s."""
    pieces = node_lines(lines([(0, 0), (36, 0)], [(36, 0), (72, 0)]), Reporter()).pieces
    found = build_graph(pieces, np.array([36.0, 72.0]))
    assert found.costs.tolist() == pytest.approx([5.4])


def test_components_and_dead_ends():
    found = graph(*grid(3), [(900, 0), (950, 0)], [(900, 500), (950, 500), (950, 550), (900, 500)])
    assert found.node_components().max() + 1 == 3
    assert found.dead_ends == 2
