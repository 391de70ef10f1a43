"""Handing QGIS raster layers to the worker: as the file they are, or copied to a GeoTIFF where there is none."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProviderRegistry,
    QgsRasterLayer,
    QgsRectangle,
)

from .algorithm import tr
from .raster_copy import copy_raster
from .raster_input import RasterInput


def take_raster(layer: QgsRasterLayer) -> RasterInput:
    """Take from a layer what a job needs. Call on the main thread, in ``prepareAlgorithm``."""
    provider = layer.dataProvider()
    bands = range(1, provider.bandCount() + 1)
    nodata = tuple(provider.userNoDataValues(band) for band in bands)
    source = "" if any(nodata) else _gdal_path(layer)
    return RasterInput(
        name=layer.name(),
        source=source,
        crs=layer.crs(),
        extent=layer.extent(),
        native_cell=layer.rasterUnitsPerPixelX() if layer.width() > 0 else _deepest_zoom(layer),
        provider=None if source else provider.clone(),
        nodata=nodata,
        nodata_switched_off=any(provider.sourceHasNoDataValue(i) and not provider.useSourceNoDataValue(i) for i in bands),
        is_picture=provider.dataType(1) in (Qgis.DataType.ARGB32, Qgis.DataType.ARGB32_Premultiplied),
    )


def raster_path(
    raster: RasterInput, extent: QgsRectangle, cell_metres: float, folder: Path, context: QgsProcessingContext,
    feedback: QgsProcessingFeedback, name: str = "raster",
) -> str:
    """Return a path the worker can open; web maps, database rasters and the like are copied to a GeoTIFF in ``folder``.

    A copy at the layer's own cell size has the layer's own pixels: its corner lies on their lattice.

    Args:
        extent: the part wanted, in the raster's CRS; null for all.
        cell_metres: wanted cell size, metres; 0 for the layer's own, which not every web map has.
        name: of the copy, without ending.

    Raises:
        QgsProcessingException: the layer has no coordinate system, or cannot be copied.
        JobCancelled: the user cancelled the copying.
    """
    if not raster.crs.isValid():
        # not said while preparing: QGIS hides the sentences of that phase from scripts
        raise QgsProcessingException(
            tr("The raster layer '{}' has no coordinate system: set the right one with Layer > Set CRS and run again.").format(
                raster.name
            )
        )
    if raster.nodata_switched_off:
        raise QgsProcessingException(
            tr("The nodata value of the file behind '{}' is switched off in the layer's properties, where the worker cannot see "
               "it: switch it on, or take it out of the file with 'Translate'.").format(raster.name)
        )
    if raster.source:
        return raster.source
    return copy_raster(raster, extent, cell_metres, folder / f"{name}.tif", context, feedback)


def _gdal_path(layer: QgsRasterLayer) -> str:
    """Return the path under which GDAL gives the very pixels the layer gives; empty if there is none."""
    if layer.providerType() != "gdal":
        return ""
    has_options = "|option:" in layer.source() or "authcfg=" in layer.source()
    return "" if has_options else layer.source()


def _deepest_zoom(layer: QgsRasterLayer) -> float:
    """Return the pixel width of a tiled service's deepest zoom level, map units; 0 where nobody has said which one that is."""
    parts = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    if parts.get("type") == "xyz" and "zmax" not in parts:
        return 0.0  # QGIS would assume level 18, which the service may lack
    return min(layer.dataProvider().nativeResolutions(), default=0.0)
