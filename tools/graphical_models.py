"""Write the graphical models that come with Roadsmith: ``processing_provider/graphical_models/*.model3``.

Their parameters are those of the algorithms they chain, so run this again when those have changed (a test compares). Needs
QGIS's own Python: ``python3 tools/graphical_models.py``.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from model_drawing import Drawing, Source, expression, given, result_of
from qgis.core import (
    QgsApplication,
    QgsProcessing,
    QgsProcessingParameterCrs,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterNumber,
)

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "processing_provider" / "graphical_models"

#: How QGIS widens lines by default: with round ends and corners, each by itself.
_ROUND = {
    "SEGMENTS": 5, "END_CAP_STYLE": 0, "JOIN_STYLE": 0, "MITER_LIMIT": 2, "DISSOLVE": False, "SEPARATE_DISJOINT": False,
}
_VECTOR_PARAMETERS = ("MIN_DANGLE", "MAX_GAP", "MIN_COMPONENT")
_RARE_VECTOR_PARAMETERS = ("MERGE_CARRIAGEWAYS", "SMOOTHING", "SIMPLIFY", "TRAVEL_TIMES")


def _classify_and_vectorise(drawing: Drawing, sources: Mapping[str, Source]) -> None:
    """Add both steps to a drawing that has their parameters already."""
    drawing.child(
        "classify", "roadsmith:classifypixels", sources,
        {"OUTPUT": "Classified raster", "PROBABILITY": "Probability raster"},
    )
    drawing.child("vectorise", "roadsmith:rastertoroadvector", {
        "INPUT": result_of("classify", "PROBABILITY"),
        **{name: given(name) for name in (*_VECTOR_PARAMETERS, *_RARE_VECTOR_PARAMETERS)},
    }, {"OUTPUT": "Roads", "NODES": "Nodes", "GAPS": "Gaps to review"})


def extract_roads(drawing: Drawing) -> None:
    """Imagery to roads."""
    drawing.borrow("classifypixels", "INPUT", "MODEL", "EXTENT", "MASK", "THRESHOLD")
    drawing.borrow("rastertoroadvector", *_VECTOR_PARAMETERS)
    drawing.borrow("classifypixels", "TEST_TIME_AUGMENTATION", "CELL_SIZE", "DEVICE", advanced=True)
    drawing.borrow("rastertoroadvector", *_RARE_VECTOR_PARAMETERS, advanced=True)
    names = ("INPUT", "MODEL", "EXTENT", "MASK", "THRESHOLD", "TEST_TIME_AUGMENTATION", "CELL_SIZE", "DEVICE")
    _classify_and_vectorise(drawing, {name: given(name) for name in names})


def train_and_extract(drawing: Drawing) -> None:
    """Imagery and some roads to a model and all roads."""
    drawing.borrow("exporttrainingdata", "INPUT")
    drawing.borrow(
        "exporttrainingdata", "LABELS", text="Known roads (lines or polygons)",
        explanation="Road centre lines, widened to the road width, or road areas, taken as they are.", needed=True,
    )
    drawing.borrow("exporttrainingdata", "ROAD_WIDTH")
    drawing.borrow(
        "exporttrainingdata", "MASK", text="Where all roads are known (polygons)",
        explanation="Training chips are cut only within these polygons. Empty: wherever there is a known road.",
    )
    drawing.borrow(
        "exporttrainingdata", "EXTENT",
        explanation="Only this part is trained on, and its roads extracted. Empty: the whole raster.",
    )
    drawing.borrow("exporttrainingdata", "CELL_SIZE")
    drawing.borrow("trainroadextractor", "SHIPPED_MODEL", default=True)
    drawing.borrow("trainroadextractor", "EPOCHS")
    drawing.borrow("rastertoroadvector", *_VECTOR_PARAMETERS)
    drawing.borrow(
        "exporttrainingdata", "TILE_SIZE", default=256, advanced=True,
        explanation="Side of a training chip; chips overlap by half of it.",
    )
    drawing.borrow("exporttrainingdata", "NO_FEATURE_TILES", advanced=True)
    training = ("PRETRAINED_MODEL", "MODEL_TYPE", "BACKBONE", "BATCH_SIZE", "LEARNING_RATE", "VALIDATION_PERCENT", "DEVICE")
    drawing.borrow("trainroadextractor", *training, advanced=True)
    drawing.borrow("classifypixels", "THRESHOLD", "TEST_TIME_AUGMENTATION", advanced=True)
    drawing.borrow("rastertoroadvector", *_RARE_VECTOR_PARAMETERS, advanced=True)
    exported = ("INPUT", "LABELS", "ROAD_WIDTH", "MASK", "EXTENT", "CELL_SIZE", "TILE_SIZE", "NO_FEATURE_TILES")
    drawing.child("export", "roadsmith:exporttrainingdata", {
        **{name: given(name) for name in exported}, "STRIDE": expression("max(8, round(@TILE_SIZE / 2))"),
    }, {"OUTPUT": "Training data folder"})
    drawing.child("train", "roadsmith:trainroadextractor", {
        "TRAINING_DATA": result_of("export", "OUTPUT"), **{name: given(name) for name in ("SHIPPED_MODEL", "EPOCHS", *training)},
    }, {"OUTPUT": "Model folder"})
    names = ("INPUT", "EXTENT", "THRESHOLD", "TEST_TIME_AUGMENTATION", "DEVICE")
    _classify_and_vectorise(drawing, {"MODEL": result_of("train", "MODEL"), **{name: given(name) for name in names}})


def prepare_labels(drawing: Drawing) -> None:
    """Lines to lines and areas in one coordinate system."""
    lines = [QgsProcessing.SourceType.TypeVectorLine]
    drawing.add(
        QgsProcessingParameterFeatureSource("INPUT", "Road lines", lines),
        "Any line layer, or a file such as GeoJSON or Esri JSON.",
    )
    drawing.add(
        QgsProcessingParameterCrs("TARGET_CRS", "Coordinate system of the imagery", "ProjectCrs"),
        "A projected one in metres, such as the UTM zone of the area.",
    )
    width = QgsProcessingParameterNumber(
        "ROAD_WIDTH", "Road width (metres)", QgsProcessingParameterNumber.Type.Double, 8.0, False, 0.1, 200.0
    )
    width.setMetadata({"widget_wrapper": {"decimals": 2}})
    drawing.add(width, "Width of the road areas. A little more than the paved width is better than less.")
    constant = Source.fromStaticValue
    drawing.child("fix", "native:fixgeometries", {"INPUT": given("INPUT"), "METHOD": constant(1)}, {})
    drawing.child("reproject", "native:reprojectlayer", {
        "INPUT": result_of("fix", "OUTPUT"), "TARGET_CRS": given("TARGET_CRS"),
    }, {"OUTPUT": "Road lines"})
    drawing.child("buffer", "native:buffer", {
        "INPUT": result_of("reproject", "OUTPUT"), "DISTANCE": expression("@ROAD_WIDTH / 2"),
        **{name: constant(value) for name, value in _ROUND.items()},
    }, {"OUTPUT": "Road areas"})


def write_models(folder: Path) -> list[Path]:
    """Write all models into ``folder``, with a running QGIS in which the provider is registered; return their paths."""
    from roadsmith.processing_provider.extract_roads import ExtractRoads
    from roadsmith.processing_provider.prepare_labels import PrepareLabels
    from roadsmith.processing_provider.train_and_extract import TrainAndExtract

    paths = []
    for kind, draw in ((ExtractRoads, extract_roads), (TrainAndExtract, train_and_extract), (PrepareLabels, prepare_labels)):
        drawing = Drawing(kind())
        draw(drawing)
        paths.append(folder / kind.file().name)
        drawing.write(paths[-1])
    return paths


def main() -> None:
    """Start a QGIS without a window and write the files."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QgsApplication([], True)
    application.initQgis()
    sys.path.append(str(Path(application.pkgDataPath()) / "python" / "plugins"))
    from processing.core.Processing import Processing

    Processing.initialize()
    spec = importlib.util.spec_from_file_location("roadsmith_bootstrap", ROOT / "engine" / "bootstrap.py")
    assert spec is not None and spec.loader is not None
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    from roadsmith.processing_provider.provider import RoadsmithProvider

    provider = RoadsmithProvider()  # kept: the registry's own hold on it is not Python's
    QgsApplication.processingRegistry().addProvider(provider)
    for path in write_models(FOLDER):
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    if os.environ.get("QT_HASH_SEED") != "0":  # Qt reads it as it starts; without it the files differ in their order every time
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "QT_HASH_SEED": "0"})
    main()
