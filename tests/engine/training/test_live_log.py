import json
import os
from pathlib import Path

import pytest
from roadsmith.engine import extras
from roadsmith.engine.errors import Cancelled, EngineError
from roadsmith.engine.events import Warn
from roadsmith.engine.extras import EXTRAS, check_extras
from roadsmith.engine.training.live_log import LiveLog, following
from roadsmith.engine.training.output import LOG_FILE
from roadsmith.engine.training.run import roadsmith_version

from .records import make_record
from .small_trainings import Listener, make_job

ROOT = Path(__file__).resolve().parents[3]
EPOCHS = make_record().epochs


class Training:
    """What ``following`` asks of a ``Run``."""

    def __init__(self, job):
        self.job = job


def read(folder):
    return [json.loads(line) for line in (folder / LOG_FILE).read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def run(tmp_path):
    return Training(make_job("data", tmp_path / "m", epochs=7, monitor="dice", model_type="unet"))


def test_every_epoch_can_be_read_when_it_is_over(tmp_path, run):
    folder = tmp_path / "m~checkpoint"
    with following(run, folder, []) as listeners:
        assert read(folder) == [{
            "kind": "run", "model_folder": str(tmp_path / "m"), "network": "unet", "epochs": 7, "monitor": "dice",
            "process_id": os.getpid(), "version": roadsmith_version(),
        }]
        for number, epoch in enumerate(EPOCHS, 1):
            for listener in listeners:
                listener(epoch)
            assert read(folder)[1:] == [{"kind": "epoch", **each} for each in EPOCHS[:number]]


def test_a_resumed_run_begins_anew_with_what_is_behind_it(tmp_path, run):
    folder = tmp_path / "m~checkpoint"
    for _ in range(2):
        with following(run, folder, EPOCHS):
            pass
    assert [each["kind"] for each in read(folder)] == ["run", "epoch", "epoch"]


@pytest.mark.parametrize("has_checkpoint", [False, True])
def test_without_a_checkpoint_nothing_stays(tmp_path, run, has_checkpoint):
    folder = tmp_path / "m~checkpoint"

    def interrupted():
        with following(run, folder, []) as listeners:
            if has_checkpoint:
                (folder / "checkpoint.safetensors").touch()
            listeners[0](EPOCHS[0])
            raise Cancelled

    with pytest.raises(Cancelled):
        interrupted()
    assert folder.exists() == has_checkpoint and (not has_checkpoint or len(read(folder)) == 2)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is always full is a thing of Linux")
def test_a_full_disk_costs_the_log_alone(tmp_path):
    listener = Listener()
    (tmp_path / LOG_FILE).symlink_to("/dev/full")
    with LiveLog(tmp_path / LOG_FILE, {"kind": "run"}, listener.reporter) as log:
        for epoch in EPOCHS:
            log.write_epoch(epoch)
    [warning] = listener.of(Warn)  # once, not for every epoch
    assert "No space left" in warning.text and "training goes on" in warning.text


def test_a_folder_that_cannot_be_made_costs_the_log_alone(tmp_path, run):
    listener = Listener()
    (tmp_path / "file").touch()
    with following(run, tmp_path / "file" / "m~checkpoint", [], listener.reporter) as listeners:
        listeners[0](EPOCHS[0])
    assert len(listener.of(Warn)) == 1


# Packages that only some trainings need


def test_nothing_more_is_needed_by_default(monkeypatch):
    monkeypatch.setattr(extras, "_can_import", lambda module: False)
    check_extras(make_job("data", "m"))


@pytest.mark.parametrize(("settings", "wanted"), [
    ({"tensorboard": True}, ["tensorboard"]), ({"onnx": True}, ["onnx", "onnxruntime"]),
    ({"onnx": True, "tensorboard": True}, ["tensorboard", "onnx", "onnxruntime"]),
])
def test_what_is_missing_is_named_with_the_command(monkeypatch, settings, wanted):
    monkeypatch.setattr(extras, "_can_import", lambda module: False)
    monkeypatch.setattr(extras.sys, "executable", "/my python/bin/python")
    with pytest.raises(EngineError) as failure:
        check_extras(make_job("data", "m", **settings))
    text = failure.value.message
    assert '"/my python/bin/python" -m pip install' in text and failure.value.kind == "environment"
    known = {name: packages[name] for packages in EXTRAS.values() for name in packages}
    assert text.split('"')[3::2] == [known[name] for name in wanted]


def test_one_of_two_is_enough_to_ask_for(monkeypatch):
    monkeypatch.setattr(extras, "_can_import", lambda module: module != "onnxruntime")
    with pytest.raises(EngineError, match='install "onnxruntime>='):
        check_extras(make_job("data", "m", onnx=True))


def test_an_environment_without_pip(monkeypatch):
    monkeypatch.setattr(extras, "_can_import", lambda module: False)
    monkeypatch.setattr(extras.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EngineError, match="run uv pip install --python"):
        check_extras(make_job("data", "m", onnx=True))


def test_modules_are_really_imported(monkeypatch):
    assert extras._can_import("json") and not extras._can_import("no_such_module_anywhere")


def test_the_extras_are_those_of_the_package():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8").split("[project.optional-dependencies]")[1].split("\n[")[0]
    for name, packages in EXTRAS.items():
        listed = text.split(f"{name} = [")[1].split("]")[0]
        assert [line.strip().strip('",') for line in listed.splitlines() if line.strip()] == list(packages.values())
