"""GraphML, read again by networkx: the same network as that of the layers."""

from __future__ import annotations

import threading
from collections import Counter

import networkx
import numpy as np
import pyogrio
import pyproj
import pytest
import shapely
from roadsmith.engine.errors import Cancelled, EngineError
from roadsmith.engine.reporter import Reporter
from roadsmith.engine.road_network.attributes import edge_attributes, node_attributes, used_nodes
from roadsmith.engine.road_network.graph import build_graph
from roadsmith.engine.road_network.graphml import checked_graphml_path, write_graphml
from roadsmith.engine.road_network.layers import write_network
from roadsmith.engine.road_network.skeleton_tiles import SkeletonPixels

from . import drawn_masks as masks

DEGREES = pyproj.CRS("EPSG:4326")
#: A street between two squares of which one has three ways around it, a ring nobody reaches, and a cul-de-sac.
STREETS = masks.drawn(
    ".........................",
    "..#######................",
    "..#.....#................",
    "..#.....#........#####...",
    "..#########......#...#...",
    "..#.....#.#......#...#...",
    "..#.....#.#......#...#...",
    "..#######.#......#####...",
    "..........#..............",
    "..........#..............",
    "..........##########.....",
    ".........................",
)


@pytest.fixture
def network():
    """Roads and nodes as the layers take them, in degrees."""
    rows, columns = np.nonzero(STREETS)
    ones = np.ones(len(rows), np.float32)
    graph = build_graph(SkeletonPixels.plain(rows.astype(np.int64), columns.astype(np.int64), ones, ones), (1.0, 1.0), Reporter())
    to_map = (1e-5, -1e-5)
    lines = np.array([shapely.linestrings(graph.positions(path) * to_map + (15, 49)) for path in graph.paths], dtype=object)
    points = np.empty(len(graph.node_pixels), dtype=object)
    points[graph.edge_nodes[:, 0]] = shapely.get_point(lines, 0)
    points[graph.edge_nodes[:, 1]] = shapely.get_point(lines, -1)
    return (
        (lines, edge_attributes(graph, lines, DEGREES, Reporter(), travel_times=True)),
        (points[used_nodes(graph)], node_attributes(graph)),
    )


def load(path):
    return networkx.read_graphml(path, node_type=int, edge_key_type=int, force_multigraph=True)


def of_the_layers(path):
    """The network of a GeoPackage, built with networkx as docs/vectorising.md shows."""
    graph = networkx.MultiGraph()
    fields, _, geometry, columns = pyogrio.raw.read(path, layer="roads")
    named = dict(zip(fields["fields"], columns))
    for number, (first, last) in enumerate(zip(named["from_node"].tolist(), named["to_node"].tolist())):
        values = {name: each[number] for name, each in named.items()}
        graph.add_edge(first, last, key=int(values["edge_id"]), line=shapely.from_wkb(geometry[number]), **values)
    return graph


def test_the_graph_of_the_layers(network, tmp_path):
    roads, nodes = network
    write_network(tmp_path / "n.gpkg", "run", DEGREES, roads, nodes, (roads[0][:0], {}), Reporter())
    write_graphml(tmp_path / "n.graphml", "run", DEGREES, roads, nodes, Reporter())
    graph, layers = load(tmp_path / "n.graphml"), of_the_layers(tmp_path / "n.gpkg")

    assert sorted(graph.nodes) == sorted(layers.nodes) == nodes[1]["node_id"].tolist()
    assert dict(graph.degree) == dict(layers.degree) == dict(zip(*(nodes[1][name].tolist() for name in ("node_id", "degree"))))
    assert {(*sorted(pair), key) for *pair, key in graph.edges(keys=True)} == {
        (*sorted(pair), key) for *pair, key in layers.edges(keys=True)
    }
    assert networkx.number_connected_components(graph) == 2 == int(roads[1]["component_id"].max())
    for first, last, key, values in layers.edges(keys=True, data=True):
        written = graph[first][last][key]
        for name in ("length_m", "width_m", "mean_probability", "travel_time_s", "bridged", "possible_bridge", "road_class"):
            assert written[name] == values[name], name
            assert isinstance(written[name], (bool, float, str))
        assert shapely.from_wkt(written["geometry"]) == values["line"]


def test_parallel_edges_loops_and_places(network, tmp_path):
    roads, nodes = network
    write_graphml(tmp_path / "n.graphml", "run", DEGREES, roads, nodes, Reporter())
    graph = load(tmp_path / "n.graphml")
    assert graph.graph["crs"] == "EPSG:4326" and not graph.is_directed()
    pairs = Counter(tuple(sorted(pair)) for pair in graph.edges())
    assert max(pairs.values()) == 3  # three ways around the block
    assert networkx.number_of_selfloops(graph) == 1  # the ring
    assert sorted(graph.nodes[each]["kind"] for each in graph) == sorted(nodes[1]["kind"].tolist())
    for first, last, values in graph.edges(data=True):
        line = shapely.from_wkt(values["geometry"])
        ends = {line.coords[0], line.coords[-1]}
        assert ends == {(graph.nodes[each]["x"], graph.nodes[each]["y"]) for each in (first, last)}  # to the last bit


def test_a_network_without_roads(tmp_path):
    none, path = np.empty(0, dtype=object), tmp_path / "n.graphml"
    roads = (none, {name: np.zeros(0, np.int64) for name in ("edge_id", "from_node", "to_node", "length_m")})
    write_graphml(path, "run", DEGREES, roads, (none, {"node_id": np.zeros(0, np.int64)}), Reporter())
    assert len(load(path)) == 0


def test_a_system_without_a_code_and_names_to_escape(tmp_path):
    local = pyproj.CRS('LOCAL_CS["a <b> & c",UNIT["metre",1],AXIS["x",EAST],AXIS["y",NORTH]]')
    line, ends = shapely.LineString([(0, 0), (1, 1)]), shapely.points([(0, 0), (1, 1)])
    roads = (np.array([line], dtype=object), {
        "edge_id": np.array([7]), "from_node": np.array([1]), "to_node": np.array([2]), "name": np.array(["<&>"], dtype=object),
    })  # fmt: skip
    write_graphml(tmp_path / "n.graphml", "run", local, roads, (ends, {"node_id": np.array([1, 2])}), Reporter())
    graph = load(tmp_path / "n.graphml")
    assert "a <b> & c" in graph.graph["crs"] and graph[1][2][7]["name"] == "<&>"


def test_cancelled_it_leaves_nothing(network, tmp_path):
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        write_graphml(tmp_path / "n.graphml", "run", DEGREES, *network, Reporter(None, cancel))
    assert list(tmp_path.iterdir()) == []


def test_the_ending_is_checked():
    assert checked_graphml_path("a/b.GraphML").name == "b.GraphML"
    with pytest.raises(EngineError, match=r"network\.gpkg must end in \.graphml"):
        checked_graphml_path("network.gpkg")
