"""Small real inputs for the Processing tests, cut from the sample with QGIS's own tools, and ways to run an algorithm."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from qgis.core import QgsProcessingContext, QgsProject, QgsRasterLayer, QgsVectorLayer

SAMPLES = Path(__file__).resolve().parents[2] / "examples" / "data"
ORTHOPHOTO = SAMPLES / "swellendam_orthophoto.tif"
ROADS = str(SAMPLES / "swellendam_roads.fgb")
#: A corner of the town with a dozen streets: about 460 × 550 m.
TOWN = "20.5215,20.5263,-34.0505,-34.0455 [EPSG:4326]"

EXPORT = {
    "INPUT": str(ORTHOPHOTO), "LABELS": ROADS, "ROAD_WIDTH": 10, "CELL_SIZE": 2.5, "TILE_SIZE": 64, "STRIDE": 32, "EXTENT": TOWN,
}
TRAIN = {"BACKBONE": "resnet18", "EPOCHS": 1, "BATCH_SIZE": 4, "DEVICE": "cpu", "VALIDATION_PERCENT": 20}


def run(name, parameters, feedback, context=None):
    """Run an algorithm as the console does, on this thread; return its results."""
    import processing

    context = context or QgsProcessingContext()
    context.setProject(QgsProject.instance())
    return processing.run(f"roadsmith:{name}", parameters, feedback=feedback, context=context)


def raster_layer(path=ORTHOPHOTO):
    layer = QgsRasterLayer(str(path), "imagery")
    assert layer.isValid()
    return layer


def road_layer():
    layer = QgsVectorLayer(ROADS, "roads", "ogr")
    assert layer.isValid()
    return layer


def chip_count(folder):
    return len((Path(folder) / "map.txt").read_text().splitlines())


def cancel_after(feedback, condition):
    """Cancel the feedback as soon as a message makes ``condition(text)`` true; ``feedback.cancelled_at`` says when."""
    feedback.cancelled_at = None

    def look(text):
        if feedback.cancelled_at is None and condition(text):
            feedback.cancelled_at = time.monotonic()
            feedback.cancel()

    feedback.on_text = look


def copy_of(path, target):
    return Path(shutil.copy(path, target))
