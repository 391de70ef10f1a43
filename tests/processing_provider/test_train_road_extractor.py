"""Training on pairs of images and masks, which say neither what is road in them nor how large their pixels are."""

import json
from pathlib import Path

import pytest
from osgeo import gdal
from qgis.core import QgsProcessingException

from .samples import TRAIN, run

pytestmark = pytest.mark.usefixtures("provider")
SIDE = 64
SCORES = ["VALID_LOSS", "ACCURACY", "MIOU", "DICE", "IOU", "F1", "RELAXED_F1"]


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


def test_a_training_with_settings_of_all_kinds(pairs, tmp_path, feedback):
    result = train(
        pairs, tmp_path, feedback, ROAD_LABEL="2", CELL_SIZE=0.5, MODEL_TYPE="linknet", CHIP_SIZE=32, ACCUMULATE=2,
        MONITOR="relaxed_f1", LOSS="WEIGHTED_BCE_DICE", POSITIVE_WEIGHT=3, AUGMENTATION="CUSTOM",
        AUGMENTATION_PARAMETERS="rotate=30; 0.5,brightness=(0.4, 0.6); 1.0",
    )
    definition = json.loads((Path(result["OUTPUT"]) / "model.emd").read_text())
    assert definition["Roadsmith"]["cell_metres"] == pytest.approx([0.5, 0.5])
    assert result["EPOCHS_RUN"] == result["BEST_EPOCH"] == 1
    assert all(0 <= result[name] <= 1 for name in SCORES[1:]) and result["VALID_LOSS"] > 0
    assert result["F1"] == result["DICE"] and result["RELAXED_F1"] >= result["F1"] >= result["IOU"]
    report = (Path(result["REPORT"])).read_text()
    assert "linknet, resnet18" in report and "weighted_bce_dice" in report and "rotate -30 to 30 (50%)" in report


def test_a_road_label_that_is_nowhere(pairs, tmp_path, feedback):
    with pytest.raises(QgsProcessingException, match="7"):
        train(pairs, tmp_path, feedback, ROAD_LABEL="7")
    assert not (tmp_path / "model").exists()


@pytest.mark.parametrize(("options", "sentence"), [
    ({"IMAGENET_WEIGHTS": "FILE"}, "a file, and none is named"),
    ({"WEIGHTS_FILE": "w.pth"}, "There is a weights file, but the backbone's weights are NONE"),
    ({"IMAGENET_WEIGHTS": "DOWNLOAD", "WEIGHTS_FILE": "w.pth"}, "There is a weights file, but .* are DOWNLOAD"),
    ({"IMAGENET_WEIGHTS": "DOWNLOAD", "MODEL_TYPE": "unet"}, "The network unet has no backbone"),
    ({"IMAGENET_WEIGHTS": "FILE", "WEIGHTS_FILE": "w.pth", "MODEL_TYPE": "hourglass"}, "The network hourglass has no backbone"),
    ({"IMAGENET_WEIGHTS": "DOWNLOAD", "PRETRAINED_MODEL": "m.dlpk"}, "a model to go on from, which has weights of its own"),
    ({"AUGMENTATION": "CUSTOM"}, "The augmentation is CUSTOM, but its table is empty"),
    ({"AUGMENTATION": "CUSTOM", "AUGMENTATION_PARAMETERS": ["rotate", ""]}, "The augmentation 'rotate' has the value ''"),
    ({"AUGMENTATION": "CUSTOM", "AUGMENTATION_PARAMETERS": "zoom=2,zoom=3"}, "The augmentation 'zoom' is given twice"),
    ({"AUGMENTATION_PARAMETERS": "zoom=2"}, "There are augmentation parameters, but the augmentation is DEFAULT"),
    ({"AUGMENTATION": "FILE"}, "from a file, and none is named"),
    ({"AUGMENTATION": "NONE", "AUGMENTATION_FILE": "a.json"}, "There is an augmentation file, but the augmentation is NONE"),
    ({"AUGMENTATION": "FILE", "AUGMENTATION_FILE": "/no/where.json"}, "AUGMENTATION_FILE names .*, which is no file"),
    ({"IMAGENET_WEIGHTS": "FILE", "WEIGHTS_FILE": "/no/where.pth"}, "WEIGHTS_FILE names .*, which is no file"),
    ({"PRETRAINED_MODEL": "/no/where.dlpk"}, "PRETRAINED_MODEL names .*, which is no file"),
    ({"PRETRAINED_MODEL": __file__}, r"of another kind: choose a file that ends in \.dlpk or \.emd"),
])
def test_contradictions_and_useless_files_are_one_sentence(pairs, tmp_path, feedback, options, sentence):
    with pytest.raises(QgsProcessingException, match=sentence) as caught:
        train(pairs, tmp_path, feedback, **options)
    assert "Traceback" not in str(caught.value)
    assert not (tmp_path / "model").exists()


def test_a_graphical_model_is_told_of_contradictions_too(provider, pairs, tmp_path, feedback):
    """It runs algorithms without asking whether their parameters fit together."""
    from qgis.core import QgsProcessingContext

    algorithm = provider.algorithm("trainroadextractor").create()
    parameters = {"TRAINING_DATA": pairs, "OUTPUT": str(tmp_path / "model"), "AUGMENTATION": "FILE"}
    with pytest.raises(QgsProcessingException, match="none is named"):
        algorithm.processAlgorithm(parameters, QgsProcessingContext(), feedback)
