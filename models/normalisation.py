"""Bring source units to the range a network learns in."""

from __future__ import annotations

from collections.abc import Sequence

import torch


def normalise(images: torch.Tensor, means: Sequence[float], stds: Sequence[float]) -> torch.Tensor:
    """Return (images - mean) / std per band, float32.

    Args:
        images: (N, bands, H, W) or (bands, H, W), source units, any dtype.
        means, stds: one figure a band, in source units; a band without spread (std 0) is only shifted.
    """
    shape = (len(means), 1, 1)
    mean = torch.tensor(means, dtype=torch.float32, device=images.device).reshape(shape)
    std = torch.tensor([each if each > 0 else 1.0 for each in stds], dtype=torch.float32, device=images.device).reshape(shape)
    return (images.float() - mean) / std
