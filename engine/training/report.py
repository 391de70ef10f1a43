"""What a training leaves behind besides the model: the report, the figures, the log."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from ...models.package import write_package
from ..report_page import facts_table, page, picture, safe
from ..reporter import Reporter
from .checkpoints import TrainingState
from .figures import draw_losses, draw_rate_search, draw_results
from .loader import BatchLoader, Request
from .output import FIGURES_FOLDER, LOG_FILE, LOSS_GRAPH, RATE_SEARCH, REPORT_FILE, SAMPLE_RESULTS
from .run import Run, info, settings_table

_COLUMNS = ("epoch", "train_loss", "valid_loss", "accuracy", "miou", "dice", "learning_rate", "seconds")


def write_model_folder(
    folder: Path, name: str, run: Run, record: TrainingState, loader: BatchLoader, validation: Sequence[Request],
    reporter: Reporter,
) -> None:
    """Write the whole model package into an existing folder."""
    figures = folder / FIGURES_FOLDER
    figures.mkdir()
    draw_losses(record, figures / LOSS_GRAPH)
    if record.search:
        draw_rate_search(record.search, figures / RATE_SEARCH)
    reporter.progress(1, 4)
    data = run.data
    draw_results(
        run.network, loader, validation, data.band_means, data.band_stds, run.device, figures / SAMPLE_RESULTS
    )
    reporter.progress(2, 4)
    lines = [json.dumps(epoch) for epoch in record.epochs]
    (folder / LOG_FILE).write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    report = render_report(name, settings_table(run, record), record, figures)
    (folder / REPORT_FILE).write_text(report, encoding="utf-8")
    reporter.progress(3, 4)
    write_package(folder, name, run.network, info(run, record))
    reporter.progress(4, 4)


def render_report(name: str, settings: Mapping[str, str], record: TrainingState, figures: Path) -> str:
    """Return the report as one HTML page that needs no other file."""
    title = f"Road model {name}"
    best = record.best
    summary = (
        f"Best epoch {best['epoch']:.0f}: dice {best['dice']:.3f}, mIoU {best['miou']:.3f}, accuracy {best['accuracy']:.3f}, "
        f"validation loss {best['valid_loss']:.3f}. Dice is that of the road class, mIoU the mean of road and background, "
        "all on validation chips that were not trained on."
    )
    header = "".join(f"<th>{safe(column)}</th>" for column in _COLUMNS)
    rows = "".join(_row(epoch, epoch is best) for epoch in record.epochs)
    curves = picture((figures / LOSS_GRAPH).read_bytes(), "Losses and scores per epoch")
    samples = picture((figures / SAMPLE_RESULTS).read_bytes(), "Image, truth and prediction of validation chips")
    search = figures / RATE_SEARCH
    if search.is_file():
        samples += f"<h2>Search for a learning rate</h2>{picture(search.read_bytes(), 'Loss against learning rate')}"
    return page(title, (
        f"<p>{safe(summary)}</p><h2>Settings</h2>{facts_table(settings)}"
        f'<h2>Scores per epoch</h2>{curves}<table class="scores"><tr>{header}</tr>{rows}</table>'
        f"<h2>Validation chips</h2>{samples}"
    ))


def _row(epoch: dict[str, float], is_best: bool) -> str:
    cells = "".join(f"<td>{_number(column, epoch[column])}</td>" for column in _COLUMNS)
    return f'<tr class="best">{cells}</tr>' if is_best else f"<tr>{cells}</tr>"


def _number(column: str, value: float) -> str:
    if column == "epoch":
        return f"{value:.0f}"
    return f"{value:.2e}" if column == "learning_rate" else f"{value:.1f}" if column == "seconds" else f"{value:.4f}"
