import numpy as np
import pytest
from roadsmith.engine.chips.augmentation import augment, dihedral, pad_to, photometric, random_crop


def chip(size=12, dtype=np.uint8):
    """A chip whose every pixel is different, with its own position as label."""
    values = np.arange(2 * size * size).reshape(2, size, size) % 200
    return values.astype(dtype), (np.arange(size * size).reshape(size, size) % 2).astype(np.uint8)


def test_image_and_label_are_cut_and_turned_alike():
    label = np.arange(144, dtype=np.int32).reshape(12, 12)
    image = np.stack([label, label + 1])
    generator = np.random.default_rng(0)
    for variant in range(8):
        cut_image, cut_label = dihedral(*random_crop(image, label, 8, generator), variant)
        assert cut_image.shape == (2, 8, 8) and np.array_equal(cut_image[0], cut_label)
    variants = {dihedral(image, label, variant)[1].tobytes() for variant in range(8)}
    assert len(variants) == 8


def test_the_same_seed_gives_the_same_variant():
    image, label = chip()
    first = augment(image, label, 8, np.random.default_rng(5))
    again = augment(image, label, 8, np.random.default_rng(5))
    other = augment(image, label, 8, np.random.default_rng(6))
    assert all(np.array_equal(one, two) for one, two in zip(first, again)) and not np.array_equal(first[0], other[0])
    assert first[0].dtype == np.float32 and first[1].dtype == np.uint8 and first[0].flags["C_CONTIGUOUS"]


def test_crops_reach_every_corner():
    image, label = chip()
    generator = np.random.default_rng(0)
    corners = {int(random_crop(image, label, 11, generator)[0][0, 0, 0]) for _ in range(200)}
    assert corners == {0, 1, 12, 13}


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int16, np.float32])
def test_photometric_keeps_to_the_dtypes_range(dtype):
    image = np.zeros((3, 8, 8), dtype)
    image[:, :4] = 255 if dtype == np.uint8 else 1000
    for seed in range(20):
        result = photometric(image, np.random.default_rng(seed))
        assert result.dtype == np.float32 and np.isfinite(result).all()
        if np.issubdtype(dtype, np.integer):
            assert result.min() >= np.iinfo(dtype).min and result.max() <= np.iinfo(dtype).max


def test_a_plain_chip_has_no_brightness_to_change():
    image = np.full((1, 4, 4), 7, np.uint8)
    assert np.allclose(photometric(image, np.random.default_rng(0)), 7)


def test_small_chips_are_padded_with_ignored_pixels():
    image, label = chip(6)
    padded, padded_label = pad_to(image, label, 8)
    assert padded.shape == (2, 8, 8) and (padded_label[6:] == 255).all() and (padded_label[:, 6:] == 255).all()
    assert np.array_equal(padded_label[:6, :6], label)
