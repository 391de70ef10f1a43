"""Image tiles as the network wants them, read in any thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..raster.grid import Window, WorkingGrid
from ..raster.source import RasterSource
from ..raster.stretch import Stretch
from .mask_area import MaskArea


@dataclass(frozen=True)
class ImageTile:
    """One tile.

    Attributes:
        pixels: (bands, tile, tile), uint8 or float32, in the units of the training chips. Beyond the raster's edge it is
            continued by its mirror image: a network trained on full chips sees neither black frames nor sudden steps that look
            like road edges. None if no pixel of the tile is wanted.
        known: (tile, tile) bool: where there is imagery, mirrored likewise; the network is to see the mean elsewhere.
        wanted: (tile, tile) bool: which pixels of the tile count in the result.
    """

    window: Window
    pixels: np.ndarray | None = None
    known: np.ndarray | None = None
    wanted: np.ndarray | None = None


@dataclass(frozen=True)
class TileReader:
    """How tiles are read: the same for all of a run. Safe to use from threads, each with a ``RasterSource`` of its own.

    Attributes:
        area: pixels outside do not count. mask: likewise, None for none. stretch: what the training chips went through.
    """

    grid: WorkingGrid
    area: Window
    mask: MaskArea | None = None
    stretch: Stretch | None = None

    def read(self, source: RasterSource, strip: Window, windows: Sequence[Window]) -> list[ImageTile]:
        """Read neighbouring tiles of a lattice row in one go: what they share is decoded once.

        Args:
            strip: part of the grid that holds them.

        Raises:
            EngineError: the raster is damaged there, or gone.
        """
        inside = [self._asked_for(window) for window in windows]
        if not any(asked is not None for asked in inside):
            return [ImageTile(window) for window in windows]
        pixels, known = source.read(self.grid, strip)
        return [self._tile(window, asked, strip, pixels, known) for window, asked in zip(windows, inside)]

    def _asked_for(self, window: Window) -> np.ndarray | None:
        """Return which pixels of a tile lie in the area and the mask, (tile, tile) bool; None for none."""
        asked = np.zeros((window.height, window.width), bool)
        top, left = self.area.row - window.row, self.area.column - window.column
        asked[max(top, 0) : max(top + self.area.height, 0), max(left, 0) : max(left + self.area.width, 0)] = True
        if self.mask is not None:
            if not self.mask.touches(window):
                return None
            asked &= self.mask.read(window)
        return asked if asked.any() else None

    def _tile(
        self, window: Window, asked: np.ndarray | None, strip: Window, pixels: np.ndarray, known: np.ndarray
    ) -> ImageTile:
        """Cut a tile out of the strip that was read."""
        if asked is None:
            return ImageTile(window)
        inside = window.clipped(self.grid.height, self.grid.width)
        row, column = inside.row - strip.row, inside.column - strip.column
        part = slice(row, row + inside.height), slice(column, column + inside.width)
        pixels, known = pixels[(slice(None), *part)], known[part]
        top, left = inside.row - window.row, inside.column - window.column
        margins = (
            (top, window.height - inside.height - top), (left, window.width - inside.width - left),
        )
        asked &= np.pad(known, margins, constant_values=False)
        if not asked.any():
            return ImageTile(window)
        if self.stretch is not None:
            pixels = self.stretch.apply(pixels)
        if pixels.dtype != np.uint8:
            pixels = pixels.astype(np.float32)
        if any(map(any, margins)):
            pixels = np.pad(pixels, ((0, 0), *margins), mode="symmetric")
            known = np.pad(known, margins, mode="symmetric")
        return ImageTile(window, np.ascontiguousarray(pixels), np.ascontiguousarray(known), asked)
