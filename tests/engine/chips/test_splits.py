from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from roadsmith.engine.chips.reading.folder import Chip
from roadsmith.engine.chips.splits import split_chips
from roadsmith.engine.errors import EngineError


def make_chip(left, bottom, size):
    return Chip(Path("i.tif"), Path("l.tif"), (left, bottom, left + size, bottom + size))


def grid(columns, rows, size=256.0, stride=128.0, left=0.0):
    return [make_chip(left + column * stride, row * stride, size) for row in range(rows) for column in range(columns)]


def overlap(one, other):
    (l1, b1, r1, t1), (l2, b2, r2, t2) = one.bounds, other.bounds
    return min(r1, r2) > max(l1, l2) and min(t1, t2) > max(b1, b2)


def check(chips, split):
    assert not set(split.training) & set(split.validation)
    assert len(split.training) + len(split.validation) + split.dropped == len(chips)
    assert split.training and split.validation
    assert not any(overlap(chips[one], chips[two]) for one in split.training for two in split.validation)


def always(index):
    return True


@settings(max_examples=60, deadline=None)
@given(
    places=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=2, max_size=60, unique=True),
    size=st.integers(1, 20), percent=st.floats(1, 90), seed=st.integers(0, 2**31),
)
def test_no_training_chip_overlaps_a_validation_chip(places, size, percent, seed):
    chips = [make_chip(float(x), float(y), float(size)) for x, y in places]
    try:
        split = split_chips(chips, percent, "blocks", seed, always)
    except EngineError as error:
        assert "overlap each other" in str(error)
    else:
        check(chips, split)


@pytest.mark.parametrize("seed", range(8))
def test_one_image_keeps_most_of_its_chips(seed):
    chips = grid(10, 10)  # the usual first data set: one image, chips that overlap by half
    split = split_chips(chips, 10, "blocks", seed, always)
    check(chips, split)
    assert 6 <= len(split.validation) <= 14 and len(split.training) >= 75


def test_a_large_area_meets_the_percentage():
    chips = grid(60, 60, stride=256.0)
    split = split_chips(chips, 20, "blocks", 1, always)
    check_size = len(split.validation) / len(chips)
    assert 0.18 <= check_size <= 0.22 and split.dropped == 0  # chips that only touch are kept


def test_the_seed_decides():
    chips = grid(12, 12)
    splits = [split_chips(chips, 10, "blocks", seed, always) for seed in (1, 1, 2)]
    assert splits[0] == splits[1] != splits[2]


def test_rounded_coordinates_still_only_touch():
    chips = [make_chip(-115.17 + column * 0.0003 + 1e-12 * column, 36.0, 0.0003) for column in range(10)]
    assert split_chips(chips, 10, "blocks", 0, always).dropped == 0


def test_validation_holds_a_road_where_one_can():
    chips = grid(10, 10, stride=256.0)
    with_road = {7, 8, 55, 91}
    for seed in range(5):
        split = split_chips(chips, 5, "blocks", seed, with_road.__contains__)
        assert with_road & set(split.validation) and with_road & set(split.training)


def test_chips_of_unknown_place_are_drawn_singly():
    chips = [Chip(Path(f"{number}.png"), Path("l.png"), None) for number in range(50)]
    for method in ("blocks", "random"):
        split = split_chips(chips, 10, method, 3, always)
        assert len(split.validation) == 5 and len(split.training) == 45 and split.dropped == split.overlapping == 0


def test_random_keeps_all_and_says_how_many_overlap():
    chips = grid(10, 10)
    split = split_chips(chips, 10, "random", 0, always)
    assert len(split.training) == 90 and split.dropped == 0 and split.overlapping > 20


def test_folders_with_other_map_units():
    degrees = [make_chip(12.0 + column * 0.001, 47.0, 0.001) for column in range(30)]
    chips = grid(30, 1, stride=256.0) + degrees
    split = split_chips(chips, 20, "blocks", 0, always, [0] * 30 + [1] * 30)
    check(chips, split)
    assert len(split.validation) in range(9, 16)


@pytest.mark.parametrize(("chips", "percent", "method", "sentence"), [
    (grid(1, 1), 10, "blocks", "at least two chips"), (grid(4, 4, stride=1.0), 10, "blocks", "overlap each other"),
    (grid(4, 4), 0, "blocks", "percentage"), (grid(4, 4), float("nan"), "blocks", "percentage"),
    (grid(4, 4), 10, "sorted", "no way to split"),
])
def test_what_cannot_be_split_is_one_sentence(chips, percent, method, sentence):
    with pytest.raises(EngineError, match=sentence):
        split_chips(chips, percent, method, 0, always)


def test_no_road_at_all():
    with pytest.raises(EngineError, match="holds a road"):
        split_chips(grid(6, 6), 10, "blocks", 0, lambda index: False)


def test_many_chips_are_split_quickly():
    rng = np.random.default_rng(0)
    chips = [make_chip(float(x), float(y), 256.0) for x, y in rng.integers(0, 50_000, (20_000, 2))]
    split = split_chips(chips, 10, "blocks", 0, always)
    assert len(split.training) > 12_000
