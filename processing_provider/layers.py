"""Handing QGIS layers to the worker: as the file they are, or written to a temporary file where there is none."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsDistanceArea,
    QgsFeature,
    QgsFeatureRequest,
    QgsFields,
    QgsPointXY,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsProcessingFeedback,
    QgsRasterBlockFeedback,
    QgsRasterDataProvider,
    QgsRasterFileWriter,
    QgsRasterLayer,
    QgsRasterPipe,
    QgsRectangle,
    QgsVectorFileWriter,
    QgsWkbTypes,
)

from .algorithm import tr

#: More pixels than this in a temporary copy are a mistake (a world-wide web map without an extent), not a wish.
_MAX_COPIED_PIXELS = 4_000_000_000


@dataclass
class RasterInput:
    """What the background thread needs of a raster layer, taken from it on the main thread.

    Attributes:
        source: path for GDAL; empty if the layer is no file and must be copied.
        crs_wkt: the layer's coordinate system, which the user may have corrected in QGIS.
    """

    name: str
    source: str
    crs: QgsCoordinateReferenceSystem
    extent: QgsRectangle
    native_cell: float
    provider: QgsRasterDataProvider | None

    @property
    def crs_wkt(self) -> str:
        """The coordinate system as WKT 2."""
        return self.crs.toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT_PREFERRED)


def take_raster(layer: QgsRasterLayer) -> RasterInput:
    """Take from a layer what a job needs. Call on the main thread, in ``prepareAlgorithm``."""
    is_file = layer.providerType() == "gdal"
    return RasterInput(
        name=layer.name(),
        source=layer.source() if is_file else "",
        crs=layer.crs(),
        extent=layer.extent(),
        native_cell=layer.rasterUnitsPerPixelX() if layer.width() > 0 else 0.0,
        provider=None if is_file else layer.dataProvider().clone(),
    )


def raster_path(
    raster: RasterInput, extent: QgsRectangle, cell_metres: float, folder: Path, context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
) -> str:
    """Return a path the worker can open; web maps, database rasters and the like are copied to a GeoTIFF in ``folder``.

    Args:
        extent: the part wanted, in the raster's CRS; null for all.
        cell_metres: wanted cell size, metres; 0 for the layer's own, which a web map does not have.

    Raises:
        QgsProcessingException: the layer has no coordinate system, or cannot be copied.
    """
    if not raster.crs.isValid():
        # not said while preparing: QGIS hides the sentences of that phase from scripts
        raise QgsProcessingException(
            tr("The raster layer '{}' has no coordinate system: set the right one with Layer > Set CRS and run again.").format(
                raster.name
            )
        )
    if raster.source:
        return raster.source
    area = raster.extent if extent.isNull() else extent.intersect(raster.extent)
    cell = _cell_in_map_units(raster.crs, area, cell_metres, context) if cell_metres > 0 else raster.native_cell
    if cell <= 0:
        raise QgsProcessingException(
            tr("The layer '{}' is a service without a resolution: set the cell size and an extent.").format(raster.name)
        )
    columns, rows = max(1, math.ceil(area.width() / cell)), max(1, math.ceil(area.height() / cell))
    if columns * rows > _MAX_COPIED_PIXELS:
        raise QgsProcessingException(
            tr("The layer '{}' would be copied as {} × {} pixels: set an extent.").format(raster.name, columns, rows)
        )
    area = QgsRectangle(area.xMinimum(), area.yMaximum() - rows * cell, area.xMinimum() + columns * cell, area.yMaximum())
    target = folder / "raster.tif"
    feedback.pushInfo(tr("'{}' is no file: copying {} × {} pixels of it.").format(raster.name, columns, rows))
    _copy_raster(raster, target, (columns, rows), area, context, feedback)
    return str(target)


def _copy_raster(
    raster: RasterInput, target: Path, size: tuple[int, int], area: QgsRectangle, context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
) -> None:
    pipe = QgsRasterPipe()
    pipe.set(raster.provider)
    writer = QgsRasterFileWriter(str(target))
    writer.setOutputFormat("GTiff")
    writer.setCreateOptions(["TILED=YES", "COMPRESS=DEFLATE", "BIGTIFF=IF_SAFER"])
    block_feedback = QgsRasterBlockFeedback()
    feedback.canceled.connect(block_feedback.cancel)
    error = writer.writeRaster(pipe, *size, area, raster.crs, context.transformContext(), block_feedback)
    if feedback.isCanceled():
        return
    if error != QgsRasterFileWriter.WriterError.NoError or not target.is_file():
        reasons = "; ".join(block_feedback.errors()) or str(error)
        raise QgsProcessingException(
            tr("The layer '{}' could not be read from its service: {}. Check that it draws in QGIS.").format(raster.name, reasons)
        )


def _cell_in_map_units(
    crs: QgsCoordinateReferenceSystem, area: QgsRectangle, metres: float, context: QgsProcessingContext
) -> float:
    """Return the cell size in map units that is ``metres`` long at the area's centre."""
    measure = QgsDistanceArea()
    measure.setSourceCrs(crs, context.transformContext())
    measure.setEllipsoid(crs.ellipsoidAcronym() or "EPSG:7030")
    centre, step = area.center(), area.width() / 1000 or 1e-6
    length = measure.measureLine(centre, QgsPointXY(centre.x() + step, centre.y()))
    return metres * step / length


def write_labels(
    source: QgsProcessingFeatureSource, raster: RasterInput, extent: QgsRectangle, folder: Path,
    context: QgsProcessingContext, feedback: QgsProcessingFeedback,
) -> str:
    """Write the features on the raster to a GeoPackage in the raster's CRS; return its path.

    Takes any provider, filtered layers and "selected features only", because it reads what QGIS would draw.

    Raises:
        QgsProcessingException: there is no road, or none within the raster; nothing is written then.
    """
    area = raster.extent if extent.isNull() else extent
    if source.featureCount() == 0:
        raise QgsProcessingException(
            tr("The road layer '{}' holds no features: choose one with road lines or polygons, or select some.").format(
                source.sourceName()
            )
        )
    if not source.sourceCrs().isValid():
        name = source.sourceName()
        raise QgsProcessingException(
            tr("The road layer '{}' has no coordinate system: set the right one with Layer > Set CRS.").format(name)
        )
    target = folder / "roads.gpkg"
    polygons = QgsWkbTypes.geometryType(source.wkbType()) == QgsWkbTypes.GeometryType.PolygonGeometry
    kind = QgsWkbTypes.Type.MultiPolygon if polygons else QgsWkbTypes.Type.MultiLineString
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG"
    options.layerName = "roads"
    writer = QgsVectorFileWriter.create(str(target), QgsFields(), kind, raster.crs, context.transformContext(), options)
    if writer.hasError() != QgsVectorFileWriter.WriterError.NoError:
        raise QgsProcessingException(tr("The roads could not be written to {}: {}").format(target, writer.errorMessage()))
    request = QgsFeatureRequest().setNoAttributes()
    request.setDestinationCrs(raster.crs, context.transformContext()).setFilterRect(area)
    count = 0
    for feature in source.getFeatures(request):
        if feedback.isCanceled():
            break
        copy = _plain_feature(feature)
        if copy is not None:
            writer.addFeature(copy)
            count += 1
    del writer  # closes the file
    if count == 0 and not feedback.isCanceled():
        raise QgsProcessingException(_miss_sentence(source, raster, area, context))
    return str(target)


def _plain_feature(feature: QgsFeature) -> QgsFeature | None:
    """Return the feature with its geometry alone, straight, flat and multi; None if it has none."""
    geometry = feature.geometry()
    if geometry.isEmpty():
        return None
    geometry.convertToStraightSegment()
    geometry.get().dropZValue()
    geometry.get().dropMValue()
    geometry.convertToMultiType()
    copy = QgsFeature()
    copy.setGeometry(geometry)
    return copy


def _miss_sentence(
    source: QgsProcessingFeatureSource, raster: RasterInput, area: QgsRectangle, context: QgsProcessingContext
) -> str:
    """Say that the roads miss the raster, with both rectangles in the raster's CRS."""
    to_raster = QgsCoordinateTransform(source.sourceCrs(), raster.crs, context.transformContext())
    roads = to_raster.transformBoundingBox(source.sourceExtent())
    digits = 5 if raster.crs.isGeographic() else 1
    return tr(
        "No road lies within the raster: the roads cover {roads}, the raster {raster} (both in {crs}); check that both layers "
        "show the same place in QGIS and have the right coordinate systems."
    ).format(roads=roads.toString(digits), raster=area.toString(digits), crs=raster.crs.authid() or raster.crs.description())
