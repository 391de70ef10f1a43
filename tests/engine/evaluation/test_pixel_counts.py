"""Counting: against distance transforms and formulae of its own, and sums of parts against the whole."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from roadsmith.engine.evaluation.accuracy_blocks import BlockTable
from roadsmith.engine.evaluation.pixel_counts import EMPTY, FALSE, HIT, MISSED, UNKNOWN, PixelCounts, StepCounts, compare
from roadsmith.engine.evaluation.pixel_reach import Reach
from roadsmith.engine.evaluation.pixel_sweep import sweep
from roadsmith.engine.raster.grid import Window, tile_windows
from roadsmith.engine.scores import Confusion
from scipy.ndimage import distance_transform_edt

MASKS = arrays(bool, st.tuples(st.integers(1, 24), st.integers(1, 24)), elements=st.booleans())
REACHES = st.builds(Reach, st.floats(0.3, 9), st.floats(0.3, 9))


def near(mask, reach):
    """Which pixels lie within reach of the mask, by a distance transform in units of the reach."""
    if not mask.any():
        return np.zeros_like(mask)
    return distance_transform_edt(~mask, sampling=(1 / reach.rows, 1 / reach.columns)) <= 1 + 1e-9


@given(MASKS, REACHES)
def test_growing_is_a_distance_transform(mask, reach):
    assert np.array_equal(reach.highest(mask), near(mask, reach))


@given(MASKS, st.integers(1, 8))
def test_whole_numbers_of_pixels_count_as_within(mask, pixels):
    assert np.array_equal(Reach(pixels, pixels).highest(mask), near(mask, Reach(pixels, pixels)))


@given(arrays(np.uint16, (11, 13), elements=st.integers(0, 256)), REACHES)
def test_the_highest_value_is_a_distance_transform_at_every_level(values, reach):
    highest = reach.highest(values)
    for level in (1, 57, 200, 256):
        assert np.array_equal(highest >= level, near(values >= level, reach))


def random_scene(seed, shape=(60, 47)):
    """Probabilities, threshold classes and truth that have something to do with each other, and holes in both."""
    generator = np.random.default_rng(seed)
    road = reach_of_lines(generator, shape)
    probability = np.clip(0.55 * road + generator.normal(0.2, 0.2, shape), 0, 1)
    known, counted = generator.random(shape) > 0.1, generator.random(shape) > 0.1
    step = np.minimum(probability * 256, 255).astype(np.uint8)
    return probability, step, known, road, counted


def reach_of_lines(generator, shape):
    road = np.zeros(shape, bool)
    for _ in range(3):
        row, column = generator.integers(0, shape[0]), generator.integers(0, shape[1])
        road[row, :] = road[:, column] = True
    return road


@pytest.mark.parametrize("seed", range(4))
def test_scores_of_an_independent_computation(seed):
    probability, step, known, road, counted = random_scene(seed)
    reach = Reach(2.5, 4.0)
    comparison = compare(known & (probability >= 0.4), step, known, road, counted, reach)
    figures = comparison.counts().figures()
    scored = known & counted
    y, p = (road & scored), ((probability >= 0.4) & scored)
    tp, fp, fn = (p & y).sum(), (p & ~y).sum(), (y & ~p).sum()
    tn = scored.sum() - tp - fp - fn
    assert figures["precision"] == pytest.approx(tp / p.sum()) and figures["recall"] == pytest.approx(tp / y.sum())
    assert figures["f1"] == pytest.approx(tp / (tp + (fp + fn) / 2)) and figures["dice"] == figures["f1"]
    assert figures["iou"] == pytest.approx((p & y).sum() / (p | y).sum())
    background = tn / (scored & (~p | ~y)).sum()
    assert figures["miou"] == pytest.approx((figures["iou"] + background) / 2)
    assert figures["accuracy"] == pytest.approx((p == y)[scored].mean())
    # kappa as the matrix formula has it
    matrix = np.histogram2d(y[scored], p[scored], bins=2)[0] / scored.sum()
    chance = (matrix.sum(axis=0) * matrix.sum(axis=1)).sum()
    assert figures["kappa"] == pytest.approx((np.trace(matrix) - chance) / (1 - chance))
    assert figures["relaxed_precision"] == pytest.approx(near(y, reach)[p].mean())
    assert figures["relaxed_recall"] == pytest.approx(near(p, reach)[y].mean())


def test_kappa_of_the_textbook():
    """Cohen's example as everywhere: 20 and 15 agreed, 5 and 10 not, observed 0.7, by chance 0.5."""
    assert Confusion(20, 5, 10, 15).kappa() == pytest.approx(0.4)
    assert Confusion(5, 0, 0, 5).kappa() == 1 and Confusion(0, 5, 5, 0).kappa() == -1
    assert Confusion(0, 0, 0, 9).kappa() == 0 and Confusion(0, 0, 0, 0).kappa() == 0


def test_hand_counted_pixels_and_their_errors():
    """One row: hit, invented beside truth, empty, missed far from any found, found where truth is unknown, prediction unknown."""
    found = np.array([[1, 1, 0, 0, 0, 0, 1, 1, 1]], bool)
    road = np.array([[1, 0, 0, 0, 0, 1, 0, 0, 0]], bool)
    known = np.array([[1, 1, 1, 1, 1, 1, 1, 1, 0]], bool)
    counted = np.array([[1, 1, 1, 1, 1, 1, 0, 1, 1]], bool)
    comparison = compare(found, None, known, road, counted, Reach(1, 1))
    assert comparison.counts() == PixelCounts(hits=1, false=2, missed=1, empty=3, near_truth=2, near_found=1)
    assert comparison.errors().tolist() == [[HIT, FALSE, EMPTY, EMPTY, EMPTY, MISSED, UNKNOWN, FALSE, UNKNOWN]]


@pytest.mark.parametrize(("hits", "false", "missed"), [(0, 0, 0), (0, 7, 0), (0, 0, 7)])
def test_nothing_to_count_is_zero(hits, false, missed):
    figures = PixelCounts(hits, false, missed, 3).figures()
    assert {figures[name] for name in ("precision", "recall", "f1", "iou", "relaxed_f1", "relaxed_recall")} == {0.0}
    assert figures["accuracy"] == pytest.approx(3 / (3 + false + missed))


@settings(max_examples=20)
@given(st.integers(0, 9), st.integers(4, 70), st.integers(3, 40))
def test_sums_of_blocks_and_windows_are_the_whole(seed, side, window):
    """Windows with a halo give the counts of the whole, whatever they and the blocks are."""
    probability, step, known, road, counted = random_scene(seed)
    reach, area = Reach(3, 3), Window(0, 0, *known.shape)
    found = known & (probability >= 0.5)
    whole = compare(found, step, known, road, counted, reach)
    table, total, steps = BlockTable(area, side), PixelCounts(), StepCounts()
    for each in tile_windows(area, window, window):
        wide = each.grown(reach.halo).clipped(area.height, area.width)
        read = slice(wide.row, wide.row + wide.height), slice(wide.column, wide.column + wide.width)
        top, left = each.row - wide.row, each.column - wide.column
        arrays_read = (found[read], step[read], known[read], road[read], counted[read])
        part = compare(*arrays_read, reach).cropped((slice(top, top + each.height), slice(left, left + each.width)))
        total.add(table.add(part, each))
        steps.add(part)
        if each.column + each.width == area.width:
            table.close_rows(each.row + each.height)
    assert total == whole.counts() and not table._open
    blocks, f1 = [], []
    for each in tile_windows(area, side, side):
        place = slice(each.row, each.row + each.height), slice(each.column, each.column + each.width)
        counts = whole.cropped(place).counts()
        if counts.road:
            blocks.append(counts)
            f1.append(counts.figures()["f1"])
    assert table.with_road == len(blocks) == table.histogram.sum()
    assert table.mean_f1 == pytest.approx(np.mean(f1))
    every = StepCounts()
    every.add(whole)
    for name in ("road", "background", "beside_truth", "reached"):
        assert np.array_equal(getattr(steps, name), getattr(every, name))


def test_worst_and_best_blocks():
    """Four blocks: perfect, half right, all invented, empty; the last is in no list, the middle ones are ranked by F1."""
    road, found = np.zeros((10, 40), bool), np.zeros((10, 40), bool)
    road[:5, :10] = found[:5, :10] = True
    road[:4, 10:20] = found[2:6, 10:20] = True
    found[:, 20:30] = True
    everywhere = np.ones_like(road)
    table = BlockTable(Window(0, 0, 10, 40), 10)
    table.add(compare(found, None, everywhere, road, everywhere, Reach(1, 1)), table.area)
    table.close_rows(10)
    assert (table.with_road, table.found_only, table.truth_only) == (3, 1, 0)
    assert [(block.row, block.column, block.f1) for block in table.worst] == [(1, 3, 0.0), (1, 2, 0.5)]
    assert [(block.column, block.f1) for block in table.best] == [(1, 1.0)]
    assert table.mean_f1 == pytest.approx(0.5) and table.mean_iou == pytest.approx((1 + 1 / 3 + 0) / 3)


def test_many_blocks_keep_the_lists_short():
    generator = np.random.default_rng(5)
    road, found = generator.random((8, 800)) < 0.3, generator.random((8, 800)) < 0.3
    everywhere = np.ones_like(road)
    table = BlockTable(Window(0, 0, 8, 800), 8)
    comparison = compare(found, None, everywhere, road, everywhere, Reach(1, 1))
    table.add(comparison, table.area)
    table.close_rows(8)
    parts = [comparison.cropped((slice(None), slice(start, start + 8))).counts() for start in range(0, 800, 8)]
    f1 = sorted(each.figures()["f1"] for each in parts)
    assert [block.f1 for block in table.worst] == f1[:10] and [block.f1 for block in table.best] == f1[::-1][:10]


@pytest.mark.parametrize("seed", range(3))
def test_the_sweep_is_the_score_at_each_threshold(seed):
    probability, step, known, road, counted = random_scene(seed)
    reach, steps = Reach(2, 2), StepCounts()
    steps.add(compare(known & (probability >= 0.5), step, known, road, counted, reach))
    swept = sweep(steps)
    for k in (1, 64, 128, 130, 200, 255):
        threshold = k / 256
        figures = compare(known & (probability >= threshold), None, known, road, counted, reach).counts().figures()
        assert swept.thresholds[k - 1] == threshold
        for name in ("precision", "recall", "f1", "iou", "relaxed_precision", "relaxed_recall", "relaxed_f1"):
            assert getattr(swept, name)[k - 1] == pytest.approx(figures[name]), (name, k)
    assert swept.f1[swept.best] == swept.f1.max()


def steps_of(pairs):
    """Counts of (probability, is road) pixels, far from each other."""
    steps = StepCounts()
    for probability, road in pairs:
        place = min(255, int(probability * 256))
        (steps.road if road else steps.background)[place] += 1
        if road:
            steps.beside_truth[place] += 1
            steps.reached[place] += 1
    return sweep(steps)


def test_break_even_by_hand():
    """Two true pixels at 0.9 and 0.4, two wrong ones at 0.6 and 0.2: two found, one right, between 0.4 and 0.6."""
    swept = steps_of([(0.9, True), (0.6, False), (0.4, True), (0.2, False)])
    assert swept.break_even.value == pytest.approx(0.5)
    assert 0.4 < swept.break_even.threshold <= 0.6
    assert swept.relaxed_break_even.value == pytest.approx(0.5)
    # best: all above 0.4 gives precision 2/3, recall 1; of equal thresholds the one nearest 0.5
    assert swept.f1[swept.best] == pytest.approx(0.8) and swept.thresholds[swept.best] == pytest.approx(0.398, abs=0.002)


def test_break_even_between_two_thresholds():
    """Nine found of ten at 0.5 and above, all ten and ten wrong ones below: the curves cross in the jump."""
    swept = steps_of([(0.7, True)] * 9 + [(0.3, True)] + [(0.3, False)] * 10)
    point = swept.break_even
    # from precision 0.5, recall 1 (threshold just up to 0.3) to precision 1, recall 0.9: equal where 0.5 + 0.5 s = 1 - 0.1 s
    assert point.value == pytest.approx(1 - 0.1 * (0.5 / 0.6)) and point.threshold == pytest.approx(0.3, abs=0.005)


@pytest.mark.parametrize("pairs", [[], [(0.4, False)], [(0.1, False), (0.1, True), (0.9, False)]])
def test_no_break_even_where_nothing_is_right(pairs):
    swept = steps_of(pairs)
    assert swept.break_even is None or swept.break_even.value > 0
    assert not np.isnan(swept.f1).any() and 0 < swept.thresholds[swept.best] < 1
