"""Round numbers for the axes of a plot. No Qt."""

from __future__ import annotations

import math


def ticks(low: float, high: float, most: int, whole: bool = False) -> list[float]:
    """Return at most ``most`` multiples of 1, 2 or 5 times a power of ten within ``low`` to ``high``, as many as fit.

    Args:
        most: at least 1. whole: whole numbers only.
    """
    if not (math.isfinite(low) and math.isfinite(high)) or high <= low:
        return [low] if math.isfinite(low) else []
    exponent = math.floor(math.log10((high - low) / max(1, most))) - 1
    if whole:
        exponent = max(exponent, 0)
    while True:
        for factor in (1, 2, 5):
            step = factor * 10.0**exponent
            first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
            if last - first + 1 <= max(1, most):
                return [number * step for number in range(first, last + 1)]
        exponent += 1


def label(value: float) -> str:
    """Return a tick's number without noise of binary fractions: ``0.3``, ``20``, ``1e-05``."""
    return f"{value:.4g}"


def padded(low: float, high: float) -> tuple[float, float]:
    """Return the range with a little room at both ends, and with some extent where it has none."""
    if high <= low:
        room = abs(low) * 0.1 or 0.5
        return low - room, high + room
    room = 0.06 * (high - low)
    return low - room, high + room
