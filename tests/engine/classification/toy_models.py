"""Small networks in real packages, and a short way to classify with them."""

from __future__ import annotations

from functools import partial

import numpy as np
import rasterio
import torch
from roadsmith.engine.classification import classify as classify_module
from roadsmith.engine.classification.parts import parts_of
from roadsmith.engine.jobs import ClassifyPixels
from roadsmith.engine.reporter import Reporter
from roadsmith.models.network import RoadNetwork, RoadOutputs
from roadsmith.models.package import PackageInfo, write_package
from torch import nn


class TinyNetwork(RoadNetwork):
    """Two convolutions: quick, and its answer at a pixel depends on the pixels around it, like a real one's."""

    size_multiple = 8

    def __init__(self, bands=3):
        super().__init__(bands=bands)
        self.layers = nn.Sequential(nn.Conv2d(bands, 8, 5, padding=2), nn.ReLU(), nn.Conv2d(8, 2, 3, padding=1))

    def forward(self, images):
        return RoadOutputs(self.layers(images), images[:, :1])


class BrightnessNetwork(RoadNetwork):
    """Answers the brightness of each pixel, so that every pixel of the result can be foretold."""

    size_multiple = 8

    def forward(self, images):
        return RoadOutputs(torch.stack([torch.zeros_like(images[:, 0]), images[:, 0]], 1), images[:, :1])


def write_model(folder, model_type, network, **more):
    """Write a package for bands 1 to 3 at 1 m."""
    info = PackageInfo(
        model_type=model_type, arguments=network.arguments, bands=[1, 2, 3], band_means=[127.0] * 3, band_stds=[60.0] * 3,
        cell_metres=(1.0, 1.0), chip_size=64, **more,
    )
    return write_package(folder, "model", network, info)


def classify(raster, model, output, reporter=None, **options):
    """Run the job on the CPU with small tiles; the probability raster goes beside the classes as ``NAME_p.tif``."""
    options = {
        "tile_size": 64, "padding": 8, "device": "cpu", "probability": str(output.with_name(f"{output.stem}_p.tif")), **options,
    }
    job = ClassifyPixels(raster=str(raster), model=str(model), output=str(output), **options)
    return classify_module.classify_pixels(job, reporter or Reporter())


def cut_small(monkeypatch, rows=96, columns=10_000):
    """Cut areas into parts small enough for small rasters."""
    monkeypatch.setattr(classify_module, "parts_of", partial(parts_of, rows=rows, columns=columns))


def read(path, band=1):
    """Return a band."""
    with rasterio.open(path) as file:
        return file.read(band)


def assert_same(one, other):
    """Both rasters of two runs are the same, bit for bit."""
    for suffix in ("", "_p"):
        np.testing.assert_array_equal(*(read(each.with_name(f"{each.stem}{suffix}.tif")) for each in (one, other)))
