"""Whether an export can do what it is asked for, before anything is read or written."""

from __future__ import annotations

import numpy as np

from ...errors import EngineError
from ...jobs import ExportTrainingData
from ...raster.grid import Window, WorkingGrid
from ...raster.source import RasterSource
from ...raster.stretch import STRETCHES
from .allowed_area import MASK_MODES
from .chip_writer import IMAGE_FORMATS

_EMPTY_TILES = ("none", "all", "share")
_NODATA_LABELS = ("ignore", "background")


def check_settings(job: ExportTrainingData) -> None:
    """Raise an ``EngineError`` for parameters that contradict each other or mean nothing."""
    choices = (
        ("stretch", job.stretch, ("auto", *STRETCHES)), ("mask mode", job.mask_mode, MASK_MODES),
        ("choice of chips without roads", job.no_feature_tiles, _EMPTY_TILES), ("nodata label", job.nodata_label, _NODATA_LABELS),
        ("image format", job.image_format, IMAGE_FORMATS),
    )
    for what, value, allowed in choices:
        if value not in allowed:
            raise EngineError(f"The {what} '{value}' is unknown: choose {', '.join(allowed)}.")
    shares = (("share of empty chips", job.empty_share), ("minimum overlap", job.min_overlap), ("nodata share", job.max_nodata))
    for what, share in shares:
        if not 0 <= share <= 1:
            raise EngineError(f"The {what} is {share:g}: choose a share from 0 to 1.")
    problems = (
        (bool(job.labels) == bool(job.label_raster), "Give either a road layer or a label raster, and not both."),
        (job.tile_size < 1 or job.stride < 1, f"Chips of {job.tile_size} pixels every {job.stride} cannot be cut."),
        (not 0 <= job.rotation_angle < 360, f"The rotation angle is {job.rotation_angle:g}°: choose 0 to less than 360."),
        (0 < job.rotation_angle < 1, f"The rotation angle {job.rotation_angle:g}° repeats each chip more than 360 times."),
        (not 0 <= job.stretch_low < job.stretch_high <= 100,
         f"The percentages {job.stretch_low:g} to {job.stretch_high:g} of the stretch must rise and lie between 0 and 100."),
        (job.stretch_deviations <= 0, f"A stretch over {job.stretch_deviations:g} standard deviations is none: choose 1 to 4."),
        (bool(job.class_widths) and not job.class_field, "Widths by class need the class field that tells classes apart."),
        (job.cell_size < 0, f"The cell size is {job.cell_size:g} m: choose one above 0, or none for the raster's own."),
    )
    for wrong, sentence in problems:
        if wrong:
            raise EngineError(sentence)


def resolved_stretch(job: ExportTrainingData, source: RasterSource) -> str:
    """Return the stretch to use: ``auto`` keeps 8-bit imagery as it is and stretches all else by percent."""
    if job.stretch != "auto":
        return job.stretch
    return "none" if source.dtype == np.uint8 else "percent"


def check_area(job: ExportTrainingData, source: RasterSource, grid: WorkingGrid, area: Window) -> None:
    """Raise an ``EngineError`` if no chip fits into the area, or the imagery not into the format."""
    if area.is_empty:
        raise EngineError("The extent lies outside the raster: choose one that touches it.")
    if min(area.height, area.width) < job.tile_size:
        raise EngineError(
            f"The area is {area.width} × {area.height} pixels at {grid.cell_metres[0]:.3g} m, too small for one chip of "
            f"{job.tile_size} × {job.tile_size}: choose a smaller tile size, a smaller cell size or a larger area."
        )
    if job.image_format != "TIFF" and len(source.bands) not in (1, 3):
        raise EngineError(f"{job.image_format} chips hold 1 or 3 bands, not {len(source.bands)}: choose TIFF or other bands.")
    if job.image_format != "TIFF" and source.dtype != np.uint8 and resolved_stretch(job, source) == "none":
        raise EngineError(
            f"{job.image_format} chips hold 8-bit imagery, the raster is {source.dtype}: choose a stretch, or TIFF."
        )
