"""Stop a training step in its middle: on a CPU one step can take longer than a user wants to wait for "cancel"."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import torch
from torch import nn

from ..reporter import Reporter


@contextlib.contextmanager
def cancellable(network: nn.Module, reporter: Reporter, compiled: bool = False) -> Iterator[None]:
    """Ask "cancelled?" before every layer's forward pass and on the way back through it; ``Cancelled`` ends the step.

    Args:
        compiled: leave the layers alone, because questions would cut the compiled network to pieces: steps ask for themselves.
    """
    if compiled:
        yield
        return

    def before(module: nn.Module, inputs: tuple[Any, ...]) -> None:
        reporter.check_cancelled()

    def after(module: nn.Module, inputs: tuple[Any, ...], output: Any) -> None:
        if isinstance(output, torch.Tensor) and output.requires_grad:
            output.register_hook(_check)

    def _check(gradient: torch.Tensor) -> None:
        reporter.check_cancelled()

    handles = []
    for module in network.modules():
        if not any(True for _ in module.children()):
            handles.append(module.register_forward_pre_hook(before))
            handles.append(module.register_forward_hook(after))
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()
