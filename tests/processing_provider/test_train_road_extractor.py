"""Training on pairs of images and masks, which say neither what is road in them nor how large their pixels are."""

from pathlib import Path

import pytest
from qgis.core import QgsProcessingException

from .pairs import definition, train, write_pairs

pytestmark = pytest.mark.usefixtures("provider")
SCORES = ["VALID_LOSS", "ACCURACY", "MIOU", "DICE", "IOU", "F1", "RELAXED_F1"]


@pytest.fixture
def pairs(tmp_path):
    """Twelve pairs; a mask is 2 on a stripe, 1 on another and 0 on the rest."""
    return write_pairs(tmp_path / "pairs", 12, mask=[2] * 8 + [0] * 24 + [1] * 8 + [0] * 24)


@pytest.fixture(autouse=True)
def _one_thread(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")


def test_a_training_with_settings_of_all_kinds(pairs, tmp_path, feedback):
    result = train(
        pairs, tmp_path / "model", feedback, ROAD_LABEL="2", CELL_SIZE=0.5, MODEL_TYPE="linknet", CHIP_SIZE=32, ACCUMULATE=2,
        MONITOR="relaxed_f1", LOSS="WEIGHTED_BCE_DICE", POSITIVE_WEIGHT=3, AUGMENTATION="CUSTOM",
        AUGMENTATION_PARAMETERS="rotate=30; 0.5,brightness=(0.4, 0.6); 1.0",
    )
    assert definition(result)["cell_metres"] == pytest.approx([0.5, 0.5])
    assert result["EPOCHS_RUN"] == result["BEST_EPOCH"] == 1
    assert all(0 <= result[name] <= 1 for name in SCORES[1:]) and result["VALID_LOSS"] > 0
    assert result["F1"] == result["DICE"] and result["RELAXED_F1"] >= result["F1"] >= result["IOU"]
    report = (Path(result["REPORT"])).read_text()
    assert "linknet, resnet18" in report and "weighted_bce_dice" in report and "rotate -30 to 30 (50%)" in report


def test_a_road_label_that_is_nowhere(pairs, tmp_path, feedback):
    with pytest.raises(QgsProcessingException, match="7"):
        train(pairs, tmp_path / "model", feedback, ROAD_LABEL="7")
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
    ({"BASE_WIDTH": 8}, "The network linknet has a backbone and no first width"),
    ({"BASE_WIDTH": 8, "MODEL_TYPE": "dlinknet"}, "The network dlinknet has a backbone and no first width"),
    ({"BASE_WIDTH": 6, "MODEL_TYPE": "hourglass"}, "first width of hourglass cannot be 6: choose a multiple of 4"),
    ({"BASE_WIDTH": 8, "MODEL_TYPE": "unet", "PRETRAINED_MODEL": "m.dlpk"}, "network has a width of its own"),
    ({"PRECISION": "float16"}, "The device cpu cannot train in float16"),
    ({"DEVICE": "mps", "NUM_PROCESSES": 2}, "Apple's GPU trains in one process alone, not in 2"),
    ({"VALIDATION_DATA": ";"}, "VALIDATION_DATA is empty"),
    ({"PRETRAINED_MODEL": __file__}, r"of another kind: choose a file that ends in \.dlpk or \.emd"),
])
def test_contradictions_and_useless_files_are_one_sentence(pairs, tmp_path, feedback, options, sentence):
    with pytest.raises(QgsProcessingException, match=sentence) as caught:
        train(pairs, tmp_path / "model", feedback, **options)
    assert "Traceback" not in str(caught.value)
    assert not (tmp_path / "model").exists()


def test_the_same_folder_to_train_and_to_validate_on(pairs, tmp_path, feedback):
    with pytest.raises(QgsProcessingException, match="pairs is to be trained and validated on"):
        train(pairs, tmp_path / "model", feedback, VALIDATION_DATA=f"{tmp_path / 'other'};{tmp_path}/./pairs/")


def test_a_graphical_model_is_told_of_contradictions_too(provider, pairs, tmp_path, feedback):
    """It runs algorithms without asking whether their parameters fit together."""
    from qgis.core import QgsProcessingContext

    algorithm = provider.algorithm("trainroadextractor").create()
    parameters = {"TRAINING_DATA": pairs, "OUTPUT": str(tmp_path / "model"), "AUGMENTATION": "FILE"}
    with pytest.raises(QgsProcessingException, match="none is named"):
        algorithm.processAlgorithm(parameters, QgsProcessingContext(), feedback)
