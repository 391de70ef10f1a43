"""Compute accuracy through QGIS: drawn rasters whose scores are known, any kind of truth, and how the results look."""

from pathlib import Path

import pytest
from osgeo import gdal
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingOutputHtml,
    QgsProject,
    QgsRasterLayer,
    QgsRasterRange,
    QgsVectorFileWriter,
)

from .drawn import CRS, NORTH, SIDE, WEST, lines, pixels, square, write_raster
from .samples import memory_layer, run

pytestmark = pytest.mark.usefixtures("provider")


def rows(*ranges, value=1):
    """Pixels of a raster with road on these rows."""
    road = {row for first, last in ranges for row in range(first, last)}
    return b"".join(bytes([value if row in road else 0] * SIDE) for row in range(SIDE))


@pytest.fixture
def prediction(tmp_path):
    """Road on rows 30 to 35 and 100 to 103."""
    return write_raster(tmp_path / "prediction.tif", [rows((30, 36), (100, 104))])


def score(folder, feedback, prediction, truth, context=None, **options):
    outputs = {"REPORT": str(folder / "report.html"), "ERROR_MAP": str(folder / "errors.tif")}
    return run("computeaccuracy", {"PREDICTION": prediction, "TRUTH": truth, **outputs, **options}, feedback, context)


def test_lines_are_widened(tmp_path, prediction, feedback):
    """One true road of 6 m between rows 30 and 36; the other one of the prediction is invented."""
    result = score(tmp_path, feedback, prediction, lines([(33, 0, SIDE)]), ROAD_WIDTH=6)
    assert result["RECALL"] == pytest.approx(1) and result["PRECISION"] == pytest.approx(6 / 10)
    assert result["F1"] == pytest.approx(0.75) == result["DICE"] and result["IOU"] == pytest.approx(0.6)
    assert result["ACCURACY"] == pytest.approx(1 - 4 / SIDE)
    assert result["RELAXED_RECALL"] == 1 and result["RELAXED_PRECISION"] == pytest.approx(0.6)
    assert "BEST_THRESHOLD" not in result  # no probabilities
    errors = pixels(result["ERROR_MAP"])
    assert (errors.count(1), errors.count(2), errors.count(3)) == (6 * SIDE, 4 * SIDE, 0)
    assert "<html" in Path(result["REPORT"]).read_text(encoding="utf-8")
    assert "F1 0.750" in " ".join(feedback.texts("info"))


def test_the_width_field_of_a_filtered_layer(tmp_path, prediction, feedback):
    layer = lines([(33, 0, SIDE, 1, "a", "6 m"), (102, 0, SIDE, 1, "b", "4"), (200, 0, SIDE, 1, "c", "9")],
                  "&field=kind:integer&field=name:string(20)&field=wide:string(20)")
    layer.setSubsetString("name <> 'c'")
    assert score(tmp_path, feedback, prediction, layer, WIDTH_FIELD="wide", ROAD_WIDTH=50)["F1"] == 1


def test_polygons_in_another_system(tmp_path, prediction, feedback):
    areas = [(WEST, NORTH - 30, WEST + SIDE, NORTH - 36), (WEST, NORTH - 100, WEST + SIDE, NORTH - 104)]
    text = "Polygon (({0} {1}, {2} {1}, {2} {3}, {0} {3}, {0} {1}))"
    layer = memory_layer("Polygon", [(text.format(*area),) for area in areas], CRS)
    import processing

    degrees = processing.run("native:reprojectlayer", {"INPUT": layer, "TARGET_CRS": "EPSG:4326", "OUTPUT": "memory:"})["OUTPUT"]
    assert score(tmp_path, feedback, prediction, degrees)["F1"] > 0.98


def test_heights_and_doubles_change_nothing(tmp_path, prediction, feedback):
    """The road twice, once at 0 and once rising to 900 m, in one multi-line; the report calls the layers by their names."""
    ends = [f"({WEST} {NORTH - 33} 0, {WEST + SIDE} {NORTH - 33} {high})" for high in (0, 900)]
    layer = memory_layer("MultiLineStringZ", [(f"MultiLineString Z ({', '.join(ends)})",)], CRS)
    mask = square(0, 0, SIDE, 64)
    mask.setName("checked")
    result = score(tmp_path, feedback, prediction, layer, ROAD_WIDTH=6, MASK=mask)
    assert result["F1"] == 1 and not feedback.texts("warning")
    page = Path(result["REPORT"]).read_text(encoding="utf-8")
    for name in ("prediction (classified)", "drawn", "checked"):
        assert f"<td>{name}</td>" in page
    assert "/roadsmith" not in page and str(tmp_path) not in page


def test_truth_raster_with_nodata_and_label(tmp_path, prediction, feedback):
    """Road is 2 in the truth; the rows from 200 on are nodata there and not scored."""
    values = bytearray(rows((30, 36), value=2))
    values[100 * SIDE : 104 * SIDE] = bytes([1]) * 4 * SIDE
    values[200 * SIDE :] = bytes([9]) * 56 * SIDE
    truth = write_raster(tmp_path / "truth.tif", [bytes(values)], nodata=9)
    result = score(tmp_path, feedback, prediction, truth, TRUTH_LABEL="2")
    assert result["PRECISION"] == pytest.approx(0.6) and result["ACCURACY"] == pytest.approx(1 - 4 / 200)
    assert pixels(tmp_path / "errors.tif").count(255) == 56 * SIDE


def test_probabilities_have_a_best_threshold(tmp_path, feedback):
    """0.2 everywhere, 0.4 on half the road, 0.8 on the other half: from 0.2 to 0.4 all is right."""
    values = bytearray(bytes([51]) * SIDE * SIDE)
    values[30 * SIDE : 33 * SIDE] = bytes([102]) * 3 * SIDE
    values[33 * SIDE : 36 * SIDE] = bytes([203]) * 3 * SIDE
    values[:20] = bytes(range(20))
    probability = write_raster(tmp_path / "p.tif", [bytes(values)])
    result = score(tmp_path, feedback, probability, lines([(33, 0, SIDE)]), ROAD_WIDTH=6, THRESHOLD=0.5)
    assert result["RECALL"] == pytest.approx(0.5) and result["PRECISION"] == 1
    assert result["BEST_F1"] == 1 and 0.2 < result["BEST_THRESHOLD"] <= 102 / 254
    assert result["BREAK_EVEN"] == pytest.approx(1)


def test_mask_extent_and_imagery(tmp_path, prediction, feedback):
    """The mask leaves the invented road out; the extent is 100 pixels wide."""
    extent = f"{WEST},{WEST + 100},{NORTH - 120},{NORTH} [{CRS}]"
    result = score(tmp_path, feedback, prediction, lines([(33, 0, SIDE)]), MASK=square(0, 0, SIDE, 64), ROAD_WIDTH=6,
                   IMAGERY=prediction, BLOCK_SIZE=64, EXTENT=extent)
    assert result["F1"] == 1
    errors = gdal.Open(result["ERROR_MAP"])
    assert (errors.RasterXSize, errors.RasterYSize) == (100, 120) and pixels(result["ERROR_MAP"]).count(255) == 100 * (120 - 64)


def test_layers_that_are_no_files(tmp_path, prediction, feedback):
    """Rasters with nodata that only QGIS knows of are copied: 1 in the truth, so that nothing of its roads is scored."""
    layer, truth = QgsRasterLayer(prediction, "prediction"), QgsRasterLayer(prediction, "truth")
    layer.dataProvider().setUserNoDataValue(1, [QgsRasterRange(77, 77)])
    truth.dataProvider().setUserNoDataValue(1, [QgsRasterRange(1, 1)])
    result = score(tmp_path, feedback, layer, truth)
    assert result["F1"] == 0 and result["ACCURACY"] == 1 and pixels(result["ERROR_MAP"]).count(255) == 10 * SIDE


def test_the_error_map_is_coloured_when_loaded(tmp_path, prediction, feedback):
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    path = tmp_path / "errors.tif"
    details = QgsProcessingContext.LayerDetails("errors", QgsProject.instance(), "ERROR_MAP")
    context.addLayerToLoadOnCompletion(str(path), details)
    score(tmp_path, feedback, prediction, lines([(33, 0, SIDE)]), context)
    layer = QgsRasterLayer(str(path), "errors")
    context.layerToLoadOnCompletionDetails(str(path)).postProcessor().postProcessLayer(layer, context, feedback)
    colours = {each.value: each.color for each in layer.renderer().classes()}
    assert colours[0].alpha() == 0
    assert colours[1].green() > 150 and colours[2].red() > 200 and colours[3].blue() > 200
    assert [each.label for each in layer.renderer().classes()][3] == "road missed"


@pytest.mark.parametrize(("options", "sentence"), [
    ({"REPORT": "report.pdf"}, "REPORT must end in .html"),
    ({"ERROR_MAP": "errors.png"}, "must be a GeoTIFF"),
    ({"TRUTH": "far"}, "No road lies within the raster"),
    ({"TRUTH": "points"}, "kind Point"),
    ({"MASK": "far"}, "No polygon of the mask"),
])
def test_bad_input_is_one_sentence(tmp_path, prediction, feedback, options, sentence):
    layers = {
        ("TRUTH", "far"): memory_layer("LineString", [("LineString (20 0, 21 0)",)]),
        ("TRUTH", "points"): memory_layer("Point", [(f"Point ({WEST} {NORTH})",)], CRS),
        ("MASK", "far"): memory_layer("Polygon", [("Polygon ((20 0, 21 0, 21 1, 20 0))",)]),
    }
    given = {name: layers.get((name, value), str(tmp_path / str(value))) for name, value in options.items()}
    truth = given.pop("TRUTH", None) or lines([(33, 0, SIDE)])
    with pytest.raises(QgsProcessingException, match=sentence) as caught:
        score(tmp_path, feedback, prediction, truth, **given)
    assert "Traceback" not in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["prediction.tif"]


def test_public_names(provider):
    algorithm = provider.algorithm("computeaccuracy")
    assert algorithm.groupId() == "evaluation"
    assert [each.name() for each in algorithm.parameterDefinitions()] == [
        "PREDICTION", "TRUTH", "ROAD_WIDTH", "THRESHOLD", "TOLERANCE", "MASK", "EXTENT", "WIDTH_FIELD", "TRUTH_LABEL", "IMAGERY",
        "BLOCK_SIZE", "REPORT", "ERROR_MAP",
    ]
    outputs = {each.name(): each for each in algorithm.outputDefinitions()}
    assert isinstance(outputs["REPORT"], QgsProcessingOutputHtml)
    assert {"F1", "IOU", "KAPPA", "RELAXED_F1", "BREAK_EVEN", "BEST_THRESHOLD"} <= set(outputs)
    assert all(each.help() for each in algorithm.parameterDefinitions() if not each.isDestination())


def test_a_vector_file_by_its_path_without_error_map(tmp_path, prediction, feedback):
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG"
    target = str(tmp_path / "truth.gpkg")
    transform = QgsProject.instance().transformContext()
    QgsVectorFileWriter.writeAsVectorFormatV3(lines([(33, 0, SIDE)]), target, transform, options)
    result = score(tmp_path, feedback, prediction, target, ROAD_WIDTH=6, ERROR_MAP=None)
    assert result["RECALL"] == 1 and "ERROR_MAP" not in result and not list(tmp_path.glob("errors*"))
