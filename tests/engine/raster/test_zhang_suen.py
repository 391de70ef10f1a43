"""Thinning against its definition, and what may be relied on: nothing vanishes, breaks or shrinks, tiles fit together."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from roadsmith.engine.raster.zhang_suen import thin, without_steps
from scipy import ndimage

#: Rows and columns to the neighbours P2 to P9 of the paper: from the one above with the clock.
AROUND = [(-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1)]
EIGHT = np.ones((3, 3))


def by_the_book(mask):
    """The conditions of Zhang and Suen, of Lü and Wang, and the exception for squares, pixel by pixel."""
    road = {(int(row), int(column)) for row, column in zip(*np.nonzero(mask))}

    def goes(row, column, step):
        p = [(row + down, column + right) in road for down, right in AROUND]
        p2, _, p4, _, p6, _, p8, _ = p
        if not 3 <= sum(p) <= 6 or sum(not one and other for one, other in zip(p, p[1:] + p[:1])) != 1:
            return False
        corner = [number for number, there in enumerate(p) if there]
        if (step, corner) in ((0, [2, 3, 4]), (1, [0, 6, 7])):  # upper left, lower right
            return False
        if step == 0:
            return not (p2 and p4 and p6) and not (p4 and p6 and p8)
        return not (p2 and p4 and p8) and not (p2 and p6 and p8)

    quiet = step = 0
    while quiet < 2:
        gone = {pixel for pixel in road if goes(*pixel, step)}
        road -= gone
        quiet, step = 0 if gone else quiet + 1, 1 - step
    return drawn(road, mask.shape)


def without_steps_by_the_book(line):
    road = {(int(row), int(column)) for row, column in zip(*np.nonzero(line))}

    def is_step(row, column):
        p2, p3, p4, p5, p6, p7, p8, p9 = ((row + down, column + right) in road for down, right in AROUND)
        right = p4 and not (p3 or p7 or p8) and (p9 or p5)
        left = p8 and not (p9 or p5 or p4) and (p3 or p7)
        return p2 and not p6 and (right or left)

    return drawn(road - {pixel for pixel in road if is_step(*pixel)}, line.shape)


def drawn(pixels, shape):
    found = np.zeros(shape, bool)
    for pixel in pixels:
        found[pixel] = True
    return found


def pieces(road):
    """How many parts of roads there are, and how many of what is no road, the one around everything included."""
    framed = np.pad(road, 1)
    return ndimage.label(framed, EIGHT)[1], ndimage.label(~framed)[1]


def road(shape, start, end, width, cap="round"):
    """A straight road from (x, y) to (x, y)."""
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    return shapely.contains_xy(shapely.LineString([start, end]).buffer(width / 2, cap_style=cap), columns + 0.5, rows + 0.5)


def noise(seed, shape, share, blur=0.0):
    values = ndimage.gaussian_filter(np.random.default_rng(seed).random(shape), blur)
    return values < np.quantile(values, share)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**31), st.integers(1, 18), st.integers(1, 18), st.floats(0, 1), st.sampled_from([0.0, 0.7, 1.5]))
def test_it_is_the_definition(seed, height, width, share, blur):
    mask = noise(seed, (height, width), share, blur)
    before = mask.copy()
    line = thin(mask)
    assert np.array_equal(line, by_the_book(mask))
    assert np.array_equal(without_steps(line), without_steps_by_the_book(line))
    assert np.array_equal(mask, before)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**31), st.floats(0.05, 0.98), st.sampled_from([0.0, 0.7, 1.5, 3.0]))
def test_nothing_vanishes_breaks_or_closes(seed, share, blur):
    mask = noise(seed, (60, 50), share, blur)
    line = thin(mask)
    assert pieces(line) == pieces(mask) == pieces(without_steps(line))
    assert np.array_equal(thin(line), line)
    assert not (line & ~mask).any()
    labels, count = ndimage.label(mask, EIGHT)
    assert set(labels[line].tolist()) == set(range(1, count + 1))


@pytest.mark.parametrize("side", range(1, 9))
def test_of_a_square_one_pixel_stays(side):
    assert thin(np.ones((side, side), bool)).sum() == 1


@pytest.mark.parametrize("width", [3, 4, 5, 6, 7, 8])
def test_the_line_of_a_diagonal_road_is_a_diagonal(width):
    """Not a staircase, of whose pixels there are twice as many: one for each row, but near the ends."""
    line = without_steps(thin(road((120, 120), (20, 20), (100, 100), width)))
    assert (line[25:95].sum(axis=1) == 1).all() and (line[:, 25:95].sum(axis=0) == 1).all()


def test_masks_of_nothing_of_all_and_of_one_pixel():
    assert not thin(np.zeros((7, 9), bool)).any()
    assert thin(np.ones((1, 1), bool)).all()
    assert thin(np.ones((1, 9), bool)).all() and thin(np.ones((9, 1), bool)).all()
    assert thin(np.zeros((0, 5), bool)).shape == (0, 5)
    assert pieces(thin(np.ones((40, 70), bool))) == (1, 1)
    lone = np.zeros((5, 5), bool)
    lone[0, 4] = True
    assert np.array_equal(thin(lone), lone)


def test_what_touches_all_borders_is_thinned_as_if_nothing_lay_beyond():
    mask = np.zeros((50, 60), bool)
    mask[:7] = mask[-7:] = mask[:, :7] = mask[:, -7:] = mask[20:27] = mask[:, 30:37] = True
    assert np.array_equal(thin(mask), thin(np.pad(mask, 20))[20:-20, 20:-20])
    assert np.array_equal(thin(mask[:, ::2]), thin(np.array(mask[:, ::2])))  # no matter how it lies in memory


@pytest.mark.parametrize("width", [6, 9, 12])
def test_a_side_road_bends_no_road(width):
    """The line of a road that another joins stays on its two middle rows, where other thinnings dip towards the other."""
    mask = np.zeros((60, 100), bool)
    mask[20 : 20 + width] = mask[20:, 44 : 44 + width] = True
    rows = np.nonzero(thin(mask)[: 20 + width, 20:80])[0]
    columns = thin(mask)[20 + (width - 1) // 2 : 21 + width // 2, 20:80].any(axis=0)
    assert columns.all() and rows.min() >= 20 + (width - 1) // 2


@pytest.mark.parametrize("cap", ["round", "flat", "square"])
@pytest.mark.parametrize("degrees", [0, 13, 26.6, 40, 43, 44, 44.5, 45, 45.5, 46, 47, 63.4, 90, 134, 135, 136])
def test_roads_keep_their_length(degrees, cap):
    """Both ends of the line lie within a little more than half a width of those of the road, whatever its direction."""
    random = np.random.default_rng(int(10 * degrees))
    way = np.array([math.cos(math.radians(degrees)), math.sin(math.radians(degrees))])
    for width in (*random.uniform(2.5, 14, 5), 3, 4, 5, 6, 7, 8):
        start = (np.array([140.0, 20.0]) if way[0] < 0 else np.array([20.0, 20.0])) + random.uniform(0, 1, 2)
        end = start + 90 * way
        line = thin(road((140, 170), start, end, width, cap))
        assert pieces(line) == (1, 1)
        rows, columns = np.nonzero(line)
        along = np.sort((np.column_stack([columns, rows]) + 0.5 - start) @ way)
        overhang = {"round": 0.5, "flat": 0.0, "square": 0.5}[cap] * width
        assert along[0] <= 0.6 * width + 1 - overhang and along[-1] >= 90 - (0.6 * width + 1 - overhang)
        assert np.diff(along).max() <= 1.5


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**31), st.sampled_from(["noise", "blobs", "roads", "diagonals"]), st.integers(5, 50))
def test_a_pixel_depends_on_what_lies_around_it_only(seed, kind, size):
    """A part thinned with three times the thickness around it, and a few pixels, is that of the whole."""
    random = np.random.default_rng(seed)
    shape = (170, 170)
    mask = np.zeros(shape, bool)
    if kind in ("noise", "blobs"):
        mask = noise(seed, shape, random.uniform(0.3, 0.95), 0.0 if kind == "noise" else random.uniform(0.7, 3))
    else:
        for _ in range(random.integers(1, 7)):
            start, length = random.uniform(0, 170, 2), random.uniform(20, 160)
            diagonal = random.choice([45, 135, 225, 315]) + random.normal(0, 0.5)
            degrees = diagonal if kind == "diagonals" else random.uniform(0, 360)
            end = start + length * np.array([math.cos(math.radians(degrees)), math.sin(math.radians(degrees))])
            mask |= road(shape, start, end, random.uniform(1.5, 14), random.choice(["round", "flat", "square"]))
    thickness = int(ndimage.distance_transform_cdt(np.pad(mask, 1), "taxicab").max())
    margin = 3 * thickness + 8
    row, column = random.integers(20, 120, 2)
    top, left = max(0, row - margin), max(0, column - margin)
    part = thin(mask[top : row + size + margin, left : column + size + margin])[row - top :, column - left :][:size, :size]
    assert np.array_equal(part, thin(mask)[row : row + size, column : column + size])
