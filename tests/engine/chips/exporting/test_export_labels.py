"""Where labels come from: classes, widths, polygons, overlaps, rasters, broken geometries."""

import numpy as np
import pyproj
import pytest
import rasterio
import shapely
from affine import Affine
from roadsmith.engine.errors import EngineError
from roadsmith.engine.events import Log, Warn
from roadsmith.engine.reporter import Reporter

from ...conftest import write_lines, write_raster
from .exports import export, labels_of, record, write_features

TOP = 5_000_000


#: The place of one chip.
CORNER = [500000, TOP - 64, 500064, TOP]


def across(row, left=0, right=400):
    """A line along a pixel row's upper edge in the grid of ``noise_raster``."""
    return shapely.LineString([(500000 + left, TOP - row), (500000 + right, TOP - row)])


def heights(folder, stem):
    """How many pixels of each class the first column of a chip has."""
    values, counts = np.unique(labels_of(folder)[stem][:, 0], return_counts=True)
    return dict(zip(values.tolist(), counts.tolist()))


def test_classes_and_their_widths(noise_raster, tmp_path):
    roads = write_features(tmp_path / "r.gpkg", [across(20), across(40), across(55)], kind=["track", "primary", "river"])
    widths = {"primary": 12.0, "river": 0.0}
    export(noise_raster, roads, tmp_path / "data", class_field="kind", class_widths=widths, road_width=4.0, extent=CORNER)
    assert heights(tmp_path / "data", "000000000") == {0: 64 - 16, 1: 12, 3: 4}
    classes = record(tmp_path / "data", "esri_model_definition.emd")["Classes"]
    assert [(each["Value"], each["Name"]) for each in classes] == [(1, "primary"), (2, "river"), (3, "track")]
    stats = record(tmp_path / "data", "esri_accumulated_stats.json")["FeatureStats"]
    assert stats["NumFeaturesPerClass"] == [1, 0, 1] and stats["NumFeaturesTotal"] == 2
    assert stats["FeatureAreaPerClass"][0]["Sum"] == pytest.approx(12 * 64, rel=1e-3)


def test_a_class_has_the_same_value_in_every_part_of_a_layer(noise_raster, tmp_path):
    roads = write_features(tmp_path / "r.gpkg", [across(20)], kind=["track"])
    options = {"class_field": "kind", "class_names": ["path", "track"], "class_widths": {"path": 3.0}, "extent": CORNER}
    export(noise_raster, roads, tmp_path / "data", **options)
    assert heights(tmp_path / "data", "000000000") == {0: 54, 2: 10}


def test_whole_number_classes_stay_and_later_exports_add_theirs(noise_raster, tmp_path):
    roads = write_features(tmp_path / "r.gpkg", [across(20), across(40)], kind=[3, 7])
    area = {"extent": CORNER, "class_field": "kind"}
    export(noise_raster, roads, tmp_path / "data", **area)
    assert heights(tmp_path / "data", "000000000") == {0: 44, 3: 10, 7: 10}
    more = write_features(tmp_path / "more.gpkg", [across(20)], kind=[5])
    export(noise_raster, more, tmp_path / "data", **area)
    classes = record(tmp_path / "data", "esri_accumulated_stats.json")["Classes"]
    assert [each["ClassValue"] for each in classes] == [3, 5, 7]
    assert heights(tmp_path / "data", "000000001") == {0: 54, 5: 10}


def test_width_field_and_what_it_lacks(noise_raster, tmp_path):
    roads = write_features(tmp_path / "r.gpkg", [across(10), across(30), across(50)], width=["6", "14 m", "wide"])
    events = []
    export(noise_raster, roads, tmp_path / "data", Reporter(events.append), width_field="width", road_width=4.0, extent=CORNER)
    column = labels_of(tmp_path / "data")["000000000"][:, 0]
    assert [column[7:13].sum(), column[23:37].sum(), column[48:52].sum(), column.sum()] == [6, 14, 4, 24]
    assert any(isinstance(event, Warn) and "id 102" in event.text and "no width" in event.text for event in events)


def test_overlap_ratio_leaves_out_what_a_chip_hardly_holds(noise_raster, tmp_path):
    squares = [shapely.box(500060, TOP - 30, 500070, TOP - 20), shapely.box(500010, TOP - 30, 500020, TOP - 20)]
    roads = write_lines(tmp_path / "areas.gpkg", squares, geometry_type="Polygon")
    export(noise_raster, roads, tmp_path / "all", extent=[500000, TOP - 64, 500128, TOP])
    export(noise_raster, roads, tmp_path / "half", extent=[500000, TOP - 64, 500128, TOP], min_overlap=0.5)
    assert [label.sum() for label in labels_of(tmp_path / "all").values()] == [100 + 40, 60]
    assert [label.sum() for label in labels_of(tmp_path / "half").values()] == [100, 60]


def test_broken_geometries_are_mended_or_named(noise_raster, tmp_path):
    bow_tie = shapely.Polygon([(500010, TOP - 10), (500030, TOP - 30), (500030, TOP - 10), (500010, TOP - 30)])
    geometries = [bow_tie, shapely.Point(500020, TOP - 20), shapely.box(500040, TOP - 50, 500050, TOP - 40)]
    roads = write_features(tmp_path / "r.gpkg", geometries, geometry_type="Unknown")
    events = []
    export(noise_raster, roads, tmp_path / "data", Reporter(events.append))
    assert labels_of(tmp_path / "data")["000000000"].sum() == pytest.approx(100 + 200, abs=22)
    said = [event.text for event in events if isinstance(event, Warn)]
    assert any("mended: id 100." in text for text in said) and any("left out: id 101." in text for text in said)


def test_heights_measures_and_parts(noise_raster, tmp_path):
    upper, lower = ([(500000, TOP - row, 5), (500064, TOP - row, 7)] for row in (20, 50))
    parts = shapely.MultiLineString([upper, lower])
    roads = write_features(tmp_path / "r.gpkg", [parts], geometry_type="MultiLineString Z")
    export(noise_raster, roads, tmp_path / "data")
    assert labels_of(tmp_path / "data")["000000000"].sum() == 2 * 10 * 64
    stats = record(tmp_path / "data", "esri_accumulated_stats.json")["FeatureStats"]
    assert stats["NumFeaturesTotal"] == 2  # one in each of two chips: its buffer's round end reaches into the second


def test_roads_narrower_than_a_pixel_are_a_pixel_wide(tmp_path):
    raster = write_raster(tmp_path / "coarse.tif", np.ones((1, 64, 64), np.uint8), transform=Affine(30, 0, 500000, 0, -30, TOP))
    roads = write_lines(tmp_path / "r.gpkg", [shapely.LineString([(500000, TOP - 915), (502000, TOP - 915)])])
    events = []
    export(raster, roads, tmp_path / "data", Reporter(events.append))
    assert (labels_of(tmp_path / "data")["000000000"].sum(axis=0) == 1).all()
    assert any(isinstance(event, Warn) and "narrower than a pixel" in event.text for event in events)


@pytest.mark.parametrize(("options", "sentence"), [
    ({"class_field": "nothing"}, "has no field 'nothing': it has"), ({"class_widths": {"a": 3}}, "need the class field"),
    ({"class_field": "id", "class_widths": {"zebra": 3}}, "which the labels do not have"),
    ({"labels": ""}, "either a road layer or"),
])
def test_wrong_labels_are_one_sentence(noise_raster, tmp_path, options, sentence):
    roads = write_lines(tmp_path / "r.gpkg", [across(20), across(30)])
    with pytest.raises(EngineError, match=sentence):
        export(noise_raster, options.pop("labels", roads), tmp_path / "data", **options)


# -- label rasters


def label_raster(path, values, cell=1.0, crs="EPSG:32633", **options):
    return str(write_raster(path, np.asarray(values)[None], transform=Affine(cell, 0, 500000, 0, -cell, TOP), crs=crs, **options))


def test_a_label_raster_on_the_same_grid(noise_raster, tmp_path):
    values = np.zeros((300, 400), np.uint8)
    values[20:30], values[40:44] = 1, 2
    export(noise_raster, None, tmp_path / "data", label_raster=label_raster(tmp_path / "l.tif", values))
    assert heights(tmp_path / "data", "000000000") == {0: 50, 1: 10, 2: 4}
    stats = record(tmp_path / "data", "esri_accumulated_stats.json")
    assert stats["OutputFeatures"] is False and "FeatureStats" not in stats
    # seven chips across, the last flush with the edge and overlapping
    assert stats["ClassPixelStats"]["NumPixelsPerClass"] == [7 * 64 * 10, 7 * 64 * 4]
    assert stats["ClassPixelStats"]["NumClassesPerImage"]["Max"] == 2
    assert "Class pixel statistics:" in (tmp_path / "data" / "stats.txt").read_text()
    twice = export(noise_raster, None, tmp_path / "data", label_raster=str(tmp_path / "l.tif"))
    assert twice["tile_count"] == 7 and record(tmp_path / "data", "esri_accumulated_stats.json")["NumTiles"] == 14


def test_a_finer_label_raster_by_majority_and_a_coarser_by_nearest(noise_raster, tmp_path):
    fine = np.zeros((1200, 1600), np.uint8)
    fine[83:121] = 1  # rows 20.75 to 30.25 of the imagery
    fine[200, ::2] = 1  # specks that no majority keeps
    export(noise_raster, None, tmp_path / "fine", label_raster=label_raster(tmp_path / "f.tif", fine, 0.25))
    assert np.flatnonzero(labels_of(tmp_path / "fine")["000000000"][:, 0]).tolist() == list(range(21, 30))
    coarse = np.zeros((30, 40), np.uint8)
    coarse[2] = 1
    export(noise_raster, None, tmp_path / "coarse", label_raster=label_raster(tmp_path / "c.tif", coarse, 10.0))
    assert np.flatnonzero(labels_of(tmp_path / "coarse")["000000000"][:, 0]).tolist() == list(range(20, 30))


def test_a_label_raster_in_another_coordinate_system(noise_raster, tmp_path):
    to_degrees = pyproj.Transformer.from_crs("EPSG:32633", "EPSG:4326", always_xy=True)
    left, top = to_degrees.transform(499900, TOP + 100)
    cell = 5e-6
    values = np.zeros((1200, 1400), np.uint8)
    x, y = np.meshgrid(left + cell * (np.arange(1400) + 0.5), top - cell * (np.arange(1200) + 0.5))
    north = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:32633", always_xy=True).transform(x, y)[1]
    values[(np.abs(north - (TOP - 25)) < 5)] = 1
    path = write_raster(tmp_path / "deg.tif", values[None], crs="EPSG:4326", transform=Affine(cell, 0, left, 0, -cell, top))
    export(noise_raster, None, tmp_path / "data", label_raster=str(path), extent=CORNER)
    rows = np.flatnonzero(labels_of(tmp_path / "data")["000000000"][:, 30])
    assert abs(rows[0] - 20) <= 1 and abs(rows[-1] - 29) <= 1


def test_nodata_of_label_rasters(noise_raster, tmp_path):
    values = np.zeros((300, 400), np.uint8)
    values[20:30], values[50:] = 1, 9
    unknown = label_raster(tmp_path / "u.tif", values, nodata=9)
    export(noise_raster, None, tmp_path / "unknown", label_raster=unknown)
    assert heights(tmp_path / "unknown", "000000000") == {0: 40, 1: 10, 255: 14}
    background = label_raster(tmp_path / "b.tif", np.where(values == 1, 1, 0).astype(np.uint8), nodata=0)
    export(noise_raster, None, tmp_path / "background", label_raster=background)
    assert heights(tmp_path / "background", "000000000") == {0: 54, 1: 10}
    small = label_raster(tmp_path / "s.tif", values[:40])
    export(noise_raster, None, tmp_path / "small", label_raster=small)
    assert heights(tmp_path / "small", "000000000") == {0: 30, 1: 10, 255: 24}
    mask = label_raster(tmp_path / "m.tif", np.where(values == 1, 255, 0).astype(np.uint8))
    export(noise_raster, None, tmp_path / "mask", label_raster=mask)
    assert heights(tmp_path / "mask", "000000000") == {0: 54, 1: 10}


@pytest.mark.parametrize(("values", "options", "sentence"), [
    (np.ones((300, 400), np.float32), {}, "labels are whole numbers"),
    (np.full((300, 400), 300, np.uint16), {}, "no background"),
    (np.arange(120000).reshape(300, 400).astype(np.int32), {}, "the class 255"),
    (np.eye(300, 400, dtype=np.int16) * -4, {}, "the class -4"),
    (np.ones((300, 400), np.uint8), {"crs": "EPSG:32601"}, "does not meet the imagery"),
])
def test_what_is_no_label_raster(noise_raster, tmp_path, values, options, sentence):
    path = label_raster(tmp_path / "l.tif", values, **options)
    with pytest.raises(EngineError, match=sentence):
        export(noise_raster, None, tmp_path / "data", label_raster=path)
    assert not list(tmp_path.glob("data*"))


def test_attribution_and_log(noise_raster, road_lines, tmp_path):
    events = []
    export(noise_raster, road_lines, tmp_path / "data", Reporter(events.append), attribution="© A")
    export(noise_raster, road_lines, tmp_path / "data", attribution="© B")
    assert record(tmp_path / "data")["attribution"] == "© A; © B" and len(record(tmp_path / "data")["sources"]) == 2
    assert any(isinstance(event, Log) and "7 chips of 64" in event.text for event in events)
    with rasterio.open(next((tmp_path / "data" / "labels").glob("*.tif"))) as file:
        assert file.nodata == 255
