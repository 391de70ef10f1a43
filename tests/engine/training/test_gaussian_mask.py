import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from roadsmith.engine.errors import EngineError
from roadsmith.engine.raster.skeleton import skeletonise
from roadsmith.engine.training.gaussian_mask import (
    gaussian_masks,
    half_width,
    sigma_for_half_width,
    sigma_pixels,
    widen,
)


def literal(line, sigma, threshold):
    """g = exp(-d² / 2σ²) >= threshold, pixel by pixel, from the nearest of all line pixels."""
    road = np.zeros(line.shape, bool)
    points = np.argwhere(line)
    for row in range(line.shape[0]):
        for column in range(line.shape[1]):
            squares = [(row - y) ** 2 + (column - x) ** 2 for y, x in points]
            road[row, column] = bool(squares) and math.exp(-min(squares) / (2 * sigma**2)) >= threshold
    return road


@settings(max_examples=40, deadline=None)
@given(
    line=arrays(bool, st.tuples(st.integers(1, 14), st.integers(1, 14)), elements=st.sampled_from([False] * 9 + [True])),
    sigma=st.floats(0.3, 30), threshold=st.sampled_from([0.05, 0.3, 0.5, 0.76, 0.98]),
)
def test_widened_lines_are_the_gaussian_ridge_cut_at_the_threshold(line, sigma, threshold):
    assert np.array_equal(widen(line, half_width(sigma, threshold)), literal(line, sigma, threshold))


def test_the_references_road_is_eleven_pixels_either_way():
    assert half_width(15, 0.76) == pytest.approx(11.1, abs=0.05) and half_width(15, 0.98) == pytest.approx(3.0, abs=0.02)
    assert half_width(15, 0.5) == pytest.approx(17.66, abs=0.01)
    assert half_width(7, 1.0) == 0
    label = np.zeros((60, 60), np.uint8)
    label[29:32] = 1  # three pixels wide: the width of the label does not matter
    mask = gaussian_masks(label, (half_width(15, 0.76),))[0]
    assert (np.flatnonzero(mask[:, 30]) == np.arange(30 - 11, 30 + 12)).all()
    label[20:41] = 1
    assert np.array_equal(gaussian_masks(label, (half_width(15, 0.76),))[0][:, 30], mask[:, 30])


def test_sigma_follows_the_pixel_size_and_the_wanted_width():
    assert sigma_pixels((0.3, 0.3)) == pytest.approx(15) and sigma_pixels((0.6, 0.6)) == pytest.approx(7.5)
    assert half_width(sigma_pixels((1.0, 1.0)), 0.76) == pytest.approx(3.33, abs=0.01)  # metres, at any pixel size
    assert half_width(sigma_for_half_width(5.0), 0.76) == pytest.approx(5.0)


def test_ignored_pixels_stay_ignored_and_no_road_stays_none():
    label = np.zeros((40, 40), np.uint8)
    label[:, 20] = 1
    label[:, 24:30] = 255
    wide, narrow = gaussian_masks(label, (11.1, 2.0))
    assert np.array_equal(wide == 255, label == 255) and np.array_equal(narrow == 255, label == 255)
    assert (wide[20, 10:24] == 1).all() and (wide[20, 30:32] == 1).all() and wide[20, 32] == 0
    assert narrow[20].tolist().count(1) == 5
    assert not gaussian_masks(np.zeros((8, 8), np.uint8), (11.1,))[0].any()


def test_round_roads_are_equally_wide_all_around():
    rows, columns = np.mgrid[:101, :101] - 50
    ring = (np.abs(np.hypot(rows, columns) - 30) < 3).astype(np.uint8)
    assert skeletonise(ring == 1).any()
    mask = gaussian_masks(ring, (8.0,))[0]
    away = np.hypot(rows, columns)
    assert mask[np.abs(away - 30) < 6].all() and not mask[np.abs(away - 30) > 10].any()


@pytest.mark.parametrize(("sigma", "threshold", "sentence"), [
    (15, 0.0, "threshold 0 cannot"), (15, 1.1, "threshold 1.1 cannot"), (15, float("nan"), "threshold nan"), (0, 0.76, "σ of 0"),
    (float("inf"), 0.76, "σ of inf"),
])
def test_figures_out_of_range(sigma, threshold, sentence):
    with pytest.raises(EngineError, match=sentence):
        half_width(sigma, threshold)
