"""The gaps that stay open although a road may lead across, for a person to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import shapely

from .gap_candidates import Candidates
from .gap_ends import RoadEnds
from .gap_paths import Crossing
from .graph import RoadGraph

#: Gaps listed for each end, at most.
_LISTED = 2
#: Less than this share of the wanted probability is no trace of a road.
_TRACE = 0.5


@dataclass(frozen=True)
class Gaps:
    """Gaps that were left open although a road may lead across, the most plausible first.

    Attributes:
        lines: object (gaps,), shapely lines in metric pixel coordinates, straight from where a road ends.
        columns: arrays (gaps,): int64 ``rank`` from 1; float64 ``length_m`` (metres, planar), ``angle_deg`` (the larger turn at
            its ends) and ``mean_probability`` (along the best way across); text ``reason`` why it was left open.
        closed: how many gaps were closed.
    """

    lines: np.ndarray
    columns: dict[str, np.ndarray]
    closed: int

    def __len__(self) -> int:
        return len(self.lines)

    def part(self, wanted: np.ndarray) -> Gaps:
        """Return the gaps that a bool array wants, ranked anew."""
        columns = {name: values[wanted] for name, values in self.columns.items()}
        columns["rank"] = np.arange(1, int(np.count_nonzero(wanted)) + 1, dtype=np.int64)
        return Gaps(self.lines[wanted], columns, self.closed)


@dataclass(frozen=True)
class Refused:
    """Gaps left open by one round; arrays as in ``Gaps``, the node each begins at, and whether two ends face each other there."""

    node: np.ndarray
    tips: np.ndarray
    gap: np.ndarray
    angle: np.ndarray
    probability: np.ndarray
    reason: np.ndarray
    faces: np.ndarray


_NOTHING = Refused(
    np.zeros(0, np.int64), np.zeros((0, 2, 2)), np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0, object), np.zeros(0, bool)
)


def left_open(
    ends: RoadEnds, candidates: Candidates, found: list[Crossing], lines: np.ndarray, reasons: np.ndarray, wanted: np.ndarray
) -> Refused:
    """Return the candidates that a bool array wants, with where they begin and end."""
    final = shapely.get_coordinates(shapely.get_point(lines, -1))
    is_end = candidates.other >= 0
    final[is_end] = ends.tip[candidates.other[is_end]]
    tips = np.stack([ends.tip[candidates.end], final], axis=1)
    mean = np.array([crossing.mean_probability for crossing in found], np.float64)
    columns = (ends.node[candidates.end], tips, candidates.gap, candidates.angle, mean, reasons, is_end & candidates.facing)
    return Refused(*(each[wanted] for each in columns))


def without(refused: Refused, nodes: np.ndarray) -> Refused:
    """Return the gaps that do not begin at these nodes, which the next round looks at again."""
    kept = ~np.isin(refused.node, nodes)
    return Refused(*(getattr(refused, each.name)[kept] for each in fields(Refused)))


def listed(
    graph: RoadGraph, parts: Sequence[Refused], closed: int, min_probability: float, max_gap: float, has_evidence: bool
) -> Gaps:
    """Return the plausible gaps at ends that are still open, the most plausible first."""
    every = Refused(*(np.concatenate([getattr(part, each.name) for part in [_NOTHING, *parts]]) for each in fields(Refused)))
    evidence = every.probability / max(min_probability, 1e-6) if has_evidence else np.ones(len(every.gap))
    straight = np.cos(np.radians(np.minimum(every.angle, 89.0)))
    score = (0.1 + np.minimum(evidence, 2.0)) * straight * np.exp(-every.gap / max(max_gap, 1e-6))
    kept = (graph.degrees[every.node] == 1) & (every.faces | (evidence >= _TRACE))
    order = np.lexsort((*every.tips.reshape(-1, 4).T, -np.round(score, 9)))
    order = order[kept[order]]
    count: dict[int, int] = {}
    chosen = []
    for number in order.tolist():
        node = int(every.node[number])
        count[node] = count.get(node, 0) + 1
        if count[node] <= _LISTED:
            chosen.append(number)
    best = np.array(chosen, np.int64)
    tips = every.tips[best]
    apart = np.hypot(*(tips[:, 1] - tips[:, 0]).T)
    lines = np.asarray(shapely.linestrings(tips), dtype=object).reshape(len(best))
    gaps = Gaps(
        lines,
        {
            "rank": np.arange(1, len(best) + 1, dtype=np.int64), "length_m": apart, "angle_deg": every.angle[best],
            "mean_probability": every.probability[best], "reason": every.reason[best],
        },
        closed,
    )  # fmt: skip
    return gaps.part(apart > 0)
