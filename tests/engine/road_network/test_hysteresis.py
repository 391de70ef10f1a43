"""Networks stay if sure road is somewhere in them."""

from __future__ import annotations

import numpy as np
from roadsmith.engine.reporter import Reporter
from roadsmith.engine.road_network.graph import build_graph
from roadsmith.engine.road_network.hysteresis import keep_seeded
from roadsmith.engine.road_network.skeleton_tiles import skeleton_pixels

from . import drawn_masks as masks

CELL = (1.0, 1.0)


def network(probability, low, tile=2048):
    raster = masks.in_memory(probability, "probability", 0.5, low=low)
    return keep_seeded(build_graph(skeleton_pixels(raster, CELL, Reporter(), tile=tile), CELL, Reporter()))


def rows_of(graph):
    return sorted({int(row) for path in graph.paths for row in graph.skeleton.rows[path]})


def test_dim_road_stays_where_it_hangs_together_with_sure_road():
    probability = np.zeros((120, 300), np.float32)
    probability[20:27] = 0.4
    probability[20:27, 100:120] = 0.6  # sure somewhere
    probability[60:67] = 0.4  # nowhere
    probability[100:107] = 0.9
    assert rows_of(network(probability, low=0.3)) == [23, 103]
    assert rows_of(network(probability, low=0.3, tile=40)) == [23, 103]
    assert rows_of(network(probability, low=0.2)) == [23, 103]
    # without hysteresis the dim part is gone
    graph = network(probability, low=0.5)
    short, long = sorted(graph.paths, key=len)
    assert len(long) == 300
    assert len(short) <= 20


def test_sure_road_beside_does_not_count():
    probability = np.zeros((80, 200), np.float32)
    probability[30:50] = 0.4
    probability[31:33, 90:110] = 0.9  # eight pixels from the centre line
    assert rows_of(network(probability, low=0.3)) == []
    probability[37:39, 90:110] = 0.9  # two
    assert len(rows_of(network(probability, low=0.3))) > 0


def test_nothing_is_dropped_of_a_classified_raster():
    mask = np.zeros((60, 200), np.uint8)
    mask[20:27] = 1
    graph = build_graph(skeleton_pixels(masks.in_memory(mask), CELL, Reporter()), CELL, Reporter())
    assert keep_seeded(graph) is graph


def test_an_empty_network():
    assert len(network(np.zeros((60, 60), np.float32), low=0.3).paths) == 0
