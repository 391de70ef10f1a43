"""The middle of drawn roads, which is known to a fraction of a pixel."""

from __future__ import annotations

import numpy as np
import pytest
from roadsmith.engine.raster.skeleton import skeletonise
from roadsmith.engine.reporter import Reporter
from roadsmith.engine.road_network.centre_shift import RoadShare, centre_shift
from roadsmith.engine.road_network.skeleton_tiles import skeleton_pixels
from scipy import ndimage

from . import drawn_masks as masks

SIZE, MIDDLE = 160, 80.0


def root_mean_square(offsets):
    return float(np.sqrt(np.mean(np.concatenate(offsets) ** 2)))


def offsets_of(mask, offset, *soft):
    """Offsets of skeleton pixels from the middle line, before and after, away from the border of the mask."""
    skeleton = skeletonise(mask)
    rows, columns = np.nonzero(skeleton)
    inside = (np.minimum(rows, columns) > 25) & (np.maximum(rows, columns) < SIZE - 25)
    rows, columns = rows[inside], columns[inside]
    radius = ndimage.distance_transform_edt(mask)[rows, columns].astype(np.float32)
    shift = centre_shift(skeleton, RoadShare(mask, *soft), rows, columns, radius, (1.0, 1.0))
    assert np.hypot(*shift.T).max() <= 1.3
    return offset(columns, rows), offset(columns + shift[:, 0], rows + shift[:, 1])


def straight(angle, away):
    def offset(x, y):
        return (y - MIDDLE) * np.cos(angle) - (x - MIDDLE) * np.sin(angle) - away

    return offset


def circle(radius):
    def offset(x, y):
        return np.hypot(x - MIDDLE - 0.3, y - MIDDLE + 0.2) - radius

    return offset


@pytest.mark.parametrize("width", [3, 4, 5, 6, 8, 12])
def test_centre_lines_come_nearer_to_the_middle(width):
    y, x = np.mgrid[:SIZE, :SIZE]
    random = np.random.default_rng(width)
    lines = [straight(random.uniform(0, np.pi), random.uniform(-0.5, 0.5)) for _ in range(8)]
    lines += [circle(random.uniform(25, 55)) for _ in range(4)]
    found = [offsets_of(np.abs(line(x, y)) <= width / 2, line) for line in lines]
    before, after = (root_mean_square([pair[which] for pair in found]) for which in (0, 1))
    assert after < 0.75 * before
    assert after < 0.25


@pytest.mark.parametrize("width", [3, 4, 8])
def test_probabilities_tell_where_between_pixels_the_border_is(width):
    y, x = np.mgrid[:SIZE, :SIZE]
    random = np.random.default_rng(width)
    lines = [straight(random.uniform(0, np.pi), random.uniform(-0.5, 0.5)) for _ in range(8)]
    hard, soft = [], []
    for line in lines:
        probability = ndimage.gaussian_filter(np.clip((width + 1) / 2 - np.abs(line(x, y)), 0, 1) * 0.9, 1.2).astype(np.float32)
        mask = probability >= np.float32(0.3)
        hard.append(offsets_of(mask, line)[1])
        soft.append(offsets_of(mask, line, probability, 0.3)[1])
    assert root_mean_square(soft) < 0.07
    assert root_mean_square(soft) < 0.5 * root_mean_square(hard)


def test_filled_holes_and_dropped_specks_have_no_border():
    """A hole in the middle that was filled and a speck beside that was dropped: the mask is right, the probability is not."""
    mask = np.zeros((60, 120), bool)
    mask[20:28] = True
    probability = np.where(mask, np.float32(0.9), np.float32(0.1))
    probability[26, 60] = 0.1
    probability[29, 80:84] = 0.9
    skeleton = skeletonise(mask)
    rows, columns = np.nonzero(skeleton[:, 20:100])
    columns += 20
    radius = ndimage.distance_transform_edt(mask)[rows, columns].astype(np.float32)
    shift = centre_shift(skeleton, RoadShare(mask, probability, 0.3), rows, columns, radius, (1.0, 1.0))
    assert np.allclose(rows + shift[:, 1], 23.5, atol=1e-5)


@pytest.mark.parametrize("width", [2, 4, 8, 14])
def test_even_roads_along_the_grid_are_exact(width):
    mask = np.zeros((60, 120), np.uint8)
    mask[20 : 20 + width] = 1
    for turned in (mask, mask[::-1].copy(), mask.T.copy(), mask.T[:, ::-1].copy()):
        skeleton = skeleton_pixels(masks.in_memory(turned), (1.0, 1.0), Reporter())
        upright = turned.shape[0] > turned.shape[1]
        across = skeleton.columns + skeleton.shift[:, 0] if upright else skeleton.rows + skeleton.shift[:, 1]
        middle = np.flatnonzero(turned.any(axis=0 if upright else 1)).mean()
        assert np.allclose(across, middle, atol=1e-5)
        assert (skeleton.shift[:, 1 if upright else 0] == 0).all()


def test_oblong_pixels_are_shifted_in_metres():
    mask = np.zeros((60, 120), np.uint8)
    mask[20:26] = 1
    skeleton = skeleton_pixels(masks.in_memory(mask), (2.0, 0.5), Reporter())
    assert np.allclose((skeleton.rows + 0.5) * 0.5 + skeleton.shift[:, 1], 23 * 0.5, atol=1e-5)


def test_no_shift_at_a_crossing():
    mask = np.zeros((101, 101), np.uint8)
    mask[46:54] = mask[:, 46:54] = 1
    skeleton = skeleton_pixels(masks.in_memory(mask), (1.0, 1.0), Reporter())
    inside = np.maximum(abs(skeleton.rows - 49.5), abs(skeleton.columns - 49.5)) < 3
    assert inside.any()
    assert (np.abs(skeleton.shift[inside]) <= 0.5 + 1e-5).all()
    outside = np.maximum(abs(skeleton.rows - 49.5), abs(skeleton.columns - 49.5)) > 12
    along_rows = outside & (abs(skeleton.rows - 49.5) < 3)
    assert np.allclose(skeleton.rows[along_rows] + skeleton.shift[along_rows, 1], 49.5, atol=1e-5)
