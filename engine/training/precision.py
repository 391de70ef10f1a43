"""In which number format a network trains on a device."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import Any

import torch

from ..devices import bf16_pays
from ..errors import EngineError

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
    elif device.type == "cpu" and bf16_pays():
        dtype = torch.bfloat16
    return Precision(device, dtype, _scaler(enabled=dtype == torch.float16))


def _scaler(enabled: bool) -> Any:
    if hasattr(torch.amp, "GradScaler"):
        return torch.amp.GradScaler("cuda", enabled=enabled)
    return torch.cuda.amp.GradScaler(enabled=enabled)  # PyTorch 2.2
