"""The picture of what the second of two stages changed, for better and for worse."""

from __future__ import annotations

from pathlib import Path

from matplotlib.figure import Figure
from matplotlib.patches import Patch

from ...models.two_stage import TwoStageNetwork
from .error_maps import FALSE, HIT, MISSED, error_map
from .figures import displayed, save_figure
from .loader import BatchLoader
from .run import Run
from .stage_scores import ChangedChip, StageScores, stage_maps

#: Chips of each kind, one below the other.
_ROWS = 3
_PANEL_INCHES = 2.6


def draw_stage_changes(run: Run, loader: BatchLoader, scores: StageScores, path: Path) -> None:
    """Draw image, errors of the first and errors of the second stage of the chips that changed most, at 0.5.

    Found road is green, false alarms are red, missed road is blue, as in the paper of Li, Comer and Zerubia (2022). Nothing is
    drawn where no chip changed.
    """
    better, worse = scores.most_changed(_ROWS)
    rows = [(title, chip) for title, chips in (("Better", better), ("Worse", worse)) for chip in chips]
    if not rows:
        return
    figure = Figure(figsize=(3 * _PANEL_INCHES + 0.6, (_PANEL_INCHES + 0.3) * len(rows) + 0.6), layout="constrained")
    panels = figure.subplots(len(rows), 3, squeeze=False)
    for panel in panels.flat:
        panel.set_axis_off()
    for (title, chip), row in zip(rows, panels):
        _draw_chip(row, title, run, loader, chip)
    labels = (("found, TP", HIT), ("false alarm, FP", FALSE), ("missed, FN", MISSED))
    figure.legend(
        handles=[Patch(facecolor=colour, label=label) for label, colour in labels], loc="outside lower center", ncols=3,
        frameon=False,
    )
    save_figure(figure, path)


def _draw_chip(row: list, title: str, run: Run, loader: BatchLoader, chip: ChangedChip) -> None:
    assert isinstance(run.network, TwoStageNetwork)
    batch = next(loader.batches([chip.request], 1))
    image, label = displayed(batch.images[0].numpy()), batch.road[0].numpy()
    first, second = stage_maps(run.network, run, batch)
    row[0].imshow(image)
    row[0].set_title(f"{title}: {chip.name}", loc="left", fontsize=10)
    for panel, stage, probability, iou in ((row[1], "one", first, chip.first_iou), (row[2], "two", second, chip.second_iou)):
        panel.imshow(error_map(image, probability.numpy(), label, 0.5), interpolation_stage="rgba")
        panel.set_title(f"stage {stage}: IoU {iou:.2f}", loc="left", fontsize=10)
