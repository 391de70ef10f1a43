import pytest
import torch
from roadsmith.engine.errors import EngineError
from roadsmith.engine.training import memory
from roadsmith.engine.training.memory import fitting_chips, free_bytes, kept_bytes
from roadsmith.engine.training.schedule import automatic_batch_size
from roadsmith.models.network import RoadNetwork, RoadOutputs
from roadsmith.models.registry import build

CPU, CUDA = torch.device("cpu"), torch.device("cuda")


class TwoLayers(RoadNetwork):
    """A convolution keeps its input, a ReLU its result: the figure below can be counted by hand."""

    def __init__(self, bands=5):
        super().__init__(bands=bands)
        self.first, self.second = torch.nn.Conv2d(bands, 7, 3, padding=1), torch.nn.Conv2d(7, 1, 1)

    def forward(self, images):
        return RoadOutputs(self.second(self.first(images).relu()))


@pytest.mark.parametrize(("dtype", "width"), [(None, 4), (torch.bfloat16, 2)])
def test_what_a_known_network_keeps(dtype, width):
    assert kept_bytes(TwoLayers(), 32, dtype) == (5 + 7) * 32 * 32 * width


def test_a_frozen_layer_keeps_nothing():
    network = TwoLayers()
    network.first.requires_grad_(False)
    assert kept_bytes(network, 32) == 7 * 32 * 32 * 4


@pytest.mark.parametrize(("name", "arguments"), [
    ("linknet", {"backbone": "resnet18"}), ("dlinknet", {"backbone": "resnet34"}), ("hourglass", {"width": 32}),
    ("unet", {"base": 8}), ("resunet", {"width": 8}), ("segnet", {"width": 8}),
])
def test_the_count_is_that_of_a_real_pass(name, arguments):
    network = build(name, bands=4, **arguments)
    before = {key: value.clone() for key, value in network.state_dict().items()}
    network.eval()
    counted = kept_bytes(network, 64)
    assert not network.training and all(torch.equal(value, before[key]) for key, value in network.state_dict().items())
    own, kept = {each.untyped_storage().data_ptr() for each in network.state_dict().values()}, {}

    def keep(tensor):
        if tensor.untyped_storage().data_ptr() not in own:
            kept[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage()
        return tensor

    network.train()
    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        outputs = network(torch.zeros(2, 4, 64, 64))
    assert outputs.road.requires_grad
    assert counted == pytest.approx(sum(each.nbytes() for each in kept.values()) / 2, rel=0.05)


def test_batch_size_follows_the_gpus_memory_and_the_network(monkeypatch):
    free = {"bytes": 3 * 2**30}
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (free["bytes"], free["bytes"]))
    light, heavy = build("linknet", backbone="resnet18"), build("resunet")
    assert automatic_batch_size(CUDA, 256, 1000, light) > automatic_batch_size(CUDA, 256, 1000, heavy)
    assert automatic_batch_size(CUDA, 256, 1000, heavy, torch.bfloat16) > automatic_batch_size(CUDA, 256, 1000, heavy)
    free["bytes"] = 80 * 2**30
    assert automatic_batch_size(CUDA, 256, 1000, heavy) == 32
    free["bytes"] = 2**20
    assert automatic_batch_size(CUDA, 256, 1000, heavy) == 2 and fitting_chips(heavy, CUDA, 256) == 1


def test_a_chip_that_cannot_fit_is_refused_before_the_system_ends_the_program(monkeypatch):
    network = build("linknet", backbone="resnet18")
    assert fitting_chips(network, CPU, 64) >= 1
    monkeypatch.setattr(memory, "free_bytes", lambda device: 8 * 2**30)
    with pytest.raises(EngineError, match=r"One chip of 8192 pixels takes \d+ GB of memory in training, and 8\.0 GB") as caught:
        automatic_batch_size(CPU, 8192, 10, network)
    assert caught.value.kind == "memory"
    monkeypatch.setattr(memory, "free_bytes", lambda device: None)
    assert fitting_chips(network, CPU, 8192) is None and automatic_batch_size(CPU, 256, 1000, network) == 8


def test_the_computers_memory_is_known_here():
    assert 2**20 < free_bytes(CPU) < 2**50 and free_bytes(torch.device("mps")) is None
