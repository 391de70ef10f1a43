"""The whole job, from two files to a report and three layers."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from pyproj import Geod, Transformer
from roadsmith.engine.errors import Cancelled, EngineError
from roadsmith.engine.evaluation.comparison import compare_road_networks
from roadsmith.engine.events import Warn
from roadsmith.engine.jobs import CompareRoadNetworks
from roadsmith.engine.reporter import Reporter

from ..conftest import ROADS, UTM, write_lines
from .drawn_networks import grid, lines

DATA = Path(__file__).parent / "data"
EAST, NORTH = 500_000, 5_000_000
SHARES = [
    "completeness", "correctness", "quality", "apls", "apls_reference_to_roads", "apls_roads_to_reference", "topo_precision",
    "topo_recall", "topo_f1", "junction_precision", "junction_recall", "junction_f1",
]  # fmt: skip


def at_place(streets):
    return [shapely.transform(each, lambda xy: xy + np.array([EAST, NORTH])) for each in lines(*streets)]


def layer(path, streets, **options):
    return str(write_lines(path, at_place(streets), **options))


def compare(roads, reference, tmp_path=None, reporter=None, **arguments):
    if tmp_path:
        out = tmp_path / "out"
        arguments = {"report": str(out / "report.html"), "output": str(out / "compared.gpkg"), **arguments}
    job = CompareRoadNetworks(roads=str(roads), reference=str(reference), **arguments)
    return compare_road_networks(job, reporter or Reporter())


def warnings_of(*arguments, **options):
    heard = []
    result = compare(*arguments, reporter=Reporter(heard.append), **options)
    return result, [event.text for event in heard if isinstance(event, Warn)]


def read(path, name):
    meta, _, geometry, columns = pyogrio.raw.read(path, layer=name)
    return {"geometry": shapely.from_wkb(geometry), "crs": meta["crs"], **dict(zip(meta["fields"], columns))}


@pytest.fixture
def streets(tmp_path):
    return layer(tmp_path / "streets.gpkg", grid(4))


def without_doubled_links(source, target):
    """Write lines without the segments that two lines share, as CosmiQ's reference implementation drops both of them."""
    meta, _, blobs, _ = pyogrio.raw.read(source, columns=[])
    segments = [
        tuple(sorted(pair)) for line in shapely.from_wkb(blobs) for pair in zip(line.coords[:-1], line.coords[1:])
    ]
    kept = [shapely.LineString(each) for each in segments if segments.count(each) == 1]
    assert len(kept) == len(segments) - 2
    return write_lines(target, kept, crs=meta["crs"])


def test_the_reference_case(tmp_path):
    """CosmiQ's implementation gives 0.7290 (0.7772 and 0.6864) on these layers: snap 4 m, points every 50 m, lengths.

    Its ground truth graph lacks a link of 2.5 m: two lines draw it, and its cleaning of doubled edges removes both. Without that
    link the figures agree; with it, the same implementation given this very graph says 0.8231 (0.8491 and 0.7986).
    """
    truth, proposal = DATA / "spacenet_vegas_ground_truth.geojson", DATA / "spacenet_vegas_proposal.geojson"
    cut = compare(proposal, without_doubled_links(truth, tmp_path / "cut.gpkg"))
    assert cut["apls"] == pytest.approx(0.7290, abs=0.001)
    assert cut["apls_reference_to_roads"] == pytest.approx(0.7772, abs=0.001)
    assert cut["apls_roads_to_reference"] == pytest.approx(0.6864, abs=0.001)
    whole = compare(proposal, truth)
    assert whole["apls"] == pytest.approx(0.8231, abs=0.0001)
    assert whole["apls_reference_to_roads"] == pytest.approx(0.8491, abs=0.0001)
    assert whole["apls_roads_to_reference"] == pytest.approx(0.7986, abs=0.0001)


def test_real_roads_are_like_themselves(tmp_path):
    result = compare(ROADS, ROADS, tmp_path, spacing=250.0, samples=2000)
    assert {name: result[name] for name in SHARES} == pytest.approx(dict.fromkeys(SHARES, 1.0))
    assert (result["redundancy"], result["missed_km"], result["extra_km"]) == (0.0, 0.0, 0.0)
    json.dumps(result)  # it travels as JSON


def test_figures_and_files(tmp_path, streets):
    """24 streets of 100 m; one is missing, one of 80 m extra."""
    roads = layer(tmp_path / "roads.gpkg", [*grid(4, left_out=[0]), [(300, 300), (380, 300)]])
    result = compare(roads, streets, tmp_path, weight="time")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["compared.gpkg", "report.html"]
    assert result["reference_km"] == pytest.approx(2.4 / 0.9996, rel=1e-5)  # the scale of UTM in the middle of a zone
    assert result["roads_km"] == pytest.approx(2.38 / 0.9996, rel=1e-5)
    assert result["missed_km"] == pytest.approx(0.09 / 0.9996, rel=1e-3)
    assert result["extra_km"] == pytest.approx(0.075 / 0.9996, rel=1e-3)
    assert result["completeness"] == pytest.approx(1 - result["missed_km"] / result["reference_km"])
    assert result["correctness"] == pytest.approx(1 - result["extra_km"] / result["roads_km"])
    assert (result["roads_components"], result["reference_components"]) == (1, 1)
    assert (result["roads_dead_ends"], result["reference_dead_ends"]) == (2, 0)  # a corner, and the extra road
    page = Path(result["report"]).read_text(encoding="utf-8")
    assert f"{result['apls']:.3f}" in page
    assert "data:image/png;base64," in page


def test_layers(tmp_path):
    """Half of the reference is found (and 5 m past the end); the other road is extra."""
    reference = layer(tmp_path / "reference.gpkg", [[(0, 0), (100, 0)]])
    roads = layer(tmp_path / "roads.gpkg", [[(0, 0), (50, 0)], [(0, 80), (60, 80)]])
    result = compare(roads, reference, tmp_path)
    found = {name: read(result["output"], name) for name in ("matched", "missed", "extra")}
    geod = Geod(ellps="WGS84")
    to_degrees = Transformer.from_crs(UTM, "EPSG:4326", always_xy=True)
    for name, (start, end, feature) in {
        "matched": ((0, 0), (50, 0), 1), "missed": ((55, 0), (100, 0), 1), "extra": ((0, 80), (60, 80), 2),
    }.items():  # fmt: skip
        (line,), (feature_id,), (length,) = found[name]["geometry"], found[name]["source_id"], found[name]["length_m"]
        assert found[name]["crs"] == UTM
        assert feature_id == feature  # as GeoPackage counts them
        drawn = np.array([line.coords[0], line.coords[-1]]) - [EAST, NORTH]
        assert drawn == pytest.approx(np.array([start, end]), abs=0.003)
        assert length == pytest.approx(geod.geometry_length(shapely.transform(
            line, lambda xy: np.column_stack(to_degrees.transform(*xy.T)))), abs=1e-6)
        assert result[f"{name}_km"] == pytest.approx(length / 1000)


def test_another_coordinate_system(tmp_path):
    """Long straight lines of UTM, drawn in degrees: the same roads, wherever they bend."""
    utm = at_place(grid(3, step=4_000.0))
    to_degrees = Transformer.from_crs(UTM, "EPSG:4326", always_xy=True)
    degrees = [
        shapely.transform(shapely.segmentize(each, 200), lambda xy: np.column_stack(to_degrees.transform(*xy.T))) for each in utm
    ]
    one, other = write_lines(tmp_path / "one.gpkg", utm), write_lines(tmp_path / "other.gpkg", degrees, crs="EPSG:4326")
    result = compare(one, other, spacing=1000.0)
    assert {name: result[name] for name in SHARES} == pytest.approx(dict.fromkeys(SHARES, 1.0), abs=1e-4)
    assert result["rms_offset"] < 0.05


def test_over_the_date_line(tmp_path):
    """Two streets that meet there, one on either side."""
    west, east = [(179.995, 60.0), (180.0, 60.0)], [(-180.0, 60.0), (-179.995, 60.0)]
    layer = write_lines(tmp_path / "roads.gpkg", lines(west, east), crs="EPSG:4326")
    result = compare(layer, layer)
    assert result["reference_km"] == pytest.approx(2 * 0.279, abs=0.001)
    assert result["reference_components"] == 1


def test_heights_parts_and_doubles(tmp_path, streets):
    """Heights are dropped, multi-lines taken apart, and lines without a length left out with a warning."""
    high = [shapely.force_3d(each, z=number) for number, each in enumerate(at_place(grid(4)))]
    parts = [shapely.MultiLineString(high[:12]), *(shapely.MultiLineString([each]) for each in high[12:])]
    nothing = shapely.MultiLineString([shapely.LineString([(EAST, NORTH, 1), (EAST, NORTH, 2)])])
    roads = write_lines(tmp_path / "roads.gpkg", [*parts, nothing], geometry_type="MultiLineString Z")
    result, warnings = warnings_of(roads, streets)
    assert {name: result[name] for name in SHARES} == pytest.approx(dict.fromkeys(SHARES, 1.0))
    assert len(warnings) == 1
    assert "1 features of the roads have no length" in warnings[0]
    assert "feature 14" in warnings[0]


def test_curves(tmp_path):
    """A half circle of 100 m radius, as CAD and PostGIS store it."""
    arc = f"CIRCULARSTRING({EAST} {NORTH}, {EAST + 100} {NORTH + 100}, {EAST + 200} {NORTH})"
    (tmp_path / "arc.csv").write_text(f'WKT,id\n"{arc}",1\n')
    drawn = [(100 - 100 * np.cos(turn), 100 * np.sin(turn)) for turn in np.linspace(0, np.pi, 200)]
    reference = layer(tmp_path / "reference.gpkg", [drawn])
    result = compare(tmp_path / "arc.csv", reference)
    assert result["roads_km"] == pytest.approx(0.31416, rel=1e-3)
    assert result["apls"] > 0.99


def test_only_inside_the_mask(tmp_path, streets):
    """The truth covers the lower half only: what lies above counts for neither side."""
    roads = layer(tmp_path / "roads.gpkg", [*grid(4), [(0, 300), (0, 900)]])
    mask = write_lines(
        tmp_path / "mask.gpkg", [shapely.box(EAST - 50, NORTH - 50, EAST + 350, NORTH + 250)], geometry_type="Polygon"
    )
    whole, inside = compare(roads, streets), compare(roads, streets, mask=str(mask))
    assert whole["correctness"] < 0.85
    assert (inside["correctness"], inside["apls"]) == pytest.approx((1.0, 1.0))
    assert inside["reference_km"] == pytest.approx((3 * 0.3 + 4 * 0.25) / 0.9996, rel=1e-5)
    far = shapely.box(EAST + 900, NORTH, EAST + 990, NORTH + 9)
    elsewhere = write_lines(tmp_path / "far.gpkg", [far], geometry_type="Polygon")
    result, warnings = warnings_of(roads, streets, mask=str(elsewhere))
    assert result["apls"] == 1.0
    assert warnings == ["Neither layer has a line inside the mask: every score is 1 by definition."]


def test_a_layer_that_ends_early_is_named(tmp_path, streets):
    """Beside 2400 m of streets that both have, a road goes on for 300 m; 5 m of it lie within the buffer."""
    wide = layer(tmp_path / "wide.gpkg", [*grid(4), [(300, 0), (600, 0)]])
    few = {"samples": 100, "spacing": 100.0}
    result, warnings = warnings_of(wide, streets, **few)
    assert warnings == [
        "11% of the roads lie outside the rectangle around the reference and count as extra: give a mask of the ground that both "
        "layers cover."
    ]
    assert result["correctness"] == pytest.approx(1 - 295 / 2700, abs=1e-4)  # and that is what it is said of
    _, warnings = warnings_of(streets, wide, **few)
    assert len(warnings) == 1 and warnings[0].startswith("11% of the reference lies outside the rectangle around the roads")
    box = shapely.box(EAST - 50, NORTH - 50, EAST + 320, NORTH + 350)
    mask = write_lines(tmp_path / "mask.gpkg", [box], geometry_type="Polygon")
    assert warnings_of(wide, streets, mask=str(mask), **few)[1] == []
    assert warnings_of(layer(tmp_path / "near.gpkg", [*grid(4), [(300, 0), (500, 0)]]), streets, **few)[1] == []  # 7.5 %


def test_the_report_calls_the_layers_as_the_user_does(tmp_path, streets):
    result = compare(streets, streets, tmp_path, roads_name="Roads <2024>", reference_layer="roads", samples=100)
    page = Path(result["report"]).read_text(encoding="utf-8")
    assert "<td>Roads &lt;2024&gt;</td>" in page and "<td>streets.gpkg roads</td>" in page and str(tmp_path) not in page


def test_empty_layers(tmp_path, streets):
    empty = layer(tmp_path / "empty.gpkg", [])
    result, warnings = warnings_of(empty, empty, tmp_path=tmp_path)
    assert {name: result[name] for name in SHARES} == dict.fromkeys(SHARES, 1.0)
    assert (result["rms_offset"], result["gaps_per_km"], result["mean_gap"]) == (None, None, None)
    assert warnings == ["Neither layer has a line: every score is 1 by definition."]
    for roads, reference, name in ((empty, streets, "roads"), (streets, empty, "reference")):
        result, warnings = warnings_of(roads, reference, tmp_path=tmp_path)
        assert {each: result[each] for each in SHARES} == dict.fromkeys(SHARES, 0.0)
        assert warnings == [f"The {name} have no line: every score is 0 by definition."]
        assert len(read(result["output"], "missed")["geometry"]) == (24 if roads == empty else 0)


def test_travel_time(tmp_path):
    """One road, 36 km/h in the one layer and the default of 18 in the other: 100 m take 10 and 20 s."""
    path = tmp_path / "fast.gpkg"
    for name, speed in (("fast", "36"), ("unknown", "walk")):
        pyogrio.raw.write(
            tmp_path / f"{name}.gpkg", shapely.to_wkb(np.array(at_place([[(0, 0), (100, 0)]]))), [np.array([speed], object)],
            ["maxspeed"], layer="roads", geometry_type="LineString", crs=UTM, driver="GPKG",
        )  # fmt: skip
    result = compare(tmp_path / "unknown.gpkg", path, weight="time", speed_field="maxspeed", default_speed=18.0)
    assert result["apls_reference_to_roads"] == pytest.approx(0.0, abs=1e-9)
    assert result["apls_roads_to_reference"] == pytest.approx(0.5)
    assert compare(tmp_path / "unknown.gpkg", path)["apls"] == 1.0
    _, warnings = warnings_of(path, path, weight="time", speed_field="speed")
    assert warnings == ["Neither layer has speeds in a field 'speed': the default speed counts everywhere."]


def test_crossings_are_said(tmp_path):
    roads = layer(tmp_path / "roads.gpkg", [[(0, 0), (100, 0)], [(50, -50), (50, 50)]])
    result, warnings = warnings_of(roads, roads)
    assert result["roads_junctions"] == 1
    assert "the roads, lines cross 1 times without a common vertex: this was taken for junctions" in warnings[0]


@pytest.mark.parametrize(("kind", "said"), [("Point", "points"), ("Polygon", "polygons")])
def test_other_geometries(tmp_path, streets, kind, said):
    shape = shapely.Point(EAST, NORTH) if kind == "Point" else shapely.box(EAST, NORTH, EAST + 9, NORTH + 9)
    other = write_lines(tmp_path / "other.gpkg", [shape], geometry_type=kind)
    with pytest.raises(EngineError, match=f"roads layer holds {said}, not lines"):
        compare(other, streets)
    if kind == "Point":
        with pytest.raises(EngineError, match=r"mask other\.gpkg holds no polygons"):
            compare(streets, streets, mask=str(other))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"buffer": 0.0}, "buffer must be more than 0"), ({"buffer": float("nan")}, "buffer must"), ({"snap": -1.0}, "snap is"),
        ({"spacing": 0.1}, "too many"), ({"weight": "money"}, "'length' or 'time'"), ({"samples": 0}, "number of routes"),
        ({"seed": -1}, "seed"), ({"output": "/x/roads.shp"}, "must end in .gpkg"), ({"roads": "/no/such.gpkg"}, "cannot be read"),
    ],
)  # fmt: skip
def test_bad_parameters(streets, arguments, said):
    with pytest.raises(EngineError, match=said):
        compare_road_networks(CompareRoadNetworks(**{"roads": streets, "reference": streets, **arguments}), Reporter())


def test_cancel_leaves_nothing(tmp_path, streets):
    for phase in ("Finding junctions", "Comparing routes", "Writing"):
        cancel = threading.Event()

        def stop(event, phase=phase, cancel=cancel):
            if getattr(event, "text", "") == phase:
                cancel.set()

        with pytest.raises(Cancelled):
            compare(streets, streets, tmp_path, reporter=Reporter(stop, cancel))
        assert not [*(tmp_path / "out").iterdir()]


def test_the_same_twice(tmp_path, streets):
    roads = layer(tmp_path / "roads.gpkg", grid(4, left_out=[3, 9, 17]))
    assert compare(roads, streets, samples=200) == compare(roads, streets, samples=200)
