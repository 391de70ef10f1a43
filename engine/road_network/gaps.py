"""Closing gaps where there is evidence of a road, and listing the others for a person to look at.

A false connection is worse than a gap: a route over it does not exist. So whatever is in doubt stays open and is listed.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..reporter import Reporter
from .gap_candidates import Candidates, gap_candidates
from .gap_choice import TAKEN, choose, connector_lines, objections, refuse_crossing
from .gap_ends import RoadEnds, road_ends
from .gap_joining import joined
from .gap_listing import Gaps, Refused, left_open, listed, without
from .gap_paths import Crossing, crossings
from .gap_retargeting import retargeted
from .graph import RoadGraph, dissolve
from .probability import RoadRaster
from .ridge_joining import close_along_ridges
from .road_pieces import RoadPieces, road_pieces

#: Where a connector has cut off two roads that face each other, they may meet it instead: once more, and once again.
_ROUNDS = 3
#: Pieces 40 m long on average are no roads with gaps of up to 30 m, but noise; joining them at will would take hours, too.
#: (Measured: road networks have 2 to 15 dead ends a kilometre, thinned noise 50 to 90.)
_MOST_ENDS_PER_KM = 50.0


def close_gaps(
    graph: RoadGraph, raster: RoadRaster, max_gap: float, min_probability: float, reporter: Reporter
) -> tuple[RoadGraph, Gaps]:
    """Close the gaps of a network that the raster speaks for; list those it leaves in doubt.

    Closed gaps become edges of their own, along pixels appended to the skeleton as ``bridged``. Without evidence in the raster
    (classes, a mask) only roads up to 8 m apart that face each other are joined.

    Args:
        max_gap: metres of missing surface, 0 to close none.
        min_probability: mean along the gap from which it is closed.

    Raises:
        EngineError: the raster cannot be read.
        Cancelled: the user asked to stop.
    """
    refused: list[Refused] = []
    nodes: np.ndarray | None = None
    closed, noise = 0, False
    shape = (raster.grid.height, raster.grid.width)
    for _ in range(_ROUNDS if max_gap > 0 else 0):
        ends = road_ends(graph, shape, reporter, nodes)
        noise = nodes is None and _is_noise(graph, ends, reporter)
        if noise:
            break
        pieces = road_pieces(graph)
        candidates = gap_candidates(graph, ends, pieces, max_gap)
        if not len(candidates):
            break
        found = crossings(graph, raster, ends, candidates, max_gap, min_probability, reporter)
        gap = np.array([way.gap for way in found])
        candidates = replace(candidates, gap=gap).part(gap <= max_gap)
        found = [way for way in found if way.gap <= max_gap]
        if not found:
            break
        lines, reasons = _judged(graph, raster, ends, pieces, candidates, found, min_probability)
        added, ways = retargeted(graph, raster, ends, pieces, candidates, found, lines, reasons)
        if ways:
            candidates, found = candidates.and_more(added), [*found, *ways]
            lines, reasons = _judged(graph, raster, ends, pieces, candidates, found, min_probability)
        accepted = choose(ends, candidates, found, lines, reasons, min_probability)
        refused.append(left_open(ends, candidates, found, lines, reasons, ~accepted))
        if not accepted.any():
            break
        closed += int(accepted.sum())
        taken = np.unique(np.concatenate([candidates.end[accepted], candidates.other[accepted]]))
        taken = np.isin(np.arange(len(ends)), taken)
        again = np.zeros(len(ends), bool)
        blocked = reasons == TAKEN
        again[candidates.end[blocked]] = True
        again[candidates.other[blocked & (candidates.other >= 0)]] = True
        nodes = ends.node[again & ~taken]
        closing = [found[one] for one in np.flatnonzero(accepted)]
        graph = dissolve(joined(graph, ends, candidates.part(accepted), closing), reporter)
        if not len(nodes):
            break
        refused[-1] = without(refused[-1], nodes)
    if max_gap > 0 and not noise:
        graph, more = close_along_ridges(graph, raster, max_gap, min_probability, reporter)
        closed += more
    return graph, listed(graph, refused, closed, min_probability, max_gap, raster.has_evidence)


def _judged(
    graph: RoadGraph, raster: RoadRaster, ends: RoadEnds, pieces: RoadPieces, candidates: Candidates, found: list[Crossing],
    min_probability: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the connectors as lines, and why each is not to be closed."""
    reasons = objections(raster, candidates, found, min_probability)
    lines = connector_lines(graph, ends, candidates, found)
    refuse_crossing(graph, ends, pieces, candidates, lines, reasons)
    return lines, reasons


def _is_noise(graph: RoadGraph, ends: RoadEnds, reporter: Reporter) -> bool:
    """Whether the network is crumbs; the user is told."""
    length = float(graph.lengths.sum()) / 1000
    if len(ends) <= _MOST_ENDS_PER_KM * max(1.0, length):
        return False
    reporter.warning(
        f"No gaps were closed: with {len(ends)} dead ends on {length:.0f} km these are crumbs rather than roads with gaps. A "
        "higher threshold, or a model that was trained longer, may help."
    )
    return True
