"""The whole job, from a GeoTIFF to a GeoPackage."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import numpy as np
import pyogrio
import pyproj
import pytest
import rasterio
import shapely
from affine import Affine
from roadsmith.engine.errors import Cancelled, EngineError
from roadsmith.engine.jobs import RasterToRoadVector
from roadsmith.engine.reporter import Reporter
from roadsmith.engine.road_network import skeleton_tiles
from roadsmith.engine.road_network.vectorise import raster_to_road_vector

from . import drawn_masks as masks

EDGE_COLUMNS = [
    "edge_id", "from_node", "to_node", "component_id", "length_m", "width_m", "mean_probability", "min_probability",
    "bridged", "possible_bridge", "road_class",
]  # fmt: skip
GAP_COLUMNS = ["rank", "length_m", "angle_deg", "mean_probability", "reason"]


def run(tmp_path, raster, reporter=None, **arguments):
    job = RasterToRoadVector(raster=raster, output=str(tmp_path / "out" / "roads.gpkg"), **arguments)
    result = raster_to_road_vector(job, reporter or Reporter())
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["roads.gpkg"]
    return result, read(result["output"], "roads"), read(result["output"], "nodes")


def read(path, layer):
    meta, _, geometry, columns = pyogrio.raw.read(path, layer=layer)
    return {"geometry": shapely.from_wkb(geometry), "crs": meta["crs"], **dict(zip(meta["fields"], columns))}


def cross(width=8, size=200):
    """A crossing of two roads that leave the raster on all sides."""
    mask = np.zeros((size, size), np.uint8)
    middle = size // 2
    mask[middle : middle + width] = mask[:, middle : middle + width] = 1
    return mask


def test_crossing(tmp_path):
    raster = masks.write_raster(tmp_path / "cross.tif", cross(), nodata=255)
    result, roads, nodes = run(tmp_path, raster)
    assert list(roads)[2:] == EDGE_COLUMNS
    assert list(nodes)[2:] == ["node_id", "degree", "kind"]
    assert result == {
        "output": str(tmp_path / "out" / "roads.gpkg"), "edge_count": 4, "node_count": 5, "component_count": 1,
        "length_km": pytest.approx(0.398, abs=0.003), "closed_gap_count": 0, "gap_count": 0, "graphml": "",
    }  # fmt: skip
    json.dumps(result)  # it travels as JSON
    assert sorted(nodes["kind"].tolist()) == ["end", "end", "end", "end", "junction"]
    assert sorted(nodes["degree"].tolist()) == [1, 1, 1, 1, 4]
    assert roads["width_m"] == pytest.approx(8.0, abs=0.6)
    assert (roads["mean_probability"] == 1).all()
    assert (roads["component_id"] == 1).all()
    point = dict(zip(nodes["node_id"].tolist(), shapely.get_coordinates(nodes["geometry"]).tolist()))
    for line, first, last in zip(roads["geometry"], roads["from_node"], roads["to_node"]):
        assert shapely.get_coordinates(line)[[0, -1]].tolist() == [point[first], point[last]]
    assert pyproj.CRS(roads["crs"]).to_epsg() == 32633


@pytest.mark.parametrize(
    ("crs", "transform"),
    [
        ("EPSG:3857", Affine(2, 0, 1_500_000, 0, -2, 7_000_000)),  # at 53° north its metres are 0.6 m
        ("EPSG:32633", Affine(1, 0, 600_000, 0, -1, 5_500_000)),
        ("EPSG:4326", Affine(1e-5, 0, 15, 0, -1e-5, 49)),
        ("EPSG:4326", Affine(1e-5, 0, 15, 0, 1e-5, 49)),  # south up
        ("EPSG:2263", Affine(3, 0, 980_000, 0, -3, 200_000)),  # US feet
    ],
)
def test_lengths_are_ellipsoidal_metres(tmp_path, crs, transform):
    """A line from pixel (20, 30) to (20 + 800, 30 + 600), about a kilometre long."""
    mask = masks.band((850, 660), (20, 30), (820, 630), 7).astype(np.uint8)
    raster = masks.write_raster(tmp_path / "line.tif", mask, crs=crs, transform=transform)
    _, roads, _ = run(tmp_path, raster)
    (length,) = roads["length_m"]
    to_degrees = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    ends = [to_degrees.transform(*(transform * (column + 0.5, row + 0.5))) for row, column in ((20, 30), (820, 630))]
    true = pyproj.Geod(ellps="WGS84").inv(*ends[0], *ends[1])[2]
    pixel = true / 1000
    assert length == pytest.approx(true, abs=0.005 * true + 2 * pixel)  # thinning may take or leave a pixel at each tip
    if crs != "EPSG:4326":  # whose pixels are oblong here
        assert roads["width_m"][0] == pytest.approx(7 * pixel, abs=1.0 * pixel)


def test_straight_kilometre_in_utm(tmp_path):
    mask = np.zeros((40, 1000), np.uint8)
    mask[16:24] = 1
    _, roads, _ = run(tmp_path, masks.write_raster(tmp_path / "line.tif", mask))
    assert roads["length_m"] == pytest.approx([999 / 0.9996], rel=1e-4)
    assert roads["width_m"] == pytest.approx([8.0], abs=0.6)


def test_a_map_without_ellipsoid_is_measured_in_its_own_unit(tmp_path):
    local = 'LOCAL_CS["site grid",UNIT["metre",1],AXIS["x",EAST],AXIS["y",NORTH]]'
    mask = np.zeros((40, 300), np.uint8)
    mask[16:24] = 1
    raster = masks.write_raster(tmp_path / "line.tif", mask, crs=local)
    _, roads, _ = run(tmp_path, raster)
    assert roads["length_m"] == pytest.approx([299.0])


@pytest.mark.parametrize(
    ("scale", "dtype", "nodata", "kind"),
    [(254, np.uint8, 255, ""), (254, np.uint8, 255, "probability"), (1, np.float32, None, ""), (1, np.float64, np.nan, "")],
)
def test_probabilities(tmp_path, scale, dtype, nodata, kind):
    shares = np.tile(np.linspace(0, 0.25, 300), (60, 1))
    shares[20:29, :200] = 0.8
    shares[20:29, 200:] = 0.6
    raster = masks.write_raster(tmp_path / "p.tif", (shares * scale).astype(dtype), nodata=nodata, kind=kind)
    _, roads, _ = run(tmp_path, raster)
    assert roads["min_probability"] == pytest.approx([0.6], abs=0.005)
    assert roads["mean_probability"] == pytest.approx([0.8 * 2 / 3 + 0.6 / 3], abs=0.01)
    result, roads, _ = run(tmp_path, raster, threshold=0.7, low_threshold=0.7)
    assert result["length_km"] == pytest.approx(0.198, abs=0.006)
    result, roads, _ = run(tmp_path, raster, threshold=0.7)  # what hangs together with it goes on
    assert result["length_km"] == pytest.approx(0.299, abs=0.006)


@pytest.mark.parametrize(
    ("noted", "given", "km"), [("0.7", {}, 0.198), ("0.7", {"threshold": 0.5}, 0.299), ("half", {}, 0.299), ("7", {}, 0.299)]
)
def test_roads_are_drawn_from_what_the_raster_says(tmp_path, noted, given, km):
    shares = np.zeros((60, 300), np.float32)
    shares[20:29, :200], shares[20:29, 200:] = 0.8, 0.6
    raster = masks.write_raster(tmp_path / "p.tif", shares, kind="probability")
    with rasterio.open(raster, "r+") as file:
        file.update_tags(ROADSMITH_THRESHOLD=noted)
    low = given.get("threshold", 0.7 if noted == "0.7" else 0.5)
    assert run(tmp_path, raster, low_threshold=low, **given)[0]["length_km"] == pytest.approx(km, abs=0.006)


@pytest.mark.parametrize(
    ("road", "nodata", "kind"), [(255, None, ""), (255, 0, ""), (1, 255, ""), (1, None, ""), (1, 0, ""), (1, 255, "classified")]
)
def test_classes_and_masks(tmp_path, road, nodata, kind):
    raster = masks.write_raster(tmp_path / "mask.tif", cross() * np.uint8(road), nodata=nodata, kind=kind)
    result, _, _ = run(tmp_path, raster)
    assert result["edge_count"] == 4


def test_undeclared_nodata_in_a_classified_raster_is_no_road(tmp_path):
    mask = cross()
    mask[:60] = 255
    result, roads, _ = run(tmp_path, masks.write_raster(tmp_path / "mask.tif", mask))
    assert result["edge_count"] == 4
    assert max(shapely.get_coordinates(line)[:, 1].max() for line in roads["geometry"]) < 5500000 - 60


def test_nodata_is_no_road(tmp_path):
    shares = np.full((60, 300), np.nan, np.float32)
    shares[20:29] = 0.9
    shares[:, 150:] = np.nan
    result, _, _ = run(tmp_path, masks.write_raster(tmp_path / "p.tif", shares))
    assert result["length_km"] == pytest.approx(0.147, abs=0.006)


def test_ring_and_two_components(tmp_path):
    rows, columns = np.mgrid[:200, :200]
    away = np.hypot(rows - 100, columns - 70)
    mask = (np.abs(away - 50) < 4) | ((columns > 160) & (columns < 169))
    result, roads, nodes = run(tmp_path, masks.write_raster(tmp_path / "ring.tif", mask.astype(np.uint8)))
    assert result["component_count"] == 2
    assert sorted(nodes["kind"].tolist()) == ["end", "end", "ring"]
    ring = int(np.argmax(roads["length_m"]))
    assert roads["component_id"][ring] == 1
    assert roads["length_m"][ring] == pytest.approx(2 * np.pi * 50, rel=0.01)
    assert shapely.is_closed(roads["geometry"][ring])


def test_no_road_gives_empty_layers_and_a_warning(tmp_path):
    listener = masks.Listener()
    raster = masks.write_raster(tmp_path / "none.tif", np.zeros((50, 50), np.uint8), nodata=255)
    result, roads, nodes = run(tmp_path, raster, listener.reporter)
    assert result["edge_count"] == result["node_count"] == result["component_count"] == 0
    assert result["length_km"] == 0.0
    assert list(roads)[2:] == EDGE_COLUMNS
    assert list(nodes)[2:] == ["node_id", "degree", "kind"]
    assert "No road was found" in listener.texts("warning")[0]
    assert pyogrio.read_info(result["output"], layer="roads")["geometry_type"] == "LineString"
    assert pyogrio.read_info(result["output"], layer="nodes")["geometry_type"] == "Point"
    assert pyogrio.read_info(result["output"], layer="gaps")["geometry_type"] == "LineString"
    assert list(read(result["output"], "gaps"))[2:] == GAP_COLUMNS


def dashed(trace=0.25):
    """A road with two gaps 20 m wide, one with a trace in it and one without; kilometres away nothing."""
    shares = np.full((60, 400), 0.02, np.float32)
    shares[26:34] = 0.9
    shares[26:34, 100:120] = trace
    shares[:, 250:270] = 0.02
    return shares


def test_gaps_are_closed_or_listed(tmp_path):
    listener = masks.Listener()
    raster = masks.write_raster(tmp_path / "p.tif", dashed())
    result, roads, nodes = run(tmp_path, raster, listener.reporter)
    assert (result["closed_gap_count"], result["gap_count"], result["edge_count"], len(nodes["degree"])) == (1, 1, 2, 4)
    assert roads["bridged"].tolist() == [True, False]
    assert roads["length_m"] == pytest.approx([250, 130], abs=8)
    gaps = read(result["output"], "gaps")
    assert list(gaps)[2:] == GAP_COLUMNS
    assert (gaps["rank"].tolist(), gaps["reason"].tolist()) == ([1], ["low probability"])
    ends = shapely.union_all(shapely.boundary(roads["geometry"]))
    assert shapely.distance(shapely.get_point(gaps["geometry"], [[0], [-1]]), ends).max() < 1e-6
    assert gaps["length_m"] == pytest.approx(shapely.length(gaps["geometry"]) / 0.9996, rel=1e-4)
    assert "Gaps closed: 1; left open for a person to look at: 1" in listener.texts("log")


@pytest.mark.parametrize(
    ("arguments", "closed", "listed"),
    [({"max_gap": 0.0}, 0, 0), ({"min_gap_probability": 0.3}, 0, 2), ({"low_threshold": 0.2}, 0, 1), ({"max_gap": 100.0}, 1, 1)],
)
def test_gap_parameters(tmp_path, arguments, closed, listed):
    result, _, _ = run(tmp_path, masks.write_raster(tmp_path / "p.tif", dashed()), **arguments)
    assert (result["closed_gap_count"], result["gap_count"]) == (closed, listed)


def test_evidence_beside_a_classified_raster(tmp_path):
    classified = masks.write_raster(tmp_path / "c.tif", (dashed() > 0.5).astype(np.uint8), nodata=255)
    result, _, _ = run(tmp_path, classified)
    assert (result["closed_gap_count"], result["gap_count"]) == (0, 2)
    result, _, _ = run(tmp_path, classified, probability=masks.write_raster(tmp_path / "p.tif", dashed()))
    assert (result["closed_gap_count"], result["gap_count"]) == (1, 1)


def test_gaps_to_networks_that_are_dropped_are_dropped(tmp_path):
    shares = dashed(trace=0.02)
    shares[:, 145:] = 0.02  # beyond the first gap 25 m are left, less than the shortest network
    result, _, _ = run(tmp_path, masks.write_raster(tmp_path / "p.tif", shares))
    assert (result["edge_count"], result["gap_count"]) == (1, 0)
    result, _, _ = run(tmp_path, masks.write_raster(tmp_path / "p.tif", shares), min_component=10.0)
    assert (result["edge_count"], result["gap_count"]) == (2, 1)


def test_graphml_beside_it(tmp_path):
    raster = masks.write_raster(tmp_path / "cross.tif", cross())
    graph = tmp_path / "graph" / "roads.graphml"
    result, _, _ = run(tmp_path, raster, graphml=str(graph))
    assert result["graphml"] == str(graph)
    assert graph.read_text(encoding="utf-8").count("<edge ") == 4


def test_tiles_leave_no_mark_in_the_file(tmp_path, monkeypatch):
    random = np.random.default_rng(5)
    mask = np.zeros((300, 300), bool)
    for _ in range(12):
        mask |= masks.band(mask.shape, random.uniform(-20, 320, 2), random.uniform(-20, 320, 2), random.uniform(3, 14))
    raster = masks.write_raster(tmp_path / "mask.tif", mask.astype(np.uint8))
    _, whole_roads, whole_nodes = run(tmp_path, raster)
    monkeypatch.setattr(skeleton_tiles.skeleton_pixels, "__defaults__", (37, 2))
    monkeypatch.setattr(skeleton_tiles, "_HALO", 0)
    _, roads, nodes = run(tmp_path, raster)
    for one, other in ((whole_roads, roads), (whole_nodes, nodes)):
        assert shapely.to_wkb(one.pop("geometry")).tolist() == shapely.to_wkb(other.pop("geometry")).tolist()
        assert all(np.array_equal(one[name], other[name]) for name in one)


def fails(tmp_path, raster, match, output="roads.gpkg", **arguments):
    job = RasterToRoadVector(raster=str(raster), output=str(tmp_path / "result" / output), **arguments)
    with pytest.raises(EngineError, match=match) as caught:
        raster_to_road_vector(job, Reporter())
    assert "\n" not in caught.value.message
    folder = Path(job.output).parent
    assert not folder.exists() or list(folder.iterdir()) == []


def test_no_coordinate_system(tmp_path):
    raster = masks.write_raster(tmp_path / "plain.tif", cross(), crs=None)
    fails(tmp_path, raster, "no coordinate system")
    result, _, _ = run(tmp_path, raster, raster_crs="EPSG:32633")
    assert result["edge_count"] == 4


def test_truncated_file(tmp_path):
    noise = np.random.default_rng(1).random((600, 600)).astype(np.float32)
    raster = Path(masks.write_raster(tmp_path / "cut.tif", noise))
    raster.write_bytes(raster.read_bytes()[:-400_000])
    fails(tmp_path, raster, "damaged or incomplete")


def test_missing_file(tmp_path):
    fails(tmp_path, tmp_path / "nowhere.tif", "cannot be opened")


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.uint16])
def test_land_cover_classes(tmp_path, dtype):
    classes = np.random.default_rng(1).integers(1, 4, (50, 50)).astype(dtype)
    fails(tmp_path, masks.write_raster(tmp_path / "classes.tif", classes), "values 1, 2, 3, which are neither")


def test_elevations(tmp_path):
    heights = np.random.default_rng(1).uniform(200, 400, (50, 50)).astype(np.float32)
    fails(tmp_path, masks.write_raster(tmp_path / "dem.tif", heights), "run from 0 to 1")


@pytest.mark.parametrize(("value", "dtype"), [(255, np.uint8), (np.nan, np.float32)])
def test_nothing_but_nodata(tmp_path, value, dtype):
    fails(tmp_path, masks.write_raster(tmp_path / "void.tif", np.full((50, 50), value, dtype), nodata=value), "no data")


def test_folder_that_cannot_be_made(tmp_path):
    raster = masks.write_raster(tmp_path / "cross.tif", cross())
    job = RasterToRoadVector(raster=raster, output="/proc/roadsmith/roads.gpkg")
    with pytest.raises(EngineError, match="Nothing can be written"):
        raster_to_road_vector(job, Reporter())


@pytest.mark.parametrize(
    ("arguments", "match"),
    [({"output": "roads.shp"}, "gpkg"), ({"min_dangle": -1.0}, "min_dangle"), ({"smoothing": float("nan")}, "smoothing"),
     ({"max_gap": -1.0}, "max_gap"), ({"max_gap": 101.0}, "at most 100"), ({"min_gap_probability": 1.5}, "min_gap_probability"),
     ({"graphml": "roads.gml"}, "graphml")],
)
def test_parameters_out_of_range(tmp_path, arguments, match):
    fails(tmp_path, masks.write_raster(tmp_path / "cross.tif", cross()), match, **arguments)


@pytest.mark.parametrize("threshold", [0.0, 1.5, float("nan")])
def test_threshold_out_of_range(tmp_path, threshold):
    raster = masks.write_raster(tmp_path / "p.tif", cross().astype(np.float32))
    fails(tmp_path, raster, "threshold", threshold=threshold)


@pytest.mark.parametrize(
    "phase", ["Finding centre lines", "Cleaning the network", "Closing gaps", "Drawing the lines", "Writing"]
)
def test_cancel_leaves_nothing(tmp_path, phase):
    cancel = threading.Event()
    reporter = Reporter(lambda event: cancel.set() if getattr(event, "text", "") == phase else None, cancel)
    output = tmp_path / "result" / "roads.gpkg"
    job = RasterToRoadVector(raster=masks.write_raster(tmp_path / "cross.tif", cross()), output=str(output))
    started = time.monotonic()
    with pytest.raises(Cancelled):
        raster_to_road_vector(job, reporter)
    assert time.monotonic() - started < 5
    assert list(output.parent.iterdir()) == []


def test_progress_only_rises(tmp_path):
    listener = masks.Listener()
    run(tmp_path, masks.write_raster(tmp_path / "cross.tif", cross(size=600)), listener.reporter)
    fractions = [event.fraction for event in listener.events if event.kind == "progress"]
    assert fractions == sorted(fractions)
