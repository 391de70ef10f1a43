"""What a training leaves behind: the model package, and in it the report, the figures and the log."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from ...models.package import write_package
from ..report_page import facts_table, notice, page, picture, safe
from ..reporter import Reporter
from .best_threshold import USUAL, best_scores, best_threshold, describe_threshold
from .cancelling import cancellable
from .checkpoints import TrainingState
from .error_maps import draw_error_maps
from .figures import draw_losses, draw_rate_search, draw_results, draw_threshold_sweep
from .loader import BatchLoader, Request
from .network_scores import NetworkScores, score_networks
from .onnx_export import write_onnx
from .output import (
    ERROR_MAPS,
    FIGURES_FOLDER,
    LOG_FILE,
    LOSS_GRAPH,
    RATE_SEARCH,
    REPORT_FILE,
    SAMPLE_RESULTS,
    STAGE_CHANGES,
    THRESHOLD_SWEEP,
)
from .report_remarks import remarks
from .report_tables import class_table, epoch_table, network_section, stage_table, threshold_table
from .run import Run, info, settings_table
from .stage_figures import draw_stage_changes
from .stage_scores import StageScores, score_stages
from .tensorboard_log import keep_events

_STEPS = 8
#: Chips on which an ONNX file is held against the network.
_COMPARED = 2
_CAUTION = "It was chosen on these same validation chips, so on other imagery the gain may be smaller."


def write_model_folder(
    folder: Path, name: str, run: Run, record: TrainingState, loader: BatchLoader, validation: Sequence[Request],
    reporter: Reporter,
) -> dict[str, float]:
    """Write the whole model package into an existing folder.

    Returns:
        ``apls`` and ``topo_f1`` of the validation chips, if the job asks for them and the labels hold a network; of a network in
        two stages ``first_iou`` and the other scores of the first one.
    """
    networks = _network_scores(run, record, loader, validation, reporter) if run.job.network_scores else None
    figures = folder / FIGURES_FOLDER
    figures.mkdir()
    with cancellable(run.network, reporter):
        stages = score_stages(run, loader, validation, reporter)
        _draw(figures, run, record, loader, validation, reporter)
        if stages is not None:
            draw_stage_changes(run, loader, stages, figures / STAGE_CHANGES)
            reporter.log(_describe_stages(stages))
    lines = [json.dumps(epoch) for epoch in record.epochs]
    (folder / LOG_FILE).write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    section = network_section(networks) if run.job.network_scores else ""
    report = render_report(name, settings_table(run, record), _remarks(run, record), record, figures, section, stages)
    (folder / REPORT_FILE).write_text(report, encoding="utf-8")
    reporter.progress(6, _STEPS)
    further = {
        **(networks.figures() if networks is not None else {}), **(stages.figures() if stages is not None else {}),
    }
    write_package(folder, name, run.network, info(run, record, further))
    reporter.log(describe_threshold(record))
    if run.job.tensorboard:
        keep_events(Path(run.job.output_folder).expanduser().absolute(), folder)
    reporter.progress(7, _STEPS)
    if run.job.onnx:
        write_onnx(folder, name, next(loader.batches(validation[:_COMPARED], _COMPARED)).images, reporter)
    reporter.progress(_STEPS, _STEPS)
    results = {"apls": networks.apls, "topo_f1": networks.topo_f1} if networks is not None else {}
    return {**results, **(stages.figures() if stages is not None else {})}


def render_report(
    name: str, settings: Mapping[str, str], warnings: Sequence[str], record: TrainingState, figures: Path, networks: str = "",
    stages: StageScores | None = None,
) -> str:
    """Return the report as one HTML page that needs no other file.

    Args:
        settings: label and value of each line. warnings: sentences on what is off.
        figures: folder with the pictures; one that is not there is left out.
        networks: HTML of the section on road networks, empty for none.
        stages: scores of both stages, None for a network in one.
    """
    best, scores, threshold = record.best, best_scores(record), best_threshold(record)
    summary = (
        f"Best epoch {best['epoch']:.0f}: dice {best['dice']:.3f}, mIoU {best['miou']:.3f}, accuracy {best['accuracy']:.3f}, "
        f"validation loss {best['valid_loss']:.3f}. Dice is that of the road class (the same as F1), mIoU the mean of road and "
        "background, all at a threshold of 0.5, on validation chips that were not trained on."
    )
    sweep = _picture(figures, THRESHOLD_SWEEP, "Scores against the threshold")
    sections = [
        ("Settings", facts_table(settings)),
        ("What the second stage changed", _stage_section(stages, figures) if stages is not None else ""),
        ("Scores per epoch", _picture(figures, LOSS_GRAPH, "Losses and scores per epoch") + epoch_table(record.epochs, best)),
        ("Scores per class", f"<p>Of the best epoch; marked: at the model's threshold.</p>{class_table(scores, threshold)}"),
        ("Threshold", f"<p>{safe(describe_threshold(record))} {_CAUTION}</p>{sweep}{threshold_table(scores, threshold)}"),
        ("Road networks", networks),
        (
            "Errors",
            "<p>Found road is green (TP), false alarms are red (FP), missed road is blue (FN), at the model's threshold. The "
            "shares are of the chip's pixels.</p>" + _picture(figures, ERROR_MAPS, "Error maps of the worst and best chips"),
        ),
        ("Sample results", _picture(figures, SAMPLE_RESULTS, "Image, truth and prediction of validation chips")),
        ("Search for a learning rate", _picture(figures, RATE_SEARCH, "Loss against learning rate")),
    ]
    body = "".join(f"<h2>{safe(heading)}</h2>{content}" for heading, content in sections if content)
    return page(f"Road model {name}", f"<p>{safe(summary)}</p>{''.join(notice(each) for each in warnings)}{body}")


def _draw(
    figures: Path, run: Run, record: TrainingState, loader: BatchLoader, validation: Sequence[Request], reporter: Reporter
) -> None:
    data, threshold = run.data, best_threshold(record)
    reporter.progress(0, _STEPS)  # asks for "cancelled?", as after each picture
    draw_losses(record, figures / LOSS_GRAPH)
    reporter.progress(1, _STEPS)
    draw_threshold_sweep(best_scores(record), threshold, figures / THRESHOLD_SWEEP)
    reporter.progress(2, _STEPS)
    if record.search:
        draw_rate_search(record.search, figures / RATE_SEARCH)
        reporter.progress(3, _STEPS)
    draw_results(
        run.network, loader, validation, data.band_means, data.band_stds, run.device, figures / SAMPLE_RESULTS
    )
    reporter.progress(4, _STEPS)
    draw_error_maps(run, loader, validation, threshold, figures / ERROR_MAPS)
    reporter.progress(5, _STEPS)


def _network_scores(
    run: Run, record: TrainingState, loader: BatchLoader, validation: Sequence[Request], reporter: Reporter
) -> NetworkScores | None:
    reporter.phase(0.97, 0.99, "Comparing road networks")
    with cancellable(run.network, reporter):
        scores = score_networks(run, loader, validation, best_threshold(record), reporter)
    if scores is None:
        reporter.warning("No label of the validation chips holds a road of 40 m or more: there are no scores of road networks.")
    else:
        reporter.log(
            f"Road networks of the validation chips: APLS {scores.apls:.3f}, TOPO F1 {scores.topo_f1:.3f}, completeness "
            f"{scores.completeness:.1%}, correctness {scores.correctness:.1%}."
        )
    reporter.phase(0.99, 1.0, "Writing the model")
    return scores


def _stage_section(stages: StageScores, figures: Path) -> str:
    picture_text = (
        "<p>The chips on which most changed, by IoU. Found road is green (TP), false alarms are red (FP), missed road is blue "
        "(FN).</p>"
    )
    changes = _picture(figures, STAGE_CHANGES, "Errors of both stages where the second changed most")
    return (
        f"<p>{safe(_describe_stages(stages))}</p>{stage_table(stages)}"
        + (picture_text + changes if changes else "<p>No chip changed.</p>")
    )


def _describe_stages(stages: StageScores) -> str:
    before, after = stages.first.figures(), stages.second.figures()
    gains = sum(chip.gain > 0 for chip in stages.chips)
    return (
        f"From stage one to stage two, on the validation chips at {USUAL:g}: IoU {before['iou']:.4f} to {after['iou']:.4f}, F1 "
        f"{before['f1']:.4f} to {after['f1']:.4f}, relaxed F1 {before['relaxed_f1']:.4f} to {after['relaxed_f1']:.4f}; better on "
        f"{gains} of {len(stages.chips)} chips with roads."
    )


def _remarks(run: Run, record: TrainingState) -> list[str]:
    job = run.job
    frozen_at_random = job.freeze and not (job.pretrained_model or job.backbone_weights)
    return remarks(record, job.epochs, len(run.split.validation), frozen_at_random)


def _picture(figures: Path, file: str, description: str) -> str:
    path = figures / file
    return picture(path.read_bytes(), description) if path.is_file() else ""
