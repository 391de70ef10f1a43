"""Export training data out of layers that are no files, from real servers and providers: the same chips as from the files."""

import json
import os
import subprocess

import pytest
from osgeo import gdal
from qgis.core import (
    Qgis,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)

from .drawn import chips, everything, label_pixels
from .samples import ROADS, memory_layer, pyramid, road_layer, run, town_raster, web_map

pytestmark = pytest.mark.usefixtures("provider")

TILES = {"TILE_SIZE": 64, "STRIDE": 32, "ROAD_WIDTH": 10, "WORKERS": 1}
NOT_RESIDENTIAL = "highway != 'residential'"


def export(folder, feedback, name, **options):
    result = run("exporttrainingdata", {**TILES, "OUTPUT": str(folder / name), **options}, feedback)
    assert result["TILE_COUNT"] == len(chips(result["OUTPUT"])) > 0
    return result["OUTPUT"]


@pytest.fixture(scope="module")
def tables(postgis, tmp_path_factory, provider):
    """The corner of the town and its roads: as files, and as tables of the database."""
    folder = tmp_path_factory.mktemp("tables")
    town = town_raster(folder)
    postgis.load_raster(town, "imagery")
    postgis.load_vector(road_layer(), "roads")
    return {
        "town": str(town),
        "raster": QgsRasterLayer(postgis.uri("imagery", "rast"), "imagery", "postgresraster"),
        "roads": QgsVectorLayer(postgis.uri("roads", "geom", "id"), "roads", "postgres"),
        "some roads": QgsVectorLayer(postgis.uri("roads", "geom", "id", NOT_RESIDENTIAL), "roads", "postgres"),
    }


def test_roads_and_imagery_from_a_database(tables, tmp_path, feedback):
    from_files = export(tmp_path, feedback, "files", INPUT=tables["town"], LABELS=ROADS)
    from_database = export(tmp_path, feedback, "database", INPUT=tables["raster"], LABELS=tables["roads"])
    assert everything(from_database) == everything(from_files)
    assert any("'imagery' is no file" in text for text in feedback.texts("info"))


def test_a_subset_of_a_database_layer(tables, tmp_path, feedback):
    """The filter is the layer's; the file gets the same one."""
    layer = road_layer()
    layer.setSubsetString(NOT_RESIDENTIAL)
    options = {"INPUT": tables["town"], "CLASS_FIELD": "highway", "NO_FEATURE_TILES": "ALL_TILES"}
    filtered = export(tmp_path, feedback, "file", LABELS=layer, **options)
    assert everything(export(tmp_path, feedback, "database", LABELS=tables["some roads"], **options)) == everything(filtered)
    unfiltered = export(tmp_path, feedback, "all", LABELS=tables["roads"], **options)
    assert sum(label_pixels(unfiltered).values()) > sum(label_pixels(filtered).values()) > 0


def test_a_label_raster_from_a_database(tables, postgis, tmp_path, feedback):
    """In another coordinate system, so its part under the imagery is found first; the same as from its file."""
    marks = str(tmp_path / "marks.tif")
    gdal.Rasterize(marks, ROADS, burnValues=[2], xRes=5, yRes=5, outputType=gdal.GDT_Byte, initValues=[0]).FlushCache()
    postgis.load_raster(marks, "marks", 32734)
    labels = QgsRasterLayer(postgis.uri("marks", "rast"), "marks", "postgresraster")
    from_file = export(tmp_path, feedback, "file", INPUT=tables["town"], LABEL_RASTER=marks)
    assert set(label_pixels(from_file)) == {2}
    from_database = export(tmp_path, feedback, "database", INPUT=tables["town"], LABEL_RASTER=labels)
    assert everything(from_database) == everything(from_file)
    dataset = gdal.Open(marks)
    copied = next(text for text in feedback.texts("info") if "'marks' is no file" in text)
    assert f"{dataset.RasterXSize} × {dataset.RasterYSize}" not in copied


def test_memory_layer_with_subset_and_selection(tmp_path, feedback):
    """Three roads: one filtered out, one not selected; what is left is what a layer of the third alone gives."""
    texts = [f"LineString (20.5215 {latitude}, 20.526 {latitude})" for latitude in (-34.047, -34.048, -34.049)]
    layer = memory_layer("LineString", [(text, number) for number, text in enumerate(texts)], fields="&field=number:integer")
    layer.setSubsetString("number > 0")
    layer.selectByExpression("number = 2")
    QgsProject.instance().addMapLayer(layer)
    town = str(town_raster(tmp_path))
    selected = QgsProcessingFeatureSourceDefinition(layer.id(), selectedFeaturesOnly=True)
    some = export(tmp_path, feedback, "selected", INPUT=town, LABELS=selected)
    alone = export(tmp_path, feedback, "alone", INPUT=town, LABELS=memory_layer("LineString", [(texts[2],)]))
    assert everything(some) == everything(alone)
    filtered = export(tmp_path, feedback, "filtered", INPUT=town, LABELS=layer)
    assert sum(label_pixels(filtered).values()) > sum(label_pixels(some).values())
    QgsProject.instance().removeMapLayer(layer.id())


def test_web_map_at_its_own_cell_size(tmp_path, feedback):
    """Without a cell size: the pixels of the deepest level, so the same chips as from a file that holds them."""
    tiles = pyramid(tmp_path)
    west, south, east, north = (
        tiles.west + 64 * tiles.cell, tiles.north - 384 * tiles.cell, tiles.west + 448 * tiles.cell, tiles.north - 64 * tiles.cell
    )
    road = memory_layer("LineString", [(f"LineString ({west} {south}, {east} {north})",)], "EPSG:3857")
    options = {"LABELS": road, "EXTENT": f"{west},{east},{south},{north} [EPSG:3857]", "BANDS": [1, 2, 3]}
    web = export(tmp_path, feedback, "web", INPUT=web_map(tiles), **options)
    assert "copying 384 × 320 pixels" in " ".join(feedback.texts("info"))
    assert everything(web) == everything(export(tmp_path, feedback, "file", INPUT=str(tiles.picture), **options))


def test_a_picture_is_no_label_raster(tmp_path, feedback):
    with pytest.raises(QgsProcessingException, match="The label raster 'web map' is a picture of a map, without class values"):
        export(tmp_path, feedback, "x", INPUT=str(town_raster(tmp_path)), LABEL_RASTER=web_map(pyramid(tmp_path)))


def test_an_invalid_polygon_is_mended_and_named(tmp_path, feedback):
    """A bow tie, feature 1 of the user's layer: the worker says so."""
    bow = "Polygon ((20.522 -34.046, 20.525 -34.049, 20.525 -34.046, 20.522 -34.049, 20.522 -34.046))"
    folder = export(tmp_path, feedback, "bow", INPUT=str(town_raster(tmp_path)), LABELS=memory_layer("Polygon", [(bow,)]))
    assert any("invalid geometries" in text and "id 1" in text for text in feedback.texts("warning"))
    assert label_pixels(folder)[1] > 1000


#: 190 × 210 pixels hold 2 × 3 whole chips, and a column and a row more flush with the far edges.
CHIPS = 12
SHELL = {
    "LABELS": ROADS, "CLASS_FIELD": "highway", "STRETCH": "MINMAX", "ROTATION_ANGLE": 0, "WORKERS": 1, "TILE_SIZE": 64,
    "STRIDE": 64, "NO_FEATURE_TILES": "SHARE_OF_EMPTY_TILES", "EMPTY_SHARE": 100, "ATTRIBUTION": "© contributors",
}


def qgis_process(folder, arguments, text=None):
    """Run an export into ``folder`` through ``qgis_process``; check what it wrote."""
    command = [os.environ.get("QGIS_PROCESS", "qgis_process"), "run", "roadsmith:exporttrainingdata", *arguments]
    result = subprocess.run(command, input=text, capture_output=True, text=True, timeout=120, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert len(chips(folder)) == CHIPS
    record = json.loads((folder / "roadsmith.json").read_text())
    assert record["bands"] == [3, 1] and record["attribution"] == "© contributors"
    assert record["class_widths"] == {"residential": 6.0, "unclassified": 0.0}


def test_from_a_shell(tmp_path):
    parameters = {
        **SHELL, "INPUT": town_raster(tmp_path), "BANDS": "3;1", "CLASS_WIDTHS": "residential,6,unclassified,0",
        "OUTPUT": tmp_path / "data",
    }
    qgis_process(tmp_path / "data", ["--", *(f"{name}={value}" for name, value in parameters.items())])


@pytest.mark.skipif(Qgis.versionInt() < 32400, reason="qgis_process reads JSON from QGIS 3.24 on")
def test_from_a_shell_with_json(tmp_path):
    parameters = {
        **SHELL, "INPUT": str(town_raster(tmp_path)), "BANDS": [3, 1], "CLASS_WIDTHS": ["residential", 6, "unclassified", 0],
        "OUTPUT": str(tmp_path / "data"),
    }
    qgis_process(tmp_path / "data", ["-"], json.dumps({"inputs": parameters}))


def test_values_as_json_has_them(tmp_path, feedback):
    """What ``qgis_process`` makes of JSON, and what models and the history keep: plain lists, numbers and texts."""
    parameters = json.loads(json.dumps({
        **SHELL, "INPUT": str(town_raster(tmp_path)), "BANDS": [3, 1], "CLASS_WIDTHS": ["residential", 6, "unclassified", 0],
        "MASK": None, "LABEL_RASTER": None, "WIDTH_FIELD": None, "EXTENT": None, "CELL_SIZE": None, "LABEL_BAND": None,
    }))
    folder = export(tmp_path, feedback, "data", **parameters)
    assert json.loads((tmp_path / "data" / "roadsmith.json").read_text())["bands"] == [3, 1] and len(chips(folder)) == CHIPS
