import json
import subprocess
import sys
import time

import pytest
import torch
from roadsmith.engine.errors import Cancelled, EngineError
from roadsmith.engine.events import Log, Metric, Warn
from roadsmith.engine.training.checkpoints import checkpoint_folder
from roadsmith.engine.training.train import train_road_extractor
from roadsmith.models import registry
from safetensors.torch import load_file

from .small_trainings import LINKNET, Listener, TinyNetwork, make_job, write_folder

SETTINGS = {"epochs": 4, "early_stopping": True, "patience": 3}


@pytest.fixture(autouse=True)
def tiny_network(monkeypatch):
    monkeypatch.setitem(registry._NETWORKS, "tiny", TinyNetwork)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return write_folder(tmp_path_factory.mktemp("chips") / "data", size=32)


def train(data, output, **changes):
    return train_road_extractor(make_job(data, output, **{**SETTINGS, **changes}), Listener().reporter)


def interrupt(data, output, after=2, **changes):
    listener = Listener(lambda event: isinstance(event, Metric) and event.step == after)
    with pytest.raises(Cancelled):
        train_road_extractor(make_job(data, output, **{**SETTINGS, **changes}), listener.reporter)


def same(output, unbroken):
    """Whether weights and epochs are those of the unbroken run; only times may differ."""
    one, other = load_file(output / "m.safetensors"), load_file(unbroken / "m.safetensors")
    assert all(torch.equal(one[name], other[name]) for name in other) and one.keys() == other.keys()
    first, second = ((folder / "training_log.jsonl").read_text().splitlines() for folder in (output, unbroken))
    return [{**json.loads(line), "seconds": 0} for line in first] == [{**json.loads(line), "seconds": 0} for line in second]


def test_a_resumed_training_is_the_unbroken_one(data, tmp_path):
    expected = train(data, tmp_path / "unbroken" / "m")
    interrupt(data, tmp_path / "m")
    assert "interrupted" in (tmp_path / "m~checkpoint" / "READ ME.txt").read_text()
    assert not (tmp_path / "m").exists()
    listener = Listener()
    result = train_road_extractor(make_job(data, tmp_path / "m", resume=True, **SETTINGS), listener.reporter)
    # the cancel comes before the second checkpoint or, where that is not due yet, before the next epoch
    begun = 3 if any("Going on after epoch 2" in event.text for event in listener.of(Log)) else 2
    assert [event.step for event in listener.of(Metric)] == list(range(begun, 5))
    assert result["valid_loss"] == expected["valid_loss"] and same(tmp_path / "m", tmp_path / "unbroken" / "m")
    assert not checkpoint_folder(tmp_path / "m").exists()


def test_a_killed_worker_can_be_resumed(data, tmp_path):
    """A real network, with batch norms, whose running means must come back too."""
    settings = {**SETTINGS, **LINKNET, "epochs": 2}
    train(data, tmp_path / "unbroken" / "m", **settings)
    code = (
        "import sys; sys.path.insert(0, 'tests'); import conftest\n"
        "from roadsmith.engine.training import loop\n"
        "from roadsmith.engine.training.train import train_road_extractor\n"
        "from roadsmith.engine.jobs import TrainRoadExtractor\nfrom roadsmith.engine.reporter import Reporter\n"
        f"train_road_extractor(TrainRoadExtractor(**{vars(make_job(data, tmp_path / 'm', **settings))!r}), Reporter())"
    )
    worker = subprocess.Popen([sys.executable, "-c", code])
    file = checkpoint_folder(tmp_path / "m") / "checkpoint.safetensors"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and worker.poll() is None and not file.is_file():
        time.sleep(0.01)
    worker.kill()
    worker.wait()
    assert file.is_file() and not (tmp_path / "m").exists()
    train(data, tmp_path / "m", resume=True, **settings)
    assert same(tmp_path / "m", tmp_path / "unbroken" / "m")


def test_other_settings_and_damage_are_one_sentence_and_nothing_is_lost(data, tmp_path):
    interrupt(data, tmp_path / "m")
    file = checkpoint_folder(tmp_path / "m") / "checkpoint.safetensors"
    with pytest.raises(EngineError, match="had other settings or data"):
        train(data, tmp_path / "m", resume=True, epochs=5)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(EngineError, match="is damaged") as caught:
        train(data, tmp_path / "m", resume=True)
    assert "\n" not in caught.value.message and file.is_file()
    file.write_bytes(whole)
    listener = Listener()
    train_road_extractor(make_job(data, tmp_path / "m", **{**SETTINGS, "epochs": 1}), listener.reporter)
    assert any("begins anew" in event.text for event in listener.of(Warn))


def test_nothing_to_resume(data, tmp_path):
    listener = Listener()
    train_road_extractor(make_job(data, tmp_path / "m", resume=True, **{**SETTINGS, "epochs": 1}), listener.reporter)
    assert any("no interrupted training" in event.text for event in listener.of(Log))
