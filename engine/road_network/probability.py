"""What the pixels of a road raster mean: classes, a mask, or probabilities."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType

import numpy as np

from ..chips.reading.road_label import parse_road_label
from ..errors import EngineError
from ..jobs import RasterToRoadVector
from ..raster.grid import Window, WorkingGrid
from ..raster.road_values import PROBABILITY, drawn_from, is_road, probability_of, road_kind
from ..raster.source import RasterSource
from ..reporter import Reporter
from .evidence import Evidence, check_one_band, open_evidence

#: Kind of a raster whose road values the user named.
LABEL = "label"
#: Byte that stands for a probability of 1.
BYTE_SCALE = 254
#: Low threshold as a share of the high one: 0.3 of 0.5, as the reference pipelines have it.
_LOW_SHARE = 0.6
#: Metres; the strip between the carriageways of a motorway is 2 to 20 m wide.
_WIDEST_MERGE = 50.0


@dataclass(frozen=True)
class RoadRaster:
    """A raster of roads open for reading, with the meaning of its pixels. As a context manager it closes its evidence.

    Attributes:
        kind: ``classified`` (1 is road), ``mask`` (255 is road, as public data sets have it), ``label`` (``values`` are road) or
            ``probability``.
        high: probability at which a pixel is road. low: the same for pixels that hang together with road. Both are unused for
            the other kinds.
        values: class values that are road.
        evidence: probability raster beside it.
        merge: gaps between carriageways narrower than this are closed, metres, 0 for none.
        name: what messages call it.
    """

    source: RasterSource
    grid: WorkingGrid
    kind: str
    high: float
    low: float
    values: tuple[int, ...] = ()
    evidence: Evidence | None = None
    merge: float = 0.0
    name: str = ""

    @property
    def has_evidence(self) -> bool:
        """Whether the probabilities say more than the classes."""
        return self.kind == PROBABILITY or self.evidence is not None

    @property
    def seed_threshold(self) -> float:
        """Probability that a network must reach somewhere, 0 if all that is read as road may stay."""
        return self.high if self.kind == PROBABILITY and self.low < self.high else 0.0

    def read(self, window: Window) -> tuple[np.ndarray, np.ndarray, int]:
        """Read a window that may reach over the raster's edge, where the raster is mirrored.

        Mirrored, a road that leaves the raster keeps its direction and its centre line reaches the edge; cut off, the centre
        line would fork and end half a road's width before it. (albu and cannab pad for the same reason.)

        Returns:
            Road at the low threshold (height, width) bool, probability 0–1 (height, width) float32, and how many pixels inside
            hold data.

        Raises:
            EngineError: the file is damaged, or holds what no probability can be.
        """
        inside = window.clipped(self.grid.height, self.grid.width)
        pixels, valid = self.source.read(self.grid, inside, nearest=True)
        road, probability = self._interpret(pixels[0], valid, inside)
        return _mirrored(road, inside, window), _mirrored(probability, inside, window), int(np.count_nonzero(valid))

    def probability(self, window: Window) -> np.ndarray:
        """Return the probability 0–1 in a window, float32 (height, width), mirrored like ``read``; 0 where not known."""
        inside = window.clipped(self.grid.height, self.grid.width)
        if self.evidence is not None:
            return _mirrored(self.evidence.read(inside), inside, window)
        pixels, valid = self.source.read(self.grid, inside, nearest=True)
        return _mirrored(self._interpret(pixels[0], valid, inside)[1], inside, window)

    def _interpret(self, pixels: np.ndarray, valid: np.ndarray, window: Window) -> tuple[np.ndarray, np.ndarray]:
        if self.kind == PROBABILITY:
            probability = self._probability_of(pixels, valid, window)
            return valid & (probability >= np.float32(self.low)), probability
        if self.kind == LABEL:
            if pixels.dtype.kind == "f" and (pixels != np.rint(pixels)).any():
                raise EngineError(
                    f"The raster {self.name} holds numbers with fractions at {window}, so no values of it can be chosen as "
                    "road: leave the road label empty, or reclassify it."
                )
            road = valid & np.isin(pixels, self.values)
        else:
            road = valid & is_road(pixels, self.kind)
        return road, road.astype(np.float32) if self.evidence is None else self.evidence.read(window)

    def _probability_of(self, pixels: np.ndarray, valid: np.ndarray, window: Window) -> np.ndarray:
        if pixels.dtype != np.uint8:
            return probability_of(pixels, valid, f"The raster {self.name}", window)
        # the same to the last digit, in place: this is done to every pixel of the raster
        probability = pixels.astype(np.float32)
        probability /= np.float32(BYTE_SCALE)
        np.minimum(probability, np.float32(1), out=probability)
        np.copyto(probability, 0, where=~valid)
        return probability

    def __enter__(self) -> RoadRaster:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.evidence is not None:
            self.evidence.close()


def open_road_raster(source: RasterSource, job: RasterToRoadVector, reporter: Reporter) -> RoadRaster:
    """Find out what the raster means: by the job's label, else by its tag, else by its values (read once, block by block).

    Args:
        source: the job's raster, its first band.

    Raises:
        EngineError: the values are neither classes 0 and 1, nor a mask of 0 and 255, nor probabilities; it has several bands; the
            label, the thresholds or the merging distance are none; or the probability raster beside it is no good.
    """
    name, grid = job.raster_name or source.path, source.grid()
    check_one_band(source, f"The raster {name}")
    values = _label_values(job.road_label, source, name)
    high = drawn_from(source, job.threshold)
    kind = LABEL if values else road_kind(source, f"The raster {name}", high, reporter)
    low = _LOW_SHARE * high if job.low_threshold is None else job.low_threshold
    if kind == PROBABILITY and not 0 < low <= high:
        raise EngineError(
            f"The low threshold is a probability above 0 and up to the threshold {high:g}, not {low:g}."
        )
    if not 0 <= job.merge_carriageways <= _WIDEST_MERGE:
        raise EngineError(
            f"merge_carriageways is a distance of 0 to {_WIDEST_MERGE:g} metres and cannot be {job.merge_carriageways:g}."
        )
    evidence = None
    if job.probability and kind == PROBABILITY:
        reporter.warning(f"The raster {name} holds probabilities itself: the probability raster beside it is not used.")
    elif job.probability:
        assert source.crs is not None  # the source refuses rasters without
        evidence = open_evidence(job, grid, source.crs, reporter)
    return RoadRaster(source, grid, kind, high, low, values, evidence, job.merge_carriageways, name)


def _label_values(text: str, source: RasterSource, name: str) -> tuple[int, ...]:
    """Return which values of the raster are road; empty to find out.

    Raises:
        EngineError: the label is no number, or the raster's nodata.
    """
    label = parse_road_label(text)
    if len(label.values) != len(label.names) or label.colours:
        raise EngineError(f"The road label '{text}' is no number: give the values of {name} that are road (1 or 1,3).")
    if source.dataset.nodata in label.values:
        raise EngineError(
            f"The road label {text} asks for {source.dataset.nodata:g}, which is nodata in the raster {name}: take the nodata "
            "value off the file, or choose another label."
        )
    return label.values


def _mirrored(pixels: np.ndarray, inside: Window, window: Window) -> np.ndarray:
    """Return the pixels (inside.height, inside.width) with their mirror image around them, (window.height, window.width)."""
    margins = (
        (inside.row - window.row, window.row + window.height - inside.row - inside.height),
        (inside.column - window.column, window.column + window.width - inside.column - inside.width),
    )
    return np.pad(pixels, margins, mode="reflect") if any(map(any, margins)) else pixels
