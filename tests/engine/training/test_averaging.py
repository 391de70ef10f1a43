import pytest
import torch
from roadsmith.engine.errors import Cancelled
from roadsmith.engine.events import Metric
from roadsmith.engine.training.averaging import WeightAverage
from roadsmith.engine.training.checkpoints import checkpoint_folder
from roadsmith.engine.training.train import train_road_extractor
from roadsmith.models import registry
from safetensors.torch import load_file

from .small_trainings import LINKNET, Listener, TinyNetwork, make_job, write_folder


@pytest.fixture(autouse=True)
def tiny_network(monkeypatch):
    monkeypatch.setitem(registry._NETWORKS, "tiny", TinyNetwork)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return write_folder(tmp_path_factory.mktemp("chips") / "data", size=32)


def set_to(network, value):
    with torch.no_grad():
        for each in network.state_dict().values():
            each.fill_(value)


def test_the_mean_of_weights_by_hand():
    network = torch.nn.BatchNorm2d(2)
    set_to(network, 8)
    average = WeightAverage(network, 0.5)
    for value in (0, 4, 4):
        set_to(network, value)
        average.update(network)
    # kept of the average: 1/10, 2/11 and 3/12, each below a half
    first = 0.1 * 8
    second = 2 / 11 * first + 9 / 11 * 4
    assert torch.allclose(average.network.running_var, torch.tensor(0.25 * second + 0.75 * 4))
    assert int(average.network.num_batches_tracked) == 4 and average.steps == 3
    assert int(network.num_batches_tracked) == 4 and float(network.weight.detach()[0]) == 4
    for _ in range(30):
        average.update(network)
    set_to(network, 0)
    average.update(network)  # the decay itself by now
    assert torch.allclose(average.network.weight, torch.tensor(2.0))


def test_the_average_does_not_learn_and_the_network_does():
    network = TinyNetwork()
    average = WeightAverage(network, 0.9)
    assert not average.network.training and not any(each.requires_grad for each in average.network.parameters())
    assert network.training and all(each.requires_grad for each in network.parameters())


def test_it_is_what_is_validated_and_kept(data, tmp_path):
    """Few steps at a high rate: the average of a network that jumps about is another network."""
    plain = train_road_extractor(make_job(data, tmp_path / "plain", epochs=3, learning_rate=0.05), Listener().reporter)
    listener = Listener()
    job = make_job(data, tmp_path / "mean", epochs=3, learning_rate=0.05, weight_average=0.99)
    averaged = train_road_extractor(job, listener.reporter)
    assert plain["valid_loss"] != averaged["valid_loss"]
    one, other = load_file(tmp_path / "plain" / "plain.safetensors"), load_file(tmp_path / "mean" / "mean.safetensors")
    assert not torch.equal(one["scores.weight"], other["scores.weight"])
    best = min(listener.of(Metric), key=lambda each: each.values["valid_loss"])
    assert averaged["valid_loss"] == pytest.approx(best.values["valid_loss"])
    assert "moving average" in (tmp_path / "mean" / "model_metrics.html").read_text(encoding="utf-8")


def test_a_resumed_training_goes_on_with_its_average(data, tmp_path):
    settings = {**LINKNET, "epochs": 3, "weight_average": 0.9}
    train_road_extractor(make_job(data, tmp_path / "unbroken" / "m", **settings), Listener().reporter)
    listener = Listener(lambda event: isinstance(event, Metric) and event.step == 2)
    with pytest.raises(Cancelled):
        train_road_extractor(make_job(data, tmp_path / "m", **settings), listener.reporter)
    kept = load_file(checkpoint_folder(tmp_path / "m") / "checkpoint.safetensors")
    assert {name.removeprefix("average.") for name in kept if name.startswith("average.")} == {
        name.removeprefix("network.") for name in kept if name.startswith("network.")
    }
    train_road_extractor(make_job(data, tmp_path / "m", resume=True, **settings), Listener().reporter)
    one, other = load_file(tmp_path / "m" / "m.safetensors"), load_file(tmp_path / "unbroken" / "m" / "m.safetensors")
    assert all(torch.equal(one[name], other[name]) for name in other)
