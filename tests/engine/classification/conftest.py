"""The toy models as fixtures."""

from __future__ import annotations

import pytest
import torch
from roadsmith.models import registry

from .toy_models import BrightnessNetwork, TinyNetwork, write_model


@pytest.fixture
def model(tmp_path_factory, monkeypatch):
    """A package with random weights, for 3 bands at 1 m: its answers mean nothing, but they depend on every pixel."""
    monkeypatch.setitem(registry._NETWORKS, "tiny", TinyNetwork)
    torch.manual_seed(3)
    return write_model(tmp_path_factory.mktemp("model"), "tiny", TinyNetwork())


@pytest.fixture
def brightness_model(tmp_path_factory, monkeypatch):
    """A package whose answer is each pixel's own brightness."""
    monkeypatch.setitem(registry._NETWORKS, "brightness", BrightnessNetwork)
    return write_model(tmp_path_factory.mktemp("brightness"), "brightness", BrightnessNetwork(bands=3))
