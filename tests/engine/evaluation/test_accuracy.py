"""The scores of Compute Accuracy: known pairs, other grids, holes."""

import numpy as np
import pyogrio
import pytest
import shapely
from affine import Affine
from pyproj import Transformer
from roadsmith.engine.evaluation import accuracy
from scipy.ndimage import distance_transform_edt

from ..conftest import UTM, write_lines, write_raster
from .compared import NORTH, WEST, classified, errors_of, real_pair, score


@pytest.fixture(autouse=True)
def _no_drawing(monkeypatch):
    """Drawing takes longer than scoring; the report has tests of its own."""
    monkeypatch.setattr(accuracy, "render_page", lambda findings, grid: "")


def test_a_real_pair_against_an_independent_computation(tmp_path, monkeypatch):
    """All scores and the error map; windows smaller than the raster, so that halos matter."""
    monkeypatch.setattr(accuracy, "_WINDOW", 128)
    road, values = real_pair()
    values[50:90, 60:200] = 255
    truth = road.astype(np.uint8)
    truth[300:, 400:] = 9
    prediction = write_raster(tmp_path / "p.tif", values[None], nodata=255)
    result = score(tmp_path, prediction, write_raster(tmp_path / "t.tif", truth[None], nodata=9), block_size=100, threshold=0.4)
    scored = (values != 255) & (truth != 9)
    p = scored & (values.astype(np.float32) / np.float32(254) >= np.float32(0.4))
    y = scored & road
    tp, fp, fn, tn = (int((a & b & scored).sum()) for a, b in ((p, y), (p, ~y), (~p, y), (~p, ~y)))
    assert result["scored_pixels"] == tp + fp + fn + tn == scored.sum()
    assert result["precision"] == pytest.approx(tp / (tp + fp)) and result["recall"] == pytest.approx(tp / (tp + fn))
    assert result["f1"] == pytest.approx(2 * tp / (2 * tp + fp + fn)) == result["dice"]
    assert result["miou"] == pytest.approx((tp / (tp + fp + fn) + tn / (tn + fp + fn)) / 2)
    chance = ((tp + fp) * (tp + fn) + (fn + tn) * (fp + tn)) / scored.sum() ** 2
    assert result["kappa"] == pytest.approx(((tp + tn) / scored.sum() - chance) / (1 - chance))
    # a cell of this map is 1.0004 m wide on the ground, yet 3 m are 3 pixels
    to_truth, to_found = distance_transform_edt(~y), distance_transform_edt(~p)
    assert result["relaxed_precision"] == pytest.approx((to_truth[p] <= 3).mean())
    assert result["relaxed_recall"] == pytest.approx((to_found[y] <= 3).mean())
    expected = np.where(scored, np.select([p & y, p, y], [1, 2, 3], 0), 255)
    assert np.array_equal(errors_of(tmp_path), expected)


def test_the_best_threshold_gives_what_it_promises(tmp_path):
    road, values = real_pair()
    prediction = write_raster(tmp_path / "p.tif", values[None], nodata=255)
    truth = classified(tmp_path / "t.tif", road)
    first = score(tmp_path, prediction, truth, threshold=0.9)
    again = score(tmp_path, prediction, truth, threshold=first["best_threshold"])
    assert again["f1"] == pytest.approx(first["best_f1"]) and first["f1"] < first["best_f1"]
    assert 0 < first["break_even"] < first["relaxed_break_even"] <= 1
    # a float raster of the same probabilities gives the same
    floats = write_raster(tmp_path / "f.tif", (values / np.float32(254)).astype(np.float32)[None])
    assert score(tmp_path, floats, truth, threshold=0.9)["f1"] == first["f1"]


def test_lines_with_a_width(tmp_path):
    """A line along the edge between two rows of pixels, 6 m wide: three rows on either side."""
    found = np.zeros((40, 60), np.uint8)
    found[17:23] = 1
    line = write_lines(tmp_path / "roads.gpkg", [shapely.LineString([(WEST - 10, NORTH - 20), (WEST + 90, NORTH - 20)])])
    prediction = classified(tmp_path / "p.tif", found)
    assert score(tmp_path, prediction, line, road_width=6.0)["f1"] == 1
    wide = score(tmp_path, prediction, line, road_width=10.0)
    assert wide["precision"] == 1 and wide["recall"] == pytest.approx(0.6) and wide["relaxed_f1"] == 1


def test_the_width_field_and_polygons(tmp_path):
    line = shapely.LineString([(WEST, NORTH - 10), (WEST + 50, NORTH - 10)])
    shapes = [line, shapely.box(WEST, NORTH - 40, WEST + 50, NORTH - 35)]
    pyogrio.raw.write(
        tmp_path / "roads.gpkg", shapely.to_wkb(np.array(shapes, object)), [np.array([4.0, np.nan])], ["wide"], layer="roads",
        geometry_type="Unknown", crs=UTM, driver="GPKG",
    )
    road = np.zeros((50, 50), bool)
    road[8:12] = road[35:40] = True
    result = score(tmp_path, classified(tmp_path / "p.tif", road), tmp_path / "roads.gpkg", road_width=20, width_field="wide")
    assert result["f1"] == 1 and result["kappa"] == 1


def test_a_truth_in_another_system_and_with_finer_cells(tmp_path):
    """The truth in degrees, four times as fine: the same roads come out, but for pixels on their edges."""
    road = np.zeros((120, 120), bool)
    road[40:60] = road[:, 70:85] = True
    to_degrees = Transformer.from_crs(UTM, "EPSG:4326", always_xy=True)
    (west, east), (south, north) = to_degrees.transform([WEST - 20, WEST + 140], [NORTH - 140, NORTH + 20])
    rows, columns = np.mgrid[:640, :640] + 0.5
    x, y = Transformer.from_crs("EPSG:4326", UTM, always_xy=True).transform(
        west + columns * (east - west) / 640, north - rows * (north - south) / 640
    )
    row, column = np.floor(NORTH - y).astype(int), np.floor(x - WEST).astype(int)
    inside = (row >= 0) & (row < 120) & (column >= 0) & (column < 120)
    fine = np.where(inside, road[np.clip(row, 0, 119), np.clip(column, 0, 119)], 2).astype(np.uint8)
    truth = write_raster(tmp_path / "t.tif", fine[None], crs="EPSG:4326", nodata=2,
                         transform=Affine((east - west) / 640, 0, west, 0, -(north - south) / 640, north))
    result = score(tmp_path, classified(tmp_path / "p.tif", road), truth)
    assert result["scored_pixels"] > 0.98 * road.size and result["iou"] > 0.985 and result["relaxed_f1"] == 1


@pytest.mark.parametrize(("label", "share"), [("", 0.5), ("2", 0.25), ("1, 2", 0.5), ("1", 0.25)])
def test_the_truth_label_says_what_is_road(tmp_path, label, share):
    values = np.repeat(np.array([0, 0, 1, 2], np.uint8), 25)[:, None] * np.ones((1, 100), np.uint8)
    truth = write_raster(tmp_path / "t.tif", values[None])
    result = score(tmp_path, classified(tmp_path / "p.tif", values > 0), truth, truth_label=label)
    assert result["road_share"] == pytest.approx(share) and result["recall"] == 1
    assert result["precision"] == pytest.approx(share / 0.5)


def test_colours_and_masks_of_255_are_road(tmp_path):
    road = np.zeros((50, 50), bool)
    road[20:30] = True
    prediction = classified(tmp_path / "p.tif", road)
    coloured = np.where(road, np.array([250, 3, 0])[:, None, None], np.array([0, 90, 200])[:, None, None]).astype(np.uint8)
    picture = write_raster(tmp_path / "c.tif", coloured)
    assert score(tmp_path, prediction, picture, truth_label="#ff0000")["f1"] == 1
    mask = write_raster(tmp_path / "m.tif", (road * 255).astype(np.uint8)[None])
    assert score(tmp_path, mask, mask)["f1"] == 1
    assert score(tmp_path, prediction, write_raster(tmp_path / "f.tif", road.astype(np.float32)[None]))["f1"] == 1


def test_mask_and_extent_count_alone(tmp_path):
    """The prediction is right in the west and wrong in the east; the mask, in another system, holds the west."""
    road = np.zeros((60, 100), bool)
    road[20:30] = True
    found = road.copy()
    found[:, 50:] = False
    prediction, truth = classified(tmp_path / "p.tif", found), classified(tmp_path / "t.tif", road)
    west = shapely.box(WEST, NORTH - 60, WEST + 50, NORTH)
    ring = Transformer.from_crs(UTM, "EPSG:4326", always_xy=True)
    degrees = shapely.transform(west, lambda xy: np.column_stack(ring.transform(*xy.T)))
    mask = write_lines(tmp_path / "mask.gpkg", [degrees], crs="EPSG:4326", geometry_type="Polygon")
    masked = score(tmp_path, prediction, truth, mask=str(mask))
    assert masked["f1"] == 1 and abs(masked["scored_pixels"] - 3000) <= 60
    assert (errors_of(tmp_path)[:, 51:] == 255).all()
    part = score(tmp_path, prediction, truth, extent=[WEST + 60.0, NORTH - 60.0, WEST + 100.0, NORTH + 500.0])
    assert part["recall"] == 0 and part["scored_pixels"] == 40 * 60 and errors_of(tmp_path).shape == (60, 40)


@pytest.mark.parametrize(("found", "road", "accuracy_"), [(False, False, 1.0), (True, False, 0.0), (False, True, 0.0)])
def test_one_side_empty_has_defined_scores(tmp_path, found, road, accuracy_):
    prediction = classified(tmp_path / "p.tif", np.full((30, 30), found))
    truth = classified(tmp_path / "t.tif", np.full((30, 30), road))
    result = score(tmp_path, prediction, truth)
    assert result["accuracy"] == accuracy_
    assert {result[name] for name in ("f1", "precision", "recall", "relaxed_f1", "kappa")} == {0.0}
    assert result["break_even"] is None and result["best_threshold"] is None


def test_relaxed_scores_forgive_exactly_the_tolerance(tmp_path):
    """A road shifted by 3 pixels of 2 m: within 6 m, not within 5 m; 0 is 3 pixels."""
    road = np.zeros((60, 40), bool)
    road[20:24] = True
    cells = Affine(2, 0, WEST, 0, -2, NORTH)
    prediction = classified(tmp_path / "p.tif", np.roll(road, 7, axis=0), transform=cells)
    truth = classified(tmp_path / "t.tif", road, transform=cells)
    # rows 27 to 30 against rows 20 to 23: 4 to 7 rows away
    assert score(tmp_path, prediction, truth, tolerance=0.0)["relaxed_f1"] == 0
    assert score(tmp_path, prediction, truth, tolerance=8.1)["relaxed_precision"] == pytest.approx(1 / 4)
    assert score(tmp_path, prediction, truth, tolerance=14.1)["relaxed_f1"] == 1
