"""What the network scores have in common: shares of nothing, F1, pairing one to one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_bipartite_matching
from scipy.spatial import cKDTree


@dataclass(frozen=True)
class PrecisionRecall:
    """Share of the roads' things that the reference has too, and share of the reference's things that the roads have."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        return harmonic_mean(self.precision, self.recall)


def harmonic_mean(one: float, other: float) -> float:
    """Return the harmonic mean, 0 if either is not above 0."""
    return 2 * one * other / (one + other) if one > 0 and other > 0 else 0.0


def share(part: float, whole: float, counterpart: float) -> float:
    """Return ``part / whole``; of nothing, 1 if the other network has nothing (``counterpart``) either, and 0 if it has."""
    if whole > 0:
        return part / whole
    return 0.0 if counterpart > 0 else 1.0


def pair_count(one: np.ndarray, other: np.ndarray, distance: float) -> int:
    """Return how many pairs can be made, at most, of points (n, 2) and points (m, 2) within ``distance``, each used once."""
    if not len(one) or not len(other):
        return 0
    near = cKDTree(one).sparse_distance_matrix(cKDTree(other), distance, output_type="ndarray")
    links = csr_matrix((np.ones(len(near), np.int8), (near["i"], near["j"])), shape=(len(one), len(other)))
    return int((maximum_bipartite_matching(links, perm_type="column") >= 0).sum())
