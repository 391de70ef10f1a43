import errno
import json
import subprocess
import sys
import time

import pytest
import torch
from roadsmith.engine.errors import Cancelled, EngineError
from roadsmith.engine.events import Log, Metric, Warn
from roadsmith.engine.training.checkpoints import Checkpoints, TrainingState, checkpoint_folder
from roadsmith.engine.training.train import train_road_extractor
from roadsmith.models import registry
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file

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
        "import sys; sys.path.insert(0, 'tests'); import conftest, torch\n"
        f"torch.set_num_threads({torch.get_num_threads()})\n"  # sums of more threads round otherwise
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


class _Nothing:
    def state_dict(self):
        return {}

    def load_state_dict(self, state):
        pass


@pytest.fixture
def small(tmp_path):
    """A network, its optimiser, a scaler, the state after an epoch, and where their checkpoint lies."""
    network = TinyNetwork()
    optimiser = torch.optim.AdamW(network.parameters())
    network(torch.zeros(1, 3, 4, 4)).road.sum().backward()
    optimiser.step()
    weights = {name: value.clone() for name, value in network.state_dict().items()}
    figures = {"epoch": 1.0, "valid_loss": 2.0}
    state = TrainingState([figures], figures, weights, [1.0, 2.0], 2.0, 0, 2, 2, 0.1)
    return network, optimiser, _Nothing(), state, checkpoint_folder(tmp_path / "m") / "checkpoint.safetensors"


def test_a_checkpoint_that_cannot_be_written_leaves_the_last_one(small, tmp_path):
    resource = pytest.importorskip("resource")  # not on Windows
    *parts, state, file = small
    listener = Listener()
    Checkpoints(tmp_path / "m", "same").save(*parts, state)
    whole, limits = file.read_bytes(), resource.getrlimit(resource.RLIMIT_FSIZE)
    strict, patient = Checkpoints(tmp_path / "m", "same"), Checkpoints(tmp_path / "m", "same", listener.reporter)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(EngineError, match=r"checkpoint\.safetensors cannot be written: .*check the folder") as caught:
            strict.save_if_due(*parts, state)
        for _ in range(2):
            patient._cost = 0.0  # due again at once
            patient.save_if_due(*parts, state)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert caught.value.kind == "disk" and "\n" not in caught.value.message
    warnings = [event.text for event in listener.of(Warn)]
    assert len(warnings) == 1 and "The training goes on" in warnings[0]  # said once
    assert file.read_bytes() == whole and sorted(each.name for each in file.parent.iterdir()) == ["READ ME.txt", file.name]


@pytest.mark.parametrize("error", [
    OSError(errno.ENOSPC, "No space left on device"),
    SafetensorError("Error while serializing: I/O error: No space left on device (os error 28)"),
], ids=["system", "safetensors"])
def test_a_full_disk_is_called_so(small, tmp_path, monkeypatch, error):
    *parts, state, _ = small

    def full(*arguments, **named):
        raise error

    monkeypatch.setattr("roadsmith.engine.training.checkpoints.save_file", full)
    with pytest.raises(EngineError, match="cannot be written: the disk is full; free some space"):
        Checkpoints(tmp_path / "m", "same").save(*parts, state)


def _edit(file, without="-", **changes):
    with safe_open(str(file), framework="pt") as opened:
        record, tensors = json.loads(opened.metadata()["roadsmith"]), {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118
    kept = {name: value for name, value in tensors.items() if not name.startswith(without)}
    save_file(kept, str(file), metadata={"roadsmith": json.dumps({**record, **changes})})


@pytest.mark.parametrize(("damage", "sentence"), [
    (lambda file: file.write_bytes(b""), "is damaged"), (lambda file: file.write_bytes(b"x" * 500), "is damaged"),
    (lambda file: save_file({"a": torch.zeros(1)}, str(file)), "is damaged"),
    (lambda file: save_file({"a": torch.zeros(1)}, str(file), metadata={"roadsmith": "{"}), "is damaged"),
    (lambda file: save_file({"a": torch.zeros(1)}, str(file), metadata={"roadsmith": "[]"}), "is damaged"),
    (lambda file: _edit(file, best_epoch=None), "is damaged"), (lambda file: _edit(file, epochs=None), "is damaged"),
    (lambda file: _edit(file, batch_size=float("inf")), "is damaged"),
    (lambda file: _edit(file, without="best."), r"is damaged \(the best epoch's weights are incomplete"),
    (lambda file: _edit(file, without="network."), "is damaged"),
    (lambda file: _edit(file, format=1), "begun with another version of Roadsmith"),
], ids=["empty", "noise", "no record", "half a record", "a list", "no best", "no epochs", "endless", "no best weights",
        "no weights", "older"])
def test_damage_of_every_kind_is_one_sentence(small, tmp_path, damage, sentence):
    *parts, state, file = small
    checkpoints = Checkpoints(tmp_path / "m", "same")
    checkpoints.save(*parts, state)
    assert checkpoints.load(*parts).epochs == state.epochs
    damage(file)
    with pytest.raises(EngineError, match=sentence) as caught:
        checkpoints.load(*parts)
    assert "\n" not in caught.value.message and file.is_file()


def test_nothing_to_resume(data, tmp_path):
    listener = Listener()
    train_road_extractor(make_job(data, tmp_path / "m", resume=True, **{**SETTINGS, "epochs": 1}), listener.reporter)
    assert any("no interrupted training" in event.text for event in listener.of(Log))
