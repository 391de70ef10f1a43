"""Bringing deep imagery (16 bit, float) to 8 bits, by figures of the whole raster that can be stored and repeated exactly."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ..errors import EngineError
from ..reporter import Reporter
from .grid import Window, tile_windows
from .source import RasterSource

#: ``auto`` is resolved before a stretch is measured.
STRETCHES = ("none", "minmax", "percent", "deviations")
_WINDOW = 2048
#: Values that half of a float32's bits can take.
_HALF = 2**16


@dataclass(frozen=True)
class Stretch:
    """Linear stretch to 8 bits, one pair of limits a band, in the bands' order.

    Attributes:
        kind: how the limits were found, one of ``STRETCHES``.
        low, high: source values that become 0 and 255; what lies beyond is clipped.
    """

    kind: str
    low: tuple[float, ...]
    high: tuple[float, ...]

    def apply(self, pixels: np.ndarray) -> np.ndarray:
        """Return (bands, height, width) uint8 of pixels in source values; a band of one value becomes 0."""
        low = np.asarray(self.low, np.float64)[:, None, None]
        span = np.asarray(self.high, np.float64)[:, None, None] - low
        with np.errstate(over="ignore"):  # a span of next to nothing: what lies beyond is clipped
            shares = np.divide(pixels - low, span, out=np.zeros(pixels.shape), where=span > 0)
        return np.clip(np.rint(shares * 255), 0, 255).astype(np.uint8)

    def record(self) -> dict[str, Any]:
        """Return the stretch as JSON holds it."""
        return {**asdict(self), "low": list(self.low), "high": list(self.high)}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Stretch:
        """Return the stretch that ``record`` describes.

        Raises:
            ValueError: it describes none.
        """
        try:
            low, high = (tuple(float(value) for value in record[key]) for key in ("low", "high"))
            kind = str(record["kind"])
        except (KeyError, TypeError) as error:
            raise ValueError(f"no stretch: {record!r:.80}") from error
        if len(low) != len(high) or not low or not all(math.isfinite(value) for value in (*low, *high)):
            raise ValueError(f"no stretch: {record!r:.80}")
        return cls(kind, low, high)


def measure_stretch(
    source: RasterSource, kind: str, low_percent: float, high_percent: float, deviations: float, reporter: Reporter
) -> Stretch:
    """Find the limits from all valid pixels of the raster, read once (float imagery with ``percent``: three times).

    Args:
        kind: ``minmax``, ``percent`` or ``deviations``.
        low_percent, high_percent: percentiles, for ``percent``. deviations: standard deviations around the mean, kept within
            the values that occur, for ``deviations``.

    Raises:
        EngineError: the raster holds no valid pixel, or cannot be read.
    """
    exact = source.dtype.kind in "iub" and source.dtype.itemsize <= 2
    figures = _integer_figures(source, reporter) if exact else _float_figures(source, reporter)
    if not figures.counts.all():
        raise EngineError(f"The raster {source.path} holds nothing but nodata: there is nothing to stretch.")
    low, high = figures.minimum, figures.maximum
    if kind == "deviations":
        low = np.maximum(low, figures.mean - deviations * figures.std)
        high = np.minimum(high, figures.mean + deviations * figures.std)
    elif kind == "percent":
        shares = (low_percent / 100, high_percent / 100)
        if figures.histogram is not None:
            offset = np.iinfo(source.dtype).min
            pairs = [[float(_percentile(each, share) + offset) for share in shares] for each in figures.histogram]
        else:
            pairs = _float_percentiles(source, shares, reporter)
        low, high = np.array(pairs, np.float64).T
    return Stretch(kind, tuple(low.tolist()), tuple(high.tolist()))


@dataclass
class _Figures:
    """Per band: count, minimum, maximum, mean, std; ``histogram`` (bands, values) for integers up to 16 bits."""

    counts: np.ndarray
    minimum: np.ndarray
    maximum: np.ndarray
    mean: np.ndarray
    std: np.ndarray
    histogram: np.ndarray | None = None


def _windows(source: RasterSource, reporter: Reporter) -> Iterator[np.ndarray]:
    """Yield the valid pixels of the raster, (bands, pixels), window by window."""
    grid = source.grid()
    total = math.ceil(grid.height / _WINDOW) * math.ceil(grid.width / _WINDOW)
    for done, window in enumerate(tile_windows(grid.whole, _WINDOW, _WINDOW), 1):
        reporter.check_cancelled()
        pixels, valid = source.read(grid, window)
        reporter.progress(done, total, amount=done * _window_megapixels(window), unit="Mpx")
        yield pixels[:, valid]


def _window_megapixels(window: Window) -> float:
    return window.height * window.width / 1e6


def _integer_figures(source: RasterSource, reporter: Reporter) -> _Figures:
    info = np.iinfo(source.dtype)
    histogram = np.zeros((len(source.bands), info.max - info.min + 1), np.int64)
    for pixels in _windows(source, reporter):
        for band, values in zip(histogram, pixels):
            np.add(band, np.bincount(values.astype(np.int64) - info.min, minlength=len(band)), out=band)
    values = np.arange(info.min, info.max + 1, dtype=np.float64)
    counts = histogram.sum(axis=1)
    share = histogram / np.maximum(counts, 1)[:, None]
    mean = share @ values
    variance = np.array([each @ np.square(values - middle) for each, middle in zip(share, mean)])
    present = histogram > 0
    minimum = values[present.argmax(axis=1)]
    maximum = values[::-1][present[:, ::-1].argmax(axis=1)]
    return _Figures(counts, minimum, maximum, mean, np.sqrt(variance), histogram)


def _float_figures(source: RasterSource, reporter: Reporter) -> _Figures:
    bands = len(source.bands)
    counts, mean, squares = np.zeros(bands), np.zeros(bands), np.zeros(bands)
    minimum, maximum = np.full(bands, np.inf), np.full(bands, -np.inf)
    for window in _windows(source, reporter):
        pixels = window.astype(np.float64)
        if not (added := pixels.shape[1]):
            continue
        middle = pixels.mean(axis=1)
        delta = middle - mean
        squares += np.square(pixels - middle[:, None]).sum(axis=1) + delta**2 * counts * added / (counts + added)
        mean += delta * added / (counts + added)
        counts += added
        minimum, maximum = np.minimum(minimum, pixels.min(axis=1)), np.maximum(maximum, pixels.max(axis=1))
    return _Figures(counts, minimum, maximum, mean, np.sqrt(squares / np.maximum(counts, 1)))


def _percentile(histogram: np.ndarray, share: float) -> int:
    """Return the first bin up to which at least ``share`` of the counts lie (NumPy's ``inverted_cdf``)."""
    return _rank_bin(histogram, share * histogram.sum())


def _rank_bin(histogram: np.ndarray, rank: float) -> int:
    # a hair less, lest rounding of share × count ask for one value more; and never nothing at all
    return int(np.searchsorted(np.cumsum(histogram), max(rank - 1e-6, 0.5)))


def _float_percentiles(source: RasterSource, shares: tuple[float, ...], reporter: Reporter) -> list[list[float]]:
    """Return the percentiles of each band, exact to float32, in two passes: the upper half of the values' bits, then the lower.

    Bins of equal width would not do: one outlier of 1e38 swallows the whole picture in the first of them.
    """
    upper = np.zeros((len(source.bands), _HALF), np.int64)
    for pixels in _windows(source, reporter):
        for band, keys in zip(upper, _ordered_bits(pixels)):
            np.add(band, np.bincount(keys >> 16, minlength=_HALF), out=band)
    halves = [[_percentile(band, share) for share in shares] for band in upper]
    lower = np.zeros((len(source.bands), len(shares), _HALF), np.int64)
    for pixels in _windows(source, reporter):
        for band, wanted, keys in zip(lower, halves, _ordered_bits(pixels)):
            for histogram, half in zip(band, wanted):
                inside = keys[keys >> 16 == half] & (_HALF - 1)
                np.add(histogram, np.bincount(inside, minlength=_HALF), out=histogram)
    return [
        [_value(half, _rank_bin(histogram, share * counts.sum() - counts[:half].sum()))
         for histogram, half, share in zip(band, wanted, shares)]
        for band, wanted, counts in zip(lower, halves, upper)
    ]


def _ordered_bits(pixels: np.ndarray) -> np.ndarray:
    """Return the float32 bits of values as int64 that sort as the values do (negative numbers have theirs turned)."""
    limit = np.finfo(np.float32).max
    bits = np.clip(pixels, -limit, limit).astype(np.float32).view(np.uint32).astype(np.int64)
    return np.where(bits >> 31 == 1, 0xFFFFFFFF - bits, bits | 0x80000000)


def _value(upper: int, lower: int) -> float:
    """Return the value of ordered bits: what ``_ordered_bits`` does, backwards."""
    key = upper << 16 | lower
    bits = key & 0x7FFFFFFF if key >> 31 else 0xFFFFFFFF - key
    return float(np.array(bits, np.uint32).view(np.float32))
