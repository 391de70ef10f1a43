"""One tile of a road raster thinned, and its skeleton pixels measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from ..raster.grid import Window
from ..raster.zhang_suen import thin
from .centre_shift import RoadShare, centre_shift
from .end_sights import EndSights, end_sights, sight_pixels
from .pixel_measures import distance_beside, near_road
from .surface import SurfaceRules, thickest, wide_areas

#: Pixels more than thinning looks at, so that the line is right a little beyond the tile too, where its direction is taken from.
_SPARE = 8
#: Pixels to ask for besides what the rules for the surface look at, before it is known how thick the roads are.
_FIRST_MARGIN = 64
#: What is further than both from the nearest pixel beside it is no road but a car park, an apron or a wrong threshold.
_WIDE_PIXELS, _WIDE_METRES = 128, 40.0


@dataclass(frozen=True)
class SkeletonPixels:
    """The skeleton of a raster, row by row.

    Attributes:
        rows, columns: int64 (pixels,).
        radius: float32 (pixels,), metres from the pixel's centre to that of the nearest pixel that is no road.
        probability: float32 (pixels,), 0–1.
        shift: float32 (pixels, 2), metres right and down from the pixel's centre to the middle of the road.
        seeded: bool (pixels,), whether road above the high threshold is at hand.
        bridged: bool (pixels,), pixels that lie in a closed gap and not in the raster's own skeleton.
        sights: what is seen from those at which the skeleton ends.
    """

    rows: np.ndarray
    columns: np.ndarray
    radius: np.ndarray
    probability: np.ndarray
    shift: np.ndarray
    seeded: np.ndarray
    bridged: np.ndarray
    sights: EndSights

    @classmethod
    def plain(cls, rows: np.ndarray, columns: np.ndarray, radius: np.ndarray, probability: np.ndarray) -> SkeletonPixels:
        """Return pixels in the middle of their roads, all of them seeded and none of them bridged."""
        count = len(rows)
        shift, seeded, bridged = np.zeros((count, 2), np.float32), np.ones(count, bool), np.zeros(count, bool)
        return cls(rows, columns, radius, probability, shift, seeded, bridged, EndSights.none())

    @classmethod
    def none(cls) -> SkeletonPixels:
        """Return no pixels."""
        return cls.plain(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32), np.zeros(0, np.float32))

    @classmethod
    def joined(cls, parts: Sequence[SkeletonPixels]) -> SkeletonPixels:
        """Return the pixels of all parts, one part after the other."""
        names = [each.name for each in fields(cls) if each.name != "sights"]
        every = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
        return cls(**every, sights=EndSights.joined([part.sights for part in parts]))

    def row_by_row(self) -> SkeletonPixels:
        """Return the same pixels in the order of the raster."""
        order = np.lexsort((self.columns, self.rows))
        names = [each.name for each in fields(self) if each.name != "sights"]
        return replace(self, **{name: getattr(self, name)[order] for name in names})


def thin_tile(
    road: np.ndarray, probability: np.ndarray, window: Window, halo: int, cell: tuple[float, float],
    high: float = 0.0, low: float = 0.0, merge: float = 0.0,
) -> tuple[SkeletonPixels | None, int, bool]:
    """Thin one tile read with ``halo`` pixels around it.

    Args:
        road, probability: bool and float32 (window.height + 2 halo, window.width + 2 halo).
        high: probability that a pixel at hand must have for a skeleton pixel to be seeded, 0 for none.
        low: probability from which a pixel is road, 0 if classes and not probabilities decided it.
        merge: gaps between carriageways narrower than this are closed, metres, 0 for none.

    Returns:
        The skeleton inside the window (None if the halo is too small for it), the halo that is needed, and whether something
        too wide for a road was left out.
    """
    rules = SurfaceRules(cell, merge)
    unsure = rules.reach  # so near the border the surface is not known
    if halo < unsure + _SPARE:
        return None, unsure + _FIRST_MARGIN, False
    road = rules.apply(road)[unsure:-unsure, unsure:-unsure]
    probability, halo = probability[unsure:-unsure, unsure:-unsure], halo - unsure
    if not road[_core(window, halo)].any():
        return SkeletonPixels.none(), 0, False
    widest = widest_road(cell)
    thickness = thickest(road, widest)
    # Twice the thickness is what thinning looks at on roads, and hardly more in noise. A wide area beyond the halo can take a
    # bite out of what is seen here, but no deeper than the road is thick where it is bitten: hence three times. Ends of the
    # skeleton look further.
    bitten = min(thickness, widest)
    margin = (3 * thickness if thickness <= widest else 4 * widest) + _SPARE
    around = max(margin, sight_pixels(cell) + bitten + 2)
    if around > halo:
        return None, around + unsure, False
    too_wide = False
    if thickness > widest:
        wide = wide_areas(road, widest)
        road, too_wide = road & ~wide, bool(wide[_core(window, halo)].any())
    spare = halo - around
    near = (slice(spare, road.shape[0] - spare), slice(spare, road.shape[1] - spare))
    part = _measured(road[near], probability[near], window, (margin, around), cell, (high, low))
    return part, around + unsure, too_wide


def _measured(
    road: np.ndarray, probability: np.ndarray, window: Window, margins: tuple[int, int], cell: tuple[float, float],
    thresholds: tuple[float, float],
) -> SkeletonPixels:
    """Thin a tile; give each of its skeleton pixels its global place and what is known of it.

    Args:
        margins: pixels around the tile that thinning needs, and that there are.
    """
    road, probability = np.ascontiguousarray(road), np.ascontiguousarray(probability)
    needed, around = margins
    unused = around - needed
    inside = (slice(unused, road.shape[0] - unused), slice(unused, road.shape[1] - unused))
    skeleton = np.zeros_like(road)
    skeleton[inside] = thin(road[inside])  # with its staircases: a raster turned is then thinned the same, but for a pixel
    places = np.flatnonzero(skeleton[_core(window, around)])
    rows, columns = places // window.width + around, places % window.width + around
    radius = distance_beside(road, rows, columns, cell)
    high, low = thresholds
    share = RoadShare(road, probability, low) if low > 0 else RoadShare(road)
    down, right = window.row - around, window.column - around
    return SkeletonPixels(
        rows.astype(np.int64) + down,
        columns.astype(np.int64) + right,
        radius,
        probability[rows, columns],
        centre_shift(skeleton, share, rows, columns, radius, cell),
        near_road(road & (probability >= np.float32(high)), rows, columns) if high > 0 else np.ones(len(rows), bool),
        np.zeros(len(rows), bool),
        end_sights(skeleton, share, rows, columns, cell).moved(down, right),
    )


def _core(window: Window, margin: int) -> tuple[slice, slice]:
    """Return where a tile lies in an array with ``margin`` pixels around it."""
    return slice(margin, margin + window.height), slice(margin, margin + window.width)


def widest_road(cell: tuple[float, float]) -> int:
    """Largest city-block distance from the middle of a road to what is beside it, pixels."""
    return max(_WIDE_PIXELS, int(_WIDE_METRES / min(cell)))
