"""Compare road networks through QGIS: drawn networks whose scores are known, and how the results look."""

from pathlib import Path

import pytest
from osgeo import gdal, ogr, osr
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingOutputHtml,
    QgsProject,
    QgsVectorLayer,
)

from .drawn import CRS, NORTH, WEST, square
from .samples import memory_layer, run

pytestmark = pytest.mark.usefixtures("provider")


def network(*parts, crs=CRS, fields="&field=speed:string(10)"):
    """Straight lines from metres right of and below the corner: (x, y, x, y, speed)."""
    rows = [
        (f"LineString ({WEST + x} {NORTH - y}, {WEST + x2} {NORTH - y2})", *speed) for x, y, x2, y2, *speed in parts
    ]
    return memory_layer("LineString", rows, crs, fields)


def any_geometry(path, texts):
    """A layer that may hold geometries of all kinds, as CAD drawings give them."""
    data = gdal.GetDriverByName("GPKG").Create(str(path), 0, 0, 0)
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(int(CRS.partition(":")[2]))
    table = data.CreateLayer("roads", reference, ogr.wkbUnknown)
    for text in texts:
        feature = ogr.Feature(table.GetLayerDefn())
        feature.SetGeometry(ogr.CreateGeometryFromWkt(text))
        table.CreateFeature(feature)
    data.FlushCache()
    del table, data
    return QgsVectorLayer(f"{path}|layername=roads", "roads", "ogr")


#: A cross: four arms of 200 m.
CROSS = [(0, 200, 200, 200), (200, 200, 400, 200), (200, 0, 200, 200), (200, 200, 200, 400)]


def compare(folder, feedback, roads, reference, context=None, **options):
    outputs = {
        "REPORT": str(folder / "report.html"), "MATCHED": "memory:matched", "MISSED": "memory:missed", "EXTRA": "memory:extra",
    }
    return run("compareroadnetworks", {"ROADS": roads, "REFERENCE": reference, **outputs, **options}, feedback, context)


def total(layer):
    return sum(feature["length_m"] for feature in layer.getFeatures())


def test_the_same_network_in_another_system_scores_one(tmp_path, feedback):
    import processing

    degrees = processing.run(
        "native:reprojectlayer", {"INPUT": network(*CROSS), "TARGET_CRS": "EPSG:4326", "OUTPUT": "memory:"}
    )["OUTPUT"]
    result = compare(tmp_path, feedback, degrees, network(*CROSS))
    for name in ("APLS", "TOPO_F1", "COMPLETENESS", "CORRECTNESS", "QUALITY", "JUNCTION_F1"):
        assert result[name] == pytest.approx(1, abs=1e-3), name
    assert result["MATCHED_KM"] == pytest.approx(0.8, rel=2e-3) and result["MISSED_KM"] == result["EXTRA_KM"] == 0
    assert result["MATCHED"].featureCount() and not result["MISSED"].featureCount()
    assert "<html" in Path(result["REPORT"]).read_text(encoding="utf-8")


def test_a_missed_and_an_extra_road(tmp_path, feedback):
    """The eastern arm is missed, a road of 100 m stands apart; what comes out lies where it was drawn."""
    roads = network(*CROSS[:1], *CROSS[2:], (300, 300, 300, 400))
    result = compare(tmp_path, feedback, roads, network(*CROSS))
    assert result["COMPLETENESS"] == pytest.approx(0.75, abs=0.01) and result["CORRECTNESS"] == pytest.approx(6 / 7, abs=0.01)
    assert result["APLS"] < 0.9 and result["APLS_REFERENCE_TO_ROADS"] < 0.7
    assert total(result["EXTRA"]) == pytest.approx(100, rel=2e-3) and result["EXTRA_KM"] == pytest.approx(0.1, rel=2e-3)
    assert total(result["MISSED"]) == pytest.approx(195, rel=5e-3)  # the buffer of the other arms reaches 5 m into it
    extra = next(result["EXTRA"].getFeatures())
    assert extra.geometry().boundingBox().center().x() == pytest.approx(WEST + 300, abs=0.01)
    assert result["EXTRA"].crs().authid() == CRS and extra["source_id"] == 4


def test_mask_and_travel_time(tmp_path, feedback):
    """Inside the mask both are the same in place; one is four times as slow, which length does not see and time does."""
    fast, slow = (network(*((*each, speed) for each in CROSS)) for speed in ("80", "20"))
    outside = (600, 0, 600, 400, "20")
    slow.dataProvider().addFeatures(list(network(outside).getFeatures()))
    result = compare(tmp_path, feedback, slow, fast, MASK=square(-50, -50, 500, 500), WEIGHT="TIME", SPEED_FIELD="speed",
                     MATCHED=None, MISSED=None)
    assert result["QUALITY"] == pytest.approx(1) and result["EXTRA_KM"] == 0
    assert result["APLS_REFERENCE_TO_ROADS"] == pytest.approx(0, abs=1e-3)  # each route takes four times as long
    assert result["APLS_ROADS_TO_REFERENCE"] == pytest.approx(0.25, abs=1e-3)  # and a quarter, the other way round
    assert "MATCHED" not in result


def test_an_empty_side_has_defined_scores(tmp_path, feedback):
    result = compare(tmp_path, feedback, network(), network(*CROSS))
    assert result["APLS"] == result["COMPLETENESS"] == 0 and total(result["MISSED"]) == pytest.approx(800, rel=2e-3)
    assert any("no line" in text for text in feedback.texts("warning"))
    assert "RMS_OFFSET" not in result  # nothing was matched


def test_heights_doubles_and_points_among_the_lines(tmp_path, feedback):
    """Each arm twice, at 0 and at 900 m, beside a point: the same roads, drawn twice; one of the sentences names the point."""
    texts = [
        f"LineString Z ({WEST + x} {NORTH - y} {high}, {WEST + x2} {NORTH - y2} {high})"
        for high in (0, 900) for x, y, x2, y2 in CROSS
    ]
    mixed = any_geometry(tmp_path / "in.gpkg", [*texts, f"Point Z ({WEST} {NORTH} 5)"])
    mixed.setName("last <year>")
    result = compare(tmp_path, feedback, mixed, network(*CROSS))
    assert {name: result[name] for name in ("APLS", "TOPO_F1", "COMPLETENESS", "CORRECTNESS", "JUNCTION_F1")} == pytest.approx(
        dict.fromkeys(("APLS", "TOPO_F1", "COMPLETENESS", "CORRECTNESS", "JUNCTION_F1"), 1)
    )
    assert result["REDUNDANCY"] == pytest.approx(0.5) and result["MATCHED_KM"] == pytest.approx(1.6, rel=2e-3)
    assert [text for text in feedback.texts("warning") if "no lines" in text] == [
        "Left out of 'last <year>', because they are no lines: features 9."
    ]
    page = Path(result["REPORT"]).read_text(encoding="utf-8")
    assert "<td>last &lt;year&gt;</td>" in page and "<td>drawn</td>" in page and "/roadsmith" not in page


def test_a_reference_that_ends_early_is_said(tmp_path, feedback):
    result = compare(tmp_path, feedback, network(*CROSS, (400, 200, 700, 200)), network(*CROSS), MATCHED=None)
    [sentence] = feedback.texts("warning")
    assert sentence.startswith("27% of the roads lie outside the rectangle around the reference")
    assert sentence in Path(result["REPORT"]).read_text(encoding="utf-8")


def test_layers_are_coloured_when_loaded(tmp_path, feedback):
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    targets = {name: str(tmp_path / f"{name}.gpkg") for name in ("MATCHED", "MISSED", "EXTRA")}
    for name, target in targets.items():
        context.addLayerToLoadOnCompletion(target, QgsProcessingContext.LayerDetails(name, QgsProject.instance(), name))
    compare(tmp_path, feedback, network(*CROSS[:3], (300, 300, 300, 400)), network(*CROSS), context, **targets)
    colours = {}
    for name, target in targets.items():
        layer = QgsVectorLayer(target, name, "ogr")
        context.layerToLoadOnCompletionDetails(target).postProcessor().postProcessLayer(layer, context, feedback)
        colours[name] = layer.renderer().symbol().color()
        assert layer.featureCount()
    assert colours["MATCHED"].green() > 150 and colours["MISSED"].blue() > 200 and colours["EXTRA"].red() > 200


@pytest.mark.parametrize(("name", "layer", "sentence"), [
    ("ROADS", ("Point", "Point (0 0)"), "holds features of the kind Point"),
    ("REFERENCE", ("Polygon", "Polygon ((0 0, 1 0, 1 1, 0 0))"), "holds features of the kind Polygon"),
    ("MASK", ("LineString", "LineString (0 0, 1 1)"), "kind LineString"),
    ("REPORT", None, "must end in .html"),
])
def test_bad_input_is_one_sentence(tmp_path, feedback, name, layer, sentence):
    options = {"REPORT": str(tmp_path / "report.txt")} if layer is None else {name: memory_layer(layer[0], [(layer[1],)])}
    layers = {"roads": network(*CROSS), "reference": network(*CROSS)}
    if name.lower() in layers:
        layers[name.lower()] = options.pop(name)
    with pytest.raises(QgsProcessingException, match=sentence) as caught:
        compare(tmp_path, feedback, layers["roads"], layers["reference"], **options)
    assert "Traceback" not in str(caught.value) and not list(tmp_path.iterdir())


def test_only_points_of_a_layer_of_any_geometry(tmp_path, feedback):
    (tmp_path / "in").mkdir()
    mixed = any_geometry(tmp_path / "in" / "in.gpkg", [f"LineString ({WEST} {NORTH}, 0 0)", f"Point ({WEST} {NORTH})"])
    mixed.selectByIds([2])
    selected = QgsProcessingFeatureSourceDefinition(mixed.id(), selectedFeaturesOnly=True)
    QgsProject.instance().addMapLayer(mixed)
    with pytest.raises(QgsProcessingException, match="The road layer 'roads' holds no lines among its 1 features"):
        compare(tmp_path, feedback, selected, network(*CROSS))
    QgsProject.instance().removeMapLayer(mixed)


def test_public_names(provider):
    algorithm = provider.algorithm("compareroadnetworks")
    assert algorithm.groupId() == "evaluation"
    assert [each.name() for each in algorithm.parameterDefinitions()] == [
        "ROADS", "REFERENCE", "BUFFER", "SNAP", "MASK", "SPACING", "WEIGHT", "SPEED_FIELD", "DEFAULT_SPEED", "SAMPLES", "SEED",
        "REPORT", "MATCHED", "MISSED", "EXTRA",
    ]
    outputs = {each.name(): each for each in algorithm.outputDefinitions()}
    assert isinstance(outputs["REPORT"], QgsProcessingOutputHtml)
    assert {"APLS", "TOPO_F1", "COMPLETENESS", "CORRECTNESS", "QUALITY", "RMS_OFFSET", "JUNCTION_F1"} <= set(outputs)
    assert all(each.help() for each in algorithm.parameterDefinitions() if not each.isDestination())
