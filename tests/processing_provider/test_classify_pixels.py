"""Classify pixels through ``processing.run`` and the real worker, with networks whose answers are known."""

import array
import os
import signal
import threading
from pathlib import Path

import pytest
from osgeo import gdal
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProject,
    QgsRasterLayer,
)

from .drawn import COLUMN, CRS, NORTH, SIDE, WEST, drawn, pixels, write_raster
from .samples import memory_layer, pyramid, run, web_map
from .small_models import ANSWER, ANSWER_AS_BYTE, make_models, with_cell_size

pytestmark = pytest.mark.usefixtures("provider")


@pytest.fixture(scope="module")
def models(provider, tmp_path_factory):
    """Paths of two packages for images with 1 m per pixel."""
    return make_models(tmp_path_factory.mktemp("models"), 1.0)


@pytest.fixture(autouse=True)
def _one_thread(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")


@pytest.fixture
def classify(models, tmp_path, feedback):
    """Give a function that classifies the drawn imagery into ``roads.tif`` and returns the results."""
    imagery = drawn(tmp_path)

    def call(model="steady", **options):
        parameters = {"INPUT": imagery, "MODEL": models.get(model, model), "DEVICE": "cpu", "OUTPUT": str(tmp_path / "roads.tif")}
        return run("classifypixels", {**parameters, **options}, feedback)

    return call


def rectangle(left, top, right, bottom):
    """A polygon as text, in pixels of the drawn imagery."""
    x, y = (WEST + left, WEST + right), (NORTH - top, NORTH - bottom)
    return f"Polygon (({x[0]} {y[0]}, {x[1]} {y[0]}, {x[1]} {y[1]}, {x[0]} {y[1]}, {x[0]} {y[0]}))"


def rows_of(text, width=SIDE):
    return [text[start : start + width] for start in range(0, len(text), width)]


def test_mask_with_a_selection_probabilities_and_cloud_optimised(classify, models, tmp_path, feedback):
    """Two of three polygons are selected; what lies outside them is nodata, what lies inside is the network's answer."""
    wanted, other, unwanted = (8, 16, 40, 80), (100, 100, 108, 104), (150, 150, 250, 250)
    mask = memory_layer("Polygon", [(rectangle(*each),) for each in (wanted, other, unwanted)], CRS)
    QgsProject.instance().addMapLayer(mask)
    mask.selectByIds([1, 2])
    result = classify(
        MASK=QgsProcessingFeatureSourceDefinition(mask.id(), True), PROBABILITY=str(tmp_path / "p.tif"),
        PROBABILITY_FORMAT="float32", COG=True,
    )
    QgsProject.instance().removeAllMapLayers()
    expected = [bytearray([255] * SIDE) for _ in range(SIDE)]
    for left, top, right, bottom in (wanted, other):
        for row in range(top, bottom):
            expected[row][left:right] = bytes([1]) * (right - left)
    assert rows_of(pixels(result["OUTPUT"])) == expected
    probability = gdal.Open(result["PROBABILITY"])
    values = {255: set(), 1: set()}
    for each, value in zip(pixels(result["OUTPUT"]), array.array("f", probability.ReadRaster())):
        values[each].add(value)
    assert values[255] == {-1.0} == {probability.GetRasterBand(1).GetNoDataValue()}
    assert sorted(values[1])[:: len(values[1]) - 1 or 1] == pytest.approx([ANSWER] * min(2, len(values[1])), abs=0.003)
    assert {gdal.Open(result[name]).GetMetadataItem("LAYOUT", "IMAGE_STRUCTURE") for name in ("OUTPUT", "PROBABILITY")} == {"COG"}
    assert (result["ROAD_SHARE"], result["THRESHOLD_USED"]) == (1.0, 0.7)
    said = ("Model: resunet, 1 m per pixel, band(s) 1, 2, 3, chips of 64 pixels, threshold 0.7; on its validation chips: "
            "IoU 0.525, F1 0.689.")
    assert said in feedback.texts("info")


@pytest.mark.parametrize(("kind", "certain"), [("PROBABILITY", 254), ("FLOAT_PROBABILITY", 1)])
def test_the_ramp_of_probabilities_begins_transparent_and_ends_hot(kind, certain, tmp_path):
    from roadsmith.processing_provider import styles

    raster = write_raster(tmp_path / "p.tif", [COLUMN * SIDE])
    styles.write_raster_style(Path(raster), getattr(styles, kind))
    layer = QgsRasterLayer(raster)
    shader = layer.renderer().shader().rasterShaderFunction()
    colours = [shader.shade(certain * share) for share in (0, 0.5, 1)]  # (found, red, green, blue, alpha)
    assert all(found for found, *_ in colours) and colours[0][4] == 0
    assert colours[0][4] < colours[1][4] < colours[2][4] and colours[2][1] > 200 > 60 > colours[2][2]


def test_two_views_of_a_symmetric_image_are_symmetric(classify, models, tmp_path):
    """The network itself is not symmetric; its answers to the image and its mirror image are, merged."""
    symmetric = bytes(min(column, SIDE - 1 - column) for column in range(SIDE))
    imagery = write_raster(tmp_path / "symmetric.tif", [symmetric * SIDE] * 3)
    tile = {"INPUT": imagery, "TILE_SIZE": 384, "PADDING": 64, "PROBABILITY": str(tmp_path / "p.tif")}  # one tile, in the middle

    def asymmetry(**options):
        rows = rows_of(pixels(classify("random", **tile, **options)["PROBABILITY"]))
        return max(abs(left - right) for row in rows for left, right in zip(row, row[::-1]))

    assert asymmetry() > 5
    assert asymmetry(TEST_TIME_AUGMENTATION=2) <= 1  # a number, as a script gives it


def test_two_rasters_one_after_the_other(provider, models, tmp_path, feedback):
    """As the dialog's batch does it: one algorithm object, different parameters. Styles show imagery where no road is."""
    algorithm, context = provider.algorithm("classifypixels"), QgsProcessingContext()
    context.setProject(QgsProject.instance())
    for number, side in enumerate((1.0, 2.0)):
        imagery = write_raster(tmp_path / f"{number}.tif", [COLUMN[: int(SIDE / side)] * int(SIDE / side)] * 3, cell=side)
        results, done = algorithm.run({
            "INPUT": imagery, "MODEL": models["steady"], "DEVICE": "cpu", "BATCH_SIZE": 2, "CELL_SIZE": side, "TILE_SIZE": 64,
            "THRESHOLD": (0.75, 0.85)[number], "OUTPUT": str(tmp_path / f"roads{number}.tif"),
            "PROBABILITY": str(tmp_path / f"p{number}.tif"),
        }, context, feedback)
        assert done and set(pixels(results["OUTPUT"])) == {1 - number}
        assert (results["ROAD_SHARE"], results["THRESHOLD_USED"]) == (1.0 - number, (0.75, 0.85)[number])
        assert set(pixels(results["PROBABILITY"])) == {ANSWER_AS_BYTE}
        assert gdal.Open(results["OUTPUT"]).GetGeoTransform() == (WEST, side, 0, NORTH, 0, -side)
        layer = QgsRasterLayer(results["OUTPUT"])  # a renderer does not keep its layer
        classes = {each.value: each.color for each in layer.renderer().classes()}
        assert classes[0].alpha() == 0 and classes[1].red() > 200 and classes[1].alpha() > 200


def test_a_web_map_is_copied_no_finer_than_the_model_needs_and_no_larger_than_the_mask(classify, models, tmp_path, feedback):
    """Tiles of 2.4 units of the map, without a known deepest level; a model for 5 m."""
    tiles = pyramid(tmp_path)
    layer = QgsRasterLayer(f"type=xyz&url=file://{tiles.folder}/{{z}}/{{x}}/{{y}}.png&zmin=0", "web map", "wms")
    left, top, side = tiles.west + 200, tiles.north - 200, 100 * tiles.cell
    triangle = f"Polygon (({left} {top}, {left + side} {top}, {left} {top - side}, {left} {top}))"
    mask = memory_layer("Polygon", [(triangle,)], "EPSG:3857")
    result = classify(with_cell_size(models["steady"], tmp_path, 5.0), INPUT=layer, MASK=mask)
    raster = gdal.Open(result["OUTPUT"])
    transform = raster.GetGeoTransform()
    assert transform[1] == pytest.approx(5.0 / tiles.scale, rel=0.01)
    assert (transform[0], transform[3]) == pytest.approx((left, top), abs=transform[1])
    assert raster.RasterXSize == pytest.approx(side * tiles.scale / 5.0, abs=2)
    counts = [list(pixels(result["OUTPUT"])).count(value) for value in (1, 255)]
    assert sum(counts) == raster.RasterXSize * raster.RasterYSize and 0.45 < counts[0] / sum(counts) < 0.55  # a triangle
    assert any("'web map' is no file" in text for text in feedback.texts("info"))


def test_a_run_over_a_web_map_whose_worker_was_killed_goes_on(classify, tmp_path, feedback):
    """The map is copied again, under another name: its content tells that it is the same."""
    tiles = pyramid(tmp_path)
    strip = f"{tiles.west + 100},{tiles.west + 200},{tiles.north - 1200},{tiles.north} [EPSG:3857]"
    options = {"INPUT": web_map(tiles), "EXTENT": strip, "CELL_SIZE": 0.3, "TEST_TIME_AUGMENTATION": "2", "BATCH_SIZE": 1}
    journal, over = tmp_path / "roads.tif~unfinished" / "journal.jsonl", threading.Event()

    def kill_after_the_first_part():
        while not over.wait(0.01):
            if journal.is_file() and journal.read_bytes().count(b"\n") >= 2:
                started = next(text for text in feedback.texts("debug") if text.startswith("Worker process"))
                os.kill(int(started.split()[2].rstrip(",")), signal.SIGKILL)
                return

    thread = threading.Thread(target=kill_after_the_first_part)
    thread.start()
    try:
        with pytest.raises(QgsProcessingException, match="memory"):
            classify("random", **options)
    finally:
        over.set()
        thread.join()
    assert journal.is_file() and not (tmp_path / "roads.tif").exists()
    assert any("copying 43 × 503 pixels" in text for text in feedback.texts("info"))  # its own, coarser than those asked for
    results = classify("random", **options)
    assert any("that was interrupted" in text and " of 3 parts are done" in text for text in feedback.texts("info"))
    assert set(pixels(results["OUTPUT"])) <= {0, 1} and not journal.parent.exists()


@pytest.mark.parametrize(("options", "sentence"), [
    ({"VRT": True}, "there is no cluster: name a Dask scheduler"),
    ({"SCHEDULER": "localhost"}, "'localhost' is no address of a Dask scheduler: write it as tcp://host:port"),
    ({"SCHEDULER": "tcp://localhost:99999"}, "is no address of a Dask scheduler"),
    ({"SCHEDULER": "tcp://localhost:8786", "VRT": True, "COG": True}, "switch one of them off"),
    ({"SCHEDULER": "tcp://localhost:8786", "VRT": True}, r"OUTPUT is to be a virtual raster: choose a name that ends in \.vrt"),
    ({"GPUS": "0", "DEVICE": "cpu"}, "GPUs are named, but the device is cpu"),
    ({"GPUS": "0, zwei", "DEVICE": "auto"}, "GPUS holds 'zwei', which is no number of a GPU"),
    ({"GPUS": "-1", "DEVICE": "cuda"}, "GPUS holds '-1'"),
    ({"TILE_SIZE": 256, "PADDING": 65}, "padding of 65 pixels is more than a quarter of the tile size of 256: choose 64"),
    ({"TEST_TIME_AUGMENTATION": 3}, "TEST_TIME_AUGMENTATION"),
    ({"OUTPUT": "drawn.tif"}, "OUTPUT would overwrite the imagery"),
    ({"PROBABILITY": "p.png"}, r"PROBABILITY must be a GeoTIFF"),
])
def test_contradictions_in_one_sentence(options, sentence, classify, tmp_path):
    for name in {"OUTPUT", "PROBABILITY"} & options.keys():
        options = {**options, name: str(tmp_path / options[name])}
    with pytest.raises(QgsProcessingException, match=sentence):
        classify(**options)
    assert {path.name for path in tmp_path.iterdir()} <= {"drawn.tif", "drawn.tif.aux.xml"}  # QGIS's own statistics


@pytest.mark.parametrize(("rows", "crs", "with_extent", "sentence"), [
    ([rectangle(0, 0, 100, 100)], CRS, True, "No polygon of the mask 'drawn' lies on the raster"),
    (["Polygon ((0 89, 1 89, 1 90, 0 89))"], "EPSG:4326", False, "No polygon of the mask 'drawn' lies on the raster"),
    ([], CRS, False, "The mask 'drawn' holds no features"),
    ([rectangle(0, 0, 100, 100)], "", False, "The mask 'drawn' has no coordinate system"),
])
def test_a_useless_mask_is_refused_before_a_web_map_is_copied(rows, crs, with_extent, sentence, classify, tmp_path, feedback):
    tiles = pyramid(tmp_path)
    extent = f"{tiles.west},{tiles.west + 500},{tiles.north - 500},{tiles.north} [EPSG:3857]" if with_extent else None
    with pytest.raises(QgsProcessingException, match=sentence):
        classify(INPUT=web_map(tiles), EXTENT=extent, MASK=memory_layer("Polygon", [(row,) for row in rows], crs))
    assert not any("copying" in text for text in feedback.texts())


def test_a_cluster_finds_what_is_made_for_the_run_beside_the_output(classify, tmp_path, feedback):
    """Nothing answers there; cancelled as soon as the worker starts."""
    output, seen = tmp_path / "shared" / "roads.vrt", set()

    def look(text):
        if text.startswith("Worker process"):
            seen.update(path.name for path in output.parent.glob("roadsmith*/*"))
            feedback.cancel()

    feedback.on_text = look
    mask = memory_layer("Polygon", [(rectangle(0, 0, 100, 100),)], CRS)
    assert classify(SCHEDULER="tcp://127.0.0.1:9", VRT=True, OUTPUT=str(output), MASK=mask) == {}
    assert "mask.gpkg" in seen and list(output.parent.iterdir()) == []


def test_a_file_that_is_no_model_is_refused_before_a_web_map_is_copied(classify, tmp_path, feedback):
    tiles, model = pyramid(tmp_path), tmp_path / "m.dlpk"
    model.write_bytes(b"PK\x03\x04 no zip")
    extent = f"{tiles.west},{tiles.west + 500},{tiles.north - 500},{tiles.north} [EPSG:3857]"
    with pytest.raises(QgsProcessingException, match=r"m\.dlpk is no model package that can be read"):
        classify(str(model), INPUT=web_map(tiles), EXTENT=extent)
    assert not any("copying" in text for text in feedback.texts())
