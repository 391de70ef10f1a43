"""The page of an accuracy report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..raster.grid import WorkingGrid
from ..report_page import facts_table, page, picture, safe
from ..scores import Confusion, share
from .accuracy_blocks import Block, BlockTable
from .accuracy_pictures import Panel, draw_blocks, draw_histogram, draw_sweep
from .pixel_counts import PixelCounts
from .pixel_sweep import BreakEven, Sweep

#: Key of a score: its name, and what it says in one sentence.
SENTENCES = {
    "f1": ("F1 (Dice)", "Balance of precision and recall, 1 at best: the one figure to compare models by."),
    "precision": ("Precision", "Share of the road that was found which really is road; the rest was invented."),
    "recall": ("Recall", "Share of the real road that was found; the rest was missed."),
    "iou": ("IoU of road", "Found and real road in common, as a share of both together; never higher than F1."),
    "miou": ("Mean IoU", "Mean of the IoU of road and of background; background is easy, so this looks better than it is."),
    "relaxed_f1": ("Relaxed F1", "F1 when a road may lie beside its truth by the tolerance: forgives shifted and wider lines."),
    "relaxed_precision": ("Relaxed precision", "Share of the road that was found which lies within the tolerance of real road."),
    "relaxed_recall": ("Relaxed recall", "Share of the real road that lies within the tolerance of road that was found."),
    "accuracy": ("Accuracy", "Share of all pixels that are right; with little road it is high even if no road is found."),
    "kappa": ("Kappa", "Agreement beyond what chance would give: 1 is full agreement, 0 no more than chance."),
}
_SWEPT = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
_SHOWN = {
    "precision": "precision", "recall": "recall", "f1": "F1", "iou": "IoU", "relaxed_precision": "relaxed precision",
    "relaxed_recall": "relaxed recall", "relaxed_f1": "relaxed F1",
}


@dataclass(frozen=True)
class Findings:
    """What an accuracy report tells.

    Attributes:
        counts: of the whole area. blocks: its squares. sweep: None for a classified prediction. threshold: that was used.
        tolerance: of the relaxed scores, as text. facts: label and value of each line about what was compared.
        worst, best: pictures of blocks.
    """

    counts: PixelCounts
    blocks: BlockTable
    sweep: Sweep | None
    threshold: float
    tolerance: str
    facts: Mapping[str, str]
    worst: Sequence[Panel]
    best: Sequence[Panel]


def render_page(findings: Findings, grid: WorkingGrid) -> str:
    """Return the page as HTML that needs no other file; ``grid`` tells where the blocks lie."""
    sections = [
        ("Scores", _scores(findings)),
        ("Right and wrong pixels", _confusion(findings.counts.confusion) + _classes(findings.counts.confusion)),
    ]
    if findings.sweep is not None:
        sections.append(("Other thresholds", _thresholds(findings.sweep, findings.threshold)))
    sections.append(("Where it is good and where not", _places(findings, grid)))
    sections.append(("What was compared", facts_table(findings.facts)))
    body = "".join(f"<h2>{safe(heading)}</h2>{content}" for heading, content in sections)
    return page("Accuracy of a road raster", f"<p>{safe(summary(findings.counts))}</p>" + body)


def summary(counts: PixelCounts) -> str:
    """Return the result in a sentence or two."""
    confusion = counts.confusion
    found, road = confusion.hits + confusion.false, confusion.hits + confusion.missed
    if not found and not road:
        return "Neither the prediction nor the truth holds any road: there is nothing to score, and scores of road are 0."
    if not road:
        return "The truth holds no road there, so all that was found is wrong; recall is 0 because there is nothing to find."
    if not found:
        return "The prediction holds no road there, so all road was missed; precision is 0 because nothing was found."
    figures = counts.figures()
    return (
        f"Of the real road {figures['recall']:.1%} was found, and {figures['precision']:.1%} of what was found is real road: "
        f"F1 {figures['f1']:.3f}, IoU {figures['iou']:.3f}. With the tolerance it is {figures['relaxed_recall']:.1%} and "
        f"{figures['relaxed_precision']:.1%}: F1 {figures['relaxed_f1']:.3f}."
    )


def _scores(findings: Findings) -> str:
    figures = findings.counts.figures()
    rows = [(name, f"{figures[key]:.4f}", sentence) for key, (name, sentence) in SENTENCES.items()]
    if findings.sweep is not None:
        rows += [
            ("Break-even", _value(findings.sweep.break_even),
             "Precision and recall at the threshold where they are equal, whatever threshold was chosen."),
            ("Relaxed break-even", _value(findings.sweep.relaxed_break_even),
             "The same of the relaxed ones: the figure by which road extractors are compared since Mnih and Hinton."),
        ]
    lines = "".join(
        f'<tr><th style="text-align:left">{safe(name)}</th><td>{value}</td><td style="text-align:left">{safe(text)}</td></tr>'
        for name, value, text in rows
    )
    tolerance = f"<p>The tolerance of the relaxed scores is {safe(findings.tolerance)}. A score with nothing to count is 0.</p>"
    return f'<table class="scores">{lines}</table>{tolerance}'


def _confusion(confusion: Confusion) -> str:
    def cell(count: float) -> str:
        return f"<td>{count:,.0f} ({share(count, confusion.total):.2%})</td>"

    return (
        '<table class="scores"><tr><th></th><th>truth: road</th><th>truth: background</th></tr>'
        f"<tr><th>found: road</th>{cell(confusion.hits)}{cell(confusion.false)}</tr>"
        f"<tr><th>found: background</th>{cell(confusion.missed)}{cell(confusion.empty)}</tr></table>"
    )


def _classes(confusion: Confusion) -> str:
    keys = ("precision", "recall", "f1", "iou")
    header = "".join(f"<th>{name}</th>" for name in ("class", "precision", "recall", "F1", "IoU"))
    rows = ""
    for name, counts in (("road", confusion), ("background", confusion.background)):
        figures = counts.figures()
        rows += f"<tr><th>{name}</th>" + "".join(f"<td>{figures[key]:.4f}</td>" for key in keys) + "</tr>"
    return f'<table class="scores"><tr>{header}</tr>{rows}</table>'


def _thresholds(sweep: Sweep, threshold: float) -> str:
    best = sweep.best
    text = (
        f"The best threshold is {sweep.thresholds[best]:.3f}: F1 {sweep.f1[best]:.4f}, IoU {sweep.iou[best]:.4f}; this report "
        f"used {threshold:.3f}. A threshold chosen on the same area that is scored flatters the model: choose it on another."
    )
    header = "<th>threshold</th>" + "".join(f"<th>{safe(name)}</th>" for name in _SHOWN.values())
    places = sorted({best, *(round(value * 256) - 1 for value in _SWEPT)})
    rows = ""
    for place in places:
        cells = "".join(f"<td>{getattr(sweep, name)[place]:.4f}</td>" for name in _SHOWN)
        rows += f'<tr{" class=best" if place == best else ""}><td>{sweep.thresholds[place]:.3f}</td>{cells}</tr>'
    curves = picture(draw_sweep(sweep, threshold), "Scores against the threshold, and precision against recall")
    return f'<p>{safe(text)}</p>{curves}<table class="scores"><tr>{header}</tr>{rows}</table>'


def _places(findings: Findings, grid: WorkingGrid) -> str:
    blocks = findings.blocks
    if not blocks.with_road:
        return "<p>No block holds any road.</p>"
    text = (
        f"{blocks.with_road} blocks of {blocks.side} × {blocks.side} pixels hold road. Their mean F1 is {blocks.mean_f1:.3f}, "
        f"their mean IoU {blocks.mean_iou:.3f}, each block counting alike. {blocks.truth_only} of them have road in the truth "
        f"only, {blocks.found_only} in the prediction only. Blocks with hardly any road are not listed."
    )
    result = f"<p>{safe(text)}</p>" + picture(draw_histogram(blocks.histogram, blocks.mean_f1), "Blocks by F1")
    for heading, panels, listed in (("Worst", findings.worst, blocks.worst), ("Best", findings.best, blocks.best)):
        if listed:
            drawn = picture(draw_blocks(panels), f"{heading} blocks with their errors") if panels else ""
            result += f"<h3>{heading} blocks</h3>{drawn}{_block_table(listed, grid)}"
    return result


def _block_table(blocks: Sequence[Block], grid: WorkingGrid) -> str:
    names = ("block (row, column)", "F1", "relaxed F1", "IoU", "precision", "recall", "road found", "invented", "missed",
             "centre on the map")
    rows = ""
    for block in blocks:
        figures, counts = block.counts.figures(), block.counts
        x, y = grid.transform * (block.window.column + block.window.width / 2, block.window.row + block.window.height / 2)
        cells = [f"{block.row}, {block.column}"]
        cells += [f"{figures[key]:.3f}" for key in ("f1", "relaxed_f1", "iou", "precision", "recall")]
        cells += [f"{count:,}" for count in (counts.hits, counts.false, counts.missed)]
        cells.append(f"{x:.9g}, {y:.9g}")
        rows += "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
    header = "".join(f"<th>{name}</th>" for name in names)
    return f'<table class="scores"><tr>{header}</tr>{rows}</table>'


def _value(point: BreakEven | None) -> str:
    return "–" if point is None else f"{point.value:.4f} at {point.threshold:.3f}"
