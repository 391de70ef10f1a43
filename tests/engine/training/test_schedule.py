import pytest
import torch
from roadsmith.engine.classification.predictor import fast_precision
from roadsmith.engine.devices import bf16_pays
from roadsmith.engine.training.loader import window_starts
from roadsmith.engine.training.precision import choose_precision
from roadsmith.engine.training.schedule import automatic_batch_size, make_optimiser, one_cycle


def test_one_cycle_rises_falls_and_has_no_step():
    rates = [one_cycle(share / 1000, 0.01) for share in range(1001)]
    assert rates[0] == pytest.approx(0.001) and max(rates) == pytest.approx(0.01) and rates[-1] == pytest.approx(0.0001)
    assert max(abs(one - two) for one, two in zip(rates, rates[1:])) < 0.0002
    assert one_cycle(1.2, 0.01) == pytest.approx(0.0001)


@pytest.mark.parametrize(("chip_size", "chips", "expected"), [
    (256, 1000, 8), (128, 1000, 8), (512, 1000, 2), (1024, 1000, 2), (256, 20, 2), (256, 40, 4), (256, 1, 2),
])
def test_batch_size_on_the_cpu(chip_size, chips, expected):
    assert automatic_batch_size(torch.device("cpu"), chip_size, chips) == expected


def test_only_convolutions_decay():
    network = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2))
    groups = make_optimiser(network, 0.1).param_groups
    assert [(len(group["params"]), group["weight_decay"] > 0) for group in groups] == [(1, True), (3, False)]


@pytest.mark.parametrize(("length", "size", "expected"), [
    (256, 256, [0]), (512, 256, [0, 256]), (600, 256, [0, 256, 344]), (100, 256, [0]), (257, 256, [0, 1]),
])
def test_windows_cover_a_chip(length, size, expected):
    assert window_starts(length, size) == expected


@pytest.mark.parametrize(("found", "expected"), [
    ({"amx_bf16": True}, "bfloat16"), ({"avx512_bf16": True}, "bfloat16"), ({"avx512_f": True, "amx_bf16": False}, "float32"),
    ({}, "float32"),
])
def test_the_cpus_precision_is_what_its_hardware_has(monkeypatch, found, expected):
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: found, raising=False)
    bf16_pays.cache_clear()
    try:
        precision = choose_precision(torch.device("cpu"))
        assert precision.name == expected == fast_precision(torch.device("cpu"))
        with precision.autocast():
            made = torch.nn.functional.conv2d(torch.ones(1, 1, 4, 4), torch.ones(1, 1, 3, 3))
        assert made.dtype == getattr(torch, expected)
    finally:
        bf16_pays.cache_clear()


def test_an_older_pytorch_is_asked_in_its_own_words(monkeypatch):
    monkeypatch.delattr(torch.cpu, "get_capabilities", raising=False)
    bf16_pays.cache_clear()
    try:
        for supported in (True, False):
            monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda supported=supported: supported, raising=False)
            monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False, raising=False)
            bf16_pays.cache_clear()
            assert bf16_pays() is supported
    finally:
        bf16_pays.cache_clear()
