import json
import os
from pathlib import Path

import pytest
from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)

from .drawn import everything
from .samples import EXPORT, ORTHOPHOTO, ROADS, chip_count, copy_of, memory_layer, raster_layer, road_layer, run

pytestmark = pytest.mark.usefixtures("provider")


def export(tmp_path, feedback, **options):
    return run("exporttrainingdata", {**EXPORT, "OUTPUT": str(tmp_path / "data"), **options}, feedback)


def drawn_layer(wkt, kind="LineString"):
    return memory_layer(kind, [(wkt,)])


def test_chips_of_the_sample(tmp_path, feedback):
    result = export(tmp_path, feedback)
    assert result["TILE_COUNT"] == chip_count(result["OUTPUT"]) > 20
    assert 0.05 < result["ROAD_SHARE"] < 0.4
    assert (Path(result["OUTPUT"]) / "esri_accumulated_stats.json").is_file()
    assert feedback.progress[-1] == pytest.approx(100)


def test_temporary_output_and_bands_as_a_shell_gives_them(feedback):
    result = run("exporttrainingdata", {**EXPORT, "OUTPUT": "TEMPORARY_OUTPUT", "BANDS": "3;2"}, feedback)
    record = json.loads((Path(result["OUTPUT"]) / "roadsmith.json").read_text())
    assert record["bands"] == [3, 2] and chip_count(result["OUTPUT"]) == result["TILE_COUNT"]


def test_selected_features_only(tmp_path, feedback):
    everything = export(tmp_path, feedback)["TILE_COUNT"]
    layer = road_layer()
    QgsProject.instance().addMapLayer(layer)
    layer.selectByExpression("highway != 'residential'")
    selected = QgsProcessingFeatureSourceDefinition(layer.id(), selectedFeaturesOnly=True)
    result = run("exporttrainingdata", {**EXPORT, "LABELS": selected, "OUTPUT": str(tmp_path / "trunk")}, feedback)
    QgsProject.instance().removeMapLayer(layer.id())
    assert 0 < result["TILE_COUNT"] < everything


def test_filtered_layer_and_memory_polygons(tmp_path, feedback):
    layer = road_layer()
    layer.setSubsetString("highway != 'residential'")
    filtered = export(tmp_path, feedback, LABELS=layer)["TILE_COUNT"]
    square = drawn_layer("Polygon ((20.523 -34.049, 20.5235 -34.049, 20.5235 -34.0485, 20.523 -34.0485, 20.523 -34.049))",
                          kind="Polygon")
    parameters = {**EXPORT, "LABELS": square, "OUTPUT": str(tmp_path / "polygon")}
    assert 0 < run("exporttrainingdata", parameters, feedback)["TILE_COUNT"] <= filtered + 8


def test_curves_and_heights_are_read_as_plain_lines(tmp_path, feedback):
    layer = drawn_layer("CompoundCurveZ (CircularStringZ (20.522 -34.049 5, 20.524 -34.047 5, 20.526 -34.049 5))",
                         kind="CompoundCurveZ")
    assert export(tmp_path, feedback, LABELS=layer)["TILE_COUNT"] > 3


def test_non_ascii_paths_with_spaces(tmp_path, feedback):
    folder = tmp_path / "Straßen & wegen çà"
    folder.mkdir()
    image = copy_of(ORTHOPHOTO, folder / "luft bild é.tif")
    roads = copy_of(ROADS, folder / "wegë.fgb")
    result = export(folder, feedback, INPUT=str(image), LABELS=str(roads))
    assert result["TILE_COUNT"] > 20 and Path(result["OUTPUT"]).parent == folder


def test_the_layers_coordinate_system_counts_not_the_files(tmp_path, feedback):
    """A file without coordinate system whose layer got the right one in QGIS."""
    bare = tmp_path / "bare.tif"
    copy_of(ORTHOPHOTO, bare)
    gdal.Open(str(bare), gdal.GA_Update).SetProjection("")
    layer = QgsRasterLayer(str(bare), "bare")
    assert not layer.crs().isValid()
    layer.setCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    assert export(tmp_path, feedback, INPUT=layer)["TILE_COUNT"] > 20


def test_a_web_map_is_copied_first(tmp_path, feedback):
    """XYZ tiles from disk: QGIS reads them as it reads tiles from the network."""
    import processing

    tiles = tmp_path / "tiles"
    extent = "20.5215,20.5263,-34.0505,-34.0455 [EPSG:4326]"
    QgsProject.instance().addMapLayer(raster_layer())
    processing.run("qgis:tilesxyzdirectory", {
        "EXTENT": extent, "ZOOM_MIN": 16, "ZOOM_MAX": 16, "DPI": 96, "TILE_FORMAT": 0, "OUTPUT_DIRECTORY": str(tiles)})
    QgsProject.instance().removeAllMapLayers()
    web = QgsRasterLayer(f"type=xyz&url=file://{tiles}/{{z}}/{{x}}/{{y}}.png&zmax=16&zmin=16", "web map", "wms")
    assert web.isValid()
    result = export(tmp_path, feedback, INPUT=web)
    assert result["TILE_COUNT"] > 10
    assert any("'web map' is no file" in text for text in feedback.texts("info"))
    statistics = json.loads((Path(result["OUTPUT"]) / "esri_accumulated_stats.json").read_text())
    assert statistics["BandStatsState"][0]["M2"] > 0  # there is a picture in it


def bad_input(name, tmp_path):
    if name == "has no coordinate system":
        layer = raster_layer()
        layer.setCrs(QgsCoordinateReferenceSystem())
        return {"INPUT": layer}
    if name == "No road lies within the raster":
        return {"LABELS": drawn_layer("LineString (0 0, 1 1)")}
    if name == "holds no features":
        return {"LABELS": QgsVectorLayer("LineString?crs=EPSG:4326", "empty", "memory")}
    if name == "too small for one chip":
        return {"TILE_SIZE": 2048, "STRIDE": 2048}
    if name == "damaged or incomplete":
        broken = tmp_path / "broken.tif"
        broken.write_bytes(ORTHOPHOTO.read_bytes()[:500_000])
        return {"INPUT": str(broken), "EXTENT": None}
    if name == "larger than the tile size":
        return {"STRIDE": 100}
    if name == "not empty and holds no training data":
        (tmp_path / "data").mkdir()
        (tmp_path / "data" / "letter.txt").touch()
        return {}
    raise KeyError(name)


@pytest.mark.parametrize("sentence", [
    "has no coordinate system", "No road lies within the raster", "holds no features", "too small for one chip",
    "damaged or incomplete", "larger than the tile size", "not empty and holds no training data",
])
def test_bad_input_is_one_sentence_and_leaves_nothing(sentence, tmp_path, feedback):
    parameters = bad_input(sentence, tmp_path)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(QgsProcessingException, match=sentence) as caught:
        export(tmp_path, feedback, **parameters)
    assert "Traceback" not in str(caught.value)
    assert sorted(tmp_path.rglob("*")) == before


def test_folder_that_may_not_be_written(tmp_path, feedback):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o555)
    target = Path("/proc/roadsmith/data") if os.access(closed, os.W_OK) else closed / "data"  # root may write anywhere else
    with pytest.raises(QgsProcessingException, match="Nothing can be written"):
        run("exporttrainingdata", {**EXPORT, "OUTPUT": str(target)}, feedback)


def test_an_interrupted_export_goes_on(tmp_path, feedback):
    """Cancelled in the middle, run again with the same settings: the chips are those of a run in one go."""
    from .conftest import _fixtures

    options = {
        "CELL_SIZE": 1.0, "TILE_SIZE": 256, "STRIDE": 256, "WORKERS": 1, "EXTENT": None, "NO_FEATURE_TILES": "ALL_TILES",
    }
    feedback.progressChanged.connect(lambda progress: feedback.cancel() if progress > 40 else None)
    export(tmp_path, feedback, **options)
    assert feedback.isCanceled() and [path.name for path in tmp_path.iterdir()] == ["data~unfinished"]
    again = _fixtures.Messages()
    resumed = export(tmp_path, again, **options)["OUTPUT"]
    assert any("Going on with an export that was interrupted" in text for text in again.texts("info"))
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
    (tmp_path / "one").mkdir()
    assert everything(resumed) == everything(export(tmp_path / "one", _fixtures.Messages(), **options)["OUTPUT"])
