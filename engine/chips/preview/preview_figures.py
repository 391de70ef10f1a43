"""The pictures of a training data preview, each as PNG bytes: chips with their labels, histograms, map, fit of the labels."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PatchCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from ..classified_tiles import NODATA_LABEL
from ..label_classes import ROAD_COLOUR, ROAD_VALUE
from ..reading.folder import TrainingFolder
from .alignment import REACH, Alignment
from .chip_coverage import placed_bounds

COLUMNS = 4
#: Road shares of chips, percent: edges of the classes that hold a road.
_SHARE_EDGES = (0, 1, 2, 5, 10, 20, 40, 100)
_ROAD = "#{:02x}{:02x}{:02x}".format(*ROAD_COLOUR)
_IGNORED = np.array([70, 130, 255], np.float32) / 255
_LONGEST_NAME = 40
_LARGE_CHIP = 320  # pixels
_STRIPES = 40  # stripes of ignored pixels across a chip
#: More chips than this are counted in squares, at most so many a side.
_MOST_OUTLINES, _MOST_CELLS = 400, 40


@dataclass(frozen=True)
class Panel:
    """One chip of the picture: ``image`` float (height, width, 3) in 0..1, ``label`` (height, width) uint8."""

    title: str
    image: np.ndarray
    label: np.ndarray


def display_limits(images: Sequence[np.ndarray], labels: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return the values shown black and white, float32 (bands,) each, of chips that are shown together.

    Three bands of 8 bits are shown as they are; anything else between percent 2 and 98 of its known pixels, band by band.
    """
    if images[0].dtype == np.uint8 and len(images[0]) == 3:
        return np.zeros(3, np.float32), np.full(3, 255, np.float32)
    shown = shown_bands(len(images[0]))
    limits = []
    for band in shown:
        values = np.concatenate([image[band][label != NODATA_LABEL].ravel() for image, label in zip(images, labels)])
        values = values[np.isfinite(values)]
        limits.append(np.percentile(values, [2, 98]) if len(values) else np.array([0.0, 1.0]))
    low, high = np.array(limits, np.float32).T
    return low, np.where(high > low, high, low + 1).astype(np.float32)


def shown_bands(band_count: int) -> list[int]:
    """Return which bands (from 0) are shown as red, green and blue: the first three, or the first as grey."""
    return [0, 1, 2] if band_count >= 3 else [0, 0, 0]


def as_picture(image: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Return (bands, height, width) of any dtype as float32 (height, width, 3) in 0..1."""
    bands = np.nan_to_num(image[shown_bands(len(image))].astype(np.float32))
    stretched = (bands - low[:, None, None]) / (high - low)[:, None, None]
    return np.moveaxis(np.clip(stretched, 0, 1), 0, -1)


def overlay(image: np.ndarray, label: np.ndarray, alpha: float) -> np.ndarray:
    """Lay roads (red) and ignored pixels (blue stripes) over a picture (height, width, 3) in 0..1; return the same shape."""
    weight = np.where(label == ROAD_VALUE, np.float32(alpha), np.float32(0))[..., None]
    picture = image * (1 - weight) + np.array(ROAD_COLOUR, np.float32) / 255 * weight
    rows, columns = np.indices(label.shape)
    width = max(1, max(label.shape) // (2 * _STRIPES))
    striped = (label == NODATA_LABEL) & ((rows + columns) // width % 2 == 0)
    picture[striped] = 0.3 * picture[striped] + 0.7 * _IGNORED
    return picture


def draw_chips(panels: Sequence[Panel], alpha: float) -> bytes:
    """Draw the chips, ``COLUMNS`` a row, with road and ignored pixels laid over."""
    rows = -(-len(panels) // COLUMNS)
    columns = min(COLUMNS, len(panels))
    side = 4.2 if max(max(panel.label.shape) for panel in panels) > _LARGE_CHIP else 2.9  # inches
    figure = Figure(figsize=(side * columns, (side + 0.2) * rows), layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    for each in axes:
        each.set_axis_off()
    for each, panel in zip(axes, panels):
        sharp = "nearest" if len(panel.label) < 128 else "antialiased"
        each.imshow(overlay(panel.image, panel.label, alpha), interpolation=sharp)
        each.set_title(panel.title, fontsize=9)
    return _png(figure, 110)


def draw_road_shares(shares: np.ndarray, overall: float) -> bytes:
    """Draw how many chips hold how much road; ``shares`` float (chips,) 0 to 1, ``overall`` the share of all their pixels."""
    figure, axes = _figure(7.5, 3.0)
    classes = [0.0, *(edge / 100 for edge in _SHARE_EDGES[1:])]
    counts = [int((shares == 0).sum())]
    counts += [int(((shares > low) & (shares <= high)).sum()) for low, high in zip(classes, classes[1:])]
    names = ["none", *(f"{low}–{high} %" for low, high in zip(_SHARE_EDGES, _SHARE_EDGES[1:]))]
    bars = axes.bar(names, counts, color=["#999999", *[_ROAD] * (len(counts) - 1)])
    axes.bar_label(bars, [str(count) if count else "" for count in counts], fontsize=9)
    axes.margins(y=0.15)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set(xlabel=f"road pixels in the chip (all chips together: {overall:.1%})", ylabel="chips")
    return _png(figure)


def draw_widths(widths: np.ndarray, cell: float) -> bytes:
    """Draw the widths (pixels) of the labelled roads; with a second axis in metres if ``cell`` (metres) is not 0."""
    figure, axes = _figure(7.5, 3.0)
    top = max(10.0, float(np.percentile(widths, 99)) * 1.15)
    step = max(1, round(top / 40))
    bins = np.arange(0.5, top + step + 0.5, step).tolist()
    axes.hist(np.minimum(widths, top), bins=bins, color=_ROAD, weights=np.full(len(widths), 100 / len(widths)))
    axes.axvline(float(np.median(widths)), color="#333333", linestyle=":", label=f"median {np.median(widths):.1f} px")
    axes.legend()
    axes.set(xlabel="width of the labelled roads, pixels", ylabel="% of the road length", xlim=(0, top + 1))
    if cell:
        to_metres, to_pixels = (lambda x: np.asarray(x) * cell), (lambda x: np.asarray(x) / cell)
        axes.secondary_xaxis("top", functions=(to_metres, to_pixels)).set_xlabel("metres")
    return _png(figure)


def draw_map(folders: Sequence[TrainingFolder]) -> bytes:
    """Draw where the chips of each folder lie, as chips per square; folders of unknown place must be left out before."""
    figure = Figure(figsize=(5.2 * len(folders), 4.2), layout="constrained")
    for axes, folder in zip(figure.subplots(1, len(folders), squeeze=False)[0], folders):
        _map(figure, axes, folder)
    return _png(figure)


def draw_fits(alignments: Sequence[tuple[str, Alignment]]) -> bytes:
    """Draw how well the labels of each folder (name and alignment) would fit if they were moved, and where they fit best."""
    figure = Figure(figsize=(3.9 * len(alignments) + 0.4, 4.3), layout="constrained")
    panels = figure.subplots(1, len(alignments), squeeze=False)[0]
    edge = REACH + 0.5
    for axes, (name, alignment) in zip(panels, alignments):
        axes.imshow(alignment.fit, extent=(-edge, edge, edge, -edge), cmap="viridis")
        axes.plot(0, 0, "+", color="black", markersize=12, markeredgewidth=2, label="labels as they are")
        right, down = (-each for each in alignment.shift)
        axes.plot(right, down, "o", markerfacecolor="none", color=_ROAD, markersize=14, markeredgewidth=2, label="best fit")
        axes.set(xlabel="labels moved east (right), pixels", title=name[-_LONGEST_NAME:])
    panels[0].set(ylabel="labels moved south (down), pixels")
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=2, fontsize=9, frameon=False)
    return _png(figure)


def _map(figure: Figure, axes: Axes, folder: TrainingFolder) -> None:
    bounds = placed_bounds(folder.chips)
    size = (bounds[:, 2:] - bounds[:, :2]).min(axis=0)  # the frame around a turned chip is larger than the chip
    scale = np.array(folder.cell_metres) * folder.tile_size / size / 1000  # kilometres per map unit
    corners = (bounds - np.tile(bounds[:, :2].min(axis=0), 2)) * np.tile(scale, 2)
    ends = corners[:, 2:].max(axis=0)
    if len(corners) <= _MOST_OUTLINES:
        boxes = [Rectangle((left, bottom), right - left, top - bottom) for left, bottom, right, top in corners]
        # two chips upon each other are darker than one
        axes.add_collection(PatchCollection(boxes, facecolor=_ROAD, edgecolor="#333333", linewidth=0.5, alpha=0.3))
        axes.set(xlim=(0, ends[0]), ylim=(0, ends[1]))
    else:
        centres = (corners[:, :2] + corners[:, 2:]) / 2
        side = max(float((size * scale).max()), float(ends.max()) / _MOST_CELLS)
        edges = [np.arange(0, end + side, side) for end in ends]
        counts, *_ = np.histogram2d(centres[:, 0], centres[:, 1], bins=edges)
        mesh = axes.pcolormesh(*edges, np.where(counts > 0, counts, np.nan).T, cmap="YlOrRd", vmin=0)
        figure.colorbar(mesh, ax=axes, label="chips per square", ticks=MaxNLocator(integer=True))
    axes.set(aspect="equal", xlabel="km to the east", ylabel="km to the north", title=folder.path.name[-_LONGEST_NAME:])


def _figure(width: float, height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots()


def _png(figure: Figure, dpi: int = 100) -> bytes:
    data = io.BytesIO()
    figure.set_dpi(dpi)
    # no date and no version inside: the same chips give the same file
    FigureCanvasAgg(figure).print_png(data, metadata={"Software": None})
    return data.getvalue()
