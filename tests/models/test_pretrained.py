import collections
import os
import re

import pytest
import torch
from roadsmith.models.pretrained import PretrainedWeightsError, fit_first_convolution, load_imagenet_weights
from roadsmith.models.registry import build
from roadsmith.models.resnet import ResNetEncoder
from safetensors.torch import save_file


@pytest.fixture(scope="module")
def weights():
    """What torchvision's file of ResNet-18 holds: the encoder for three bands, and a classifier."""
    torch.manual_seed(1)
    tensors = ResNetEncoder("resnet18").state_dict()
    for each in tensors.values():
        if each.is_floating_point():
            each.copy_(torch.randn(each.shape).abs())
    return collections.OrderedDict(tensors, **{"fc.weight": torch.zeros(1000, 512), "fc.bias": torch.zeros(1000)})


def encoder(bands=3):
    torch.manual_seed(2)
    return ResNetEncoder("resnet18", bands)


def same_but_first(network, weights):
    state = network.state_dict()
    return all(torch.equal(state[key], weights[key]) for key in state if key != "conv1.weight")


@pytest.mark.parametrize("suffix", ["pth", "safetensors"])
def test_round_trip(tmp_path, weights, suffix):
    path = tmp_path / f"resnet18.{suffix}"
    if suffix == "pth":
        torch.save(weights, path)
    else:
        save_file(dict(weights), path)
    network = encoder()
    load_imagenet_weights(network, path)
    assert same_but_first(network, weights) and torch.equal(network.conv1.weight.detach(), weights["conv1.weight"])


def test_files_from_before_the_counters_of_batch_normalisation(tmp_path, weights):
    torch.save({key: each for key, each in weights.items() if not key.endswith("num_batches_tracked")}, tmp_path / "old.pth")
    network = encoder()
    load_imagenet_weights(network, tmp_path / "old.pth")
    assert torch.equal(network.layer4[1].bn2.running_var, weights["layer4.1.bn2.running_var"])


@pytest.mark.parametrize("model_type", ["linknet", "dlinknet"])
def test_both_networks_with_a_backbone_take_them(tmp_path, weights, model_type):
    torch.save(weights, tmp_path / "resnet18.pth")
    network = build(model_type, backbone="resnet18", bands=4)
    load_imagenet_weights(network.encoder, tmp_path / "resnet18.pth", "red_band")
    assert same_but_first(network.encoder, weights)


def test_four_bands_with_rgb_first(tmp_path, weights):
    torch.save(weights, tmp_path / "resnet18.pth")
    first = weights["conv1.weight"]
    for scheme in ("random", "red_band", "all_random"):
        network = encoder(4)
        before = network.conv1.weight.detach().clone()
        load_imagenet_weights(network, tmp_path / "resnet18.pth", scheme)
        found = network.conv1.weight.detach()
        assert torch.equal(found[:, :3], before[:, :3] if scheme == "all_random" else first)
        assert torch.equal(found[:, 3], first[:, 0] if scheme == "red_band" else before[:, 3])
        assert same_but_first(network, weights)


def test_first_convolution_of_other_band_orders():
    pretrained = torch.arange(3.0).reshape(1, 3, 1, 1)  # 0 is red, 1 green, 2 blue

    def fitted(bands, scheme, rgb=None):
        return fit_first_convolution(pretrained, torch.full((1, bands, 1, 1), 9.0), scheme, rgb).flatten().tolist()

    assert fitted(3, "random") == [0, 1, 2] and fitted(3, "all_random") == [9, 9, 9]
    assert fitted(4, "random", (3, 2, 1)) == [9, 2, 1, 0]  # infrared, blue, green, red
    assert fitted(4, "red_band", (3, 2, 1)) == [0, 2, 1, 0]
    assert fitted(3, "random", ()) == [9, 9, 9] and fitted(3, "red_band", ()) == [0, 0, 0]
    assert fitted(1, "random") == [9] and fitted(1, "red_band") == [0] and fitted(2, "red_band") == [0, 0]
    for scheme, rgb in (("blue_band", None), ("random", (0, 1)), ("random", (0, 0, 1)), ("random", (0, 1, 4))):
        with pytest.raises(ValueError, match=r"choose|name"):
            fitted(4, scheme, rgb)


class Harmful:
    def __reduce__(self):
        return os.mkdir, ("harm",)


def bad_files(weights):
    yield "lacks", {key: each for key, each in weights.items() if key != "layer3.1.conv2.weight"}, "lack 'layer3.1.conv2.weight'"
    yield "deeper", {**weights, "layer1.2.bn1.weight": torch.zeros(1)}, r"hold 'layer1\.2\.bn1\.weight', which resnet18 has not"
    yield "wide", {**weights, "layer1.0.conv1.weight": torch.zeros(128, 64, 3, 3)}, r"\(128, 64, 3, 3\), not \(64, 64, 3, 3\)"
    yield "bands", {**weights, "conv1.weight": torch.zeros(64, 4, 7, 7)}, r"\(64, 4, 7, 7\), not \(64, 3, 7, 7\)"
    yield "nan", {**weights, "bn1.bias": torch.full((64,), float("nan"))}, "no numbers"
    yield "nested", {"state_dict": dict(weights)}, "no plain list"
    yield "code", {**weights, "fc.bias": Harmful()}, "harmful code"


def test_files_that_do_not_fit(tmp_path, weights, monkeypatch):
    monkeypatch.chdir(tmp_path)
    network = encoder(4)
    before = {key: each.clone() for key, each in network.state_dict().items()}
    for name, content, sentence in bad_files(weights):
        path = tmp_path / f"{name}.pth"
        torch.save(content, path)
        with pytest.raises(PretrainedWeightsError, match=sentence) as caught:
            load_imagenet_weights(network, path)
        assert str(path) in str(caught.value) and "\n" not in str(caught.value)
    assert not (tmp_path / "harm").exists()
    assert all(torch.equal(each, before[key]) for key, each in network.state_dict().items())


@pytest.mark.parametrize("name", ["noise.pth", "noise.safetensors", "empty.pth", "half.pth"])
def test_files_that_are_none(tmp_path, weights, name):
    path = tmp_path / name
    if name == "half.pth":
        torch.save(dict(weights), path)
        path.write_bytes(path.read_bytes()[:1_000_000])
    else:
        path.write_bytes(b"" if name == "empty.pth" else bytes(range(256)) * 20)
    with pytest.raises(PretrainedWeightsError, match=re.escape(str(path))) as caught:
        load_imagenet_weights(encoder(), path)
    assert "\n" not in str(caught.value)
    with pytest.raises(PretrainedWeightsError, match="do not exist"):
        load_imagenet_weights(encoder(), tmp_path / "nothing.pth")
