"""TOPO and junctions, worked out by hand."""

import pytest
from hypothesis import given, settings
from roadsmith.engine.evaluation.junctions import junction_scores
from roadsmith.engine.evaluation.topo import topo_scores
from roadsmith.engine.reporter import Reporter

from .drawn_networks import graph, grid, networks


def score(roads, reference, spacing=1000.0):
    found = topo_scores(roads, reference, spacing, 0, Reporter())
    return found.precision, found.recall


@settings(max_examples=6, deadline=None)
@given(networks())
def test_a_network_is_like_itself(streets):
    same = graph(*streets)
    assert score(same, same, spacing=50.0) == (1.0, 1.0)
    assert junction_scores(same, same).f1 == 1.0


@settings(max_examples=6, deadline=None)
@given(networks(), networks())
def test_swapping_the_networks_swaps_precision_and_recall(one, other):
    one, other = graph(*one), graph(*other)
    assert score(one, other) == pytest.approx(score(other, one)[::-1])
    there, back = junction_scores(one, other), junction_scores(other, one)
    assert (there.precision, there.recall) == (back.recall, back.precision)


def test_half_of_a_road_is_missing():
    """Points every 5 m: 20 of the reference, 10 of the roads, from one start on each."""
    assert score(graph([(0, 0), (50, 0)]), graph([(0, 0), (100, 0)])) == (1.0, 0.5)


def test_a_break_stops_the_walk():
    """The roads' two halves of 49 m drop 10 points each: three starts, each with 10 pairs of 20 points wanted."""
    assert score(graph([(0, 0), (49, 0)], [(51, 0), (100, 0)]), graph([(0, 0), (100, 0)])) == (1.0, 0.5)


def test_walks_end_after_300_metres():
    """From the middle of 1 km the walks go 300 m either way: roads beyond do not matter."""
    assert score(graph([(190, 0), (810, 0)]), graph([(0, 0), (1000, 0)])) == (1.0, 1.0)


def test_the_counterpart_runs_the_same_way():
    assert score(graph([(50, -100), (50, 100)]), graph([(0, 0), (100, 0)])) == (0.0, 0.0)


def test_a_shift_is_forgiven_up_to_10_metres():
    assert score(graph([(0, 9), (100, 9)]), graph([(0, 0), (100, 0)])) == (1.0, 1.0)
    assert score(graph([(0, 11), (100, 11)]), graph([(0, 0), (100, 0)])) == (0.0, 0.0)


def test_extra_roads_elsewhere_cost_precision():
    """The false road drops 20 points of 40 from starts of the roads; the start on the reference sees only the true one."""
    assert score(graph([(0, 0), (100, 0)], [(0, 900), (100, 900)]), graph([(0, 0), (100, 0)])) == pytest.approx((2 / 3, 1.0))


def test_nothing():
    road = graph([(0, 0), (100, 0)])
    assert score(graph(), graph()) == (1.0, 1.0)
    assert score(graph(), road) == score(road, graph()) == (0.0, 0.0)


def test_junctions():
    """A 3 × 3 grid has 5: the middle and the four of the sides. Without one spoke that side's is gone and four are left."""
    assert len(graph(*grid(3)).junctions) == 5
    spokes = [number for number, edge in enumerate(grid(3)) if (100.0, 100.0) in edge]
    found = junction_scores(graph(*grid(3, left_out=spokes[:1])), graph(*grid(3)))
    assert (found.precision, found.recall) == (1.0, 4 / 5)


def test_a_junction_has_one_partner():
    """A crossing drawn as two T-junctions 8 m apart is one found and one extra."""
    offset = graph([(-100, 0), (100, 0)], [(-4, 0), (-4, 100)], [(4, 0), (4, -100)])
    crossing = graph([(-100, 0), (0, 0), (100, 0)], [(0, -100), (0, 0), (0, 100)])
    found = junction_scores(offset, crossing)
    assert (found.precision, found.recall) == (0.5, 1.0)


def test_no_junctions():
    road, streets = graph([(0, 0), (100, 0)]), graph(*grid(3))
    assert junction_scores(road, road).f1 == 1.0
    assert junction_scores(road, streets).f1 == junction_scores(streets, road).f1 == 0.0
