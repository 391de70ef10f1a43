"""Handing the layers of an evaluation to the worker."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsField,
    QgsFields,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsProcessingFeedback,
    QgsRectangle,
    QgsVectorFileWriter,
    QgsWkbTypes,
)

from .algorithm import tr
from .feature_writing import LINES, POINTS, POLYGONS, MapArea, write_features
from .map_units import metres_to_map_units
from .raster_input import RasterInput
from .raster_layers import raster_path
from .reprojection import area_in
from .road_attributes import RoadAttributes

SPEED = "speed"


class SpeedAttributes(RoadAttributes):
    """The columns of a road network: the feature's id and, where the layer has the field, the speed on it.

    Args:
        fields: of the user's layer. speed_field: name in it, empty for none; a layer without it has no speeds.
    """

    def __init__(self, fields: QgsFields, speed_field: str) -> None:
        index = fields.lookupField(speed_field) if speed_field else -1
        super().__init__(fields, width_field=fields.at(index).name() if index >= 0 else "")
        self.has_speed = index >= 0
        if self.has_speed:
            kind = self.fields.at(1).type()
            self.fields.remove(1)
            self.fields.append(QgsField(SPEED, kind))


def truth_raster_path(
    truth: RasterInput, area: MapArea, folder: Path, context: QgsProcessingContext, feedback: QgsProcessingFeedback
) -> str:
    """Return a path of the truth raster; a copy holds the part under the prediction.

    Raises:
        QgsProcessingException: it is a picture of a map, or cannot be copied.
        JobCancelled: the user cancelled.
    """
    if truth.is_picture:
        raise QgsProcessingException(
            tr("The truth '{}' is a picture of a map, without values: choose a raster of numbers, or a layer of roads.").format(
                truth.name
            )
        )
    extent = area_in(truth.crs, area.raster.crs, area.rectangle, context) if not truth.source else QgsRectangle()
    return raster_path(truth, extent, 0.0, folder, context, feedback, name="truth")


def imagery_path(
    imagery: RasterInput, area: MapArea, folder: Path, context: QgsProcessingContext, feedback: QgsProcessingFeedback
) -> str:
    """Return a path of the imagery; a copy has about the prediction's cell size, which is all that the report shows."""
    if imagery.source:
        return raster_path(imagery, QgsRectangle(), 0.0, folder, context, feedback, name="imagery")
    extent = area_in(imagery.crs, area.raster.crs, area.rectangle, context)
    cell = area.cell / metres_to_map_units(1.0, area.raster.crs, area.rectangle, context)
    return raster_path(imagery, extent, cell, folder, context, feedback, name="imagery")


def write_lines(
    source: QgsProcessingFeatureSource, what: str, speed_field: str, target: Path, context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
) -> bool:
    """Write the lines of a network to a GeoPackage, layer ``roads``, in their own coordinate system.

    Takes any provider, filtered layers and "selected features only", because it reads what QGIS would draw. ``source_id`` is
    the feature's id in the user's layer.

    Args:
        what: the layer, in messages.

    A layer without lines is written too: what becomes of the scores then is defined.

    Returns:
        Whether there is a column ``speed``.

    Raises:
        QgsProcessingException: the layer holds features but no lines, or has no coordinate system.
        JobCancelled: the user cancelled.
    """
    _refuse(source, what, {POINTS, POLYGONS}, tr("lines"))
    if source.sourceExtent().isNull() or source.featureCount() == 0:
        _write_nothing(source, target, context)
        return False
    attributes = SpeedAttributes(source.fields(), speed_field)
    count = write_features(source, _everywhere(source), attributes, target, "roads", {LINES}, context, feedback)
    if not count and source.featureCount() > 0:
        raise QgsProcessingException(
            tr("The {} '{}' holds no lines among its {} features: choose a layer with lines.").format(
                what, source.sourceName(), source.featureCount()
            )
        )
    return attributes.has_speed


def write_polygons(
    source: QgsProcessingFeatureSource, target: Path, context: QgsProcessingContext, feedback: QgsProcessingFeedback
) -> None:
    """Write the mask's polygons to a GeoPackage, layer ``mask``, in their own coordinate system.

    Raises:
        QgsProcessingException: there is no polygon, or no coordinate system.
        JobCancelled: the user cancelled.
    """
    _refuse(source, tr("mask"), {POINTS, LINES}, tr("polygons"))
    count = 0
    if source.featureCount() != 0:
        count = write_features(source, _everywhere(source), RoadAttributes(), target, "mask", {POLYGONS}, context, feedback)
    if not count:
        raise QgsProcessingException(tr("The mask '{}' holds no polygon: choose another or leave it empty.").format(
            source.sourceName()
        ))


def _everywhere(source: QgsProcessingFeatureSource) -> MapArea:
    """Return the layer's own extent, in its own coordinate system, as the area to write."""
    extent = QgsRectangle(source.sourceExtent())
    # a little more than nothing, by which lengths can be measured
    extent.grow(max(extent.width() * 0.01, extent.height() * 0.01, 1e-5 if source.sourceCrs().isGeographic() else 1.0))
    own = RasterInput(source.sourceName(), "", source.sourceCrs(), extent, 0.0, None)
    return MapArea(own, extent, max(extent.width(), extent.height()) / 1e6)


def _write_nothing(source: QgsProcessingFeatureSource, target: Path, context: QgsProcessingContext) -> None:
    """Write a layer ``roads`` without features."""
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName, options.layerName = "GPKG", "roads"
    writer = QgsVectorFileWriter.create(
        str(target), QgsFields(), QgsWkbTypes.Type.MultiLineString, source.sourceCrs(), context.transformContext(), options
    )
    if writer.hasError() != QgsVectorFileWriter.WriterError.NoError:
        raise QgsProcessingException(tr("The features could not be written to {}: {}.").format(target, writer.errorMessage()))


def _refuse(source: QgsProcessingFeatureSource, what: str, wrong: set[QgsWkbTypes.GeometryType], wanted: str) -> None:
    name, kind = source.sourceName(), source.wkbType()
    if kind == QgsWkbTypes.Type.NoGeometry or QgsWkbTypes.geometryType(kind) in wrong:
        raise QgsProcessingException(
            tr("The {} '{}' holds features of the kind {}: choose a layer with {}.").format(
                what, name, QgsWkbTypes.displayString(kind), wanted
            )
        )
    if not source.sourceCrs().isValid():
        raise QgsProcessingException(
            tr("The {} '{}' has no coordinate system: set the right one with Layer > Set CRS.").format(what, name)
        )
