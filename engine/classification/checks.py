"""Does the raster fit the model? What cannot work is refused, what will not work well is said."""

from __future__ import annotations

import math

import numpy as np

from ...models.package import PackageInfo
from ..errors import EngineError
from ..jobs import ClassifyPixels
from ..raster.grid import Window, WorkingGrid
from ..raster.source import RasterSource
from ..raster.stretch import Stretch
from ..reporter import Reporter
from .augmented import COUNTS, POLICIES
from .layers import PROBABILITY_FORMATS

#: Road networks break where cell sizes differ by more than this from those they were trained on (design reference, 6).
_CELL_SIZE_WARNING = 0.25
#: Twenty times coarser, the widest road that a model knows (some 20 pixels) is a pixel wide.
_TOO_COARSE = 20.0
#: A continent at half a metre.
_MOST_PIXELS = 1e14
#: The raster is looked at in so many places each way, of so many pixels each way: half a megapixel at most, wherever it lies.
_PLACES, _PLACE = 8, 64
#: Band means further than this from those of the training data (in their standard deviations), and standard deviations this
#: many times larger or smaller, get a warning. Forest and city of one survey differ by half of it.
_MEAN_WARNING, _SPREAD_WARNING = 2.0, 4.0
_EIGHT_BITS = 255


def check_settings(job: ClassifyPixels) -> None:
    """Refuse settings that mean nothing."""
    if not 0 <= job.threshold <= 1:  # false for NaN too
        raise EngineError(f"The threshold cannot be {job.threshold:g}: choose one above 0 and up to 1, or 0 for the model's own.")
    for what, value, choices in (
        ("test-time augmentation", job.test_time_augmentation, COUNTS), ("merge policy", job.merge_policy, POLICIES),
        ("probability format", job.probability_format, PROBABILITY_FORMATS),
    ):
        if value not in choices:
            raise EngineError(f"The {what} cannot be '{value}': choose {', '.join(map(str, choices[:-1]))} or {choices[-1]}.")
    sizes = (
        ("cell size", job.cell_size), ("tile size", job.tile_size), ("padding", job.padding), ("batch size", job.batch_size),
        ("number of reader threads", job.reader_threads),
    )
    for what, number in sizes:
        if not (number >= 0 and math.isfinite(number)):
            raise EngineError(f"The {what} cannot be {number:g}: choose a number above 0, or 0 to let it be chosen.")
    _check_vrt(job)
    if job.raster in (job.output, job.probability):
        raise EngineError(f"The result would overwrite the imagery {job.raster}: choose another name for it.")
    if job.probability and job.probability == job.output:
        raise EngineError("The classified raster and the probability raster cannot be one file: choose another name for one.")


def _check_vrt(job: ClassifyPixels) -> None:
    """Refuse what does not go with blocks that are left as they are."""
    if not job.vrt:
        return
    if not job.scheduler:
        raise EngineError("The cluster's blocks are to be left as they are, but there is no cluster: name a Dask scheduler.")
    if job.cog:
        raise EngineError("Blocks that are left as they are are no cloud-optimised GeoTIFF: choose one of the two.")
    for path in filter(None, (job.output, job.probability)):
        if not path.lower().endswith(".vrt"):
            raise EngineError(f"Blocks that are left as they are need a virtual raster above them: end {path} in .vrt.")


def check_bands(raster: str, band_count: int, info: PackageInfo) -> None:
    """Refuse a raster that lacks a band."""
    if band_count < max(info.bands):
        raise EngineError(
            f"The model needs band(s) {', '.join(map(str, info.bands))}; the raster {raster} has {band_count}: "
            "choose imagery with the bands the model was trained on."
        )


def check_cell_size(job: ClassifyPixels, source: RasterSource, info: PackageInfo) -> None:
    """Refuse a raster too coarse to show a road, which would be blown up to a giant of blurs."""
    trained, own = _side(info.cell_metres), _side(source.cell_metres)
    if not job.cell_size and own > _TOO_COARSE * trained:
        raise EngineError(
            f"The raster {job.raster} has pixels of {own:.3g} m, the model was trained at {trained:.3g} m: no road of that size "
            "can be seen in it. Choose finer imagery, or give a cell size."
        )


def check_size(area: Window, grid: WorkingGrid) -> None:
    """Refuse what no machine can classify, as a mistyped cell size asks for."""
    if area.height * area.width > _MOST_PIXELS:
        raise EngineError(
            f"At cells of {_side(grid.cell_metres):.3g} m the area has {area.height * area.width:.2g} pixels, more than can be "
            "classified: choose a larger cell size or a smaller extent."
        )


def warn_cell_size(job: ClassifyPixels, source: RasterSource, info: PackageInfo, reporter: Reporter) -> None:
    """Say when the cells are others than those the model was trained on: those asked for, or those the raster has."""
    trained, own = _side(info.cell_metres), _side(source.cell_metres)
    if job.cell_size and abs(job.cell_size / trained - 1) > _CELL_SIZE_WARNING:
        reporter.warning(
            f"The model was trained at {trained:.3g} m per pixel, this run uses {job.cell_size:.3g} m: expect poor roads."
        )
    elif not job.cell_size and abs(own / trained - 1) > _CELL_SIZE_WARNING:
        consequence = "what it does not show cannot be found" if own > trained else "its finer detail is averaged away"
        reporter.warning(
            f"The raster has pixels of {own:.3g} m, the model was trained at {trained:.3g} m: the raster is resampled to that, "
            f"and {consequence}."
        )


def warn_values(
    source: RasterSource, grid: WorkingGrid, area: Window, stretch: Stretch | None, info: PackageInfo, reporter: Reporter
) -> None:
    """Say when depth or values of the raster are not those of the training data."""
    trained_deep = max(stretch.high) > _EIGHT_BITS if stretch else max(info.band_means) > _EIGHT_BITS
    if source.dtype == np.uint8 and trained_deep:
        highest = max(stretch.high) if stretch else max(info.band_means)
        reporter.warning(
            f"The model was trained on imagery with values up to {highest:.0f} and more, the raster {source.path} has 8 bits: "
            "expect poor roads. Choose the imagery in its full depth."
        )
        return
    pixels = _sample(source, grid, area)
    if not pixels.shape[1]:
        return
    if source.dtype != np.uint8 and not trained_deep and not stretch and pixels.max() > _EIGHT_BITS:
        reporter.warning(
            f"The model was trained on imagery of 8 bits, the raster {source.path} has values up to {pixels.max():.0f}: expect "
            "poor roads. Bring it to 8 bits first, as the training imagery was."
        )
        return
    if stretch is not None:
        pixels = stretch.apply(pixels[:, None])[:, 0]
    for band, values, mean, std in zip(info.bands, pixels.astype(np.float64), info.band_means, info.band_stds):
        own_mean, own_std = float(values.mean()), float(values.std())
        ratio = own_std / std if std else 1.0
        if abs(own_mean - mean) > _MEAN_WARNING * (std or 1.0) or not 1 / _SPREAD_WARNING <= ratio <= _SPREAD_WARNING:
            reporter.warning(
                f"Band {band} of the raster has values of {own_mean:.3g} ± {own_std:.3g}, the training imagery had "
                f"{mean:.3g} ± {std:.3g}: expect poor roads, unless this place looks different indeed."
            )
            return


def _sample(source: RasterSource, grid: WorkingGrid, area: Window) -> np.ndarray:
    """Return valid pixels (bands, pixels) from places all over the area.

    Small windows, not one reduced picture: without overviews that would be made of the whole file.
    """
    found = []
    for row in _starts(area.row, area.height):
        for column in _starts(area.column, area.width):
            window = Window(row, column, min(_PLACE, area.height), min(_PLACE, area.width))
            pixels, valid = source.read(grid, window)
            found.append(pixels[:, valid])
    return np.concatenate(found, axis=1)


def _starts(start: int, length: int) -> list[int]:
    if length <= _PLACES * _PLACE:
        return list(range(start, start + max(1, length - _PLACE + 1), _PLACE))
    return [start + (length - _PLACE) * place // (_PLACES - 1) for place in range(_PLACES)]


def _side(cell: tuple[float, float]) -> float:
    return math.sqrt(cell[0] * cell[1])
