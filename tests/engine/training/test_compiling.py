"""Training through torch.compile. Its own C++ or Triton back end takes minutes: PyTorch's quick ones take its place."""

from __future__ import annotations

import functools

import pytest
import torch
from roadsmith.engine.errors import EngineError
from roadsmith.engine.events import Warn
from roadsmith.engine.reporter import Reporter
from roadsmith.engine.training.cancelling import cancellable
from roadsmith.engine.training.compiling import compiler_failure, is_compiler_error, short_reason
from roadsmith.engine.training.metrics import RoadScores
from roadsmith.engine.training.world import World

from .test_steps import CPU, Plain, make_batch, make_stepper


def no_compiler(graph, inputs):
    raise RuntimeError("No working C++ compiler found.\nMore that nobody wants to read.")


@pytest.fixture(autouse=True)
def fresh_compiler():
    yield
    torch.compiler.reset()


def train(compiled, reporter=None, steps=2):
    torch.manual_seed(0)
    stepper = make_stepper(Plain(), compiled=compiled, reporter=reporter)
    with cancellable(stepper.network, stepper._reporter, stepper.compiled):
        losses = [stepper.train(make_batch()) for _ in range(steps)]
    return losses, stepper


def test_a_compiled_network_learns_the_same_and_keeps_its_names(monkeypatch):
    monkeypatch.setattr(torch, "compile", functools.partial(torch.compile, backend="aot_eager"))
    plain, (losses, stepper) = train(False)[0], train(True)
    assert stepper.compiled and losses == pytest.approx(plain, rel=1e-5)
    assert list(stepper.network.state_dict()) == list(Plain().state_dict())
    assert not any(module._forward_pre_hooks for module in stepper.network.modules())
    assert torch.isfinite(torch.tensor(stepper.validate(make_batch(), RoadScores())))
    assert compiler_failure(CPU) == ""


def test_without_a_compiler_training_goes_on(monkeypatch):
    monkeypatch.setattr(torch, "compile", functools.partial(torch.compile, backend=no_compiler))
    told = []
    losses, stepper = train(True, Reporter(told.append))
    assert losses == train(False)[0] and not stepper.compiled
    (warning,) = (event.text for event in told if isinstance(event, Warn))
    assert "C++ compiler" in warning and "goes on without it" in warning and "\n" not in warning
    assert "C++ compiler" in compiler_failure(CPU)


def test_several_processes_cannot_do_so_one_by_one():
    stepper = make_stepper(Plain())
    stepper.world = World(0, 2)
    with pytest.raises(EngineError, match="train without compiling") as caught:
        stepper._go_on_uncompiled(RuntimeError("No compiler"))
    assert caught.value.kind == "environment"


def test_other_errors_are_not_the_compilers():
    assert not is_compiler_error(RuntimeError("shapes do not match")) and not is_compiler_error(None)
    assert short_reason(KeyError()) == "KeyError" and short_reason(ValueError("\n one \n two")) == "one"
