"""Where chips may lie: the extent asked for and the mask polygons."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from ...errors import EngineError
from ...raster.grid import WorkingGrid
from .lattice import Frame
from .vector_layer import VectorLayer

MASK_MODES = ("inside", "centre")
#: A chip on the edge of the extent must not fall out by rounding. Pixels.
_TOLERANCE = 1e-3


class AllowedArea:
    """The ground on which chips are cut.

    Args:
        extent: xmin, ymin, xmax, ymax in the raster's CRS, empty for everywhere; chips lie wholly inside.
        mask: polygon file, empty for none. mode: ``inside`` for chips wholly inside the polygons, ``centre`` for chips with their
            centre inside.

    Raises:
        EngineError: the mask cannot be read or holds no polygon.
    """

    def __init__(
        self, grid: WorkingGrid, crs: pyproj.CRS, extent: Sequence[float], mask: str = "", mask_layer: str = "",
        mode: str = "inside",
    ) -> None:
        self._grid = grid
        self._mode = mode
        self._extent = _in_pixels(shapely.box(*extent), grid).buffer(_TOLERANCE, join_style="mitre") if extent else None
        self._mask = _mask_polygons(grid, crs, mask, mask_layer) if mask else None
        for shape in (self._extent, self._mask):
            if shape is not None:
                shapely.prepare(shape)

    def allows(self, frames: Sequence[Frame]) -> np.ndarray:
        """Return for each frame whether a chip may be cut there, (frames,) bool."""
        allowed = np.ones(len(frames), bool)
        if not frames or (self._extent is None and self._mask is None):
            return allowed
        corners = np.array([frame.corners(self._grid) for frame in frames])
        footprints = shapely.polygons(corners)
        if self._extent is not None:
            allowed &= shapely.covers(self._extent, footprints)
        if self._mask is not None and self._mode == "centre":
            allowed &= shapely.intersects(self._mask, shapely.points(corners.mean(axis=1)))
        elif self._mask is not None:
            allowed &= shapely.covers(self._mask, footprints)
        return allowed


def _mask_polygons(grid: WorkingGrid, crs: pyproj.CRS, mask: str, mask_layer: str) -> BaseGeometry:
    layer = VectorLayer(mask, mask_layer, crs, "mask layer")
    geometries = layer.read(layer.bounds_in(crs)).geometries
    polygons = geometries[shapely.get_dimensions(geometries) == 2]
    if not len(polygons):
        raise EngineError(f"The mask layer {mask} holds no polygon: choose a polygon layer.")
    return _in_pixels(shapely.union_all(polygons), grid).buffer(_TOLERANCE, join_style="mitre")


def _in_pixels(geometry: BaseGeometry, grid: WorkingGrid) -> BaseGeometry:
    moved: BaseGeometry = shapely.transform(geometry, grid.to_pixels)
    return moved
