"""In which number format a network trains on a device."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import torch
from torch.nn import functional

from ..errors import EngineError

#: bf16 must beat float32 by this factor on a CPU before it is used; anything less is within the noise of the timing.
_WORTHWHILE = 1.3
#: What can be asked for; ``auto`` takes the fastest that the device is good at.
PRECISIONS = ("auto", "float32", "bfloat16", "float16")


@dataclass(frozen=True)
class Precision:
    """Number format of the forward pass; weights and losses stay float32.

    Attributes:
        dtype: of autocast, None for float32.
        scaler: scales the loss where float16 would lose small gradients; passes everything through elsewhere.
    """

    device: torch.device
    dtype: torch.dtype | None
    scaler: Any = field(repr=False)

    @property
    def name(self) -> str:
        """``float32``, ``bfloat16`` or ``float16``."""
        return str(self.dtype or torch.float32).rsplit(".", maxsplit=1)[-1]

    def autocast(self) -> contextlib.AbstractContextManager[Any]:
        """Return the context for the forward pass."""
        if self.dtype is None:
            return contextlib.nullcontext()
        return torch.autocast(self.device.type, dtype=self.dtype)


def choose_precision(device: torch.device, wanted: str = "auto") -> Precision:
    """Return the number format asked for; by itself bf16 where the device is fast at it, float16 on older NVIDIA GPUs, else
    float32.

    Args:
        wanted: one of ``PRECISIONS``.

    Raises:
        EngineError: the device cannot train in it.
    """
    dtype = None
    if wanted != "auto":
        dtype = None if wanted == "float32" else getattr(torch, wanted)
        if wanted == "float16" and device.type != "cuda":
            raise EngineError(f"The device {device.type} cannot train in float16: choose the precision auto or bfloat16.")
    elif device.type == "cuda":
        # compute capability 8 (Ampere) is the first with bf16 in hardware; older GPUs emulate it slowly
        dtype = torch.bfloat16 if torch.cuda.get_device_capability(device)[0] >= 8 else torch.float16
    elif device.type == "cpu" and _bf16_pays():
        dtype = torch.bfloat16
    return Precision(device, dtype, _scaler(enabled=dtype == torch.float16))


def _scaler(enabled: bool) -> Any:
    if hasattr(torch.amp, "GradScaler"):
        return torch.amp.GradScaler("cuda", enabled=enabled)
    return torch.cuda.amp.GradScaler(enabled=enabled)  # PyTorch 2.2


@cache
def _bf16_pays() -> bool:
    """Whether a convolution and its gradient run faster in bf16 on this CPU; true with AMX or avx512_bf16. Some 0.1 s."""
    images = torch.ones(2, 64, 64, 64).contiguous(memory_format=torch.channels_last)
    weight = torch.ones(64, 64, 3, 3, requires_grad=True)

    def seconds(enabled: bool) -> float:
        best = float("inf")
        for _ in range(4):
            start = time.perf_counter()
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=enabled):
                functional.conv2d(images, weight, padding=1).float().sum().backward()
            best = min(best, time.perf_counter() - start)
        return best

    return seconds(False) > _WORTHWHILE * seconds(True)
