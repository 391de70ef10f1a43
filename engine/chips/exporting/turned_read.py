"""Reading image chips in their frames: straight ones as windows, turned ones sampled once from the raster's own pixels."""

from __future__ import annotations

import math

import numpy as np
from affine import Affine
from rasterio.enums import Resampling
from rasterio.warp import reproject

from ...raster.grid import Window, WorkingGrid
from ...raster.source import RasterSource
from .lattice import Frame

#: Both sides of the turn are pixel frames of one plane; any metric system keeps GDAL from bending it.
_PLANE = "EPSG:3857"
#: A pixel of which less than this share comes from imagery is nodata.
_FULLY_VALID = 0.999


def read_turned(source: RasterSource, grid: WorkingGrid, frame: Frame) -> tuple[np.ndarray, np.ndarray]:
    """Read the chip of a turned frame by bilinear sampling of the raster's own pixels.

    The corners show what is there on the ground, not black; beyond the raster and beside nodata pixels are not valid.

    Returns:
        Pixels (bands, height, width) in the raster's dtype, and valid (height, width) bool.
    """
    native = source.grid()
    to_native = Affine.scale(grid.scale_x, grid.scale_y) * frame.to_grid(grid)
    shape = (frame.window.height, frame.window.width)
    corners = np.array([to_native * corner for corner in ((0, 0), (shape[1], 0), (shape[1], shape[0]), (0, shape[0]))])
    margin = math.ceil(2 * max(1.0, grid.scale_x, grid.scale_y))
    left, top = np.floor(corners.min(axis=0)).astype(int) - margin
    right, bottom = np.ceil(corners.max(axis=0)).astype(int) + margin
    block, block_valid = source.read(native, Window(int(top), int(left), int(bottom - top), int(right - left)))
    pixels = np.zeros((len(block), *shape), block.dtype)
    share = np.zeros(shape, np.float32)
    placed = {
        "src_transform": Affine.translation(int(left), int(top)), "dst_transform": to_native,
        "src_crs": _PLANE, "dst_crs": _PLANE,
        "resampling": Resampling.bilinear, "num_threads": 1, "tolerance": 0,
        # GDAL takes the ratio of the bounding boxes for a reduction, and would blur what is only turned
        "XSCALE": 1 / grid.scale_x, "YSCALE": 1 / grid.scale_y,
    }
    reproject(block, pixels, **placed)
    reproject(block_valid.astype(np.float32), share, **placed)
    valid = share >= _FULLY_VALID
    pixels[:, ~valid] = 0
    return pixels, valid
