"""The tables of a training's report, as HTML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..report_page import safe
from .best_threshold import USUAL
from .metrics import STEPS, Confusion, RoadScores
from .network_scores import NetworkScores
from .stage_scores import StageScores

_EPOCH_COLUMNS = (
    "epoch", "train_loss", "valid_loss", "accuracy", "miou", "dice", "iou", "relaxed_f1", "learning_rate", "seconds"
)
_SCORES = ("precision", "recall", "f1", "iou")
_SHOWN_THRESHOLDS = tuple(tenth / 10 for tenth in range(1, 10))


def epoch_table(epochs: Sequence[Mapping[str, float]], best: Mapping[str, float]) -> str:
    """Return the figures of every epoch, the best one marked."""
    rows = (([_figure(name, epoch[name]) for name in _EPOCH_COLUMNS], epoch["epoch"] == best["epoch"]) for epoch in epochs)
    return _table(_EPOCH_COLUMNS, rows)


def class_table(scores: RoadScores, threshold: float) -> str:
    """Return precision, recall, F1 and IoU of road and of background, at the threshold and at 0.5."""
    rows = []
    for each in dict.fromkeys((threshold, USUAL)):
        road = scores.confusion(round(each * STEPS))
        for name, counts in (("road", road), ("background", background(road))):
            cells = [name, f"{each:.2f}", *(f"{counts.figures()[score]:.4f}" for score in _SCORES)]
            rows.append((cells, each == threshold))
    return _table(("class", "threshold", *_SCORES), rows)


def threshold_table(scores: RoadScores, threshold: float) -> str:
    """Return the scores of road at every tenth and at the chosen threshold, which is marked."""
    rows = []
    for each in sorted({*_SHOWN_THRESHOLDS, threshold}):
        figures = scores.confusion(round(each * STEPS)).figures()
        rows.append(([f"{each:.2f}", *(f"{figures[score]:.4f}" for score in _SCORES)], each == threshold))
    return _table(("threshold", *_SCORES), rows)


def network_section(scores: NetworkScores | None) -> str:
    """Return the scores of the validation chips' road networks, each with a sentence; a sentence alone where there are none."""
    if scores is None:
        return (
            "<p>No label of the validation chips holds a road that is long enough for a network (40 m), so there is nothing to "
            "compare: use more chips, or larger ones.</p>"
        )
    rows = [
        ("APLS", f"{scores.apls:.3f}", "Are routes as long as they should be? 1 if all are, 0 if none is possible."),
        ("… label to roads", f"{scores.label_to_roads:.3f}", "Routes of the label on the found roads: missing links show."),
        ("… roads to label", f"{scores.roads_to_label:.3f}", "Routes of the found roads on the label: false links show."),
        ("TOPO F1", f"{scores.topo_f1:.3f}", "Does one come through the same streets? Precision and recall in one."),
        ("TOPO precision", f"{scores.topo_precision:.1%}", "Of the streets around a start on the found roads, so many are true."),
        ("TOPO recall", f"{scores.topo_recall:.1%}", "Of the streets around a start on the label, so many are found."),
        ("Completeness", f"{scores.completeness:.1%}", "Of the label's centre lines, so much lies beside a found road."),
        ("Correctness", f"{scores.correctness:.1%}", "Of the found centre lines, so much lies beside a road of the label."),
        ("Relaxed F1", f"{scores.relaxed_f1:.3f}", "Of pixels, at the model's threshold, with three pixels to spare."),
    ]
    cells = "".join(f"<tr><th>{safe(name)}</th><td><b>{value}</b></td><td>{safe(said)}</td></tr>" for name, value, said in rows)
    reach, chips = scores.reach, "1 validation chip" if scores.chips == 1 else f"{scores.chips} validation chips"
    return (
        f"<p>Of {chips}, drawn as Raster to road vector does with its defaults, at the model's threshold: "
        f"{scores.label_km:.2f} km of road in the labels, {scores.roads_km:.2f} km found. The truth is the labels' own centre "
        f'lines, so a bridge is a junction in both.</p><table class="facts">{cells}</table>'
        f"<p>Control points of APLS every 50 m are found within {reach.snap:g} m, lines match within {reach.buffer:g} m, TOPO's "
        f"points within {reach.topo:g} m. Chips count by their length of road. Routes end where a chip does, so a broken main "
        "road costs less here than in a town: see Compare road networks.</p>"
    )


def stage_table(scores: StageScores) -> str:
    """Return precision, recall, F1, IoU and relaxed F1 of both stages at 0.5, and the first four at each one's best threshold."""
    rows = []
    for name, stage in (("one", scores.first), ("two", scores.second)):
        figures = stage.figures()
        rows.append(([name, f"{USUAL:.2f}", *(f"{figures[each]:.4f}" for each in (*_SCORES, "relaxed_f1"))], name == "two"))
    for name, stage in (("one", scores.first), ("two", scores.second)):
        best = stage.best_threshold()
        figures = stage.confusion(round(best * STEPS)).figures()
        rows.append(([name, f"{best:.2f}, its best", *(f"{figures[each]:.4f}" for each in _SCORES), "–"], name == "two"))
    return _table(("stage", "threshold", *_SCORES, "relaxed F1"), rows)


def background(road: Confusion) -> Confusion:
    """Return the counts with background as what is looked for: found where it is, found where a road is, and so on."""
    return Confusion(hits=road.empty, false=road.missed, missed=road.false, empty=road.hits)


def _table(columns: Iterable[str], rows: Iterable[tuple[Sequence[str], bool]]) -> str:
    """Return a table; each row with whether it is marked."""
    lines = [f"<tr>{''.join(f'<th>{safe(column)}</th>' for column in columns)}</tr>"]
    for cells, marked in rows:
        line = "".join(f"<td>{safe(cell)}</td>" for cell in cells)
        lines.append(f'<tr class="best">{line}</tr>' if marked else f"<tr>{line}</tr>")
    return f'<table class="scores">{"".join(lines)}</table>'


def _figure(column: str, value: float) -> str:
    if column == "epoch":
        return f"{value:.0f}"
    return f"{value:.2e}" if column == "learning_rate" else f"{value:.1f}" if column == "seconds" else f"{value:.4f}"
