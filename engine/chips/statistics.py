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
        values = values.astype(np.float64, copy=False)
        mean, count = float(values.mean()), int(values.size)
        squares = float(np.square(values - mean).sum())
        total, delta = self.count + count, mean - self.mean
        self.squares += squares + delta * delta * self.count * count / total
        self.mean += delta * count / total
        self.count = total
        self.minimum = min(self.minimum, float(values.min()))
        self.maximum = max(self.maximum, float(values.max()))

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

    def add(self, value: float) -> None:
        """Take in one figure."""
        self.count += 1
        self.sum += value
        self.minimum, self.maximum = min(self.minimum, value), max(self.maximum, value)

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
