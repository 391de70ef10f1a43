"""Export Training Data: image chips and road labels out of a raster and a road layer."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import EngineError
from ..jobs import ExportTrainingData
from ..raster.grid import SAME_CELL_SIZE, Window, WorkingGrid
from ..raster.source import RasterSource
from ..raster.writing import check_writable, explained_disk_errors, partial_path
from ..reporter import Reporter
from .chip_writer import ChipWriter
from .classified_tiles import ACCUMULATED_FILE, ROADSMITH_FILE, TileCollection, read_json, resume
from .road_features import RoadFeatures

#: Chips with less imagery than this are left out: there is too little to learn from.
_MIN_VALID_SHARE = 0.5


def export_training_data(job: ExportTrainingData, reporter: Reporter) -> dict[str, Any]:
    """Run the job; see its docstring for the parameters.

    Returns:
        ``output`` (folder), ``tile_count`` (chips written now), ``road_share`` (share of their valid pixels that is road).

    Raises:
        EngineError: see the sentences below; nothing is left behind then.
    """
    final = Path(job.output_folder)
    earlier = _existing_collection(final)
    check_writable(final.parent)
    with RasterSource(job.raster, job.raster_crs, job.bands) as source:
        grid = source.grid(job.cell_size)
        area = grid.window_of(job.extent) if job.extent else grid.whole
        _check_request(job, source, grid, area)
        assert source.crs is not None  # the source refuses rasters without one
        roads = RoadFeatures(job.labels, job.labels_layer, grid, source.crs, job.road_width)
        roads.check_overlap(area)
        collection = _collection(job, source, grid, earlier)
        partial = partial_path(final, job.run_id)
        try:
            with explained_disk_errors(final):
                writer = ChipWriter(partial, job.image_format, source, grid, collection)
                road_share = _cut_chips(job, reporter, area, roads, writer)
                writer.write_extras({"road_width": job.road_width, "tile_size": job.tile_size, "stride": job.stride})
                _publish(partial, final, collection)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    count = len(collection.chips) - (len(earlier.chips) if earlier else 0)
    reporter.log(f"{count} chips of {job.tile_size} × {job.tile_size} pixels written to {final}; {road_share:.1%} is road.")
    return {"output": str(final), "tile_count": count, "road_share": road_share}


def _check_request(job: ExportTrainingData, source: RasterSource, grid: WorkingGrid, area: Window) -> None:
    if area.is_empty:
        raise EngineError("The extent lies outside the raster: choose one that touches it.")
    if min(area.height, area.width) < job.tile_size:
        raise EngineError(
            f"The area is {area.width} × {area.height} pixels at {grid.cell_metres[0]:.3g} m, too small for one chip of "
            f"{job.tile_size} × {job.tile_size}: choose a smaller tile size, a smaller cell size or a larger area."
        )
    if job.image_format != "TIFF" and len(source.bands) not in (1, 3):
        raise EngineError(f"{job.image_format} chips hold 1 or 3 bands, not {len(source.bands)}: choose TIFF or other bands.")
    if job.image_format != "TIFF" and source.dtype != np.uint8:
        raise EngineError(f"{job.image_format} chips hold 8-bit imagery, the raster is {source.dtype}: choose TIFF.")


def _existing_collection(folder: Path) -> TileCollection | None:
    """Return what an earlier export left in the folder; None if it is new or empty."""
    if folder.is_file():
        raise EngineError(f"{folder} is a file: choose a folder for the training data.")
    if not folder.is_dir() or not any(folder.iterdir()):
        return None
    if not (folder / ACCUMULATED_FILE).is_file():
        raise EngineError(f"The folder {folder} is not empty and holds no training data: choose a new or empty folder.")
    return resume(folder)


def _collection(
    job: ExportTrainingData, source: RasterSource, grid: WorkingGrid, earlier: TileCollection | None
) -> TileCollection:
    if earlier is None:
        cell = (grid.transform.a**2 + grid.transform.d**2) ** 0.5, (grid.transform.b**2 + grid.transform.e**2) ** 0.5
        wkid = source.crs.to_epsg() if source.crs is not None else None
        return TileCollection(len(source.bands), job.tile_size, cell, wkid or 0, Path(source.path).stem)
    if (earlier.band_count, earlier.tile_size) != (len(source.bands), job.tile_size):
        raise EngineError(
            f"The folder {job.output_folder} holds chips of {earlier.tile_size} pixels and {earlier.band_count} bands, this "
            f"export would add {job.tile_size} pixels and {len(source.bands)} bands: choose another folder or the same sizes."
        )
    stored = read_json(Path(job.output_folder) / ROADSMITH_FILE).get("cell_metres") if _has_extras(job.output_folder) else None
    if stored and any(abs(own / other - 1) > SAME_CELL_SIZE for own, other in zip(grid.cell_metres, stored)):
        raise EngineError(
            f"The folder {job.output_folder} holds chips at {stored[0]:.3g} m per pixel, this export would add chips at "
            f"{grid.cell_metres[0]:.3g} m: set the cell size to {stored[0]:.3g}, or choose another folder."
        )
    return resume(Path(job.output_folder))


def _has_extras(folder: str) -> bool:
    return (Path(folder) / ROADSMITH_FILE).is_file()


def _positions(start: int, length: int, tile: int, stride: int) -> list[int]:
    """Return where chips begin: every stride, and once flush with the far edge, so that no imagery is lost."""
    positions = list(range(start, start + length - tile + 1, stride))
    last = start + length - tile
    return positions if positions[-1] == last else [*positions, last]


def _candidates(roads: RoadFeatures, area: Window, tile: int, stride: int) -> Iterator[tuple[Window, Any]]:
    """Yield every chip position with the roads of its row; one read of the road layer a row."""
    columns = _positions(area.column, area.width, tile, stride)
    for row in _positions(area.row, area.height, tile, stride):
        strip = roads.within(Window(row, area.column, tile, area.width))
        for column in columns:
            yield Window(row, column, tile, tile), strip


def _cut_chips(
    job: ExportTrainingData, reporter: Reporter, area: Window, roads: RoadFeatures, writer: ChipWriter
) -> float:
    """Write the chips of ``area``; return the road share of their valid pixels."""
    source, grid, tile = writer.source, writer.grid, job.tile_size
    total = len(_positions(area.row, area.height, tile, job.stride)) * len(_positions(area.column, area.width, tile, job.stride))
    reporter.log(f"Chips at {grid.cell_metres[0]:.3g} × {grid.cell_metres[1]:.3g} m per pixel, {total} positions.")
    reporter.phase(0.0, 1.0, "Cutting chips")
    road_pixels = valid_pixels = without_imagery = 0
    for done, (window, strip) in enumerate(_candidates(roads, area, tile, job.stride), 1):
        reporter.progress(done, total, amount=done, unit="chips")
        stem = writer.next_stem()
        polygons = strip.in_window(window)
        label = strip.label(window, polygons)
        if not job.empty_tiles and not label.any():
            continue
        image, valid = source.read(grid, window)
        if valid.mean() < _MIN_VALID_SHARE:
            without_imagery += 1
            continue
        if not job.empty_tiles and not label[valid].any():
            continue
        writer.write(stem, window, image, valid, label, strip.map_areas(polygons))
        road_pixels += int(label[valid].sum())
        valid_pixels += int(valid.sum())
    if without_imagery:
        reporter.warning(f"{without_imagery} chip position(s) were left out: more than half of the chip is nodata.")
    if not valid_pixels:
        raise EngineError("No chip holds both imagery and a road: check that the roads lie on the imagery, not on its nodata.")
    return road_pixels / valid_pixels


def _publish(partial: Path, final: Path, collection: TileCollection) -> None:
    """Give the finished chips their final place: a rename for a new folder, file by file for one that grows.

    A growing folder's metadata is replaced last: until then a reader sees the folder as it was before.
    """
    if not final.is_dir() or not any(final.iterdir()):
        collection.write(partial)
        if final.is_dir():
            final.rmdir()
        partial.replace(final)
        return
    for kind in ("images", "labels"):
        (final / kind).mkdir(exist_ok=True)
        for path in sorted((partial / kind).iterdir()):
            path.replace(final / kind / path.name)
    (partial / ROADSMITH_FILE).replace(final / ROADSMITH_FILE)
    collection.write(final)
