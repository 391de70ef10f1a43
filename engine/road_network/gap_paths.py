"""The way across a gap: the least-cost path over what the model believed of the ground between.

The raster is read block by block, each block once and only where gaps are, so memory depends on the block and the longest gap.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from skimage.draw import line as pixel_line

from ..raster.grid import Window
from ..reporter import Reporter
from .gap_candidates import FAN_DEGREES, Candidates, fan_reach
from .gap_ends import RoadEnds
from .graph import RoadGraph
from .least_cost import cost_along, least_cost
from .probability import RoadRaster

#: Side of the blocks in which the raster is read, pixels.
_BLOCK = 256
#: A way across a gap is at most so many times as long as the gap.
MOST_DETOUR = 1.3
#: Half the height of the ellipse of all ways that long, in lengths of the gap: what lies further aside need not be looked at.
_ASIDE = 0.5 * float(np.sqrt(MOST_DETOUR**2 - 1))
DETOUR, NODATA = "detour", "nodata"


@dataclass(frozen=True)
class Crossing:
    """A way across a gap.

    Attributes:
        pixels: int64 (n, 2), rows and columns from the anchor of the end to the other anchor or a pixel of the road met.
        met: index of that pixel in the path of the edge met, -1 at an end.
        probability: float32 (n,), along the pixels.
        gap: metres as the crow flies that are no road yet.
        mean_probability: of the pixels that are no road yet; of all if there are none. low_probability: what nine tenths of
            these pixels reach.
        cost: of the whole way.
        reason: why it is none, empty if it is one.
    """

    pixels: np.ndarray
    met: int
    probability: np.ndarray
    gap: float
    mean_probability: float
    low_probability: float
    cost: float
    reason: str


def crossings(
    graph: RoadGraph, raster: RoadRaster, ends: RoadEnds, candidates: Candidates, max_gap: float, min_probability: float,
    reporter: Reporter,
) -> list[Crossing]:
    """Find the way across every candidate gap, in their order: straight where every pixel has ``min_probability``.

    Raises:
        EngineError: the raster cannot be read.
        Cancelled: the user asked to stop.
    """
    starts = ends.anchor_pixels(graph)
    targets = [_target(graph, ends, starts, candidates, number, max_gap) for number in range(len(candidates))]
    found: list[Crossing | None] = [None] * len(candidates)
    windows = [
        _window(graph, int(starts[end]), pixels, nearest, raster)
        for end, (pixels, nearest, _) in zip(candidates.end.tolist(), targets)
    ]
    done = 0
    for block, members in _blocks(windows):
        evidence = _evidence(raster, block)
        for number in members:
            reporter.check_cancelled()
            window, (pixels, nearest, first) = windows[number], targets[number]
            top, left = window.row - block.row, window.column - block.column
            part = evidence[top : top + window.height, left : left + window.width]
            start = int(starts[candidates.end[number]])
            found[number] = _across(graph, raster, part, window, start, (pixels, nearest, first), min_probability)
        done += len(members)
        reporter.progress(done, len(candidates))
    return [crossing for crossing in found if crossing is not None]


def way_between(graph: RoadGraph, raster: RoadRaster, start: int, end: int, min_probability: float) -> Crossing:
    """Return the way from one pixel of the skeleton to another, straight where every pixel has ``min_probability``."""
    target = np.array([end])
    window = _window(graph, start, target, 0, raster)
    return _across(graph, raster, _evidence(raster, window), window, start, (target, 0, -1), min_probability)


def _target(
    graph: RoadGraph, ends: RoadEnds, starts: np.ndarray, candidates: Candidates, number: int, max_gap: float
) -> tuple[np.ndarray, int, int]:
    """Return the pixels a way may lead to, which of them is the nearest, and the index of the first in its path; -1 at an end."""
    end, other, edge, near = (int(each[number]) for each in (candidates.end, candidates.other, candidates.edge, candidates.near))
    if other >= 0:
        return starts[other : other + 1], 0, -1
    path = graph.paths[edge]
    if near in (0, len(path) - 1):
        return path[near : near + 1], 0, near
    # within the fan, and no further along the road than the gap is wide
    away = float(np.hypot(*(graph.positions(path[near : near + 1])[0] - ends.anchor[end])))
    aside = int(np.ceil(away * np.tan(np.radians(FAN_DEGREES)) / min(graph.cell)))
    first, last = max(1, near - aside), min(len(path) - 1, near + aside + 1)
    along = graph.positions(path[first:last]) - ends.anchor[end]
    length = np.hypot(*along.T)
    ahead = along @ ends.direction[end] >= np.cos(np.radians(FAN_DEGREES + 2)) * length
    ahead &= length <= fan_reach(ends, max_gap)[end]
    ahead[near - first] = True
    low = high = near - first  # only the stretch without a break around the nearest
    while low > 0 and ahead[low - 1]:
        low -= 1
    while high < len(ahead) - 1 and ahead[high + 1]:
        high += 1
    return path[first + low : first + high + 1], near - first - low, first + low


def _window(graph: RoadGraph, start: int, targets: np.ndarray, nearest: int, raster: RoadRaster) -> Window:
    """Return the window, inside the raster, of the targets and all ways to the nearest one that are no detour."""
    pixels = np.concatenate([[start], targets])
    rows, columns = graph.skeleton.rows[pixels], graph.skeleton.columns[pixels]
    places = np.column_stack([columns, rows]) * graph.cell
    along = places[1 + nearest] - places[0]
    # all ways of that length lie in an ellipse with its foci at both ends
    half = np.sqrt((along / 2) ** 2 + (_ASIDE * np.hypot(*along)) ** 2) + 2 * np.array(graph.cell)
    least, most = (places[0] + along / 2 - half) / graph.cell, (places[0] + along / 2 + half) / graph.cell
    left, top = (int(min(np.floor(low), each.min() - 2)) for low, each in zip(least, (columns, rows)))
    right, down = (int(max(np.ceil(high), each.max() + 2)) for high, each in zip(most, (columns, rows)))
    window = Window(top, left, down + 1 - top, right + 1 - left)
    return window.clipped(raster.grid.height, raster.grid.width)


def _blocks(windows: list[Window]) -> Iterator[tuple[Window, list[int]]]:
    """Group windows by the block their corner lies in; return what each group needs, and its members."""
    groups: dict[tuple[int, int], list[int]] = {}
    for number, window in enumerate(windows):
        groups.setdefault((window.row // _BLOCK, window.column // _BLOCK), []).append(number)
    for _, members in sorted(groups.items()):
        those = [windows[number] for number in members]
        top, left = min(window.row for window in those), min(window.column for window in those)
        bottom, right = max(each.row + each.height for each in those), max(each.column + each.width for each in those)
        yield Window(top, left, bottom - top, right - left), members


def _evidence(raster: RoadRaster, window: Window) -> np.ndarray:
    """Return the probability in a window inside the raster, float32, NaN where nothing is known."""
    probability = np.array(raster.probability(window), np.float32)
    _, known = raster.source.read(raster.grid, window, nearest=True)
    probability[~known] = np.nan
    return probability


def _across(
    graph: RoadGraph, raster: RoadRaster, evidence: np.ndarray, window: Window, start: int,
    target: tuple[np.ndarray, int, int], min_probability: float,
) -> Crossing:
    """Return the way from a pixel to one of the target's in a window of evidence."""
    targets, nearest, first = target
    rows, columns = graph.skeleton.rows, graph.skeleton.columns
    corner = np.array([window.row, window.column])
    begin = np.array([rows[start], columns[start]]) - corner
    goals = np.column_stack([rows[targets], columns[targets]]) - corner
    straight = np.column_stack(pixel_line(*begin, *goals[nearest])).astype(np.int64)
    if raster.has_evidence and (evidence[tuple(straight.T)] >= np.float32(min_probability)).all():
        # nothing needs to be looked for, and what noise would have it go about is no road
        way, goal, cost = straight, nearest, cost_along(np.minimum(evidence, np.float32(raster.low)), straight, graph.cell)
    elif raster.has_evidence and not np.array_equal(begin, goals[nearest]):
        found, goal, cost = least_cost(np.minimum(evidence, np.float32(raster.low)), begin, goals, graph.cell)
        way, goal = (straight, nearest) if found is None else (found, goal)
    else:
        way, goal, cost = straight, nearest, float(np.hypot(*((goals[nearest] - begin) * graph.cell[::-1])))
    met = -1 if first < 0 else first + goal
    places = (way * graph.cell[::-1]).astype(np.float64)
    apart = float(np.hypot(*(places[-1] - places[0])))
    # without the staircase of the pixels, which alone is 8 % longer than a line
    length = float(shapely.length(shapely.simplify(shapely.linestrings(places), max(graph.cell)))) if len(way) > 1 else 0.0
    reason = DETOUR if length > MOST_DETOUR * apart + 2 * max(graph.cell) else ""  # a pixel aside at either end is none
    return _crossing(evidence, raster.low, way, corner, met, apart, cost, NODATA if np.isinf(cost) else reason)


def _crossing(
    evidence: np.ndarray, low: float, way: np.ndarray, corner: np.ndarray, met: int, apart: float, cost: float, reason: str
) -> Crossing:
    probability = evidence[tuple(way.T)]
    if np.isnan(probability).any():
        reason, probability = NODATA, np.nan_to_num(probability)
    return measured_way(probability, low, way + corner, met, apart, cost, reason)


def measured_way(
    probability: np.ndarray, low: float, pixels: np.ndarray, met: int, apart: float, cost: float, reason: str
) -> Crossing:
    """Return a way along pixels, ``apart`` metres from end to end; ``low`` is the probability from which a pixel is road."""
    missing = probability[probability < np.float32(low)]
    gap = apart * len(missing) / len(probability)
    missing = missing if len(missing) else probability
    mean, least = float(missing.mean(dtype=np.float64)), float(np.quantile(missing, 0.1))
    return Crossing(pixels, met, probability, gap, mean, least, cost, reason)
