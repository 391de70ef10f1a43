"""The networks by name."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from .cunet import CUnet
from .dlinknet import DLinkNet
from .efficient_unet import EfficientUNet
from .hourglass import HourglassMultiTask
from .linknet import LinkNetMultiTask
from .network import RoadNetwork
from .resunet import ResUNet
from .segnet import SegNet
from .two_stage import TwoStageNetwork
from .unet import UNet

#: The name of a network in two stages, which has a training of its own.
TWO_STAGE = "two_stage"


def _two_stage(bands: int = 3, first: Any = None, refinement: Any = None) -> TwoStageNetwork:
    """Return both stages in one.

    Args:
        first: ``model_type`` and ``arguments`` of the first network. refinement: arguments of the ``CUnet``.
    """
    if not (isinstance(first, dict) and isinstance(refinement, dict) and isinstance(first.get("arguments"), dict)):
        raise ValueError("a network in two stages needs a description of each")
    if first.get("model_type") == TWO_STAGE:
        raise ValueError("the first of two stages cannot have two stages itself")
    if {bands} != {first["arguments"].get("bands"), refinement.get("bands")}:
        raise ValueError("both stages must take the same number of bands")
    arguments = {"bands": bands, "first": first, "refinement": refinement}
    return TwoStageNetwork(build(str(first.get("model_type")), **first["arguments"]), CUnet(**refinement), arguments)


_NETWORKS: dict[str, Callable[..., RoadNetwork]] = {
    "hourglass": HourglassMultiTask,
    "linknet": LinkNetMultiTask,
    "unet": UNet,
    "segnet": SegNet,
    "resunet": ResUNet,
    "dlinknet": DLinkNet,
    "efficient_unet": EfficientUNet,
    TWO_STAGE: _two_stage,
}

#: Those that Train Road Extractor offers.
MODEL_TYPES = tuple(name for name in _NETWORKS if name != TWO_STAGE)


def build(model_type: str, **arguments: Any) -> RoadNetwork:
    """Return a new network with random weights.

    Args:
        model_type: one of ``MODEL_TYPES``, or ``TWO_STAGE``.
        arguments: those of the network's class.

    Raises:
        ValueError: there is no such network, or it takes no such arguments.
    """
    network = _maker(model_type)
    try:
        return network(**arguments)
    except TypeError as error:
        raise ValueError(f"the network '{model_type}' cannot be built from {arguments}: {error}") from error


def network_arguments(model_type: str) -> tuple[str, ...]:
    """Return the names of the arguments with which ``build`` makes this network; all have ``bands``.

    Raises:
        ValueError: there is no such network.
    """
    return tuple(inspect.signature(_maker(model_type)).parameters)


def uses_backbone(model_type: str) -> bool:
    """Return whether the network has a choice of encoders (argument ``backbone``), for which ImageNet weights exist.

    Raises:
        ValueError: there is no such network.
    """
    return "backbone" in network_arguments(model_type)


def _maker(model_type: str) -> Callable[..., RoadNetwork]:
    if model_type not in _NETWORKS:
        raise ValueError(f"there is no network '{model_type}': choose one of {', '.join(MODEL_TYPES)}")
    return _NETWORKS[model_type]
