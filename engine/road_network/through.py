"""Roads that go on across a junction: which two arms are one road, and the arc that they follow."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, fields

import numpy as np

from .arms import PIXEL_ERROR, Arms, by_degree

#: Two arms that turn by more than this are no road that goes on. Around a small roundabout it is nearly that much.
_MOST_TURN = np.cos(np.radians(120.0))
_BENT_ARMS = 6
#: Two arms that turn by less are one road whatever else is there.
_LITTLE_TURN = np.cos(np.radians(30.0))
#: How much worse than two lines one arc may fit and still be one road, as a factor and in pixels.
_ARC_FACTOR, _ARC_PIXELS = 1.2, 0.1
#: Share of the error of two lines at which an arc is beyond doubt.
_FAR_BETTER = 0.7
#: Curvatures that roads have at junctions, 1/m (half the inverse radius).
_CURVATURE = 0.03


@dataclass(frozen=True)
class Through:
    """Arms that go on in each other, as one arc y = a + b x + c (x² + y²) in a frame along them.

    Attributes:
        arms: int64 (pairs, 2). along: float64 (pairs, 2), unit vectors of x; y is x turned by 90°.
        coefficients: float64 (pairs, 3), a, b, c. errors: float64 (pairs,), metres.
    """

    arms: np.ndarray
    along: np.ndarray
    coefficients: np.ndarray
    errors: np.ndarray

    def part(self, wanted: np.ndarray) -> Through:
        """Return some of the pairs."""
        return Through(*(getattr(self, field.name)[wanted] for field in fields(self)))

    def tangents(self, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the point of every arc beside ``at`` (pairs, 2), and its direction there."""
        e, (a, b, c) = self.along, self.coefficients.T
        x = (at * e).sum(axis=1)
        y = a + b * x + c * x * x
        for _ in range(4):
            y = a + b * x + c * (x * x + y * y)
        slope = (b + 2 * c * x) / np.maximum(1 - 2 * c * y, 0.2)
        turned = np.column_stack([-e[:, 1], e[:, 0]])
        tangent = e + slope[:, None] * turned
        return x[:, None] * e + y[:, None] * turned, tangent / np.hypot(*tangent.T)[:, None]


def through_roads(arms: Arms, pixel: float) -> Through:
    """Find the arms that go on in each other, and fit an arc to each pair: the straight ones first, then those on bends."""
    straight = _arcs(arms, _straight_pairs(arms), pixel)
    apart = np.sqrt((arms.errors[straight.arms] ** 2).mean(axis=1))
    straight = straight.part(straight.errors <= _ARC_FACTOR * apart + _ARC_PIXELS * pixel)
    left = arms.fitted.copy()
    left[straight.arms] = False
    bent = _arcs(arms, _bent_pairs(arms, np.flatnonzero(left)), pixel)
    apart = np.sqrt((arms.errors[bent.arms] ** 2).mean(axis=1))
    # two sides of a fork are no bent road: there the arc fits worse than two lines, or at least passes the node by, while on a
    # roundabout it fits far better and the lines meet far outside
    by_the_node = np.abs(bent.coefficients[:, 0]) < _corner_distances(arms, bent.arms)
    bent = bent.part(bent.errors <= np.where(by_the_node, 1.0, _FAR_BETTER) * apart)
    taken, best = np.zeros(len(arms.ends), bool), np.zeros(len(bent.arms), bool)
    for pair in np.argsort(bent.errors, kind="stable").tolist():
        if not taken[bent.arms[pair]].any():
            taken[bent.arms[pair]] = best[pair] = True
    bent = bent.part(best)
    return Through(*(np.concatenate([getattr(each, field.name) for each in (straight, bent)]) for field in fields(Through)))


def _straight_pairs(arms: Arms) -> np.ndarray:
    """Return pairs of arms that go nearly straight on in each other, straightest first, each arm in one pair at most."""
    pairs = [np.zeros((0, 2), np.int64)]
    for group in by_degree(arms.nodes):
        count, degree = group.shape
        direction, known = arms.directions[group], arms.fitted[group]
        straight = -np.einsum("nid,njd->nij", direction, direction)
        straight[~known[:, :, None] | ~known[:, None, :] | np.eye(degree, dtype=bool)] = -2.0
        rows = np.arange(count)
        for _ in range(degree // 2):
            one, other = np.divmod(straight.reshape(count, -1).argmax(axis=1), degree)
            wanted = straight[rows, one, other] > _LITTLE_TURN
            if not wanted.any():
                break
            pairs.append(np.column_stack([group[rows, one], group[rows, other]])[wanted])
            for arm in (one, other):
                straight[rows, arm, :] = straight[rows, :, arm] = -2.0
    return np.concatenate(pairs)


def _bent_pairs(arms: Arms, left: np.ndarray) -> np.ndarray:
    """Return all pairs of some arms of the same node that do not turn back, int64 (pairs, 2)."""
    pairs = [np.zeros((0, 2), np.int64)]
    for group in by_degree(arms.nodes[left]):
        if 2 <= group.shape[1] <= _BENT_ARMS:
            pairs += [left[group[:, chosen]] for chosen in itertools.combinations(range(group.shape[1]), 2)]
    every = np.concatenate([pair.reshape(-1, 2) for pair in pairs])
    turn = -(arms.directions[every[:, 0]] * arms.directions[every[:, 1]]).sum(axis=1)
    return every[turn > _MOST_TURN]


def _corner_distances(arms: Arms, pairs: np.ndarray) -> np.ndarray:
    """Return how far from the node the lines of pairs of arms meet, float64 (pairs,), metres."""
    (p, q), (u, v) = arms.centres[pairs].transpose(1, 0, 2), arms.directions[pairs].transpose(1, 0, 2)
    between = q - p
    cross = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
    cross = np.where(np.abs(cross) < 1e-6, 1e-6, cross)
    share = (between[:, 0] * v[:, 1] - between[:, 1] * v[:, 0]) / cross
    return np.asarray(np.hypot(*(p + share[:, None] * u).T))


def _arcs(arms: Arms, pairs: np.ndarray, pixel: float) -> Through:
    """Fit an arc to every pair of arms."""
    along = arms.directions[pairs[:, 1]] - arms.directions[pairs[:, 0]]
    along /= np.maximum(np.hypot(*along.T), 1e-12)[:, None]
    # the points of an arm are in a row
    first = np.searchsorted(arms.owner, pairs.ravel())
    size = np.searchsorted(arms.owner, pairs.ravel(), "right") - first
    index = np.repeat(first - np.cumsum(size) + size, size) + np.arange(int(size.sum()))
    owner, points, weights = np.repeat(np.arange(pairs.size) // 2, size), arms.points[index], arms.weights[index]
    x = (points * along[owner]).sum(axis=1)
    y = points[:, 1] * along[owner, 0] - points[:, 0] * along[owner, 1]
    terms = (np.ones_like(x), x, x * x + y * y)
    matrix = np.empty((len(pairs), 3, 3))
    right = np.empty((len(pairs), 3))
    for row, one in enumerate(terms):
        right[:, row] = np.bincount(owner, weights * one * y, len(pairs))
        for column, other in enumerate(terms):
            matrix[:, row, column] = np.bincount(owner, weights * one * other, len(pairs))
    matrix[:, 2, 2] += (PIXEL_ERROR * pixel / _CURVATURE) ** 2
    matrix += 1e-9 * np.eye(3)
    coefficients = np.linalg.solve(matrix, right[:, :, None])[:, :, 0]
    residual = y - sum(coefficients[owner, term] * values for term, values in enumerate(terms))
    total = np.bincount(owner, weights, len(pairs))
    errors = np.sqrt(np.bincount(owner, weights * residual**2, len(pairs)) / np.maximum(total, 1e-12))
    return Through(pairs, along, coefficients, errors)
