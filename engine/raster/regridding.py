"""Laying one raster onto another's grid, window by window, whatever its coordinate system and cell size."""

from __future__ import annotations

import numpy as np
import pyproj
import rasterio
from affine import Affine
from rasterio.enums import Resampling
from rasterio.warp import reproject

from .grid import Window, WorkingGrid
from .source import RasterSource

#: Pixels read around the ground under a window, for its bent edges and for the interpolation.
_MARGIN = 8
#: Points along a side of a window, by which the ground under it is found.
_POINTS = 9


class Regridding:
    """The way from a raster to windows in another coordinate system.

    Args:
        source: the raster. own_grid: of it, at the cell size to read it at. crs: coordinate system of the windows.
    """

    def __init__(self, source: RasterSource, own_grid: WorkingGrid, crs: pyproj.CRS) -> None:
        assert source.crs is not None  # rasters without one are refused
        self._grid = own_grid
        self._crs = rasterio.crs.CRS.from_wkt(crs.to_wkt())
        self._own_crs = rasterio.crs.CRS.from_wkt(source.crs.to_wkt())
        same = source.crs.equals(crs, ignore_axis_order=True)
        self._to_own = None if same else pyproj.Transformer.from_crs(crs, source.crs, always_xy=True)

    def window_under(self, transform: Affine, shape: tuple[int, int]) -> Window:
        """Return the raster's pixels under a window of that transform and (height, width); empty if there are none."""
        steps = np.linspace(0.0, 1.0, _POINTS)
        columns, rows = (each.ravel() for each in np.meshgrid(steps * shape[1], steps * shape[0]))
        x = transform.a * columns + transform.b * rows + transform.c
        y = transform.d * columns + transform.e * rows + transform.f
        if self._to_own is not None:
            x, y = self._to_own.transform(x, y)
        finite = np.isfinite(x) & np.isfinite(y)
        if not finite.any():
            return Window(0, 0, 0, 0)
        pixels = self._grid.to_pixels(np.column_stack([np.asarray(x)[finite], np.asarray(y)[finite]]))
        left, top = (int(edge) - _MARGIN for edge in np.floor(pixels.min(axis=0)))
        right, bottom = (int(edge) + _MARGIN for edge in np.ceil(pixels.max(axis=0)))
        return Window(top, left, bottom - top, right - left).clipped(self._grid.height, self._grid.width)

    def carry(
        self, values: np.ndarray, window: Window, transform: Affine, shape: tuple[int, int], resampling: Resampling, nodata: float
    ) -> np.ndarray:
        """Resample values of the raster's own ``window``, (height, width), to a window of the other system; same dtype.

        ``nodata`` marks what is unknown, in the values and in the result, which is unknown beyond the raster too.
        """
        result = np.full(shape, nodata, values.dtype)
        if not window.is_empty:
            reproject(
                values, result, src_transform=self._grid.transform_of(window), src_crs=self._own_crs, src_nodata=nodata,
                dst_transform=transform, dst_crs=self._crs, dst_nodata=nodata, resampling=resampling, num_threads=1,
                tolerance=0,  # exact, so that a pixel does not depend on the window it was read in
            )
        return result
