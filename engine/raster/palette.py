"""Rasters with a colour table: the picture they show, instead of the numbers they hold."""

from __future__ import annotations

import math

import numpy as np
import rasterio
from affine import Affine
from rasterio.enums import ColorInterp, Resampling
from rasterio.io import MemoryFile
from rasterio.windows import Window as SourceWindow

#: Source pixels around a window that bilinear interpolation may look at, per step of the reduction.
_MARGIN = 2


def colour_table(dataset: rasterio.DatasetReader) -> np.ndarray | None:
    """Return (values, 4) uint8 red, green, blue and alpha of a palette raster; None for any other raster."""
    if dataset.count != 1 or dataset.colorinterp[0] != ColorInterp.palette or dataset.dtypes[0] not in ("uint8", "uint16"):
        return None
    try:
        entries = dataset.colormap(1)
    except ValueError:
        return None
    table = np.zeros((np.iinfo(dataset.dtypes[0]).max + 1, 4), np.uint8)
    for value, colour in entries.items():
        table[value] = colour
    return table


def read_colours(
    dataset: rasterio.DatasetReader, table: np.ndarray, window: SourceWindow, shape: tuple[int, int, int],
    resampling: Resampling,
) -> np.ndarray:
    """Read a window of a palette raster as colours, resampled as colours: the mean of two palette numbers is a third colour.

    Args:
        table: (values, bands) uint8. window: source pixels, not necessarily whole ones. shape: (bands, height, width) wanted.
    """
    reduction = max(1.0, window.height / shape[1], window.width / shape[2])
    margin = math.ceil(_MARGIN * reduction)
    top, left = max(0, math.floor(window.row_off) - margin), max(0, math.floor(window.col_off) - margin)
    bottom = min(dataset.height, math.ceil(window.row_off + window.height) + margin)
    right = min(dataset.width, math.ceil(window.col_off + window.width) + margin)
    numbers = dataset.read(1, window=SourceWindow(left, top, right - left, bottom - top))
    colours = np.moveaxis(table[numbers], -1, 0)
    within = SourceWindow(window.col_off - left, window.row_off - top, window.width, window.height)
    with MemoryFile() as memory, memory.open(
        driver="GTiff", count=len(colours), height=bottom - top, width=right - left, dtype=np.uint8,
        transform=Affine(1, 0, 1, 0, -1, 1),  # anywhere: without one rasterio warns
    ) as picture:
        picture.write(colours)
        result: np.ndarray = picture.read(window=within, out_shape=shape, resampling=resampling)
    return result
