"""The processes that train together: which of them this one is, and what they agree upon."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import distributed

from ..devices import choose_device
from ..errors import EngineError


@dataclass(frozen=True)
class World:
    """One of ``size`` processes that train together, counted from 0; alone unless told otherwise.

    All of them must call the methods that compare or add up, in the same order: each waits for the others.
    """

    rank: int = 0
    size: int = 1

    @property
    def leads(self) -> bool:
        """Whether this process is the one that speaks and writes for all."""
        return self.rank == 0

    def share(self, count: int) -> tuple[int, int]:
        """Return from where to before where, of ``count`` items, this process's part goes: as even as possible, in order.

        With fewer items no part is larger; where there are fewer items than processes some parts are empty.
        """
        least, over = divmod(count, self.size)
        return self.rank * least + min(self.rank, over), (self.rank + 1) * least + min(self.rank + 1, over)

    def total(self, values: torch.Tensor) -> torch.Tensor:
        """Return a tensor on the CPU added up over the processes."""
        if self.size == 1:
            return values
        summed = values.clone()
        distributed.all_reduce(summed)
        return summed

    def leaders(self, values: Sequence[float]) -> list[float]:
        """Return the numbers that the leading process has, as many as here."""
        if self.size == 1:
            return list(values)
        told = torch.tensor(values, dtype=torch.float64)
        distributed.broadcast(told, 0)
        return [float(value) for value in told]

    def smallest(self, value: int) -> int:
        """Return the smallest of the processes' values."""
        if self.size == 1:
            return value
        least = torch.tensor(value)
        distributed.all_reduce(least, distributed.ReduceOp.MIN)
        return int(least)


#: What a training in one process is.
ALONE = World()


def join(wanted_device: str) -> tuple[World, torch.device]:
    """Join the processes that ``torchrun`` started; return this one's place among them and its device.

    Raises:
        EngineError: ``torchrun`` did not start this process, or there is no device of its own for it.
    """
    try:
        rank, size, local, beside = (
            int(os.environ[name]) for name in ("RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE")
        )
    except (KeyError, ValueError) as error:
        raise EngineError("This is one process of a training in several: start it with torchrun.") from error
    device = _own_device(wanted_device, local, beside)
    # figures of a step travel over the CPU, where asking for them does not wait for the GPU
    on_gpu = device.type == "cuda" and distributed.is_nccl_available()
    distributed.init_process_group("cpu:gloo,cuda:nccl" if on_gpu else "gloo")
    return World(rank, size), device


def leave() -> None:
    """Go on alone: what follows the last common step is the leading process's work."""
    if distributed.is_available() and distributed.is_initialized():
        distributed.destroy_process_group()


def _own_device(wanted: str, local: int, beside: int) -> torch.device:
    """Return the device of the process ``local`` of ``beside`` on this machine."""
    device = choose_device(wanted)
    if beside > 1 and device.type == "cuda":
        count = torch.cuda.device_count()
        if device.index is not None:
            raise EngineError(f"{beside} processes cannot train on one GPU ({wanted}): choose the device cuda, or one process.")
        if count < beside:
            raise EngineError(
                f"{beside} processes need a GPU each, this machine has {count}: choose {count} processes, or the device cpu.",
                "environment",
            )
    if device.type == "mps":
        raise EngineError("Apple's GPU trains in one process alone: choose one process, or the device cpu.")
    if device.type == "cuda" and device.index is None:
        device = torch.device("cuda", local)
        torch.cuda.set_device(device)
    return device
