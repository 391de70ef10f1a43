"""Running statistics that can be stored, resumed and merged: what ``esri_accumulated_stats.json`` is made of."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class BandStatistics:
    """Figures of one band over all valid pixels, in source units."""

    minimum: float
    maximum: float
    mean: float
    std: float


class BandAccumulator:
    """Mean and population standard deviation of a band, gathered chip by chip (Chan, Golub and LeVeque 1979).

    The stored form is ArcGIS's ``BandStatsState``: M1 is the mean, M2 the sum of squared deviations, Num the pixel count.
    """

    def __init__(self, state: Mapping[str, float] | None = None) -> None:
        state = state or {}
        self.count = int(state.get("Num", 0))
        self.mean = float(state.get("M1", 0.0))
        self.squares = float(state.get("M2", 0.0))
        self.minimum = float(state.get("Min", math.inf)) if self.count else math.inf
        self.maximum = float(state.get("Max", -math.inf)) if self.count else -math.inf

    def add(self, values: np.ndarray) -> None:
        """Take in pixel values of any shape and dtype."""
        if values.size == 0:
            return
        if values.dtype.kind in "iub" and values.dtype.itemsize <= 2:
            self.merge(_of_integers(values))
            return
        values = values.astype(np.float64, copy=False)
        other = BandAccumulator()
        other.count, other.mean = int(values.size), float(values.mean())
        other.squares = float(np.square(values - other.mean).sum())
        other.minimum, other.maximum = float(values.min()), float(values.max())
        self.merge(other)

    def merge(self, other: BandAccumulator) -> None:
        """Take in what another accumulator has gathered. The order of merging shows in the last digits only."""
        if not other.count:
            return
        total, delta = self.count + other.count, other.mean - self.mean
        self.squares += other.squares + delta * delta * self.count * other.count / total
        self.mean += delta * other.count / total
        self.count = total
        self.minimum, self.maximum = min(self.minimum, other.minimum), max(self.maximum, other.maximum)

    @property
    def statistics(self) -> BandStatistics:
        """The figures so far; all 0 before the first value."""
        if not self.count:
            return BandStatistics(0.0, 0.0, 0.0, 0.0)
        return BandStatistics(self.minimum, self.maximum, self.mean, math.sqrt(max(0.0, self.squares) / self.count))

    def state(self) -> dict[str, float]:
        """Return ArcGIS's ``BandStatsState`` record."""
        figures = self.statistics
        return {
            "Min": figures.minimum, "Max": figures.maximum, "Mean": 0.0, "StdDev": 0.0,
            "M1": self.mean, "M2": self.squares, "Num": self.count,
        }


class RangeAccumulator:
    """Minimum, mean, maximum, sum and count of single figures, as ArcGIS keeps them for features and areas."""

    def __init__(self, state: Mapping[str, float] | None = None) -> None:
        state = state or {}
        self.count = int(state.get("Count", 0))
        self.sum = float(state.get("Sum", 0.0))
        self.minimum = float(state.get("Min", math.inf)) if self.count else math.inf
        self.maximum = float(state.get("Max", -math.inf)) if self.count else -math.inf

    @classmethod
    def of(cls, values: np.ndarray) -> RangeAccumulator:
        """Return the accumulator of at least one figure."""
        result = cls()
        result.count, result.sum = len(values), float(values.sum())
        result.minimum, result.maximum = float(values.min()), float(values.max())
        return result

    def add(self, value: float) -> None:
        """Take in one figure."""
        self.count += 1
        self.sum += value
        self.minimum, self.maximum = min(self.minimum, value), max(self.maximum, value)

    def merge(self, other: RangeAccumulator) -> None:
        """Take in what another accumulator has gathered."""
        self.count += other.count
        self.sum += other.sum
        self.minimum, self.maximum = min(self.minimum, other.minimum), max(self.maximum, other.maximum)

    @property
    def mean(self) -> float:
        """Mean so far, 0 before the first figure."""
        return self.sum / self.count if self.count else 0.0

    def state(self) -> dict[str, Any]:
        """Return ArcGIS's ``{Min, Max, Mean, Sum, Count}`` record."""
        empty = not self.count
        return {
            "Min": 0.0 if empty else self.minimum, "Max": 0.0 if empty else self.maximum,
            "Mean": self.mean, "Sum": self.sum, "Count": self.count,
        }


def _of_integers(values: np.ndarray) -> BandAccumulator:
    """Gather integers of up to 16 bits without rounding before the last step, and letting go of Python's lock."""
    result = BandAccumulator()
    result.count = int(values.size)
    total, squares = _byte_sums(values) if values.dtype == np.uint8 else _sums(values)
    result.mean = total / result.count
    result.squares = (squares * result.count - total * total) / result.count  # Python's integers
    result.minimum, result.maximum = float(values.min()), float(values.max())
    return result


def _sums(values: np.ndarray) -> tuple[int, int]:
    """Return the sum and the sum of squares."""
    wide = values.astype(np.int64).ravel()
    return int(wide.sum()), int(np.dot(wide, wide))


def _byte_sums(values: np.ndarray) -> tuple[int, int]:
    """Return the sum and the sum of squares of bytes.

    In float32, several times as fast as in whole numbers: 256 squares of bytes stay below 2**24, up to which it is exact.
    """
    flat = values.ravel()
    whole = len(flat) // 256 * 256
    rows = flat[:whole].astype(np.float32).reshape(-1, 256)
    total, squares = _sums(flat[whole:])
    total += int(rows.sum(axis=1).sum(dtype=np.float64))
    return total, squares + int(np.einsum("ij,ij->i", rows, rows).sum(dtype=np.float64))
