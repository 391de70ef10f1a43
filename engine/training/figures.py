"""The figures of a training: losses and scores per epoch and per threshold, and some validation chips with their results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ...models.losses import IGNORE_ROAD
from ...models.network import RoadNetwork
from ...models.normalisation import normalise
from .checkpoints import TrainingState
from .loader import Batch, BatchLoader, Request
from .metrics import RoadScores

_ROWS = 4
#: Validation chips that are looked at for the pictures; more would take as long as another epoch.
_CANDIDATES = 64


def draw_losses(record: TrainingState, path: Path) -> None:
    """Draw training and validation loss, and the scores, against the epochs."""
    epochs = [each["epoch"] for each in record.epochs]
    figure = Figure(figsize=(10, 4.2), layout="constrained")
    losses, scores = figure.subplots(1, 2)
    for axes, names in ((losses, ("train_loss", "valid_loss")), (scores, ("accuracy", "miou", "dice", "iou", "relaxed_f1"))):
        for name in names:
            axes.plot(epochs, [each[name] for each in record.epochs], marker="o", markersize=3, label=name)
        axes.axvline(record.best["epoch"], color="grey", linestyle=":", label="best epoch")
        axes.set_xlabel("epoch")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid(alpha=0.3)
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=3, frameon=False)
    scores.set_ylim(0, 1.02)
    losses.set_title("loss")
    scores.set_title("scores on the validation chips")
    save_figure(figure, path)


def draw_rate_search(search: Mapping[str, Any], path: Path) -> None:
    """Draw the loss against the learning rate in the search for one, and the rate that was chosen."""
    figure = Figure(figsize=(6, 3.6), layout="constrained")
    axes = figure.subplots()
    axes.plot(search["rates"], search["losses"], color="lightgrey", label="loss")
    axes.plot(search["rates"], search["smoothed"], label="smoothed")
    axes.axvline(search["suggestion"], color="grey", linestyle=":", label=f"chosen: {search['suggestion']:.1e}")
    axes.set_xscale("log")
    axes.set_xlabel("learning rate")
    axes.set_ylabel("loss")
    axes.grid(alpha=0.3)
    axes.legend()
    save_figure(figure, path)


def draw_threshold_sweep(scores: RoadScores, threshold: float, path: Path) -> None:
    """Draw precision, recall, F1 and IoU of road against the threshold, and the one that was chosen."""
    figure = Figure(figsize=(7, 3.8), layout="constrained")
    axes = figure.subplots()
    thresholds, figures = zip(*scores.sweep())
    lines = (("precision", "--"), ("recall", ":"), ("f1", "-"), ("iou", "-."))
    for name, style in lines:
        axes.plot(thresholds, [each[name] for each in figures], style, label=name)
    axes.axvline(threshold, color="grey", linewidth=0.8)
    axes.annotate(f"{threshold:.2f}", (threshold, 1.0), (3, 2), textcoords="offset points", color="grey")
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.08)
    axes.set_xlabel("probability from which a pixel is road")
    axes.grid(alpha=0.3)
    axes.legend(loc="lower center", ncols=4)
    save_figure(figure, path)


def draw_results(
    network: RoadNetwork, loader: BatchLoader, validation: Sequence[Request], means: Sequence[float], stds: Sequence[float],
    device: torch.device, path: Path,
) -> None:
    """Draw rows of validation chips: image, truth, prediction. Chips with roads come first."""
    chosen = candidates(validation)
    shares = [float((chip.road == 1).float().mean()) for chip in loader.batches(chosen, 1)]
    order = sorted(range(len(chosen)), key=lambda number: -shares[number])
    rows = order[:: max(1, len(order) // _ROWS)][:_ROWS]
    figure = Figure(figsize=(9, 3.1 * len(rows)), layout="constrained")
    panels = figure.subplots(len(rows), 3, squeeze=False)
    for row, chip in zip(panels, loader.batches([chosen[number] for number in rows], 1)):
        truth = np.where(chip.road[0] == IGNORE_ROAD, np.nan, chip.road[0])
        row[0].imshow(displayed(chip.images[0].numpy()))
        row[1].imshow(truth, cmap="gray", vmin=0, vmax=1)
        row[2].imshow(road_probability(network, chip, means, stds, device), cmap="gray", vmin=0, vmax=1)
    for panel, title in zip(panels[0], ("image", "truth", "probability of road")):
        panel.set_title(title)
    for panel in panels.flat:
        panel.set_axis_off()
    save_figure(figure, path)


def candidates(validation: Sequence[Request]) -> list[Request]:
    """Return at most 64 chips to choose from for a picture, evenly spread."""
    count = min(_CANDIDATES, len(validation))
    return [validation[number * len(validation) // count] for number in range(count)]


@torch.inference_mode()
def road_probability(
    network: RoadNetwork, chip: Batch, means: Sequence[float], stds: Sequence[float], device: torch.device
) -> np.ndarray:
    """Return the probability of road (H, W) float32 of a batch's first chip."""
    images = normalise(chip.images[:1].to(device), means, stds)
    return np.asarray(network.road_probability(images)[0].float().cpu())


def displayed(image: np.ndarray) -> np.ndarray:
    """Return (height, width, 3) in 0..1 of the first three bands (or the first one), stretched over the central 96 %.

    Args:
        image: (bands, height, width), source units.
    """
    image = image[:3] if len(image) >= 3 else np.repeat(image[:1], 3, axis=0)
    low, high = np.percentile(image, [2, 98])
    return np.moveaxis(np.clip((image - low) / max(float(high - low), 1e-6), 0, 1), 0, -1)


def save_figure(figure: Figure, path: Path) -> None:
    """Write a figure as PNG, without a window."""
    FigureCanvasAgg(figure).print_png(path)
