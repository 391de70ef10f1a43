"""The whole way on the sample, through ``processing.run``: what a user does in the console."""

import json
import os
import signal
import time
from pathlib import Path

import pytest
from osgeo import gdal
from qgis.core import QgsProcessingContext, QgsProcessingException, QgsProject, QgsRasterLayer, QgsVectorLayer

from .samples import EXPORT, ORTHOPHOTO, TOWN, TRAIN, cancel_after, copy_of, run

pytestmark = pytest.mark.usefixtures("provider")


@pytest.fixture(scope="module")
def workflow(provider, tmp_path_factory):
    """Training data, a model of one epoch, its rasters: made once for all tests of this file."""
    from .conftest import _fixtures

    folder = tmp_path_factory.mktemp("work flow ü")
    feedback = _fixtures.Messages()
    export = run("exporttrainingdata", {**EXPORT, "OUTPUT": str(folder / "data")}, feedback)
    train = run("trainroadextractor", {**TRAIN, "TRAINING_DATA": export["OUTPUT"], "OUTPUT": str(folder / "model")}, feedback)
    parameters = {
        "INPUT": str(ORTHOPHOTO), "MODEL": train["MODEL"], "EXTENT": TOWN, "THRESHOLD": 0.3, "TILE_SIZE": 128, "DEVICE": "cpu",
        "OUTPUT": str(folder / "roads.tif"), "PROBABILITY": str(folder / "probability.tif"),
    }
    classify = run("classifypixels", parameters, feedback)
    results = {"export": export, "train": train, "classify": classify}
    return {"folder": folder, "feedback": feedback, "parameters": parameters, **results}


def test_the_model_is_a_package_with_a_report(workflow):
    train, folder = workflow["train"], Path(workflow["train"]["OUTPUT"])
    assert train["MODEL"] == str(folder / "model.dlpk") and train["EPOCHS_RUN"] == 1
    for name in ("model.emd", "model.safetensors", "model.dlpk", "model_metrics.html", "training_log.jsonl"):
        assert (folder / name).stat().st_size > 0
    assert {"loss_graph.png", "show_results.png"} <= {path.name for path in (folder / "ModelCharacteristics").iterdir()}
    assert Path(train["REPORT"]).is_file()
    epoch = json.loads((folder / "training_log.jsonl").read_text().splitlines()[0])
    assert {"train_loss", "valid_loss", "accuracy", "miou", "dice"} <= epoch.keys()
    assert 0 <= train["DICE"] <= 1 and 0 < train["ACCURACY"] <= 1
    definition = json.loads((folder / "model.emd").read_text())
    assert definition["ModelFile"] == "model.safetensors" and definition["Roadsmith"]["cell_metres"] == pytest.approx([2.5, 2.5])


def test_the_log_tells_what_happens(workflow):
    text = "\n".join(workflow["feedback"].texts())
    assert "CPU" in text and "dice" in text and "chips" in text


def test_classified_raster_in_qgis(workflow):
    layer = QgsRasterLayer(workflow["classify"]["OUTPUT"], "roads")
    assert layer.isValid() and layer.crs().authid() == "EPSG:4326"
    # the style beside the file: background transparent, road red
    classes = {each.value: each.color for each in layer.renderer().classes()}
    assert classes[0].alpha() == 0 and classes[1].red() > 200 and classes[1].alpha() > 200
    assert QgsRasterLayer(workflow["classify"]["PROBABILITY"], "p").isValid()
    assert 0 <= workflow["classify"]["ROAD_SHARE"] <= 1


def test_road_mask_to_lines(workflow, feedback, tmp_path):
    """The known roads as a mask, so that what must come out is known: their length, their widths, shared nodes."""
    import processing

    areas = str(tmp_path / "areas.gpkg")
    options = {"INPUT": EXPORT["LABELS"], "DISTANCE": 5, "SEGMENTS": 5, "DISSOLVE": True, "OUTPUT": areas}
    known = processing.run("native:buffer", options)["OUTPUT"]
    mask = str(tmp_path / "mask.tif")
    gdal.Rasterize(mask, known, burnValues=[1], xRes=1.5, yRes=1.5, outputType=gdal.GDT_Byte, initValues=[0]).FlushCache()
    result = run("rastertoroadvector", {"INPUT": mask, "OUTPUT": str(tmp_path / "roads.gpkg"), "NODES": "memory:"}, feedback)
    layer = QgsVectorLayer(result["OUTPUT"], "roads", "ogr")
    lines = list(layer.getFeatures())
    assert layer.crs().authid() == "EPSG:32734" and len(lines) == result["EDGE_COUNT"] > 20
    roads = QgsVectorLayer(EXPORT["LABELS"], "known", "ogr")
    known_km = sum(feature.geometry().length() for feature in roads.getFeatures()) / 1000
    assert result["LENGTH_KM"] == pytest.approx(known_km, rel=0.1)
    assert sum(line["length_m"] for line in lines) / 1000 == pytest.approx(result["LENGTH_KM"])
    widths = sorted(line["width_m"] for line in lines)
    assert widths[len(widths) // 2] == pytest.approx(10, abs=2)
    nodes = {node["node_id"]: node.geometry().asPoint() for node in result["NODES"].getFeatures()}
    for line in lines:
        points = line.geometry().asPolyline()
        assert points[0] == nodes[line["from_node"]] and points[-1] == nodes[line["to_node"]]


def test_probability_raster_to_a_memory_layer(workflow, feedback):
    parameters = {"INPUT": workflow["classify"]["PROBABILITY"], "THRESHOLD": 0.3, "OUTPUT": "memory:"}
    layer = run("rastertoroadvector", parameters, feedback)["OUTPUT"]
    names = [field.name() for field in layer.fields()]
    expected = "edge_id from_node to_node component_id length_m width_m mean_probability min_probability bridged possible_bridge "
    expected += "road_class"
    assert names == expected.split()


def test_loaded_results_lie_over_the_imagery(workflow, feedback, tmp_path):
    """Processing loads results without their style file; the tools see to it."""
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    details = QgsProcessingContext.LayerDetails("roads", QgsProject.instance(), "OUTPUT")
    output = str(tmp_path / "roads.tif")
    context.addLayerToLoadOnCompletion(output, details)
    run("classifypixels", {**workflow["parameters"], "OUTPUT": output, "PROBABILITY": None}, feedback, context)
    layer = QgsRasterLayer(output, "roads", "gdal", QgsRasterLayer.LayerOptions(False))
    context.layerToLoadOnCompletionDetails(output).postProcessor().postProcessLayer(layer, context, feedback)
    assert {each.value: each.color.alpha() for each in layer.renderer().classes()} == {0: 0, 1: 220}


@pytest.mark.parametrize("kind", ["empty", "foreign", "missing"])
def test_folders_that_are_no_training_data(kind, tmp_path, feedback):
    folder = tmp_path / "data"
    if kind != "missing":
        folder.mkdir()
    if kind == "foreign":
        (folder / "holiday.jpg").touch()
    with pytest.raises(QgsProcessingException, match=r"training data folder|Incorrect parameter value for TRAINING_DATA"):
        run("trainroadextractor", {**TRAIN, "TRAINING_DATA": str(folder), "OUTPUT": str(tmp_path / "model")}, feedback)
    assert not (tmp_path / "model").exists()


@pytest.mark.parametrize("content", [b"", b"no model", b"PK\x03\x04 no zip either"])
def test_files_that_are_no_model(content, workflow, tmp_path, feedback):
    (tmp_path / "model.dlpk").write_bytes(content)
    parameters = {**workflow["parameters"], "MODEL": str(tmp_path / "model.dlpk"), "OUTPUT": str(tmp_path / "out.tif")}
    with pytest.raises(QgsProcessingException, match=r"model\.dlpk"):
        run("classifypixels", {**parameters, "PROBABILITY": None}, feedback)
    assert not list(tmp_path.glob("out*"))


def test_raster_that_breaks_off(workflow, tmp_path, feedback):
    broken = tmp_path / "broken.tif"
    broken.write_bytes(ORTHOPHOTO.read_bytes()[:900_000])
    parameters = {**workflow["parameters"], "INPUT": str(broken), "EXTENT": None, "OUTPUT": str(tmp_path / "out.tif")}
    with pytest.raises(QgsProcessingException, match="damaged or incomplete"):
        run("classifypixels", {**parameters, "PROBABILITY": None}, feedback)
    assert not list(tmp_path.glob("out*"))


def test_output_that_is_no_geotiff(workflow, tmp_path, feedback):
    with pytest.raises(QgsProcessingException, match="must be a GeoTIFF"):
        run("classifypixels", {**workflow["parameters"], "OUTPUT": str(tmp_path / "roads.img")}, feedback)


def test_worker_killed_while_training(workflow, tmp_path, feedback):
    """``kill -9`` in the middle of an epoch, as the system does when memory runs out."""
    seen = {}

    def kill_during_training(text):
        if text.startswith("Worker process"):
            seen["pid"] = int(text.split()[2].rstrip(","))
        if "Training" in text and "killed" not in seen:
            seen["killed"] = True
            os.kill(seen["pid"], signal.SIGKILL)

    feedback.on_text = kill_during_training
    parameters = {**TRAIN, "EPOCHS": 50, "TRAINING_DATA": workflow["export"]["OUTPUT"], "OUTPUT": str(tmp_path / "model")}
    with pytest.raises(QgsProcessingException, match="memory"):
        run("trainroadextractor", parameters, feedback)
    # what is left is where a training goes on, no half model
    assert seen.get("killed") and {path.name for path in tmp_path.iterdir()} <= {"model~checkpoint"}


@pytest.mark.parametrize("name", ["exporttrainingdata", "trainroadextractor", "classifypixels", "rastertoroadvector"])
def test_cancel_within_two_seconds(name, workflow, tmp_path, feedback):
    output = tmp_path / {"classifypixels": "out.tif", "rastertoroadvector": "out.gpkg"}.get(name, "out")
    large = {"CELL_SIZE": 0.1, "EXTENT": None, "TILE_SIZE": 256}
    parameters = {
        "exporttrainingdata": {**EXPORT, **large, "STRIDE": 64, "NO_FEATURE_TILES": "ALL_TILES"},
        "trainroadextractor": {**TRAIN, "EPOCHS": 500, "TRAINING_DATA": workflow["export"]["OUTPUT"]},
        "classifypixels": {**workflow["parameters"], **large, "PROBABILITY": str(tmp_path / "p.tif")},
        "rastertoroadvector": {"INPUT": large_mask(tmp_path), "NODES": None},
    }[name]
    before = {path for path in tmp_path.iterdir() if "large" not in path.name}
    begun = {"exporttrainingdata": "Cutting", "trainroadextractor": "Training", "classifypixels": "Classifying"}
    cancel_after(feedback, lambda text: begun.get(name, "Finding centre lines") in text)
    run(name, {**parameters, "OUTPUT": str(output)}, feedback)
    assert feedback.cancelled_at is not None, feedback.texts()
    waited = time.monotonic() - feedback.cancelled_at
    print(f"{name}: stopped {waited:.2f} s after the cancel")
    assert waited < 4.5  # two seconds by contract, and some for a loaded machine to notice
    # an export keeps what it has cut, a classification what it has finished, to go on from there
    assert {path for path in tmp_path.iterdir() if "large" not in path.name and not path.name.endswith("~unfinished")} == before


def large_mask(folder):
    """A mask large enough that its skeleton takes a while: the sample's mask, eight times as large."""
    source = copy_of(ORTHOPHOTO.with_name("massachusetts_tile_mask.png"), folder / "large_mask.png")
    target = str(folder / "large.tif")
    gdal.Translate(
        target, str(source), outputSRS="EPSG:26986", outputBounds=[200000, 890000, 212000, 878000], widthPct=800, heightPct=800
    ).FlushCache()
    return target
