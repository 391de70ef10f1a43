"""A connector that would cross a road ends at it."""

from __future__ import annotations

import numpy as np
import pytest
from roadsmith.engine.road_network import gaps as closing
from roadsmith.engine.road_network.gap_choice import CROSSES

from .test_gaps import NOTHING, ROAD, TRACE, closed, consistent, road

#: A road that goes on at 45° behind a trace, and one whose last metres lie across that trace.
BEFORE, AFTER = road((60, -20), (60, 80), 6) | road((30, 112), (-20, 162), 6), road((60, 76), (30, 112), 6)
ACROSS = road((-30, 14), (50, 94), 5)


@pytest.fixture
def looked_at(monkeypatch):
    """What is asked for, and what comes of it, round by round."""
    rounds = []

    def seen(*arguments, find=closing.retargeted):
        rounds.append((arguments, find(*arguments)))
        return rounds[-1][1]

    monkeypatch.setattr(closing, "retargeted", seen)
    return rounds


def vectorised(tmp_path, roads, trace):
    pixels = np.where(roads, ROAD, NOTHING)
    pixels[trace & ~roads] = TRACE
    return closed(tmp_path, pixels, max_gap=60.0)


def test_both_ends_are_led_to_the_road_between(tmp_path, looked_at):
    graph, _ = vectorised(tmp_path, BEFORE | ACROSS, AFTER)
    arguments, (candidates, ways) = looked_at[0]
    before, _, _, _, asked, found, _, reasons = arguments
    (crossing,) = np.flatnonzero(reasons == CROSSES).tolist()
    assert sorted(candidates.end.tolist()) == sorted([asked.end[crossing], asked.other[crossing]])
    assert candidates.other.tolist() == [-1, -1]
    for edge, near, way in zip(candidates.edge.tolist(), candidates.near.tolist(), ways):
        pixel = before.paths[edge][near]
        assert way.pixels[-1].tolist() == [before.skeleton.rows[pixel], before.skeleton.columns[pixel]]
        assert way.met == near
        assert len(way.probability) == len(way.pixels) < len(found[crossing].pixels)
        assert way.mean_probability == pytest.approx(0.25, abs=0.01)
        assert 0 < way.cost < found[crossing].cost
    starts = [way.pixels[0].tolist() for way in ways]
    assert starts == [found[crossing].pixels[0].tolist(), found[crossing].pixels[-1].tolist()]
    consistent(graph)
    assert (graph.components() == graph.components()[0]).all()


def test_nothing_is_led_elsewhere_where_nothing_is_crossed(tmp_path, looked_at):
    graph, gaps = vectorised(tmp_path, BEFORE, AFTER)
    assert gaps.closed == 1
    assert all(not ways for _, (_, ways) in looked_at)
    assert sorted(graph.degrees[np.unique(graph.edge_nodes)].tolist()) == [1, 1]
