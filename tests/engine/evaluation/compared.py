"""Predictions and truths to compare, and a short way to compare them."""

from __future__ import annotations

import warnings

import numpy as np
import rasterio
from affine import Affine
from rasterio.errors import NotGeoreferencedWarning
from roadsmith.engine.evaluation.accuracy import compute_accuracy
from roadsmith.engine.jobs import ComputeAccuracy
from roadsmith.engine.reporter import Reporter
from scipy.ndimage import gaussian_filter, shift

from ..conftest import SAMPLES, write_raster

WEST, NORTH = 500_000, 5_000_000
#: What Affine says of cells of one metre there.
CELLS = Affine(1, 0, WEST, 0, -1, NORTH)


class Listener(Reporter):
    def __init__(self):
        self.events = []
        super().__init__(self.events.append)

    def warnings(self):
        return [event.text for event in self.events if event.kind == "warning"]


def score(folder, prediction, truth, reporter=None, **options):
    options = {"report": str(folder / "report.html"), "error_map": str(folder / "errors.tif"), "tolerance": 3.0, **options}
    job = ComputeAccuracy(prediction=str(prediction), truth=str(truth), **options)
    return compute_accuracy(job, reporter or Reporter())


def classified(path, road, **options):
    return write_raster(path, np.asarray(road, np.uint8)[None], nodata=255, **options)


def errors_of(folder):
    with rasterio.open(folder / "errors.tif") as file:
        return file.read(1)


def real_pair() -> tuple[np.ndarray, np.ndarray]:
    """A real road mask and a prediction of it: blurred, shifted, with noise; 400 × 500 pixels."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        file = rasterio.open(SAMPLES / "massachusetts_tile_mask.png")
    with file:
        road = file.read(1)[300:700, 200:700] > 127
    noise = np.random.default_rng(3).normal(size=road.shape)
    probability = gaussian_filter(shift(road.astype(float), (1, -2), order=0), 2) * 1.5 + gaussian_filter(noise, 6)
    return road, np.rint(np.clip(probability, 0, 1) * 254).astype(np.uint8)
