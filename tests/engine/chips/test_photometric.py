import colorsys

import numpy as np
import pytest
from roadsmith.engine.chips.augmentation import augment
from roadsmith.engine.chips.photometric import SAME_COLOURS, ColourChange, change_colours

U8, F32 = np.dtype(np.uint8), np.dtype(np.float32)


def test_brightness_adds_deviations_and_contrast_keeps_the_mean():
    image = np.random.default_rng(0).uniform(80, 120, (3, 40, 40)).astype(np.float32)
    brighter = change_colours(image, ColourChange(brightness=0.6), F32)
    assert np.allclose(brighter - image, 0.5 * image.std(), rtol=1e-3)
    harder = change_colours(image, ColourChange(contrast=1.5), F32)
    assert np.allclose(harder.mean(axis=(1, 2)), image.mean(axis=(1, 2)), rtol=1e-5)
    assert np.allclose(harder.std(axis=(1, 2)), 1.5 * image.std(axis=(1, 2)), rtol=1e-3)
    assert change_colours(image, SAME_COLOURS, F32) is image


def test_hue_and_saturation_leave_greys_and_luminance_alone():
    luminance = np.array([0.299, 0.587, 0.114])
    image = np.random.default_rng(1).uniform(90, 160, (3, 8, 8)).astype(np.float32)
    grey = np.repeat(np.linspace(0, 255, 16, dtype=np.float32).reshape(1, 4, 4), 3, axis=0)
    for change in (ColourChange(hue=40), ColourChange(saturation=1.7), ColourChange(hue=-100, saturation=0.3)):
        assert np.allclose(change_colours(grey, change, F32), grey, atol=1e-2)
        changed = change_colours(image, change, F32)
        assert np.allclose(np.tensordot(luminance, changed, 1), np.tensordot(luminance, image, 1), atol=1e-2)
        assert np.abs(changed - image).max() > 1
    colourless = change_colours(image, ColourChange(saturation=0.0), F32)
    assert np.allclose(colourless, np.tensordot(luminance, image, 1)[None], atol=1e-2)


def test_hue_turns_red_towards_green_or_blue_and_all_the_way_round():
    red = np.zeros((3, 2, 2), np.float32) + np.array([150.0, 90, 90], np.float32)[:, None, None]
    hues = [colorsys.rgb_to_hsv(*change_colours(red, ColourChange(hue=turn), F32)[:, 0, 0])[0] for turn in (0, 120, 240)]
    assert len({round(3 * hue) % 3 for hue in hues}) == 3  # near red, green and blue, each once
    assert np.allclose(change_colours(red, ColourChange(hue=360), F32), red, atol=1e-2)


def test_gains_multiply_each_band():
    image = np.ones((4, 3, 3), np.float32) * np.arange(1, 5, dtype=np.float32)[:, None, None]
    changed = change_colours(image, ColourChange(gains=(1.0, 2.0, 0.5, 3.0)), F32)
    assert changed[:, 0, 0].tolist() == [1, 4, 1.5, 12]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int16, np.float32])
def test_integers_keep_to_their_range(dtype):
    image = np.zeros((3, 8, 8), dtype)
    image[:, :4] = 255 if dtype == np.uint8 else 1000
    label = np.zeros((8, 8), np.uint8)
    below = 0
    for seed in range(20):
        varied, _ = augment(image, label, 8, np.random.default_rng(seed))
        assert varied.dtype == np.float32 and np.isfinite(varied).all()
        below += varied.min() < 0
        if np.issubdtype(dtype, np.integer):
            assert varied.min() >= np.iinfo(dtype).min and varied.max() <= np.iinfo(dtype).max
    assert (below > 0) == (dtype in (np.int16, np.float32))


def test_a_plain_chip_has_no_brightness_to_change():
    image = np.full((1, 4, 4), 7, np.float32)
    assert np.allclose(change_colours(image, ColourChange(brightness=0.9, contrast=2.0), F32), 7)


def test_ignored_pixels_say_nothing_about_the_chip():
    image = np.full((1, 4, 4), 10, np.float32)
    image[:, :2] = 20
    ignored = np.zeros((4, 4), bool)
    ignored[3] = True
    other = image.copy()
    other[:, 3] = 250
    change = ColourChange(brightness=0.7, contrast=1.4)
    one, two = (change_colours(each, change, U8, ignored) for each in (image, other))
    assert np.array_equal(one[:, :3], two[:, :3])
    assert np.array_equal(change_colours(image, change, U8, np.ones((4, 4), bool)), image)
