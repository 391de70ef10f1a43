"""Thinning and tracing, on masks small enough to know the answer."""

from __future__ import annotations

import time

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from roadsmith.engine.raster.skeleton import skeletonise, trace, trace_pixels


def drawn(*rows):
    return np.array([[letter == "#" for letter in row] for row in rows])


def degrees(graph):
    return sorted(np.bincount(graph.edge_nodes.ravel(), minlength=len(graph.node_pixels)).tolist())


def is_path(path):
    return (np.abs(np.diff(path, axis=0)).max(axis=1) == 1).all()


def test_a_thick_bar_becomes_a_line_along_its_middle():
    mask = np.zeros((9, 40), bool)
    mask[2:7, 3:37] = True
    skeleton = skeletonise(mask)
    assert set(np.nonzero(skeleton[:, 7:33])[0]) == {4}
    assert skeleton[4, 7:33].all()


def test_l_is_one_edge_whose_ends_are_its_ends():
    graph = trace(drawn("#....", "#....", "#####"), row0=100, column0=2**40)
    assert degrees(graph) == [1, 1]
    (path,) = graph.paths
    assert path.dtype == np.int64
    assert path.tolist() == [[100, 2**40], [101, 2**40], *([102, 2**40 + i] for i in range(5))]


def test_t_has_one_junction():
    graph = trace(drawn("#####", "..#..", "..#.."))
    assert degrees(graph) == [1, 1, 1, 3]
    assert [0, 2] in graph.nodes.tolist()
    assert sorted(len(path) for path in graph.paths) == [3, 3, 3]


def test_x_has_one_junction_of_four():
    graph = trace(drawn("#...#", ".#.#.", "..#..", ".#.#.", "#...#"))
    assert degrees(graph) == [1, 1, 1, 1, 4]
    assert all(is_path(path) for path in graph.paths)


def test_a_diagonal_and_a_staircase_have_no_junction():
    assert degrees(trace(np.eye(7, dtype=bool))) == [1, 1]
    stairs = trace(drawn("##...", ".##..", "..##.", "...##"))
    assert degrees(stairs) == [1, 1]
    assert len(stairs.paths[0]) == 8


def test_ring_gets_one_node_and_comes_round():
    graph = trace(drawn(".##.", "#..#", "#..#", ".##."))
    assert graph.nodes.tolist() == [[0, 1]]
    assert graph.edge_nodes.tolist() == [[0, 0]]
    (path,) = graph.paths
    assert path[0].tolist() == path[-1].tolist() == [0, 1]
    assert len(path) == 9
    assert is_path(path)


def test_lollipop_has_a_loop_and_a_stem():
    graph = trace(drawn("..###..", ".#...#.", ".#...#.", "..###..", "...#...", "...#..."))
    assert degrees(graph) == [1, 3]
    assert sorted((a == b, len(path)) for (a, b), path in zip(graph.edge_nodes.tolist(), graph.paths)) == [(False, 3), (True, 11)]


def test_parallel_edges_are_kept_apart():
    graph = trace(drawn("..###..", "##...##", "..###.."))
    assert degrees(graph) == [1, 1, 3, 3]
    assert len(graph.edge_nodes) == 4


def test_two_lines_stay_two():
    graph = trace(drawn("#####", ".....", "#####"))
    assert degrees(graph) == [1, 1, 1, 1]
    assert len(graph.paths) == 2


def test_lone_pixels_and_blocks_are_nodes_without_edges():
    graph = trace(drawn("#....", "...##", "...##"))
    assert len(graph.node_pixels) == 2
    assert graph.paths == []
    assert trace(np.zeros((3, 3), bool)).paths == []
    assert trace(np.ones((1, 1), bool)).nodes.tolist() == [[0, 0]]


def test_two_pixels_are_an_edge():
    assert [path.tolist() for path in trace(drawn("##")).paths] == [[[0, 0], [0, 1]]]


def test_a_leftover_block_is_one_node():
    """Zhang's thinning, ours too, can leave full blocks (scikit-image issue 8180)."""
    mask = np.zeros((11, 11), bool)
    mask[3:8, 3:8] = mask[5, :] = True
    graph = trace(mask)
    assert degrees(graph) == [1, 1, 2]
    assert [5, 5] in graph.nodes.tolist()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**31), st.floats(0.05, 0.7), st.integers(1, 25), st.integers(1, 25))
def test_tracing_uses_every_pixel_and_nothing_else(seed, share, height, width):
    mask = np.random.default_rng(seed).random((height, width)) < share
    graph = trace(mask)
    assert set(zip(graph.rows.tolist(), graph.columns.tolist())) == set(zip(*(axis.tolist() for axis in np.nonzero(mask))))
    inner = [tuple(pixel) for path in graph.paths for pixel in path[1:-1].tolist()]
    for path, (first, second) in zip(graph.paths, graph.edge_nodes.tolist()):
        assert path[0].tolist() == graph.nodes[first].tolist()
        assert path[-1].tolist() == graph.nodes[second].tolist()
        assert all(mask[row, column] for row, column in path.tolist())
    # between nodes every pixel is passed once; only pixels of a junction's cluster may serve two roads
    crowded = {pixel for pixel in inner if inner.count(pixel) > 1}
    for row, column in crowded:
        assert mask[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2].sum() > 3


@settings(max_examples=30, deadline=None)
@example(seed=122, share=0.5)
@given(st.integers(0, 2**31), st.floats(0.1, 0.6))
def test_the_order_of_pixels_and_their_place_do_not_matter(seed, share):
    random = np.random.default_rng(seed)
    rows, columns = np.nonzero(random.random((20, 20)) < share)
    order = random.permutation(len(rows))
    one, other = trace_pixels(rows, columns), trace_pixels(rows[order] + 2**33, columns[order] + 70_000)
    assert np.array_equal(one.path_pixels, other.path_pixels)
    assert np.array_equal(one.edge_nodes, other.edge_nodes)


def test_a_chip_takes_milliseconds():
    mask = np.zeros((512, 512), bool)
    for start in range(20, 512, 100):
        mask[start : start + 9] = mask[:, start : start + 9] = True
    best = min(_seconds(mask) for _ in range(3))
    assert best < 0.05  # about 0.005 on two idle cores; a tenfold margin for busy ones


def _seconds(mask):
    started = time.perf_counter()
    trace(skeletonise(mask))
    return time.perf_counter() - started
