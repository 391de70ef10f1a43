"""A mask turned or mirrored gives the network turned or mirrored."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from .networks import drawn_roads, extract, furthest, ray

SHAPE = (160, 140)
TURNS = [turn for turn in itertools.product(range(4), (False, True)) if turn != (0, False)]


def turned(mask, quarters, mirrored):
    mask = np.rot90(mask, quarters)
    return mask[:, ::-1] if mirrored else mask


def turned_back(points, quarters, mirrored):
    """Places (x, y) in a turned mask as those in the mask it was."""
    x, y = np.asarray(points).T
    width, height = SHAPE[::-1] if quarters % 2 == 0 else SHAPE
    if mirrored:
        x = width - x
    for _ in range(quarters):  # against a turn to the left
        x, y = height - y, x
        width, height = height, width
    return np.column_stack([x, y])


def through(degrees, at=(70.0, 80.0)):
    return [ray(degrees + 180, start=at), ray(degrees, start=at)]


def arm(degrees, at=(70.0, 80.0)):
    return [at, ray(degrees, start=at)]


NETWORKS = {
    "cross": ([through(10), through(80)], 7),
    "T": ([through(17), arm(107)], 8),
    "X": ([through(27), through(67)], 8),
    "Y": ([arm(20), arm(140), arm(260)], 8),
    "grid": ([through(12, (40, 50)), through(12, (100, 110)), through(102, (40, 50)), through(102, (100, 110))], 7),
}


@pytest.mark.parametrize(("quarters", "mirrored"), TURNS)
@pytest.mark.parametrize("name", NETWORKS)
def test_turned_networks(name, quarters, mirrored):
    mask = drawn_roads(SHAPE, *NETWORKS[name])
    straight, other = extract(mask), extract(turned(mask, quarters, mirrored))
    assert other.degrees == straight.degrees
    assert len(other.lines) == len(straight.lines)
    junctions = turned_back(other.junctions, quarters, mirrored)
    apart = np.hypot(*(junctions[:, None] - straight.junctions).transpose(2, 0, 1))
    assert apart.min(axis=0).max() < 0.5
    lines = [shapely.transform(line, lambda points: turned_back(points, quarters, mirrored)) for line in other.lines]
    assert max(furthest(lines, list(straight.lines)), furthest(straight.lines, lines)) < 0.5


def apart_when_turned(mask, quarters, mirrored):
    """The largest distance between the network of a mask and that of the turned mask, turned back."""
    straight, other = extract(mask, simplify=0.0), extract(turned(mask, quarters, mirrored), simplify=0.0)
    assert other.degrees == straight.degrees
    lines = [shapely.transform(line, lambda points: turned_back(points, quarters, mirrored)) for line in other.lines]
    return max(furthest(lines, list(straight.lines)), furthest(straight.lines, lines))


def drawn_shape(shape):
    rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]]
    return shapely.contains_xy(shape, columns + 0.5, rows + 0.5)


@pytest.mark.parametrize(("quarters", "mirrored"), TURNS)
@pytest.mark.parametrize("width", [3, 7, 14])
@pytest.mark.parametrize("cap", ["round", "flat"])
def test_turned_dead_ends(quarters, mirrored, width, cap):
    """A dead end lies in the same place, although thinning ends a pixel or two earlier or later."""
    mask = drawn_shape(shapely.LineString([(30, 40), (110, 90)]).buffer(width / 2, cap_style=cap))
    assert apart_when_turned(mask, quarters, mirrored) < 0.5


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(
    st.tuples(st.floats(30, 110), st.floats(30, 130)), st.floats(0, 360), st.floats(45, 100), st.floats(2.5, 12),
    st.sampled_from(["round", "flat", "square"]), st.sampled_from(TURNS),
)  # fmt: skip
def test_a_turned_road_of_any_kind(start, degrees, length, width, cap, turn):
    end = ray(degrees, length, start)
    assume(all(20 < place < limit - 20 for place, limit in zip(end, (140, 160))))
    assume(length > 6 * width)
    assert apart_when_turned(drawn_shape(shapely.LineString([start, end]).buffer(width / 2, cap_style=cap)), *turn) < 0.5


@pytest.mark.parametrize(("quarters", "mirrored"), TURNS)
@pytest.mark.parametrize("slant", [-30, 0, 30])
def test_a_turned_road_that_ends_where_the_data_end(quarters, mirrored, slant):
    """The data end at a line across the road at any angle."""
    road = shapely.LineString([(10, 50), (135, 100)]).buffer(5)
    heading = np.degrees(np.arctan2(50, 125)) + 90 + slant
    beyond = shapely.Polygon([ray(heading, 300, (85, 80)), ray(heading + 180, 300, (85, 80)), (500, 500)])
    assert apart_when_turned(drawn_shape(shapely.difference(road, beyond)), quarters, mirrored) < 0.5


@pytest.mark.parametrize(
    ("width", "cap", "beyond"), [(6, "round", 0.9), (10, "round", 1.5), (6, "flat", -2.1), (10, "flat", -3.5)]
)
def test_a_dead_end_lies_0_7_half_widths_before_the_end_of_its_road(width, cap, beyond):
    """Whatever its direction: 0.3 half widths beyond the line that a round end was drawn with, 0.7 before a blunt one's."""
    for degrees in (0, 17, 33, 58, 90, 121):
        start, end = ray(degrees, 40, (70, 80)), ray(degrees + 180, 40, (70, 80))
        network = extract(drawn_shape(shapely.LineString([start, end]).buffer(width / 2, cap_style=cap)), simplify=0.0)
        expected = np.array([ray(degrees, 40 + beyond, (70, 80)), ray(degrees + 180, 40 + beyond, (70, 80))])
        apart = np.hypot(*(network.nodes[:, None] - expected).transpose(2, 0, 1)).min(axis=1)
        assert apart.max() < 0.75
