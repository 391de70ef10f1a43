import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from roadsmith.engine.training.best_threshold import best_scores, best_threshold, describe_threshold
from roadsmith.engine.training.checkpoints import TrainingState

from .records import counted, make_record


def record_of(probabilities, labels):
    return make_record(counts=counted(probabilities, labels).counts.tolist())


def test_the_threshold_lies_where_road_and_background_part():
    """Road at 0.30 and 0.35, background at 0.1 and 0.2: everything between 0.2 and 0.3 is right, nearest 0.5 is taken."""
    record = record_of([0.30, 0.35, 0.1, 0.2], [1, 1, 0, 0])
    assert best_threshold(record) == pytest.approx(0.29, abs=0.011)
    assert best_scores(record).confusion().figures()["dice"] == 1.0
    assert "F1 of road 1.000 (0.000 at 0.5)" in describe_threshold(record)
    assert best_threshold(record_of([0.8, 0.9, 0.6, 0.6], [1, 1, 0, 0])) == pytest.approx(0.61, abs=0.011)


@pytest.mark.parametrize("record", [
    TrainingState(), record_of([0.9, 0.1], [0, 0]), record_of([0.1, 0.9], [255, 255]), record_of([0.9, 0.1], [1, 0]),
])
def test_nothing_to_choose_by_is_a_half(record):
    assert best_threshold(record) == 0.5


def test_no_road_is_said():
    assert "no road" in describe_threshold(record_of([0.9, 0.1], [0, 0]))


def test_a_network_that_learned_nothing_gets_no_absurd_threshold():
    assert best_threshold(record_of([0.01, 0.02, 0.01], [1, 0, 1])) == 0.5  # all scores from 0.05 on are 0
    assert best_threshold(record_of([0.06, 0.02, 0.01], [1, 0, 0])) in (0.05, 0.06)


@given(st.lists(st.tuples(st.floats(0, 1, width=32), st.integers(0, 1)), min_size=1, max_size=60))
def test_no_other_threshold_is_better_by_more_than_a_hundredth(pixels):
    probabilities, labels = (np.array(each) for each in zip(*pixels))
    record = record_of(probabilities.tolist(), labels.tolist())
    chosen = best_threshold(record)
    assert 0.05 <= chosen <= 0.95 and chosen == round(chosen, 2)

    def dice(threshold):
        found = np.floor(np.minimum(probabilities, 1 - 1e-9) * 256) >= round(threshold * 256)  # counted in steps of 1/256
        total = found.sum() + labels.sum()
        return 2 * (found & (labels == 1)).sum() / total if total else 0

    enough = max(dice(each / 100) for each in range(5, 96)) - 0.01
    assert dice(chosen) >= enough - 1e-9
    nearer = [each / 100 for each in range(5, 96) if abs(each / 100 - 0.5) < abs(chosen - 0.5) - 1e-9]
    assert all(dice(each) < enough + 1e-9 for each in nearer)


def test_a_flat_optimum_gives_the_threshold_nearest_a_half():
    """Best at 0.05, where one pixel more of 1000 is found; but hardly worse at 0.5."""
    record = record_of([0.9] * 500 + [0.07] * 2 + [0.1] * 498, [1] * 502 + [0] * 498)
    assert best_threshold(record) == 0.5
