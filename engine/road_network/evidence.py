"""The probability raster beside a classified one: what speaks for a road where the classes say there is none."""

from __future__ import annotations

import numpy as np
import pyproj
from pyproj.exceptions import ProjError
from rasterio.enums import Resampling
from rasterio.errors import RasterioError

from ..errors import EngineError
from ..jobs import RasterToRoadVector
from ..raster.grid import Window, WorkingGrid
from ..raster.regridding import Regridding
from ..raster.road_values import PROBABILITY, drawn_from, probability_of, road_kind
from ..raster.source import RasterSource
from ..reporter import Reporter

#: Marks unknown probabilities while they are resampled.
_UNKNOWN = -1.0
#: Cells smaller than this share of the wanted ones are averaged, others interpolated.
_FINER = 0.5


class Evidence:
    """A probability raster, read on the grid of another raster whatever its own.

    Args:
        source: the raster, of probabilities. grid, crs: of the other raster. name: in messages.

    Raises:
        EngineError: the two do not overlap, or no transformation leads from one to the other.
    """

    def __init__(self, source: RasterSource, grid: WorkingGrid, crs: pyproj.CRS, name: str) -> None:
        self._source, self._grid, self._what = source, grid, f"The probability raster {name}"
        self._own_grid = source.grid()
        assert source.crs is not None  # rasters without one are refused
        same_size = (source.height, source.width) == (grid.height, grid.width)
        self._is_same = (
            same_size and source.transform.almost_equals(grid.transform, 1e-9) and source.crs.equals(crs, ignore_axis_order=True)
        )
        finer = max(own / wanted for own, wanted in zip(source.cell_metres, grid.cell_metres)) < _FINER
        self._resampling = Resampling.average if finer else Resampling.bilinear
        try:
            self._regridding = Regridding(source, self._own_grid, crs)
            under = self._regridding.window_under(grid.transform, (grid.height, grid.width))
        except (ProjError, RasterioError) as error:
            raise EngineError(
                f"{self._what} cannot be laid onto the raster of roads: no way leads from {source.crs.name} to {crs.name}."
            ) from error
        if under.is_empty:
            raise EngineError(f"{self._what} does not overlap the raster of roads: check the coordinate systems of both.")

    def read(self, window: Window) -> np.ndarray:
        """Return the probability 0–1 in a window inside the other raster, float32 (height, width); 0 where not known."""
        if self._is_same:
            pixels, known = self._source.read(self._own_grid, window, nearest=True)
            return probability_of(pixels[0], known, self._what, window)
        transform, shape = self._grid.transform_of(window), (window.height, window.width)
        own = self._regridding.window_under(transform, shape)
        pixels, known = self._source.read(self._own_grid, own, nearest=True)
        probability = np.where(known, probability_of(pixels[0], known, self._what, own), np.float32(_UNKNOWN))
        carried = self._regridding.carry(probability, own, transform, shape, self._resampling, _UNKNOWN)
        return np.clip(carried, 0, 1)

    def close(self) -> None:
        """Close the file."""
        self._source.dataset.close()


def open_evidence(job: RasterToRoadVector, grid: WorkingGrid, crs: pyproj.CRS, reporter: Reporter) -> Evidence:
    """Open the job's probability raster on the grid of its raster of roads.

    Raises:
        EngineError: it is no raster of probabilities, or lies elsewhere.
    """
    name = job.probability_name or job.probability
    source = RasterSource(job.probability, job.probability_crs, bands=[1])
    try:
        check_one_band(source, f"The probability raster {name}")
        if road_kind(source, f"The probability raster {name}", drawn_from(source, job.threshold), reporter) != PROBABILITY:
            raise EngineError(
                f"The probability raster {name} holds classes and no probabilities: choose the probability raster that was "
                "written beside the classified one, or none."
            )
        return Evidence(source, grid, crs, name)
    except BaseException:
        source.dataset.close()
        raise


def check_one_band(source: RasterSource, what: str) -> None:
    """Raise an EngineError if a raster has several bands besides alpha; ``what`` is how the message begins."""
    count = sum(meaning.name != "alpha" for meaning in source.dataset.colorinterp)
    if count > 1:
        raise EngineError(
            f"{what} has {count} bands, as a picture has, and roads are read from one: classify the picture first, or extract "
            "the band that holds the roads."
        )
