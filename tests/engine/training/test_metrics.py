import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from roadsmith.engine.training.metrics import RoadScores


def test_scores_by_hand():
    scores = RoadScores()
    probability = torch.tensor([[[0.9, 0.5, 0.0, 0.49, 1.0]]])
    label = torch.tensor([[[1, 0, 1, 0, 1]]], dtype=torch.uint8)
    scores.add(probability, label)  # 2 hits, 1 false, 1 missed, 1 empty
    figures = scores.figures()
    assert figures["accuracy"] == pytest.approx(3 / 5)
    assert figures["dice"] == figures["f1"] == pytest.approx(4 / 6)
    assert figures["iou"] == pytest.approx(2 / 4)
    assert figures["miou"] == pytest.approx((2 / 4 + 1 / 3) / 2)
    assert figures["precision"] == pytest.approx(2 / 3) and figures["recall"] == pytest.approx(2 / 3)
    assert figures["relaxed_precision"] == figures["relaxed_recall"] == figures["relaxed_f1"] == 1  # all within 3 pixels


def test_relaxed_scores_by_hand():
    label = torch.zeros(1, 20, 20, dtype=torch.uint8)
    label[0, 5] = 1  # a road along row 5
    found = torch.zeros(1, 20, 20)
    found[0, 8, :10] = 1  # found 3 rows beside it, half of it
    found[0, 15, :6] = 1  # and one that is not there
    scores = RoadScores()
    scores.add(found, label)
    figures = scores.figures()
    assert figures["dice"] == 0
    assert figures["relaxed_precision"] == pytest.approx(10 / 16) and figures["relaxed_recall"] == pytest.approx(10 / 20)
    assert figures["relaxed_f1"] == pytest.approx(2 * (10 / 16) * 0.5 / (10 / 16 + 0.5))


def test_tolerance_is_a_circle():
    label = torch.zeros(1, 11, 11, dtype=torch.uint8)
    label[0, 5, 5] = 1
    scores = RoadScores()
    scores.add(torch.ones(1, 11, 11), label)
    # 29 pixels are within 3 of one: those with dx² + dy² <= 9
    assert scores.figures()["relaxed_precision"] == pytest.approx(29 / 121) and scores.figures()["relaxed_recall"] == 1


PIXELS = st.tuples(st.integers(1, 2), st.integers(1, 9), st.integers(1, 9))


@settings(max_examples=60, deadline=None)
@given(data=st.data(), shape=PIXELS)
def test_scores_equal_counting_pixel_by_pixel(data, shape):
    label = data.draw(arrays(np.uint8, shape, elements=st.sampled_from([0, 0, 1, 1, 255])))
    probability = data.draw(arrays(np.float32, shape, elements=st.integers(0, 512).map(lambda part: part / 512)))
    threshold = data.draw(st.integers(1, 255)) / 256
    scores = RoadScores(threshold)
    for image in range(shape[0]):
        scores.add(torch.from_numpy(probability[image : image + 1]), torch.from_numpy(label[image : image + 1]))
    counts = {"hits": 0, "false": 0, "missed": 0, "empty": 0}
    found, road = [], []
    for place in np.ndindex(shape):
        if label[place] == 255:
            continue
        guess, truth = probability[place] >= threshold, label[place] == 1
        counts["hits" if guess and truth else "false" if guess else "missed" if truth else "empty"] += 1
        found += [place] if guess else []
        road += [place] if truth else []

    def share_near(these, those):
        near = [any(a[0] == b[0] and (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2 <= 9 for b in those) for a in these]
        return sum(near) / len(near) if near else 0.0

    confusion = scores.confusion()
    assert {name: getattr(confusion, name) for name in counts} == counts
    figures = scores.figures()
    assert figures["relaxed_precision"] == pytest.approx(share_near(found, road))
    assert figures["relaxed_recall"] == pytest.approx(share_near(road, found))


def test_every_threshold_is_exact():
    generator = torch.Generator().manual_seed(0)
    probability = torch.rand(3, 40, 40, generator=generator)
    probability[0, 0, :3] = torch.tensor([0.0, 1.0, 0.25])
    label = (torch.rand(3, 40, 40, generator=generator) < probability).to(torch.uint8)
    label[:, :, 30:] = 255
    scores = RoadScores()
    scores.add(probability, label)
    sweep = scores.sweep()
    assert [threshold for threshold, _ in sweep] == [step / 256 for step in range(1, 256)]
    for threshold, figures in sweep[::16]:
        alone = RoadScores(threshold)
        alone.add(probability, label)
        assert {name: value for name, value in alone.figures().items() if "relaxed" not in name} == figures
        found, valid = probability >= threshold, label != 255
        assert figures["accuracy"] == pytest.approx(float(((found == (label == 1)) & valid).sum() / valid.sum()))
    best = scores.best_threshold("dice")
    assert dict(sweep)[best]["dice"] == max(figures["dice"] for _, figures in sweep) and 0.2 < best < 0.5


def test_ignored_pixels_count_nowhere_and_batches_add_up():
    whole = RoadScores()
    probability = torch.rand(4, 8, 8)
    label = torch.randint(0, 2, (4, 8, 8), dtype=torch.uint8)
    whole.add(probability, label)
    padded = torch.cat([label, torch.full_like(label, 255)], dim=2)
    for ignored in (probability, 1 - probability, torch.ones(4, 8, 8)):
        parts = RoadScores()
        for half in (slice(0, 2), slice(2, 4)):
            parts.add(torch.cat([probability, ignored], dim=2)[half], padded[half])
        assert torch.equal(parts.counts, whole.counts) and parts.figures() == whole.figures()


def test_nothing_to_count():
    figures = RoadScores().figures()
    assert set(figures) == {
        "accuracy", "miou", "dice", "iou", "f1", "precision", "recall", "relaxed_precision", "relaxed_recall", "relaxed_f1"
    }
    assert not any(figures.values()) and RoadScores().best_threshold() == 0.5


def test_only_background_counts_one_class():
    scores = RoadScores()
    scores.add(torch.zeros(1, 4, 4), torch.zeros(1, 4, 4, dtype=torch.uint8))
    figures = scores.figures()
    assert (figures["accuracy"], figures["miou"], figures["dice"]) == (1.0, 1.0, 0.0)
