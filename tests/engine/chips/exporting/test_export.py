import json
import threading

import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine
from roadsmith.engine.chips.exporting.export import export_training_data
from roadsmith.engine.chips.reading.folder import open_training_folder, read_chip
from roadsmith.engine.errors import Cancelled, EngineError
from roadsmith.engine.events import Warn
from roadsmith.engine.jobs import ExportTrainingData
from roadsmith.engine.reporter import Reporter

from ...conftest import ORTHOPHOTO, ROADS, write_lines, write_raster


def export(raster, labels, output, reporter=None, **options):
    options = {"tile_size": 64, "stride": 64, "road_width": 10.0, **options}
    job = ExportTrainingData(raster=str(raster), labels=str(labels), output_folder=str(output), **options)
    return export_training_data(job, reporter or Reporter())


def test_chips_are_the_rasters_pixels_and_labels_the_road(noise_raster, road_lines, tmp_path):
    result = export(noise_raster, road_lines, tmp_path / "data")
    # the road's 10 m are rows 145–154: chip row 128–191 alone; columns 0, 64, …, 320 and 336 flush with the edge
    assert result["tile_count"] == 7 and result["road_share"] == pytest.approx(10 / 64)
    folder = open_training_folder(tmp_path / "data")
    assert (folder.band_count, folder.tile_size, folder.bands) == (3, 64, [1, 2, 3])
    assert folder.cell_metres == pytest.approx((1, 1), rel=1e-3)
    image, label = read_chip(folder.chips[1])
    with rasterio.open(noise_raster) as file:
        np.testing.assert_array_equal(image, file.read()[:, 128:192, 64:128])
    expected = np.zeros((64, 64), np.uint8)
    expected[145 - 128 : 155 - 128] = 1
    np.testing.assert_array_equal(label, expected)
    assert folder.chips[1].bounds == (500064.0, 4999808.0, 500128.0, 4999872.0)


def test_metadata_as_arcgis_writes_it(noise_raster, road_lines, tmp_path):
    export(noise_raster, road_lines, tmp_path / "data")
    data = tmp_path / "data"
    assert (data / "map.txt").read_bytes().split(b"\n")[0] == b"images\\000000014.tif  labels\\000000014.tif"
    stats = json.loads((data / "esri_accumulated_stats.json").read_text())
    assert (stats["NumBands"], stats["TileSizeX"], stats["NumTiles"]) == (3, 64, 7)
    assert stats["NextTileIndex"] == 5 * 7  # every candidate position counts
    assert stats["FeatureStats"]["FeatureAreaPerClass"][0]["Max"] == pytest.approx(640, rel=1e-3)
    definition = json.loads((data / "esri_model_definition.emd").read_text())
    with rasterio.open(noise_raster) as file:
        pixels = file.read(1)[128:192]
    used = np.concatenate([pixels[:, : 6 * 64], pixels[:, -64:]], axis=1)
    assert definition["AllTilesStats"][0]["Mean"] == pytest.approx(used.mean())
    assert definition["MinCellSize"]["spatialReference"]["wkid"] == 32633
    assert "images = 7 *3*64*64" in (data / "stats.txt").read_text()
    assert (data / "images" / "000000014.tfw").is_file()


def test_exporting_again_appends(noise_raster, road_lines, tmp_path):
    export(noise_raster, road_lines, tmp_path / "data")
    once = json.loads((tmp_path / "data" / "esri_accumulated_stats.json").read_text())
    assert export(noise_raster, road_lines, tmp_path / "data")["tile_count"] == 7
    twice = json.loads((tmp_path / "data" / "esri_accumulated_stats.json").read_text())
    assert len(open_training_folder(tmp_path / "data").chips) == twice["NumTiles"] == 14
    assert twice["BandStatsState"][0]["Num"] == 2 * once["BandStatsState"][0]["Num"]
    assert twice["BandStatsState"][0]["M1"] == pytest.approx(once["BandStatsState"][0]["M1"])
    for options in ({"tile_size": 32}, {"bands": [1]}, {"cell_size": 2.0}):
        with pytest.raises(EngineError, match="holds chips"):
            export(noise_raster, road_lines, tmp_path / "data", **options)
    assert len(open_training_folder(tmp_path / "data").chips) == 14


def test_empty_tiles_bands_formats_extent(noise_raster, road_lines, tmp_path):
    assert export(noise_raster, road_lines, tmp_path / "all", no_feature_tiles="all")["tile_count"] == 35
    export(noise_raster, road_lines, tmp_path / "png", image_format="PNG", bands=[3, 2, 1])
    folder = open_training_folder(tmp_path / "png")
    assert folder.bands == [3, 2, 1] and folder.chips[0].image.suffix == ".png" and folder.chips[0].bounds is not None
    image, _ = read_chip(folder.chips[0])
    with rasterio.open(noise_raster) as file:
        np.testing.assert_array_equal(image, file.read([3, 2, 1])[:, 128:192, :64])
    extent = [500100, 4999780, 500230, 4999900]
    assert export(noise_raster, road_lines, tmp_path / "part", extent=extent)["tile_count"] == 3
    for chip in open_training_folder(tmp_path / "part").chips:
        assert chip.bounds[0] >= 500100 and chip.bounds[2] <= 500230
    with pytest.raises(EngineError, match="hold 1 or 3 bands"):
        export(noise_raster, road_lines, tmp_path / "jpeg", image_format="JPEG", bands=[1, 2])


def test_road_width_is_in_metres_on_geographic_and_resampled_grids(tmp_path):
    """A north-south and an east-west road of 20 m at 60° N, where a degree of longitude is half as long as one of latitude."""
    transform = Affine(2e-5, 0, 10, 0, -1e-5, 60)
    raster = write_raster(tmp_path / "north.tif", np.ones((1, 400, 400), np.uint8), crs="EPSG:4326", transform=transform)
    lines = [[(10.004, 59.9), (10.004, 60.1)], [(9.9, 59.998), (10.1, 59.998)]]
    roads = write_lines(tmp_path / "roads.gpkg", [shapely.LineString(line) for line in lines], crs="EPSG:4326")
    export(raster, roads, tmp_path / "native", tile_size=400, stride=400, road_width=20)
    _, label = read_chip(open_training_folder(tmp_path / "native").chips[0])
    metres_x, metres_y = open_training_folder(tmp_path / "native").cell_metres
    assert label[0].sum() * metres_x == pytest.approx(20, abs=1.5)
    assert label[:, 0].sum() * metres_y == pytest.approx(20, abs=1.5)
    export(raster, roads, tmp_path / "fine", tile_size=600, stride=600, road_width=20, cell_size=0.5)
    _, label = read_chip(open_training_folder(tmp_path / "fine").chips[0])
    assert label[0].sum() * 0.5 == pytest.approx(20, abs=1)
    assert label[:, 0].sum() * 0.5 == pytest.approx(20, abs=1)


def test_labels_in_another_coordinate_system_and_polygons(noise_raster, tmp_path):
    import pyproj

    to_degrees = pyproj.Transformer.from_crs("EPSG:32633", "EPSG:4326", always_xy=True)
    line = shapely.LineString([to_degrees.transform(x, 4999850) for x in (500000, 500200, 500400)])
    export(noise_raster, write_lines(tmp_path / "wgs.gpkg", [line], crs="EPSG:4326"), tmp_path / "wgs")
    _, label = read_chip(open_training_folder(tmp_path / "wgs").chips[1])
    assert label.sum() == pytest.approx(640, abs=20) and label[22].all()
    square = shapely.box(500070, 4999820, 500080, 4999830)
    roads = write_lines(tmp_path / "areas.gpkg", [square], geometry_type="Polygon")
    assert export(noise_raster, roads, tmp_path / "areas")["tile_count"] == 1
    assert read_chip(open_training_folder(tmp_path / "areas").chips[0])[1].sum() == 100


def test_nodata_is_neither_road_nor_background(road_lines, tmp_path):
    pixels = np.random.default_rng(1).integers(1, 255, (3, 300, 400), dtype=np.uint8)
    pixels[:, :, :90] = 0
    events = []
    raster = write_raster(tmp_path / "holes.tif", pixels, nodata=0)
    assert export(raster, road_lines, tmp_path / "data", Reporter(events.append))["tile_count"] == 6
    _, label = read_chip(open_training_folder(tmp_path / "data").chips[0])
    assert (label[:, : 90 - 64] == 255).all() and not (label[:, 90 - 64 :] == 255).any()
    assert any(isinstance(event, Warn) and "1 chip position" in event.text for event in events)


def test_the_sample(tmp_path):
    result = export(ORTHOPHOTO, ROADS, tmp_path / "data", tile_size=256, stride=128, cell_size=1.25)
    folder = open_training_folder(tmp_path / "data")
    assert result["tile_count"] == len(folder.chips) > 150
    assert 0.01 < result["road_share"] < 0.1


def bad_inputs(tmp_path, noise_raster, road_lines):
    far = write_lines(tmp_path / "far.gpkg", [shapely.LineString([(0, 0), (10, 10)])])
    empty = write_lines(tmp_path / "empty.gpkg", [])
    bare = write_raster(tmp_path / "bare.tif", np.ones((3, 300, 400), np.uint8), crs=None)
    cut = write_raster(tmp_path / "cut.tif", np.random.default_rng(0).integers(0, 255, (3, 300, 400), dtype=np.uint8))
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size // 2])
    beside = write_raster(tmp_path / "nodata.tif", np.zeros((3, 300, 400), np.uint8), nodata=0)
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "holiday.txt").touch()
    out = tmp_path / "out"
    return {
        "No road lies within the raster": (noise_raster, far, out, {}),
        "holds no features": (noise_raster, empty, out, {}),
        "has no coordinate system": (bare, road_lines, out, {}),
        "damaged or incomplete": (cut, road_lines, out, {}),
        "too small for one chip": (noise_raster, road_lines, out, {"tile_size": 512}),
        "outside the raster": (noise_raster, road_lines, out, {"extent": [0, 0, 5, 5]}),
        "No chip holds both imagery and a road": (beside, road_lines, out, {}),
        "not empty and holds no training data": (noise_raster, road_lines, foreign, {}),
        "is a file": (noise_raster, road_lines, road_lines, {}),
        "Nothing can be written": (noise_raster, road_lines, "/proc/roadsmith/data", {}),
        "cannot be read": (noise_raster, tmp_path / "none.gpkg", out, {}),
    }


@pytest.mark.parametrize("sentence", [
    "No road lies within the raster", "holds no features", "has no coordinate system", "damaged or incomplete",
    "too small for one chip", "outside the raster", "No chip holds both imagery and a road",
    "not empty and holds no training data", "is a file", "Nothing can be written", "cannot be read",
])
def test_bad_input_is_one_sentence_and_leaves_nothing(sentence, tmp_path, noise_raster, road_lines):
    raster, labels, output, options = bad_inputs(tmp_path, noise_raster, road_lines)[sentence]
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(EngineError, match=sentence) as caught:
        export(raster, labels, output, **options)
    assert "\n" not in caught.value.message
    assert sorted(tmp_path.rglob("*")) == before


def test_cancel_leaves_nothing_and_an_older_folder_as_it_was(noise_raster, road_lines, tmp_path):
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        export(noise_raster, road_lines, tmp_path / "data", Reporter(cancel=cancel))
    assert not list(tmp_path.glob("data*"))
    export(noise_raster, road_lines, tmp_path / "data")
    before = {path: path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file()}
    with pytest.raises(Cancelled):
        export(noise_raster, road_lines, tmp_path / "data", Reporter(cancel=cancel))
    assert {path: path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file()} == before
