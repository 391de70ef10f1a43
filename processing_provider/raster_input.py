"""A raster layer as the background thread sees it."""

from __future__ import annotations

from dataclasses import dataclass

from qgis.core import QgsCoordinateReferenceSystem, QgsRasterDataProvider, QgsRasterRange, QgsRectangle


@dataclass
class RasterInput:
    """What the background thread needs of a raster layer, taken from it on the main thread.

    Attributes:
        source: path for GDAL; empty if the layer is no file, or shows it otherwise than GDAL does, and must be copied.
        crs: the layer's coordinate system, which the user may have corrected in QGIS.
        extent: of the layer, in its CRS.
        native_cell: width of its own pixels, map units; of a web map's deepest zoom level; 0 if it has none.
        provider: reads the pixels of a layer that must be copied.
        nodata: for each band what the user declared to be nodata in the layer's properties.
        nodata_switched_off: the user switched the file's own nodata value off.
        is_picture: the layer gives ready-made colours, as web maps do, not values.
    """

    name: str
    source: str
    crs: QgsCoordinateReferenceSystem
    extent: QgsRectangle
    native_cell: float
    provider: QgsRasterDataProvider | None
    nodata: tuple[list[QgsRasterRange], ...] = ()
    nodata_switched_off: bool = False
    is_picture: bool = False

    @property
    def crs_wkt(self) -> str:
        """The coordinate system as WKT 2."""
        return self.crs.toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT_PREFERRED)
