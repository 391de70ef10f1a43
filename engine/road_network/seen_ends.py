"""Where roads end, from what the ends of the skeleton saw around them, now that it is known which way the roads were going."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .arms import Arms, pixel_of
from .end_sights import directions
from .graph import RoadGraph

#: Where the surface ends is the mean over so much of the road's width, along so many lines.
_ENDS = np.linspace(-0.5, 0.5, 7)
#: Its middle is the mean of that between its borders so many half widths before the end: round ends are no narrower there yet.
_MIDDLES = np.linspace(1.2, 2.4, 5)
#: Borders further apart than so many half widths, or nearer to each other, are those of something else; give or take a pixel.
_WIDEST, _NARROWEST = 2.6, 1.4
#: Half widths over which at least the line is drawn out from one middle to the next.
_LEVER = 2.0


@dataclass(frozen=True)
class SeenEnds:
    """Where the roads of arms at dead ends end, as it is seen from there.

    Attributes:
        end: float64 (arms,), how far beyond the node the surface ends, metres; NaN where no end is in sight.
        middle: float64 (arms,), how far beyond the node the road was looked at across. aside: float64 (arms,), how far beside
            the arm's line the middle of the road lies there. slope: float64 (arms,), and how much it does so more and more. 0 for
            both where the borders are not in sight.
        plain: bool (arms,), whether up to there the road is as wide as before.
    """

    end: np.ndarray
    middle: np.ndarray
    aside: np.ndarray
    slope: np.ndarray
    plain: np.ndarray


def seen_ends(graph: RoadGraph, arms: Arms) -> SeenEnds:
    """Find out where the roads of arms at dead ends end."""
    border = _borders(graph, arms)
    first = _seen(graph, arms, border, np.zeros(len(arms.ends)))
    # once more around where the middle of the road was found
    return _seen(graph, arms, border, first.aside + first.slope * (np.nan_to_num(first.end) - first.middle))


def _seen(graph: RoadGraph, arms: Arms, border: tuple[np.ndarray, np.ndarray, np.ndarray], beside: np.ndarray) -> SeenEnds:
    """Return the ends as they are seen around places so far beside the arm's line, float64 (arms,), metres."""
    along, aside, hidden = border
    ends = np.stack([_met(aside, along, hidden, beside + share * arms.radius).max(axis=1, initial=-np.inf) for share in _ENDS])
    known = np.isfinite(ends).all(axis=0)
    end = np.where(known, np.where(known, ends, 0.0).sum(axis=0) / len(_ENDS), np.nan)
    middles, widths = np.zeros((2, len(_MIDDLES), len(end)))
    for number, share in enumerate(_MIDDLES):
        borders = _met(along, aside, hidden, end - share * arms.radius)
        # on either side of the line the nearest border
        left = np.where(borders < beside[:, None], borders, -np.inf).max(axis=1)
        right = np.where(borders >= beside[:, None], borders, np.inf).min(axis=1)
        both = np.isfinite(left) & np.isfinite(right)
        middles[number, both], widths[number, both] = (left[both] + right[both]) / 2, (right - left)[both]
    slack = pixel_of(graph)
    alike = (widths > _NARROWEST * arms.radius - slack) & (widths < _WIDEST * arms.radius + slack) & (widths > 0)
    plain = np.asarray(alike.all(axis=0))
    middle = np.where(plain, end - _MIDDLES.mean() * arms.radius, 0.0)
    found = np.where(plain, middles.sum(axis=0) / len(_MIDDLES), 0.0)
    # on the line from the middle of the fit, if that is not too near to tell
    way = middle + (arms.centres * arms.directions).sum(axis=1)
    return SeenEnds(end, middle, found, found / np.maximum(way, _LEVER * arms.radius), plain)


def across(arms: Arms) -> np.ndarray:
    """Return the unit vectors across arms, float64 (arms, 2)."""
    return np.column_stack([-arms.directions[:, 1], arms.directions[:, 0]])


def _borders(graph: RoadGraph, arms: Arms) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the border of the road seen from each end as a polygon, float64 (arms, directions).

    Along the arm's line beyond the node, and beside that line; and which of its sides are not in sight, bool.
    """
    pixels, skeleton = graph.node_pixels[arms.nodes], graph.skeleton
    rows, columns = skeleton.rows[pixels], skeleton.columns[pixels]
    reach, view = skeleton.sights.of(rows, columns)
    unseen = ~np.isfinite(reach)
    places = (np.column_stack([columns, rows]) + view[:, ::-1] + 0.5) * graph.cell - graph.node_places[arms.nodes]
    border = np.where(unseen, 0.0, reach)[:, :, None] * directions() + places[:, None]
    along = -(border * arms.directions[:, None]).sum(axis=2)
    aside = ((border - arms.centres[:, None]) * across(arms)[:, None]).sum(axis=2)
    return along, aside, unseen | np.roll(unseen, -1, axis=1)


def _met(position: np.ndarray, value: np.ndarray, hidden: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return the values at which polygons have a position, float64 (arms, directions); minus infinity for sides that have not."""
    one, two = position - at[:, None], np.roll(position, -1, axis=1) - at[:, None]
    met = ((one < 0) != (two < 0)) & ~hidden & np.isfinite(at)[:, None]
    part = one / np.where(met, one - two, 1.0)
    return np.where(met, value + part * (np.roll(value, -1, axis=1) - value), -np.inf)
