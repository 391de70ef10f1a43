from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch
from roadsmith.models.shared_batch import batch_mean, batch_sum, batch_sums, is_shared
from roadsmith.models.synchronised_norm import SynchronisedBatchNorm2d, synchronise_norms

from . import shared_losses


@pytest.fixture(scope="module")
def of_two(tmp_path_factory):
    """What two processes find: with two chips and one, and with three and none."""
    folder = tmp_path_factory.mktemp("processes")
    command = [sys.executable, shared_losses.__file__]
    running = [subprocess.Popen([*command, str(rank), str(folder)], stderr=subprocess.PIPE) for rank in range(2)]
    said = [process.communicate(timeout=300)[1].decode() for process in running]
    assert [process.returncode for process in running] == [0, 0], said
    return [torch.load(Path(folder) / f"{rank}.pt") for rank in range(2)]


def test_losses_gradients_and_statistics_are_those_of_one_process(of_two):
    alone = shared_losses.results()
    assert sum(".gradient." in name for name in alone) == 3 * 7 and sum("running_var" in name for name in alone) == 3 * 2
    for process in of_two:
        for found in process:
            assert found.keys() == alone.keys()
            for name, value in alone.items():
                torch.testing.assert_close(found[name], value, rtol=1e-4, atol=1e-5, msg=name)


def test_all_processes_have_the_very_same_figures(of_two):
    for one, other in zip(*of_two):
        assert all(torch.equal(one[name], other[name]) for name in one)


def test_alone_nothing_is_changed():
    values = torch.tensor([1.0, 2.0, 4.5])
    assert not is_shared() and batch_sum(values) is values
    one, other = values[0], torch.tensor(3)
    assert batch_sums(one, other) == (one, other) and batch_sums(one, other)[1] is other
    assert torch.equal(batch_mean(values), values.mean())


def test_synchronised_norms_keep_tensors_names_and_results():
    torch.manual_seed(0)
    network = shared_losses.Small()
    network.body[4].eval()
    before, parameters = dict(network.state_dict()), list(network.parameters())
    images, _ = shared_losses.batch()
    expected = network(images).road
    synchronise_norms(network, on_cuda=False)
    norms = [network.body[1], network.body[4]]
    assert all(type(norm) is SynchronisedBatchNorm2d for norm in norms) and [norm.training for norm in norms] == [True, False]
    assert list(network.state_dict()) == list(before)
    assert all(one is two for one, two in zip(network.parameters(), parameters))
    assert torch.equal(network(images).road, expected)
