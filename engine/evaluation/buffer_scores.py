"""Buffer scores (Heipke, Mayer, Wiedemann, Jamet 1997): how much of each network lies near the other?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from ..reporter import Reporter
from .nearness import near_stretches, segments_of
from .network_layers import NetworkPair, RoadLines
from .polylines import cut_at_vertices, insert_vertices, points_on, vertices
from .scores import share

#: Most places at which the offset of the roads is measured, and the least distance between them, metres.
_MOST_OFFSETS, _OFFSET_SPACING = 200_000, 1.0
#: Shorter pieces (metres) are rounding.
_TINY = 1e-6


@dataclass(frozen=True)
class Pieces:
    """Parts of a layer's lines: object (p,) LineStrings in the local system, int64 (p,) features, float64 (p,) true metres."""

    lines: np.ndarray
    ids: np.ndarray
    lengths: np.ndarray

    @property
    def total(self) -> float:
        """Length of all, metres."""
        return float(self.lengths.sum())


@dataclass(frozen=True)
class BufferScores:
    """The scores and the pieces they are made of. The layers count as drawn: a road drawn twice is there twice.

    Attributes:
        completeness: share of the reference's length within the buffer of the roads.
        correctness: share of the roads' length within the buffer of the reference.
        quality: matched length of the roads over their whole length and that of the missed reference.
        redundancy: how much more of the roads matched than of the reference, as a share of the former; 0 if nothing matched.
            Below 0 where the roads cut corners.
        rms_offset: root mean square distance of the matched roads from the reference, metres; None if nothing matched.
        gaps_per_km: connected stretches of missed reference, for each kilometre of it; None without a reference.
        mean_gap: their mean length, metres; 0 if there are none, None without a reference.
        matched, extra: parts of the roads. found, missed: parts of the reference.

    Of shares with nothing to divide by: 1 if both layers are empty, 0 if one is.
    """

    completeness: float
    correctness: float
    quality: float
    redundancy: float
    rms_offset: float | None
    gaps_per_km: float | None
    mean_gap: float | None
    matched: Pieces
    extra: Pieces
    found: Pieces
    missed: Pieces


def buffer_scores(pair: NetworkPair, distance: float, reporter: Reporter) -> BufferScores:
    """Match the lines of both layers within ``distance`` metres."""
    matched, extra = _divided(pair.roads, pair.reference, distance, pair, reporter)
    reporter.progress(1, 3)
    found, missed = _divided(pair.reference, pair.roads, distance, pair, reporter)
    reporter.progress(2, 3)
    roads, reference = matched.total + extra.total, found.total + missed.total
    gaps = _group_count(missed.lines)
    return BufferScores(
        completeness=share(found.total, reference, roads),
        correctness=share(matched.total, roads, reference),
        quality=share(matched.total, roads + missed.total, reference),
        redundancy=(matched.total - found.total) / matched.total if matched.total else 0.0,
        rms_offset=_rms_offset(matched.lines, pair.reference.lines),
        gaps_per_km=gaps / (reference / 1000) if reference else None,
        mean_gap=(missed.total / gaps if gaps else 0.0) if reference else None,
        matched=matched, extra=extra, found=found, missed=missed,
    )


def _divided(
    layer: RoadLines, other: RoadLines, distance: float, pair: NetworkPair, reporter: Reporter
) -> tuple[Pieces, Pieces]:
    """Return the parts of a layer within ``distance`` of the other, and the rest."""
    line, begin, end = near_stretches(layer.lines, other.lines, distance, reporter)
    kept = end - begin > _TINY
    line, begin, end = line[kept], begin[kept], end[kept]
    length = shapely.length(layer.lines)
    at_line, along = np.concatenate([line, line]), np.concatenate([begin, end])
    inner = (along > _TINY) & (along < length[at_line] - _TINY)
    at_line, along = at_line[inner], along[inner]
    lines, is_new = insert_vertices(layer.lines, at_line, along, points_on(layer.lines[at_line], along))
    pieces, parent = cut_at_vertices(lines, is_new)
    # of a line's pieces every second one is near; the first is if a stretch begins with the line
    starts_near = np.zeros(len(layer), bool)
    starts_near[line[begin <= _TINY]] = True
    first = np.searchsorted(parent, np.arange(len(layer)))
    is_near = starts_near[parent] ^ ((np.arange(len(parent)) - first[parent]) % 2 == 1)
    lengths = pair.lengths(pieces)
    ids = layer.ids[parent]
    return Pieces(pieces[is_near], ids[is_near], lengths[is_near]), Pieces(pieces[~is_near], ids[~is_near], lengths[~is_near])


def _rms_offset(lines: np.ndarray, reference: np.ndarray) -> float | None:
    """Return the root mean square distance of lines from others, metres, measured at places spread evenly along them."""
    if not len(lines) or not len(reference):
        return None
    xy, line, along = vertices(lines)
    length = shapely.length(lines)
    along += (np.cumsum(length) - length)[line]  # all lines one behind the other
    total = float(length.sum())
    count = max(1, int(min(total / _OFFSET_SPACING, _MOST_OFFSETS)))
    at = (np.arange(count) + 0.5) * (total / count)
    points = shapely.points(np.interp(at, along, xy[:, 0]), np.interp(at, along, xy[:, 1]))
    tree = shapely.STRtree(shapely.linestrings(segments_of(reference)))  # long lines would make slow neighbours
    offsets = tree.query_nearest(points, all_matches=False, return_distance=True)[1]
    return float(np.sqrt(np.mean(offsets**2)))


def _group_count(lines: np.ndarray) -> int:
    """Return how many groups of lines there are that do not touch each other."""
    if not len(lines):
        return 0
    links = shapely.STRtree(lines).query(lines, predicate="dwithin", distance=_TINY)
    graph = coo_matrix((np.ones(links.shape[1], bool), links), shape=(len(lines), len(lines)))
    return int(connected_components(graph, directed=False)[0])
