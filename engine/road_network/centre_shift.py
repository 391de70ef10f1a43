"""How far the middle of the road lies beside its skeleton pixel.

Thinning leaves whole pixels, and of a road an even number of pixels wide always those on the same side of its middle. So at
every pixel the road is measured across: both its borders are found between pixels, and the middle is half-way between them.
Where the raster holds probabilities, these tell where between two pixels a border lies.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: Skeleton pixels this far around, in rows and columns, tell the direction of the line.
REACH = 4
#: So much thicker than long may they lie, as a share of variances; more is a junction, a bend or another line beside it.
_THICKEST = 0.06
#: With fewer pixels there is no direction.
_FEWEST = 4
#: The borders are looked for from so many pixels before the nearest one to so many behind it, in steps of so many.
_BEFORE, _BEHIND, _STEP = 1.5, 2.5, 1.0
#: Thinning hardly errs by more than a pixel; whatever makes it more than this is no border of this road.
_FURTHEST = 1.3
#: So far above and below the threshold a probability says something about the place of the border: what lies beyond is noise on
#: the road and on the ground. (0.2 to 0.4 in all served equally on drawn roads with and without noise, 0.8 less.)
_BORDER = 0.1


@dataclass(frozen=True)
class RoadShare:
    """How much of a pixel is road, 0 to 1, to be interpolated between pixels.

    Attributes:
        road: bool (height, width).
        probability: float32 (height, width), or None where it says no more than the mask.
        level: probability from which a pixel was taken as road.
    """

    road: np.ndarray
    probability: np.ndarray | None = None
    level: float = 0.0

    def at(self, places: np.ndarray) -> np.ndarray:
        """Return the share, float32, of pixels given by their index in the flattened mask."""
        road = self.road.ravel()[places]
        if self.probability is None:
            return road.astype(np.float32)
        above = self.probability.ravel()[places] - np.float32(self.level)
        share = np.clip(above * np.float32(0.5 / _BORDER) + np.float32(0.5), 0, 1)
        return np.where(road == (above >= 0), share, road.astype(np.float32))  # elsewhere a hole was filled or a speck dropped

    def between(self, rows: np.ndarray, columns: np.ndarray, down: np.ndarray, right: np.ndarray) -> np.ndarray:
        """Interpolate, float32, so many pixels down and right of pixels; what is beyond the border means nothing.

        Whole pixels and fractions are kept apart: added up, their last digits would depend on where the tile begins.
        """
        whole_down, whole_right = np.floor(down), np.floor(right)
        down, right = down - whole_down, right - whole_right
        height, width = self.road.shape
        rows, columns = rows + whole_down.astype(np.int32), columns + whole_right.astype(np.int32)
        corner = np.clip(rows, 0, height - 2) * width + np.clip(columns, 0, width - 2)
        upper = self.at(corner) * (1 - right) + self.at(corner + 1) * right
        corner += width
        lower = self.at(corner) * (1 - right) + self.at(corner + 1) * right
        return np.asarray(upper * (1 - down) + lower * down)


def centre_shift(
    skeleton: np.ndarray, road: RoadShare, rows: np.ndarray, columns: np.ndarray, radius: np.ndarray, cell: tuple[float, float]
) -> np.ndarray:
    """Return the way from skeleton pixels to the middle of the road, float32 (pixels, 2), metres right and down.

    Zero where the road has no direction or no border on one side: at junctions, on squares.

    Args:
        skeleton: bool (height, width). road: of the same size.
        rows, columns: int64 (pixels,), at least ``REACH`` from the array's border.
        radius: float32 (pixels,), metres to the centre of the nearest pixel beside the road.
    """
    rows, columns = rows.astype(np.int32), columns.astype(np.int32)  # half the memory to go through
    along, clear = _directions(skeleton, rows, columns, cell)
    shift = np.zeros((len(rows), 2), np.float32)
    found = np.flatnonzero(clear)
    normal = np.column_stack([-along[found, 1], along[found, 0]]).astype(np.float32)
    unit = np.float32(min(cell))
    # a border half a pixel before the first empty pixel's centre
    nearest = np.maximum(radius[found] - np.float32(0.5 + _BEFORE) * unit, np.float32(0))
    steps = np.arange(int((_BEFORE + _BEHIND) / _STEP) + 1, dtype=np.float32) * np.float32(_STEP) * unit
    reached = []
    for sign in (1.0, -1.0):
        away = nearest[:, None] + steps
        down, right = away * normal[:, 1:] * np.float32(sign / cell[1]), away * normal[:, :1] * np.float32(sign / cell[0])
        share = road.between(rows[found, None], columns[found, None], down, right)
        border = nearest + np.float32(_STEP) * unit * (share.sum(axis=1) - (share[:, 0] + share[:, -1]) / 2)
        reached.append(np.where((share[:, 0] >= 0.5) & (share[:, -1] < 0.5), border, np.nan))
    across = (reached[0] - reached[1]) / 2
    good = np.abs(across) <= _FURTHEST * unit  # not where a border is unknown, either
    shift[found[good]] = across[good, None] * normal[good]
    return shift


def _directions(
    skeleton: np.ndarray, rows: np.ndarray, columns: np.ndarray, cell: tuple[float, float]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the direction of the line at pixels, float64 (pixels, 2) as right and down in metres, and where it has one."""
    offset = np.arange(-REACH, REACH + 1)
    down, right = (each.ravel() for each in np.meshgrid(offset, offset, indexing="ij"))
    there = skeleton.ravel()[(rows * skeleton.shape[1] + columns)[:, None] + (down * skeleton.shape[1] + right).astype(np.int32)]
    moments = np.column_stack([np.ones_like(down), right, down, right * right, down * down, right * down])
    # small whole numbers, so floating point adds them up exactly
    count, right, down, xx, yy, xy = (there.astype(np.float32) @ moments.astype(np.float32)).astype(np.float64).T
    number = np.maximum(count, 1)
    xx = (xx - right**2 / number) * (cell[0] ** 2)
    yy = (yy - down**2 / number) * (cell[1] ** 2)
    xy = (xy - right * down / number) * (cell[0] * cell[1])
    half, difference = (xx + yy) / 2, (xx - yy) / 2
    spread = np.sqrt(difference**2 + xy**2)
    # by half angles: square roots, unlike sines, are the same to the last digit on every machine
    share = difference / np.maximum(spread, 1e-12)
    cosine, sine = np.sqrt((1 + share) / 2), np.copysign(np.sqrt((1 - share) / 2), xy)
    clear = (count >= _FEWEST) & (half - spread < _THICKEST * (half + spread))
    return np.column_stack([cosine, sine]), clear
