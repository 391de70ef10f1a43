"""A network whose gradients several processes average."""

from __future__ import annotations

import warnings

import torch
from torch import nn
from torch.nn.parallel import DistributedDataParallel


def in_parallel(network: nn.Module, device: torch.device) -> DistributedDataParallel:
    """Wrap the network, so that all processes begin with the leading one's weights and take the same steps."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # the argument has another name since PyTorch 2.13
        # batch norms keep the same statistics everywhere by themselves: nothing to send around before every step
        return DistributedDataParallel(network, [device] if device.type == "cuda" else None, broadcast_buffers=False)
