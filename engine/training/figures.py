"""The figures of a training: losses and scores per epoch, and some validation chips with their results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ...models.losses import IGNORE_ROAD
from ...models.network import RoadNetwork
from ...models.normalisation import normalise
from .checkpoints import TrainingState
from .loader import Batch, BatchLoader, Request

_ROWS = 4
_CANDIDATES = 64


def draw_losses(record: TrainingState, path: Path) -> None:
    """Draw training and validation loss, and the scores, against the epochs."""
    epochs = [each["epoch"] for each in record.epochs]
    figure = Figure(figsize=(10, 4), layout="constrained")
    losses, scores = figure.subplots(1, 2)
    for axes, names in ((losses, ("train_loss", "valid_loss")), (scores, ("accuracy", "miou", "dice"))):
        for name in names:
            axes.plot(epochs, [each[name] for each in record.epochs], marker="o", markersize=3, label=name)
        axes.axvline(record.best["epoch"], color="grey", linestyle=":", label="best epoch")
        axes.set_xlabel("epoch")
        axes.grid(alpha=0.3)
        axes.legend()
    losses.set_title("loss")
    scores.set_title("scores on the validation chips")
    _save(figure, path)


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
    _save(figure, path)


def draw_results(
    network: RoadNetwork, loader: BatchLoader, validation: Sequence[Request], means: Sequence[float], stds: Sequence[float],
    device: torch.device, path: Path,
) -> None:
    """Draw rows of validation chips: image, truth, prediction. Chips with roads come first."""
    step = max(1, len(validation) // _CANDIDATES)
    chips = list(loader.batches(list(validation)[::step][:_CANDIDATES], 1))
    chips.sort(key=lambda chip: -float((chip.road == 1).float().mean()))
    chips = chips[:: max(1, len(chips) // _ROWS)][:_ROWS] if len(chips) > _ROWS else chips
    figure = Figure(figsize=(9, 3.1 * len(chips)), layout="constrained")
    panels = figure.subplots(len(chips), 3, squeeze=False)
    for row, chip in zip(panels, chips):
        probability = _predict(network, chip, means, stds, device)
        truth = np.where(chip.road[0] == IGNORE_ROAD, np.nan, chip.road[0])
        row[0].imshow(_display(chip.images[0].numpy()))
        row[1].imshow(truth, cmap="gray", vmin=0, vmax=1)
        row[2].imshow(probability, cmap="gray", vmin=0, vmax=1)
    for panel, title in zip(panels[0], ("image", "truth", "probability of road")):
        panel.set_title(title)
    for panel in panels.flat:
        panel.set_axis_off()
    _save(figure, path)


@torch.inference_mode()
def _predict(
    network: RoadNetwork, chip: Batch, means: Sequence[float], stds: Sequence[float], device: torch.device
) -> np.ndarray:
    images = normalise(chip.images.to(device), means, stds)
    return np.asarray(network.road_probability(images)[0].float().cpu())


def _display(image: np.ndarray) -> np.ndarray:
    """Return (height, width, 3) in 0..1 of the first three bands (or the first one), stretched over the central 96 %."""
    image = image[:3] if len(image) >= 3 else np.repeat(image[:1], 3, axis=0)
    low, high = np.percentile(image, [2, 98])
    return np.moveaxis(np.clip((image - low) / max(float(high - low), 1e-6), 0, 1), 0, -1)


def _save(figure: Figure, path: Path) -> None:
    FigureCanvasAgg(figure).print_png(path)
