"""Compute Accuracy: a road raster against the truth, pixel by pixel, in memory that does not depend on its size."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rasterio

from ..jobs import ComputeAccuracy
from ..raster.grid import tile_windows
from ..raster.source import RasterSource
from ..raster.writing import atomic_output
from ..reporter import Reporter
from .accuracy_blocks import Block, BlockTable
from .accuracy_imagery import Imagery
from .accuracy_map import ErrorMap, write_error_names
from .accuracy_opening import check_request, open_scene
from .accuracy_page import Findings, render_page, summary
from .accuracy_pictures import Panel
from .pixel_counts import STEPS, PixelCounts, StepCounts
from .pixel_scene import Scene
from .pixel_sweep import Sweep, sweep
from .shown_names import shown

#: Pixels are compared in windows of this side, a multiple of the error map's blocks.
_WINDOW = 2048
#: Pictures of so many of the worst and of the best blocks, none with a longer side than this (pixels).
_PICTURES, _PICTURE_SIDE = 4, 1024
#: GDAL would take 5 % of all memory for what it has read; no pixel is read twice but at the rims of windows.
_GDAL_CACHE_BYTES = 128 * 2**20


@dataclass
class Tally:
    """What was counted in the whole area."""

    counts: PixelCounts
    steps: StepCounts
    blocks: BlockTable

    def sweep(self, scene: Scene) -> Sweep | None:
        """Return the scores at other thresholds; None for classes, also for those stored as the probabilities 0 and 1."""
        if not scene.prediction.has_probability:
            return None
        between = (self.steps.road + self.steps.background)[1 : STEPS - 1]
        return sweep(self.steps) if between.any() else None


def compute_accuracy(job: ComputeAccuracy, reporter: Reporter) -> dict[str, Any]:
    """Run the job; see its docstring for the parameters.

    A pixel counts where the prediction holds data, the truth is known, and the mask has its centre inside; nothing else is
    looked at. A score with nothing to count (precision where nothing was found, recall where there is no road) is 0.

    Returns:
        ``report``, ``error_map`` (empty if not asked for); ``precision``, ``recall``, ``f1``, ``dice``, ``iou``, ``miou``,
        ``accuracy``, ``kappa``, ``relaxed_precision``, ``relaxed_recall``, ``relaxed_f1``; ``mean_block_f1``,
        ``mean_block_iou``; ``threshold``, ``tolerance`` (metres along x); ``scored_pixels``, ``road_share`` of them in the
        truth; for probabilities ``best_threshold``, ``best_f1``, ``break_even``, ``relaxed_break_even``, else None (also
        where precision and recall never meet).

    Raises:
        EngineError: a parameter is out of range, an input cannot be read or does not meet the others, no pixel can be compared,
            or the disk is full.
    """
    check_request(job)
    with rasterio.Env(GDAL_CACHEMAX=_GDAL_CACHE_BYTES), contextlib.ExitStack() as stack:
        reporter.phase(0.0, 0.05, "Looking at prediction and truth")
        scene = open_scene(job, stack, reporter)
        imagery = _open_imagery(job, scene, stack)
        partial = stack.enter_context(atomic_output(Path(job.report), job.run_id))
        error_map = _open_error_map(job, scene, stack)
        tally = _count(scene, job.block_size, error_map, reporter)
        scene.counted.check()
        scene.check()
        scene.truth.tell(reporter)
        if not job.mask and tally.blocks.incomplete_truth:
            reporter.warning(tally.blocks.incomplete_truth)
        swept = tally.sweep(scene)
        reporter.phase(0.9, 0.97, "Drawing the report")
        worst = _panels(scene, imagery, tally.blocks.worst[:_PICTURES], reporter)
        best = _panels(scene, imagery, tally.blocks.best[:_PICTURES], reporter)
        facts = _facts(job, scene, tally)
        findings = Findings(tally.counts, tally.blocks, swept, job.threshold, _tolerance_text(scene), facts, worst, best)
        partial.write_text(render_page(findings, scene.prediction.grid), encoding="utf-8")
        reporter.phase(0.97, 1.0, "Writing overviews")
        if error_map is not None:
            error_map.finish()
    if job.error_map:
        write_error_names(Path(job.error_map))
    reporter.log(summary(tally.counts))
    if swept is not None:
        reporter.log(f"Best threshold here: {swept.thresholds[swept.best]:.3f}, with F1 {swept.f1[swept.best]:.4f}.")
    return _result(job, scene, tally, swept)


def _open_imagery(job: ComputeAccuracy, scene: Scene, stack: contextlib.ExitStack) -> Imagery | None:
    if not job.imagery:
        return None
    source = stack.enter_context(RasterSource(job.imagery, job.imagery_crs, colours=True))
    own = scene.prediction.source
    assert own.crs is not None
    return Imagery(source, scene.prediction.grid, own.crs)


def _open_error_map(job: ComputeAccuracy, scene: Scene, stack: contextlib.ExitStack) -> ErrorMap | None:
    if not job.error_map:
        return None
    crs = scene.prediction.source.crs
    assert crs is not None
    partial = stack.enter_context(atomic_output(Path(job.error_map), job.run_id))
    return stack.enter_context(ErrorMap(partial, scene.prediction.grid, scene.area, crs.to_wkt()))


def _count(scene: Scene, block_size: int, error_map: ErrorMap | None, reporter: Reporter) -> Tally:
    """Stream the area through the counts and into the error map."""
    area = scene.area
    tally = Tally(PixelCounts(), StepCounts(), BlockTable(area, block_size))
    reporter.log(f"{area.width} × {area.height} pixels; tolerance of the relaxed scores: {_tolerance_text(scene)}.")
    reporter.phase(0.05, 0.9, "Comparing")
    done = 0
    for window in tile_windows(area, _WINDOW, _WINDOW):
        comparison = scene.compare(window)
        tally.counts.add(tally.blocks.add(comparison, window))
        if comparison.step is not None:
            tally.steps.add(comparison)
        if error_map is not None:
            error_map.write(window, comparison.errors())
        if window.column + window.width == area.column + area.width:
            tally.blocks.close_rows(window.row + window.height)
        done += window.height * window.width
        reporter.progress(done, area.height * area.width, done / 1e6, "Mpx")
    return tally


def _panels(scene: Scene, imagery: Imagery | None, blocks: Sequence[Block], reporter: Reporter) -> list[Panel]:
    panels = []
    for block in blocks:
        reporter.check_cancelled()
        errors = scene.compare(block.window).errors()
        image = imagery.picture(block.window) if imagery is not None else None
        step = math.ceil(max(errors.shape) / _PICTURE_SIDE)
        title = f"block {block.row}, {block.column}: F1 {block.f1:.2f}"
        panels.append(Panel(title, errors[::step, ::step], None if image is None else image[::step, ::step]))
    return panels


def _tolerance_text(scene: Scene) -> str:
    (cell_x, cell_y), reach = scene.prediction.grid.cell_metres, scene.reach
    across, along = f"{reach.columns * cell_x:.3g}", f"{reach.rows * cell_y:.3g}"
    metres = f"{across} m" if across == along else f"{across} m by {along} m"
    pixels = f"{reach.columns:.3g}" if math.isclose(reach.columns, reach.rows) else f"{reach.columns:.3g} by {reach.rows:.3g}"
    return f"{metres} ({pixels} pixels)"


def _facts(job: ComputeAccuracy, scene: Scene, tally: Tally) -> dict[str, str]:
    """Return the lines of the report that say what was compared."""
    area, cell = scene.area, scene.prediction.grid.cell_metres
    scored, every = tally.counts.confusion.total, area.height * area.width
    facts = {
        "Prediction": f"{shown(job.prediction_name, job.prediction)} ({scene.prediction.kind})",
        "Truth": shown(job.truth_name, job.truth, job.truth_layer) + (f", road is {job.truth_label}" if job.truth_label else ""),
        "Mask": shown(job.mask_name, job.mask, job.mask_layer) or "none",
        "Extent": ", ".join(f"{value:.9g}" for value in job.extent) or "the whole prediction",
        "Pixels": f"{area.width} × {area.height} of {cell[0]:.3g} × {cell[1]:.3g} m",
        "Scored": f"{scored:,.0f} of {every:,} pixels ({scored / every:.1%}); the rest is nodata in either or outside the mask",
        "Tolerance": _tolerance_text(scene),
        "Imagery": shown("", job.imagery) or "none",
    }
    if scene.prediction.has_probability:
        facts["Threshold"] = f"{job.threshold:.4g}"
    if scene.truth.from_features:
        facts["Road width"] = f"{job.road_width:g} m" + (f", or the field {job.width_field}" if job.width_field else "")
    return facts


def _result(job: ComputeAccuracy, scene: Scene, tally: Tally, swept: Sweep | None) -> dict[str, Any]:
    confusion = tally.counts.confusion
    strict, relaxed = (None, None) if swept is None else (swept.break_even, swept.relaxed_break_even)
    return {
        "report": job.report, "error_map": job.error_map, **tally.counts.figures(),
        "mean_block_f1": tally.blocks.mean_f1, "mean_block_iou": tally.blocks.mean_iou,
        "threshold": job.threshold, "tolerance": scene.reach.columns * scene.prediction.grid.cell_metres[0],
        "scored_pixels": int(confusion.total), "road_share": (confusion.hits + confusion.missed) / confusion.total,
        "best_threshold": None if swept is None else float(swept.thresholds[swept.best]),
        "best_f1": None if swept is None else float(swept.f1[swept.best]),
        "break_even": None if strict is None else strict.value,
        "relaxed_break_even": None if relaxed is None else relaxed.value,
    }
