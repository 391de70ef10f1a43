"""Layers as they reach the worker: any provider and kind of geometry in, one GeoPackage in the raster's coordinate system out."""

import json
import math

import pytest
from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
    QgsWkbTypes,
)

from .samples import memory_layer, raster_layer, road_layer

pytestmark = pytest.mark.usefixtures("provider")

#: Of the sample orthophoto, degrees.
CELL = 0.000025
LINE = "LineString (20.51 -34.04, 20.52 -34.04)"


@pytest.fixture
def area(provider):
    from roadsmith.processing_provider.feature_writing import MapArea
    from roadsmith.processing_provider.raster_layers import take_raster

    return MapArea.of(take_raster(raster_layer()), QgsRectangle(), 0.0, context())


def context():
    made = QgsProcessingContext()
    made.setProject(QgsProject.instance())
    return made


def written(layer, area, folder, feedback, class_field="", width_field=""):
    """Write a layer's features as roads; return what lies in the GeoPackage."""
    from roadsmith.processing_provider.road_attributes import RoadAttributes
    from roadsmith.processing_provider.vector_layers import write_labels

    source = QgsProcessingFeatureSource(layer, context())
    attributes = RoadAttributes(layer.fields(), class_field, width_field, layer.name())
    path = write_labels(source, area, attributes, folder, context(), feedback)
    result = QgsVectorLayer(f"{path}|layername=roads", "roads", "ogr")
    assert result.isValid() and result.crs() == area.raster.crs
    return list(result.getFeatures())


def test_ids_classes_and_widths_come_along(area, tmp_path, feedback):
    layer = memory_layer(
        "LineString", [(LINE, 3, 5.5), ("LineString (20.51 -34.05, 20.52 -34.05)", None, None)],
        fields="&field=kind:integer&field=wide:double",
    )
    features = written(layer, area, tmp_path, feedback, "kind", "wide")
    assert [features[0][name] for name in ("source_id", "road_class", "road_width")] == [1, 3, 5.5]
    assert features[1]["source_id"] == 2 and not features[1]["road_class"] and not features[1]["road_width"]
    kinds = {field.name(): field.typeName() for field in features[0].fields()}
    assert kinds == {"fid": "Integer64", "source_id": "Integer64", "road_class": "Integer64", "road_width": "Real"}


def test_text_stays_text(area, tmp_path, feedback):
    """OpenStreetMap writes widths as text; a class that is a real number is the whole number it means."""
    layer = memory_layer("LineString", [(LINE, 3.0, "5.5 m")], fields="&field=kind:double&field=wide:string(20)")
    feature, = written(layer, area, tmp_path, feedback, "kind", "wide")
    assert (feature["road_class"], feature["road_width"]) == ("3", "5.5 m")


def test_without_fields_there_are_only_ids(area, tmp_path, feedback):
    features = written(road_layer(), area, tmp_path, feedback)
    assert [field.name() for field in features[0].fields()] == ["fid", "source_id"]
    assert len(features) == len({each["source_id"] for each in features}) == 56


def test_a_field_that_is_not_there(area, tmp_path, feedback):
    with pytest.raises(QgsProcessingException, match="has no field 'breadth'; it has: osm_id, highway"):
        written(road_layer(), area, tmp_path, feedback, width_field="breadth")


@pytest.mark.parametrize("kind", ["LineStringZM", "MultiLineStringM", "CompoundCurveZ", "GeometryCollectionZ", "MultiPolygonZ"])
def test_every_kind_is_read_as_plain_multi_geometry(kind, area, tmp_path, feedback):
    texts = {
        "LineStringZM": "LineStringZM (20.51 -34.04 5 1, 20.52 -34.04 5 2)",
        "MultiLineStringM": "MultiLineStringM ((20.51 -34.04 1, 20.52 -34.04 2), (20.51 -34.05 1, 20.52 -34.05 2))",
        "CompoundCurveZ": "CompoundCurveZ (CircularStringZ (20.51 -34.04 5, 20.515 -34.035 5, 20.52 -34.04 5))",
        "GeometryCollectionZ": "GeometryCollectionZ (LineStringZ (20.51 -34.04 5, 20.52 -34.04 5), PointZ (20.51 -34.05 5), "
                               "PolygonZ ((20.51 -34.05 1, 20.511 -34.05 1, 20.511 -34.051 1, 20.51 -34.05 1)))",
        "MultiPolygonZ": "MultiPolygonZ (((20.51 -34.05 1, 20.511 -34.05 1, 20.511 -34.051 1, 20.51 -34.05 1)))",
    }
    layer = memory_layer(kind, [(texts[kind],)])
    layer.setCrs(QgsCoordinateReferenceSystem("EPSG:4326"))  # QGIS forgets that of a memory layer of collections
    features = written(layer, area, tmp_path, feedback)
    expected = {"GeometryCollectionZ": ["MultiLineString", "MultiPolygon"], "MultiPolygonZ": ["MultiPolygon"]}
    assert [QgsWkbTypes.displayString(each.geometry().wkbType()) for each in features] == expected.get(kind, ["MultiLineString"])
    assert {each["source_id"] for each in features} == {1}
    length = sum(each.geometry().length() for each in features if each.geometry().type() == QgsWkbTypes.LineGeometry)
    known = {"MultiLineStringM": 0.02, "CompoundCurveZ": math.pi * 0.005, "MultiPolygonZ": 0}
    assert length == pytest.approx(known.get(kind, 0.01), rel=1e-4)


def test_lines_and_polygons_side_by_side(area, tmp_path, feedback):
    """GeoJSON and the like mix kinds; what is neither is named."""
    ring = [[20.51, -34.05], [20.511, -34.05], [20.511, -34.051], [20.51, -34.05]]
    geometries = [
        {"type": "LineString", "coordinates": [[20.51, -34.04], [20.52, -34.04]]},
        {"type": "Polygon", "coordinates": [ring]},
        {"type": "GeometryCollection", "geometries": [{"type": "MultiPolygon", "coordinates": [[ring]]}]},
        {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [20.51, -34.05]}]},
    ]
    features = [{"type": "Feature", "id": 10 + i, "properties": {}, "geometry": each} for i, each in enumerate(geometries)]
    path = tmp_path / "mixed.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    layer = QgsVectorLayer(str(path), "mixed", "ogr")
    result = written(layer, area, tmp_path, feedback)
    kinds = [(each["source_id"], QgsWkbTypes.displayString(each.geometry().wkbType())) for each in result]
    assert kinds == [(10, "MultiLineString"), (11, "MultiPolygon"), (12, "MultiPolygon")]
    assert feedback.texts("warning") == ["Left out of 'mixed', because they are no lines or polygons: features 13."]


def test_invalid_polygons_are_left_to_the_worker(area, tmp_path, feedback):
    """A bow tie: QGIS would end the run at it."""
    layer = memory_layer("Polygon", [("Polygon ((20.51 -34.04, 20.52 -34.05, 20.52 -34.04, 20.51 -34.05, 20.51 -34.04))",)])
    feature, = written(layer, area, tmp_path, feedback)
    assert not feature.geometry().isGeosValid() and feature["source_id"] == 1


@pytest.mark.parametrize("crs", ["EPSG:32734", "EPSG:3857", "EPSG:3031"])
def test_long_straight_lines_stay_where_they_are(crs, area, tmp_path, feedback):
    """Two vertices 40 km apart; every point between them must lie where the layer has it, to a twentieth of a pixel."""
    plane = QgsCoordinateReferenceSystem(crs)
    to_plane = QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:4326"), plane, QgsProject.instance())
    centre = to_plane.transform(QgsPointXY(20.513, -34.044))
    ends = [QgsPointXY(centre.x() + sign * 20_000, centre.y() + sign * 9_000) for sign in (-1, 1)]
    layer = memory_layer("LineString", [(QgsGeometry.fromPolylineXY(ends).asWkt(17),)], crs)
    feature, = written(layer, area, tmp_path, feedback)
    line = feature.geometry()
    bare = QgsGeometry.fromPolylineXY([to_plane.transform(end, Qgis.TransformDirection.Reverse) for end in ends])
    misses, bare_misses = [], []
    for share in [step / 999 for step in range(1000)]:
        there = QgsPointXY(ends[0].x() + share * (ends[1].x() - ends[0].x()), ends[0].y() + share * (ends[1].y() - ends[0].y()))
        point = QgsGeometry.fromPointXY(to_plane.transform(there, Qgis.TransformDirection.Reverse))
        misses.append(line.distance(point))
        bare_misses.append(bare.distance(point))
    print(f"{crs}: {line.constGet().nCoordinates()} vertices, {max(misses) / CELL:.4f} pixels off, not divided "
          f"{max(bare_misses) / CELL:.1f}")
    assert max(misses) < 0.06 * CELL < max(bare_misses)
    assert line.constGet().nCoordinates() < 1000


def test_the_same_coordinate_system_changes_nothing(area, tmp_path, feedback):
    layer = memory_layer("LineString", [("LineString (20.4 -34.04, 20.6 -34.04)",)])
    feature, = written(layer, area, tmp_path, feedback)
    assert feature.geometry().asWkt(3) == "MultiLineString ((20.4 -34.04, 20.6 -34.04))"


def test_only_features_near_the_raster_are_written(area, tmp_path, feedback):
    """50 m beside the raster a wide road still reaches into it; 1 km beside it none does."""
    metre = 1 / 92_000  # degrees of longitude here
    east = area.rectangle.xMaximum()
    lines = [(f"LineString ({east + metres * metre} -34.03, {east + metres * metre} -34.05)",) for metres in (-50, 50, 1000)]
    features = written(memory_layer("LineString", lines), area, tmp_path, feedback)
    assert [each["source_id"] for each in features] == [1, 2]


def test_features_the_projection_has_no_place_for_are_named(tmp_path, feedback):
    """A raster in the map of France, whose cone has no south pole, and lines that run to it."""
    from roadsmith.processing_provider.feature_writing import MapArea
    from roadsmith.processing_provider.raster_input import RasterInput

    crs = QgsCoordinateReferenceSystem("EPSG:2154")
    france = RasterInput("france", "f.tif", crs, QgsRectangle(600_000, 6_600_000, 601_000, 6_601_000), 1.0, None)
    lines = [("LineString (1.6 46.5, 1.8 46.5)",), *[(f"LineString (1.{step} 46.5, 2 46.5, 2 -90)",) for step in range(7)]]
    area = MapArea.of(france, QgsRectangle(), 0.0, context())
    features = written(memory_layer("LineString", lines), area, tmp_path, feedback)
    assert [each["source_id"] for each in features] == [1]
    warning, = feedback.texts("warning")
    assert warning.endswith("no place for them: features 2, 3, 4, 5, 6, … (7 in all).")


@pytest.mark.parametrize(("kind", "text", "sentence"), [
    ("Point", "Point (20.51 -34.04)", "holds features of the kind Point: choose a layer with road lines or polygons"),
    ("LineString", None, "holds no features"),
    ("LineString", "LineString (0 0, 1 1)", "No road lies within the raster"),
])
def test_layers_that_are_no_roads(kind, text, sentence, area, tmp_path, feedback):
    with pytest.raises(QgsProcessingException, match=sentence):
        written(memory_layer(kind, [(text,)] if text else []), area, tmp_path, feedback)


def test_mask_is_polygons_in_a_layer_of_its_own(area, tmp_path, feedback):
    from roadsmith.processing_provider.vector_layers import write_mask

    def write(layer):
        return write_mask(QgsProcessingFeatureSource(layer, context()), area, tmp_path, context(), feedback)

    square = memory_layer("Polygon", [("Polygon ((20.51 -34.05, 20.52 -34.05, 20.52 -34.04, 20.51 -34.05))",)])
    result = QgsVectorLayer(f"{write(square)}|layername=mask", "mask", "ogr")
    assert result.featureCount() == 1 and result.crs().authid() == "EPSG:4326"
    with pytest.raises(QgsProcessingException, match="choose a layer with polygons"):
        write(road_layer())
    elsewhere = memory_layer("Polygon", [("Polygon ((0 0, 1 0, 1 1, 0 0))",)])
    with pytest.raises(QgsProcessingException, match="No polygon of the mask 'drawn' lies on the raster"):
        write(elsewhere)
