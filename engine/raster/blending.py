"""Joining overlapping tiles into one seamless surface, one band of rows at a time.

Tiles lie on a lattice anchored to the grid's corner. Every pixel is the weighted mean of all lattice tiles over it, whatever
part of the raster was asked for, so neither the extent nor its cut into bands shows in the result.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .grid import Window

#: Least weight, so that a raster corner under the edge of a single tile is not divided by zero.
_WEIGHT_FLOOR = 1e-3


def hann_weights(size: int, overlap: int) -> np.ndarray:
    """Return (size, size) float32 weights: 1 in the middle, falling as a half Hann window over the ``overlap`` at each edge.

    Two neighbours' weights add up to one all over their overlap.
    """
    ramp = np.ones(size)
    if overlap:
        rise = 0.5 - 0.5 * np.cos(np.pi * (np.arange(overlap) + 0.5) / overlap)
        ramp[:overlap] = rise
        ramp[-overlap:] = rise[::-1]
    ramp = np.maximum(ramp, _WEIGHT_FLOOR)
    return np.outer(ramp, ramp).astype(np.float32)


@dataclass(frozen=True)
class TileLattice:
    """Square tiles of ``tile`` pixels that overlap their neighbours by ``2 × padding``, over an area of the grid."""

    tile: int
    padding: int
    area: Window

    def __post_init__(self) -> None:
        if not 0 <= self.padding * 2 <= self.tile // 2:
            raise ValueError(f"padding {self.padding} is more than a quarter of the tile of {self.tile} pixels")

    @property
    def stride(self) -> int:
        """Distance between tiles, pixels."""
        return self.tile - 2 * self.padding

    def _starts(self, start: int, length: int) -> range:
        first = (start + self.padding - self.tile) // self.stride + 1
        last = (start + length - 1 + self.padding) // self.stride
        return range(first * self.stride - self.padding, last * self.stride - self.padding + 1, self.stride)

    def rows(self) -> Iterator[list[Window]]:
        """Yield the tiles over the area, one list a lattice row, from the top."""
        columns = self._starts(self.area.column, self.area.width)
        for row in self._starts(self.area.row, self.area.height):
            yield [Window(row, column, self.tile, self.tile) for column in columns]

    @property
    def tile_count(self) -> int:
        """Number of tiles over the area."""
        area = self.area
        return len(self._starts(area.row, area.height)) * len(self._starts(area.column, area.width))


class BandBlender:
    """Adds up weighted tiles and gives back rows that no later tile can touch.

    Holds ``tile`` rows of the area's width, whatever the height of the raster.

    Args:
        lattice: where the tiles lie; they must be added row by row from the top.
    """

    def __init__(self, lattice: TileLattice) -> None:
        self._area = lattice.area
        self._tile = lattice.tile
        self._weights = hann_weights(lattice.tile, 2 * lattice.padding)
        self._top = lattice.area.row  # grid row of the first row held
        self._sum = np.zeros((lattice.tile, lattice.area.width), np.float32)
        self._weight = np.zeros_like(self._sum)

    def add(self, window: Window, values: np.ndarray) -> None:
        """Add a tile of (tile, tile) float values; what lies outside the area is dropped."""
        rows = slice(max(window.row, self._top), min(window.row + window.height, self._area.row + self._area.height))
        left, right = self._area.column, self._area.column + self._area.width
        columns = slice(max(window.column, left), min(window.column + window.width, right))
        if rows.start >= rows.stop or columns.start >= columns.stop:
            return
        inside = (slice(rows.start - window.row, rows.stop - window.row),
                  slice(columns.start - window.column, columns.stop - window.column))
        held = (slice(rows.start - self._top, rows.stop - self._top), slice(columns.start - left, columns.stop - left))
        self._sum[held] += values[inside] * self._weights[inside]
        self._weight[held] += self._weights[inside]

    def finish_rows(self, end: int) -> np.ndarray:
        """Return the rows from the last call's end up to grid row ``end`` (exclusive), and forget them.

        Returns:
            (rows, width) float32; 0 where no tile was added.
        """
        end = min(end, self._area.row + self._area.height)
        count = max(0, end - self._top)
        done = self._sum[:count] / np.maximum(self._weight[:count], np.finfo(np.float32).tiny)
        for held in (self._sum, self._weight):
            held[: self._tile - count] = held[count:].copy()
            held[self._tile - count :] = 0
        self._top += count
        return done
