"""Specks, holes, carriageways and squares, each with the answer drawn by hand."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from roadsmith.engine.road_network.small_areas import find_areas
from roadsmith.engine.road_network.surface import SurfaceRules, close, drop_specks, fill_holes, thickest, thickness
from scipy import ndimage

from . import drawn_masks as masks


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**31), st.booleans())
def test_areas_are_those_of_a_labelling(seed, diagonally):
    random = np.random.default_rng(seed)
    mask = random.random(random.integers(1, 25, 2)) < random.uniform(0.1, 0.9)
    labels, count = ndimage.label(mask, np.ones((3, 3)) if diagonally else None)
    found = find_areas(mask, diagonally)
    boxes = ndimage.find_objects(labels)
    expected = sorted(
        (int((labels == number + 1).sum()), max(part.stop - part.start for part in boxes[number])) for number in range(count)
    )
    assert sorted(zip(found.pixels.tolist(), found.sides.tolist())) == expected
    rows, columns, area = found.places(np.ones(count, bool))
    again = np.zeros(mask.shape, bool)
    again[rows, columns] = True
    assert np.array_equal(again, mask)
    for number in range(count):  # one label for each area, and no other
        assert len(np.unique(labels[rows[area == number], columns[area == number]])) == 1


def test_specks_go_and_narrow_roads_stay():
    road = np.zeros((80, 80), bool)
    road[5:12, 5:12] = True  # 49 pixels
    road[5:12, 20:28] = True  # 56 pixels
    road[30:40:3, 30:40:3] = True  # single pixels
    road[60, 5:45] = True  # 40 pixels, but a path
    road[70:73, 70:73] = road[73, 73] = True  # 10 pixels, over a corner
    left = drop_specks(road, 50.0)
    expected = np.zeros_like(road)
    expected[5:12, 20:28] = expected[60, 5:45] = True
    assert np.array_equal(left, expected)


def test_small_holes_are_filled_and_blocks_are_not():
    mask = np.ones((40, 60), bool)
    mask[10:15, 10:15] = False  # 25 pixels
    mask[10:20, 30:40] = False  # 100 pixels
    mask[30:31, 5:33] = False  # 28 pixels, but long
    filled = fill_holes(mask, 30.0)
    assert filled[10:15, 10:15].all()
    assert not filled[10:20, 30:40].any()
    assert not filled[30, 5:33].any()


def streets(block, street, count=6):
    """A grid of streets around square blocks."""
    side = block + street
    mask = np.ones((count * side + street, count * side + street), bool)
    for row in range(count):
        for column in range(count):
            start_row, start_column = street + row * side, street + column * side
            mask[start_row : start_row + block, start_column : start_column + block] = False
    return mask


def test_larger_holes_are_filled_on_squares_alone():
    rules = SurfaceRules((1.0, 1.0))
    square = np.zeros((140, 140), bool)
    square[30:110, 30:110] = True
    square[55:66, 55:66] = square[80:90, 60:72] = False  # beds of 121 and 120 m²
    filled = np.zeros_like(square)
    filled[30:110, 30:110] = True
    assert np.array_equal(rules.apply(square), filled)
    blocks = streets(14, 8)  # 196 m² each
    assert np.array_equal(rules.apply(blocks), blocks)
    rows, columns = np.mgrid[:120, :120]
    away = np.hypot(rows - 60, columns - 60)
    roundabout = ((away > 6) & (away < 15)) | (np.abs(rows - 60) < 4) & (away > 6)
    assert np.array_equal(rules.apply(roundabout), roundabout)


@pytest.mark.parametrize(("apart", "merge", "joined"), [(4, 6.0, True), (4, 3.0, False), (10, 12.0, True), (10, 8.0, False)])
def test_carriageways_are_merged_on_request(apart, merge, joined):
    road = np.zeros((60, 200), bool)
    road[20:26] = road[26 + apart : 32 + apart] = True
    closed = close(road, merge / 2, (1.0, 1.0))
    assert closed[26 : 26 + apart].all() == joined
    assert closed[26 : 26 + apart].any() == joined
    assert np.array_equal(closed[:20], road[:20])
    assert np.array_equal(SurfaceRules((1.0, 1.0), merge).apply(road), closed)
    assert np.array_equal(SurfaceRules((1.0, 1.0)).apply(road), road)


def test_oblong_pixels_are_closed_in_metres():
    road = np.zeros((60, 60), bool)
    road[20:23] = road[27:30] = True  # 4 rows of half a metre between
    assert close(road, 1.2, (1.0, 0.5))[23:27].all()
    assert not close(road.T, 1.2, (1.0, 0.5)).T[23:27].any()


def test_a_tile_needs_no_more_than_half_its_size_around_it_however_small_the_cells():
    assert SurfaceRules((1.0, 1.0)).reach < 70
    assert SurfaceRules((0.01, 0.01)).reach < 1024


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31), st.integers(1, 80))
def test_peeling_ends_after_as_many_passes_as_the_road_is_thick(seed, most):
    random = np.random.default_rng(seed)
    road = np.zeros((200, 200), bool)
    for _ in range(3):
        road |= masks.band((200, 200), random.uniform(60, 140, 2), random.uniform(60, 140, 2), random.uniform(1, 70))
    true = int(thickness(road).max())
    found = thickest(road, most)
    assert found == true if true <= most else found > most - 1


def test_specks_by_the_hundred_thousand_take_no_longer_than_a_look():
    """4 % of 4 Mpx: 170 000 specks, and ten million are but as many tiles of this kind."""
    road = np.random.default_rng(0).random((2048, 2048)) < 0.04
    started = time.process_time()
    assert not drop_specks(road, 50.0).any()
    assert time.process_time() - started < 5
