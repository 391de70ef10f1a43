import numpy as np
import pytest
from roadsmith.engine.training.orientation import orientation_class_count, orientation_labels


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
