import numpy as np
import pytest
import torch
from matplotlib.image import imread
from roadsmith.engine.reporter import Reporter
from roadsmith.engine.training.error_maps import (
    FALSE,
    HIT,
    MISSED,
    ScoredChip,
    choose,
    confusion,
    draw_error_maps,
    error_map,
)
from roadsmith.engine.training.figures import candidates
from roadsmith.engine.training.loader import Request, validation_requests
from roadsmith.engine.training.metrics import Confusion
from roadsmith.engine.training.preparation import prepare
from roadsmith.models import registry

from .small_trainings import TinyNetwork, make_job, write_folder

PROBABILITY = np.array([[0.9, 0.8, 0.2], [0.1, 0.4, 0.9]])
LABEL = np.array([[1, 0, 1], [0, 1, 255]], np.uint8)


def test_every_pixel_is_one_of_five():
    picture = error_map(np.full((2, 3, 3), 0.5), PROBABILITY, LABEL, 0.4)
    grey = 0.25 + 0.6 * 0.5
    expected = [[HIT, FALSE, MISSED], [None, HIT, (0, 0, 0)]]
    for row, column in np.ndindex(2, 3):
        colour = expected[row][column]
        tinted = [grey] * 3 if colour is None else [0.2 * grey + 0.8 * each for each in colour] if any(colour) else [0, 0, 0]
        assert picture[row, column] == pytest.approx(tinted)
    assert confusion(PROBABILITY, LABEL, 0.4) == Confusion(hits=2, false=1, missed=1, empty=1)
    assert confusion(PROBABILITY, LABEL, 0.5) == Confusion(hits=1, false=1, missed=2, empty=1)


def test_the_colours_differ_for_eyes_that_see_lightness_alone():
    lightness = sorted(float(np.dot(colour, (0.2126, 0.7152, 0.0722))) for colour in (HIT, FALSE, MISSED))
    assert min(np.diff(lightness)) > 0.05 and lightness[2] - lightness[0] > 0.4


def scored(*hits_false_missed):
    return [ScoredChip(Request(number), str(number), Confusion(*each, 10)) for number, each in enumerate(hits_false_missed)]


def names(groups):
    return [[chip.name for chip in group] for group in groups]


def test_best_and_worst_by_iou():
    chips = scored((1, 0, 9), (9, 0, 1), (5, 0, 5), (0, 0, 0), (0, 9, 1), (8, 0, 2), (7, 0, 3), (6, 0, 4))
    assert names(choose(chips)) == [["1", "5", "6"], ["4", "0", "2"]]  # chip 3 has no road
    assert names(choose(chips[:3])) == [["1", "2"], ["0"]]
    assert names(choose(chips[:1])) == [["0"], []]


def test_of_equal_chips_none_is_shown_twice():
    best, worst = names(choose(scored(*[(5, 0, 5)] * 5)))
    assert not set(best) & set(worst) and len(best) == 3 and len(worst) == 2


def test_without_roads_false_alarms_decide():
    assert names(choose(scored((0, 5, 0), (0, 0, 0), (0, 9, 0), (0, 1, 0)))) == [["1", "3"], ["2", "0"]]


@pytest.mark.parametrize("count", [1, 5, 64, 65, 127, 1000])
def test_candidates_are_spread_over_all_chips(count):
    chosen = [request.chip for request in candidates([Request(number) for number in range(count)])]
    assert len(chosen) == min(64, count) == len(set(chosen)) and chosen == sorted(chosen)
    assert chosen[0] == 0 and chosen[-1] >= count - 1 - count // 64


@pytest.mark.parametrize("count", [2, 12])
def test_the_picture(tmp_path, monkeypatch, count):
    """With a threshold that all reach there is nothing to miss; with one that none reaches, nothing else."""
    monkeypatch.setitem(registry._NETWORKS, "tiny", TinyNetwork)
    data = write_folder(tmp_path / "data", count=count, size=32, nodata=True)
    run = prepare(make_job(data, tmp_path / "m", validation_percent=50.0), torch.device("cpu"), Reporter())
    run.network.eval()
    validation = validation_requests(run.reader, run.split.validation, run.chip_size)
    loader = run.loader()

    def draw(threshold, name="a.png"):
        draw_error_maps(run, loader, validation, threshold, tmp_path / name)
        pixels = imread(tmp_path / name)[..., :3]
        # tinted pixels keep a fifth of the image's grey, which lies between 0.25 and 0.85; a legend has few pixels
        return [
            int((np.abs(pixels - (0.8 * np.array(colour) + 0.2 * 0.55)).max(axis=2) < 0.08).sum()) > 1000
            for colour in (HIT, FALSE, MISSED)
        ]

    try:
        assert draw(0.0) == [True, True, False]
        assert draw(1.1) == [False, False, True]
        if count == 2:
            draw(1.1, "b.png")
            assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    finally:
        loader.close()
