"""What the ends of a skeleton see of their road."""

from __future__ import annotations

import numpy as np
import pytest
from roadsmith.engine.raster.skeleton import skeletonise, trace
from roadsmith.engine.road_network.centre_shift import RoadShare
from roadsmith.engine.road_network.end_sights import DIRECTIONS, EndSights, directions, end_sights, sight_pixels

from . import drawn_masks as masks

CELL = (1.0, 1.0)


def of_mask(mask, cell=CELL):
    """The sights of a mask with nothing around it, in its own rows and columns."""
    around = sight_pixels(cell) + 1
    mask = np.pad(mask, around)
    skeleton = skeletonise(mask)
    rows, columns = np.nonzero(skeleton)
    return end_sights(skeleton, RoadShare(mask), rows, columns, cell).moved(-around, -around)


def test_a_blunt_end_sees_the_borders_of_its_road():
    mask = np.zeros((40, 80), bool)
    mask[16:25, 10:70] = True  # 9 rows; its ends at columns 10 and 70
    sights = of_mask(mask)
    assert len(sights.rows) == 2
    quarter = DIRECTIONS // 4
    for row, column, view, reach in zip(sights.rows, sights.columns, sights.view, sights.reach):
        y, x = row + view[0] + 0.5, column + view[1] + 0.5
        assert y + reach[quarter] == pytest.approx(25, abs=1e-4)
        assert y - reach[3 * quarter] == pytest.approx(16, abs=1e-4)
        ends = x + reach[0], x - reach[2 * quarter]
        seen = [end for end in ends if np.isfinite(end)]
        assert seen == pytest.approx([70 if column > 40 else 10], abs=1e-4)  # the other end is out of sight


def test_cells_that_are_no_squares():
    mask = np.zeros((40, 80), bool)
    mask[16:24, 10:70] = True
    sights = of_mask(mask, (0.5, 2.0))
    quarter = DIRECTIONS // 4
    height = sights.reach[:, quarter] + sights.reach[:, 3 * quarter]
    assert height == pytest.approx([16, 16], abs=0.1)


def test_the_directions_are_those_of_a_turned_raster():
    there = directions()
    assert np.hypot(*there.T) == pytest.approx(np.ones(DIRECTIONS))
    assert np.degrees(np.arctan2(there[:, 1], there[:, 0])) % 360 == pytest.approx(np.arange(DIRECTIONS) * 360 / DIRECTIONS)
    turned, mirrored = np.column_stack([-there[:, 1], there[:, 0]]), there * [1, -1]
    for other in (turned, mirrored):
        assert set(map(tuple, (other + 0.0).tolist())) == set(map(tuple, (there + 0.0).tolist()))


@pytest.mark.parametrize("seed", range(5))
def test_ends_are_those_of_the_traced_skeleton(seed):
    random = np.random.default_rng(seed)
    mask = np.zeros((90, 90), bool)
    for _ in range(6):
        mask |= masks.band(mask.shape, tuple(random.uniform(0, 90, 2)), tuple(random.uniform(0, 90, 2)), random.uniform(1, 8))
    sights = of_mask(mask)
    graph = trace(skeletonise(np.pad(mask, 1)), -1, -1)
    ends = graph.nodes[np.bincount(graph.edge_nodes.ravel(), minlength=len(graph.nodes)) == 1]
    seen = set(zip(sights.rows.tolist(), sights.columns.tolist()))
    assert len(ends) >= 2
    assert sum(end in seen for end in map(tuple, ends.tolist())) >= len(ends) - 1  # a block of four pixels ends in none of them


def test_pixels_that_are_no_ends_see_nothing():
    mask = np.zeros((20, 40), bool)
    mask[10, 5:35] = True
    sights = of_mask(mask)
    reach, view = sights.of(np.array([10, 10, 3]), np.array([5, 20, 3]))
    assert np.isfinite(reach).any(axis=1).tolist() == [True, False, False]
    assert not view[1:].any()
    assert np.isinf(EndSights.none().of(np.array([1]), np.array([1]))[0]).all()
