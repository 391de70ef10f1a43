"""Which processors the networks run on, what they are called, and which number format is fast on them."""

from __future__ import annotations

import os
from functools import cache

import torch

from .errors import EngineError


def choose_device(wanted: str = "auto") -> torch.device:
    """Return the device for ``auto``, ``cpu``, ``cuda``, ``cuda:N`` or ``mps``; ``auto`` takes the fastest there is.

    Raises:
        EngineError: that device is not in this machine, or this PyTorch cannot drive it.
    """
    if wanted == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda")
        return torch.device("mps") if torch.backends.mps.is_available() else torch.device("cpu")
    kind, _, number = wanted.partition(":")
    if kind == "cuda" and not torch.cuda.is_available():
        raise EngineError(
            "No NVIDIA GPU can be used: there is none, its driver is too old, or PyTorch was installed for the CPU only. "
            "Choose the device 'auto' or 'cpu', or run 'Set up environment' again.", "environment"
        )
    if kind == "cuda" and number and not (number.isdigit() and int(number) < torch.cuda.device_count()):
        count = torch.cuda.device_count()
        raise EngineError(f"There is no GPU {number}: this machine has {count}, counted from 0.", "environment")
    if kind == "mps" and not torch.backends.mps.is_available():
        raise EngineError("Apple's GPU (MPS) cannot be used on this machine: choose the device 'auto' or 'cpu'.", "environment")
    if kind not in ("cpu", "cuda", "mps"):
        raise EngineError(f"'{wanted}' is no device: choose auto, cpu, cuda, cuda:N or mps.")
    return torch.device(wanted)


def choose_devices(wanted: str = "auto") -> list[torch.device]:
    """Return the devices to share the work: for ``auto`` all GPUs there are, for ``cuda:N,M`` those, else one as above.

    Raises:
        EngineError: one of them is not in this machine, or this PyTorch cannot drive it.
    """
    if wanted == "auto" and torch.cuda.is_available():
        return [torch.device("cuda", number) for number in range(torch.cuda.device_count())]
    kind, _, numbers = wanted.partition(":")
    if kind == "cuda" and "," in numbers:
        return [choose_device(f"cuda:{number.strip()}") for number in dict.fromkeys(numbers.split(","))]
    return [choose_device(wanted)]


def describe_device(device: torch.device) -> str:
    """Return the device's name and memory for the log."""
    if device.type == "cuda":
        properties = torch.cuda.get_device_properties(device)
        return f"{properties.name} ({properties.total_memory / 2**30:.0f} GB)"
    if device.type == "mps":
        return "Apple GPU (MPS)"
    return f"CPU ({torch.get_num_threads()} threads)"


def leave_a_core_free() -> None:
    """Keep one core for QGIS where there are more than two; on fewer the job would lose half its speed."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    torch.set_num_threads(cores - 1 if cores > 2 else cores)


@cache
def bf16_pays() -> bool:
    """Whether this CPU multiplies bf16 in hardware (AMX or AVX512_BF16), several times as fast as float32.

    Asked of the processor, not timed: a timing can come out one way in one process and the other way in the next, and their
    pixels would differ. False where this PyTorch cannot tell.
    """
    if hasattr(torch.cpu, "get_capabilities"):
        found = torch.cpu.get_capabilities()
        return bool(found.get("amx_bf16") or found.get("avx512_bf16"))
    # older PyTorch has the same questions under names of its own
    return any(getattr(torch.cpu, name, bool)() for name in ("_is_amx_tile_supported", "_is_avx512_bf16_supported"))
