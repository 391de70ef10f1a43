"""The networks by name."""

from __future__ import annotations

import inspect
from typing import Any

from .dlinknet import DLinkNet
from .hourglass import HourglassMultiTask
from .linknet import LinkNetMultiTask
from .network import RoadNetwork
from .resunet import ResUNet
from .segnet import SegNet
from .unet import UNet

_NETWORKS: dict[str, type[RoadNetwork]] = {
    "hourglass": HourglassMultiTask,
    "linknet": LinkNetMultiTask,
    "unet": UNet,
    "segnet": SegNet,
    "resunet": ResUNet,
    "dlinknet": DLinkNet,
}

MODEL_TYPES = tuple(_NETWORKS)


def build(model_type: str, **arguments: Any) -> RoadNetwork:
    """Return a new network with random weights.

    Args:
        model_type: one of ``MODEL_TYPES``.
        arguments: those of the network's class.

    Raises:
        ValueError: there is no such network, or it takes no such arguments.
    """
    network = _class_of(model_type)
    try:
        return network(**arguments)
    except TypeError as error:
        raise ValueError(f"the network '{model_type}' cannot be built from {arguments}: {error}") from error


def network_arguments(model_type: str) -> tuple[str, ...]:
    """Return the names of the arguments with which ``build`` makes this network; all have ``bands``.

    Raises:
        ValueError: there is no such network.
    """
    return tuple(inspect.signature(_class_of(model_type)).parameters)


def uses_backbone(model_type: str) -> bool:
    """Return whether the network has a choice of encoders (argument ``backbone``), for which ImageNet weights exist.

    Raises:
        ValueError: there is no such network.
    """
    return "backbone" in network_arguments(model_type)


def _class_of(model_type: str) -> type[RoadNetwork]:
    if model_type not in _NETWORKS:
        raise ValueError(f"there is no network '{model_type}': choose one of {', '.join(MODEL_TYPES)}")
    return _NETWORKS[model_type]
