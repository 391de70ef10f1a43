"""Export Training Data: image chips and road labels out of a raster and a road layer."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import rasterio

from ...errors import EngineError
from ...jobs import ExportTrainingData
from ...raster.grid import Window, WorkingGrid
from ...raster.source import RasterSource
from ...raster.stretch import Stretch, measure_stretch
from ...raster.writing import check_writable, explained_disk_errors
from ...reporter import Reporter
from ...unfinished import file_state
from ..label_classes import classes_of_values, road_class
from .allowed_area import AllowedArea
from .chip_writer import ChipWriter
from .collecting import Assembled, assemble, publish
from .cutting import Cutting
from .earlier_export import EarlierExport, collection_for
from .export_settings import check_area, check_settings, resolved_stretch
from .label_raster import LabelRaster
from .labels import LabelSource
from .lattice import ChipLattice, turns
from .road_features import RoadFeatures
from .road_widths import road_widths
from .side_by_side import cut_side_by_side
from .unfinished import UnfinishedExport
from .vector_layer import VectorLayer

#: Chips are cut in blocks whose imagery takes about this much memory, and whose side is at most so many pixels.
_BLOCK_BYTES = 32 * 2**20
_BLOCK_SIDE = 2560
#: GDAL would take 5 % of all memory for what it has read; no pixel is read twice but at the rims of blocks.
_GDAL_CACHE_BYTES = 128 * 2**20
_MAX_WORKERS = 8


def export_training_data(job: ExportTrainingData, reporter: Reporter) -> dict[str, Any]:
    """Run the job; see its docstring for the parameters.

    Returns:
        ``output`` (folder), ``tile_count`` (chips written now), ``road_share`` (share of their valid pixels that is road).

    Raises:
        EngineError: something is wrong with the parameters or the data, or the disk is full. An earlier export in the folder
            stays as it is; chips cut so far stay in ``NAME~unfinished``, and the same export goes on from there.
    """
    check_settings(job)
    final = Path(job.output_folder)
    earlier = EarlierExport.find(final)
    check_writable(final.parent)
    with rasterio.Env(GDAL_CACHEMAX=_GDAL_CACHE_BYTES), contextlib.ExitStack() as stack:
        source = stack.enter_context(_open_source(job))
        grid = source.grid(job.cell_size)
        area = grid.window_within(job.extent) if job.extent else grid.whole
        check_area(job, source, grid, area)
        reporter.phase(0.0, 0.05, "Looking at the labels")
        labels = _open_labels(job, source, grid, area, earlier, reporter, stack)
        labels.check_overlap(area)
        assert source.crs is not None  # the source refuses rasters without one
        allowed = AllowedArea(grid, source.crs, job.extent, job.mask, job.mask_layer, job.mask_mode)
        stretch = _stretch(job, source, earlier, reporter)
        collection = collection_for(job, source, grid, labels, stretch, earlier)
        lattice = ChipLattice(area, job.tile_size, job.stride, turns(job.rotation_angle))
        fingerprint = _fingerprint(job, source, labels, earlier)
        with UnfinishedExport(final, fingerprint) as unfinished, explained_disk_errors(final):
            _tell_of_earlier_run(unfinished, reporter)
            side = _block_side(job, source)
            writer = ChipWriter(unfinished.chips, job.image_format, source.crs.to_wkt(), job.nodata_label == "ignore")
            empty = {"none": 0.0, "all": 1.0, "share": job.empty_share}[job.no_feature_tiles]
            cutting = Cutting(
                lattice, grid, allowed, labels, writer, stretch, collection.next_index, empty, job.max_nodata,
                job.nodata_label == "ignore",
            )
            reporter.log(
                f"Chips at {grid.cell_metres[0]:.3g} × {grid.cell_metres[1]:.3g} m per pixel, {lattice.count} positions."
            )
            reporter.phase(0.2 if stretch else 0.05, 0.98, "Cutting chips")
            workers = job.workers or min(_MAX_WORKERS, os.cpu_count() or 1)
            cut_side_by_side(cutting, lambda: _open_source(job), side, workers, unfinished, reporter)
            result = assemble(lattice, unfinished, collection, side)
            _explain(result, job, reporter)
            if not result.valid_pixels:
                unfinished.remove()
                raise EngineError(
                    "No chip holds both imagery and a road: check that the roads lie on the imagery, not on its nodata."
                )
            publish(unfinished, final, collection, _extras(job, source, grid, stretch), result, earlier)
    reporter.log(
        f"{result.chips} chips of {job.tile_size} × {job.tile_size} pixels written to {final}; {result.road_share:.1%} is road."
    )
    return {"output": str(final), "tile_count": result.chips, "road_share": result.road_share}


def _open_source(job: ExportTrainingData) -> RasterSource:
    return RasterSource(job.raster, job.raster_crs, job.bands, colours=True)


def _open_labels(
    job: ExportTrainingData, source: RasterSource, grid: WorkingGrid, area: Window, earlier: EarlierExport | None,
    reporter: Reporter, stack: contextlib.ExitStack,
) -> LabelSource:
    known = earlier.collection.classes if earlier else []
    assert source.crs is not None
    if job.label_raster:
        return stack.enter_context(LabelRaster(
            job.label_raster, job.label_raster_crs, job.label_band, grid, source.crs, area, reporter, known
        ))
    layer = VectorLayer(job.labels, job.labels_layer, source.crs)
    for name in filter(None, (job.class_field, job.width_field)):
        layer.check_field(name)
    classes = [road_class()]
    if job.class_field:
        found = job.class_names or layer.distinct(job.class_field)
        classes = classes_of_values(found, f"The field '{job.class_field}'", known)
    smallest = max(grid.cell_metres)
    if job.road_width < smallest:
        reporter.warning(
            f"Roads of {job.road_width:g} m are narrower than a pixel ({smallest:.3g} m): they are drawn one pixel wide. "
            "Use finer imagery if there is any."
        )
    if not layer.is_indexed and layer.count > 10_000:
        reporter.warning(f"The road layer {job.labels} has no spatial index: saved as a GeoPackage it would be read much faster.")
    widths = road_widths(job.road_width, job.class_widths, classes, smallest)
    return RoadFeatures(layer, grid, source.crs, classes, widths, job.class_field, job.width_field, job.min_overlap)


def _stretch(
    job: ExportTrainingData, source: RasterSource, earlier: EarlierExport | None, reporter: Reporter
) -> Stretch | None:
    """Return the stretch; that of an earlier export into the folder is used again, so that one model fits all chips."""
    kind = resolved_stretch(job, source)
    if earlier is not None:
        return earlier.stretch_for(kind, reporter)
    if kind == "none":
        return None
    reporter.phase(0.05, 0.2, "Measuring the imagery")
    return measure_stretch(source, kind, job.stretch_low, job.stretch_high, job.stretch_deviations, reporter)


def _fingerprint(
    job: ExportTrainingData, source: RasterSource, labels: LabelSource, earlier: EarlierExport | None
) -> str:
    """Return a text that two exports share if they would write the same chips."""
    settings = asdict(job)
    # the plugin copies layers anew for every run: what counts is what is in them
    for name in ("run_id", "workers", "raster", "labels", "label_raster", "mask", "output_folder"):
        del settings[name]
    files = [file_state(job.raster, job.raster_copied), file_state(job.label_raster, job.label_raster_copied)]
    digests = [labels.layer.digest([name for name in (job.class_field, job.width_field) if name])] if isinstance(
        labels, RoadFeatures
    ) else []
    if job.mask and source.crs is not None:
        digests.append(VectorLayer(job.mask, job.mask_layer, source.crs, "mask layer").digest())
    start = earlier.collection.next_index if earlier else 0
    return json.dumps([settings, files, digests, start], sort_keys=True)


def _tell_of_earlier_run(unfinished: UnfinishedExport, reporter: Reporter) -> None:
    if unfinished.discarded:
        reporter.warning("An unfinished export with other settings or data into this folder was removed.")
    elif len(unfinished):
        reporter.log("Going on with an export that was interrupted.")


def _block_side(job: ExportTrainingData, source: RasterSource) -> int:
    """Return the side of a block, pixels: the same for every number of workers, because the journal counts in blocks."""
    affordable = int((_BLOCK_BYTES / (len(source.bands) * source.dtype.itemsize)) ** 0.5)
    return max(job.tile_size, min(_BLOCK_SIDE, affordable))


def _explain(result: Assembled, job: ExportTrainingData, reporter: Reporter) -> None:
    """Tell what was left out or mended."""
    if result.without_imagery:
        reporter.warning(
            f"{result.without_imagery} chip position(s) were left out: more than {job.max_nodata:.0%} of the chip is nodata."
        )
    notes = (
        (result.notes.mended, "have invalid geometries and were mended"),
        (result.notes.unusable, "have no usable line or polygon and were left out"),
        (result.notes.without_width, f"have no width in metres up to 200 in '{job.width_field}' and took the width for all"),
        (result.notes.without_class, f"have no class in '{job.class_field}' and were left out"),
    )
    for ids, what in notes:
        if ids:
            first = ", ".join(str(each) for each in sorted(ids)[:5])
            reporter.warning(f"{len(ids)} feature(s) {what}: id {first}{' …' if len(ids) > 5 else ''}.")


def _extras(
    job: ExportTrainingData, source: RasterSource, grid: WorkingGrid, stretch: Stretch | None
) -> Iterator[tuple[str, Any]]:
    """Yield what ArcGIS's files have no place for."""
    yield "source", Path(source.path).name
    yield "bands", list(source.bands)
    yield "dtype", "uint8" if stretch else source.dtype.name
    yield "cell_metres", list(grid.cell_metres)
    yield "stretch", stretch.record() if stretch else None
    assert source.crs is not None
    yield "grid", {
        "crs": source.crs.to_wkt(), "transform": list(grid.transform)[:6], "height": grid.height, "width": grid.width,
    }
    kept = (
        "road_width", "width_field", "class_widths", "class_field", "tile_size", "stride", "rotation_angle", "min_overlap",
        "max_nodata", "no_feature_tiles", "attribution",
    )
    yield from ((name, getattr(job, name)) for name in kept)


