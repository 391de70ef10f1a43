import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from roadsmith.engine.chips.augmentation import Variant, apply_variant, augment, draw_variant
from roadsmith.engine.chips.augmentation_settings import DEFAULT, NONE, Range
from roadsmith.engine.chips.geometric import dihedral, pad_to
from roadsmith.engine.chips.photometric import ColourChange

EVERYTHING = replace(
    DEFAULT, rotate=Range(-180, 180), zoom=Range(0.6, 2.0), saturation=Range(0.5, 1.5), hue=Range(-90, 90), gain=Range(0.5, 2)
)


def chip(size=12, dtype=np.uint8):
    """A chip whose every pixel is different, with its own position as label."""
    values = np.arange(2 * size * size).reshape(2, size, size) % 200
    return values.astype(dtype), (np.arange(size * size).reshape(size, size) % 2).astype(np.uint8)


def picture(size=40, bands=3, dtype=np.uint8):
    """A bright cross of roads on dark noise, thicker one way; the image says where the label is."""
    label = np.zeros((size, size), np.uint8)
    label[size // 4 : size // 4 + 6] = 1
    label[:, size // 2 : size // 2 + 3] = 1
    noise = np.random.default_rng(0).integers(0, 50, (bands, size, size))
    return (noise + 150 * label).astype(dtype), label


def test_image_and_label_turn_alike_in_eight_ways():
    label = np.arange(144, dtype=np.int32).reshape(12, 12)
    image = np.stack([label, label + 1])
    for variant in range(8):
        turned_image, turned_label = dihedral(image, label, variant)
        assert np.array_equal(turned_image[0], turned_label)
    assert len({dihedral(image, label, variant)[1].tobytes() for variant in range(8)}) == 8


def test_the_same_seed_gives_the_same_variant():
    image, label = chip()
    for how in (DEFAULT, EVERYTHING, NONE):
        first = augment(image, label, 8, np.random.default_rng(5), how)
        again = augment(image, label, 8, np.random.default_rng(5), how)
        others = [augment(image, label, 8, np.random.default_rng(seed), how)[0] for seed in range(6, 12)]
        assert all(np.array_equal(one, two) for one, two in zip(first, again))
        assert any(not np.array_equal(first[0], other) for other in others)
        assert first[0].dtype == np.float32 and first[1].dtype == np.uint8
        assert first[0].flags["C_CONTIGUOUS"] and first[1].flags["C_CONTIGUOUS"]


def test_switching_one_transform_off_leaves_the_others_as_they_are():
    image, _ = picture()
    for seed in range(10):
        full = draw_variant(EVERYTHING, np.random.default_rng(seed), image)
        calmer = draw_variant(replace(EVERYTHING, rotate=NONE.rotate, hue=NONE.hue), np.random.default_rng(seed), image)
        assert replace(full, angle=0.0, colours=replace(full.colours, hue=0.0)) == calmer and full.angle != 0


def test_shares_and_bounds_are_kept():
    how = replace(NONE, dihedral=0.5, rotate=Range(10, 20, 0.3), zoom=Range(1.5, 2.0, 0.7), contrast=Range(0.5, 2.0), crop=0.25)
    drawn = [draw_variant(how, np.random.default_rng(seed), chip()[0]) for seed in range(2000)]
    angles, zooms = [each.angle for each in drawn if each.angle], [each.zoom for each in drawn if each.zoom != 1]
    assert len(angles) == pytest.approx(600, abs=80) and 10 <= min(angles) < 11 and 19 < max(angles) <= 20
    assert len(zooms) == pytest.approx(1400, abs=80) and min(zooms) >= 1.5 and max(zooms) <= 2
    assert sum(each.quarter > 0 for each in drawn) == pytest.approx(2000 * 0.5 * 7 / 8, abs=90)
    assert sum(each.place == (0.5, 0.5) for each in drawn) == pytest.approx(1500, abs=80)
    contrasts = np.array([each.colours.contrast for each in drawn])
    assert (contrasts > 1).mean() == pytest.approx(0.5, abs=0.05)  # as often more as less
    assert all(each.colours.brightness == 0.5 and not each.colours.gains for each in drawn)


def test_crops_reach_every_corner_and_no_further_than_asked():
    image, label = chip()
    generator = np.random.default_rng(0)
    corners = {int(augment(image, label, 11, generator, NONE)[0][0, 0, 0]) for _ in range(200)}
    assert corners == {0, 1, 12, 13}
    upper = replace(NONE, crop_rows=(0.0, 0.0), crop_columns=(1.0, 1.0))
    assert {int(augment(image, label, 11, generator, upper)[0][0, 0, 0]) for _ in range(20)} == {1}
    centre = augment(image, label, 8, generator, replace(NONE, crop=0.0))
    assert np.array_equal(centre[0], image[:, 2:10, 2:10]) and np.array_equal(centre[1], label[2:10, 2:10])


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_turning_freely_by_a_quarter_is_a_quarter_turn(quarters):
    image, label = picture(24)
    for corners in ("reflect", "ignore"):
        turned = apply_variant(image, label, 24, Variant(angle=90.0 * quarters), corners)
        assert np.allclose(turned[0], np.rot90(image, quarters, axes=(1, 2)), atol=1e-2)
        assert np.array_equal(turned[1], np.rot90(label, quarters))


def test_turning_there_and_back_is_the_chip_again():
    _, label = picture(64)
    smooth = np.broadcast_to(np.add.outer(np.arange(64.0), 2 * np.arange(64.0)), (3, 64, 64)).astype(np.float32)
    there = apply_variant(smooth, label, 64, Variant(angle=30.0), "ignore")
    back = apply_variant(*there, 64, Variant(angle=-30.0), "ignore")
    seen = back[1] != 255
    assert seen.mean() > 0.6 and np.allclose(back[0][:, seen], smooth[:, seen], atol=0.1)
    assert (back[1][seen] == label[seen]).mean() > 0.93


def test_zooming_enlarges_about_the_window():
    label = np.zeros((32, 32), np.uint8)
    label[12:20, 8:24] = 1
    image = 100.0 * label[None].astype(np.float32)
    zoomed, zoomed_label = apply_variant(image, label, 32, Variant(zoom=2.0))
    expected = np.zeros((32, 32), np.uint8)
    expected[8:24] = 1
    assert np.array_equal(zoomed_label, expected) and zoomed[0][10:22, 1:31].min() > 99.9
    # a part of a larger chip shows what lies around it, not a mirror image
    part, _ = apply_variant(image, label, 16, Variant(zoom=0.5))
    assert np.allclose(part[0], image[0].reshape(16, 2, 16, 2).mean(axis=(1, 3)), atol=1e-2)


def test_image_and_label_stay_together_at_every_angle_and_zoom():
    image, label = picture(48)
    for seed in range(12):
        variant = replace(draw_variant(EVERYTHING, np.random.default_rng(seed), image), colours=ColourChange())
        for corners in ("reflect", "ignore"):
            varied, varied_label = apply_variant(image, label, 32, variant, corners)
            seen = varied_label != 255
            assert ((varied.mean(axis=0) > 100) == (varied_label == 1))[seen].mean() > 0.97


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), size=st.integers(4, 20), corners=st.sampled_from(["reflect", "ignore"]), data=st.data())
def test_ignored_pixels_reach_no_other_pixel(seed, size, corners, data):
    image, label = picture(18, dtype=data.draw(st.sampled_from([np.uint8, np.uint16, np.float32])))
    label[data.draw(st.integers(0, 17)) :, : data.draw(st.integers(0, 17))] = 255
    variant = draw_variant(EVERYTHING, np.random.default_rng(seed), image)
    fill = np.array([1.0, 2.0, 3.0])
    other = image.copy()
    other[:, label == 255] = 200
    if image.dtype == np.float32:
        other[:, label == 255] = np.nan
    one, two = (apply_variant(each, label, size, variant, corners, fill) for each in (image, other))
    assert np.array_equal(one[0], two[0]) and np.array_equal(one[1], two[1])
    assert one[0].shape == (3, size, size) and set(np.unique(one[1])) <= {0, 1, 255} and np.isfinite(one[0]).all()
    assert (one[0][:, one[1] == 255] == fill[:, None]).all()


def test_corners():
    image, label = picture(32)
    ignored = apply_variant(image, label, 32, Variant(angle=45.0), "ignore")[1]
    assert (ignored[0, 0], ignored[31, 31], ignored[16, 16]) == (255, 255, ignored[16, 16]) and ignored[16, 16] != 255
    # a square and the same turned by 45° share an octagon: the rest is (√2 - 1)² of the area, and the edge that is blended
    assert (ignored == 255).mean() == pytest.approx((math.sqrt(2) - 1) ** 2, abs=0.05)
    reflected = apply_variant(image, label, 32, Variant(angle=45.0), "reflect")
    assert not (reflected[1] == 255).any() and reflected[0].max() > 100


def test_small_chips_are_padded_with_ignored_pixels():
    image, label = chip(6)
    padded, padded_label = pad_to(image, label, 8)
    assert padded.shape == (2, 8, 8) and (padded_label[6:] == 255).all() and (padded_label[:, 6:] == 255).all()
    assert np.array_equal(padded_label[:6, :6], label)
    for seed in range(5):
        varied, varied_label = augment(image, label, 8, np.random.default_rng(seed), EVERYTHING, np.array([7, 9]))
        assert varied.shape == (2, 8, 8) and (varied_label == 255).any() and (varied[0][varied_label == 255] == 7).all()


def test_settings_are_told_in_words():
    assert NONE.describe() == "random crop"
    assert DEFAULT.describe() == (
        "random crop, flips and quarter turns (100%), zoom 1 to 1.2 (75%), brightness 0.4 to 0.6 (100%), "
        "contrast 0.625 to 1.6 (100%), corners: reflect"
    )


def test_flips_and_quarter_turns_come_in_all_eight_ways():
    image, label = chip(8)
    for quarter in range(8):
        varied = apply_variant(image, label, 8, Variant(quarter=quarter))
        assert all(np.array_equal(one, two) for one, two in zip(varied, dihedral(image, label, quarter)))
    only = replace(NONE, dihedral=1.0)
    seen = {augment(image, label, 8, np.random.default_rng(seed), only)[0].tobytes() for seed in range(100)}
    assert seen == {dihedral(image, label, quarter)[0].astype(np.float32).tobytes() for quarter in range(8)}
