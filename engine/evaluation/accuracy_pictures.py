"""The pictures of an accuracy report, each as PNG bytes: blocks with their errors, curves over the threshold, blocks by F1."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from .accuracy_blocks import BINS
from .accuracy_map import ERROR_COLOURS, ERROR_NAMES
from .pixel_counts import UNKNOWN
from .pixel_sweep import Sweep

#: Opacity of the errors over imagery.
_ALPHA = 0.6
_COLUMNS = 4
_PLAIN, _NOT_SCORED = (0.96, 0.96, 0.94), (0.75, 0.75, 0.75)


@dataclass(frozen=True)
class Panel:
    """One block: ``errors`` uint8 (height, width) as in the error map; ``image`` float (height, width, 3) in 0..1, or None."""

    title: str
    errors: np.ndarray
    image: np.ndarray | None


def draw_blocks(panels: Sequence[Panel]) -> bytes:
    """Draw blocks with road found (green), invented (red) and missed (blue) over the imagery, four a row."""
    rows = -(-len(panels) // _COLUMNS)
    columns = min(_COLUMNS, len(panels))
    figure = Figure(figsize=(max(2.9 * columns, 6.0), 3.1 * rows + 0.4), layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    for each in axes:
        each.set_axis_off()
    for each, panel in zip(axes, panels):
        sharp = "nearest" if max(panel.errors.shape) < 256 else "antialiased"
        each.imshow(overlay(panel), interpolation=sharp)
        each.set_title(panel.title, fontsize=9)
    patches = [Patch(color="#{:02x}{:02x}{:02x}".format(*each), label=ERROR_NAMES[key]) for key, each in ERROR_COLOURS.items()]
    patches.append(Patch(color=_NOT_SCORED, label="not scored"))
    figure.legend(handles=patches, loc="outside lower center", ncols=len(patches), fontsize=9, frameon=False)
    return _png(figure)


def overlay(panel: Panel) -> np.ndarray:
    """Return a block with its errors laid over, float (height, width, 3) in 0..1."""
    if panel.image is None:
        picture, alpha = np.tile(np.array(_PLAIN, np.float32), (*panel.errors.shape, 1)), 1.0
        picture[panel.errors == UNKNOWN] = _NOT_SCORED
    else:
        picture, alpha = panel.image.astype(np.float32), _ALPHA
        picture[panel.errors == UNKNOWN] = 0.5 * picture[panel.errors == UNKNOWN] + 0.5 * np.array(_NOT_SCORED, np.float32)
    for value, colour in ERROR_COLOURS.items():
        there = panel.errors == value
        picture[there] = (1 - alpha) * picture[there] + alpha * np.array(colour, np.float32) / 255
    return picture


def draw_sweep(sweep: Sweep, threshold: float) -> bytes:
    """Draw precision, recall and F1 against the threshold, and precision against recall; strict ones and relaxed ones."""
    figure = Figure(figsize=(10, 4), layout="constrained")
    left, right = figure.subplots(1, 2)
    there = sweep.found > 0
    for name, colour in (("precision", "#d0382c"), ("recall", "#2a5bd7"), ("f1", "#28803c")):
        label = "F1" if name == "f1" else name
        curve, relaxed = getattr(sweep, name), getattr(sweep, f"relaxed_{name}")
        left.plot(sweep.thresholds[there], curve[there], color=colour, label=label)
        left.plot(sweep.thresholds[there], relaxed[there], color=colour, linestyle="--", linewidth=1, label=f"relaxed {label}")
    left.axvline(threshold, color="#333333", linestyle=":", label=f"threshold used: {threshold:.3g}")
    best = float(sweep.thresholds[sweep.best])
    left.axvline(best, color="#28803c", linestyle=":", label=f"best F1: {best:.3g}")
    left.set(xlabel="threshold", xlim=(0, 1), ylim=(0, 1.02))
    left.legend(fontsize=8, loc="lower center", ncols=2)
    right.plot(sweep.recall[there], sweep.precision[there], color="#333333", label="strict")
    right.plot(sweep.relaxed_recall[there], sweep.relaxed_precision[there], color="#333333", linestyle="--", label="relaxed")
    right.plot([0, 1], [0, 1], color="#bbbbbb", linewidth=1)
    for point, name in ((sweep.break_even, "break-even"), (sweep.relaxed_break_even, "relaxed break-even")):
        if point is not None:
            right.plot(point.value, point.value, "o", markersize=6, label=f"{name}: {point.value:.3f}")
    right.set(xlabel="recall", ylabel="precision", xlim=(0, 1.02), ylim=(0, 1.02), aspect="equal")
    right.legend(fontsize=8, loc="lower left")
    for axes in (left, right):
        axes.grid(alpha=0.3)
    return _png(figure)


def draw_histogram(counts: np.ndarray, mean: float) -> bytes:
    """Draw how many blocks have which F1; ``counts`` int64 (20,), ``mean`` the mean F1 of the blocks."""
    figure = Figure(figsize=(7.5, 2.8), layout="constrained")
    axes = figure.subplots()
    edges = np.arange(BINS) / BINS
    axes.bar(edges, counts, width=1 / BINS, align="edge", color="#6a8caf", edgecolor="white")
    axes.axvline(mean, color="#333333", linestyle=":", label=f"mean {mean:.3f}")
    axes.set(xlabel="F1 of the block", ylabel="blocks", xlim=(0, 1))
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend()
    return _png(figure)


def _png(figure: Figure) -> bytes:
    data = io.BytesIO()
    figure.set_dpi(100)
    # no date and no version inside: the same rasters give the same file
    FigureCanvasAgg(figure).print_png(data, metadata={"Software": None})
    return data.getvalue()
