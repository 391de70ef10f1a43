"""Preview Training Data: chips with their labels laid over, and figures that tell whether an export is any good."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import EngineError
from ...jobs import PreviewTrainingData
from ...raster.writing import atomic_output, check_writable
from ...reporter import Reporter
from ..augmentation import augment
from ..reading.folder import TrainingFolder, open_training_folder, read_chip
from .alignment_judgement import judge_alignment
from .judgement import Mark, overall_road_share
from .preview_figures import COLUMNS, Panel, as_picture, display_limits, draw_chips
from .preview_page import render_page
from .quality import ChipMeasures, measure_quality, stem

_MOST_ROWS = 25


def preview_training_data(job: PreviewTrainingData, reporter: Reporter) -> dict[str, Any]:
    """Run the job; see its docstring for the parameters.

    Returns:
        ``output`` (page), ``picture`` (empty if none was asked for), ``chip_count`` (chips of all folders), ``road_share`` (share
        of the known pixels that is road, of the chips looked at).

    Raises:
        EngineError: a parameter is out of range, a folder is no training data, or a file cannot be read or written.
    """
    _check_request(job)
    reporter.phase(0.0, 0.05, "Opening the training data")
    folders = []
    for number, path in enumerate(job.training_data, 1):
        folders.append(open_training_folder(path, job.road_label))
        reporter.progress(number, len(job.training_data))
    reporter.phase(0.05, 0.85, "Looking at chips")
    quality = measure_quality(folders, job.seed, reporter)
    reporter.phase(0.85, 1.0, "Drawing")
    chosen = choose_chips(quality.chips, job.rows * COLUMNS // (2 if job.augmented else 1))
    chips_png = draw_chips(_panels(folders, chosen, job), job.alpha)
    reporter.progress(1, 2)
    page = render_page(folders, quality, chips_png, _caption(job, folders))
    reporter.progress(2, 2)
    _write(job, page, chips_png)
    for folder, alignment in zip(folders, quality.alignments):
        judgement = judge_alignment(alignment, folder)
        if judgement.mark is Mark.LOOK:
            reporter.warning(f"{folder.path}: {judgement.text}")
    share = overall_road_share(quality)
    reporter.log(f"{quality.total} chips, {len(quality.chips)} looked at, {share:.1%} of their pixels are road: {job.output}")
    return {"output": job.output, "picture": job.picture, "chip_count": quality.total, "road_share": share}


def choose_chips(measures: Sequence[ChipMeasures], count: int) -> list[ChipMeasures]:
    """Return up to ``count`` chips from the least to the most road: one without road if there is one, the rest evenly spread."""
    ranked = sorted(measures, key=lambda chip: (chip.road_share, chip.folder, chip.index))
    if len(ranked) <= count:
        return ranked
    empty = [chip for chip in ranked if not chip.road_pixels]
    roads = [chip for chip in ranked if chip.road_pixels]
    shown_empty = max(min(len(empty), 1), count - len(roads)) if count > 1 or not roads else 0
    wanted = count - shown_empty
    if wanted > 1:
        picks = np.linspace(0, len(roads) - 1, wanted).round().astype(int)
    else:
        picks = np.array([len(roads) // 2] * wanted, int)
    return [*empty[:shown_empty], *(roads[pick] for pick in picks)]


def _check_request(job: PreviewTrainingData) -> None:
    if not job.training_data:
        raise EngineError("No training data folder was given: choose one that Export Training Data made.")
    if not 1 <= job.rows <= _MOST_ROWS:
        raise EngineError(f"{job.rows} rows of chips cannot be shown: choose 1 to {_MOST_ROWS}.")
    if not 0 <= job.alpha <= 1:
        raise EngineError(f"The opacity of the labels is {job.alpha:g}: choose a number from 0 (invisible) to 1.")
    for text, suffix, what in ((job.output, ".html", "page"), (job.picture, ".png", "picture")):
        if not text and suffix == ".png":
            continue
        path = Path(text)
        if path.suffix.lower() != suffix:
            raise EngineError(f"'{text}' cannot be the {what} of the preview: choose a file name that ends in {suffix}.")
        if path.is_dir():
            raise EngineError(f"{path} is a folder: choose a file name for the {what} of the preview.")
        check_writable(path.parent)


def _panels(folders: Sequence[TrainingFolder], chosen: Sequence[ChipMeasures], job: PreviewTrainingData) -> list[Panel]:
    """Read the chosen chips again; each folder is shown with one stretch, its varied chips with that of the stored ones."""
    chips = [read_chip(folders[each.folder].chips[each.index]) for each in chosen]
    limits = {}
    for number in {each.folder for each in chosen}:
        own = [chip for chip, each in zip(chips, chosen) if each.folder == number]
        limits[number] = display_limits([image for image, _ in own], [label for _, label in own])
    panels = []
    for position, (measures, (image, label)) in enumerate(zip(chosen, chips)):
        folder = folders[measures.folder]
        name = stem(folder.chips[measures.index].image)
        panels.append(Panel(f"{name}: {measures.road_share:.1%} road", as_picture(image, *limits[measures.folder]), label))
        if job.augmented:
            generator = np.random.default_rng([job.seed, position])
            varied, varied_label = augment(image, label, folder.tile_size, generator)
            panels.append(Panel("varied as in training", as_picture(varied, *limits[measures.folder]), varied_label))
    return panels


def _caption(job: PreviewTrainingData, folders: Sequence[TrainingFolder]) -> str:
    counts = {folder.band_count for folder in folders}
    plain = counts == {3} and all(folder.dtype == "uint8" for folder in folders)
    shown = "as they are" if plain else "stretched between percent 2 and 98 of their values"
    bands = "the first three bands as red, green and blue" if min(counts) >= 3 else "the first band in grey"
    varied = " Beside each chip stands one of the variants that training makes of it." if job.augmented else ""
    return (
        f"From little road to much. Roads are red; blue stripes are ignored: neither learned nor scored. Shown {shown}, "
        f"{bands}.{varied}"
    )


def _write(job: PreviewTrainingData, page: str, chips_png: bytes) -> None:
    """Write both files, or neither."""
    with contextlib.ExitStack() as stack:
        stack.enter_context(atomic_output(Path(job.output), job.run_id)).write_text(page, encoding="utf-8")
        if job.picture:
            stack.enter_context(atomic_output(Path(job.picture), job.run_id)).write_bytes(chips_png)
