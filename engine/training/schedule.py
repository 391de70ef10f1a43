"""Learning rate and batch size."""

from __future__ import annotations

import math

import torch

from ...models.network import RoadNetwork

#: One cycle (Smith 2018): up along a cosine, then down to almost nothing.
_WARM_UP_SHARE = 0.15
_START, _END = 0.1, 0.01

#: Activations kept for the backward pass, bytes per pixel of a chip, in float32: 1830 counted on LinkNet with resnet34,
#: doubled for gradients and work space; resnet50 holds 4630, which halving the batch takes care of.
_BYTES_PER_PIXEL = 3500
_MEMORY_SHARE = 0.5
_MAX_BATCH = 32
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


def automatic_batch_size(device: torch.device, chip_size: int, chips: int) -> int:
    """Return chips per step: what fits into half the free memory, a power of two, and at least eight steps an epoch."""
    if device.type == "cuda":
        fitting = int(torch.cuda.mem_get_info(device)[0] * _MEMORY_SHARE / (_BYTES_PER_PIXEL * chip_size**2))
    else:
        fitting = min(_CPU_BATCH, _CPU_PIXELS // chip_size**2)
    wanted = min(fitting, _MAX_BATCH, max(2, chips // 8))
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
