"""Handing QGIS vector layers to the worker: written to a GeoPackage in the raster's coordinate system."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsProcessingContext, QgsProcessingException, QgsProcessingFeatureSource, QgsProcessingFeedback, QgsWkbTypes

from .algorithm import tr
from .feature_writing import LINES, POINTS, POLYGONS, MapArea, write_features
from .reprojection import Reprojection
from .road_attributes import RoadAttributes


def write_labels(
    source: QgsProcessingFeatureSource, area: MapArea, attributes: RoadAttributes, folder: Path, context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
) -> str:
    """Write the roads on the raster to a GeoPackage, layer ``roads``; return its path.

    Takes any provider, filtered layers and "selected features only", because it reads what QGIS would draw. Features are
    read and written one by one. ``source_id`` is the feature's id in the user's layer.

    Raises:
        QgsProcessingException: there is no road, or none within the raster.
        JobCancelled: the user cancelled.
    """
    _refuse(source, tr("road layer"), tr("road lines or polygons"), {POINTS})
    target = folder / "roads.gpkg"
    if write_features(source, area, attributes, target, "roads", {LINES, POLYGONS}, context, feedback) == 0:
        raise QgsProcessingException(_miss_sentence(source, area, context))
    return str(target)


def write_mask(
    source: QgsProcessingFeatureSource, area: MapArea, folder: Path, context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
) -> str:
    """Write the mask's polygons to a GeoPackage, layer ``mask``, as ``write_labels`` does; return its path.

    Raises:
        QgsProcessingException: there is no polygon, or none on the raster.
        JobCancelled: the user cancelled.
    """
    _refuse(source, tr("mask"), tr("polygons"), {POINTS, LINES})
    target = folder / "mask.gpkg"
    if write_features(source, area, RoadAttributes(), target, "mask", {POLYGONS}, context, feedback) == 0:
        raise QgsProcessingException(
            tr("No polygon of the mask '{}' lies on the raster: choose another mask or leave it empty.").format(
                source.sourceName()
            )
        )
    return str(target)


def _refuse(source: QgsProcessingFeatureSource, what: str, wanted: str, wrong_kinds: set[QgsWkbTypes.GeometryType]) -> None:
    name = source.sourceName()
    if source.wkbType() == QgsWkbTypes.Type.NoGeometry or QgsWkbTypes.geometryType(source.wkbType()) in wrong_kinds:
        kind = QgsWkbTypes.displayString(source.wkbType())
        raise QgsProcessingException(
            tr("The {} '{}' holds features of the kind {}: choose a layer with {}.").format(what, name, kind, wanted)
        )
    if source.featureCount() == 0:
        raise QgsProcessingException(
            tr("The {} '{}' holds no features: choose one with {}, or select some.").format(what, name, wanted)
        )
    if not source.sourceCrs().isValid():
        raise QgsProcessingException(
            tr("The {} '{}' has no coordinate system: set the right one with Layer > Set CRS.").format(what, name)
        )


def _miss_sentence(source: QgsProcessingFeatureSource, area: MapArea, context: QgsProcessingContext) -> str:
    """Say that the roads miss the raster, with both rectangles in the raster's CRS."""
    crs = area.raster.crs
    roads = Reprojection(source.sourceCrs(), crs, area.rectangle, area.cell, context).target_box(source.sourceExtent())
    digits = 5 if crs.isGeographic() else 1
    return tr(
        "No road lies within the raster: the roads cover {roads}, the raster {raster} (both in {crs}); check that both layers "
        "show the same place in QGIS and have the right coordinate systems."
    ).format(roads=roads.toString(digits), raster=area.rectangle.toString(digits), crs=crs.authid() or crs.description())
