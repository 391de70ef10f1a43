"""Small masks whose network is known, from the mask to the lines."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from skimage.draw import circle_perimeter

from .networks import drawn_roads, extract, furthest, ray

CENTRE = (80.0, 80.0)
SHAPE = (160, 160)


def through(degrees):
    return [ray(degrees + 180), ray(degrees)]


def arm(degrees):
    return [CENTRE, ray(degrees)]


def within(lines, margin=15):
    """The parts of lines so far inside that the raster's edge has no say."""
    parts = [shapely.intersection(line, shapely.box(margin, margin, 160 - margin, 160 - margin)) for line in lines]
    return [part for part in parts if shapely.length(part) > 0]


def away(rows=160, columns=160):
    """Distance of every pixel from the middle of the mask."""
    row, column = np.mgrid[:rows, :columns]
    return np.hypot(row - (rows - 1) / 2, column - (columns - 1) / 2)


@pytest.mark.parametrize("turn", [0, 17, 45])
@pytest.mark.parametrize("width", [8, 12])
@pytest.mark.parametrize(
    ("name", "degrees"),
    [("cross", [1, 1, 1, 1, 4]), ("T", [1, 1, 1, 3]), ("slanting T", [1, 1, 1, 3]), ("Y", [1, 1, 1, 3]), ("X", [1, 1, 1, 1, 4])],
)
def test_junctions(name, degrees, width, turn):
    """One node where the roads meet; every road straight up to it."""
    roads = {
        "cross": [through(turn), through(turn + 90)],
        "T": [through(turn), arm(turn + 90)],
        "slanting T": [through(turn), arm(turn + 50)],
        "Y": [arm(turn), arm(turn + 120), arm(turn + 240)],
        "X": [through(turn), through(turn + 30)],
    }[name]
    network = extract(drawn_roads(SHAPE, roads, width))
    assert network.degrees == degrees
    ((x, y),) = network.junctions.tolist()
    assert np.hypot(x - 80, y - 80) < 1.2
    assert furthest(within(network.lines), roads) < 1.2


@pytest.mark.parametrize("width", [6, 8, 12])
def test_a_side_road_does_not_dent_the_road_it_joins(width):
    roads = [[(0, 80), (160, 80)], [(80, 80), (80, 160)]]
    network = extract(drawn_roads(SHAPE, roads, width))
    main = [line for line, ends in zip(network.lines, shapely.bounds(network.lines)) if ends[3] < 100]
    assert len(main) == 2
    assert np.abs(shapely.get_coordinates(main)[:, 1] - 80).max() < 0.1


@pytest.mark.parametrize("radius", [15, 20, 30])
def test_a_roundabout_stays_round(radius):
    ring = [ray(degrees, radius) for degrees in range(0, 361, 3)]
    roads = [ring, *([ray(degrees, radius), ray(degrees)] for degrees in (10, 100, 190, 280))]
    network = extract(drawn_roads(SHAPE, roads, 6))
    assert network.degrees == [1, 1, 1, 1, 3, 3, 3, 3]
    assert len(network.lines) == 8
    assert furthest(within(network.lines), roads) < 1.3


def test_parallel_lanes_two_pixels_apart_stay_two():
    mask = np.zeros(SHAPE, bool)
    mask[40:46] = mask[48:54] = True
    network = extract(mask)
    assert network.degrees == [1, 1, 1, 1]
    assert sorted(shapely.get_coordinates(network.lines)[:, 1].round(2).tolist()) == pytest.approx([43, 43, 51, 51], abs=0.51)


def test_a_cul_de_sac_ends_in_its_turning_circle():
    mask = drawn_roads(SHAPE, [[(0, 80), (100, 80)]], 7) | (away() < 12)
    mask[:, 100:] = False
    network = extract(mask)
    assert network.degrees == [1, 1]
    assert np.abs(shapely.get_coordinates(network.lines)[:, 1] - 80).max() < 0.6


def test_a_turning_loop_keeps_its_loop():
    loop = [ray(degrees, 14, (104, 80)) for degrees in range(0, 361, 5)]
    network = extract(drawn_roads(SHAPE, [[(0, 80), (90, 80)], loop], 6))
    assert network.degrees == [1, 3]
    assert furthest(within(network.lines), [[(0, 80), (90, 80)], loop]) < 1.5


def test_a_one_pixel_ring_is_one_closed_line():
    mask = np.zeros(SHAPE, bool)
    mask[circle_perimeter(80, 80, 40)] = True
    network = extract(mask)
    assert network.degrees == [2]
    assert shapely.is_closed(network.lines).all()
    assert network.length == pytest.approx(2 * np.pi * 40, rel=0.01)


def test_a_diagonal_staircase_is_a_straight_line():
    mask = np.zeros(SHAPE, bool)
    steps = np.arange(10, 140)
    mask[steps, steps] = mask[steps, steps + 1] = mask[steps, steps - 1] = True
    network = extract(mask)
    assert network.degrees == [1, 1]
    assert len(shapely.get_coordinates(network.lines)) == 2
    assert furthest(network.lines, [[(0.5, 0.5), (159.5, 159.5)]]) < 0.5


def test_a_staircase_slope_is_straight_before_it_is_simplified():
    """Without simplification the steps of a road at 17° must be gone by smoothing alone."""
    network = extract(drawn_roads(SHAPE, [through(17)], 6), simplify=0.0)
    (line,) = within(network.lines)
    assert furthest([line], [through(17)]) < 0.5
    steps = np.diff(shapely.get_coordinates(line), axis=0)
    angles = np.degrees(np.arctan2(steps[:, 1], steps[:, 0]))
    assert np.abs((angles - 17 + 90) % 180 - 90).max() < 8


@pytest.mark.parametrize("turn", [0, 17, 33, 45])
@pytest.mark.parametrize("width", [4, 6, 8])
def test_a_street_corner_stays_a_right_angle(width, turn):
    roads = [[ray(turn), CENTRE, ray(turn + 90)]]
    network = extract(drawn_roads(SHAPE, roads, width))
    assert network.degrees == [1, 1]
    assert shapely.distance(shapely.union_all(network.lines), shapely.Point(CENTRE)) < 1.0


@pytest.mark.parametrize("radius", [15, 30])
def test_a_curve_stays_a_curve(radius):
    curve = [ray(degrees, radius) for degrees in range(90, 181, 2)]
    roads = [[(160, 80 + radius), *curve, (80 - radius, 0)]]
    network = extract(drawn_roads(SHAPE, roads, 6), simplify=0.0)
    assert furthest(within(network.lines), roads) < 0.8


@pytest.mark.parametrize("half", [5, 10, 30])
def test_a_blob_is_no_hairball(half):
    network = extract(away() < half)
    assert network.length < 2 * half
    assert len(network.lines) <= 1


def test_a_square_on_a_road_is_passed_through():
    mask = np.zeros(SHAPE, bool)
    mask[77:84] = True
    mask[65:96, 65:96] = True
    network = extract(mask)
    assert network.degrees == [1, 1]
    assert furthest(network.lines, [[(0, 80.5), (160, 80.5)]]) < 1.5


def test_a_road_along_the_edge_of_the_raster_is_one_road():
    mask = np.zeros(SHAPE, bool)
    mask[:6] = True
    network = extract(mask)
    assert network.degrees == [1, 1]
    assert network.length == pytest.approx(159, abs=1)
    assert shapely.get_coordinates(network.lines)[:, 1].max() < 6  # on the road; where across it nobody knows


@pytest.mark.parametrize("blunt", [True, False])
def test_a_dead_end_lies_on_the_middle_of_its_road(blunt):
    """As where the data end: thinning alone turns into a corner there, up to half a road's width aside."""
    end = shapely.LineString([ray(197, 50), ray(17, 50)]).buffer(4, cap_style="flat" if blunt else "round")
    rows, columns = np.mgrid[:160, :160]
    network = extract(shapely.contains_xy(end, columns + 0.5, rows + 0.5))
    assert network.degrees == [1, 1]
    assert furthest(network.lines, [through(17)]) < 0.5
    assert network.length == pytest.approx(100, abs=8)


@pytest.mark.parametrize("degrees", [60, 90, 125, 160])
def test_a_road_leaves_the_raster_straight(degrees):
    network = extract(drawn_roads(SHAPE, [through(degrees)], 8))
    assert furthest(network.lines, [through(degrees)]) < 0.6
    ends = network.nodes
    assert np.minimum(ends, 160 - ends).min(axis=1) == pytest.approx(0.5)


@pytest.mark.parametrize("value", [False, True])
def test_nothing_and_everything_give_no_road(value):
    network = extract(np.full(SHAPE, value))
    assert len(network.lines) == 0


def test_a_road_that_bends_near_the_edge_ends_where_it_leaves():
    """Its last stretch is too short to fit a line to: the line through the stretch before would end elsewhere."""
    network = extract(drawn_roads(SHAPE, [[(0, 20), (130, 80), (160, 80)]], 14))
    assert furthest(network.lines, [[(0, 20), (130, 80), (160, 80)]]) < 2.5


def test_roads_lead_to_their_junction_over_their_own_surface():
    """Two side roads begin so near to each other that their junctions are joined; one bends away soon after."""
    bent = [(88, 160), (96, 140), (96, 0)]
    roads = [[(0, 160), (200, 160)], [(80, 160), (80, 0)], bent]
    mask = drawn_roads((200, 200), roads, 10)
    network = extract(mask)
    assert network.degrees == [1, 1, 1, 1, 4]
    inside = [shapely.intersection(line, shapely.box(15, 15, 185, 185)) for line in network.lines]
    points = np.concatenate([shapely.get_coordinates(shapely.segmentize(line, 0.5)) for line in inside])
    assert mask[points[:, 1].astype(int), points[:, 0].astype(int)].all()
    assert furthest(inside, roads) < 4.0
