"""Closing gaps, on roads drawn by hand with a trace of evidence in the gap, or none."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from roadsmith.engine.errors import Cancelled
from roadsmith.engine.jobs import RasterToRoadVector
from roadsmith.engine.raster.source import RasterSource
from roadsmith.engine.reporter import Reporter
from roadsmith.engine.road_network import gap_paths
from roadsmith.engine.road_network.gaps import close_gaps
from roadsmith.engine.road_network.graph import build_graph
from roadsmith.engine.road_network.probability import open_road_raster
from roadsmith.engine.road_network.skeleton_tiles import skeleton_pixels

from . import drawn_masks as masks

SHAPE = (120, 200)
NOTHING, TRACE, ROAD = np.float32(0.02), np.float32(0.25), np.float32(0.9)


def road(start, end, width=8.0, shape=SHAPE):
    return masks.band(shape, start, end, width)


def disc(centre, radius, shape=SHAPE):
    return np.hypot(*(np.indices(shape) - np.array(centre)[:, None, None])) < radius


def shares(roads, hidden, trace=TRACE):
    """Probabilities of a road mask of which a part is hidden under a trace."""
    return np.where(roads, np.where(hidden, trace, ROAD), NOTHING)


def closed(tmp_path, pixels, reporter=None, max_gap=30.0, min_probability=0.15, before=False):
    """The graph after gaps were closed, and the gaps left; ``before`` gives the graph before, too."""
    path = masks.write_raster(tmp_path / "roads.tif", pixels, nodata=np.nan if pixels.dtype.kind == "f" else 255)
    with RasterSource(path, "", bands=[1]) as source:
        raster = open_road_raster(source, RasterToRoadVector(raster=path), Reporter())
        cell = source.cell_metres
        graph = build_graph(skeleton_pixels(raster, cell, Reporter()), cell, Reporter())
        result = close_gaps(graph, raster, max_gap, min_probability, reporter or Reporter())
    return (graph, *result) if before else result


def degrees(graph):
    return sorted(graph.degrees[np.unique(graph.edge_nodes)].tolist())


def consistent(graph):
    for path, nodes in zip(graph.paths, graph.edge_nodes):
        assert path[[0, -1]].tolist() == graph.node_pixels[nodes].tolist()
        steps = np.abs(np.diff(graph.skeleton.rows[path])) + np.abs(np.diff(graph.skeleton.columns[path]))
        assert (steps >= 1).all()
    assert graph.lengths == pytest.approx(graph.measured().lengths)


ALONG = road((60, -20), (60, 220))
BETWEEN = np.broadcast_to((np.arange(200) >= 90) & (np.arange(200) < 110), SHAPE)


def test_a_dimmed_stretch_is_bridged(tmp_path):
    graph, gaps = closed(tmp_path, shares(ALONG, BETWEEN))
    assert (gaps.closed, len(gaps), degrees(graph)) == (1, 0, [1, 1])
    consistent(graph)
    bridged = graph.skeleton.bridged[graph.paths[0]]
    columns = graph.skeleton.columns[graph.paths[0]][bridged]
    assert set(range(90, 110)) <= set(columns.tolist()) <= set(range(80, 120))  # the gap, and half a road's width before it
    assert np.abs(graph.skeleton.rows[graph.paths[0]] - 60).max() <= 1
    assert graph.skeleton.probability[graph.paths[0]].min() == pytest.approx(0.25)
    assert graph.skeleton.radius[graph.paths[0]][bridged] == pytest.approx(5.0, abs=0.1)  # nine pixels across


@pytest.mark.parametrize("trace", [NOTHING, np.float32(0.14)])
def test_without_enough_evidence_it_is_left_for_review(tmp_path, trace):
    graph, gaps = closed(tmp_path, shares(ALONG, BETWEEN, trace))
    assert (gaps.closed, degrees(graph)) == (0, [1, 1, 1, 1])
    assert {name: values.tolist() for name, values in gaps.columns.items()} == {
        "rank": [1], "length_m": [pytest.approx(26, abs=8)], "angle_deg": [pytest.approx(0, abs=2)],
        "mean_probability": [pytest.approx(float(trace), abs=0.01)], "reason": ["low probability"],
    }  # fmt: skip
    places = graph.node_places[graph.degrees == 1].tolist()
    assert all(list(end) in places for end in gaps.lines[0].coords)


def test_the_least_probability_and_the_widest_gap_are_what_was_asked_for(tmp_path):
    pixels = shares(ALONG, BETWEEN, np.float32(0.12))
    assert closed(tmp_path, pixels, min_probability=0.1)[1].closed == 1
    assert closed(tmp_path, pixels, min_probability=0.1, max_gap=15.0)[1].closed == 0
    before, graph, gaps = closed(tmp_path, pixels, max_gap=0.0, before=True)
    assert graph is before
    assert (gaps.closed, len(gaps), next(iter(gaps.columns))) == (0, 0, "rank")


@pytest.mark.parametrize(("gap", "count"), [(6, 1), (14, 0)])
def test_classes_say_nothing_of_what_lies_between(tmp_path, gap, count):
    pixels = (ALONG & ~((np.arange(200) >= 90) & (np.arange(200) < 90 + gap))).astype(np.uint8)
    _, gaps = closed(tmp_path, pixels)
    assert gaps.closed == count
    assert gaps.columns["reason"].tolist() == ["no evidence"] * (1 - count)


def test_a_missing_arm_makes_a_junction(tmp_path):
    arm = road((60, 100), (-20, 100))
    hidden = np.zeros(SHAPE, bool)
    hidden[35:56] = True
    graph, gaps = closed(tmp_path, shares(ALONG | arm, hidden & ~ALONG))
    assert (gaps.closed, degrees(graph)) == (1, [1, 1, 1, 3])
    consistent(graph)
    assert graph.node_places[graph.degrees == 3][0] == pytest.approx([100.5, 60.5], abs=2.5)


def test_an_arm_is_not_guessed_from_classes(tmp_path):
    arm = road((60, 100), (-20, 100))
    arm[50:] = False
    _, gaps = closed(tmp_path, (ALONG | arm).astype(np.uint8))
    assert (gaps.closed, gaps.columns["reason"].tolist()) == (0, ["no evidence"])


def test_an_erased_crossing_becomes_one_again(tmp_path):
    graph, gaps = closed(tmp_path, shares(ALONG | road((-20, 100), (140, 100)), disc((60, 100), 14)))
    assert (gaps.closed, degrees(graph)) == (3, [1, 1, 1, 1, 4])
    consistent(graph)
    assert graph.node_places[graph.degrees == 4][0] == pytest.approx([100.5, 60.5], abs=2.5)


def test_roads_on_both_sides_of_a_road_meet_it_and_not_each_other(tmp_path):
    across = road((-20, 100), (140, 100))
    graph, gaps = closed(tmp_path, shares(ALONG | across, BETWEEN & ~across))
    assert (gaps.closed, degrees(graph)) == (2, [1, 1, 1, 1, 4])


def corner(trace):
    roads = road((60, -20), (60, 100)) | road((60, 100), (140, 100))
    return shares(roads, disc((60, 100), 12), trace)


def test_a_bend_needs_an_unbroken_trace(tmp_path):
    graph, gaps = closed(tmp_path, corner(TRACE))
    assert (gaps.closed, degrees(graph)) == (1, [1, 1])
    pixels = corner(np.float32(0.25))
    pixels[52:69, 88:92] = NOTHING  # a part of it is missing, but not so much that the mean is too low
    _, gaps = closed(tmp_path, pixels)
    assert (gaps.closed, gaps.columns["reason"].tolist()) == (0, ["angle"])


def test_nodata_is_never_bridged(tmp_path):
    pixels = shares(ALONG, BETWEEN)
    pixels[:, 99:101] = np.nan
    _, gaps = closed(tmp_path, pixels)
    assert (gaps.closed, gaps.columns["reason"].tolist()) == (0, ["nodata"])


def test_a_trace_that_goes_round_is_a_detour(tmp_path):
    rows, columns = np.indices(SHAPE)
    away = np.hypot((rows - 60) / 1.6, columns - 100)
    ring = (np.abs(away - 14) < 1.5) & (rows <= 60)
    pixels = np.where(ring, TRACE, NOTHING)
    pixels[ALONG & ((columns < 86) | (columns > 114))] = ROAD
    _, gaps = closed(tmp_path, pixels, max_gap=40.0)
    assert gaps.closed == 0
    assert gaps.columns["reason"].tolist() == ["detour"]


def test_lanes_that_end_side_by_side_stay_apart(tmp_path):
    roads = road((52, -20), (52, 100)) | road((68, -20), (68, 100))
    pixels = np.where(roads, ROAD, NOTHING)
    pixels[44:76, 80:110] = np.maximum(pixels[44:76, 80:110], TRACE)
    graph, gaps = closed(tmp_path, pixels)
    assert (gaps.closed, degrees(graph)) == (0, [1, 1, 1, 1])


def test_the_ends_of_one_short_road_are_not_joined(tmp_path):
    rows, columns = np.indices(SHAPE)
    away = np.hypot(rows - 60, columns - 100)
    opening = (np.abs(rows - 60) < 7) & (columns > 100)
    graph, gaps = closed(tmp_path, shares(np.abs(away - 10) < 3, opening))
    assert (gaps.closed, degrees(graph)) == (0, [1, 1])


def test_a_hidden_fork_is_found_again(tmp_path):
    """One arm takes the end; the other one, which faced it too, then meets the road that has come about."""
    roads = road((61, -20), (61, 90), 6) | road((56, 112), (40, 220), 6) | road((66, 112), (84, 220), 6)
    pixels = np.where(roads, ROAD, NOTHING)
    trace = road((61, 90), (56, 112), 6) | road((61, 90), (66, 112), 6)
    pixels[trace & ~roads] = TRACE
    graph, gaps = closed(tmp_path, pixels)
    assert (gaps.closed, degrees(graph)) == (2, [1, 1, 1, 3])
    consistent(graph)


def test_gaps_begin_where_a_road_still_ends(tmp_path):
    roads = road((61, -20), (61, 90), 6) | road((61, 112), (61, 220), 6) | road((75, 105), (140, 140), 6)
    pixels = np.where(roads, ROAD, NOTHING)
    pixels[road((61, 90), (61, 112), 6) & ~roads] = TRACE
    graph, gaps = closed(tmp_path, pixels)
    assert gaps.closed == 1
    assert len(gaps)  # the third road still looks at the place
    open_ends = graph.node_places[graph.degrees == 1].tolist()
    assert all(list(line.coords[0]) in open_ends for line in gaps.lines)


def test_ends_at_the_edge_of_the_raster_are_no_gaps(tmp_path):
    roads = road((60, -20), (60, 220)) & (np.arange(200) < 200)
    graph, gaps = closed(tmp_path, np.where(roads, ROAD, NOTHING)[:64])
    assert (gaps.closed, len(gaps), degrees(graph)) == (0, 0, [1, 1])


def test_the_most_plausible_gap_comes_first(tmp_path):
    shape = (240, 200)
    roads = np.zeros(shape, bool)
    pixels = np.full(shape, NOTHING)
    for row, width, trace in ((40, 26, 0.05), (120, 10, 0.13), (200, 18, 0.1)):
        line = road((row, -20), (row, 220), shape=shape)
        between = np.abs(np.arange(200) - 100) < width / 2
        pixels[line] = np.where(np.broadcast_to(between, shape)[line], np.float32(trace), ROAD)
        roads |= line
    _, gaps = closed(tmp_path, pixels)
    assert [round(line.coords[0][1]) // 80 for line in gaps.lines] == [1, 2, 0]
    assert gaps.columns["rank"].tolist() == [1, 2, 3]


def test_noise_is_left_alone(tmp_path):
    rows, columns = np.indices((300, 300))
    crumbs = (rows % 10 > 4) & (columns % 20 > 4)
    pixels = np.where(crumbs, ROAD, np.float32(0.2))
    listener = masks.Listener()
    before, graph, gaps = closed(tmp_path, pixels, listener.reporter, before=True)
    assert graph is before
    assert gaps.closed == 0
    assert "crumbs" in listener.texts("warning")[0]


def test_cancel(tmp_path):
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        closed(tmp_path, shares(ALONG, BETWEEN), Reporter(cancel=cancel))


def town(seed):
    """A dozen roads with dimmed discs on them."""
    random = np.random.default_rng(seed)
    roads = np.zeros((160, 160), bool)
    for _ in range(7):
        roads |= road(random.uniform(0, 160, 2), random.uniform(0, 160, 2), random.uniform(4, 8), roads.shape)
    hidden = np.zeros_like(roads)
    for _ in range(8):
        hidden |= disc(random.uniform(0, 160, 2), random.uniform(6, 14), roads.shape)
    return shares(roads, hidden, random.uniform(0.1, 0.29, roads.shape)).astype(np.float32)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
@example(seed=395)  # a connector passes the node that it is then joined to
def test_closing_only_ever_joins(tmp_path_factory, seed):
    before, graph, gaps = closed(tmp_path_factory.mktemp("town"), town(seed), before=True)
    consistent(graph)
    assert len(np.unique(graph.components())) <= len(np.unique(before.components()))
    assert (graph.degrees == 1).sum() <= (before.degrees == 1).sum() - gaps.closed
    assert graph.skeleton.bridged.any() == (gaps.closed > 0)
    assert sorted(gaps.columns["rank"].tolist()) == list(range(1, len(gaps) + 1))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_blocks_leave_no_mark(tmp_path, monkeypatch, seed):
    whole, whole_gaps = closed(tmp_path, town(seed))
    monkeypatch.setattr(gap_paths, "_BLOCK", 13)
    graph, gaps = closed(tmp_path, town(seed))
    assert [path.tolist() for path in graph.paths] == [path.tolist() for path in whole.paths]
    assert [line.wkt for line in gaps.lines] == [line.wkt for line in whole_gaps.lines]
