"""The networks by name."""

from __future__ import annotations

from typing import Any

from .linknet import LinkNetMultiTask
from .network import RoadNetwork

_NETWORKS: dict[str, type[RoadNetwork]] = {"linknet": LinkNetMultiTask}

MODEL_TYPES = tuple(_NETWORKS)


def build(model_type: str, **arguments: Any) -> RoadNetwork:
    """Return a new network with random weights.

    Args:
        model_type: one of ``MODEL_TYPES``.
        arguments: those of the network's class.

    Raises:
        ValueError: there is no such network, or it takes no such arguments.
    """
    if model_type not in _NETWORKS:
        raise ValueError(f"there is no network '{model_type}': choose one of {', '.join(MODEL_TYPES)}")
    try:
        return _NETWORKS[model_type](**arguments)
    except TypeError as error:
        raise ValueError(f"the network '{model_type}' cannot be built from {arguments}: {error}") from error
