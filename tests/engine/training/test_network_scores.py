import threading

import numpy as np
import pytest
import shapely
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from roadsmith.engine.errors import Cancelled
from roadsmith.engine.events import Progress
from roadsmith.engine.jobs import RasterToRoadVector
from roadsmith.engine.raster.source import RasterSource
from roadsmith.engine.reporter import Reporter
from roadsmith.engine.road_network.geometry import to_map
from roadsmith.engine.road_network.vectorise import raster_to_road_vector
from roadsmith.engine.training.chip_networks import ChipScores, Reach, chip_lines, score_chip
from roadsmith.engine.training.loader import validation_requests
from roadsmith.engine.training.network_scores import pooled, score_networks
from roadsmith.engine.training.preparation import prepare
from roadsmith.engine.training.report_tables import network_section
from roadsmith.engine.training.train import train_road_extractor
from roadsmith.models import registry
from roadsmith.models.package import load_package

from ..conftest import write_raster
from .small_trainings import Listener, TinyNetwork, make_job, write_folder

pyogrio = pytest.importorskip("pyogrio")

METRE = (1.0, 1.0)
REACH = Reach.of(METRE)


@pytest.fixture(autouse=True)
def tiny_network(monkeypatch):
    monkeypatch.setitem(registry._NETWORKS, "tiny", TinyNetwork)


def chip(*roads, size=200):
    """A label with roads, each a pair of row and column slices."""
    label = np.zeros((size, size), np.uint8)
    for rows, columns in roads:
        label[rows, columns] = 1
    return label


LEVEL = chip((slice(97, 104), slice(None)))


def scored(found, label, cell=METRE):
    return score_chip(found.astype(np.float32), label, 0.5, cell, 0, Reporter())


def test_what_is_equal_scores_one():
    scores = scored(LEVEL, LEVEL)
    assert scores.roads == scores.reference == scores.matched == scores.found == pytest.approx(199)  # between pixel centres
    assert (scores.forth, scores.back, scores.precision, scores.recall) == pytest.approx((1, 1, 1, 1))


def test_half_a_road_by_hand():
    """Of the points at 0, 50, 100, 150 and 199 m three lie on the half road: 6 of 20 routes are possible.

    TOPO starts at four places of the label and two of the road, and finds 20 of 40 points from two and from two of them.
    """
    half = LEVEL.copy()
    half[:, 101:] = 0
    scores = scored(half, LEVEL)
    assert scores.back == pytest.approx(1, abs=0.005) and scores.forth == pytest.approx(6 / 20, abs=0.01)
    assert scores.matched == scores.roads and scores.found == pytest.approx(scores.roads + 5, abs=0.3)  # the buffer
    assert scores.precision == 1 and scores.recall == pytest.approx((2 * 20 + 2 * 20) / (4 * 40 + 2 * 40))


def test_a_shift_counts_in_metres_and_never_less_than_three_pixels():
    beside = chip((slice(105, 112), slice(None)))
    scores = scored(beside, LEVEL)  # 8 m: more than the buffer and the snap, less than TOPO forgives
    assert scores.matched == scores.found == scores.forth == scores.back == 0
    assert scores.precision == scores.recall == 1
    two_pixels = chip((slice(99, 106), slice(None)))
    scores = scored(two_pixels, LEVEL, (4.0, 4.0))  # 8 m as well
    assert scores.found == scores.reference and scores.forth == pytest.approx(1)
    assert Reach.of((0.3, 0.3)) == Reach(4, 5, 10) and Reach.of((2.0, 4.0)) == Reach(12, 12, 12)


@pytest.mark.parametrize("ignored", [(slice(None), slice(120, None)), (slice(None), slice(90, 110)), (slice(0, 60), slice(None))])
def test_what_does_not_count_is_no_road_in_either(ignored):
    label = LEVEL.copy()
    label[ignored] = 255
    scores = scored(LEVEL | chip((slice(20, 27), slice(0, 200))) if ignored[0] == slice(0, 60) else LEVEL, label)
    assert scores.roads == scores.reference > 0 and scores.forth == scores.back == scores.precision == scores.recall == 1


def test_a_chip_that_is_all_unknown_says_nothing():
    assert scored(LEVEL, np.full_like(LEVEL, 255)) == ChipScores()


def test_chips_count_by_their_roads():
    """One chip is right, in another of the same length everything was made up, in a third nothing was found."""
    right = ChipScores(100, 100, 1, 1, 1, 1, 100, 100)
    made_up, missed, nothing = ChipScores(roads=100), ChipScores(reference=300), ChipScores()
    scores = pooled([right, made_up, missed, nothing], 0.5, REACH)
    assert (scores.label_to_roads, scores.roads_to_label) == (1 / 4, 1 / 2) and scores.apls == pytest.approx(1 / 3)
    assert (scores.topo_recall, scores.topo_precision) == (1 / 4, 1 / 2) and scores.topo_f1 == pytest.approx(1 / 3)
    assert (scores.completeness, scores.correctness) == (1 / 4, 1 / 2)
    assert (scores.chips, scores.label_km, scores.roads_km) == (4, 0.4, 0.2)
    assert pooled([missed], 0, REACH).figures() == dict.fromkeys(scores.figures(), 0)
    assert pooled([made_up, nothing], 0, REACH) is None


def test_the_lines_are_those_of_raster_to_road_vector(tmp_path):
    road = chip((slice(40, 47), slice(None)), (slice(40, None), slice(90, 98)), (slice(100, 105), slice(20, 95))) == 1
    raster = write_raster(tmp_path / "roads.tif", road[None].astype(np.uint8))
    job = RasterToRoadVector(raster=str(raster), output=str(tmp_path / "roads.gpkg"), max_gap=0.0)
    raster_to_road_vector(job, Reporter())
    with RasterSource(str(raster), bands=[1]) as source:
        lines = to_map(chip_lines(road, source.cell_metres, Reporter()), source.cell_metres, source.transform)
    theirs = shapely.from_wkb(pyogrio.raw.read(tmp_path / "roads.gpkg", layer="roads")[2])
    assert len(lines) == 5 and shapely.equals_exact(lines, theirs, 1e-6).all()


@st.composite
def chips(draw):
    """Level and upright roads here and there."""
    label = np.zeros((120, 120), np.uint8)
    for upright, middle, start, length in draw(st.lists(
        st.tuples(st.booleans(), st.integers(5, 115), st.integers(0, 60), st.integers(50, 120)), max_size=4
    )):
        (label.T if upright else label)[middle - 3 : middle + 3, start : start + length] = 1
    return label


@settings(max_examples=8, deadline=None)
@given(chips(), chips())
def test_changing_sides_changes_the_halves(one, other):
    scores, swapped = scored(one, other), scored(other, one)
    assert (scores.forth, scores.precision, scores.matched, scores.roads) == pytest.approx(
        (swapped.back, swapped.recall, swapped.found, swapped.reference)
    )


@pytest.fixture
def run(tmp_path):
    """A training whose network takes what is much brighter than the mean for road, which is right."""
    run = prepare(make_job(write_folder(tmp_path / "data"), tmp_path / "m"), torch.device("cpu"), Reporter())
    with torch.no_grad():
        for values in run.network.parameters():
            values.zero_()
        run.network.scores.weight[1, :, 1, 1] = 10
        run.network.scores.bias[1] = -30
    run.network.eval()
    return run


def test_a_network_that_is_right(run):
    validation = validation_requests(run.reader, range(4), run.chip_size)
    loader = run.loader()
    scores = score_networks(run, loader, validation, 0.5, Reporter())
    assert scores.figures() == pytest.approx(dict.fromkeys(scores.figures(), 1))
    assert scores.chips == 4 and scores.label_km == scores.roads_km == pytest.approx(4 * 0.063, rel=1e-3)
    assert scores == score_networks(run, loader, validation, 0.5, Reporter())
    assert score_networks(run, loader, validation, 1.1, Reporter()).apls == 0  # nothing was found
    loader.close()


def test_cancel(run):
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        score_chip(LEVEL.astype(np.float32), LEVEL, 0.5, METRE, 0, Reporter(cancel=cancel))
    listener = Listener(lambda event: isinstance(event, Progress))
    listener.reporter.phase(0.0, 1.0, "begins")
    with pytest.raises(Cancelled):
        score_networks(run, run.loader(), validation_requests(run.reader, [0], run.chip_size), 0.5, listener.reporter)


def test_the_section_says_what_it_is():
    page = network_section(pooled([ChipScores(100, 200, 1, 1, 1, 1, 100, 100)], 0.25, REACH))
    assert "0.20 km of road in the labels, 0.10 km found" in page and "<b>50.0%</b>" in page and "1 validation chip," in page
    assert "nothing to compare" in network_section(None)


def test_a_training_that_asks_for_it(tmp_path):
    data = write_folder(tmp_path / "data")
    listener = Listener()
    result = train_road_extractor(make_job(data, tmp_path / "m", network_scores=True), listener.reporter)
    scores = load_package(result["model"]).info.scores
    assert {"apls", "topo_f1", "apls_label_to_roads", "completeness", "relaxed_f1_at_threshold"} <= set(scores)
    assert all(0 <= scores[name] <= 1 for name in ("apls", "topo_f1"))
    page = (tmp_path / "m" / "model_metrics.html").read_text()
    assert f"<th>APLS</th><td><b>{scores['apls']:.3f}</b></td>" in page
    progress = [event for event in listener.of(Progress) if event.text == "Comparing road networks"]
    assert progress and max(event.fraction for event in listener.of(Progress)) == 1


def test_a_training_that_does_not(tmp_path):
    result = train_road_extractor(make_job(write_folder(tmp_path / "data"), tmp_path / "m"), Reporter())
    assert "apls" not in load_package(result["model"]).info.scores and "apls" not in result
    assert "Road networks" not in (tmp_path / "m" / "model_metrics.html").read_text()
