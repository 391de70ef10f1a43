"""The picture of a model's mistakes: the best and the worst validation chips, with what was found, missed and made up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from ...models.losses import IGNORE_ROAD
from .figures import candidates, displayed, road_probability, save_figure
from .loader import Batch, BatchLoader, Request
from .metrics import Confusion
from .run import Run

#: Chips of each kind, one below the other.
_ROWS = 3
_PANEL_INCHES = 2.6
_LONGEST_NAME = 26
#: The usual three, as far apart in lightness as they are in hue, for eyes that do not tell green from red.
HIT, FALSE, MISSED = (0.30, 0.90, 0.30), (0.85, 0.05, 0.10), (0.10, 0.35, 1.00)
_IGNORED = (0.0, 0.0, 0.0)
_OPACITY = 0.8


@dataclass(frozen=True)
class ScoredChip:
    """A validation chip, its name for people, and how its pixels came out at the threshold."""

    request: Request
    name: str
    confusion: Confusion

    @property
    def iou(self) -> float:
        """IoU of road, 0..1."""
        return self.confusion.figures()["iou"]

    @property
    def has_road(self) -> bool:
        """Whether the label holds a road pixel."""
        return self.confusion.hits + self.confusion.missed > 0


def draw_error_maps(run: Run, loader: BatchLoader, validation: Sequence[Request], threshold: float, path: Path) -> None:
    """Draw image and error map of the best and the worst chips with roads, by IoU; of any chips where none has a road.

    At most 64 chips are looked at, one at a time; the same model and chips give the same picture.

    Args:
        threshold: probability from which a pixel is road.
    """
    best, worst = choose(_score(run, loader, candidates(validation), threshold))
    groups = [(title, chips) for title, chips in (("Worst chips", worst), ("Best chips", best)) if chips]
    rows = max(len(chips) for _, chips in groups)
    figure = Figure(figsize=(2 * _PANEL_INCHES * len(groups), (_PANEL_INCHES + 0.3) * rows + 0.8), layout="constrained")
    panels = figure.subplots(rows, 2 * len(groups), squeeze=False)
    for panel in panels.flat:
        panel.set_axis_off()
    for number, (title, chips) in enumerate(groups):
        for row, chip in enumerate(chips):
            _draw_chip(panels[row, 2 * number], panels[row, 2 * number + 1], run, loader, chip, threshold)
            if row == 0:
                panels[row, 2 * number].annotate(
                    title, (0, 1), (0, 26), "axes fraction", textcoords="offset points", fontsize=12, fontweight="bold"
                )
    labels = (("found, TP", HIT), ("false alarm, FP", FALSE), ("missed, FN", MISSED), ("not counted", _IGNORED))
    figure.legend(
        handles=[Patch(facecolor=colour, edgecolor="grey", label=label) for label, colour in labels], loc="outside lower center",
        ncols=len(labels) if len(groups) > 1 else 2, frameon=False,
    )
    save_figure(figure, path)


def choose(chips: Sequence[ScoredChip]) -> tuple[list[ScoredChip], list[ScoredChip]]:
    """Return the best chips, best first, and the worst, worst first; none is in both, and only chips with roads where any has."""
    with_road = [chip for chip in chips if chip.has_road]
    # where there is no road at all, a false alarm is the only mistake there can be
    ranked = sorted(with_road, key=lambda chip: -chip.iou) or sorted(chips, key=lambda chip: chip.confusion.false)
    count = min(_ROWS, len(ranked) // 2)
    worst = ranked[::-1][:count]
    return ranked[: min(_ROWS, len(ranked) - count)], worst


def error_map(image: np.ndarray, probability: np.ndarray, label: np.ndarray, threshold: float) -> np.ndarray:
    """Return a picture (H, W, 3) in 0..1: the image in grey, found road green, false alarms red, missed road blue.

    Args:
        image: (H, W, 3) in 0..1. probability: (H, W) of road. label: (H, W), 0, 1, or 255 for pixels that do not count.
    """
    grey = 0.25 + 0.6 * image.mean(axis=2, keepdims=True)
    picture = np.repeat(grey, 3, axis=2)
    found, road = probability >= threshold, label == 1
    counted = label != IGNORE_ROAD
    for mask, colour in ((found & road, HIT), (found & ~road & counted, FALSE), (road & ~found, MISSED)):
        picture[mask] = (1 - _OPACITY) * picture[mask] + _OPACITY * np.array(colour)
    picture[~counted] = _IGNORED
    return picture


def confusion(probability: np.ndarray, label: np.ndarray, threshold: float) -> Confusion:
    """Return the pixel counts of a chip; arguments as in ``error_map``."""
    found, road, counted = probability >= threshold, label == 1, label != IGNORE_ROAD
    masks = (found & road, found & ~road & counted, road & ~found, ~found & ~road & counted)
    return Confusion(*(float(mask.sum()) for mask in masks))


def _score(run: Run, loader: BatchLoader, requests: Sequence[Request], threshold: float) -> list[ScoredChip]:
    windows = Counter(request.chip for request in requests)
    scored = []
    for request, chip in zip(requests, loader.batches(requests, 1)):
        name = run.data.chips[request.chip].image.stem
        if windows[request.chip] > 1:
            name += f" ({request.row}, {request.column})"
        scored.append(ScoredChip(request, name, confusion(_probability(run, chip), chip.road[0].numpy(), threshold)))
    return scored


def _draw_chip(left: Axes, right: Axes, run: Run, loader: BatchLoader, chip: ScoredChip, threshold: float) -> None:
    batch = next(loader.batches([chip.request], 1))
    image = displayed(batch.images[0].numpy())
    left.imshow(image)
    right.imshow(error_map(image, _probability(run, batch), batch.road[0].numpy(), threshold), interpolation_stage="rgba")
    counts = chip.confusion
    counted = max(1.0, counts.hits + counts.false + counts.missed + counts.empty)
    parts = (("TP", counts.hits), ("FP", counts.false), ("FN", counts.missed))
    shares = "  ".join(f"{label} {100 * value / counted:.1f} %" for label, value in parts)
    heading = f"IoU {chip.iou:.2f}" if chip.has_road else "no road"
    left.set_title(f"{_short(chip.name)}: {heading}", loc="left", fontsize=10)
    right.set_title(shares, loc="left", fontsize=10)


def _probability(run: Run, batch: Batch) -> np.ndarray:
    return road_probability(run.network, batch, run.data.band_means, run.data.band_stds, run.device)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else "…" + name[1 - _LONGEST_NAME:]
