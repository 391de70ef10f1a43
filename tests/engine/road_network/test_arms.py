"""Arms of junctions: where the roads part."""

from __future__ import annotations

import numpy as np
import pytest
from roadsmith.engine.road_network.arms import Arms, partings


def arms(directions, centres, radius=4.0):
    """Arms of one junction, of roads ``2 * radius`` wide, that run along unit vectors through places."""
    count = len(directions)
    zeros, whole = np.zeros(count), np.zeros(count, np.int64)
    return Arms(
        2 * np.arange(count), whole, np.array(directions, float), np.array(centres, float), zeros, np.full(count, radius),
        zeros + 16, whole, np.ones(count, bool), whole[:0], np.zeros((0, 2)), zeros[:0],
    )  # fmt: skip


def test_roads_at_an_angle_part_where_their_edges_meet():
    # edges 4 m beside two lines at a right angle meet 4 m on; 1.5 pixels more until the centre lines are straight
    assert partings(arms([(1, 0), (0, 1)], [(20, 0), (0, 20)]), 1.0) == pytest.approx([5.5, 5.5])


def test_roads_that_come_to_run_side_by_side_part_as_their_places_tell():
    """20 m apart after 20 m, they parted at an angle of 53°, whatever they do further on."""
    found = partings(arms([(1, 0), (1, 0)], [(20, 10), (20, -10)]), 1.0)
    cosine, sine = 0.6, 0.8
    assert found == pytest.approx([(4 + 4 * cosine) / sine + 4 * cosine + 1.5] * 2)
