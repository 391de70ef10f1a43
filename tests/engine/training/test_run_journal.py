"""The journal of a training, as the training monitor reads it, and what the monitor may ask for."""

import json
import os
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import rasterio
import torch
from affine import Affine
from roadsmith.engine.errors import Cancelled, EngineError
from roadsmith.engine.events import Metric, Progress, Warn
from roadsmith.engine.training import run_journal_folder
from roadsmith.engine.training.checkpoints import checkpoint_folder
from roadsmith.engine.training.output import package_output
from roadsmith.engine.training.progress_pictures import _coloured, _smaller
from roadsmith.engine.training.run_journal import RunJournal, journalled
from roadsmith.engine.training.run_journal_beginning import begun
from roadsmith.engine.training.run_journal_folder import RUNS_VARIABLE, lock, new_run_folder
from roadsmith.engine.training.run_journal_memory import memory_in_use
from roadsmith.engine.training.run_journal_requests import CancelledTogether, StopEarly, obey, read_request
from roadsmith.engine.training.train import train_road_extractor
from roadsmith.engine.training.world import ALONE, World
from roadsmith.models import registry
from safetensors.torch import load_file

from .small_trainings import Listener, TinyNetwork, make_job, write_folder

SIZE = 64


@pytest.fixture(autouse=True)
def runs(monkeypatch, tmp_path):
    monkeypatch.setitem(registry._NETWORKS, "tiny", TinyNetwork)
    monkeypatch.setenv(RUNS_VARIABLE, str(tmp_path / "runs"))
    return tmp_path / "runs"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return write_folder(tmp_path_factory.mktemp("chips") / "data", size=SIZE)


def records(folder, kind=None):
    lines = [json.loads(line) for line in (folder / "journal.jsonl").read_text().splitlines()]
    return [line for line in lines if kind in (None, line["kind"])]


def only(runs):
    [folder] = runs.iterdir()
    return folder


def train(data, output, ask="", when=lambda event: False, **changes):
    """Train; leave the request ``ask`` when ``when`` is first true of an event, as the monitor does."""
    job = make_job(data, output, **{"epochs": 4, **changes})

    def seen(event):
        if when(event):
            for folder in run_journal_folder.runs_folder().glob(f"*{job.run_id}"):
                (folder / "request").write_text(ask)
        return False

    listener = Listener(seen)
    return train_road_extractor(job, listener.reporter), listener


def after_epoch(number):
    return lambda event: isinstance(event, Metric) and event.step == number


def weights(result):
    [path] = [each for each in os.scandir(result["output"]) if each.name.endswith(".safetensors")]
    return load_file(path.path)


# The journal


def test_a_training_is_written_down_from_beginning_to_end(data, tmp_path, runs):
    result, listener = train(data, tmp_path / "model", epochs=2, monitor="dice")
    folder = only(runs)
    lines = records(folder)
    assert [line["kind"] for line in lines if line["kind"] not in ("step", "phase")] == [
        "run", "device", "epoch", "pictures", "epoch", "pictures", "writing", "model", "end",
    ]
    assert [line["text"] for line in records(folder, "phase")] == ["Reading training data", "Training", "Writing the model"]
    assert [line["kind"] for line in lines[:2]] == ["run", "phase"]  # before anything was read
    run = lines[0]
    assert (run["model_folder"], run["network"], run["epochs"], run["monitor"]) == (
        str(tmp_path / "model"), "tiny, resnet34", 2, "dice"
    )
    assert run["process_id"] == os.getpid() and run["job"] == "trainroadextractor"
    log = [json.loads(line) for line in (tmp_path / "model" / "training_log.jsonl").read_text().splitlines()]
    assert records(folder, "epoch") == [{"kind": "epoch", **epoch} for epoch in log]
    [first, *_] = records(folder, "step")
    assert 0 < first["epoch"] <= 1 and first["loss"] > 0 and 0 < first["learning_rate"] <= 2e-3
    assert records(folder, "model")[0]["report"] == result["report"]
    assert lines[-1]["state"] == "finished"
    assert 0 <= json.loads((folder / "status.json").read_text())["fraction"] <= 1
    lock(folder).close()  # nobody holds it any more
    assert not listener.of(Warn) or all("monitor" not in event.text for event in listener.of(Warn))


def test_the_pictures_are_those_of_the_last_epoch_and_lie_where_the_chip_does(data, tmp_path, runs):
    train(data, tmp_path / "model", epochs=2)
    folder = only(runs)
    [chip] = records(folder, "pictures")[-1]["chips"]
    assert chip == {"image": "image_0.png", "truth": "truth_0.png", "prediction": "prediction_0_epoch_2.png", "on_map": True}
    assert sorted(each.name for each in folder.glob("*.png")) == sorted(chip[name] for name in ("image", "truth", "prediction"))
    with rasterio.open(folder / "truth_0.png") as truth, rasterio.open(folder / chip["prediction"]) as prediction:
        assert truth.crs == prediction.crs == rasterio.CRS.from_epsg(32633)
        assert truth.transform == prediction.transform
        number = round((truth.transform.c - 500000) / SIZE)
        assert truth.transform == Affine(1, 0, 500000 + number * SIZE, 0, -1, 5000000)
        with rasterio.open(data / "labels" / f"{number}.tif") as label:
            assert np.array_equal(truth.read(4), 255 * label.read(1))  # the opacity is the label
        assert prediction.count == 4 and np.ptp(prediction.read(4)) > 0


def test_a_large_chip_becomes_a_small_picture():
    values = np.zeros((512, 512), np.float32)
    values[:2, :4] = [[1, 0, 1, 1], [0, 0, 1, 1]]
    small = _smaller(torch.from_numpy(values))
    assert small.shape == (256, 256) and small[0, 0] == 0.25 and small[0, 1] == 1 and small.sum() == 1.25
    pixels = _coloured(small, (1, 2, 3))
    assert pixels[:, 0, 1].tolist() == [1, 2, 3, 255] and pixels[3, 0, 0] == 64 and pixels[3, 5, 5] == 0


def test_the_training_is_the_same_with_and_without_a_journal(data, tmp_path, runs, monkeypatch):
    followed, _ = train(data, tmp_path / "one", epochs=2)
    (tmp_path / "a file").touch()
    monkeypatch.setenv(RUNS_VARIABLE, str(tmp_path / "a file"))
    alone, listener = train(data, tmp_path / "two", epochs=2)
    one, two = weights(followed), weights(alone)
    assert one.keys() == two.keys() and all(bool((one[name] == two[name]).all()) for name in one)
    warnings = [event.text for event in listener.of(Warn) if "training monitor" in event.text]
    assert len(warnings) == 1 and "training goes on" in warnings[0]


def test_the_time_left_follows_from_what_was_done_since_the_beginning(runs, monkeypatch):
    class Run:
        job = make_job("data", "model")

    now = [1000.0]
    monkeypatch.setattr("roadsmith.engine.training.run_journal.time.monotonic", lambda: now[0])
    journal = RunJournal(Run.job, Listener().reporter)
    for seconds, done in ((0.0, 20.0), (0.5, 30.0), (10.0, 40.0)):  # of 100, of which an interrupted training did 20
        now[0] = 1000 + seconds
        journal.progress(done, 100.0)
        status = json.loads((only(runs) / "status.json").read_text())
        expected = (0.4, 30.0) if seconds == 10 else (0.2, None)  # the second comes too soon to be written
        assert (status["fraction"], status["seconds_left"]) == expected
    journal.close()


def test_the_memory_in_use_is_less_than_there_is():
    memory = memory_in_use(torch.device("cpu"))
    assert memory is None or 0 < memory[0] < memory[1]


# The beginning


def test_a_training_that_has_begun_is_written_down_before_it_knows_its_network(data, tmp_path, runs):
    """The phases of its progress, then the network that reading a package told, in the folder that was there from the start."""
    job, listener = make_job(data, tmp_path / "model", model_type="tiny"), Listener()

    prepared = SimpleNamespace(job=replace(job, model_type="unet"))
    with begun(job, listener.reporter, ALONE) as reporter:
        folder = only(runs)
        assert [line["kind"] for line in records(folder)] == ["run"]
        with pytest.raises(OSError):
            lock(folder)  # it runs
        reporter.phase(0.0, 0.02, "Reading training data")
        reporter.progress(1, 2)
        reporter.part(0.5, 1.0, "Fold 1").phase(0.0, 1.0, "Training")
        with journalled(prepared, reporter) as journal:
            journal({"epoch": 1.0})
    lines = records(only(runs))
    assert [(line["kind"], line.get("text", line.get("network"))) for line in lines] == [
        ("run", "tiny, resnet34"), ("phase", "Reading training data"), ("phase", "Fold 1: Training"), ("run", "unet"),
        ("epoch", None), ("writing", None),
    ]
    assert lines[0]["started"] == lines[3]["started"]
    assert next(event.text for event in listener.of(Progress)) == "Reading training data"
    journal.close()


def test_a_beginning_that_fails_or_is_cancelled_ends_the_journal(data, tmp_path, runs):
    job, reporter = make_job(data, tmp_path / "model"), Listener().reporter
    with pytest.raises(EngineError), begun(job, reporter, ALONE):
        raise EngineError("There is no chip in it.")
    assert records(only(runs))[-1]["text"] == "There is no chip in it."
    job.run_id += "2"
    with pytest.raises(Cancelled, match="training monitor"), begun(job, reporter, ALONE) as listening:
        [folder] = runs.glob("*2")
        (folder / "request").write_text("stop")
        listening.check_cancelled()  # waits for the first epoch
        (folder / "request").write_text("cancel")
        listening.progress(1, 2)
    assert records(folder)[-1]["state"] == "cancelled"
    reporter._cancel.set()
    with pytest.raises(Cancelled), begun(job, reporter, ALONE) as listening:
        listening.check_cancelled()


def test_only_the_leading_process_begins_a_journal(data, tmp_path, runs):
    job, reporter = make_job(data, tmp_path / "model"), Listener().reporter
    with begun(job, reporter, World(1, 2)) as same:
        assert same is reporter and not runs.exists()
    with begun(job, reporter, World(0, 2)) as listening:
        (only(runs) / "request").write_text("cancel")
        listening.check_cancelled()  # no process of several obeys alone


# Requests


def test_stop_early_gives_the_model_of_early_stopping_after_the_same_epoch(data, tmp_path, runs):
    stopped, _ = train(data, tmp_path / "stopped", "stop", after_epoch(2))
    assert records(only(runs))[-1]["state"] == "finished" and len(records(only(runs), "epoch")) == 2
    early, _ = train(data, tmp_path / "early", early_stopping=True, patience=1, min_delta=1000.0)
    assert stopped["epochs_run"] == early["epochs_run"] == 2 and stopped["best_epoch"] == early["best_epoch"]
    one, two = weights(stopped), weights(early)
    assert all(bool((one[name] == two[name]).all()) for name in one)
    assert not checkpoint_folder(tmp_path / "stopped").exists()


def test_a_wish_to_stop_in_the_first_epoch_waits_for_its_end(data, tmp_path):
    result, _ = train(data, tmp_path / "model", "stop", lambda event: isinstance(event, Progress) and event.text == "Training")
    assert result["epochs_run"] == result["best_epoch"] == 1


def test_cancel_leaves_a_checkpoint_and_no_model(data, tmp_path, runs):
    with pytest.raises(Cancelled, match="training monitor"):
        train(data, tmp_path / "model", "cancel", after_epoch(2))
    end = records(only(runs))[-1]
    assert end["state"] == "cancelled" and "Resume" in end["text"]
    assert not (tmp_path / "model").exists() and checkpoint_folder(tmp_path / "model").is_dir()
    result, _ = train(data, tmp_path / "model", resume=True)
    assert result["epochs_run"] == 4
    resumed = max(runs.iterdir(), key=lambda folder: records(folder)[0]["started"])
    assert [epoch["epoch"] for epoch in records(resumed, "epoch")] == [1, 2, 3, 4]


def test_a_failure_is_told_in_its_sentence(data, tmp_path, runs, monkeypatch):
    monkeypatch.setattr(
        "roadsmith.engine.training.steps.training_loss", lambda outputs, targets, settings: outputs.road.sum() * float("nan")
    )
    with pytest.raises(EngineError) as failure:
        train(data, tmp_path / "model")
    end = records(only(runs))[-1]
    assert (end["state"], end["text"]) == ("failed", failure.value.message) and "smaller learning rate" in end["text"]


@pytest.mark.parametrize(("text", "wish"), [
    ("stop", "stop"), ("cancel\n", "cancel"), ("", ""), ("restart", ""), ("st\N{LATIN SMALL LETTER O WITH DIAERESIS}p", ""),
])
def test_what_a_request_may_say(tmp_path, text, wish):
    (tmp_path / "request").write_text(text, encoding="utf-8")
    assert read_request(tmp_path) == wish and read_request(tmp_path / "nowhere") == ""


def test_one_of_several_processes_obeys_the_leading_one():
    class Second(World):
        def leaders(self, values):
            return [1.0]  # as the leading process has it: stop

    with pytest.raises(StopEarly):
        obey("", Second(1, 2), may_stop=True)
    obey("", Second(1, 2), may_stop=False)
    with pytest.raises(StopEarly):
        obey("stop", ALONE, may_stop=True)
    with pytest.raises(EngineError, match="cancelled in the training monitor"):
        obey("cancel", type("Leader", (World,), {"leaders": lambda self, values: values})(0, 2), may_stop=False)


# The folder of the runs


def test_the_oldest_ended_runs_are_forgotten(runs, monkeypatch):
    monkeypatch.setattr(run_journal_folder, "KEPT_RUNS", 3)
    held = []
    for number in range(5):
        folder = runs / f"2024010{number}-000000-x"
        folder.mkdir(parents=True)
        (folder / "journal.jsonl").touch()
        held += [lock(folder)] if number == 0 else []  # goes on still
    new_run_folder("new")
    assert sorted(each.name[:8] for each in runs.iterdir())[:3] == ["20240100", "20240103", "20240104"]
    assert len(list(runs.iterdir())) == 4
    held[0].close()


def test_a_notebooks_fit_ends_by_itself_and_its_model_is_told_later(data, tmp_path, runs):
    class Run:
        job = make_job(data, "")

    with journalled(Run, Listener().reporter, becomes_model=False) as journal:
        assert isinstance(journal, RunJournal)
        journal({"epoch": 1.0})
    folder = only(runs)
    assert records(folder)[0]["model_folder"] == "" and records(folder)[-1]["state"] == "finished"
    with package_output(tmp_path / "saved", Run.job.run_id) as partial:
        (partial / "any").touch()
    assert records(folder, "model") == [
        {"kind": "model", "folder": str(tmp_path / "saved"), "report": str(tmp_path / "saved" / "model_metrics.html")}
    ]


def test_one_of_several_processes_that_is_cancelled_is_no_failure(data, runs):
    class Run:
        job = make_job(data, "model")

    with pytest.raises(CancelledTogether), journalled(Run, Listener().reporter):
        raise CancelledTogether("cancelled in the training monitor")
    assert records(only(runs))[-1]["state"] == "cancelled"
