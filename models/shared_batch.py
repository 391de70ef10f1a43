"""Sums over a batch of which several training processes hold a part each; in a process of its own they are plain sums.

A gradient passes through them as through one process's sums, if the gradients of all processes are averaged at the end, as
``DistributedDataParallel`` does: the way back adds up the processes' (equal) gradients, the average divides by their number.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import distributed


class _Sum(torch.autograd.Function):
    """All-reduce that is differentiable; torch's own one is deprecated since 2.11, what replaces it is missing in 2.2."""

    @staticmethod
    def forward(ctx: Any, values: torch.Tensor) -> torch.Tensor:
        """Add up the processes' values."""
        total = values.clone(memory_format=torch.contiguous_format)
        distributed.all_reduce(total)
        return total

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> torch.Tensor:
        """Add up the processes' gradients: each one's loss depends on these values."""
        total = gradient.clone(memory_format=torch.contiguous_format)
        distributed.all_reduce(total)
        return total


def is_shared() -> bool:
    """Whether this process is one of several that train together."""
    return group_size() > 1


def group_size() -> int:
    """Return how many processes train together."""
    return distributed.get_world_size() if distributed.is_available() and distributed.is_initialized() else 1


def own_rank() -> int:
    """Return which of them this is, counted from 0."""
    return distributed.get_rank() if group_size() > 1 else 0


def batch_sum(values: torch.Tensor) -> torch.Tensor:
    """Return ``values``, of any shape, added up over the processes."""
    summed: torch.Tensor = _Sum.apply(values) if is_shared() else values
    return summed


def batch_sums(*values: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """Return scalars, each added up over the processes, in one message; float32 where they travel."""
    return tuple(batch_sum(torch.stack([value.float() for value in values])).unbind()) if is_shared() else values


def batch_mean(values: torch.Tensor) -> torch.Tensor:
    """Return the mean over all values of all processes, a scalar; a process may have none."""
    if not is_shared():
        return values.mean()
    total, count = batch_sums(values.sum(), values.new_tensor(float(values.numel())))
    return total / count
