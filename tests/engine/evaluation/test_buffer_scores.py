"""Buffer scores, worked out by hand and against drawn buffers."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from roadsmith.engine.evaluation.buffer_scores import buffer_scores
from roadsmith.engine.evaluation.nearness import near_stretches
from roadsmith.engine.reporter import Reporter

from .drawn_networks import lines, networks, pair


def score(roads, reference, distance=5.0):
    return buffer_scores(pair(roads, reference), distance, Reporter())


ROAD = [(0, 0), (100, 0)]


@settings(max_examples=12, deadline=None)
@given(networks())
def test_a_network_is_like_itself(streets):
    found = score(streets, streets)
    assert (found.completeness, found.correctness, found.quality, found.redundancy) == (1.0, 1.0, 1.0, 0.0)
    assert (found.gaps_per_km, found.mean_gap, len(found.missed.lines), len(found.extra.lines)) == (0.0, 0.0, 0, 0)
    assert found.rms_offset == pytest.approx(0.0, abs=1e-9)


@settings(max_examples=12, deadline=None)
@given(networks(), networks(), st.floats(0.5, 60))
def test_stretches_are_those_within_drawn_buffers(one, other, distance):
    """A buffer with 64 corners a quarter is 0.01 % narrower than a round one."""
    line, begin, end = near_stretches(lines(*one), lines(*other), distance, Reporter())
    for number, road in enumerate(lines(*one)):
        length = (end - begin)[line == number].sum()
        for factor, compare in ((1.0001, np.less_equal), (0.9999, np.greater_equal)):
            drawn = shapely.buffer(shapely.union_all(lines(*other)), distance * factor, quad_segs=64)
            assert compare(length, shapely.length(shapely.intersection(road, drawn)) + (1e-6 if factor > 1 else -1e-6))
    assert (np.diff(begin)[np.diff(line) == 0] > 0).all()


@settings(max_examples=8, deadline=None)
@given(networks(), networks())
def test_pieces_make_up_the_layers(one, other):
    found = score(one, other, 20.0)
    whole = pair(one, other)
    assert found.matched.total + found.extra.total == pytest.approx(shapely.length(whole.roads.lines).sum())
    assert found.found.total + found.missed.total == pytest.approx(shapely.length(whole.reference.lines).sum())
    swapped = score(other, one, 20.0)
    assert (found.completeness, found.correctness) == pytest.approx((swapped.correctness, swapped.completeness))


def test_half_of_a_road_is_missing():
    """The buffer reaches 5 m past the end: 55 m are found, 45 m are one gap."""
    found = score([[(0, 0), (50, 0)]], [ROAD])
    assert found.completeness == pytest.approx(0.55)
    assert found.correctness == 1.0
    assert found.quality == pytest.approx(50 / (50 + 45))
    assert found.redundancy == pytest.approx((50 - 55) / 50)
    assert (found.gaps_per_km, found.mean_gap) == pytest.approx((10.0, 45.0))


def test_a_shift():
    near, far = score([[(0, 3), (100, 3)]], [ROAD]), score([[(0, 6), (100, 6)]], [ROAD])
    assert (near.completeness, near.correctness) == (1.0, 1.0)
    assert near.rms_offset == pytest.approx(3.0)
    assert (far.completeness, far.correctness, far.quality, far.redundancy, far.rms_offset) == (0.0, 0.0, 0.0, 0.0, None)


def test_the_offset_is_a_root_mean_square():
    """Half at 1 m, half at 3 m: √5 m."""
    assert score([[(0, 1), (50, 1)], [(50, 3), (100, 3)]], [ROAD]).rms_offset == pytest.approx(5**0.5)


def test_a_crossing_road_is_extra():
    found = score([ROAD, [(50, -50), (50, 50)]], [ROAD])
    assert found.matched.total == pytest.approx(110)
    assert found.extra.total == pytest.approx(90)
    assert sorted(found.extra.ids.tolist()) == [1, 1]


def test_a_road_drawn_twice_is_redundant():
    found = score([ROAD, ROAD[::-1]], [ROAD])
    assert (found.completeness, found.correctness, found.redundancy) == (1.0, 1.0, 0.5)


def test_missed_roads_that_touch_are_one_gap():
    reference = [[(0, 0), (500, 0)], [(500, 0), (1000, 0)], [(500, 0), (500, 100)], [(0, 900), (100, 900)]]
    found = score([], reference)
    assert found.gaps_per_km == pytest.approx(2 / 1.2)
    assert found.mean_gap == pytest.approx(600.0)


def test_nothing():
    both, none, extra = score([], []), score([], [ROAD]), score([ROAD], [])
    assert (both.completeness, both.correctness, both.quality, both.redundancy) == (1.0, 1.0, 1.0, 0.0)
    assert (none.completeness, none.correctness, none.quality) == (0.0, 0.0, 0.0)
    assert (extra.completeness, extra.correctness, extra.quality) == (0.0, 0.0, 0.0)
    assert (both.gaps_per_km, both.mean_gap, both.rms_offset, extra.gaps_per_km) == (None, None, None, None)
