"""Squares and car parks become the roads through them, not a hairball."""

from __future__ import annotations

import numpy as np
import pytest
from roadsmith.engine.reporter import Reporter
from roadsmith.engine.road_network.cleaning import clean, tidy
from roadsmith.engine.road_network.graph import build_graph
from roadsmith.engine.road_network.skeleton_tiles import skeleton_pixels
from scipy import ndimage

from . import drawn_masks as masks

CELL, SIZE = (1.0, 1.0), 300


def car_park(seed, half):
    """A ragged blob of about ``half`` pixels' radius with beds and cars in it, and three roads that leave the raster."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:SIZE, :SIZE] - SIZE / 2

    def ragged(sigma):
        noise = ndimage.gaussian_filter(random.standard_normal((SIZE, SIZE)), sigma)
        return noise / noise.std()

    mask = np.hypot(x, y) + 4 * ragged(3.0) < half + 6 * np.sin(3 * np.arctan2(y, x) + random.uniform(0, 6))
    mask &= ragged(2.5) < 1.5
    for angle in random.uniform(0, 2 * np.pi) + np.array([0, 2.0, 4.2]):
        across, along = y * np.cos(angle) - x * np.sin(angle), y * np.sin(angle) + x * np.cos(angle)
        mask |= (np.abs(across) < 4) & (along > 20)
    return mask


def network(mask, tile=2048):
    graph = build_graph(skeleton_pixels(masks.in_memory(mask.astype(np.uint8)), CELL, Reporter(), tile=tile), CELL, Reporter())
    graph = clean(graph, mask.shape, 10.0, Reporter())
    return tidy(graph, mask.shape, 10.0, 40.0, Reporter())


@pytest.mark.parametrize("half", [20, 35, 50])
def test_three_roads_meet_in_a_car_park(half):
    for seed in range(4):
        graph = network(car_park(seed, half))
        assert len(np.unique(graph.components())) == 1
        assert 3 <= len(graph.paths) <= 6
        ends = graph.node_pixels[graph.degrees == 1]
        rows, columns = graph.skeleton.rows[ends], graph.skeleton.columns[ends]
        at_edge = np.minimum(np.minimum(rows, columns), SIZE - 1 - np.maximum(rows, columns)) < 8
        assert at_edge.sum() == 3


def test_tiles_see_the_same_car_park():
    mask = car_park(1, 50)
    whole, tiled = network(mask), network(mask, tile=64)
    assert [path.tolist() for path in whole.paths] == [path.tolist() for path in tiled.paths]
