"""The report on two road networks: every score with a sentence, a map, the settings."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from ..report_page import facts_table, page, picture, safe
from .apls import Apls
from .buffer_scores import BufferScores, Pieces
from .route_graph import RouteGraph
from .scores import PrecisionRecall

#: Colours that people with colour-blindness tell apart by lightness too.
COLOURS = {"matched": "#2e9e4f", "missed": "#1f5fd0", "extra": "#d62728"}
#: Details smaller than this share of the map are not drawn.
_DETAIL = 1 / 2000


@dataclass(frozen=True)
class Comparison:
    """All scores of one comparison, and the two graphs."""

    buffer: BufferScores
    apls: Apls
    topo: PrecisionRecall
    junctions: PrecisionRecall
    roads: RouteGraph
    reference: RouteGraph
    roads_km: float
    reference_km: float


def report_page(result: Comparison, settings: Mapping[str, str], notes: list[str]) -> str:
    """Return the whole report as HTML. ``notes``: sentences on how the layers were understood."""
    body = [
        f"<p>Reference: {result.reference_km:.2f} km of road. Roads: {result.roads_km:.2f} km.</p>",
        *(f'<p class="verdict look">{safe(note)}</p>' for note in notes),
        _score_table(result),
        "<h2>Where</h2>",
        picture(_map(result.buffer), "Map: matched roads green, missed ones blue, extra ones red"),
        "<h2>The networks</h2>",
        _network_table(result),
        "<h2>Settings</h2>",
        facts_table(settings),
    ]
    return page("Comparison of road networks", "".join(body))


def _score_table(result: Comparison) -> str:
    buffer, apls, topo, junctions = result.buffer, result.apls, result.topo, result.junctions
    interval = "all of them" if apls.low == apls.high else f"a sample; 95 % interval {apls.low:.3f} to {apls.high:.3f}"
    rows = [
        ("Completeness", _share(buffer.completeness), "Of the reference, so much lies beside a road: the rest was missed."),
        ("Correctness", _share(buffer.correctness), "Of the roads, so much lies beside the reference: the rest is extra."),
        ("Quality", _share(buffer.quality), "Both at once: matched roads, out of all that were drawn or missed."),
        ("Redundancy", _share(buffer.redundancy), "So much of the matched roads is drawn more than once."),
        ("Offset (RMS)", _metres(buffer.rms_offset), "So far the matched roads lie from the reference, typically."),
        ("Gaps per km", _number(buffer.gaps_per_km), f"Breaks in the reference, {_metres(buffer.mean_gap)} long on average."),
        ("APLS", f"{apls.score:.3f}", f"Are routes as long as they should be? 1 if all are. {apls.routes:,} routes, {interval}."),
        ("… reference to roads", f"{apls.reference_to_roads:.3f}", "Routes of the reference on the roads: missing links show."),
        ("… roads to reference", f"{apls.roads_to_reference:.3f}", "Routes of the roads on the reference: false links show."),
        ("TOPO precision", _share(topo.precision), "Of the streets around a start on the roads, so many are true."),
        ("TOPO recall", _share(topo.recall), "Of the streets around a start in the reference, so many are found."),
        ("TOPO F1", f"{topo.f1:.3f}", "Both at once, 300 m around each start: local connections."),
        ("Junction precision", _share(junctions.precision), "Of the roads' junctions, so many are in the reference."),
        ("Junction recall", _share(junctions.recall), "Of the reference's junctions, so many are on the roads."),
        ("Junction F1", f"{junctions.f1:.3f}", "Both at once."),
    ]
    cells = "".join(
        f"<tr><th>{safe(name)}</th><td><b>{safe(value)}</b></td><td>{safe(said)}</td></tr>" for name, value, said in rows
    )
    return f'<table class="facts">{cells}</table>'


def _network_table(result: Comparison) -> str:
    rows = []
    for name, figure in (
        ("Length, km", [f"{result.roads_km:.2f}", f"{result.reference_km:.2f}"]),
        ("Connected networks", [str(component_count(graph)) for graph in (result.roads, result.reference)]),
        ("Junctions", [str(len(graph.junctions)) for graph in (result.roads, result.reference)]),
        ("Dead ends", [str(graph.dead_ends) for graph in (result.roads, result.reference)]),
        ("Dead ends per km", [
            _number(graph.dead_ends / km if km else None)
            for graph, km in ((result.roads, result.roads_km), (result.reference, result.reference_km))
        ]),
        ("Edges", [str(len(graph.lines)) for graph in (result.roads, result.reference)]),
    ):
        rows.append(f"<tr><th>{safe(name)}</th>{''.join(f'<td>{safe(each)}</td>' for each in figure)}</tr>")
    return f'<table class="scores"><tr><th></th><th>roads</th><th>reference</th></tr>{"".join(rows)}</table>'


def component_count(graph: RouteGraph) -> int:
    """Return how many connected networks there are."""
    return int(graph.node_components().max(initial=-1)) + 1


def _map(scores: BufferScores) -> bytes:
    """Return a PNG of matched, missed and extra roads, north up."""
    figure = Figure(figsize=(9, 8), layout="constrained")
    axes = figure.subplots()
    parts = {"matched": scores.matched, "missed": scores.missed, "extra": scores.extra}
    lines = np.concatenate([each.lines for each in parts.values()])
    bounds = shapely.total_bounds(lines) if len(lines) else np.zeros(4)
    detail = float(max(bounds[2] - bounds[0], bounds[3] - bounds[1])) * _DETAIL
    for name, pieces in parts.items():
        axes.add_collection(LineCollection(
            _drawn(pieces, detail), colors=COLOURS[name], linewidths=1.2 if name == "matched" else 1.8,
            label=f"{name}, {pieces.total / 1000:.2f} km",
        ))
    axes.autoscale()
    axes.set_aspect("equal")
    axes.set_xlabel("metres from the middle")
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, frameon=False)
    target = io.BytesIO()
    FigureCanvasAgg(figure).print_png(target)
    return target.getvalue()


def _drawn(pieces: Pieces, detail: float) -> list[np.ndarray]:
    xy, line = shapely.get_coordinates(shapely.simplify(pieces.lines, detail), return_index=True)
    return np.split(xy, np.flatnonzero(np.diff(line)) + 1) if len(xy) else []


def _share(value: float) -> str:
    return f"{value:.1%}"


def _metres(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f} m"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
