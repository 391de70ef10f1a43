"""Where chips lie: positions on the grid, their repetition by rotation, and the blocks in which they are cut."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from affine import Affine

from ...raster.grid import Window, WorkingGrid

#: Positions along a side of a block at most, so that with a small stride too a block is done, and noted, soon.
_MOST_POSITIONS = 16


@dataclass(frozen=True)
class Frame:
    """The place of one chip.

    Attributes:
        window: grid pixels of the chip before it is turned. angle: degrees it is turned about its centre, clockwise on the map.
    """

    window: Window
    angle: float = 0.0

    def to_grid(self, grid: WorkingGrid) -> Affine:
        """Return the way from chip pixels to grid pixels. Turning is done in metres: a turned road keeps its width."""
        if not self.angle:
            return Affine.translation(self.window.column, self.window.row)
        (cell_x, cell_y), half_x, half_y = grid.cell_metres, self.window.width / 2, self.window.height / 2
        return (
            Affine.translation(self.window.column + half_x, self.window.row + half_y)
            * Affine.scale(1 / cell_x, 1 / cell_y) * Affine.rotation(self.angle) * Affine.scale(cell_x, cell_y)
            * Affine.translation(-half_x, -half_y)
        )

    def corners(self, grid: WorkingGrid) -> np.ndarray:
        """Return the chip's four corners in grid pixels, (4, 2) columns and rows."""
        to_grid, width, height = self.to_grid(grid), self.window.width, self.window.height
        return np.array([to_grid * corner for corner in ((0, 0), (width, 0), (width, height), (0, height))])

    def bounds(self, grid: WorkingGrid) -> Window:
        """Return the smallest window of whole grid pixels around the chip."""
        if not self.angle:
            return self.window
        corners = self.corners(grid)
        left, top = np.floor(corners.min(axis=0) + 1e-9).astype(int)
        right, bottom = np.ceil(corners.max(axis=0) - 1e-9).astype(int)
        return Window(int(top), int(left), int(bottom - top), int(right - left))


@dataclass(frozen=True)
class Block:
    """Neighbouring positions that are cut together, so that what their chips share is read and drawn once.

    Attributes:
        rows, columns: half-open ranges of lattice rows and columns.
    """

    number: int
    rows: range
    columns: range


@dataclass(frozen=True)
class ChipLattice:
    """All candidate positions of an export.

    Attributes:
        area: part of the grid that chips must lie in. tile, stride: pixels.
        angles: degrees, 0 first; every position is repeated at each.
    """

    area: Window
    tile: int
    stride: int
    angles: tuple[float, ...] = (0.0,)

    @property
    def row_starts(self) -> list[int]:
        """First grid row of each lattice row."""
        return _starts(self.area.row, self.area.height, self.tile, self.stride)

    @property
    def column_starts(self) -> list[int]:
        """First grid column of each lattice column."""
        return _starts(self.area.column, self.area.width, self.tile, self.stride)

    @property
    def count(self) -> int:
        """Number of candidate chips."""
        return len(self.row_starts) * len(self.column_starts) * len(self.angles)

    def blocks(self, side: int) -> Iterator[Block]:
        """Yield blocks of at most about ``side`` pixels, row by row."""
        step = max(1, min(_MOST_POSITIONS, (side - self.tile) // self.stride + 1))
        rows, columns = len(self.row_starts), len(self.column_starts)
        number = 0
        for row in range(0, rows, step):
            for column in range(0, columns, step):
                yield Block(number, range(row, min(row + step, rows)), range(column, min(column + step, columns)))
                number += 1

    def frames(self, block: Block) -> Iterator[tuple[int, Frame]]:
        """Yield number and place of the chips of a block; numbers count all positions row by row, every angle of one first."""
        rows, columns = self.row_starts, self.column_starts
        for row in block.rows:
            for column in block.columns:
                window = Window(rows[row], columns[column], self.tile, self.tile)
                for turn, angle in enumerate(self.angles):
                    yield (row * len(columns) + column) * len(self.angles) + turn, Frame(window, angle)

    def window(self, block: Block) -> Window:
        """Return the grid pixels of a block's chips before they are turned."""
        top, left = self.row_starts[block.rows[0]], self.column_starts[block.columns[0]]
        bottom, right = self.row_starts[block.rows[-1]] + self.tile, self.column_starts[block.columns[-1]] + self.tile
        return Window(top, left, bottom - top, right - left)


def turns(rotation_angle: float) -> tuple[float, ...]:
    """Return the angles at which chips are repeated: 0 and every multiple below a full turn (45 gives 8), 0 alone for 0."""
    if rotation_angle <= 0:
        return (0.0,)
    return tuple(rotation_angle * turn for turn in range(math.ceil(360 / rotation_angle - 1e-9)))


def _starts(start: int, length: int, tile: int, stride: int) -> list[int]:
    """Return where chips begin: every stride, and once flush with the far edge, so that no imagery is lost."""
    positions = list(range(start, start + length - tile + 1, stride))
    last = start + length - tile
    return positions if positions[-1] == last else [*positions, last]
