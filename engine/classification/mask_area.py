"""The polygons within which pixels are classified."""

from __future__ import annotations

import numpy as np
import pyproj
import shapely
from affine import Affine
from rasterio.features import rasterize

from ..chips.exporting.vector_layer import VectorLayer
from ..errors import EngineError
from ..raster.grid import Window, WorkingGrid


class MaskArea:
    """Polygons on a grid. Safe to use from threads.

    Args:
        path: vector file, in any CRS. layer: in it, empty for the only one. crs: of the grid.

    Attributes:
        digest: fingerprint of the layer's content.

    Raises:
        EngineError: it cannot be read, or holds no polygon.
    """

    def __init__(self, path: str, layer: str, grid: WorkingGrid, crs: pyproj.CRS) -> None:
        vector = VectorLayer(path, layer, crs, "mask layer")
        geometries = vector.read(vector.bounds_in(crs)).geometries
        polygons = geometries[shapely.get_dimensions(geometries) == 2]
        if not len(polygons):
            raise EngineError(f"The mask layer {path} holds no polygon: choose a polygon layer.")
        self.digest = vector.digest()
        self._polygons = shapely.transform(polygons, grid.to_pixels)
        self._tree = shapely.STRtree(self._polygons)

    def touches(self, window: Window) -> bool:
        """Whether any polygon touches the window."""
        return bool(len(self._within(window)))

    def read(self, window: Window) -> np.ndarray:
        """Return which pixels of a window have their centre inside a polygon, (height, width) bool."""
        found = self._polygons[self._within(window)]
        if not len(found):
            return np.zeros((window.height, window.width), bool)
        inside = rasterize(
            found, out_shape=(window.height, window.width), transform=Affine.translation(window.column, window.row),
            fill=0, default_value=1, dtype=np.uint8,
        )
        return np.asarray(inside) == 1

    def _within(self, window: Window) -> np.ndarray:
        rectangle = shapely.box(window.column, window.row, window.column + window.width, window.row + window.height)
        return np.asarray(self._tree.query(rectangle, predicate="intersects"))
