"""An optimiser's state as tensors and plain numbers, so that it can be kept without pickle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch


def take_apart(optimiser: torch.optim.Optimizer) -> tuple[dict[str, torch.Tensor], dict[str, dict[str, float]]]:
    """Return the state as tensors named ``number.key``, by the parameter's number, and as numbers by number and key."""
    tensors: dict[str, torch.Tensor] = {}
    numbers: dict[str, dict[str, float]] = {}
    for number, values in optimiser.state_dict()["state"].items():
        for name, value in values.items():
            if isinstance(value, torch.Tensor):
                tensors[f"{number}.{name}"] = value
            elif value is not None:
                numbers.setdefault(str(number), {})[name] = value
    return tensors, numbers


@torch.no_grad()
def put_together(
    optimiser: torch.optim.Optimizer, tensors: Mapping[str, torch.Tensor], numbers: Mapping[str, Mapping[str, float]]
) -> None:
    """Give an optimiser of the same parameters the state that ``take_apart`` returned.

    Raises:
        LookupError, ValueError, RuntimeError: it belongs to other parameters.
    """
    parameters = [each for group in optimiser.param_groups for each in group["params"]]
    states: dict[int, dict[str, Any]] = {int(number): dict(values) for number, values in numbers.items()}
    for name, value in tensors.items():
        number, key = name.split(".", 1)
        parameter = parameters[int(number)]
        if value.shape == parameter.shape:
            # laid out in memory as the parameter is: a fused step goes through both side by side without looking at strides
            states.setdefault(int(number), {})[key] = torch.empty_like(parameter).copy_(value)
        else:
            states.setdefault(int(number), {})[key] = value
    optimiser.load_state_dict({"state": states, "param_groups": optimiser.state_dict()["param_groups"]})
