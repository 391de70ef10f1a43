import re
from dataclasses import replace

import numpy as np
import pytest
import rasterio
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from roadsmith.engine.chips.preview.alignment import REACH, AlignmentSearch, Verdict
from roadsmith.engine.chips.preview.alignment_judgement import judge_alignment
from roadsmith.engine.chips.preview.chip_coverage import count_blocks, count_copies, count_overlapping
from roadsmith.engine.chips.preview.judgement import Mark, judge_places, judge_road_share, judge_widths
from roadsmith.engine.chips.preview.quality import SAMPLE_CHIPS, measure_quality, road_widths, sample_chips
from roadsmith.engine.chips.reading.folder import open_training_folder
from roadsmith.engine.reporter import Reporter

from ...conftest import SAMPLES
from .chip_folders import ORIGIN, shifted, town, write_folder


def align(chips, right=0, down=0, ground=None):
    """The alignment of chips whose labels are moved by so many pixels."""
    search = AlignmentSearch()
    for number, (image, label) in enumerate(chips):
        search.add(image, shifted(label, right, down), ground or Affine.translation(number * 1024, 0))
    return search.result(seed=1)


def measured(folder, seed=1):
    folders = [open_training_folder(each) for each in ([folder] if not isinstance(folder, list) else folder)]
    return folders, measure_quality(folders, seed, Reporter())


@pytest.fixture(scope="module")
def massachusetts():
    """Sixteen chips of the sample tile, 1 m per pixel, labels 7 px wide."""
    with rasterio.open(SAMPLES / "massachusetts_tile.jpg") as file:
        image = file.read()
    with rasterio.open(SAMPLES / "massachusetts_tile_mask.png") as file:
        label = (file.read(1) > 0).astype(np.uint8)
    places = [(row, column) for row in range(0, 1200, 300) for column in range(0, 1200, 300)]
    return [(image[:, r : r + 300, c : c + 300], label[r : r + 300, c : c + 300]) for r, c in places]


@pytest.mark.parametrize("right, down", [(0, 0), (3, 0), (0, -3), (5, 0), (-4, 3), (8, 0), (-6, -5), (0, 8)])
def test_a_shift_of_drawn_roads_is_found_to_half_a_pixel(right, down):
    found = align([town(seed=seed) for seed in range(4)], right, down)
    assert found.verdict is (Verdict.SHIFTED if right or down else Verdict.ALIGNED)
    assert found.shift == pytest.approx((right, down), abs=0.5)
    assert not found.across_only


@pytest.mark.parametrize("right, down", [(0, 0), (5, 0), (0, 5), (-8, 0), (6, -5)])
def test_a_shift_of_real_roads_is_found_to_two_pixels(massachusetts, right, down):
    """OpenStreetMap's roads lie 1 m off by themselves here."""
    found = align(massachusetts, right, down)
    assert found.verdict is (Verdict.SHIFTED if right or down else Verdict.ALIGNED)
    assert np.hypot(found.shift[0] - right, found.shift[1] - down) <= 2


def test_what_cannot_be_told_is_not_told(massachusetts):
    noise = [(np.random.default_rng(seed).integers(0, 255, (3, 256, 256), dtype=np.uint8), town()[1]) for seed in range(2)]
    assert align(noise).verdict is Verdict.UNKNOWN
    elsewhere = [(image, massachusetts[number - 7][1][:, ::-1]) for number, (image, _) in enumerate(massachusetts)]
    assert align(elsewhere).verdict is Verdict.UNKNOWN
    assert align([(np.full((1, 256, 256), 7, np.uint16), town()[1])]).verdict is Verdict.UNKNOWN
    nothing = align([(np.ones((1, 64, 64)), np.zeros((64, 64), np.uint8))])
    assert (nothing.verdict, nothing.patches) == (Verdict.UNKNOWN, 0) and np.isfinite(nothing.fit).all()
    beyond = align([town(seed=seed) for seed in range(2)], right=REACH + 4)
    assert beyond.verdict is Verdict.UNKNOWN


def test_roads_of_one_direction_tell_only_the_shift_across(tmp_path):
    chips = [town(directions="rows", seed=seed) for seed in range(4)]
    found = align(chips, right=4, down=6)
    assert found.across_only and found.verdict is Verdict.SHIFTED and found.shift == pytest.approx((0, 6), abs=1)
    folder = open_training_folder(write_folder(tmp_path, chips[:1]))
    sentence = judge_alignment(found, folder).text
    assert "to the south (" in sentence and "only the shift across them" in sentence


def test_chips_turned_against_north_tell_the_shift_on_the_ground():
    """The label lies 6 pixels east; a chip turned by a quarter shows that along its rows."""
    image, label = town()
    turned = np.rot90(image, 1, axes=(1, 2)), np.rot90(shifted(label, 6, 0), 1)
    # turned to the left: the chip's rows run south on the ground, its columns west
    search = AlignmentSearch()
    search.add(turned[0], turned[1], Affine(0, -1, 256, 1, 0, 0))
    assert search.result(seed=1).shift == pytest.approx((6, 0), abs=0.5)


def test_overlapping_chips_are_one_witness():
    chip = town()
    once = align([chip], ground=Affine.identity())
    assert align([chip] * 5, ground=Affine.identity()).patches == once.patches == 16
    assert align([chip] * 2).patches == 32


def test_the_sentence_names_metres_and_direction(tmp_path):
    chips = [town(seed=seed) for seed in range(2)]
    folder = open_training_folder(write_folder(tmp_path / "map", chips))
    judgement = judge_alignment(align(chips, right=5), folder)
    assert judgement.mark is Mark.LOOK
    words = r"by about ([\d.]+) m \(([\d.]+) pixels\) to the (\S+): move the roads \S+ m \(\S+ pixels\) to the (\w+)"
    metres, pixels, side, back = re.search(words, judgement.text).groups()
    assert (side, back) == ("east", "west")
    assert float(metres) == pytest.approx(10, abs=0.5) and float(pixels) == pytest.approx(5, abs=0.25)
    assert "to the north-west" in judge_alignment(align(chips, -4, -4), folder).text
    assert judge_alignment(align(chips), folder).text.startswith("No shift")
    nowhere = open_training_folder(write_folder(tmp_path / "bare", chips, georeferenced=False))
    text = judge_alignment(align(chips, right=5), nowhere).text
    assert re.search(r"[45]\.\d pixels to the right", text) and " m " not in text


@given(st.integers(1, 20), st.booleans(), st.integers(25, 50))
@settings(max_examples=30, deadline=None)
def test_the_width_of_a_straight_road_is_exact(width, upright, start):
    road = np.zeros((100, 100), bool)
    road[start : start + width] = True
    widths = road_widths(road.T if upright else road)
    assert len(widths) and np.median(widths) == width


@pytest.mark.parametrize("width", [3, 5, 8, 12])
def test_the_width_of_a_slanting_road_is_right_to_a_pixel(width):
    rows, columns = np.mgrid[:150, :150]
    road = np.abs((columns - 75) * np.sin(0.5) - (rows - 75) * np.cos(0.5)) <= width / 2
    assert np.median(road_widths(road)) == pytest.approx(width, abs=1)


def test_figures_of_a_folder(tmp_path):
    image, label = town()
    empty = np.zeros_like(label)
    half = empty.copy()
    half[:128] = 1
    half[192:] = 255
    folders, quality = measured(write_folder(tmp_path, [(image, label), (image, empty), (image, half)]))
    assert [chip.road_share for chip in quality.chips] == pytest.approx([label.mean(), 0, 2 / 3])
    assert [chip.ignored_share for chip in quality.chips] == [0, 0, 0.25]
    assert (quality.total, quality.placed, quality.overlapping, quality.blocks) == (3, 3, 0, 1)
    texts = " ".join(each.text for each in [*judge_road_share(quality), *judge_places(folders, quality)])
    assert "33% of the chips hold no road" in texts and "8.3% of the pixels are ignored" in texts
    assert "only 1 block" in texts and "none overlaps" in texts


def test_chips_that_touch_do_not_overlap_and_copies_are_found(tmp_path):
    chips = [town(seed=seed) for seed in range(3)]
    places = [ORIGIN, ORIGIN * Affine.translation(256, 0), ORIGIN * Affine.translation(300, 0)]
    folder = open_training_folder(write_folder(tmp_path / "a", chips, transforms=places))
    assert count_overlapping(folder.chips) == 2
    assert count_overlapping(folder.chips[:2]) == 0
    far = [ORIGIN, ORIGIN * Affine.translation(4 * 256, 0), ORIGIN * Affine.translation(8 * 256, 0)]
    assert count_blocks(open_training_folder(write_folder(tmp_path / "b", chips, transforms=far)).chips) == 3
    same = open_training_folder(write_folder(tmp_path / "c", [chips[0], chips[1], chips[0]], transforms=[ORIGIN] * 3))
    assert count_copies([same], [(0, 0), (0, 1), (0, 2)], Reporter()) == 2


@pytest.mark.parametrize("widths, cell, mark, words", [
    ([8.0], 1.0, Mark.GOOD, "8.0 pixels (8.0 m)"),
    ([2.0], 4.0, Mark.LOOK, "cell size of about 1 m"),
    ([40.0], 0.2, Mark.LOOK, "cell size of about 1 m"),
    ([2.0], 0.0, Mark.LOOK, "4 times smaller"),
    ([40.0], 0.0, Mark.LOOK, "5 times larger"),
    ([], 1.0, Mark.UNKNOWN, "cannot be told"),
])
def test_widths_are_judged(widths, cell, mark, words):
    judgement = judge_widths(np.array(widths, np.float32), cell)
    assert judgement.mark is mark and words in judgement.text


def test_shares_and_folders_are_judged(tmp_path):
    image, label = town()
    rare = np.zeros_like(label)
    rare[100:104, 100:104] = 1
    for name, labels, words in (
        ("none", [label * 0], "nothing can be learned"), ("rare", [rare], "Only 0.02%"),
        ("much", [1 - rare], "exchanged"), ("empty", [label, label * 0, label * 0], "67% of the chips"),
    ):
        _, quality = measured(write_folder(tmp_path / name, [(image, each) for each in labels]))
        looks = [each.text for each in judge_road_share(quality) if each.mark is Mark.LOOK]
        assert len(looks) == 1 and words in looks[0]
    coarse = write_folder(tmp_path / "coarse", [(image[:1], label)], transforms=[ORIGIN * Affine.scale(2)])
    texts = " ".join(each.text for each in judge_places(*measured([tmp_path / "rare", coarse])) if each.mark is Mark.LOOK)
    assert "2 to 4 m" in texts and "unequal numbers of bands" in texts


def test_a_sample_is_taken_of_many_chips_and_is_always_the_same(tmp_path):
    small = open_training_folder(write_folder(tmp_path, [(np.ones((1, 8, 8), np.uint8), np.eye(8, dtype=np.uint8))]))
    folder = replace(small, chips=small.chips * 310)
    sample = sample_chips([folder, folder], 3)
    assert len(sample) == len(set(sample)) == SAMPLE_CHIPS and sample == sorted(sample) == sample_chips([folder, folder], 3)
    assert {number for number, _ in sample} == {0, 1} and sample != sample_chips([folder, folder], 4)
    large = sample_chips([replace(folder, tile_size=2000)], 3)
    assert len(large) == 20 and large[-1][1] > 100
    assert sample_chips([small], 3) == [(0, 0)]
