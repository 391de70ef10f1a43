"""Raster to road vector through QGIS: a drawn town of which every street is known, all results, routes, and how they look."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from qgis.core import (
    QgsExpressionContext,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProject,
    QgsRasterLayer,
    QgsRasterRange,
    QgsRectangle,
    QgsRenderContext,
    QgsVectorLayer,
)

from .drawn import CRS, NORTH, WEST
from .drawn_town import STREETS, place, write_probabilities, write_town
from .samples import pyramid, run, web_map

pytestmark = pytest.mark.usefixtures("provider")

COLUMNS = [
    "edge_id", "from_node", "to_node", "component_id", "length_m", "width_m", "mean_probability", "min_probability", "bridged",
    "possible_bridge", "road_class",
]
#: Class and km/h by width in pixels.
CLASSES = {14: ("primary", 72), 5: ("residential", 40), 3: ("track", 32)}
#: Two streets, one along and one across, for each; each is 236 m long, and its centre line ends half its width before its end.
KILOMETRES = sum(2 * (236 - width) for _, width in STREETS) / 1000


def vectorise(feedback, raster, context=None, **options):
    return run("rastertoroadvector", {"INPUT": raster, "OUTPUT": "memory:", **options}, feedback, context)


@pytest.fixture(scope="module")
def network(provider, tmp_path_factory):
    """The town with all results."""
    from .conftest import _fixtures

    folder = tmp_path_factory.mktemp("net work ü")
    outputs = {name: str(folder / f"{name.lower()}.gpkg") for name in ("OUTPUT", "NODES", "GAPS")}
    options = {**outputs, "GRAPHML": str(folder / "n.graphml"), "TRAVEL_TIMES": True}
    return vectorise(_fixtures.Messages(), write_town(folder / "town.tif"), **options)


def loaded(path):
    layer = QgsVectorLayer(path, "layer", "ogr")
    assert layer.isValid() and layer.crs().authid() == CRS
    return layer


def test_all_results(network):
    roads, nodes, gaps = (loaded(network[name]) for name in ("OUTPUT", "NODES", "GAPS"))
    names = [each.name() for each in roads.fields()]
    assert names == ["fid", *COLUMNS, "speed_kmh", "travel_time_s"]
    lines = list(roads.getFeatures())
    assert len(lines) == network["EDGE_COUNT"] == 40  # 3 between, 2 beyond the crossings of each of the 8
    assert network["LENGTH_KM"] == pytest.approx(KILOMETRES, rel=0.02) == sum(each["length_m"] for each in lines) / 1000
    assert network["GAP_COUNT"] == gaps.featureCount() == 0 == network["CLOSED_GAP_COUNT"]
    points = {each["node_id"]: each.geometry().asPoint() for each in nodes.getFeatures()}
    assert len(points) == 16 + 16
    for line in lines:
        vertices = line.geometry().asPolyline()
        assert vertices[0] == points[line["from_node"]] and vertices[-1] == points[line["to_node"]]
        assert line["travel_time_s"] == pytest.approx(line["length_m"] / line["speed_kmh"] * 3.6)
    text = Path(network["GRAPHML"]).read_text(encoding="utf-8")
    assert text.count("<edge ") == 40 and text.count("<node ") == 32 and f">{CRS}<" in text


def test_classes_are_those_of_the_widths(network):
    lines = list(loaded(network["OUTPUT"]).getFeatures())
    for width, (name, speed) in CLASSES.items():
        found = [each for each in lines if each["road_class"] == name]
        streets = 2 * [each for _, each in STREETS].count(width)
        assert sum(each["length_m"] for each in found) == pytest.approx(streets * (236 - width), rel=0.02)
        assert {round(each["width_m"]) for each in found} <= {width - 1, width, width + 1}
        assert {each["speed_kmh"] for each in found} == {speed}


def test_booleans_are_conditions(network):
    import processing

    def count(condition):
        options = {"INPUT": network["OUTPUT"], "EXPRESSION": condition, "OUTPUT": "memory:"}
        return processing.run("native:extractbyexpression", options)["OUTPUT"].featureCount()

    assert [count(each) for each in ('"bridged"', 'NOT "bridged"', '"bridged" = false', '"bridged" = 0')] == [0, 40, 40, 40]
    assert count('"possible_bridge"') + count('NOT "possible_bridge"') == 40
    layer = loaded(network["OUTPUT"])
    assert layer.setSubsetString("NOT bridged") and layer.featureCount() == 40


def route(network, start, end, **options):
    import processing

    points = {name: "{},{}".format(*place(*pixel)) for name, pixel in (("START_POINT", start), ("END_POINT", end))}
    parameters = {"INPUT": network["OUTPUT"], **points, "DEFAULT_SPEED": 50, "TOLERANCE": 0, "OUTPUT": "memory:", **options}
    return processing.run("native:shortestpathpointtopoint", parameters)


def test_the_shortest_path_across_the_town(network):
    """From one corner to the opposite one: 236 m along and 165 m down, whichever way."""
    result = route(network, (10, 45), (246, 210))
    assert result["TRAVEL_COST"] == pytest.approx(236 + 165, rel=0.02)
    (found,) = result["OUTPUT"].getFeatures()
    assert found.geometry().length() == pytest.approx(result["TRAVEL_COST"], rel=1e-3)


def test_the_fastest_path_takes_the_main_road(network):
    """Between two lanes' ends it takes 110 m of lane, 110 m of main road, and a way down by main road; the shortest need not."""
    fastest = route(network, (45, 10), (246, 210), STRATEGY=1, SPEED_FIELD="speed_kmh")
    path = next(fastest["OUTPUT"].getFeatures()).geometry()
    assert sum(path.intersection(strip).length() for strip in strips(155)) == pytest.approx(55 + 55 + 55, abs=20)
    assert fastest["TRAVEL_COST"] == pytest.approx((0.090 + 0.055) / 40 + 0.165 / 72 + 0.091 / 32, rel=0.05)  # hours


def strips(middle):
    """The areas of the streets along a row and along the column of the same number."""
    return [
        QgsGeometry.fromRect(QgsRectangle(WEST, NORTH - middle - 3, WEST + 256, NORTH - middle + 3)),
        QgsGeometry.fromRect(QgsRectangle(WEST + middle - 3, NORTH - 256, WEST + middle + 3, NORTH)),
    ]


def test_every_road_is_reached_from_one_point(network):
    import processing

    result = processing.run("native:serviceareafrompoint", {
        "INPUT": network["OUTPUT"], "START_POINT": "{},{}".format(*place(10, 45)), "TRAVEL_COST2": 10_000,
        "INCLUDE_BOUNDS": False, "OUTPUT_LINES": "memory:",
    })
    # each line comes once for each direction
    reached = QgsGeometry.unaryUnion([each.geometry() for each in result["OUTPUT_LINES"].getFeatures()])
    everything = sum(each.geometry().length() for each in loaded(network["OUTPUT"]).getFeatures())
    assert reached.length() == pytest.approx(everything, rel=1e-3)


def test_a_gap_is_closed_where_the_probabilities_speak_for_it(tmp_path, feedback):
    """0.24 over 12 m of a street of 0.99: too little for a road, enough for its gap, if that is all we want."""
    weak = write_probabilities(tmp_path / "weak.tif", weak=60)
    result = vectorise(feedback, weak, GAPS="memory:")
    bridged = [each for each in result["OUTPUT"].getFeatures() if each["bridged"]]
    assert result["CLOSED_GAP_COUNT"] == 1 == len(bridged)
    assert result["LENGTH_KM"] == pytest.approx(KILOMETRES, rel=0.02)
    assert bridged[0]["min_probability"] == pytest.approx(60 / 254, abs=0.01)

    refused = vectorise(feedback, weak, GAPS="memory:", MIN_GAP_PROBABILITY=0.5)
    assert refused["CLOSED_GAP_COUNT"] == 0 and refused["GAP_COUNT"] == refused["GAPS"].featureCount() >= 1
    gap = min(refused["GAPS"].getFeatures(), key=lambda each: each["rank"])
    assert gap["length_m"] == pytest.approx(12 + 2 * 2, abs=2) and gap["reason"]  # a centre line ends two pixels early


def test_a_probability_raster_beside_a_mask(tmp_path, feedback):
    """The mask has a gap of nothing; the evidence for it lies in the other raster, of which QGIS alone knows the nodata."""
    mask = write_town(tmp_path / "mask.tif", weak=0)
    evidence = write_probabilities(tmp_path / "evidence.tif", weak=100)
    layer = QgsRasterLayer(evidence, "evidence")
    layer.dataProvider().setUserNoDataValue(1, [QgsRasterRange(77, 77)])  # so it must be copied
    result = vectorise(feedback, mask, PROBABILITY=layer)
    assert result["CLOSED_GAP_COUNT"] == 1
    assert max(each["mean_probability"] for each in result["OUTPUT"].getFeatures()) == pytest.approx(252 / 254, abs=0.01)


def test_one_value_of_many_is_road(tmp_path, feedback):
    classes = write_town(tmp_path / "classes.tif", value=7, background=3)
    result = vectorise(feedback, classes, ROAD_LABEL="7")
    assert result["LENGTH_KM"] == pytest.approx(KILOMETRES, rel=0.02)


def test_the_low_threshold_reaches_the_worker(tmp_path, feedback):
    """A street is 0.4 for 12 m: it goes on there by itself, but not if we want 0.5."""
    raster = write_probabilities(tmp_path / "p.tif", weak=102)
    counts = [vectorise(feedback, raster, MAX_GAP=0, **low)["EDGE_COUNT"] for low in ({}, {"LOW_THRESHOLD": 0.5})]
    assert counts == [40, 41]


def test_results_have_a_style_with_a_legend(tmp_path, feedback):
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    outputs = {name: str(tmp_path / f"{name}.gpkg") for name in ("OUTPUT", "NODES", "GAPS")}
    for name, path in outputs.items():
        context.addLayerToLoadOnCompletion(path, QgsProcessingContext.LayerDetails(name, QgsProject.instance(), name))
    vectorise(feedback, write_town(tmp_path / "town.tif"), context, **outputs)
    legends = {}
    for name, path in outputs.items():
        layer = loaded(path)
        context.layerToLoadOnCompletionDetails(path).postProcessor().postProcessLayer(layer, context, feedback)
        legends[name] = [each.label() for each in layer.renderer().legendSymbolItems()]
        if name != "GAPS":
            assert all_are_drawn(layer)
    assert len(legends["OUTPUT"]) == 5 and legends["OUTPUT"][0].startswith("Primary")
    assert legends["NODES"][:2] == ["Junction", "Dead end"] and len(legends["GAPS"]) == 3


def all_are_drawn(layer):
    """Whether the layer's style has a symbol for every feature."""
    context, renderer = QgsRenderContext(), layer.renderer().clone()
    expressions = QgsExpressionContext()
    expressions.setFields(layer.fields())
    context.setExpressionContext(expressions)
    renderer.startRender(context, layer.fields())
    drawn = []
    for feature in layer.getFeatures():
        context.expressionContext().setFeature(feature)
        drawn.append(renderer.willRenderFeature(feature, context))
    renderer.stopRender(context)
    return drawn and all(drawn)


def test_in_a_shell(tmp_path):
    target = tmp_path / "roads.gpkg"
    arguments = [f"INPUT={write_town(tmp_path / 'town.tif')}", "LOW_THRESHOLD=0.4", "TRAVEL_TIMES=true", f"OUTPUT={target}"]
    command = [os.environ.get("QGIS_PROCESS", "qgis_process"), "--json", "run", "roadsmith:rastertoroadvector", "--", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout[done.stdout.index("{"):])["results"]
    assert results["EDGE_COUNT"] == 40 and loaded(str(target)).fields().indexOf("travel_time_s") > 0


@pytest.mark.parametrize(("parameters", "sentence"), [
    ({"INPUT": "web map"}, "'web map' is a picture, without values"),
    ({"INPUT": "copied", "SCHEDULER": "tcp://localhost:8786"}, "'copied' is no file that the machines of a cluster could read"),
    ({"INPUT": "nowhere"}, "'nowhere' has no coordinate system"),
    ({"PROBABILITY": "web map"}, "'web map' is a picture, without values"),
    ({"THRESHOLD": 0.5, "LOW_THRESHOLD": 0.9}, "low threshold of 0.9 is higher"),
    ({"GRAPHML": "n.gml"}, "ends in .graphml"),
])
def test_bad_input_is_one_sentence(tmp_path, feedback, parameters, sentence):
    town = write_town(tmp_path / "town.tif")
    copied, nowhere = QgsRasterLayer(town, "copied"), QgsRasterLayer(town, "nowhere")
    copied.dataProvider().setUserNoDataValue(1, [QgsRasterRange(77, 77)])
    nowhere.setCrs(type(nowhere.crs())())
    layers = {"web map": web_map(pyramid(tmp_path)), "copied": copied, "nowhere": nowhere}
    before = sorted(tmp_path.iterdir())
    given = {"INPUT": town, "OUTPUT": str(tmp_path / "roads.gpkg"), **parameters}
    given = {name: layers.get(value, value) for name, value in given.items()}
    with pytest.raises(QgsProcessingException, match=sentence) as caught:
        run("rastertoroadvector", given, feedback)
    assert "Traceback" not in str(caught.value)
    assert sorted(tmp_path.iterdir()) == before
