"""The work itself, in the order of the tutorial, and the pictures on the way. Runs inside QGIS."""

from __future__ import annotations

from typing import Any

import processing
from qgis.core import QgsProject
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import QTabWidget
from qgis.utils import iface

from .dialogs import Tool
from .map_view import hide, layer_id, unfold, zoom, zoom_to_first_sample
from .pages import keep_page
from .set_up import the_monitor
from .window import HEIGHT, TOWN, WIDTH, keep_window, pump, wait

_CELL_SIZE, _TILE_SIZE, _ROAD_WIDTH = 1, 256, 10
_EPOCHS = 6


def open_suburb() -> None:
    """Imagery such as the model that comes with Roadsmith knows."""
    iface.addRasterLayer(str(TOWN / "massachusetts_suburb.tif"), "massachusetts_suburb")
    iface.zoomFull()
    pump(1)


def extract_from_suburb() -> None:
    """Roads with the model that comes with Roadsmith."""
    tool = Tool("extractroads", {
        "INPUT": layer_id("massachusetts_suburb"), "OUTPUT": "TEMPORARY_OUTPUT", "GAPS": "TEMPORARY_OUTPUT",
    }, 900)
    tool.keep().start().finish()
    tool.keep("log").close()
    unfold("Roads", "Gaps to review")
    keep_window("suburb_roads")


def extract_from_countryside() -> None:
    """The same where that model finds next to nothing."""
    iface.newProject(False)
    layer = iface.addRasterLayer(str(TOWN / "swellendam_orthophoto.tif"), "swellendam_orthophoto")
    iface.zoomFull()
    tool = Tool("extractroads", {"INPUT": layer.id(), "OUTPUT": "TEMPORARY_OUTPUT"})
    tool.start().finish()
    tool.scroll_to("Worker process").keep("nothing_found").close()
    QgsProject.instance().removeMapLayer(layer_id("Roads"))


def open_known_roads() -> None:
    """The roads of the orthophoto that are known, in a colour that can be seen: QGIS's own choice is another each time."""
    layer = iface.addVectorLayer(str(TOWN / "swellendam_roads.fgb"), "swellendam_roads", "ogr")
    layer.renderer().symbol().setColor(QColor(255, 200, 40))
    layer.renderer().symbol().setWidth(0.5)
    layer.triggerRepaint()
    iface.layerTreeView().refreshLayerSymbology(layer.id())
    unfold()
    zoom(1.75, 0.5, 0.5)
    keep_window("known_roads")


def export_and_preview() -> None:
    """Chips from the orthophoto and its known roads, and a look at them."""
    tool = Tool("exporttrainingdata", {
        "INPUT": layer_id("swellendam_orthophoto"), "LABELS": layer_id("swellendam_roads"), "ROAD_WIDTH": _ROAD_WIDTH,
        "CELL_SIZE": _CELL_SIZE, "TILE_SIZE": _TILE_SIZE, "STRIDE": _TILE_SIZE, "OUTPUT": str(TOWN / "training_data"),
    }, 780)
    tool.keep().start().wait_for("Cutting chips").keep("running")
    tool.finish()
    tool.keep("log").close()
    tool = Tool("previewtrainingdata", {
        "TRAINING_DATA": str(TOWN / "training_data"), "ROWS": 2, "AUGMENTED": False, "OUTPUT": str(TOWN / "preview.html"),
    })
    results = tool.keep().start().finish()
    tool.close()
    keep_page(results["OUTPUT"], "preview_page", height=780)
    keep_page(results["OUTPUT"], "preview_figures", "Do the labels")


def train() -> None:
    """A training that is watched: log, curves, samples, samples on the map."""
    tool = Tool("trainroadextractor", {
        "TRAINING_DATA": str(TOWN / "training_data"), "SHIPPED_MODEL": True, "EPOCHS": _EPOCHS, "BATCH_SIZE": 4,
        "MONITOR": "dice", "OUTPUT": str(TOWN / "road_model"),
    }, 780)
    tool.keep().start()
    monitor = the_monitor()
    monitor.action.setChecked(True)
    dock = monitor.dock
    iface.mainWindow().resizeDocks([dock], [420], Qt.Orientation.Horizontal)
    tabs = dock.findChild(QTabWidget)
    wait(lambda: dock.run is not None and dock.run.pictures_epoch >= _EPOCHS // 2, 1500, "half of the epochs")
    hide("swellendam_roads")
    keep_window("monitor_curves")
    tabs.setCurrentIndex(1)
    dock.pictures.add_to_map.click()
    pump(0.5)
    unfold()
    for node in QgsProject.instance().layerTreeRoot().children():
        node.setExpanded(node.name().startswith("Training of"))
    zoom_to_first_sample()
    keep_window("monitor_samples")
    results = tool.finish(1500)
    tool.scroll_to("Finding a learning rate").keep("log").close()
    tabs.setCurrentIndex(0)
    monitor.action.setChecked(False)
    iface.mainWindow().resize(WIDTH, HEIGHT)
    tree = QgsProject.instance().layerTreeRoot()
    tree.removeChildNode(tree.findGroup("Training of road_model"))
    for name, heading in (("report_scores", "Scores per epoch"), ("report_errors", "Errors"),
                          ("report_samples", "Sample results"), ("report_rate", "Search for a learning rate")):
        keep_page(results["REPORT"], name, heading)


def classify_and_vectorise() -> None:
    """From the new model to roads."""
    model = str(TOWN / "road_model" / "road_model.dlpk")
    tool = Tool("classifypixels", {
        "INPUT": layer_id("swellendam_orthophoto"), "MODEL": model, "OUTPUT": str(TOWN / "classified.tif"),
        "PROBABILITY": str(TOWN / "probability.tif"),
    })
    tool.keep().start().finish()
    tool.keep("log").close()
    unfold("classified", "probability")
    hide("swellendam_roads")
    zoom(0.6, 0.7, 0.25)
    hide("probability")
    keep_window("classified")
    hide("probability", False)
    hide("classified")
    keep_window("probability")
    hide("probability")
    tool = Tool("rastertoroadvector", {
        "INPUT": layer_id("probability"), "OUTPUT": str(TOWN / "roads.gpkg"), "NODES": "TEMPORARY_OUTPUT",
        "GAPS": "TEMPORARY_OUTPUT",
    }, 760)
    tool.keep().start().finish()
    tool.keep("log").close()
    unfold("roads", "Nodes", "Gaps to review")
    keep_window("roads")
    zoom(0.22, 0.9, 0.62)
    keep_window("roads_town")


def judge() -> None:
    """Scores of the pixels and of the network, by the roads that are known."""
    tool = Tool("computeaccuracy", {
        "PREDICTION": layer_id("probability"), "TRUTH": layer_id("swellendam_roads"), "ROAD_WIDTH": _ROAD_WIDTH,
        "IMAGERY": layer_id("swellendam_orthophoto"), "REPORT": str(TOWN / "accuracy.html"), "ERROR_MAP": None,
    })
    keep_page(tool.keep().start().finish()["REPORT"], "accuracy_page", height=660)
    tool.close()
    area = processing.run("native:polygonfromlayerextent", {
        "INPUT": layer_id("swellendam_orthophoto"), "OUTPUT": "TEMPORARY_OUTPUT",
    })["OUTPUT"]
    area.setName("Extent")
    QgsProject.instance().addMapLayer(area)
    hide("Extent")
    tool = Tool("compareroadnetworks", {
        "ROADS": layer_id("roads"), "REFERENCE": layer_id("swellendam_roads"), "BUFFER": 10, "SNAP": 10, "MASK": area.id(),
        "REPORT": str(TOWN / "comparison.html"), "MATCHED": "TEMPORARY_OUTPUT", "MISSED": "TEMPORARY_OUTPUT",
        "EXTRA": "TEMPORARY_OUTPUT",
    })
    keep_page(tool.keep().start().finish()["REPORT"], "comparison_page", height=640)
    tool.close()
    for name in ("roads", "Nodes", "Gaps to review"):
        hide(name)
    unfold()
    zoom(1.75, 0.5, 0.5)
    keep_window("comparison")


def dialogs_only() -> None:
    """The dialogs of tools that the tour does not run."""
    ortho, roads = layer_id("swellendam_orthophoto"), layer_id("swellendam_roads")
    shown: dict[str, dict[str, Any]] = {
        "trainrefinementstage": {"TRAINING_DATA": str(TOWN / "training_data"),
                                 "MODEL": str(TOWN / "road_model" / "road_model.dlpk")},
        "setupenvironment": {},
        "trainandextract": {"INPUT": ortho, "LABELS": roads, "CELL_SIZE": _CELL_SIZE, "ROAD_WIDTH": _ROAD_WIDTH},
        "preparelabels": {"INPUT": roads, "TARGET_CRS": "EPSG:32734"},
    }
    for name, parameters in shown.items():
        Tool(name, parameters).keep().close()
