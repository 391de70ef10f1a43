"""Cleaning, on networks drawn by hand."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from roadsmith.engine.errors import Cancelled
from roadsmith.engine.reporter import Reporter
from roadsmith.engine.road_network.cleaning import clean, drop_small_components, prune_spurs, tidy
from roadsmith.engine.road_network.graph import build_graph, dissolve
from roadsmith.engine.road_network.merging import merge_junctions
from roadsmith.engine.road_network.skeleton_tiles import SkeletonPixels

CELL = (1.0, 1.0)


def graph_of(mask, cell=CELL):
    """The graph of a mask that is its own skeleton, of roads 3 m wide."""
    rows, columns = np.nonzero(mask)
    count = len(rows)
    skeleton = SkeletonPixels.plain(rows, columns, np.full(count, 2.0, np.float32), np.ones(count, np.float32))
    return build_graph(skeleton, cell, Reporter())


def pruned(mask, min_dangle, at_edge=None):
    graph = graph_of(mask)
    return prune_spurs(graph, min_dangle, np.zeros(len(graph.node_pixels), bool) if at_edge is None else at_edge, Reporter())


def degrees(graph):
    return sorted(graph.degrees[np.unique(graph.edge_nodes)].tolist())


def comb(teeth):
    """A spine of 121 pixels in row 30 with teeth upwards, 10 columns apart, of the given lengths."""
    mask = np.zeros((40, 121), bool)
    mask[30] = True
    for number, length in enumerate(teeth, 1):
        mask[30 - length : 30, number * 20] = True
    return mask


def test_a_comb_loses_its_short_teeth():
    graph = pruned(comb([4, 9, 15, 20, 6]), 10.0)
    assert degrees(graph) == [1, 1, 1, 1, 3, 3]
    assert sorted(graph.lengths.tolist()) == pytest.approx([15, 20, 20, 40, 60])


def test_a_comb_of_short_teeth_becomes_its_spine():
    graph = pruned(comb([4, 9, 5, 7, 6]), 10.0)
    assert graph.lengths.tolist() == [120.0]
    assert (np.diff(graph.skeleton.columns[graph.paths[0]]) == 1).all()


def test_no_pruning_at_all_if_none_is_wanted():
    assert len(pruned(comb([2, 3]), 0.0).paths) == 5


def test_spurs_on_spurs_go_in_rounds():
    mask = comb([8])
    mask[26, 15:20] = True  # the tooth has a tooth
    assert len(pruned(mask, 10.0).paths) == 1


def test_a_fork_keeps_its_longer_tip():
    mask = np.zeros((30, 60), bool)
    mask[15, :50] = True
    for step in range(1, 6):
        mask[15 - step, 49 + step] = True
    for step in range(1, 4):
        mask[15 + step, 49 + step] = True
    graph = pruned(mask, 10.0)
    assert len(graph.paths) == 1
    ends = {(int(graph.skeleton.rows[pixel]), int(graph.skeleton.columns[pixel])) for pixel in graph.paths[0][[0, -1]]}
    assert ends == {(15, 0), (10, 54)}


def test_wide_roads_lose_longer_spurs():
    graph = graph_of(comb([15]))
    graph.skeleton.radius[:] = 6.0
    spared = np.zeros(len(graph.node_pixels), bool)
    assert len(prune_spurs(graph, 10.0, spared, Reporter()).paths) == 1


def test_ends_at_the_edge_of_the_raster_stay():
    mask = comb([4, 6])
    mask[:24] = False
    graph = clean(graph_of(mask[24:]), (16, 121), 10.0, Reporter())
    assert len(graph.paths) == 3  # the tooth that reaches row 0 stays, the other goes


def test_isolated_short_roads_are_not_spurs_but_small_components():
    mask = np.zeros((30, 60), bool)
    mask[5, 10:15] = True
    mask[15, :] = True
    graph = pruned(mask, 10.0)
    assert len(graph.paths) == 2
    assert drop_small_components(graph, 40.0).lengths.tolist() == pytest.approx([59.0])


def test_a_crossing_thinned_to_two_junctions_becomes_one():
    mask = np.zeros((60, 60), bool)
    mask[30, :] = True
    mask[:30, 28] = mask[31:, 32] = True
    graph = graph_of(mask)
    assert degrees(graph) == [1, 1, 1, 1, 3, 3]
    merged = merge_junctions(graph, Reporter())
    assert degrees(merged) == [1, 1, 1, 1, 4]
    crossing = int(np.flatnonzero(merged.degrees == 4)[0])
    pixel = merged.node_pixels[crossing]
    assert (merged.skeleton.rows[pixel], merged.skeleton.columns[pixel]) == (30, 30)
    for path, nodes in zip(merged.paths, merged.edge_nodes):
        assert path[0] == merged.node_pixels[nodes[0]]
        assert path[-1] == merged.node_pixels[nodes[1]]


def test_junctions_a_block_apart_stay_two():
    mask = np.zeros((60, 60), bool)
    mask[30, :] = True
    mask[:30, 20] = mask[31:, 32] = True
    assert degrees(merge_junctions(graph_of(mask), Reporter())) == [1, 1, 1, 1, 3, 3]


def test_a_ladder_does_not_fall_into_one_point():
    mask = np.zeros((60, 200), bool)
    mask[30, :] = True
    mask[:30, 4::8] = mask[31:, 8::8] = True  # junctions every 4 m
    merged = dissolve(merge_junctions(graph_of(mask), Reporter()), Reporter())
    assert (merged.degrees > 2).sum() > 15


def test_a_ring_of_two_edges_keeps_one_node():
    mask = np.zeros((40, 60), bool)
    mask[5, 10:40] = mask[25, 10:40] = mask[5:26, 10] = mask[5:26, 39] = True
    mask[15, 40:44] = True  # a spur
    graph = pruned(mask, 10.0)
    assert degrees(graph) == [2]
    assert graph.lengths.tolist() == pytest.approx([2 * 29 + 2 * 20])


def test_cleaning_can_be_cancelled():
    cancel = threading.Event()
    graph = graph_of(comb([4, 5]))
    cancel.set()
    with pytest.raises(Cancelled):
        clean(graph, (40, 121), 10.0, Reporter(cancel=cancel))


def test_tidying_joins_prunes_and_drops():
    assert tidy(graph_of(comb([5])), (40, 121), 10.0, 40.0, Reporter()).lengths.tolist() == [120.0]
    mask = comb([15])
    mask[5, 60:70] = True
    assert len(tidy(graph_of(mask), (40, 121), 10.0, 0.0, Reporter()).paths) == 4
    assert len(tidy(graph_of(mask), (40, 121), 10.0, 40.0, Reporter()).paths) == 3


def test_a_node_that_was_moved_leaves_no_bend_when_its_side_road_goes():
    graph = clean(graph_of(comb([15])), (40, 121), 10.0, Reporter())
    (junction,) = np.flatnonzero(graph.degrees == 3)
    graph.node_places[junction] += (0.0, 2.0)
    without = dissolve(graph.keep(graph.lengths > 15.5), Reporter())
    assert len(without.paths) == 1
    assert set(without.edge_points()[0][1:-1, 1].tolist()) == {30.5}


def test_edges_begin_and_end_at_the_places_of_their_nodes():
    mask = np.zeros((60, 60), bool)
    mask[30, :] = True
    mask[:30, 28] = mask[31:, 32] = True
    graph = clean(graph_of(mask), (60, 60), 10.0, Reporter())
    points, offsets = graph.edge_points()
    for edge, (first, second) in enumerate(graph.edge_nodes.tolist()):
        assert points[offsets[edge]].tolist() == graph.node_places[first].tolist()
        assert points[offsets[edge + 1] - 1].tolist() == graph.node_places[second].tolist()
        assert graph.lengths[edge] == pytest.approx(np.hypot(*np.diff(points[offsets[edge] : offsets[edge + 1]], axis=0).T).sum())


def streets(seed):
    """Lines one pixel wide from edge to edge of a raster, at least 30 pixels apart; some stop half-way at another."""
    random = np.random.default_rng(seed)
    mask = np.zeros((200, 200), bool)
    rows = np.cumsum(random.integers(30, 50, 4)) - 10
    for row in rows[rows < 190]:
        mask[row] = True
    columns = np.cumsum(random.integers(30, 50, 4)) - 10
    for column in columns[columns < 190]:
        stop = int(random.choice(rows[rows < 190]))
        mask[: stop + 1 if random.random() < 0.5 else 200, column] = True
    return mask


def topology(graph):
    """Networks, and independent cycles (edges - nodes + networks)."""
    networks = len(np.unique(graph.components()))
    return networks, len(graph.paths) - len(np.unique(graph.edge_nodes)) + networks


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31))
def test_cleaning_keeps_what_no_rule_takes(seed):
    """No spur, no close junctions: networks, cycles, degrees and the total length come through."""
    mask = streets(seed)
    before = graph_of(mask)
    after = tidy(clean(before, mask.shape, 10.0, Reporter()), mask.shape, 10.0, 40.0, Reporter())
    assert topology(after) == topology(before)
    assert degrees(after) == degrees(before)
    assert after.lengths.sum() == pytest.approx(before.lengths.sum(), rel=0.01)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31), st.integers(1, 8))
def test_spurs_take_no_network_and_no_cycle_with_them(seed, count):
    mask = streets(seed)
    before = topology(graph_of(mask))
    random = np.random.default_rng(seed)
    rows, columns = np.nonzero(mask[20:180, 20:180])
    for spur in random.integers(0, len(rows), count):
        mask[rows[spur] + 20 : rows[spur] + 20 + random.integers(2, 8), columns[spur] + 20] = True
    pruned_graph = prune_spurs(graph_of(mask), 10.0, np.zeros(mask.size, bool), Reporter())
    assert topology(pruned_graph) == before
