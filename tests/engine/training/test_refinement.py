"""Second stages trained for real, on small data: what comes out, what they learn from, what is refused."""

import contextlib
from dataclasses import replace

import numpy as np
import pytest
import torch
from roadsmith.engine.classification.classify import classify_pixels
from roadsmith.engine.errors import Cancelled, EngineError
from roadsmith.engine.events import Log, Metric, Progress
from roadsmith.engine.jobs import ClassifyPixels, TrainRefinementStage, decode_job, encode_job
from roadsmith.engine.reporter import Reporter
from roadsmith.engine.training.error_maps import confusion
from roadsmith.engine.training.folds import folds_folder
from roadsmith.engine.training.loader import epoch_requests
from roadsmith.engine.training.preparation import prepare
from roadsmith.engine.training.spoiling import draw_spoiling
from roadsmith.engine.training.stage_scores import stage_maps
from roadsmith.engine.training.train import train_road_extractor
from roadsmith.models.package import load_package
from roadsmith.models.two_stage import TwoStageNetwork

from .small_trainings import Listener, make_job, write_folder

SECOND = {"base_width": 4, "layers": 3, "min_sample_iou": 0.0, "validation_percent": 25.0, "batch_size": 2, "epochs": 2}


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A first model that knows a little: training data and the result of the training."""
    root = tmp_path_factory.mktemp("first")
    data = write_folder(root / "data", count=8)
    result = train_road_extractor(
        make_job(data, root / "one", model_type="resunet", base_width=4, epochs=5, learning_rate=1e-2), Reporter()
    )
    return data, result


def second_job(first, output, **changes):
    data, result = first
    settings = {
        "training_data": [str(data)], "output_folder": str(output), "first_model": result["model"], "device": "cpu", **SECOND,
    }
    return TrainRefinementStage(**{**settings, **changes})


def weights(path):
    return load_package(path).network.state_dict()


def same(one, other):
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def test_both_stages_in_one_package(first, tmp_path):
    listener = Listener()
    result = train_road_extractor(second_job(first, tmp_path / "two", learning_rate=1e-2), listener.reporter)
    model, one = load_package(result["model"]), load_package(first[1]["model"])
    assert isinstance(model.network, TwoStageNetwork) and model.info.model_type == "two_stage"
    assert same(model.network.first.state_dict(), one.network.state_dict())
    assert (model.info.band_means, model.info.band_stds) == (one.info.band_means, one.info.band_stds)
    assert any("From stage one to stage two" in event.text for event in listener.of(Log))
    for name in ("iou", "dice", "relaxed_f1"):
        assert model.info.scores[f"first_{name}"] == result[f"first_{name}"]
    # the same chips validate: what the first model's own training says of them
    assert result["first_iou"] == pytest.approx(first[1]["iou"], abs=1e-6)
    report = (tmp_path / "two" / "model_metrics.html").read_text(encoding="utf-8")
    assert "What the second stage changed" in report and "Key pixels" in report
    assert (tmp_path / "two" / "ModelCharacteristics" / "stage_changes.png").stat().st_size > 1000
    assert sorted(each.name for each in tmp_path.iterdir()) == ["two"]

    # it classifies like any other
    raster, output = first[0] / "images" / "1.tif", tmp_path / "roads.tif"
    classify_pixels(ClassifyPixels(raster=str(raster), model=result["model"], output=str(output), device="cpu"), Reporter())
    assert output.is_file()

    # and learns further: the second stage alone, with the statistics that the first one knows
    further = make_job(first[0], tmp_path / "three", model_type="resunet", pretrained_model=result["model"])
    onward = load_package(train_road_extractor(further, Reporter())["model"])
    assert same(onward.network.first.state_dict(), one.network.state_dict())
    assert not same(onward.network.refinement.state_dict(), model.network.refinement.state_dict())
    assert onward.info.band_means == one.info.band_means


def test_the_job_travels_as_json(first, tmp_path):
    job = second_job(first, tmp_path / "two", corruption=0.3)
    assert decode_job(encode_job(job)) == job


def test_statistics_of_the_first_model(first, tmp_path):
    """Other chips, other statistics: the first network is shown what it knows."""
    other = write_folder(tmp_path / "other", count=4, nodata=True)
    one = load_package(first[1]["model"])
    run = prepare(second_job(first, tmp_path / "two", training_data=[str(other)]), torch.device("cpu"), Reporter())
    assert run.data.band_means == one.info.band_means and run.data.band_stds == one.info.band_stds


def test_chips_that_are_no_use_are_counted(first, tmp_path):
    job = second_job(first, tmp_path / "two", epochs=1)
    run = prepare(replace(job), torch.device("cpu"), Reporter())
    run.network.eval()
    with contextlib.closing(run.loader()) as loader:
        batches = list(loader.batches(epoch_requests(run.split.training, job.seed, 1), 1))
    counted = [confusion(stage_maps(run.network, run, each)[0].numpy(), each.road[0].numpy(), 0.5) for each in batches]
    ious = sorted(each.figures()["iou"] for each in counted)
    assert ious[1] < ious[2]
    listener = Listener()
    train_road_extractor(replace(job, min_sample_iou=(ious[1] + ious[2]) / 2), listener.reporter)
    assert [event.level for event in listener.of(Log) if "2 of 6 chips of epoch 1 left out" in event.text] == ["info"]
    with pytest.raises(EngineError, match=r"IoU is below 0\.999 on every training chip"):
        train_road_extractor(second_job(first, tmp_path / "none", min_sample_iou=0.999), Reporter())


def test_a_resumed_training_ends_alike(first, tmp_path):
    whole = train_road_extractor(second_job(first, tmp_path / "whole", epochs=3, corruption=0.5), Reporter())
    listener = Listener(lambda event: isinstance(event, Metric) and event.step == 2)
    job = second_job(first, tmp_path / "broken", epochs=3, corruption=0.5)
    with pytest.raises(Cancelled):
        train_road_extractor(job, listener.reporter)
    resumed = train_road_extractor(replace(job, resume=True), Reporter())
    assert same(weights(resumed["model"]), weights(whole["model"]))


def test_folds(first, tmp_path):
    """Interrupted in the second fold, the first one is kept; the end is that of an unbroken run."""
    options = {"folds": 2, "fold_epochs": 2, "epochs": 1}
    whole = Listener()
    complete = train_road_extractor(second_job(first, tmp_path / "whole", **options), whole.reporter)
    shares = [event.fraction for event in whole.of(Progress)]
    assert shares == sorted(shares)
    assert {event.name for event in whole.of(Metric)} == {
        "First maps, Fold 1 of 2, epoch", "First maps, Fold 2 of 2, epoch", "Second stage, epoch"
    }
    broken = Listener(lambda event: isinstance(event, Metric) and "Fold 2" in event.name)
    job = second_job(first, tmp_path / "broken", **options)
    with pytest.raises(Cancelled):
        train_road_extractor(job, broken.reporter)
    assert (folds_folder(tmp_path / "broken") / "fold_1").is_dir()
    again = Listener()
    result = train_road_extractor(replace(job, resume=True), again.reporter)
    assert not any("Fold 1" in event.name for event in again.of(Metric))
    assert same(weights(result["model"]), weights(complete["model"]))
    assert sorted(each.name for each in tmp_path.iterdir()) == ["broken", "whole"]


def test_folds_change_what_is_learned_from(first, tmp_path):
    plain = train_road_extractor(second_job(first, tmp_path / "plain", epochs=1), Reporter())
    folded = train_road_extractor(second_job(first, tmp_path / "folded", epochs=1, folds=2, fold_epochs=1), Reporter())
    assert not same(weights(folded["model"]), weights(plain["model"]))
    assert same(
        load_package(folded["model"]).network.first.state_dict(), load_package(plain["model"]).network.first.state_dict()
    )


def test_spoiling():
    label = np.zeros((128, 128), np.uint8)
    label[60:68] = 1
    drawn = [draw_spoiling(label, 0.5, np.random.default_rng(seed)) for seed in range(40)]
    again = [draw_spoiling(label, 0.5, np.random.default_rng(seed)) for seed in range(40)]
    assert all(np.array_equal(one, other) for one, other in zip(drawn, again))
    touched = [each for each in drawn if each.any()]
    assert 10 <= len(touched) <= 30
    for each in touched:
        assert each.dtype == np.float32 and -1 <= each.min() <= -0.7 and 0.3 <= each.max() <= 0.9
        assert (each[60:68] < 0).any() and (each < 0).mean() < 0.5
    assert not draw_spoiling(label, 0.0, np.random.default_rng(1)).any()
    empty = [draw_spoiling(np.zeros_like(label), 1.0, np.random.default_rng(seed)) for seed in range(5)]
    assert all(each.min() == 0 and each.max() > 0 for each in empty)  # false roads alone


@pytest.mark.parametrize(("changes", "said"), [
    ({"first_model": ""}, "no first model"),
    ({"corruption": 1.5}, r"a share of 1\.5 spoiled maps"),
    ({"folds": 1}, "1 folds: choose 0 for none, or 2 or more"),
    ({"fold_epochs": -1}, "-1 epochs for each fold"),
    ({"folds": 2, "processes": 2}, "folds and several processes"),
    ({"layers": 0}, "the number of poolings cannot be 0"),
    ({"base_width": 0}, "the first width cannot be 0"),
    ({"residual": "sum"}, "no residual 'sum'"),
    ({"key_pixel_weight": 0.0}, "the weight of key pixels cannot be 0"),
    ({"key_pixel_threshold": 1.0}, "the threshold of key pixels cannot be 1"),
    ({"min_sample_iou": 1.0}, "the least IoU of a sample cannot be 1"),
    ({"folds": 7}, "6 training chips cannot be shared out among 7 folds"),
])
def test_bad_parameters(first, tmp_path, changes, said):
    with pytest.raises(EngineError, match=said):
        train_road_extractor(second_job(first, tmp_path / "two", **changes), Reporter())
    assert not list(tmp_path.iterdir())


def test_a_first_model_of_other_bands(first, tmp_path):
    other = write_folder(tmp_path / "other", count=4, bands=4)
    with pytest.raises(EngineError, match=r"takes 3 band\(s\), the training data have 4"):
        train_road_extractor(second_job(first, tmp_path / "two", training_data=[str(other)]), Reporter())


def test_a_first_model_of_two_stages(first, tmp_path):
    two = train_road_extractor(second_job(first, tmp_path / "two", epochs=1), Reporter())
    with pytest.raises(EngineError, match="has two stages already"):
        train_road_extractor(second_job(first, tmp_path / "three", first_model=two["model"]), Reporter())
