"""The imagery beneath the errors in the report, from any raster, at about the prediction's cell size."""

from __future__ import annotations

import numpy as np
import pyproj
from rasterio.enums import Resampling

from ..chips.preview.preview_figures import as_picture, display_limits
from ..raster.grid import Window, WorkingGrid
from ..raster.regridding import Regridding
from ..raster.source import RasterSource

#: Value of pixels without imagery while they are resampled; no real one is as low.
_MISSING = -1e30


class Imagery:
    """A raster to look at, laid under blocks of another.

    Args:
        source: open, with ``colours``. grid, crs: of the prediction.
    """

    def __init__(self, source: RasterSource, grid: WorkingGrid, crs: pyproj.CRS) -> None:
        self._source, self._grid = source, grid
        own = source.grid(grid.cell_metres)
        # never finer than it is: the blocks would only take longer
        self._own_grid = own if own.scale_x >= 1 and own.scale_y >= 1 else source.grid()
        self._regridding = Regridding(source, self._own_grid, crs)

    def picture(self, window: Window) -> np.ndarray | None:
        """Return the imagery of a block, float32 (height, width, 3) in 0..1; None where there is none."""
        transform, shape = self._grid.transform_of(window), (window.height, window.width)
        own = self._regridding.window_under(transform, shape)
        if own.is_empty:
            return None
        pixels, known = self._source.read(self._own_grid, own)
        bands = np.stack([
            self._regridding.carry(
                np.where(known, band, _MISSING).astype(np.float32), own, transform, shape, Resampling.bilinear, _MISSING
            )
            for band in pixels
        ])
        shown = (bands > _MISSING / 2).all(axis=0)
        if not shown.any():
            return None
        label = np.where(shown, np.uint8(0), np.uint8(255))
        typed = bands.astype(np.uint8) if self._source.dtype == np.uint8 else bands
        typed = np.where(shown, typed, 0).astype(typed.dtype)
        return as_picture(typed, *display_limits([typed], [label]))
