"""PyTorch's compiler, where it works."""

from __future__ import annotations

import torch
from torch import nn

#: Where the exceptions of the compiler come from; some reach us wrapped in others.
_COMPILER = ("torch._dynamo", "torch._inductor", "torch._functorch", "triton")


def compiled(network: nn.Module) -> nn.Module:
    """Return the network as the compiler will make it at the first call; parameters and their names stay the network's own."""
    faster = torch.compile(network)
    assert isinstance(faster, nn.Module)
    return faster


def is_compiler_error(error: BaseException | None) -> bool:
    """Whether an exception says that the compiler failed, rather than the network."""
    while error is not None:
        if type(error).__module__.startswith(_COMPILER):
            return True
        error = error.__cause__ or error.__context__
    return False


def compiler_failure(device: torch.device) -> str:
    """Return why the compiler does not work for a device, in a few words; nothing where it does. Takes seconds."""
    values = torch.ones(64, device=device, requires_grad=True)
    try:
        torch.compile(_probe)(values).backward()
    except Exception as error:
        return short_reason(error)
    return ""


def short_reason(error: BaseException) -> str:
    """Return the first line that an exception says, but not that of the compiler which only announces the next."""
    lines = [line.strip() for line in str(error).splitlines()]
    return next((line for line in lines if line and not line.endswith("raised:")), type(error).__name__).rstrip(".")[:200]


def _probe(values: torch.Tensor) -> torch.Tensor:
    return (values.sigmoid() * values).sum()
