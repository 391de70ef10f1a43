"""The pixel grid work happens on: a raster's own grid, scaled to the wanted cell size and anchored to the raster's corner.

Because the anchor is the raster and never the extent asked for, the same place gives the same pixel whatever part is read.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from affine import Affine

#: A wanted cell size within this share of the raster's own is taken as equal: resampling would blur and gain nothing.
SAME_CELL_SIZE = 0.02


@dataclass(frozen=True)
class Window:
    """A block of grid pixels; may reach over the grid's edge."""

    row: int
    column: int
    height: int
    width: int

    def clipped(self, height: int, width: int) -> Window:
        """Return the part of the window inside a grid of that size (empty windows have height or width 0)."""
        top, left = min(max(self.row, 0), height), min(max(self.column, 0), width)
        bottom, right = min(max(self.row + self.height, top), height), min(max(self.column + self.width, left), width)
        return Window(top, left, bottom - top, right - left)

    def grown(self, margin: int) -> Window:
        """Return the window with ``margin`` more pixels on every side."""
        return Window(self.row - margin, self.column - margin, self.height + 2 * margin, self.width + 2 * margin)

    @property
    def is_empty(self) -> bool:
        """Whether the window holds no pixel."""
        return self.height <= 0 or self.width <= 0

    def __str__(self) -> str:
        return f"rows {self.row}–{self.row + self.height - 1}, columns {self.column}–{self.column + self.width - 1}"


@dataclass(frozen=True)
class WorkingGrid:
    """Grid of ``height`` × ``width`` pixels over a raster.

    Attributes:
        transform: grid pixel (column, row) to map coordinates.
        scale_x, scale_y: source pixels per grid pixel; 1 for the raster's own grid.
        cell_metres: size of a grid pixel along x and y, metres.
    """

    height: int
    width: int
    transform: Affine
    scale_x: float
    scale_y: float
    cell_metres: tuple[float, float]

    @property
    def is_native(self) -> bool:
        """Whether this is the raster's own grid, so that nothing is resampled."""
        return self.scale_x == 1.0 and self.scale_y == 1.0

    @property
    def whole(self) -> Window:
        """The window of all pixels."""
        return Window(0, 0, self.height, self.width)

    def transform_of(self, window: Window) -> Affine:
        """Return the transform of the pixels of ``window``."""
        return self.transform * Affine.translation(window.column, window.row)

    def to_pixels(self, xy: np.ndarray) -> np.ndarray:
        """Return columns and rows (N, 2) of map points (N, 2), not rounded."""
        inverse = ~self.transform
        columns = inverse.a * xy[:, 0] + inverse.b * xy[:, 1] + inverse.c
        return np.column_stack([columns, inverse.d * xy[:, 0] + inverse.e * xy[:, 1] + inverse.f])

    def bounds_of(self, window: Window) -> tuple[float, float, float, float]:
        """Return the map rectangle around a window: xmin, ymin, xmax, ymax."""
        transform = self.transform_of(window)
        corners = [transform * (column, row) for column in (0, window.width) for row in (0, window.height)]
        xs, ys = [corner[0] for corner in corners], [corner[1] for corner in corners]
        return min(xs), min(ys), max(xs), max(ys)

    def window_within(self, extent: Sequence[float]) -> Window:
        """Return the pixels that lie wholly inside a map rectangle, clipped to the grid; ``window_of`` on a turned grid."""
        touched = self.window_of(extent)
        if self.transform.b or self.transform.d or touched.is_empty:
            return touched
        corners = self.to_pixels(np.array([extent[:2], extent[2:]], np.float64))
        left, top = (int(edge) for edge in np.ceil(corners.min(axis=0) - 1e-6))
        right, bottom = (int(edge) for edge in np.floor(corners.max(axis=0) + 1e-6))
        return Window(top, left, bottom - top, right - left).clipped(self.height, self.width)

    def window_of(self, extent: Sequence[float]) -> Window:
        """Return the pixels that the map rectangle (xmin, ymin, xmax, ymax) touches, clipped to the grid.

        Works for rotated and south-up rasters: all four corners are taken.
        """
        inverse = ~self.transform
        corners = [inverse * (extent[i], extent[j]) for i in (0, 2) for j in (1, 3)]
        columns, rows = [corner[0] for corner in corners], [corner[1] for corner in corners]
        # a hair of tolerance, so that an extent on pixel edges does not take a row more for rounding
        left, top = math.floor(min(columns) + 1e-6), math.floor(min(rows) + 1e-6)
        right, bottom = math.ceil(max(columns) - 1e-6), math.ceil(max(rows) - 1e-6)
        return Window(top, left, bottom - top, right - left).clipped(self.height, self.width)


def tile_windows(area: Window, height: int, width: int) -> Iterator[Window]:
    """Cut ``area`` into windows of at most ``height`` × ``width``, row by row."""
    for row in range(area.row, area.row + area.height, height):
        for column in range(area.column, area.column + area.width, width):
            yield Window(
                row, column, min(height, area.row + area.height - row), min(width, area.column + area.width - column)
            )
