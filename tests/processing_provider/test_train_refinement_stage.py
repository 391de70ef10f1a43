"""A second stage trained on tiny chips with the real worker, and the package of both classified with."""

from pathlib import Path

import pytest
from qgis.core import QgsProcessingException

from .pairs import definition, model_weights, weights, write_pairs
from .samples import run, town_raster
from .small_models import make_models

pytestmark = pytest.mark.usefixtures("provider")
SECOND = {
    "VALIDATION_PERCENT": 25, "SPLIT": "random", "EPOCHS": 1, "BATCH_SIZE": 3, "BASE_WIDTH": 2, "LAYERS": 2,
    "LEARNING_RATE": 0.01, "MIN_SAMPLE_IOU": 0, "DEVICE": "cpu", "PRECISION": "float32",
}


@pytest.fixture(autouse=True)
def _one_thread(monkeypatch):
    """Threads that wait for each other at every tiny layer cost more than they bring."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")


def test_two_stages_in_one_package_that_classifies(tmp_path, feedback):
    """The first model says road everywhere; road is a quarter of each chip."""
    data, first = write_pairs(tmp_path / "pairs", 8), make_models(tmp_path, 1.0)["steady"]
    parameters = {"MODEL": first, "TRAINING_DATA": data, **SECOND}
    result = run("trainrefinementstage", {
        **parameters, "KEY_PIXEL_WEIGHT": 1.05, "CORRUPTION": 0.5, "OUTPUT": str(tmp_path / "two"),
    }, feedback)
    assert result["OUTPUT"] == str(tmp_path / "two") and result["EPOCHS_RUN"] == result["BEST_EPOCH"] == 1
    assert result["FIRST_IOU"] == pytest.approx(0.25) and result["FIRST_DICE"] == pytest.approx(0.4)
    assert all(0 <= result[name] <= 1 for name in ("ACCURACY", "MIOU", "DICE", "IOU", "F1", "RELAXED_F1", "THRESHOLD"))
    report = Path(result["REPORT"]).read_text(encoding="utf-8")
    assert "What the second stage changed" in report and "50 % of them spoiled" in report
    assert "above 0.05 of the first map, weight 1.05" in report
    assert any(text.startswith("First stage: resunet, 1 m per pixel") for text in feedback.texts()), feedback.texts()

    found = definition(result)
    assert found["model_type"] == "two_stage" and found["arguments"]["first"]["model_type"] == "resunet"
    assert found["arguments"]["refinement"].items() >= {"base": 2, "n_pool": 2, "residual": "logit"}.items()
    one, two = weights(Path(first).with_suffix(".safetensors")), model_weights(result)
    assert one and all(two[f"first.{name}"] == tensor for name, tensor in one.items())

    answer = run("classifypixels", {
        "INPUT": str(town_raster(tmp_path)), "MODEL": result["MODEL"], "CELL_SIZE": 4, "DEVICE": "cpu",
        "OUTPUT": str(tmp_path / "roads.tif"),
    }, feedback)
    assert Path(answer["OUTPUT"]).is_file() and answer["THRESHOLD_USED"] == pytest.approx(result["THRESHOLD"])
    assert any("Model: two stages: resunet, CUnet, 1 m per pixel" in text for text in feedback.texts())

    # a third stage there is not
    with pytest.raises(QgsProcessingException, match="a model of two stages already"):
        run("trainrefinementstage", {**parameters, "MODEL": result["MODEL"], "OUTPUT": str(tmp_path / "three")}, feedback)
    assert not (tmp_path / "three").exists()
