"""Learning rate and batch size."""

from __future__ import annotations

import math

import torch

from ...models.network import RoadNetwork
from .memory import fitting_chips

#: One cycle (Smith 2018): up along a cosine, then down to almost nothing.
_WARM_UP_SHARE = 0.15
_START, _END = 0.1, 0.01

_MAX_BATCH = 32
#: On a CPU larger batches make no step more efficient, and fewer steps learn less in an epoch.
_CPU_BATCH, _CPU_PIXELS = 8, 8 * 256**2
OPTIMISERS = ("adamw", "sgd")
#: Of SGD; the usual value, and that of the residual networks (He et al. 2016).
_MOMENTUM = 0.9
#: Weight decay: PyTorch's of AdamW (which multiplies it with the rate), He et al.'s of SGD.
_DECAY = {"adamw": 0.01, "sgd": 1e-4}


def one_cycle(share: float, peak: float) -> float:
    """Return the learning rate when ``share`` (0..1) of the training is done."""
    if share < _WARM_UP_SHARE:
        low, position = _START, 1.0 - share / _WARM_UP_SHARE
    else:
        low, position = _END, (share - _WARM_UP_SHARE) / (1.0 - _WARM_UP_SHARE)
    return peak * (low + (1.0 - low) * (1.0 + math.cos(math.pi * min(1.0, position))) / 2.0)


def automatic_batch_size(
    device: torch.device, chip_size: int, chips: int, network: RoadNetwork | None = None, dtype: torch.dtype | None = None
) -> int:
    """Return chips per step: what fits into the free memory, a power of two, and at least eight steps an epoch.

    Args:
        chip_size: pixels a side. chips: to train on.
        network: whose memory is counted, see ``fitting_chips``; without one memory is left to the halving of the batch.
        dtype: number format of its forward pass, None for float32.

    Raises:
        EngineError: on a CPU not even one chip of that size can fit.
    """
    wanted = min(_MAX_BATCH, max(2, chips // 8))
    if device.type != "cuda":
        wanted = min(wanted, _CPU_BATCH, _CPU_PIXELS // chip_size**2)
    fitting = None if network is None else fitting_chips(network, device, chip_size, dtype)
    if fitting is not None:
        wanted = min(wanted, fitting)
    return 2 ** int(math.log2(max(2, wanted)))


def make_optimiser(network: RoadNetwork, learning_rate: float, kind: str = "adamw") -> torch.optim.Optimizer:
    """Return an optimiser that decays the weights of convolutions only, not biases and batch norms, and leaves out frozen ones.

    Args:
        kind: ``adamw``, or ``sgd`` with Nesterov's momentum; its learning rates are ten to a hundred times as high.

    The network must be on its device already: fused steps, one pass over the weights instead of one for every operation, need
    to know it.
    """
    parameters = [each for each in network.parameters() if each.requires_grad]
    groups = [
        {"params": [each for each in parameters if each.ndim > 1], "weight_decay": _DECAY[kind]},
        {"params": [each for each in parameters if each.ndim <= 1], "weight_decay": 0.0},
    ]
    if kind == "sgd":
        return torch.optim.SGD(groups, lr=learning_rate, momentum=_MOMENTUM, nesterov=True)
    try:
        return torch.optim.AdamW(groups, lr=learning_rate, fused=True)
    except RuntimeError:  # PyTorch before 2.4 on a CPU or an Apple GPU
        return torch.optim.AdamW(groups, lr=learning_rate)
