"""Training on pairs of images and masks, which say neither what is road in them nor how large their pixels are."""

import json
from pathlib import Path

import pytest
from osgeo import gdal
from qgis.core import QgsProcessingException

from .samples import TRAIN, run

pytestmark = pytest.mark.usefixtures("provider")
SIDE = 64


@pytest.fixture
def pairs(tmp_path):
    """Twelve pairs; a mask is 2 on a stripe, 1 on another and 0 on the rest."""
    for kind in ("images", "masks"):
        (tmp_path / "pairs" / kind).mkdir(parents=True)
    picture = gdal.GetDriverByName("MEM").Create("", SIDE, SIDE, 3)
    mask = gdal.GetDriverByName("MEM").Create("", SIDE, SIDE, 1)
    stripes = [2] * 8 + [0] * 24 + [1] * 8 + [0] * 24
    for band in (1, 2, 3):
        picture.GetRasterBand(band).WriteRaster(0, 0, SIDE, SIDE, bytes(90 + 60 * value for value in stripes) * SIDE)
    mask.GetRasterBand(1).WriteRaster(0, 0, SIDE, SIDE, bytes(stripes) * SIDE)
    for number in range(12):
        for kind, data in (("images", picture), ("masks", mask)):
            gdal.GetDriverByName("PNG").CreateCopy(str(tmp_path / "pairs" / kind / f"{number}.png"), data)
    return str(tmp_path / "pairs")


def train(pairs, folder, feedback, **options):
    parameters = {**TRAIN, "TRAINING_DATA": pairs, "SPLIT": "random", "OUTPUT": str(folder / "model"), **options}
    return run("trainroadextractor", parameters, feedback)


def test_road_label_and_cell_size_reach_the_model(pairs, tmp_path, feedback):
    result = train(pairs, tmp_path, feedback, ROAD_LABEL="2", CELL_SIZE=0.5)
    definition = json.loads((Path(result["OUTPUT"]) / "model.emd").read_text())
    assert definition["Roadsmith"]["cell_metres"] == pytest.approx([0.5, 0.5])


def test_a_road_label_that_is_nowhere(pairs, tmp_path, feedback):
    with pytest.raises(QgsProcessingException, match="7"):
        train(pairs, tmp_path, feedback, ROAD_LABEL="7")
    assert not (tmp_path / "model").exists()
