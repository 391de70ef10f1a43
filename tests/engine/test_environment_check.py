"""The proof that a device computes: what it says of a sound one, and of one that does not."""

from __future__ import annotations

import threading

import pytest
import torch
from roadsmith.engine import environment_check
from roadsmith.engine.environment_check import MODULES, check_environment
from roadsmith.engine.errors import EngineError
from roadsmith.engine.jobs import CheckEnvironment
from roadsmith.engine.reporter import Reporter


@pytest.fixture
def reporter():
    return Reporter(lambda event: None, threading.Event())


@pytest.fixture(autouse=True)
def two_threads():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def test_a_sound_device_is_described(reporter):
    facts = check_environment(CheckEnvironment(device="cpu"), reporter)
    assert facts["packages"]["torch"] == torch.__version__
    assert set(facts["packages"]) == set(MODULES)
    assert facts["device"] == "cpu"
    assert facts["device_name"] == "CPU (1 threads)"
    assert facts["cuda"] == (torch.version.cuda or "")
    assert facts["gflops"] > 0.1


def test_the_convolution_is_held_against_sums_by_hand():
    image = torch.arange(20, dtype=torch.float32).reshape(4, 5)
    by_hand = torch.tensor([[54.0, 63.0, 72.0], [99.0, 108.0, 117.0]])  # 9 times the middle pixel of each 3 × 3
    assert torch.equal(environment_check._sum_of_neighbours(image), by_hand)
    assert torch.equal(environment_check._convolve(image, torch.device("cpu")), by_hand)


def test_a_device_that_convolves_wrongly_is_refused(reporter, monkeypatch):
    convolve = torch.nn.functional.conv2d
    monkeypatch.setattr(torch.nn.functional, "conv2d", lambda image, kernel: convolve(image, kernel) + 1)
    with pytest.raises(EngineError, match=r"convolved an image wrongly: update the graphics driver.*accelerator 'cpu'") as caught:
        check_environment(CheckEnvironment(device="cpu"), reporter)
    assert caught.value.kind == "environment"


def test_a_device_that_cannot_convolve_is_refused_in_one_sentence(reporter, monkeypatch):
    def fail(*arguments):
        raise RuntimeError("cuDNN error: CUDNN_STATUS_NOT_INITIALIZED\nmore")

    monkeypatch.setattr(torch.nn.functional, "conv2d", fail)
    with pytest.raises(EngineError, match=r"cannot compute on CPU .*CUDNN_STATUS_NOT_INITIALIZED more\): update"):
        check_environment(CheckEnvironment(device="cpu"), reporter)


def test_a_windows_library_that_does_not_load_names_the_runtime(reporter, monkeypatch):
    import importlib

    def refuse(name):
        error = OSError("[WinError 1114] A dynamic link library (DLL) initialization routine failed. c10.dll")
        raise error

    monkeypatch.setattr(importlib, "import_module", refuse)
    with pytest.raises(EngineError, match=r"Microsoft Visual C\+\+ Redistributable"):
        check_environment(CheckEnvironment(device="cpu"), reporter)
