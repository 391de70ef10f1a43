"""What the tests of the notebook face share: tiny chips and a network that takes no time."""

from __future__ import annotations

import pytest
import torch
from roadsmith.engine.training.multi_task_road_extractor import MultiTaskRoadExtractor
from roadsmith.models import registry

from ..engine.training.small_trainings import TinyNetwork, write_folder


@pytest.fixture(autouse=True)
def one_thread():
    """Tiny networks run faster on one thread than on several that wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(autouse=True)
def tiny_network(monkeypatch):
    monkeypatch.setitem(registry._NETWORKS, "tiny", TinyNetwork)
    monkeypatch.setattr(MultiTaskRoadExtractor, "model_types", ("hourglass", "linknet", "tiny"))


@pytest.fixture(scope="session")
def chips(tmp_path_factory):
    """Eight chips of 32 pixels, each with one bright road on dark noise."""
    return write_folder(tmp_path_factory.mktemp("chips") / "data", count=8, size=32)
