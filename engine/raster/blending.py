"""Joining overlapping tiles into one seamless surface, one band of rows at a time.

Tiles lie on a lattice anchored to the grid's corner. Every pixel is the weighted mean of all lattice tiles over it, whatever
part of the raster was asked for, so neither the extent nor its cut into parts and bands shows in the result, to the last bit.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .grid import Window


def hann_ramp(size: int, overlap: int, is_first: bool = False, is_last: bool = False) -> np.ndarray:
    """Return (size,) float32 weights: 1 in the middle, falling as a half Hann window over the ``overlap`` at each edge.

    Two neighbours' weights add up to one all over their overlap. The first and the last tile have no neighbour on one side.
    """
    ramp = np.ones(size)
    if overlap:
        rise = 0.5 - 0.5 * np.cos(np.pi * (np.arange(overlap) + 0.5) / overlap)
        if not is_first:
            ramp[:overlap] = rise
        if not is_last:
            ramp[-overlap:] = rise[::-1]
    return ramp.astype(np.float32)


@dataclass(frozen=True)
class TileLattice:
    """Square tiles of ``tile`` pixels that overlap their neighbours by ``2 × padding``, over an area of the grid.

    Each tile answers for the ``stride`` × ``stride`` pixels in its middle; these cover the grid once, from its corner on.

    Args:
        area: must lie inside the grid. grid_height, grid_width: of the grid, pixels.
    """

    tile: int
    padding: int
    area: Window
    grid_height: int
    grid_width: int

    def __post_init__(self) -> None:
        if not 0 <= self.padding * 2 <= self.tile // 2:
            raise ValueError(f"padding {self.padding} is more than a quarter of the tile of {self.tile} pixels")

    @property
    def stride(self) -> int:
        """Distance between tiles, pixels."""
        return self.tile - 2 * self.padding

    def over(self, area: Window) -> TileLattice:
        """Return the same lattice over another area."""
        return TileLattice(self.tile, self.padding, area, self.grid_height, self.grid_width)

    def last(self, length: int) -> int:
        """Return the number of the last tile along a side of the grid of ``length`` pixels, counted from 0."""
        return (length - 1) // self.stride

    def _numbers(self, start: int, length: int, whole: int) -> range:
        first = (start + self.padding - self.tile) // self.stride + 1
        last = (start + length - 1 + self.padding) // self.stride
        return range(max(first, 0), min(last, self.last(whole)) + 1)

    @property
    def row_numbers(self) -> range:
        """Lattice rows with tiles over the area."""
        return self._numbers(self.area.row, self.area.height, self.grid_height)

    @property
    def column_numbers(self) -> range:
        """Lattice columns with tiles over the area."""
        return self._numbers(self.area.column, self.area.width, self.grid_width)

    def window(self, row: int, column: int) -> Window:
        """Return the tile in a lattice row and column; it may reach over the grid's edge."""
        return Window(row * self.stride - self.padding, column * self.stride - self.padding, self.tile, self.tile)

    def rows(self) -> Iterator[list[Window]]:
        """Yield the tiles over the area, one list a lattice row, from the top."""
        for row in self.row_numbers:
            yield [self.window(row, column) for column in self.column_numbers]

    def runs(self, size: int) -> Iterator[tuple[Window, list[Window]]]:
        """Yield the tiles over the area in runs of at most ``size`` neighbours, and the part of the grid to read for each.

        What is read does not depend on the area either: resampled figures can differ in the last bit with the window.
        """
        for row in self.row_numbers:
            for run, columns in itertools.groupby(self.column_numbers, lambda column: column // size):
                first, last = self.window(row, run * size), self.window(row, run * size + size - 1)
                strip = Window(first.row, first.column, self.tile, last.column + self.tile - first.column)
                yield strip.clipped(self.grid_height, self.grid_width), [self.window(row, column) for column in columns]

    @property
    def tile_count(self) -> int:
        """Number of tiles over the area."""
        return len(self.row_numbers) * len(self.column_numbers)

    def weights(self, window: Window) -> tuple[np.ndarray, np.ndarray]:
        """Return the weights of a tile's rows and columns, (tile,) float32 each; a pixel's is their product."""
        ramps = []
        for start, whole in ((window.row, self.grid_height), (window.column, self.grid_width)):
            number = (start + self.padding) // self.stride
            ramps.append(hann_ramp(self.tile, 2 * self.padding, number == 0, number == self.last(whole)))
        return ramps[0], ramps[1]


class BandBlender:
    """Adds up weighted tiles and gives back rows that no later tile can touch.

    Holds ``tile`` rows of the area's width, whatever the height of the raster.

    Args:
        lattice: where the tiles lie; they must be added row by row from the top.
    """

    def __init__(self, lattice: TileLattice) -> None:
        self._lattice, self._area = lattice, lattice.area
        self._tile = lattice.tile
        self._top = lattice.area.row  # grid row of the first row held
        self._sum = np.zeros((lattice.tile, lattice.area.width), np.float32)
        self._valid = np.zeros(self._sum.shape, bool)

    def add(self, window: Window, values: np.ndarray, valid: np.ndarray) -> None:
        """Add a tile of (tile, tile) float values and where they count, bool; what lies outside the area is dropped.

        A tile without any valid pixel need not be added.
        """
        rows = slice(max(window.row, self._top), min(window.row + window.height, self._area.row + self._area.height))
        left, right = self._area.column, self._area.column + self._area.width
        columns = slice(max(window.column, left), min(window.column + window.width, right))
        if rows.start >= rows.stop or columns.start >= columns.stop:
            return
        inside = (slice(rows.start - window.row, rows.stop - window.row),
                  slice(columns.start - window.column, columns.stop - window.column))
        held = (slice(rows.start - self._top, rows.stop - self._top), slice(columns.start - left, columns.stop - left))
        down, across = self._lattice.weights(window)
        self._sum[held] += values[inside] * (down[inside[0], None] * across[inside[1]])
        self._valid[held] |= valid[inside]

    def finish_rows(self, end: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the rows from the last call's end up to grid row ``end`` (exclusive), and forget them.

        Returns:
            Values (rows, width) float32 and valid (rows, width) bool; values mean nothing where not valid.
        """
        end = min(end, self._area.row + self._area.height)
        count = max(0, end - self._top)
        done = self._sum[:count].copy(), self._valid[:count].copy()
        for held in (self._sum, self._valid):
            held[: self._tile - count] = held[count:].copy()
            held[self._tile - count :] = 0
        self._top += count
        return done
