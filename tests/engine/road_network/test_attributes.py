"""What is known of every road: measured along paths whose pixels are all known."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from roadsmith.engine.reporter import Reporter
from roadsmith.engine.road_network.attributes import along_paths, edge_attributes, node_attributes
from roadsmith.engine.road_network.graph import RoadGraph, build_graph
from roadsmith.engine.road_network.road_classes import SPEEDS, road_classes, travel_time_columns
from roadsmith.engine.road_network.skeleton_tiles import SkeletonPixels

UTM = pyproj.CRS("EPSG:32633")
COLUMNS = [
    "edge_id", "from_node", "to_node", "component_id", "length_m", "width_m", "mean_probability", "min_probability", "bridged",
    "possible_bridge", "road_class",
]  # fmt: skip


def row_of(radius: list[float], probability: list[float] | None = None, bridged: list[int] | None = None) -> RoadGraph:
    """A road along one row of pixels, one metre wide each."""
    count = len(radius)
    rows, columns = np.zeros(count, np.int64), np.arange(count)
    skeleton = SkeletonPixels.plain(
        rows, columns, np.array(radius, np.float32), np.array(probability or [1.0] * count, np.float32)
    )
    skeleton.bridged[bridged or []] = True
    return build_graph(skeleton, (1.0, 1.0), Reporter())


def straight_lines(graph: RoadGraph) -> np.ndarray:
    """The lines of a graph from pixel to pixel, in a UTM zone."""
    corner = np.array([500_000, 5_500_000])
    return np.array([shapely.linestrings(corner + graph.positions(path)) for path in graph.paths], dtype=object)


def test_the_width_is_that_of_the_middle():
    """20 pixels: two at either end are left out, so that half of 16 are 3 and half 4; the wide ends have no say."""
    along = along_paths(row_of([90, 90, *[3, 4] * 8, 90, 90]))
    assert along.width == pytest.approx([2 * 3.5 - 0.5])  # a pixel's half that the distance is too long
    assert not along.bridged.any()


def test_a_closed_gap_has_no_say_in_the_width():
    along = along_paths(row_of([3.0] * 6 + [50.0] * 8 + [3.0] * 6, bridged=list(range(6, 14))))
    assert along.width == pytest.approx([5.5]) and along.bridged.tolist() == [True]
    everywhere = along_paths(row_of([2.0] * 10, bridged=list(range(10))))
    assert everywhere.width == pytest.approx([3.5])


def test_probabilities_are_those_of_all_pixels():
    along = along_paths(row_of([3.0] * 4, [1.0, 0.5, 0.25, 0.25], bridged=[2]))
    assert along.mean_probability == pytest.approx([0.5]) and along.min_probability == pytest.approx([0.25])


@given(st.lists(st.lists(st.tuples(st.floats(0, 300, width=32), st.floats(0, 1, width=32), st.booleans()), min_size=1,
                         max_size=30), max_size=8))
def test_all_at_once_is_one_after_the_other(edges):
    """Against the plain way: NumPy's median, mean and minimum of every path."""
    flat = [pixel for edge in edges for pixel in edge]
    graph = row_of([3.0, 3.0])
    paths = np.split(np.arange(len(flat)), np.cumsum([len(edge) for edge in edges])[:-1]) if edges else []
    skeleton = SkeletonPixels.plain(
        np.zeros(len(flat), np.int64), np.arange(len(flat)), *(np.array([each[i] for each in flat], np.float32) for i in (0, 1))
    )
    skeleton.bridged[:] = [each[2] for each in flat]
    along = along_paths(replace(graph, skeleton=skeleton, paths=paths))
    assert len(along.width) == len(edges)
    for number, edge in enumerate(edges):
        radius, probability, bridged = (np.array(each) for each in zip(*edge))
        skip = int(len(edge) * 0.1)
        middle = slice(skip, len(edge) - skip)
        counted = radius[middle][~bridged[middle]] if not bridged[middle].all() else radius[middle]
        assert along.width[number] == pytest.approx(max(2 * np.median(counted) - 0.5, 0.5), abs=1e-4)
        assert along.mean_probability[number] == pytest.approx(probability.mean(), abs=1e-6)
        assert along.min_probability[number] == probability.min()
        assert along.bridged[number] == bridged.any()


def test_classes_by_width():
    widths = np.array([0.5, 3.99, 4.0, 6.99, 7.0, 12.0, 12.01, 80.0])
    expected = ["track", "track", "residential", "residential", "secondary", "secondary", "primary", "primary"]
    assert road_classes(widths).tolist() == expected
    assert road_classes(np.zeros(0)).tolist() == []


def test_travel_times():
    columns = travel_time_columns(np.array(["residential", "primary"], dtype=object), np.array([100.0, 1000.0]))
    assert columns["speed_kmh"].tolist() == [40.0, 72.0]
    assert columns["travel_time_s"] == pytest.approx([9.0, 50.0])
    assert [round(mph * 1.609344) for mph in (20, 25, 35, 45)] == [int(each) for each in SPEEDS.values()]


def test_columns_of_the_layer():
    graph = row_of([3.0] * 101)
    lines = straight_lines(graph)
    columns = edge_attributes(graph, lines, UTM, Reporter())
    assert list(columns) == COLUMNS
    assert columns["length_m"] == pytest.approx([100 / 0.9996], rel=1e-5)  # UTM's scale at its middle
    assert (columns["bridged"].dtype, columns["possible_bridge"].dtype) == (bool, bool)
    assert columns["road_class"].tolist() == ["residential"]
    timed = edge_attributes(graph, lines, UTM, Reporter(), travel_times=True)
    assert list(timed) == [*COLUMNS, "speed_kmh", "travel_time_s"]
    assert timed["travel_time_s"] == pytest.approx(columns["length_m"] * 0.09)
    assert node_attributes(graph)["kind"].tolist() == ["end", "end"]


def test_nothing_has_all_columns_too():
    graph = row_of([3.0, 3.0])
    empty = graph.keep(np.zeros(len(graph.paths), bool))
    columns = edge_attributes(empty, np.empty(0, dtype=object), UTM, Reporter(), travel_times=True)
    assert list(columns) == [*COLUMNS, "speed_kmh", "travel_time_s"]
    assert all(len(each) == 0 for each in columns.values())


def test_twenty_thousand_edges_take_well_under_a_second():
    random = np.random.default_rng(3)
    count, length = 20_000, 60
    pixels = count * length
    skeleton = SkeletonPixels.plain(
        np.zeros(pixels, np.int64), np.arange(pixels), random.random(pixels, np.float32) * 8, random.random(pixels, np.float32)
    )
    graph = replace(row_of([3.0, 3.0]), skeleton=skeleton, paths=list(np.arange(pixels).reshape(count, length)))
    started = time.perf_counter()
    along = along_paths(graph)
    elapsed = time.perf_counter() - started
    assert len(along.width) == count
    assert elapsed < 2.0  # 0.2 s measured on an idle core
