"""The pictures of a training held in hand: chips with labels, results beside the truth, losses, the learning-rate curve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from ...models.losses import IGNORE_ROAD
from ..chips.preview.preview_figures import as_picture, display_limits, overlay
from ..console import ConsoleFigure

_SIDE = 2.9  # inches of a chip


def draw_chips(images: Sequence[np.ndarray], labels: Sequence[np.ndarray], columns: int, alpha: float) -> ConsoleFigure:
    """Draw chips with their labels laid over, red where road, striped blue where unknown.

    Args:
        images: (bands, S, S) of one dtype each. labels: uint8 (S, S): 0, 1, or 255 unknown.
        columns: chips a row. alpha: opacity of the labels, 0 to 1.
    """
    rows = -(-len(images) // columns)
    figure, panels = _grid(rows, columns)
    low, high = display_limits(images, labels)
    for axes, image, label in zip(panels.flat, images, labels):
        axes.imshow(overlay(as_picture(image, low, high), label, alpha))
    return figure


def draw_results(
    results: Sequence[tuple[np.ndarray, np.ndarray, np.ndarray]], dtype: np.dtype, alpha: float, threshold: float
) -> ConsoleFigure:
    """Draw truth (left) and prediction (right) over the image, a row for each of ``Session.results``.

    Args:
        dtype: of the chips. threshold: probability from which a pixel is road.
    """
    figure, panels = _grid(len(results), 2)
    images = [image.astype(dtype) for image, _, _ in results]
    low, high = display_limits(images, [label for _, label, _ in results])
    for row, image, (_, label, probability) in zip(panels, images, results):
        picture = as_picture(image, low, high)
        found = np.where(label == IGNORE_ROAD, label, (probability >= threshold).astype(np.uint8))
        for axes, road in zip(row, (label, found)):
            axes.imshow(overlay(picture, road, alpha))
    for axes, title in zip(panels[0], ("truth", "prediction")):
        axes.set_title(title)
    return figure


def draw_losses(epochs: Sequence[Mapping[str, float]], best: float) -> ConsoleFigure:
    """Draw training and validation loss of every epoch; ``best`` is the number of the epoch whose weights were kept."""
    figure = ConsoleFigure(figsize=(6, 3.6), layout="constrained")
    axes = figure.subplots()
    numbers = [each["epoch"] for each in epochs]
    for name, label in (("train_loss", "training"), ("valid_loss", "validation")):
        axes.plot(numbers, [each[name] for each in epochs], marker="o", markersize=3, label=label)
    axes.axvline(best, color="grey", linestyle=":", label="weights kept")
    _label(axes, "epochs trained", "loss")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    return figure


def draw_rates(curve: Mapping[str, Any]) -> ConsoleFigure:
    """Draw the loss against the learning rate, and the rate suggested; ``curve``: fields of a ``LearningRateCurve``."""
    figure = ConsoleFigure(figsize=(6, 3.6), layout="constrained")
    axes = figure.subplots()
    axes.plot(curve["rates"], curve["losses"], color="lightgrey", label="loss")
    axes.plot(curve["rates"], curve["smoothed"], label="smoothed")
    axes.axvline(curve["suggestion"], color="grey", linestyle=":", label=f"suggestion: {curve['suggestion']:.1e}")
    axes.set_xscale("log")
    _label(axes, "learning rate", "loss")
    return figure


def _grid(rows: int, columns: int) -> tuple[ConsoleFigure, np.ndarray]:
    figure = ConsoleFigure(figsize=(_SIDE * columns, (_SIDE + 0.1) * rows), layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False)
    for axes in panels.flat:
        axes.set_axis_off()
    return figure, panels


def _label(axes: Axes, x: str, y: str) -> None:
    axes.set(xlabel=x, ylabel=y)
    axes.grid(alpha=0.3)
    axes.legend()
