"""The shipped model, run by ``qgis_process``: no window, no console, a process of its own."""

import os
import subprocess
from pathlib import Path

import pytest
from qgis.core import QgsRasterLayer, QgsVectorLayer

from .samples import EXPORT

MODEL = Path(__file__).resolve().parents[2] / "processing_provider" / "graphical_models" / "road_workflow.model3"


def qgis_process(*arguments, **variables):
    program = os.environ.get("QGIS_PROCESS", "qgis_process")
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", **variables}
    command = [program, *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=False)


@pytest.mark.usefixtures("qgis_app")
def test_the_four_tools_in_a_chain(tmp_path):
    profile = {"QGIS_CUSTOM_CONFIG_PATH": str(tmp_path / "profile")}
    # a small image, because a model has no extent here: the sample at a quarter of its resolution is enough to chain
    assert qgis_process("plugins", "enable", "roadsmith", **profile).returncode == 0
    outputs = {
        "export:training_data": tmp_path / "data", "train:road_model": tmp_path / "road model",
        "classify:classified": tmp_path / "roads.tif", "classify:probability": tmp_path / "probability.tif",
        "vectorise:roads": tmp_path / "roads.gpkg", "vectorise:nodes": tmp_path / "nodes.gpkg",
    }
    inputs = {
        "IMAGERY": EXPORT["INPUT"], "ROADS": EXPORT["LABELS"], "ROAD_WIDTH": 30, "CELL_SIZE": 8, "TILE_SIZE": 64,
        "BACKBONE": "resnet18", "EPOCHS": 1,
    }
    answer = qgis_process("run", MODEL, "--", *(f"{key}={value}" for key, value in {**inputs, **outputs}.items()), **profile)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert (tmp_path / "road model" / "road model.dlpk").is_file()
    assert QgsRasterLayer(str(outputs["classify:classified"]), "classes").isValid()
    assert QgsVectorLayer(str(outputs["vectorise:roads"]), "roads", "ogr").isValid()
    assert QgsVectorLayer(str(outputs["vectorise:nodes"]), "nodes", "ogr").isValid()
