import numpy as np
import pytest
import rasterio
from roadsmith.engine.errors import EngineError
from roadsmith.engine.training.gaussian_mask import gaussian_masks, half_width
from roadsmith.engine.training.targets import TargetSettings, make_targets, reduce_label

from ..conftest import SAMPLES
from .literal_orientation import literal_orientation, reduced


@pytest.fixture(scope="module")
def label():
    with rasterio.open(SAMPLES / "massachusetts_tile_mask.png") as file:
        label = (file.read(1)[1200:1277, 400:478] > 0).astype(np.uint8)  # odd height, even width
    label[40:60, :10] = 255
    return label


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_every_scale_is_made_of_its_own_mask(label):
    targets = make_targets(label, TargetSettings(scales=3, bin_size=10, theta=6))
    assert [each.shape for each in targets.road] == [(77, 78), (39, 39), (20, 20)]
    for scale in range(3):
        smaller = reduced(label, scale)
        assert np.array_equal(targets.road[scale], smaller) and targets.road[scale].dtype == np.uint8
        expected = literal_orientation(smaller, 10, 6, scale)  # theta is the same at every scale
        assert np.array_equal(targets.orientation[scale], expected) and targets.orientation[scale].dtype == np.int64
        assert (expected == -1).any() and len(np.unique(expected)) > 2


def test_only_what_the_network_needs_is_made(label):
    plain = make_targets(label, TargetSettings(orientation=False))
    assert len(plain.road) == 1 and plain.orientation == ()
    both = make_targets(label, TargetSettings())
    assert len(both.road) == len(both.orientation) == 1 and np.array_equal(both.road[0], plain.road[0])


def test_centre_lines_become_roads_of_one_width(label):
    settings = TargetSettings(scales=2, gaussian_sigma=6.0, gaussian_threshold=0.76)
    targets = make_targets(label, settings)
    wide, narrow = gaussian_masks(label, (half_width(6.0, 0.76), 3.0))
    assert np.array_equal(targets.road[0], wide) and np.array_equal(targets.road[1], wide[::2, ::2])
    for scale in range(2):
        assert np.array_equal(targets.orientation[scale], literal_orientation(reduced(narrow, scale), 20, 8, scale))
    thinner = make_targets(label, TargetSettings(gaussian_sigma=6.0, gaussian_threshold=0.9))
    assert 0 < (thinner.road[0] == 1).sum() < (targets.road[0] == 1).sum()


@pytest.mark.parametrize("size", [4, 6, 7, 8, 13])
def test_reducing_a_size_that_divides_is_nearest_neighbour_resizing(size):
    label = np.arange(size * size, dtype=np.uint8).reshape(size, size)
    for scale in (1, 2):
        small = -(-size // 2**scale)
        assert reduce_label(label, scale).shape == (small, small)
        if size % 2**scale == 0:
            nearest = [int(place * size / small) for place in range(small)]
            assert np.array_equal(reduce_label(label, scale), label[np.ix_(nearest, nearest)])


@pytest.mark.parametrize(("changes", "sentence"), [
    ({"scales": 0}, "0 scales"), ({"scales": 4}, "4 scales"), ({"bin_size": 0.5}, "bins of 0.5"), ({"theta": 0}, "band of 0"),
    ({"gaussian_sigma": -1.0}, "σ of -1"), ({"gaussian_sigma": 15.0, "gaussian_threshold": 0.0}, "threshold 0"),
])
def test_settings_out_of_range(changes, sentence):
    with pytest.raises(EngineError, match=sentence):
        TargetSettings(**changes)
