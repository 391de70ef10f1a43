"""Writing the features of a layer that lie on a raster to a GeoPackage in the raster's coordinate system."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qgis.core import (
    QgsFeature,
    QgsFeatureRequest,
    QgsFields,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsProcessingFeedback,
    QgsRectangle,
    QgsVectorFileWriter,
    QgsWkbTypes,
)

from .algorithm import tr
from .bridge import JobCancelled
from .map_units import metres_to_map_units
from .raster_input import RasterInput
from .reprojection import Reprojection
from .road_attributes import RoadAttributes

#: A line may lie this share of a pixel off after its transformation; the eye and the label's pixels cannot tell.
_TOLERANCE = 0.05
#: Roads beside the raster reach into it with half their width; none is wider than twice this, metres.
_MARGIN = 100.0
#: So many features are named in a warning.
_NAMED_FEATURES = 5

LINES, POLYGONS, POINTS = (
    QgsWkbTypes.GeometryType.LineGeometry, QgsWkbTypes.GeometryType.PolygonGeometry, QgsWkbTypes.GeometryType.PointGeometry
)


@dataclass
class MapArea:
    """The part of a raster that features are wanted for.

    Attributes:
        raster: gives the coordinate system.
        rectangle: in its map units.
        cell: width of the pixels the features are to be drawn on, map units.
    """

    raster: RasterInput
    rectangle: QgsRectangle
    cell: float

    @classmethod
    def of(cls, raster: RasterInput, extent: QgsRectangle, cell_metres: float, context: QgsProcessingContext) -> MapArea:
        """Return the area of an extent (null for all) at a cell size in metres (0 for the raster's own)."""
        rectangle = raster.extent if extent.isNull() else extent
        cell = metres_to_map_units(cell_metres, raster.crs, rectangle, context) if cell_metres > 0 else raster.native_cell
        return cls(raster, rectangle, cell or rectangle.width() / 10_000)


class Named:
    """Counts features and remembers the ids of the first few."""

    def __init__(self) -> None:
        self.count = 0
        self._first: list[int] = []
        self._last: int | None = None

    def add(self, identifier: int) -> None:
        """Count a feature; one that comes in several parts only once."""
        if identifier == self._last:
            return
        self._last = identifier
        self.count += 1
        if len(self._first) < _NAMED_FEATURES:
            self._first.append(identifier)

    def __str__(self) -> str:
        names = ", ".join(str(identifier) for identifier in self._first)
        return names + (tr(", … ({} in all)").format(self.count) if self.count > len(self._first) else "")


def write_features(
    source: QgsProcessingFeatureSource, area: MapArea, attributes: RoadAttributes, target: Path, layer: str,
    kinds: set[QgsWkbTypes.GeometryType], context: QgsProcessingContext, feedback: QgsProcessingFeedback,
) -> int:
    """Write the features of the wanted kinds that touch the area, one by one; return how many.

    Raises:
        QgsProcessingException: the disk is full or cannot be written.
        JobCancelled: the user cancelled.
    """
    raster = area.raster
    feedback.setProgressText(tr("Reading '{}'").format(source.sourceName()))
    wanted = QgsRectangle(area.rectangle)
    wanted.grow(metres_to_map_units(_MARGIN, raster.crs, area.rectangle, context))
    reprojection = Reprojection(source.sourceCrs(), raster.crs, wanted, _TOLERANCE * area.cell, context)
    writer = _writer(target, layer, attributes.fields, raster, context)
    count, lost, others = 0, Named(), Named()
    request = QgsFeatureRequest().setFilterRect(reprojection.source_area()).setSubsetOfAttributes(attributes.indices)
    # invalid polygons are mended by the worker: QGIS would end the run, or leave them out silently
    for feature in source.getFeatures(request, QgsProcessingFeatureSource.FlagSkipGeometryValidityChecks):
        if feedback.isCanceled():
            raise JobCancelled
        geometries = _plain_geometries(feature.geometry(), kinds)
        if not geometries and not feature.geometry().isEmpty():
            others.add(feature.id())
        for geometry in geometries:
            moved = reprojection.apply(geometry)
            if moved is None:
                lost.add(feature.id())
            elif moved.boundingBox().intersects(wanted):
                copy = QgsFeature(attributes.fields)
                copy.setGeometry(moved)
                copy.setAttributes(attributes.of(feature))
                if not writer.addFeature(copy):
                    raise QgsProcessingException(_disk_sentence(target, writer.errorMessage()))
                count += 1
    if not writer.flushBuffer():
        raise QgsProcessingException(_disk_sentence(target, writer.errorMessage()))
    del writer  # closes the file
    if lost.count:
        feedback.pushWarning(
            tr("Left out of '{}', because the raster's coordinate system has no place for them: features {}.").format(
                source.sourceName(), lost
            )
        )
    if others.count:
        both = kinds >= {LINES, POLYGONS}
        wanted_kinds = tr("lines or polygons") if both else tr("lines") if LINES in kinds else tr("polygons")
        feedback.pushWarning(
            tr("Left out of '{}', because they are no {}: features {}.").format(source.sourceName(), wanted_kinds, others)
        )
    return count


def _writer(
    target: Path, layer: str, fields: QgsFields, raster: RasterInput, context: QgsProcessingContext
) -> QgsVectorFileWriter:
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG"
    options.layerName = layer
    # any geometry: a layer may hold lines and polygons side by side
    writer = QgsVectorFileWriter.create(
        str(target), fields, QgsWkbTypes.Type.Unknown, raster.crs, context.transformContext(), options
    )
    if writer.hasError() != QgsVectorFileWriter.WriterError.NoError:
        raise QgsProcessingException(_disk_sentence(target, writer.errorMessage()))
    return writer


def _disk_sentence(target: Path, reason: str) -> str:
    return tr("The features could not be written to {}: {}; check the space left for temporary files.").format(target, reason)


def _plain_geometries(geometry: QgsGeometry, kinds: set[QgsWkbTypes.GeometryType]) -> list[QgsGeometry]:
    """Return the lines and the polygons of a feature, each as one straight, flat multi-geometry; others are left out."""
    if geometry.isEmpty():
        return []
    parts = [geometry]
    if QgsWkbTypes.geometryType(geometry.wkbType()) not in (LINES, POLYGONS, POINTS):  # a collection
        members = geometry.asGeometryCollection()
        parts = [QgsGeometry.collectGeometry([each for each in members if each.type() == kind]) for kind in (LINES, POLYGONS)]
    plain = []
    for part in parts:
        if part.isEmpty() or part.type() not in kinds:
            continue
        part.convertToStraightSegment()
        part.get().dropZValue()
        part.get().dropMValue()
        part.convertToMultiType()
        plain.append(part)
    return plain
