"""The surface of the roads made ready for thinning: carriageways merged, specks dropped, holes filled.

Every rule looks only so far around a pixel, so that a tile read with that much around it comes out as the whole raster would.
An area that reaches further than its rule looks is left alone, whichever part of it is seen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from .small_areas import find_areas

#: Specks below this area, square metres, are dropped (CRESI, albu: 27 m²; a car is 10 m², a house 100 m²).
SPECK_AREA = 50.0
#: Holes up to this area, square metres, are filled: gaps in the surface, not blocks between roads.
HOLE_AREA = 30.0
#: Holes up to this area are filled too where most of what is around them is road: trees and cars on squares and car parks.
SQUARE_HOLE_AREA = 200.0
#: That share of the pixels up to so many metres away in rows and columns. Streets of 8 m around blocks of 14 m take 60 %.
_SQUARE_SHARE, _SQUARE_METRES = 0.7, 15.0
#: On cells of a few centimetres no rule looks further than so many pixels for an area, and half as many around it: what has to be
#: read around a tile shall not outgrow the tile.
_MOST_SIDE = 200
#: After so many passes the distances are computed instead.
_MOST_PEELINGS = 64


@dataclass(frozen=True)
class SurfaceRules:
    """What is done to the road surface of a raster.

    Attributes:
        cell: metres of a pixel along its row and its column.
        merge: gaps between carriageways narrower than this are closed, metres, 0 for none.
    """

    cell: tuple[float, float]
    merge: float = 0.0

    @property
    def reach(self) -> int:
        """How many pixels away something may have a say in what becomes of a pixel."""
        closing = 2 * (math.ceil(self.merge / 2 / min(self.cell)) + 1) if self.merge > 0 else 0
        squares = self._side(SQUARE_HOLE_AREA) + max(self._around)
        return closing + self._side(SPECK_AREA) + squares + 4

    def apply(self, road: np.ndarray) -> np.ndarray:
        """Return the surface of a bool mask (height, width), right further than ``reach`` from the array's border."""
        if self.merge > 0:
            road = close(road, self.merge / 2, self.cell)
        road = drop_specks(road, self._pixels(SPECK_AREA))
        return fill_holes(road, self._pixels(HOLE_AREA), self._pixels(SQUARE_HOLE_AREA), self._around)

    @property
    def _around(self) -> tuple[int, int]:
        """Rows and columns around a hole in a square that are looked at."""
        down, right = (min(int(_SQUARE_METRES / size), _MOST_SIDE // 2) for size in (self.cell[1], self.cell[0]))
        return down, right

    def _pixels(self, area: float) -> float:
        return area / (self.cell[0] * self.cell[1])

    def _side(self, area: float) -> int:
        return _largest_side(self._pixels(area))


def drop_specks(road: np.ndarray, area: float) -> np.ndarray:
    """Return the mask without specks of less than ``area`` pixels that fit into a square of twice the side of that area."""
    found = find_areas(road, diagonally=True)
    rows, columns, _ = found.places((found.pixels < area) & (found.sides <= _largest_side(area)))
    if not len(rows):
        return road
    left = road.copy()
    left[rows, columns] = False
    return left


def fill_holes(road: np.ndarray, area: float, square_area: float = 0.0, around: tuple[int, int] = (0, 0)) -> np.ndarray:
    """Fill holes of at most ``area`` pixels that fit into a square of twice the side of that area.

    The square makes it a matter of the neighbourhood: a hole that reaches further is left alone whichever part of it is seen.

    Args:
        square_area: the same for holes in squares, where at least 70 % are road of the pixels up to ``around`` rows and columns
            away from the hole's own (on their average).
    """
    most = max(area, square_area)
    if most < 1 or not road.any():
        return road
    holes = find_areas(~road, diagonally=False)
    small = (holes.pixels <= area) & (holes.sides <= _largest_side(area))
    larger = ~small & (holes.pixels <= square_area) & (holes.sides <= _largest_side(square_area))
    if larger.any():
        rows, columns, hole = holes.places(larger)
        beside = np.bincount(hole, _count_around(road, rows, columns, around), len(larger))
        small |= larger & (beside >= _SQUARE_SHARE * (2 * around[0] + 1) * (2 * around[1] + 1) * holes.pixels)
    rows, columns, _ = holes.places(small)
    if not len(rows):
        return road
    filled = road.copy()
    filled[rows, columns] = True
    return filled


def close(road: np.ndarray, radius: float, cell: tuple[float, float]) -> np.ndarray:
    """Close gaps into which no disc of ``radius`` metres fits (morphological closing)."""
    sampling = (cell[1], cell[0])
    if not road.any() or road.all():
        return road
    widened = ndimage.distance_transform_edt(~road, sampling=sampling) <= radius
    if widened.all():
        return np.ones_like(road)
    return np.asarray(road | (ndimage.distance_transform_edt(widened, sampling=sampling) > radius))


def thickness(road: np.ndarray) -> np.ndarray:
    """City-block distance of every pixel to the nearest empty one; beyond the array's border nothing is taken as empty."""
    if road.all():
        return np.full(road.shape, sum(road.shape), np.int32)
    return np.asarray(ndimage.distance_transform_cdt(road, "taxicab"))


def thickest(road: np.ndarray, most: int) -> int:
    """Return the largest ``thickness`` of pixels at least that far from the array's border, or any number above ``most``.

    Peeled off pass by pass, eight pixels in a byte, which is much faster than the distances of all pixels while roads are narrow.
    """
    left = np.packbits(road, axis=1)
    for peeled in range(min(most, _MOST_PEELINGS)):
        if not left.any():
            return peeled
        left = peel(left)
    rest = np.unpackbits(left, axis=1, count=road.shape[1]).view(bool)
    return min(most, _MOST_PEELINGS) + int(thickness(rest).max(initial=0))


def peel(packed: np.ndarray) -> np.ndarray:
    """Return rows of bits, uint8 (height, bytes), without the bits that lack one of their four neighbours."""
    kept = packed >> 1
    kept[:, 1:] |= packed[:, :-1] << 7
    after = packed << 1
    after[:, :-1] |= packed[:, 1:] >> 7
    kept &= after
    kept &= packed
    kept[1:] &= packed[:-1]
    kept[:-1] &= packed[1:]
    kept[[0, -1]] = 0
    return kept


def wide_areas(road: np.ndarray, widest: int) -> np.ndarray:
    """Return the diamonds of more than ``widest`` pixels from middle to tip that fit into a mask."""
    far = thickness(road) > widest
    return np.asarray(far | (ndimage.distance_transform_cdt(~far, "taxicab") <= widest)) if far.any() else far


def drop_wide_areas(road: np.ndarray, widest: int) -> np.ndarray:
    """Return the mask without the diamonds of more than ``widest`` pixels from middle to tip that fit into it."""
    return np.asarray(road & ~wide_areas(road, widest))


def _largest_side(area: float) -> int:
    """Largest height and width of an area that is small, pixels."""
    return min(int(2 * np.sqrt(area)), _MOST_SIDE)


def _count_around(road: np.ndarray, rows: np.ndarray, columns: np.ndarray, around: tuple[int, int]) -> np.ndarray:
    """Count the road pixels up to that many rows and columns away, int64 (pixels,)."""
    height, width = road.shape
    sums = np.zeros((height + 1, width + 1), np.int32)
    np.cumsum(road, axis=0, dtype=np.int32, out=sums[1:, 1:])
    np.cumsum(sums[1:, 1:], axis=1, out=sums[1:, 1:])
    top, bottom = np.maximum(rows - around[0], 0), np.minimum(rows + around[0] + 1, height)
    left, right = np.maximum(columns - around[1], 0), np.minimum(columns + around[1] + 1, width)
    return (sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]).astype(np.int64)
