"""The road model that comes with Roadsmith, wherever no model is named, and where it is to be trained further."""

from pathlib import Path

import pytest
from qgis.core import NULL, QgsProcessingContext, QgsProcessingException

from .drawn import drawn
from .samples import run

pytestmark = pytest.mark.usefixtures("provider")
PACKAGE = Path(__file__).resolve().parents[2] / "models" / "pretrained" / "roads.dlpk"
MISSING = r"comes with Roadsmith is missing .*: install the plugin again, or name a model of your own"
NONE_NAMED = [{}, {"MODEL": None}, {"MODEL": ""}, {"MODEL": NULL}]


@pytest.fixture
def without(monkeypatch, tmp_path):
    """Take the shipped model away."""
    from roadsmith.processing_provider import shipped_model

    monkeypatch.setattr(shipped_model, "_PACKAGE", tmp_path / "pretrained" / "roads.dlpk")


def test_it_is_there_and_small_enough_for_the_plugin(provider):
    from roadsmith.processing_provider.model_facts import read_model_facts
    from roadsmith.processing_provider.shipped_model import about_shipped_model, is_shipped, shipped_model

    assert Path(shipped_model()) == PACKAGE and about_shipped_model() == ""
    assert is_shipped(str(PACKAGE)) and not is_shipped("") and not is_shipped("/m/roads.dlpk")
    facts = read_model_facts(shipped_model())
    assert facts is not None and facts.bands == [1, 2, 3]
    assert PACKAGE.stat().st_size <= 15_000_000


@pytest.mark.parametrize("given", NONE_NAMED)
@pytest.mark.parametrize(("algorithm", "build", "field"), [
    ("classifypixels", "classification_job", "model"), ("trainrefinementstage", "refinement_job", "first_model"),
])
def test_no_model_is_the_shipped_one(provider, algorithm, build, field, given):
    from roadsmith.processing_provider.classification_job import classification_job
    from roadsmith.processing_provider.refinement_job import refinement_job

    make = {"classification_job": classification_job, "refinement_job": refinement_job}[build]
    parameters = {"TRAINING_DATA": "/data", "OUTPUT": "/o", **given}
    assert getattr(make(provider.algorithm(algorithm), parameters, QgsProcessingContext()), field) == str(PACKAGE)
    own = {**parameters, "MODEL": "/m/own.dlpk"}
    assert getattr(make(provider.algorithm(algorithm), own, QgsProcessingContext()), field) == "/m/own.dlpk"


@pytest.mark.usefixtures("without")
@pytest.mark.parametrize("name", ["classifypixels", "trainrefinementstage", "trainroadextractor", "extractroads"])
def test_one_sentence_if_it_is_missing(name, tmp_path, feedback):
    (tmp_path / "data").mkdir()
    parameters = {
        "INPUT": drawn(tmp_path), "TRAINING_DATA": str(tmp_path / "data"), "SHIPPED_MODEL": True,
        "OUTPUT": str(tmp_path / ("o.gpkg" if name == "extractroads" else "o.tif")),
    }
    with pytest.raises(QgsProcessingException, match=MISSING):
        run(name, parameters, feedback)
    assert not list(tmp_path.glob("o*"))


def test_a_training_begins_with_it_or_not(provider):
    from roadsmith.processing_provider.training_job import training_job

    algorithm = provider.algorithm("trainroadextractor")

    def begins_with(**given):
        parameters = {"TRAINING_DATA": "/data", "OUTPUT": "/o", **given}
        return training_job(algorithm, parameters, QgsProcessingContext()).pretrained_model

    assert begins_with() == begins_with(SHIPPED_MODEL=False) == ""
    assert begins_with(SHIPPED_MODEL=True) == begins_with(SHIPPED_MODEL="true") == str(PACKAGE)
    assert begins_with(PRETRAINED_MODEL="/m/own.dlpk") == "/m/own.dlpk"


@pytest.mark.parametrize(("given", "sentence"), [
    ({"PRETRAINED_MODEL": str(PACKAGE)}, "a model to go on from beside the one that comes with Roadsmith: leave it empty"),
    ({"BASE_WIDTH": 8, "MODEL_TYPE": "unet"}, "whose network has a width of its own"),
    ({"IMAGENET_WEIGHTS": "DOWNLOAD"}, "which has weights of its own"),
])
def test_what_contradicts_it_is_said(given, sentence, tmp_path, feedback):
    parameters = {"TRAINING_DATA": str(tmp_path), "SHIPPED_MODEL": True, "OUTPUT": str(tmp_path / "model"), **given}
    with pytest.raises(QgsProcessingException, match=sentence):
        run("trainroadextractor", parameters, feedback)


def test_it_classifies_and_the_log_says_that_it_does(tmp_path, feedback, monkeypatch):
    from osgeo import gdal

    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    imagery, small = drawn(tmp_path), str(tmp_path / "small.tif")
    gdal.Translate(small, imagery, srcWin=[0, 0, 64, 64], bandList=[1, 2, 3]).FlushCache()
    result = run("classifypixels", {"INPUT": small, "DEVICE": "cpu", "OUTPUT": str(tmp_path / "roads.tif")}, feedback)
    assert Path(result["OUTPUT"]).is_file()
    assert any(text.startswith("Model (the one that comes with Roadsmith): ") for text in feedback.texts("info"))
