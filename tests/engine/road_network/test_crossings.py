"""Crossings that may be bridges."""

from __future__ import annotations

import numpy as np
import pytest
from roadsmith.engine.road_network.crossings import possible_bridges

from .networks import drawn_roads, extract, ray

SHAPE, CENTRE = (160, 160), (80.0, 80.0)


def flags(*lines, width=7):
    return possible_bridges(extract(drawn_roads(SHAPE, list(lines), width)).graph)


def through(degrees):
    return [ray(degrees + 180), ray(degrees)]


def arm(degrees):
    return [CENTRE, ray(degrees)]


@pytest.mark.parametrize("turn", [0, 17])
@pytest.mark.parametrize("angle", [90, 60, 40])
def test_two_straight_roads_may_be_a_bridge(angle, turn):
    assert flags(through(turn), through(turn + angle)).tolist() == [True] * 4


def test_a_junction_of_three_is_none():
    assert flags(through(0), arm(90)).tolist() == [False] * 3


def test_roads_that_bend_at_the_crossing_do_not_pass_over_it():
    assert not flags(arm(0), arm(80), arm(145), arm(250)).any()


def test_only_the_crossing_of_two_counts():
    """A crossing and a T-junction along one road: the road between them ends at both."""
    roads = [[(0, 40), (160, 40)], [(40, 0), (40, 160)], [(40, 110), (160, 110)]]
    network = extract(drawn_roads(SHAPE, roads, 7))
    flagged = possible_bridges(network.graph)
    assert len(flagged) == 6
    crossing = int(np.flatnonzero(network.graph.degrees == 4)[0])
    assert np.array_equal(flagged, (network.graph.edge_nodes == crossing).any(axis=1))


def test_no_network_has_none():
    assert possible_bridges(extract(np.zeros(SHAPE, bool)).graph).tolist() == []
