"""APLS, worked out by hand."""

import pytest
from hypothesis import given, settings
from roadsmith.engine.evaluation.apls import apls, control_points
from roadsmith.engine.reporter import Reporter

from .drawn_networks import graph, grid, networks

ALL = 10**7


def score(roads, reference, snap=4.0, spacing=1000.0, samples=ALL, seed=0):
    return apls(roads, reference, snap, spacing, samples, seed, Reporter())


@settings(max_examples=15, deadline=None)
@given(networks())
def test_a_network_is_like_itself(streets):
    same = graph(*streets)
    found = score(same, same, spacing=50.0)
    assert found.score == pytest.approx(1.0, abs=1e-12)
    assert found.low == found.high == found.score


@settings(max_examples=8, deadline=None)
@given(networks(), networks())
def test_swapping_the_networks_swaps_the_halves(one, other):
    there, back = score(graph(*one), graph(*other), snap=20), score(graph(*other), graph(*one), snap=20)
    assert there.score == pytest.approx(back.score)
    assert there.reference_to_roads == pytest.approx(back.roads_to_reference)
    assert 0 <= there.score <= 1


@pytest.mark.parametrize(
    ("length", "points"), [(37.0, 2), (37.6, 3), (50.0, 3), (50.1, 3), (100.0, 3), (100.1, 4), (120.0, 4), (251.0, 7)]
)
def test_control_points_on_an_edge(length, points):
    """Ends, and ⌈length / 50⌉ - 1 between them; the middle from 0.75 × 50 m on."""
    assert len(control_points(graph([(0, 0), (length, 0)]), 50.0)) == points


def test_half_of_a_road_is_missing():
    """Ends A, B and middle M: of A-M, A-B, M-B only the first is there, so 1/3; the half itself is right: 1."""
    found = score(graph([(0, 0), (50, 0)]), graph([(0, 0), (100, 0)]), spacing=100.0)
    assert found.reference_to_roads == pytest.approx(1 / 3)
    assert found.roads_to_reference == pytest.approx(1.0)
    assert found.score == pytest.approx(0.5)


DETOUR = [(0, 0), (0, 100), (100, 100), (100, 0)]
ENDS = [[(-100, 0), (0, 0)], [(100, 0), (200, 0)]]


def test_a_missing_link_makes_a_detour():
    """A - B of 100 m is missing, 300 m round about. Differences: 0, 0, 1, 1, 1 (200 m become 400) and 2/3 (300 become 500)."""
    reference = graph(*ENDS, [(0, 0), (100, 0)], DETOUR)
    found = score(graph(*ENDS, DETOUR), reference)
    assert found.reference_to_roads == pytest.approx(1 - (3 + 2 / 3) / 6)
    # the roads are one line of 500 m, whose ends are 300 m apart in the reference
    assert found.roads_to_reference == pytest.approx(1 - 200 / 500)


def test_a_shift_within_the_snap_distance_is_forgiven():
    assert score(graph([(0, 3), (100, 3)]), graph([(0, 0), (100, 0)])).score == pytest.approx(1.0)
    assert score(graph([(0, 5), (100, 5)]), graph([(0, 0), (100, 0)])).score == 0.0


def test_a_break_costs_the_route():
    found = score(graph([(0, 0), (49.5, 0)], [(50.5, 0), (100, 0)]), graph([(0, 0), (100, 0)]))
    assert (found.reference_to_roads, found.roads_to_reference, found.score) == (0.0, 1.0, 0.0)


def test_a_road_drawn_twice_changes_no_route():
    once, twice = graph(*grid(3)), graph(*grid(3), *grid(3))
    assert score(twice, once).score == pytest.approx(1.0)


def test_parallel_roads_take_the_shorter():
    """Two roads between the same two junctions: 100 m straight, 300 m round."""
    both = graph(*ENDS, [(0, 0), (100, 0)], DETOUR)
    straight = graph(*ENDS, [(0, 0), (100, 0)])
    assert score(both, straight).reference_to_roads == pytest.approx(1.0)


def test_travel_time():
    """100 m take 7.2 s at 50 km/h and 9 s at 40."""
    found = score(graph([(0, 0), (100, 0)], speed=40), graph([(0, 0), (100, 0)], speed=50))
    assert found.reference_to_roads == pytest.approx(1 - 1.8 / 7.2)
    assert found.roads_to_reference == pytest.approx(1 - 1.8 / 9)


def test_lone_rings():
    ring = [(0, 0), (0, 100), (100, 100), (100, 0), (0, 0)]
    assert score(graph(ring), graph(ring), spacing=50.0).score == pytest.approx(1.0)
    tiny = [(0, 0), (0, 10), (10, 10), (0, 0)]
    assert score(graph(tiny), graph(tiny)).score == 1.0  # one control point, no route, but found
    assert score(graph([(500, 0), (600, 0)]), graph(tiny)).score == 0.0


def test_nothing():
    road = graph([(0, 0), (100, 0)])
    assert score(graph(), graph()).score == 1.0
    assert score(graph(), road).score == score(road, graph()).score == 0.0


def test_a_sample_is_repeatable_and_near_the_whole():
    reference, roads = graph(*grid(12)), graph(*grid(12, left_out=range(0, 264, 9)))
    whole = score(roads, reference, spacing=50.0)
    sample = score(roads, reference, spacing=50.0, samples=4000)
    assert sample == score(roads, reference, spacing=50.0, samples=4000)
    assert sample != score(roads, reference, spacing=50.0, samples=4000, seed=1)
    assert 4000 < sample.routes <= 8000 < whole.routes
    assert sample.low < sample.score < sample.high
    assert sample.low - 0.01 <= whole.score <= sample.high + 0.01
    assert sample.high - sample.low < 0.1
