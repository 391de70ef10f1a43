import pytest
import torch
from roadsmith.engine.training.metrics import RoadScores


def test_scores_by_hand():
    scores = RoadScores()
    prediction = torch.tensor([[[1, 1, 0, 0, 1]]], dtype=torch.bool)
    label = torch.tensor([[[1, 0, 1, 0, 1]]], dtype=torch.uint8)
    scores.add(prediction, label)  # 2 hits, 1 false, 1 missed, 1 empty
    figures = scores.figures()
    assert figures["accuracy"] == pytest.approx(3 / 5)
    assert figures["dice"] == pytest.approx(4 / 6)
    assert figures["miou"] == pytest.approx((2 / 4 + 1 / 3) / 2)


def test_ignored_pixels_count_nowhere_and_batches_add_up():
    whole, parts = RoadScores(), RoadScores()
    prediction = torch.rand(4, 8, 8) > 0.5
    label = torch.randint(0, 2, (4, 8, 8), dtype=torch.uint8)
    whole.add(prediction, label)
    padded = torch.cat([label, torch.full_like(label, 255)], dim=2)
    for flipped in (prediction, ~prediction):
        parts = RoadScores()
        for half in (slice(0, 2), slice(2, 4)):
            parts.add(torch.cat([prediction, flipped], dim=2)[half], padded[half])
        assert parts.figures() == whole.figures()


def test_nothing_to_count():
    assert RoadScores().figures() == {"accuracy": 0.0, "miou": 0.0, "dice": 0.0}


def test_only_background_counts_one_class():
    scores = RoadScores()
    scores.add(torch.zeros(1, 4, 4, dtype=torch.bool), torch.zeros(1, 4, 4, dtype=torch.uint8))
    assert scores.figures() == {"accuracy": 1.0, "miou": 1.0, "dice": 0.0}
