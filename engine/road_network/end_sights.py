"""How far the road reaches around the pixels at which the skeleton ends.

Where along a road thinning stops is a matter of a pixel or two, and of half a road's width on slanting ends. So every such pixel
looks around over the surface of the road: that tells later, when it is known which way the road was going, where it ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from .centre_shift import RoadShare

#: A multiple of eight, so that a raster turned or mirrored is looked at in the same directions.
DIRECTIONS = 32
#: Metres, and pixels at least and at most, to which they look: from the corner of a road to its other one.
_FAR_METRES, _FEWEST_PIXELS, _MOST_PIXELS = 20.0, 32, 96
#: Share of the directions in which the road is as near as it is wide, seen from anywhere near its end.
_ACROSS = 0.85


@dataclass(frozen=True)
class EndSights:
    """What the ends of a skeleton see, row by row.

    Attributes:
        rows, columns: int64 (ends,), their pixels.
        view: int64 (ends, 2), rows and columns from there to the pixel from which they look: away from the road's corners, where
            its end would be seen at a grazing angle.
        reach: float32 (ends, DIRECTIONS), metres from that pixel's centre to the border of the road, from the right over down to
            the left; infinite where none is in sight.
    """

    rows: np.ndarray
    columns: np.ndarray
    view: np.ndarray
    reach: np.ndarray

    @classmethod
    def none(cls) -> EndSights:
        """Return those of a skeleton that ends nowhere."""
        whole = np.zeros(0, np.int64)
        return cls(whole, whole, np.zeros((0, 2), np.int64), np.zeros((0, DIRECTIONS), np.float32))

    @classmethod
    def joined(cls, parts: Sequence[EndSights]) -> EndSights:
        """Return the sights of all parts, row by row."""
        every = [np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(cls)]
        order = np.lexsort((every[1], every[0]))
        return cls(*(each[order] for each in every))

    def moved(self, down: int, right: int) -> EndSights:
        """Return the same in a raster that begins so many pixels further up and left."""
        return replace(self, rows=self.rows + down, columns=self.columns + right)

    def of(self, rows: np.ndarray, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return what pixels see, float64 (pixels, DIRECTIONS), nothing where the skeleton does not end; and from where."""
        reach, view = np.full((len(rows), DIRECTIONS), np.inf), np.zeros((len(rows), 2), np.int64)
        if len(self.rows):
            width = int(max(self.columns.max(), columns.max(initial=0))) + 1
            keys, wanted = self.rows * width + self.columns, rows * width + columns
            found = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
            known = keys[found] == wanted
            reach[known], view[known] = self.reach[found[known]], self.view[found[known]]
        return reach, view


def directions() -> np.ndarray:
    """Return the unit vectors, right and down, in which ends look around, float64 (DIRECTIONS, 2).

    Turned by quarters they are the same to the last digit.
    """
    eighth = np.arange(DIRECTIONS // 8 + 1) * (2 * np.pi / DIRECTIONS)
    cosine, sine = np.cos(eighth), np.sin(eighth)
    cosine[-1] = sine[-1]
    quarter = np.concatenate([np.column_stack([cosine, sine]), np.column_stack([sine, cosine])[-2:0:-1]])
    turns = [quarter]
    for _ in range(3):
        turns.append(np.column_stack([-turns[-1][:, 1], turns[-1][:, 0]]))
    return np.concatenate(turns)


def sight_pixels(cell: tuple[float, float]) -> int:
    """Return how many pixels around the ends of a skeleton have a say in what they see."""
    far = _far(cell)
    return far + far // 3 + 1


def end_sights(
    skeleton: np.ndarray, road: RoadShare, rows: np.ndarray, columns: np.ndarray, cell: tuple[float, float]
) -> EndSights:
    """Look around from those of some skeleton pixels at which the skeleton ends.

    Args:
        skeleton: bool (height, width). road: of the same size.
        rows, columns: int64 (pixels,), row by row, at least ``sight_pixels`` and one more from the array's border.
    """
    ends = np.flatnonzero(_links(skeleton, rows, columns) <= 1)
    rows, columns = rows[ends], columns[ends]
    view = _towards_the_middle(_look(road, rows, columns, cell), cell)
    view[~road.road[rows + view[:, 0], columns + view[:, 1]]] = 0
    return EndSights(rows, columns, view, _look(road, rows + view[:, 0], columns + view[:, 1], cell))


def _far(cell: tuple[float, float]) -> int:
    return int(np.clip(_FAR_METRES / min(cell), _FEWEST_PIXELS, _MOST_PIXELS))


def _look(road: RoadShare, rows: np.ndarray, columns: np.ndarray, cell: tuple[float, float]) -> np.ndarray:
    """Return how far the road reaches around pixels, float32 (pixels, DIRECTIONS), metres; infinite where no border is near."""
    reach = np.full((len(rows), DIRECTIONS), np.inf, np.float32)
    unit = np.float32(min(cell))
    one, way = (each.ravel().astype(np.int32) for each in np.indices(reach.shape))
    down, right = (directions()[way, axis].astype(np.float32) / np.float32(cell[axis]) for axis in (1, 0))
    row, column = rows[one].astype(np.int32), columns[one].astype(np.int32)
    before = np.ones(len(one), np.float32)
    for step in range(_far(cell)):
        away = np.float32(step) * unit
        share = road.between(row, column, away * down, away * right)
        met = share < 0.5
        part = (before - np.float32(0.5)) / np.maximum(before - share, np.float32(1e-6))
        reach[one[met], way[met]] = np.maximum(away - unit + unit * part, np.float32(0))[met]
        left = np.flatnonzero(~met)
        one, way, row, column, down, right = (each[left] for each in (one, way, row, column, down, right))
        before = share[left]
    return reach


def _towards_the_middle(reach: np.ndarray, cell: tuple[float, float]) -> np.ndarray:
    """Return rows and columns, int64 (ends, 2), to the middle of what lies no further around an end than the road is wide."""
    far = np.float32(_far(cell) * min(cell))
    width = np.sort(np.minimum(reach, far), axis=1)[:, int(_ACROSS * DIRECTIONS)]
    near = np.minimum(reach, width[:, None]).astype(np.float64)
    middle = 2 / 3 * (near[:, :, None] ** 3 * directions()).sum(axis=1) / np.maximum((near**2).sum(axis=1), 1e-12)[:, None]
    most = far / 3
    middle *= np.minimum(1, most / np.maximum(np.hypot(middle[:, 0], middle[:, 1]), 1e-12))[:, None]
    return np.rint(middle[:, ::-1] / cell[::-1]).astype(np.int64)


def _links(skeleton: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Return to how many neighbours pixels are linked, as ``trace_pixels`` links them, int64 (pixels,)."""
    flat, stride = skeleton.ravel(), skeleton.shape[1]
    here = rows * stride + columns
    up, right, down, left = (flat[here + offset] for offset in (-stride, 1, stride, -1))
    count = up.astype(np.int64) + right + down + left
    corners = ((up, left, -stride - 1), (up, right, 1 - stride), (down, left, stride - 1), (down, right, stride + 1))
    for over, beside, offset in corners:
        count += flat[here + offset] & ~over & ~beside
    return np.asarray(count)
