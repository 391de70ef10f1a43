"""CUnet, both stages in one network, and their loss, against the paper's equations written out pixel by pixel."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from roadsmith.models.cunet import SURE, CUnet
from roadsmith.models.losses import KEY_PIXELS, LossSettings, Targets, key_pixel_weights, training_loss, worth_learning
from roadsmith.models.network import RoadOutputs
from roadsmith.models.package import ModelPackageError, PackageInfo, load_package, write_package
from roadsmith.models.registry import TWO_STAGE, build
from roadsmith.models.two_stage import TwoStageNetwork, spoiled

SMALL = {"bands": 3, "base": 4, "n_pool": 2}


def two_stages(**refinement):
    return build(
        TWO_STAGE, bands=3, first={"model_type": "unet", "arguments": {"bands": 3, "base": 4, "n_pool": 2}},
        refinement={**SMALL, **refinement},
    )


def maps(count=2, size=16, seed=0):
    return torch.rand(count, size, size, generator=torch.Generator().manual_seed(seed))


def test_the_published_size():
    """Seven layers from 32 channels, width capped at 512: the U-Net's 57.8 million, and one band more in its first layer."""
    with torch.device("meta"):
        parameters = sum(each.numel() for each in CUnet().parameters())
        plain = sum(each.numel() for each in build("unet").parameters())
    assert parameters == plain + 32 * 9 and round(parameters / 1e6, 1) == 57.8


@pytest.mark.parametrize("size", [16, 13])
def test_untrained_it_returns_the_first_map(size):
    network = two_stages().eval()
    images = torch.randn(2, 3, size, size)
    with torch.inference_mode():
        first = network.first.road_probability(images)
        assert float((network.road_probability(images) - first.clamp(SURE, 1 - SURE)).abs().max()) < 1e-6
    certain = torch.tensor([0.0, 1.0]).repeat(2, 16, 8)
    with torch.inference_mode():
        kept = CUnet(**SMALL).eval()(torch.randn(2, 3, 16, 16), certain).sigmoid()[:, 0]
    torch.testing.assert_close(kept, certain.clamp(SURE, 1 - SURE))


def test_the_literal_residual_adds_the_map_itself():
    network, first = CUnet(**SMALL, residual="probability").eval(), maps()
    with torch.inference_mode():
        torch.testing.assert_close(network(torch.randn(2, 3, 16, 16), first)[:, 0], first)
        network.body.score.bias.fill_(0.25)
        torch.testing.assert_close(network(torch.randn(2, 3, 16, 16), first)[:, 0], first + 0.25)


def test_unknown_residual():
    with pytest.raises(ValueError, match="no residual 'sum': choose logit or probability"):
        CUnet(residual="sum")


def test_only_the_second_stage_learns():
    network = two_stages()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    network.train()
    assert network.refinement.training and not any(module.training for module in network.first.modules())
    optimiser = torch.optim.SGD([each for each in network.parameters() if each.requires_grad], lr=1.0)
    targets = Targets((torch.randint(0, 2, (2, 16, 16), dtype=torch.uint8),))
    for _ in range(2):  # the first step moves the last layer alone: its zeros let nothing through
        optimiser.zero_grad()
        training_loss(network(torch.randn(2, 3, 16, 16)), targets, LossSettings(KEY_PIXELS)).backward()
        optimiser.step()
    moved = {name for name, value in network.state_dict().items() if not torch.equal(value, before[name])}
    assert moved and all(name.startswith("refinement.") for name in moved)
    assert {f"refinement.{name}" for name, each in network.refinement.named_parameters() if each.ndim > 1} <= moved


@given(st.integers(0, 2**31), st.floats(0, 0.9), st.floats(0.5, 2), st.booleans())
@settings(max_examples=25, deadline=None)
def test_equations_one_to_four(seed, threshold, weight, ignored):
    """L = -1/MN Σ d [y log p + (1 - y) log(1 - p)] + 1 - 2 TP / (2 TP + FP + FN), with d = w where the first map exceeds δ."""
    generator = torch.Generator().manual_seed(seed)
    first, logit = (torch.rand(2, 4, 5, generator=generator, dtype=torch.float64) for _ in range(2))
    logit = (6 * logit - 3).requires_grad_()
    label = torch.randint(0, 2, (2, 4, 5), generator=generator, dtype=torch.uint8)
    if ignored:
        label[0, 1] = 255
    chosen = LossSettings(KEY_PIXELS, key_pixel_threshold=threshold, key_pixel_weight=weight)
    loss = training_loss(RoadOutputs(logit[:, None], first=first), Targets((label,)), chosen)

    literal = logit.detach().clone().requires_grad_()
    entropy = hits = false = missed = torch.zeros((), dtype=torch.float64)
    pixels = 0
    for place in torch.cartesian_prod(torch.arange(2), torch.arange(4), torch.arange(5)).tolist():
        y = int(label[tuple(place)])
        if y == 255:
            continue
        p = 1 / (1 + torch.exp(-literal[tuple(place)]))
        d = weight if float(first[tuple(place)]) > threshold else 1.0
        entropy = entropy - d * (y * torch.log(p) + (1 - y) * torch.log(1 - p))
        hits, false, missed = hits + y * p, false + (1 - y) * p, missed + y * (1 - p)
        pixels += 1
    expected = entropy / pixels + 1 - 2 * hits / (2 * hits + false + missed)
    assert float(loss.detach()) == pytest.approx(float(expected.detach()), rel=1e-5)
    torch.testing.assert_close(
        torch.autograd.grad(loss, logit)[0], torch.autograd.grad(expected, literal)[0], rtol=1e-4, atol=1e-6
    )


def test_weights_of_key_pixels():
    weights = key_pixel_weights(torch.tensor([[[0.0, 0.05, 0.0501, 1.0]]]), LossSettings(KEY_PIXELS))
    assert weights.tolist() == [[[1.0, 1.0, pytest.approx(1.03), pytest.approx(1.03)]]]


@given(st.integers(0, 2**31), st.sampled_from([0.0, 0.031, 0.25001, 0.47, 0.7301, 0.99]))
@settings(max_examples=50, deadline=None)
def test_which_chips_are_worth_learning(seed, least):
    generator = torch.Generator().manual_seed(seed)
    first = torch.rand(6, 3, 4, generator=generator)
    label = torch.tensor([0, 0, 1, 255], dtype=torch.uint8)[torch.randint(0, 4, (6, 3, 4), generator=generator)]
    label[0] = 0
    expected = []
    for chip in range(6):
        hits = false = missed = 0
        for p, y in zip(first[chip].ravel().tolist(), label[chip].ravel().tolist()):
            hits += p >= 0.5 and y == 1
            false += p >= 0.5 and y == 0
            missed += p < 0.5 and y == 1
        expected.append(hits + missed == 0 or hits / (hits + false + missed) >= least)
    assert worth_learning(first, label, least).tolist() == expected and expected[0]


@pytest.mark.parametrize("change", [
    {"key_pixel_threshold": 1.0}, {"key_pixel_weight": 0.0}, {"key_pixel_weight": math.inf}, {"min_sample_iou": 1.0},
])
def test_settings_out_of_range(change):
    with pytest.raises(ValueError, match="cannot be"):
        LossSettings(KEY_PIXELS, **change)


def test_key_pixels_of_one_stage():
    with pytest.raises(ValueError, match="needs a network in two stages"):
        training_loss(RoadOutputs(torch.zeros(1, 1, 2, 2)), Targets((torch.zeros(1, 2, 2),)), LossSettings(KEY_PIXELS))


def test_spoiling():
    probability = torch.tensor([[[0.4, 0.4, 0.4, 1.0, 0.0]]])
    mended = spoiled(probability, torch.tensor([[[0.0, -0.5, 0.5, -1.0, 0.9]]]))
    torch.testing.assert_close(mended, torch.tensor([[[0.4, 0.2, 0.7, 0.0, 0.9]]]))


def test_another_first_map_and_a_spoiled_one():
    network, images, other = two_stages().eval(), torch.randn(2, 3, 16, 16), maps()
    with torch.inference_mode():
        assert torch.equal(network(images, other).first, other)
        own = network(images).first
        gone = network(images, None, torch.full((2, 16, 16), -1.0)).first
    assert torch.equal(own, network.first_map(images)) and not gone.any()


INFO = {
    "model_type": TWO_STAGE, "bands": [1, 2, 3], "band_means": [0.0] * 3, "band_stds": [1.0] * 3, "cell_metres": (1.0, 1.0),
    "chip_size": 16,
}


def test_round_trip_in_one_package(tmp_path):
    network, images = two_stages().eval(), torch.randn(1, 3, 16, 16)
    torch.nn.init.normal_(network.refinement.body.score.weight)
    path = write_package(tmp_path, "both", network, PackageInfo(arguments=network.arguments, **INFO))
    loaded = load_package(path).network
    assert isinstance(loaded, TwoStageNetwork) and not any(each.requires_grad for each in loaded.first.parameters())
    with torch.inference_mode():
        assert torch.equal(loaded.road_probability(images), network.road_probability(images))


@pytest.mark.parametrize(("change", "said"), [
    ({"first": {"model_type": TWO_STAGE, "arguments": {"bands": 3}}}, "cannot have two stages itself"),
    ({"first": {"model_type": "unet", "arguments": {"bands": 4}}}, "the same number of bands"),
    ({"first": {"model_type": "oracle", "arguments": {"bands": 3}}}, "no network 'oracle'"),
    ({"first": None}, "a description of each"),
    ({"refinement": {"bands": 3, "base": "wide"}}, "the first width cannot be 'wide'"),
    ({"refinement": {"bands": 3, "depth": 3}}, "unexpected keyword argument 'depth'"),
    ({"refinement": {**SMALL, "base": 8}}, "do not fit the network 'two_stage'"),
])
def test_stages_that_do_not_fit(tmp_path, change, said):
    network = two_stages()
    write_package(tmp_path, "both", network, PackageInfo(arguments={**network.arguments, **change}, **INFO))
    with pytest.raises(ModelPackageError, match=said):
        load_package(tmp_path / "both.dlpk")
