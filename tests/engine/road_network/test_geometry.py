"""Lines from pixel paths."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from roadsmith.engine.reporter import Reporter
from roadsmith.engine.road_network.clashes import clashing
from roadsmith.engine.road_network.cleaning import clean
from roadsmith.engine.road_network.geometry import road_lines, to_map
from roadsmith.engine.road_network.graph import build_graph
from roadsmith.engine.road_network.skeleton_tiles import skeleton_pixels
from roadsmith.engine.road_network.smoothing import smooth_paths
from scipy import ndimage

from . import drawn_masks as masks

CELL = (1.0, 1.0)


def network(mask, min_dangle=10.0, cell=CELL):
    reporter = Reporter()
    skeleton = skeleton_pixels(masks.in_memory(mask.astype(np.uint8)), cell, reporter)
    return clean(build_graph(skeleton, cell, reporter), mask.shape, min_dangle, reporter)


def smooth(points, sigma, step, is_ring=False, radius=3.0):
    """One path smoothed, of a road 6 m wide."""
    points, ring = np.asarray(points, float), np.array([is_ring])
    return smooth_paths(points, np.array([0, len(points)]), np.full(len(points), radius), ring, sigma, step, Reporter())[0]


def test_no_corner_lies_beyond_the_raster():
    """A road that touches the raster's lower rim and turns away: its sides would meet 3 m beyond it."""
    across = np.arange(0.5, 80)
    points = np.column_stack([across, np.minimum(63 - 1.2 * np.abs(across - 40), 59.5)])
    path, ring, radius = np.array([0, len(points)]), np.array([False]), np.full(len(points), 4.0)
    lowest = [
        smooth_paths(points, path, radius, ring, 2.0, 1.0, Reporter(), (80.0, height))[0][:, 1].max() for height in (70.0, 60.0)
    ]
    assert lowest == [pytest.approx(63, abs=0.3), pytest.approx(59, abs=1)]


def test_on_fine_cells_lines_stay_within_a_pixel_or_two_of_their_road():
    """A street of 4 m that bends with a radius of 12 m, on cells of 0.2 m."""
    rows, columns = np.mgrid[:120, :120] + 0.5
    away = np.hypot(rows, columns) * 0.2
    (line,) = road_lines(network(np.abs(away - 12) < 2, cell=(0.2, 0.2)), 2.0, 0.75, Reporter())[0]
    points = shapely.get_coordinates(shapely.segmentize(shapely.intersection(line, shapely.box(2, 2, 24, 24)), 0.05))
    assert np.abs(np.hypot(*points.T) - 12).max() < 0.3


def test_smoothing_keeps_the_ends_and_takes_out_the_stairs():
    stairs = np.repeat(np.arange(40.0), 2)
    points = np.column_stack([stairs[:-1], stairs[1:]])
    smoothed = smooth(points, 2.0, 1.0)
    assert smoothed[0].tolist() == points[0].tolist()
    assert smoothed[-1].tolist() == points[-1].tolist()
    assert np.abs(smoothed[:, 0] - smoothed[:, 1] + 0.5).max() < 0.51
    assert shapely.length(shapely.linestrings(smoothed)) == pytest.approx(np.hypot(*(points[-1] - points[0])), rel=0.02)


def test_a_street_corner_stays_one():
    points = np.array([[0.0, 0.0], [50.0, 0.0], [50.0, 50.0]])
    assert shapely.distance(shapely.linestrings(smooth(points, 3.0, 0.5)), shapely.Point(50, 0)) < 1e-6


def test_a_slight_bend_is_rounded():
    points = np.array([[0.0, 0.0], [50.0, 0.0], [90.0, 30.0]])
    gap = shapely.distance(shapely.linestrings(smooth(points, 3.0, 0.5)), shapely.Point(50, 0))
    assert 0.3 < gap < 1.5


@pytest.mark.parametrize("length", [0.5, 1.0, 3.0])
def test_short_lines_survive_smoothing(length):
    smoothed = smooth(np.array([[0.0, 0.0], [length, 0.0]]), 5.0, 1.0)
    assert smoothed[0].tolist() == [0, 0]
    assert smoothed[-1].tolist() == [length, 0]


def test_a_ring_is_smoothed_all_round():
    angle = np.linspace(0, 2 * np.pi, 200)
    ring = np.round(20 * np.column_stack([np.cos(angle), np.sin(angle)]))
    smoothed = smooth(ring, 3.0, 1.0, is_ring=True)
    assert smoothed[0].tolist() == smoothed[-1].tolist()
    assert np.ptp(np.hypot(*smoothed.T)) < 1.0


def test_map_coordinates_of_pixel_centres():
    (line,) = to_map(np.array([shapely.linestrings([[0.25, 1.0], [0.75, 3.0]])]), (0.5, 2.0), Affine(0.5, 0, 100, 0, -2, 900))
    assert shapely.get_coordinates(line).tolist() == [[100.25, 899.0], [100.75, 897.0]]


def random_roads(seed, thick=10):
    random = np.random.default_rng(seed)
    mask = np.zeros((140, 140), bool)
    for _ in range(random.integers(2, 9)):
        mask |= masks.band(mask.shape, random.uniform(-20, 160, 2), random.uniform(-20, 160, 2), random.uniform(1, thick))
    if random.random() < 0.4:
        noise = ndimage.gaussian_filter(random.standard_normal(mask.shape), 3)
        mask |= noise > np.quantile(noise, 0.85)
    return mask


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**31), st.sampled_from([0.0, 2.0, 8.0]), st.sampled_from([0.0, 0.75, 4.0]))
def test_lines_meet_only_at_shared_ends(seed, smoothing, simplify):
    graph = network(random_roads(seed))
    lines, crossing = road_lines(graph, smoothing, simplify, Reporter())
    assert crossing == 0
    assert not len(clashing(lines, np.arange(len(lines)), Reporter()))
    node = {}
    for line, ends in zip(lines, graph.edge_nodes.tolist()):
        points = shapely.get_coordinates(line)
        for end, point in zip(ends, points[[0, -1]].tolist()):
            assert node.setdefault(end, graph.node_places[end].tolist()) == point
    assert len({tuple(point) for point in node.values()}) == len(node)


def test_parallel_edges_are_not_simplified_into_one():
    mask = np.zeros((60, 120), bool)
    mask[28:31, 5:115] = True
    mask[22:25, 50:70] = True
    mask[22:31, 50:53] = mask[22:31, 67:70] = True
    graph = network(mask)
    lines, _ = road_lines(graph, 2.0, 30.0, Reporter())
    assert len(lines) == 4
    assert not len(clashing(lines, np.arange(len(lines)), Reporter()))


def test_lines_of_a_tangle_stay_pixel_paths():
    """Noise gives nodes with hundreds of arms: smoothing those, and comparing all with all, would take hours."""
    noise = np.random.default_rng(0).random((160, 160)) > 0.4
    graph = network(noise, cell=(12.0, 12.0))
    tangled = (graph.degrees > 32)[graph.edge_nodes].any(axis=1)
    lines, meeting = road_lines(graph, 2.0, 0.75, Reporter())
    assert 0 < tangled.sum() < len(tangled) and meeting >= tangled.sum()
    for edge in np.flatnonzero(tangled)[:20]:
        assert np.array_equal(shapely.get_coordinates(lines[edge])[1:-1], graph.positions(graph.paths[edge])[1:-1])
