"""The GeoPackage of a network."""

from __future__ import annotations

import sqlite3
import threading

import numpy as np
import pyogrio
import pyproj
import pytest
import shapely
from roadsmith.engine.errors import Cancelled, EngineError
from roadsmith.engine.reporter import Reporter
from roadsmith.engine.road_network.layers import write_network

UTM = pyproj.CRS("EPSG:32633")
ROADS = (
    np.array([shapely.LineString([(0, 0), (10, 0)]), shapely.LineString([(10, 0), (10, 10)])], dtype=object),
    {"edge_id": np.array([1, 2]), "bridged": np.array([False, True]), "road_class": np.array(["track", "primary"], dtype=object)},
)
NODES = (np.array([shapely.Point(10, 0)], dtype=object), {"node_id": np.array([1]), "kind": np.array(["junction"], dtype=object)})
GAPS = (np.array([shapely.LineString([(0, 0), (0, 5)])], dtype=object), {"reason": np.array(["too long"], dtype=object)})
NO_GAPS = (np.empty(0, dtype=object), {"length_m": np.zeros(0), "reason": np.empty(0, dtype=object)})


def read(path, layer):
    meta, _, geometry, columns = pyogrio.raw.read(path, layer=layer)
    return {"geometry": shapely.from_wkb(geometry), **dict(zip(meta["fields"], columns))}


def test_three_layers(tmp_path):
    path = tmp_path / "new" / "network.gpkg"
    write_network(path, "run", UTM, ROADS, NODES, GAPS, Reporter())
    assert sorted(name for name, _ in pyogrio.list_layers(path)) == ["gaps", "nodes", "roads"]
    roads = read(path, "roads")
    assert roads["geometry"].tolist() == ROADS[0].tolist()
    assert roads["bridged"].dtype == bool and roads["bridged"].tolist() == [False, True]
    assert roads["road_class"].tolist() == ["track", "primary"]
    assert read(path, "nodes")["kind"].tolist() == ["junction"]
    assert read(path, "gaps")["reason"].tolist() == ["too long"]
    assert pyproj.CRS(pyogrio.read_info(path, layer="gaps")["crs"]).to_epsg() == 32633
    assert [each.name for each in path.parent.iterdir()] == ["network.gpkg"]


def test_as_old_qgis_wants_it(tmp_path):
    """Version 1.2 of the format, booleans that SQL takes as a condition."""
    path = tmp_path / "network.gpkg"
    write_network(path, "run", UTM, ROADS, NODES, GAPS, Reporter())
    with sqlite3.connect(path) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (10200,)
        assert database.execute("SELECT edge_id FROM roads WHERE bridged").fetchall() == [(2,)]
        types = {name: kind for _, name, kind, *_ in database.execute("PRAGMA table_info(roads)")}
    assert types["bridged"] == "BOOLEAN"


def test_an_empty_layer_has_its_fields(tmp_path):
    path = tmp_path / "network.gpkg"
    write_network(path, "run", UTM, ROADS, NODES, NO_GAPS, Reporter())
    info = pyogrio.read_info(path, layer="gaps")
    assert info["features"] == 0 and info["geometry_type"] == "LineString"
    assert dict(zip(info["fields"], info["dtypes"])) == {"length_m": "float64", "reason": "object"}


def test_cancelled_it_leaves_the_old_file_alone(tmp_path):
    path = tmp_path / "network.gpkg"
    path.write_text("of an earlier run")
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        write_network(path, "run", UTM, ROADS, NODES, GAPS, Reporter(None, cancel))
    assert path.read_text() == "of an earlier run"
    assert [each.name for each in tmp_path.iterdir()] == ["network.gpkg"]


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(EngineError, match="Nothing can be written"):
        write_network(tmp_path / "file" / "network.gpkg", "run", UTM, ROADS, NODES, GAPS, Reporter())
