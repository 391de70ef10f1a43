"""Classify Pixels: a raster of any size through a road model."""

from __future__ import annotations

import contextlib
import math
from pathlib import Path
from typing import Any

from ...models.package import LoadedModel, load_package
from ..devices import choose_device, describe_device
from ..errors import EngineError
from ..jobs import ClassifyPixels
from ..raster.blending import BandBlender, TileLattice
from ..raster.grid import Window, WorkingGrid
from ..raster.source import RasterSource
from ..raster.stretch import Stretch
from ..raster.writing import atomic_output, check_writable
from ..reporter import Reporter
from .raster_output import AreaOutputs, RowWriter, write_category_names
from .tiles import RoadPredictor, batches, read_tile

#: Smallest tile by default: larger than the training chips, because a border costs accuracy and time.
_DEFAULT_TILE = 512
#: Tiles per step: a CPU gains nothing from more, a GPU of 8 GB holds this many of 512 px.
_BATCH_SIZE = {"cpu": 1, "mps": 4, "cuda": 8}
#: A raster whose cells differ from the model's by more than this gets a warning when the user overrides the cell size.
_CELL_SIZE_WARNING = 0.25


def classify_pixels(job: ClassifyPixels, reporter: Reporter) -> dict[str, Any]:
    """Run the job; see its docstring for the parameters.

    Returns:
        ``output``, ``probability`` (empty if not asked for), ``threshold`` that was used, ``road_share`` of the valid pixels,
        ``megapixels``.

    Raises:
        EngineError: raster and model do not fit, or something cannot be read or written.
        ModelPackageError: the model is no model package.
    """
    if not 0 <= job.threshold <= 1:  # false for NaN too
        raise EngineError(f"The threshold cannot be {job.threshold:g}: choose one above 0 and up to 1, or 0 for the model's own.")
    device = choose_device(job.device)
    final = Path(job.output)
    check_writable(final.parent)
    reporter.log(f"Device: {describe_device(device)}")
    model = load_package(job.model, device)
    with RasterSource(job.raster, job.raster_crs, colours=True) as probe:
        band_count = probe.band_count
    if band_count < max(model.info.bands):
        raise EngineError(
            f"The model needs band(s) {', '.join(map(str, model.info.bands))}; the raster {job.raster} has {band_count}: "
            "choose imagery with the bands the model was trained on."
        )
    with RasterSource(job.raster, job.raster_crs, model.info.bands, colours=True) as source, contextlib.ExitStack() as stack:
        grid = source.grid(job.cell_size or model.info.cell_metres)
        area = grid.window_of(job.extent) if job.extent else grid.whole
        if area.is_empty:
            raise EngineError("The extent lies outside the raster: choose one that touches it.")
        _warn_cell_size(job, model, reporter)
        _warn_depth(source, model, reporter)
        lattice = _lattice(job, model, area)
        threshold = _threshold(job, model, reporter)
        outputs = _open_outputs(job, stack, source, grid, area, threshold)
        predictor = RoadPredictor(model, device, job.batch_size or _BATCH_SIZE[device.type])
        reporter.log(
            f"{area.width} × {area.height} pixels at {grid.cell_metres[0]:.3g} × {grid.cell_metres[1]:.3g} m, "
            f"{lattice.tile_count} tiles of {lattice.tile} pixels, {lattice.padding} pixels padding."
        )
        _classify_area(reporter, source, grid, lattice, predictor, outputs)
        outputs.finish(reporter)
    write_category_names(final)
    return {
        "output": job.output, "probability": job.probability, "threshold": threshold, "road_share": outputs.road_share,
        "megapixels": area.width * area.height / 1e6,
    }


def _open_outputs(
    job: ClassifyPixels, stack: contextlib.ExitStack, source: RasterSource, grid: WorkingGrid, area: Window, threshold: float
) -> AreaOutputs:
    """Open the rasters under temporary names; leaving the stack renames them, or removes them after an error."""
    assert source.crs is not None  # the source refuses rasters without one
    writers = {}
    for kind, path in (("classified", job.output), ("probability", job.probability)):
        if path:
            partial = stack.enter_context(atomic_output(Path(path), job.run_id))
            writer = RowWriter(partial, area.height, area.width, grid.transform_of(area), source.crs.to_wkt(), kind)
            writers[kind] = stack.enter_context(writer)
    return AreaOutputs(writers["classified"], writers.get("probability"), threshold)


def _threshold(job: ClassifyPixels, model: LoadedModel, reporter: Reporter) -> float:
    """Return the probability from which a pixel is road, and log where it comes from."""
    own = model.info.threshold
    if job.threshold:
        reporter.log(f"Threshold: {job.threshold:.3g}, as asked for; the model's own is {own:.3g}.")
        return job.threshold
    reporter.log(f"Threshold: {own:.3g}, the model's own.")
    return own


def _warn_cell_size(job: ClassifyPixels, model: LoadedModel, reporter: Reporter) -> None:
    trained = math.sqrt(model.info.cell_metres[0] * model.info.cell_metres[1])
    if job.cell_size and abs(job.cell_size / trained - 1) > _CELL_SIZE_WARNING:
        reporter.warning(
            f"The model was trained at {trained:.3g} m per pixel, this run uses {job.cell_size:.3g} m: expect poor roads."
        )


def _warn_depth(source: RasterSource, model: LoadedModel, reporter: Reporter) -> None:
    stretch = model.info.stretch
    if stretch and source.dtype == "uint8" and max(stretch["high"]) > 255:
        reporter.warning(
            f"The model was trained on imagery with values up to {max(stretch['high']):.0f}, the raster {source.path} has 8 "
            "bits: expect poor roads. Choose the imagery in its full depth."
        )


def _lattice(job: ClassifyPixels, model: LoadedModel, area: Window) -> TileLattice:
    multiple = model.network.size_multiple
    tile = job.tile_size or max(model.info.chip_size, _DEFAULT_TILE)
    tile = max(multiple, math.ceil(tile / multiple) * multiple)
    padding = min(job.padding, tile // 4) if job.padding else tile // 8
    return TileLattice(tile, padding, area)


def _classify_area(
    reporter: Reporter, source: RasterSource, grid: WorkingGrid, lattice: TileLattice, predictor: RoadPredictor,
    outputs: AreaOutputs,
) -> None:
    """Stream the area of the lattice through the model into the outputs."""
    area, blender = lattice.area, BandBlender(lattice)
    fill, record = predictor.model.info.band_means, predictor.model.info.stretch
    stretch = Stretch.from_record(record) if record else None
    tile_megapixels = lattice.stride**2 / 1e6
    reporter.phase(0.0, 0.97, "Classifying")
    done = 0
    for row in lattice.rows():
        for windows in batches(row, predictor.batch_size):
            tiles = [read_tile(source, grid, window, fill, stretch) for window in windows]
            with_imagery = [tile for tile in tiles if tile.valid.any()]
            for tile, probability in zip(with_imagery, predictor.predict(with_imagery)):
                blender.add(tile.window, probability)
            done += len(windows)
            reporter.progress(done, lattice.tile_count, amount=done * tile_megapixels, unit="Mpx")
        end = min(row[0].row + lattice.stride, area.row + area.height)  # the next lattice row begins here
        probability = blender.finish_rows(end)
        window = Window(end - len(probability), area.column, len(probability), area.width)
        outputs.write(probability, source.read_valid(grid, window))
    reporter.phase(0.97, 1.0, "Writing overviews")
    if not outputs.valid_pixels:
        reporter.warning("The whole area is nodata: the result holds nothing but nodata.")
