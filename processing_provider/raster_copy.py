"""Copying a raster layer that is no file to a GeoTIFF, pixel by pixel."""

from __future__ import annotations

import math
from pathlib import Path

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsRasterBandStats,
    QgsRasterBlockFeedback,
    QgsRasterFileWriter,
    QgsRasterLayer,
    QgsRasterNuller,
    QgsRasterPipe,
    QgsRasterRange,
    QgsRectangle,
)
from qgis.PyQt.QtCore import Qt

from .algorithm import tr
from .bridge import JobCancelled
from .map_units import metres_to_map_units
from .raster_input import RasterInput

#: More pixels than this in a temporary copy are a mistake (a world-wide web map without an extent), not a wish.
_MAX_COPIED_PIXELS = 4_000_000_000
#: Side of the blocks that are asked of a layer one by one, pixels: whole blocks of the GeoTIFF, and soon done when cancelled.
_BLOCK_SIDE = 1024
#: Cell sizes closer than this, relatively, are the same: then the copy takes the layer's pixels as they are.
_SAME_CELL_SIZE = 1e-6


def copy_raster(
    raster: RasterInput, extent: QgsRectangle, cell_metres: float, target: Path, context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
) -> str:
    """Copy a layer to a GeoTIFF; the parameters are those of ``raster_layers.raster_path``.

    Raises:
        QgsProcessingException: the extent misses the layer, the copy would be too large, or the layer gives no pixels.
        JobCancelled: the user cancelled.
    """
    area = raster.extent if extent.isNull() else extent.intersect(raster.extent)
    if area.isEmpty():
        raise QgsProcessingException(
            tr("The extent lies outside the layer '{}': choose one that touches it.").format(raster.name)
        )
    cell = metres_to_map_units(cell_metres, raster.crs, area, context) if cell_metres > 0 else raster.native_cell
    if cell <= 0:
        raise QgsProcessingException(
            tr("The layer '{}' is a service without a resolution: set the cell size and an extent.").format(raster.name)
        )
    area, columns, rows = _on_lattice(raster, area, cell)
    if columns * rows > _MAX_COPIED_PIXELS:
        raise QgsProcessingException(
            tr("The layer '{}' would be copied as {} × {} pixels: set an extent, or a larger cell size.").format(
                raster.name, columns, rows
            )
        )
    feedback.pushInfo(tr("'{}' is no file that can be read as it is: copying {} × {} pixels of it.").format(
        raster.name, columns, rows
    ))
    feedback.setProgressText(tr("Copying '{}'").format(raster.name))
    _write(raster, target, (columns, rows), area, context, feedback)
    if raster.is_picture:
        _check_coverage(raster, target, feedback)
    return str(target)


def _on_lattice(raster: RasterInput, area: QgsRectangle, cell: float) -> tuple[QgsRectangle, int, int]:
    """Return the area grown to whole pixels, its columns and its rows.

    At the layer's own cell size the pixels are counted from the layer's upper left corner, so that none is cut in two.
    """
    west, north = area.xMinimum(), area.yMaximum()
    cell_y = cell
    if raster.native_cell > 0 and abs(cell / raster.native_cell - 1) < _SAME_CELL_SIZE:
        cell, cell_y = raster.native_cell, _native_height(raster)
        west = raster.extent.xMinimum() + math.floor((west - raster.extent.xMinimum()) / cell + _SAME_CELL_SIZE) * cell
        north = raster.extent.yMaximum() - math.floor((raster.extent.yMaximum() - north) / cell_y + _SAME_CELL_SIZE) * cell_y
    columns = max(1, math.ceil((area.xMaximum() - west) / cell - _SAME_CELL_SIZE))
    rows = max(1, math.ceil((north - area.yMinimum()) / cell_y - _SAME_CELL_SIZE))
    return QgsRectangle(west, north - rows * cell_y, west + columns * cell, north), columns, rows


def _native_height(raster: RasterInput) -> float:
    """Return the height of the layer's own pixels, map units; tiles of web maps have square ones."""
    rows = raster.provider.ySize() if raster.provider is not None and raster.provider.xSize() > 0 else 0
    return raster.extent.height() / rows if rows > 0 else raster.native_cell


def _nuller(raster: RasterInput) -> QgsRasterNuller:
    """Return what writes the user's nodata as one value, which is all a GeoTIFF can have."""
    values = {ranges[0].min() if math.isfinite(ranges[0].min()) else ranges[0].max() for ranges in raster.nodata if ranges}
    if len(values) > 1:
        raise QgsProcessingException(
            tr("The bands of '{}' have different nodata values in the layer's properties: give all bands the same.").format(
                raster.name
            )
        )
    value = values.pop()
    nuller = QgsRasterNuller()
    for band, ranges in enumerate(raster.nodata, 1):
        nuller.setNoData(band, [QgsRasterRange(value, value), *ranges] if ranges else [])
    return nuller


def _write(
    raster: RasterInput, target: Path, size: tuple[int, int], area: QgsRectangle, context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
) -> None:
    pipe = QgsRasterPipe()
    pipe.set(raster.provider)
    raster.provider = None  # it belongs to the pipe now
    if any(raster.nodata):
        pipe.insert(1, _nuller(raster))
    writer = QgsRasterFileWriter(str(target))
    writer.setOutputFormat("GTiff")
    writer.setCreateOptions(["TILED=YES", "COMPRESS=DEFLATE", "ZLEVEL=1", "BIGTIFF=IF_SAFER"])
    writer.setMaxTileWidth(_BLOCK_SIDE)
    writer.setMaxTileHeight(_BLOCK_SIDE)
    block_feedback = QgsRasterBlockFeedback()
    # direct: this thread is busy copying and would not see a queued signal
    feedback.canceled.connect(block_feedback.cancel, Qt.ConnectionType.DirectConnection)
    block_feedback.progressChanged.connect(feedback.setProgress, Qt.ConnectionType.DirectConnection)
    error = writer.writeRaster(pipe, *size, area, raster.crs, context.transformContext(), block_feedback)
    if feedback.isCanceled():
        raise JobCancelled
    if error != QgsRasterFileWriter.WriterError.NoError or not target.is_file():
        reasons = "; ".join(block_feedback.errors()) or str(error)
        raise QgsProcessingException(
            tr("The layer '{}' could not be read from its service: {}. Check that it draws in QGIS.").format(raster.name, reasons)
        )


def _check_coverage(raster: RasterInput, target: Path, feedback: QgsProcessingFeedback) -> None:
    """Say how much of a picture is missing: QGIS leaves out tiles that a service does not send, without a word."""
    copy = QgsRasterLayer(str(target), raster.name, "gdal")
    alpha = copy.bandCount()
    share = copy.dataProvider().bandStatistics(alpha, QgsRasterBandStats.Mean).mean / 255
    if share == 0:
        raise QgsProcessingException(
            tr("The service of the layer '{}' gave nothing for this area: check that it draws there in QGIS.").format(raster.name)
        )
    if share < 1:
        feedback.pushWarning(
            tr("{:.1%} of the copy of '{}' is empty: the service has nothing there, or did not answer; look at the layer in QGIS "
               "before you rely on the result.").format(1 - share, raster.name)
        )
