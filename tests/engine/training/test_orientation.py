import math

import numpy as np
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st
from roadsmith.engine.training.orientation import orientation_class_count, orientation_labels

from ..conftest import SAMPLES
from .literal_orientation import literal_orientation


def road(size=64):
    return np.zeros((size, size), np.uint8)


def test_class_counts():
    assert orientation_class_count(20) == 19 and orientation_class_count(10) == 37 and orientation_class_count(50) == 9


def line(name):
    """A road one pixel wide, which thinning leaves as it is."""
    label = road()
    steps = np.arange(10, 54)
    if name == "vertical":
        label[steps, 30] = 1
    elif name == "horizontal":
        label[30, steps] = 1
    elif name == "falling":
        label[steps, steps] = 1
    else:
        label[63 - steps - 8, steps + 8] = 1
    return label


@pytest.mark.parametrize(("name", "angle"), [
    # from the end farther from the upper left corner to the nearer one; 0° is along the columns, 90° down the rows
    ("vertical", 270), ("horizontal", 180), ("falling", 225), ("rising", 135),
])
@pytest.mark.parametrize("bin_size", [10, 20, 45])
def test_known_directions(name, angle, bin_size):
    labels = orientation_labels(line(name), bin_size, 3)
    background = orientation_class_count(bin_size) - 1
    assert set(np.unique(labels)) == {angle // bin_size, background}


def test_the_band_is_theta_wide_on_either_side():
    labels = orientation_labels(line("horizontal"), 20, 3)
    rows, columns = np.nonzero(labels != 18)
    assert rows.min() == 27 and rows.max() == 33  # 3 pixels on either side of row 30
    assert columns.min() <= 10 - 2 and columns.max() >= 53 + 2  # and beyond the ends, as the bounding box grows


def test_a_bend_has_both_directions():
    label = road()
    label[10:40, 8:14] = 1
    label[34:40, 8:56] = 1
    labels = orientation_labels(label, 90, 2)  # wide bins, so that a slight slant does not matter: 0, 90, 180, 270
    assert len(set(np.unique(labels)) - {4}) >= 2


def test_wide_roads_follow_their_centre_line():
    label = road(128)
    label[:, 56:72] = 1
    labels = orientation_labels(label, 20, 8)
    middle = labels[20:108, 60:68]
    assert (middle == 270 // 20).all()


def test_empty_and_ignored_pixels():
    label = road()
    assert (orientation_labels(label, 20, 8) == 18).all()
    label[:, :20] = 255
    labels = orientation_labels(label, 20, 8)
    assert (labels[:, :20] == -1).all() and (labels[:, 20:] == 18).all()


def test_ignored_pixels_lie_over_the_band():
    label = line("horizontal")
    label[:30] = 255
    labels = orientation_labels(label, 20, 3)
    assert (labels[:30] == -1).all() and (labels[30:33, 20:40] == 9).all()


def test_a_lone_pixel_has_no_direction():
    label = road()
    label[5, 5] = 1
    assert (orientation_labels(label, 20, 8) == 18).all()


@pytest.fixture(scope="module")
def tile_mask():
    with rasterio.open(SAMPLES / "massachusetts_tile_mask.png") as file:
        return (file.read(1) > 0).astype(np.uint8)


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
@pytest.mark.parametrize(("row", "column"), [(1200, 400), (1100, 1100), (900, 500)])
@pytest.mark.parametrize("scale", [0, 1, 2])
def test_real_roads_equal_the_definition(tile_mask, row, column, scale):
    label = tile_mask[row : row + 96, column : column + 96]
    if scale == 0 and row == 900:
        label = label.copy()
        label[30:50, 60:] = 255
    labels = orientation_labels(label, 20, 8, scale)
    assert np.array_equal(labels, literal_orientation(label, 20, 8, scale)) and len(np.unique(labels)) > 2


@settings(max_examples=25, deadline=None)
@given(
    ends=st.lists(st.tuples(*[st.integers(0, 39)] * 4), min_size=1, max_size=4), reach=st.floats(0.5, 4),
    bin_size=st.sampled_from([10, 20]), theta=st.sampled_from([1, 3, 8]), scale=st.sampled_from([0, 1, 2]),
)
def test_drawn_roads_equal_the_definition(ends, reach, bin_size, theta, scale):
    rows, columns = np.mgrid[:40, :37]
    label = np.zeros((40, 37), np.uint8)
    for y0, x0, y1, x1 in ends:
        share = np.clip(((rows - y0) * (y1 - y0) + (columns - x0) * (x1 - x0)) / max(1, (y1 - y0) ** 2 + (x1 - x0) ** 2), 0, 1)
        label[np.hypot(rows - y0 - share * (y1 - y0), columns - x0 - share * (x1 - x0)) <= reach] = 1
    assert np.array_equal(
        orientation_labels(label, bin_size, theta, scale), literal_orientation(label, bin_size, theta, scale)
    )


@pytest.mark.parametrize("angle", range(3, 180, 11))
def test_round_roads_at_every_angle(angle):
    rows, columns = np.mgrid[-70:58, -60:68]  # both ends equally far from the corner would leave the direction open
    slope = math.radians(angle)
    along, across = columns * math.cos(slope) + rows * math.sin(slope), columns * math.sin(slope) - rows * math.cos(slope)
    label = np.hypot(np.maximum(np.abs(along) - 45, 0), across) <= 5  # with round ends
    labels = orientation_labels(label.astype(np.uint8), 10, 8)
    ends = [(60 + sign * 45 * math.cos(slope), 70 + sign * 45 * math.sin(slope)) for sign in (1, -1)]
    (x0, y0), (x1, y1) = sorted(ends, key=lambda end: -math.hypot(*end))
    heading = math.degrees(math.atan2(y1 - y0, x1 - x0)) % 360
    middle = labels[(np.abs(along) < 30) & (np.abs(across) < 5)]
    off = np.abs((middle * 10 + 5 - heading + 180) % 360 - 180)
    assert (middle != 36).all() and off.max() <= 5 + 4  # half a bin, and what thinning and simplifying may turn a line
