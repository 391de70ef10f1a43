"""Which pixels count: those whose centre lies in the mask's polygons."""

from __future__ import annotations

import numpy as np
import pyproj
import shapely

from ..chips.exporting.vector_layer import VectorLayer
from ..errors import EngineError
from ..raster.burning import burn
from ..raster.grid import Window, WorkingGrid


class CountedArea:
    """The mask of a comparison, read where it is needed.

    Args:
        mask: vector file with polygons in any coordinate system, empty for none. layer: in it. grid, crs: of the prediction.

    Attributes:
        seen: whether any pixel read so far counts.

    Raises:
        EngineError: the mask cannot be read or holds no features.
    """

    def __init__(self, mask: str, layer: str, grid: WorkingGrid, crs: pyproj.CRS) -> None:
        self._grid = grid
        self._layer = VectorLayer(mask, layer, crs, "mask") if mask else None
        self._saw_others = self._saw_polygons = False
        self.seen = False

    def read(self, window: Window) -> np.ndarray:
        """Return bool (height, width): inside a polygon, or everywhere without a mask."""
        shape = (window.height, window.width)
        if self._layer is None:
            self.seen = True
            return np.ones(shape, bool)
        geometries = self._layer.read(self._grid.bounds_of(window)).geometries
        polygons = geometries[shapely.get_dimensions(geometries) == 2]
        self._saw_polygons |= len(polygons) > 0
        self._saw_others |= len(polygons) < len(geometries)
        if not len(polygons):
            return np.zeros(shape, bool)
        pixels = shapely.transform(polygons, lambda xy: self._grid.to_pixels(xy) - [window.column, window.row])
        inside = burn(pixels, np.ones(len(pixels), np.uint8), shape) > 0
        self.seen |= bool(inside.any())
        return inside

    def check(self) -> None:
        """Raise an ``EngineError`` if the mask held lines or points where it was read, and no polygon."""
        if self._layer is not None and self._saw_others and not self._saw_polygons:
            raise EngineError(f"The mask {self._layer.path} holds no polygon: choose a polygon layer.")
