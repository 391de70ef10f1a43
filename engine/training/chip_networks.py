"""The roads of one chip as a network, held against that of its label.

The probability becomes a network the way Raster to Road Vector does it with its defaults. The truth is the network of the label,
made in the same way: chips do not know what the map they were burned from knows, so bridges are junctions here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...models.losses import IGNORE_ROAD
from ..evaluation.apls import apls
from ..evaluation.buffer_scores import buffer_scores
from ..evaluation.network_layers import NetworkPair, RoadLines
from ..evaluation.noding import node_lines
from ..evaluation.route_graph import RouteGraph
from ..evaluation.route_graph import build_graph as route_graph
from ..evaluation.topo import DISTANCE as TOPO_DISTANCE
from ..evaluation.topo import topo_scores
from ..jobs import CompareRoadNetworks, RasterToRoadVector
from ..raster.grid import Window
from ..reporter import Reporter
from ..road_network.cleaning import HAIR, clean, tidy
from ..road_network.geometry import road_lines
from ..road_network.graph import build_graph
from ..road_network.skeleton_tiles import SkeletonPixels, thin_tile
from .metrics import TOLERANCE

#: The defaults of both tools.
_DRAWING, _COMPARING = RasterToRoadVector(), CompareRoadNetworks()
#: Pixels mirrored around a chip at first; a chip that needs more gets it.
_HALO = 64


@dataclass(frozen=True)
class Reach:
    """How far apart, metres, what belongs together may be: as in Compare Road Networks, and never less than three pixels."""

    snap: float
    buffer: float
    topo: float

    @classmethod
    def of(cls, cell: tuple[float, float]) -> Reach:
        """Return the distances at a pixel size (x, y, metres)."""
        least = TOLERANCE * max(cell)
        return cls(max(_COMPARING.snap, least), max(_COMPARING.buffer, least), max(TOPO_DISTANCE, least))


@dataclass(frozen=True)
class ChipScores:
    """Scores of one chip, 0 to 1, and lengths in metres of what was found (``roads``) and of the label (``reference``).

    Each score belongs to one network, whose length is its weight: ``forth``, ``recall`` and ``found`` to the label's, ``back``,
    ``precision`` and ``matched`` to the roads'. ``found`` and ``matched`` are metres.
    """

    roads: float = 0.0
    reference: float = 0.0
    forth: float = 0.0
    back: float = 0.0
    precision: float = 0.0
    recall: float = 0.0
    matched: float = 0.0
    found: float = 0.0


def score_chip(
    probability: np.ndarray, label: np.ndarray, threshold: float, cell: tuple[float, float], seed: int, reporter: Reporter
) -> ChipScores:
    """Compare the network of a probability (H, W) float with that of a label (H, W): 0, 1, or 255 for pixels that do not count.

    Args:
        threshold: probability from which a pixel is road. cell: metres of a pixel along its row and its column.
        seed: decides what is drawn where there are more routes or starts than are looked at.

    What does not count is no road in either network; where it is the chip's rim, as in padded chips, the chip ends before it.
    """
    quiet, reach = _Quiet(reporter), Reach.of(cell)
    inside = _counted_part(label)
    probability, label = probability[inside], label[inside]
    if not label.size:
        return ChipScores()
    roads = chip_lines((probability >= threshold) & (label != IGNORE_ROAD), cell, quiet)
    reference = chip_lines(label == 1, cell, quiet)
    pair = NetworkPair(_layer(roads), _layer(reference), None, None)
    buffer = buffer_scores(pair, reach.buffer, quiet)
    graphs = _routes(roads, quiet), _routes(reference, quiet)
    routes = apls(*graphs, reach.snap, _COMPARING.spacing, _COMPARING.samples, seed, quiet)
    topo = topo_scores(*graphs, _COMPARING.spacing, seed, quiet, reach.topo)
    return ChipScores(
        buffer.matched.total + buffer.extra.total, buffer.found.total + buffer.missed.total, routes.reference_to_roads,
        routes.roads_to_reference, topo.precision, topo.recall, buffer.matched.total, buffer.found.total,
    )


def chip_lines(road: np.ndarray, cell: tuple[float, float], reporter: Reporter) -> np.ndarray:
    """Return the centre lines of a mask (H, W) bool as object (n,) LineStrings, metres right and down from its corner.

    The same lines as Raster to Road Vector draws of a classified raster with these pixels, closing no gaps.
    """
    shape = (road.shape[0], road.shape[1])
    graph = clean(build_graph(_skeleton(road, cell), cell, reporter), shape, min(_DRAWING.min_dangle, HAIR), reporter)
    graph = tidy(graph, shape, _DRAWING.min_dangle, _DRAWING.min_component, reporter)
    return road_lines(graph, _DRAWING.smoothing, _DRAWING.simplify, reporter, shape)[0]


def _skeleton(road: np.ndarray, cell: tuple[float, float]) -> SkeletonPixels:
    """Thin a chip with its own mirror image around it, so that roads reach its edge."""
    window, halo = Window(0, 0, *road.shape), _HALO
    while True:
        around = np.pad(road, halo, mode="reflect")
        skeleton, needed, _ = thin_tile(around, around.astype(np.float32), window, halo, cell)
        if skeleton is not None:
            return skeleton
        halo = needed


def _counted_part(label: np.ndarray) -> tuple[slice, slice]:
    """Return the rows and columns from the first to the last that count; nothing if none does."""
    counted = label != IGNORE_ROAD
    rows, columns = (np.flatnonzero(counted.any(axis=axis)) for axis in (1, 0))
    return (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)) if len(rows) else (slice(0), slice(0))


def _layer(lines: np.ndarray) -> RoadLines:
    return RoadLines(lines, np.arange(len(lines)), np.full(len(lines), np.nan))


def _routes(lines: np.ndarray, reporter: Reporter) -> RouteGraph:
    return route_graph(node_lines(lines, reporter).pieces, None)


class _Quiet(Reporter):
    """Says nothing of the single chips, and stops when the training is cancelled."""

    def __init__(self, reporter: Reporter) -> None:
        super().__init__()
        self._asked = reporter

    def check_cancelled(self) -> None:
        """Raise ``Cancelled`` if the user asked to stop."""
        self._asked.check_cancelled()
