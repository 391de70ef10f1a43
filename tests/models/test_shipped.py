"""The shipped model finds the roads of a cut-out of tile 8, on which it was never trained."""

from pathlib import Path

import rasterio
import torch
from roadsmith.engine.training.metrics import RoadScores
from roadsmith.models.normalisation import normalise
from roadsmith.models.package import load_package

ROOT = Path(__file__).resolve().parents[2]
#: Recorded when the package was made.
F1, IOU = 0.7000, 0.5385


def test_it_reaches_its_recorded_score_on_a_suburb():
    package = ROOT / "models" / "pretrained" / "roads.dlpk"
    model = load_package(package)
    with rasterio.open(ROOT / "examples" / "data" / "massachusetts_suburb.tif") as image:
        pixels = torch.from_numpy(image.read())[None].float()
    with rasterio.open(ROOT / "examples" / "data" / "massachusetts_suburb_roads.tif") as truth:
        label = torch.from_numpy(truth.read())
    scores = RoadScores(model.info.threshold)
    with torch.inference_mode():
        scores.add(model.network.road_probability(normalise(pixels, model.info.band_means, model.info.band_stds)), label)
    found = scores.figures()
    assert abs(found["f1"] - F1) < 0.01 and abs(found["iou"] - IOU) < 0.01, found
    assert package.stat().st_size < 15e6 and "OpenStreetMap" in model.info.attribution
