"""Opening what Compute Accuracy compares, and refusing what it cannot."""

from __future__ import annotations

import contextlib
import math
from pathlib import Path

import pyogrio
import pyproj
import rasterio
from pyogrio.errors import DataSourceError
from rasterio.errors import RasterioError

from ..chips.exporting.road_features import RoadFeatures
from ..chips.exporting.road_widths import road_widths
from ..chips.exporting.vector_layer import VectorLayer
from ..chips.label_classes import road_class
from ..errors import EngineError
from ..jobs import ComputeAccuracy
from ..raster.grid import SAME_CELL_SIZE, Window, WorkingGrid
from ..raster.source import RasterSource
from ..raster.writing import check_writable
from ..reporter import Reporter
from .pixel_area import CountedArea
from .pixel_prediction import open_prediction
from .pixel_reach import Reach
from .pixel_scene import Scene
from .pixel_truth import Truth, TruthFeatures, TruthRaster, truth_label

#: Tolerance of the relaxed scores in pixels where none is given (Mnih 2013).
TOLERANCE = 3
#: More is no tolerance any more, and the halo of every window grows with it; pixels.
_MOST_TOLERANCE = 256
_BLOCK_SIZES = (16, 4096)


def check_request(job: ComputeAccuracy) -> None:
    """Raise an ``EngineError`` if a parameter is out of range or an output cannot be written."""
    low, high = _BLOCK_SIZES
    if not low <= job.block_size <= high:
        raise EngineError(f"Blocks of {job.block_size} pixels cannot be scored: choose a side from {low} to {high}.")
    if not 0 <= job.tolerance < math.inf:  # false for NaN too
        raise EngineError(f"The tolerance cannot be {job.tolerance:g} m: choose 0 (3 pixels) or more.")
    if len(job.extent) not in (0, 4):
        raise EngineError("An extent is xmin, ymin, xmax, ymax.")
    for text, endings, what in ((job.report, (".html", ".htm"), "report"), (job.error_map, (".tif", ".tiff"), "error map")):
        if not text and what == "error map":
            continue
        path = Path(text)
        if path.suffix.lower() not in endings:
            raise EngineError(f"'{text}' cannot be the {what}: choose a file name that ends in {endings[0]}.")
        if path.is_dir():
            raise EngineError(f"{path} is a folder: choose a file name for the {what}.")
        check_writable(path.parent)


def open_scene(job: ComputeAccuracy, stack: contextlib.ExitStack, reporter: Reporter) -> Scene:
    """Open prediction, truth and mask; the stack closes them.

    Raises:
        EngineError: one of them cannot be opened or does not fit.
    """
    source = stack.enter_context(RasterSource(job.prediction, job.prediction_crs, [1]))
    assert source.crs is not None  # the source refuses rasters without one
    grid = source.grid()
    area = grid.window_of(job.extent) if job.extent else grid.whole
    if area.is_empty:
        raise EngineError("The extent lies outside the prediction: choose one that touches it.")
    prediction = open_prediction(source, job.prediction_name or job.prediction, job.threshold, reporter)
    truth = _open_truth(job, grid, source.crs, area, stack, reporter)
    counted = CountedArea(job.mask, job.mask_layer, grid, source.crs)
    return Scene(prediction, truth, counted, area, reach_of(job.tolerance, grid))


def reach_of(tolerance: float, grid: WorkingGrid) -> Reach:
    """Return the tolerance, metres, in pixels of the grid; 3 pixels for 0.

    Raises:
        EngineError: it is far more than a road may be off.
    """
    if not tolerance:
        return Reach(TOLERANCE, TOLERANCE)
    cell_x, cell_y = grid.cell_metres
    if tolerance > _MOST_TOLERANCE * min(cell_x, cell_y):
        raise EngineError(
            f"A tolerance of {tolerance:g} m is more than {_MOST_TOLERANCE} pixels of the prediction: choose one as wide as a "
            "road may lie beside its truth."
        )
    return Reach(_whole(tolerance / cell_y), _whole(tolerance / cell_x))


def _whole(pixels: float) -> float:
    """Return a whole number for one that nearly is: 3 m are 3 cells of 1 m, though UTM's metres are 0.9996 m on the ground."""
    return float(round(pixels)) if round(pixels) and abs(pixels / round(pixels) - 1) <= SAME_CELL_SIZE else pixels


def _open_truth(
    job: ComputeAccuracy, grid: WorkingGrid, crs: pyproj.CRS, area: Window, stack: contextlib.ExitStack, reporter: Reporter
) -> Truth:
    if not job.truth:
        raise EngineError("No truth was given: choose a raster, or a layer of road lines or polygons.")
    name = job.truth_name or job.truth
    if _is_vector(job.truth):
        return TruthFeatures(_open_features(job, grid, crs, area, reporter), name)
    label = truth_label(job.truth_label, name)
    bands = [1] if label.values else []
    source = stack.enter_context(RasterSource(job.truth, job.truth_crs, bands, colours=bool(label.colours)))
    return TruthRaster(source, grid, crs, job.truth_label, name)


def _open_features(
    job: ComputeAccuracy, grid: WorkingGrid, crs: pyproj.CRS, area: Window, reporter: Reporter
) -> RoadFeatures:
    layer = VectorLayer(job.truth, job.truth_layer, crs, "truth")
    if job.width_field:
        layer.check_field(job.width_field)
    smallest = max(grid.cell_metres)
    if job.road_width < smallest:
        reporter.warning(
            f"Roads of {job.road_width:g} m are narrower than a pixel ({smallest:.3g} m): they are drawn one pixel wide."
        )
    widths = road_widths(job.road_width, {}, [road_class()], smallest)
    features = RoadFeatures(layer, grid, crs, [road_class()], widths, "", job.width_field)
    features.check_overlap(area)
    return features


def _is_vector(path: str) -> bool:
    """Whether a truth is a vector file; a GeoPackage may be either.

    Raises:
        EngineError: it is neither.
    """
    try:
        return bool(len(pyogrio.list_layers(path)))
    except DataSourceError:
        pass
    try:
        with rasterio.Env(), rasterio.open(path):
            return False
    except RasterioError as error:
        raise EngineError(
            f"The truth {path} cannot be opened: check that the file exists, and is a raster or a layer of lines or polygons."
        ) from error
