import pytest
import torch
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


def test_the_cpus_precision_is_measured_once_and_usable():
    precision = choose_precision(torch.device("cpu"))
    assert precision == choose_precision(torch.device("cpu")) or precision.dtype == choose_precision(torch.device("cpu")).dtype
    with precision.autocast():
        assert torch.nn.functional.conv2d(torch.ones(1, 1, 4, 4), torch.ones(1, 1, 3, 3)).shape == (1, 1, 2, 2)
    assert precision.name in ("float32", "bfloat16")
