"""Small data and small trainings for the tests."""

from __future__ import annotations

import threading
import time

import numpy as np
import torch
from affine import Affine
from roadsmith.engine.jobs import TrainRoadExtractor
from roadsmith.engine.reporter import Reporter
from roadsmith.models.network import RoadNetwork, RoadOutputs

from ..conftest import write_raster

LINKNET = {"model_type": "linknet", "backbone": "resnet18"}


class TinyNetwork(RoadNetwork):
    """Stands in where only what happens around a network is tested: one layer, no time."""

    def __init__(self, backbone="none", bands=3, orientation_classes=19):
        super().__init__(backbone=backbone, bands=bands, orientation_classes=orientation_classes)
        self.scores = torch.nn.Conv2d(bands, 2 + orientation_classes, 3, padding=1)

    def forward(self, images):
        scores = self.scores(images)
        return RoadOutputs(scores[:, :2], scores[:, 2:])


def write_folder(folder, count=4, size=64, bands=3, nodata=False):
    """Chips side by side, each with one bright road, upright or level, on dark noise."""
    generator = np.random.default_rng(0)
    (folder / "images").mkdir(parents=True)
    (folder / "labels").mkdir()
    lines = []
    for number in range(count):
        label = np.zeros((size, size), np.uint8)
        start = size * (number % 4 + 1) // 6
        road = slice(start, start + size // 6)
        if number % 2:
            label[:, road] = 1
        else:
            label[road] = 1
        image = generator.integers(0, 60, (bands, size, size)) + 120 * label
        if nodata:
            label[:, :8] = 255
        place = Affine(1, 0, 500000 + number * size, 0, -1, 5000000)
        write_raster(folder / "images" / f"{number}.tif", image.astype(np.uint8), transform=place)
        write_raster(folder / "labels" / f"{number}.tif", label[None], transform=place, nodata=255)
        lines.append(f"images\\{number}.tif  labels\\{number}.tif\n")
    (folder / "map.txt").write_text("".join(lines))
    return folder


def make_job(data, output, **changes):
    settings = {
        "training_data": [str(data)], "output_folder": str(output), "model_type": "tiny", "epochs": 1, "batch_size": 2,
        "validation_percent": 25.0, "device": "cpu", "early_stopping": False, "learning_rate": 2e-3,
    }
    return TrainRoadExtractor(**{**settings, **changes})


class Listener(list):
    """Collects events, and cancels when told to."""

    def __init__(self, cancel_when=lambda event: False):
        super().__init__()
        self.cancel, self.cancel_when, self.cancelled_at = threading.Event(), cancel_when, 0.0
        self.reporter = Reporter(self.receive, self.cancel)

    def receive(self, event):
        self.append(event)
        if self.cancel_when(event) and not self.cancel.is_set():
            self.cancelled_at = time.monotonic()
            self.cancel.set()

    def of(self, kind):
        return [event for event in self if isinstance(event, kind)]
