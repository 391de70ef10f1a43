"""How many chips of a training step fit into memory, counted on the network itself without running it."""

from __future__ import annotations

import os
from pathlib import Path

import torch
from torch.func import functional_call

from ...models.network import RoadNetwork
from ..errors import EngineError
from ..memory_limit import within_limit

#: A step's peak over what the forward pass keeps: gradients of activations and work space of the convolutions. Measured on a
#: CPU in float32, two chips of 256 or 512 pixels, less the gradients of the weights: 0.9 to 1.2 times, D-LinkNet and ResUNet
#: 1.4 to 1.5 times.
_PEAK_SHARE = 1.5
#: Bytes a parameter needs beside itself: its gradient and the two moments of AdamW, float32 each.
_BYTES_PER_PARAMETER = 12
#: Share of the free memory that a step may take; fragments and other programs take the rest.
_MEMORY_SHARE = 0.7
_DEFAULT_BANDS = 3


def kept_bytes(network: RoadNetwork, chip_size: int, dtype: torch.dtype | None = None) -> int:
    """Return how many bytes a training step keeps of each chip between the forward and the backward pass.

    The forward pass is played through on PyTorch's ``meta`` device, where tensors have a shape and nothing else: for any
    network and size it takes a second and no memory. The network is as it was afterwards.

    Args:
        chip_size: pixels a side.
        dtype: number format of the forward pass, None for float32.
    """
    state = {
        name: torch.empty_like(value, device="meta", dtype=dtype if value.is_floating_point() else None)
        for name, value in network.state_dict().items()
    }
    for name, parameter in network.named_parameters():
        state[name].requires_grad_(parameter.requires_grad)
    own = {value.untyped_storage()._cdata for value in state.values()}
    kept: dict[int, torch.UntypedStorage] = {}

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        if storage._cdata not in own:
            kept[storage._cdata] = storage  # held on to: a storage that is gone leaves its number to the next
        return tensor

    # two chips, because batch norm cannot learn from one value
    chips = 2
    images = torch.empty(chips, network.arguments.get("bands", _DEFAULT_BANDS), chip_size, chip_size, device="meta", dtype=dtype)
    was_training = network.training
    network.train()
    try:
        with torch.enable_grad(), torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
            functional_call(network, state, (images,))
    finally:
        network.train(was_training)
    return sum(storage.nbytes() for storage in kept.values()) // chips


def fitting_chips(network: RoadNetwork, device: torch.device, chip_size: int, dtype: torch.dtype | None = None) -> int | None:
    """Return how many chips a training step can hold in the device's free memory, at least 1; None where nobody knows.

    Args:
        chip_size: pixels a side. dtype: number format of the forward pass, None for float32.

    Raises:
        EngineError: on a CPU, where the system would end the program instead: not even one chip can fit.
    """
    free = free_bytes(device)
    if free is None:
        return None
    kept = kept_bytes(network, chip_size, dtype)
    if device.type == "cpu" and kept > free:
        raise EngineError(
            f"One chip of {chip_size} pixels takes {kept / 2**30:.0f} GB of memory in training, and {free / 2**30:.1f} GB are "
            "free: choose a smaller chip size, 512 for instance, or a smaller network.", "memory"
        )
    weights = _BYTES_PER_PARAMETER * sum(each.numel() for each in network.parameters() if each.requires_grad)
    return max(1, int((_MEMORY_SHARE * free - weights) / (_PEAK_SHARE * kept)))


def free_bytes(device: torch.device) -> int | None:
    """Return the free memory of a GPU, or of the computer, within the limit of the options; None where it cannot be asked."""
    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0])
    if device.type != "cpu":
        return None
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        figures = {name: int(rest.split()[0]) for name, rest in (line.split(":", 1) for line in lines)}
        return within_limit(1024 * (figures["MemAvailable"] + figures.get("SwapFree", 0)))
    except (OSError, LookupError, ValueError):
        pass
    try:
        return within_limit(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, OSError, ValueError):
        return None
