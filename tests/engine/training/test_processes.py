"""Several gloo processes against one, through torchrun; and what is left when one of them, or the worker, comes to its end."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time
from pathlib import Path

import pytest
import torch
from roadsmith.engine import events
from roadsmith.engine.errors import Cancelled, EngineError
from roadsmith.engine.jobs import CheckEnvironment, decode_job, encode_job
from roadsmith.engine.training import process
from roadsmith.engine.training.checkpoints import Checkpoints, checkpoint_folder
from roadsmith.engine.training.processes import process_count
from roadsmith.engine.training.train import train_road_extractor
from roadsmith.models.package import load_package

from ..test_worker import Worker
from .small_trainings import LINKNET, Listener, make_job, write_folder

ROOT = Path(__file__).resolve().parents[3]
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
#: Gradient descent without AdamW's division: that turns the noise of a gradient near 0 into a whole step.
EQUAL = {"epochs": 2, "optimiser": "sgd", "learning_rate": 1e-3, "precision": "float32"}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return write_folder(tmp_path_factory.mktemp("chips") / "data", count=5, size=64, nodata=True)


def outcome(data, output, **changes):
    """Train; return the figures of every epoch, the weights and what was said."""
    listener = Listener()
    result = train_road_extractor(make_job(data, output, **changes), listener.reporter)
    log = (output / "training_log.jsonl").read_text().splitlines()
    return [json.loads(line) for line in log], load_package(result["model"]).network.state_dict(), listener


def test_two_processes_equal_one(data, tmp_path):
    (alone, weights, _), (shared, same_weights, listener) = (
        outcome(data, tmp_path / str(count), processes=count, batch_size=2, accumulate=2, **EQUAL, **LINKNET)
        for count in (1, 2)
    )
    for one, two in zip(alone, shared):
        for name in ("train_loss", "valid_loss"):
            assert two.get(name) == pytest.approx(one.get(name), rel=1e-4)
        for name in ("accuracy", "dice", "relaxed_f1"):
            assert two.get(name) == pytest.approx(one.get(name), abs=0.01)  # a pixel on the threshold may tip over
    for name, value in weights.items():
        torch.testing.assert_close(same_weights[name], value, rtol=1e-2, atol=1e-3, msg=name)
    assert len(listener.of(events.Metric)) == 2
    assert any("2 processes" in event.text for event in listener.of(events.Log))


def test_what_a_process_says_before_it_fails_is_said(tmp_path):
    with pytest.raises(EngineError, match="does not exist") as caught:
        train_road_extractor(make_job(tmp_path / "nowhere", tmp_path / "m", processes=2, **LINKNET), Listener().reporter)
    assert caught.value.kind == "input" and list(tmp_path.iterdir()) == []


def start_worker(data, output, **changes):
    worker = Worker([sys.executable, "-X", "utf8", str(ROOT / "engine" / "bootstrap.py")])
    settings = {"processes": 2, "epochs": 400, "model_type": "unet", "base_width": 4, "chip_size": 32, **changes}
    worker.send(encode_job(make_job(data, output, **settings)))
    return worker


def wait_for_checkpoint(worker, output):
    worker.wait_for(events.Metric, 180)
    while not Checkpoints(output, "").exists():
        assert worker.process.poll() is None
        time.sleep(0.05)


def family(scratch):
    """Return the ids of all processes that were started with a file in ``scratch``."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if str(scratch).encode() in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
    return found


def wait_for_end(scratch, seconds):
    """Return how long it takes until no process is left."""
    started = time.monotonic()
    while family(scratch):
        assert time.monotonic() - started < seconds, family(scratch)
        time.sleep(0.05)
    return time.monotonic() - started


@linux
def test_cancel_and_kills_leave_no_process_and_a_checkpoint(data, tmp_path, monkeypatch):
    scratch, output = tmp_path / "scratch", tmp_path / "models" / "m"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    # cancelled
    worker = start_worker(data, output)
    wait_for_checkpoint(worker, output)
    assert len(family(scratch)) >= 3
    started = time.monotonic()
    worker.send('{"command": "cancel"}')
    worker.wait_for(events.Stopped)
    took = time.monotonic() - started
    assert family(scratch) == [] and took < 2, took
    assert worker.end() == 3
    assert not list(scratch.glob("roadsmith-*")) and not list(scratch.glob("torchelastic*"))
    assert list(output.parent.iterdir()) == [checkpoint_folder(output)]
    # resumed, and one process is killed
    worker = start_worker(data, output, resume=True)
    worker.wait_for(events.Metric, 180)
    assert any("Going on after epoch" in event.text for event in worker.events if isinstance(event, events.Log))
    os.kill(max(family(scratch)), signal.SIGKILL)
    failure = worker.wait_for(events.Failure, 60)
    assert worker.end() == 1 and "without a word" in failure.message
    wait_for_end(scratch, 5)
    assert list(output.parent.iterdir()) == [checkpoint_folder(output)]
    # resumed, and the worker itself is killed
    worker = start_worker(data, output, resume=True)
    worker.wait_for(events.Metric, 180)
    worker.process.kill()
    worker.process.wait()
    wait_for_end(scratch, 5)
    assert list(output.parent.iterdir()) == [checkpoint_folder(output)]


def test_a_checkpoint_of_one_process_goes_on_in_two(data, tmp_path):
    settings = {
        **EQUAL, "epochs": 3, "model_type": "unet", "base_width": 4, "chip_size": 32, "batch_size": 4, "loss": "bce_dice",
        "cldice": 0.3,
    }
    whole, _, _ = outcome(data, tmp_path / "whole", **settings)
    listener = Listener(lambda event: isinstance(event, events.Metric) and event.step == 2)
    with pytest.raises(Cancelled):
        train_road_extractor(make_job(data, tmp_path / "m", **settings), listener.reporter)
    resumed, _, listener = outcome(data, tmp_path / "m", processes=2, resume=True, **settings)
    assert any("Going on after epoch" in event.text for event in listener.of(events.Log))
    assert [each.get("train_loss") for each in resumed] == pytest.approx([each.get("train_loss") for each in whole], rel=1e-4)


def test_how_many_processes(monkeypatch):
    job = make_job("data", "m", device="cpu")
    assert process_count(job) == 1
    job.processes = 3
    assert process_count(job) == 3


@pytest.mark.parametrize(("content", "words"), [
    (None, "no job that can be run"), ("nonsense", "no job that can be run"),
    (encode_job(CheckEnvironment()), "checkenvironment"),
])
def test_a_file_that_holds_no_such_job(tmp_path, content, words):
    file = tmp_path / "job.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(EngineError, match=words):
        process._read([str(file)])


def test_a_job_file_is_read(data, tmp_path):
    job = make_job(data, tmp_path / "m")
    (tmp_path / "job.json").write_text(encode_job(job))
    assert process._read([str(tmp_path / "job.json")]) == decode_job(encode_job(job)) == job
