"""The cheapest way between pixels over what the model believed of the ground."""

from __future__ import annotations

import numpy as np
from skimage.graph import MCP_Geometric

#: Cost of a metre is −log(p + 0.02), where road counts no more than what is just road: another road that runs beside a gap shall
#: not lead the way round it. A little more than none where p is 1, so that of two certain ways the shorter is taken.
_FLOOR, _LEAST_COST = 0.02, 0.05


def _costs(evidence: np.ndarray) -> np.ndarray:
    """Return the cost of a metre, float64 of the same shape."""
    return np.asarray(_LEAST_COST - np.log(np.minimum(evidence.astype(np.float64), 1 - _FLOOR) + _FLOOR))


def cost_along(evidence: np.ndarray, way: np.ndarray, cell: tuple[float, float]) -> float:
    """Return the cost of a way from pixel to neighbouring pixel, as ``least_cost`` counts it."""
    costs = _costs(evidence[tuple(way.T)])
    return float(((costs[1:] + costs[:-1]) / 2 * np.hypot(*(np.diff(way, axis=0) * cell[::-1]).T)).sum())


def least_cost(
    evidence: np.ndarray, begin: np.ndarray, goals: np.ndarray, cell: tuple[float, float]
) -> tuple[np.ndarray | None, int, float]:
    """Return the pixels of the cheapest way to one of the goals, which one, and its cost; None if nodata lies between."""
    known = ~np.isnan(evidence)
    costs = np.where(known, _costs(evidence), -1.0)
    # beside a goal is as good: between diagonal neighbours a way could slip through a road
    owner = np.full(evidence.shape, -1)
    if len(goals) > 1:
        for down, right in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            beside = goals + np.array([down, right])
            inside = ((beside >= 0) & (beside < evidence.shape)).all(axis=1)
            owner[tuple(beside[inside].T)] = np.flatnonzero(inside)
    owner[tuple(goals.T)] = np.arange(len(goals))
    ways = MCP_Geometric(costs, sampling=cell[::-1])
    stops = np.column_stack(np.nonzero((owner >= 0) & known))
    if not len(stops) or costs[tuple(begin)] < 0:
        return None, -1, np.inf
    total, _ = ways.find_costs([tuple(begin)], [tuple(stop) for stop in stops], find_all_ends=False)
    reached = total[tuple(stops.T)]
    best = int(np.argmin(reached))
    if not np.isfinite(reached[best]):
        return None, -1, np.inf
    way = np.array(ways.traceback(tuple(stops[best])), np.int64)
    goal = int(owner[tuple(stops[best])])
    if not np.array_equal(way[-1], goals[goal]):
        way = np.vstack([way, goals[goal]])
    return way, goal, float(reached[best])
