"""Which gaps are closed: what speaks against each, and which of those that contradict each other are the better ones."""

from __future__ import annotations

import numpy as np
import shapely

from .gap_candidates import Candidates
from .gap_ends import RoadEnds
from .gap_paths import Crossing
from .graph import RoadGraph
from .probability import RoadRaster
from .road_pieces import RoadPieces

#: Ends this near to each other, metres, need not face each other exactly; without evidence no others are joined.
_NEAR_METRES = 8.0

ANGLE, LOW, NO_EVIDENCE, CROSSES, TAKEN = "angle", "low probability", "no evidence", "crosses a road", "taken by a better one"


def objections(raster: RoadRaster, candidates: Candidates, found: list[Crossing], min_probability: float) -> np.ndarray:
    """Return why each candidate is not to be closed, text (n,), empty where nothing speaks against it."""
    reasons = np.array([crossing.reason for crossing in found], dtype=object)
    mean = np.array([crossing.mean_probability for crossing in found])
    if raster.has_evidence:
        # an unbroken trace says more than the angle: roads may bend where they are not seen
        unbroken = are_unbroken(found, min_probability)
        near = (candidates.other >= 0) & (candidates.gap <= _NEAR_METRES)
        checks = ((ANGLE, ~candidates.facing & ~near & ~unbroken), (LOW, mean < min_probability))
    else:
        sure = (candidates.other >= 0) & (candidates.gap <= _NEAR_METRES)
        checks = ((NO_EVIDENCE, ~sure), (ANGLE, ~candidates.facing))
    for reason, holds in checks:
        reasons[(reasons == "") & holds] = reason
    return reasons


def are_unbroken(found: list[Crossing], min_probability: float) -> np.ndarray:
    """Return which ways follow a trace of a road from end to end, bool (n,)."""
    return np.array([crossing.low_probability for crossing in found]) >= min_probability


def connector_lines(graph: RoadGraph, ends: RoadEnds, candidates: Candidates, found: list[Crossing]) -> np.ndarray:
    """Return the connectors as shapely lines in metric pixel coordinates, from road centre to road centre."""
    size = np.array([len(crossing.pixels) for crossing in found])
    rows, columns = np.concatenate([crossing.pixels for crossing in found]).T
    places = np.column_stack([(columns + 0.5) * graph.cell[0], (rows + 0.5) * graph.cell[1]])
    start = np.cumsum(size) - size
    places[start] = ends.anchor[candidates.end]
    last = start + size - 1
    is_end = candidates.other >= 0
    places[last[is_end]] = ends.anchor[candidates.other[is_end]]
    met = [graph.paths[edge][one.met] for edge, one in zip(candidates.edge.tolist(), found) if one.met >= 0]
    places[last[~is_end]] = graph.positions(np.array(met, np.int64))
    number = np.repeat(np.arange(len(size)), size)
    lone = start[size == 1]  # a line needs two points
    places, number = np.insert(places, lone, places[lone], axis=0), np.insert(number, lone, number[lone])
    return np.asarray(shapely.linestrings(places, indices=number))


def refuse_crossing(
    graph: RoadGraph, ends: RoadEnds, pieces: RoadPieces, candidates: Candidates, lines: np.ndarray, reasons: np.ndarray
) -> None:
    """Note which connectors touch a road elsewhere than where they begin and end."""
    line, piece = pieces.tree.query(lines, predicate="intersects")
    shared = shapely.intersection(lines[line], pieces.lines[piece])
    places, pair = shapely.get_coordinates(shared, return_index=True)
    line, piece = line[pair], piece[pair]
    slack = 2.0 * float(np.hypot(*graph.cell))
    end, other = candidates.end[line], candidates.other[line]
    tail = np.hypot(*(ends.tip - ends.anchor).T) + slack

    def about(place: np.ndarray, within: np.ndarray) -> np.ndarray:
        return np.asarray(np.hypot(*(places - place).T) <= within)

    allowed = (pieces.edge[piece] == ends.edge[end]) & about(ends.anchor[end], tail[end])
    allowed |= (other >= 0) & (pieces.edge[piece] == ends.edge[other]) & about(ends.anchor[other], tail[other])
    final = shapely.get_coordinates(shapely.get_point(lines, -1))
    allowed |= (other < 0) & about(final[line], np.full(len(line), slack))
    bad = np.unique(line[~allowed])
    reasons[bad[reasons[bad] == ""]] = CROSSES


def choose(
    ends: RoadEnds, candidates: Candidates, found: list[Crossing], lines: np.ndarray, reasons: np.ndarray, min_probability: float
) -> np.ndarray:
    """Choose the connectors, those along unbroken traces and then the cheapest first, one at every end and none across another.

    bool (n,).

    The others that nothing else spoke against are noted as taken.
    """
    cost = np.round([crossing.cost for crossing in found], 6)
    final = shapely.get_coordinates(shapely.get_point(lines, -1))
    begin = ends.tip[candidates.end]
    open_ones = np.flatnonzero(reasons == "")
    # a trace that ends half-way across may be that of a road which bends. Then roads that face each other come first: an erased
    # crossing would become two bends, which are shorter than straight on
    unbroken = are_unbroken(found, min_probability)
    keys = (*final[open_ones].T, *begin[open_ones].T, cost[open_ones], ~candidates.facing[open_ones], ~unbroken[open_ones])
    order = open_ones[np.lexsort(keys)]
    rivals: dict[int, list[int]] = {}
    one, two = shapely.STRtree(lines[open_ones]).query(lines[open_ones], predicate="intersects")
    for first, second in zip(open_ones[one].tolist(), open_ones[two].tolist()):
        if first != second and not _meet_at_target(lines[first], lines[second], candidates, first, second):
            rivals.setdefault(first, []).append(second)
    accepted, taken = np.zeros(len(candidates), bool), np.zeros(len(ends) + 1, bool)  # the last for -1
    for number in order.tolist():
        those = [int(candidates.end[number]), int(candidates.other[number])]
        taken[-1] = False
        if taken[those].any() or accepted[rivals.get(number, [])].any():
            reasons[number] = TAKEN
            continue
        accepted[number] = True
        taken[those] = True
    return accepted


def _meet_at_target(one: shapely.LineString, two: shapely.LineString, candidates: Candidates, first: int, second: int) -> bool:
    """Whether two connectors into the same road touch nowhere but at the very pixel where both meet it."""
    if candidates.edge[first] < 0 or candidates.edge[first] != candidates.edge[second]:
        return False
    return bool(shapely.equals(shapely.intersection(one, two), shapely.get_point(one, -1)))
