import copy
import math
import threading

import numpy as np
import pytest
import torch
from roadsmith.engine.chips.augmentation_settings import DEFAULT
from roadsmith.engine.chips.reading.folder import Chip
from roadsmith.engine.errors import Cancelled
from roadsmith.engine.events import Progress
from roadsmith.engine.reporter import Reporter
from roadsmith.engine.training.data import ChipReader
from roadsmith.engine.training.loader import BatchLoader
from roadsmith.engine.training.lr_finder import FALLBACK_RATE, find_learning_rate, suggest
from roadsmith.engine.training.targets import TargetSettings

from ..conftest import write_raster
from .test_steps import Plain, make_batch, make_stepper


@pytest.fixture(scope="module")
def loader(tmp_path_factory):
    """Six chips with a bright road each."""
    folder = tmp_path_factory.mktemp("chips")
    generator = np.random.default_rng(0)
    chips = []
    for number in range(6):
        label = np.zeros((32, 32), np.uint8)
        label[8 + 2 * number : 14 + 2 * number] = 1
        image = generator.integers(0, 60, (2, 32, 32)) + 150 * label
        image_path = write_raster(folder / f"i{number}.tif", image.astype(np.uint8))
        chips.append(Chip(image_path, write_raster(folder / f"l{number}.tif", label[None]), None))
    loader = BatchLoader(ChipReader(chips, 2), 24, TargetSettings(), [100.0, 100.0], 0, DEFAULT)
    yield loader
    loader.close()


def run(loader, stepper=None, reporter=None, seed=1, **changes):
    torch.manual_seed(0)
    stepper = stepper or make_stepper(Plain())
    return find_learning_rate(stepper, loader, range(6), seed, reporter or Reporter(), **changes)


def test_the_suggestion_is_where_the_loss_falls_and_trains(loader):
    curve = run(loader)
    assert curve.found and 1e-5 < curve.suggestion <= 1e-2
    assert len(curve.rates) == len(curve.losses) == len(curve.smoothed) <= 100
    assert curve.rates[0] == pytest.approx(1e-7) and np.all(np.diff(np.log(curve.rates)) > 0)
    torch.manual_seed(0)
    stepper = make_stepper(Plain(), rate=curve.suggestion)
    losses = [stepper.train(make_batch(4)) for _ in range(20)]
    assert losses[-1] < losses[0]


def test_it_repeats_itself(loader):
    assert run(loader) == run(loader) and run(loader).losses != run(loader, seed=2).losses


@pytest.mark.parametrize("fate", ["done", "cancelled"])
def test_nothing_is_left_behind(loader, fate):
    torch.manual_seed(4)
    network = Plain()
    stepper = make_stepper(network, rate=1e-3)
    stepper.train(make_batch())  # the optimiser has a memory
    network.eval()
    state = {name: value.clone() for name, value in network.state_dict().items()}
    moments = copy.deepcopy(stepper.optimiser.state_dict())
    random = torch.random.get_rng_state()
    if fate == "done":
        find_learning_rate(stepper, loader, range(6), 1, Reporter())
    else:
        cancel = threading.Event()
        reporter = Reporter(lambda event: cancel.set() if isinstance(event, Progress) else None, cancel)
        with pytest.raises(Cancelled):
            find_learning_rate(stepper, loader, range(6), 1, reporter)
    assert all(torch.equal(value, state[name]) for name, value in network.state_dict().items()) and not network.training
    after = stepper.optimiser.state_dict()
    assert after["param_groups"] == moments["param_groups"]
    for number, memory in moments["state"].items():
        assert all(torch.equal(after["state"][number][name], value) for name, value in memory.items())
    assert torch.equal(torch.random.get_rng_state(), random)
    assert all(each.grad is None for each in network.parameters())


def test_a_fresh_optimiser_is_fresh_again(loader):
    stepper = make_stepper(Plain())
    run(loader, stepper)
    assert stepper.optimiser.state_dict()["state"] == {}


def test_it_stops_when_the_loss_explodes(loader):
    torch.manual_seed(0)
    network = Plain()
    stepper = make_stepper(network)
    stepper.optimiser = torch.optim.SGD(network.parameters(), lr=1.0, momentum=0.9)
    network.hidden.weight.data *= 30
    curve = run(loader, stepper)
    assert len(curve.losses) < 100 and curve.smoothed[-1] > min(curve.smoothed)
    assert curve.suggestion < curve.rates[int(np.argmin(curve.smoothed))] or not curve.found


def rates(count=100):
    return np.geomspace(1e-7, 1, count)


def test_a_drawn_curve():
    # falls as a sigmoid about 3e-4 and explodes behind 0.1
    decades = np.log10(rates())
    losses = 2 - 1 / (1 + np.exp(-4 * (decades - math.log10(3e-4)))) + 50 * np.maximum(0, decades + 1) ** 2
    curve = suggest(rates().tolist(), losses.tolist())
    assert curve.found and curve.suggestion == pytest.approx(3e-4, rel=0.2)
    noisy = losses + np.random.default_rng(0).normal(0, 0.03, 100)
    assert suggest(rates().tolist(), noisy.tolist()).suggestion == pytest.approx(3e-4, rel=1.0)
    # the same below zero, as soft IoU is
    assert suggest(rates().tolist(), (losses - 5).tolist()).suggestion == curve.suggestion


@pytest.mark.parametrize("losses", [
    np.full(100, 0.7), np.linspace(1, 5, 100), [], [1.0, 0.9, 0.8], 1 + np.random.default_rng(1).normal(0, 0.1, 100).cumsum() * 0
    + np.random.default_rng(2).normal(0, 0.1, 100) + np.linspace(0, 1, 100),
])
def test_a_curve_that_shows_nothing_suggests_the_safe_rate(losses):
    curve = suggest(rates()[: len(losses)].tolist(), [float(each) for each in losses])
    assert not curve.found and curve.suggestion == FALLBACK_RATE


def test_the_suggestion_is_never_wild():
    late = np.where(rates() > 0.3, 0.0, 2.0)  # falls at rates only that no training bears
    assert suggest(rates().tolist(), late.tolist()).suggestion == pytest.approx(1e-2)
