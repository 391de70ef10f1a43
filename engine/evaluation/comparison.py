"""The job: two line layers in; scores, a report, and what was matched, missed and extra out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import shapely

from ..errors import EngineError
from ..jobs import CompareRoadNetworks
from ..raster.writing import atomic_output, check_writable
from ..reporter import Reporter
from .apls import apls
from .buffer_scores import buffer_scores
from .comparison_layers import write_layers
from .comparison_report import Comparison, component_count, report_page
from .junctions import DISTANCE as JUNCTION_DISTANCE
from .junctions import junction_scores
from .network_layers import NetworkPair, RoadLines, read_networks
from .noding import node_lines
from .route_graph import RouteGraph, build_graph
from .shown_names import shown
from .topo import DISTANCE as TOPO_DISTANCE
from .topo import topo_scores

#: More routes than this would take gigabytes of sums and change no digit.
_MOST_SAMPLES = 10_000_000
#: A layer is told to end early if such a share of the other lies outside its rectangle.
_MUCH_OUTSIDE = 0.1


def compare_road_networks(job: CompareRoadNetworks, reporter: Reporter) -> dict[str, Any]:
    """Score roads against a reference; write a report and the layers ``matched``, ``missed`` and ``extra``.

    Two empty layers score 1 everywhere, an empty one against another 0; both with a warning. TOPO and junctions are matched
    within their published distances (10 and 15 m), or within the buffer if that is larger.

    Returns:
        Scores from 0 to 1: ``completeness``, ``correctness``, ``quality``, ``redundancy``, ``apls`` with ``apls_low``,
        ``apls_high`` (95 % confidence), ``apls_reference_to_roads``, ``apls_roads_to_reference``, ``topo_precision``,
        ``topo_recall``, ``topo_f1``, ``junction_precision``, ``junction_recall``, ``junction_f1``. Metres: ``rms_offset``,
        ``mean_gap``. ``gaps_per_km``. Lengths on the ellipsoid: ``roads_km``, ``reference_km``, ``matched_km``, ``missed_km``,
        ``extra_km``. Of either network: ``…_components``, ``…_dead_ends``, ``…_junctions``. ``apls_routes``: routes compared.
        ``report``, ``output``: paths, empty for none. ``rms_offset``, ``gaps_per_km`` and ``mean_gap`` are None where undefined.

    Raises:
        EngineError: a layer or a parameter is no good, or an output cannot be written.
        Cancelled: the user asked to stop; nothing is left behind.
    """
    _check(job)
    reporter.phase(0.0, 0.1, "Reading the layers")
    speed_field = job.speed_field if job.weight == "time" else ""
    pair = read_networks(
        (job.roads, job.roads_layer), (job.reference, job.reference_layer), (job.mask, job.mask_layer), speed_field, reporter
    )
    notes = _emptiness(pair, bool(job.mask)) + ([] if job.mask else _ends_early(pair, job.buffer))
    reporter.phase(0.1, 0.3, "Finding junctions")
    roads = _graph(pair.roads, "roads", job, notes, reporter)
    reporter.progress(1, 2)
    reference = _graph(pair.reference, "reference", job, notes, reporter)
    reporter.phase(0.3, 0.5, "Matching lines")
    buffer = buffer_scores(pair, job.buffer, reporter)
    reporter.phase(0.5, 0.8, "Comparing routes")
    routes = apls(roads, reference, job.snap, job.spacing, job.samples, job.seed, reporter)
    reporter.phase(0.8, 0.92, "Walking the networks")
    topo = topo_scores(roads, reference, job.spacing, job.seed, reporter, max(TOPO_DISTANCE, job.buffer))
    result = Comparison(
        buffer, routes, topo, junction_scores(roads, reference, max(JUNCTION_DISTANCE, job.buffer)), roads, reference,
        (buffer.matched.total + buffer.extra.total) / 1000, (buffer.found.total + buffer.missed.total) / 1000,
    )
    reporter.phase(0.92, 1.0, "Writing")
    if job.output:
        write_layers(Path(job.output), job.run_id, buffer, pair, reporter)
    for note in notes:
        reporter.warning(note)
    if job.report:
        with atomic_output(Path(job.report), job.run_id) as partial:
            partial.write_text(report_page(result, _settings(job), notes), encoding="utf-8")
    return _figures(result, job)


def _check(job: CompareRoadNetworks) -> None:
    """Raise an ``EngineError`` if a parameter makes no sense or the outputs cannot be written."""
    for name in ("buffer", "spacing", "default_speed"):
        if not (np.isfinite(getattr(job, name)) and getattr(job, name) > 0):
            raise EngineError(f"{name} must be more than 0 and cannot be {getattr(job, name)}.")
    if not (np.isfinite(job.snap) and job.snap >= 0):
        raise EngineError(f"snap is a distance in metres and cannot be {job.snap}.")
    if job.spacing < 1:
        raise EngineError(f"Points every {job.spacing} m are too many: choose a spacing of 1 m or more.")
    if job.weight not in ("length", "time"):
        raise EngineError(f"Routes are weighed by 'length' or 'time', not by '{job.weight}'.")
    if not 1 <= job.samples <= _MOST_SAMPLES:
        raise EngineError(f"The number of routes must be between 1 and {_MOST_SAMPLES:,} and cannot be {job.samples}.")
    if job.seed < 0:
        raise EngineError(f"The seed must be 0 or more and cannot be {job.seed}.")
    if job.output and Path(job.output).suffix.lower() != ".gpkg":
        raise EngineError(f"The layers are written to a GeoPackage: {job.output} must end in .gpkg.")
    for path in (job.output, job.report):
        if path:
            check_writable(Path(path).parent)


def _emptiness(pair: NetworkPair, masked: bool) -> list[str]:
    """Return a sentence if a layer has no roads."""
    where = " inside the mask" if masked else ""
    empty = [name for name, layer in (("roads", pair.roads), ("reference", pair.reference)) if not len(layer)]
    if len(empty) == 2:
        return [f"Neither layer has a line{where}: every score is 1 by definition."]
    return [f"The {empty[0]} have no line{where}: every score is 0 by definition."] if empty else []


def _ends_early(pair: NetworkPair, buffer: float) -> list[str]:
    """Return a sentence for each layer of which much lies outside the rectangle around the other."""
    if not len(pair.roads) or not len(pair.reference):
        return []
    found = []
    for layer, other, sentence in (
        (pair.roads, pair.reference, "{} of the roads lie outside the rectangle around the reference and count as extra"),
        (pair.reference, pair.roads, "{} of the reference lies outside the rectangle around the roads and counts as missed"),
    ):
        rectangle = shapely.total_bounds(other.lines) + np.array([-buffer, -buffer, buffer, buffer])
        inside = shapely.length(shapely.clip_by_rect(layer.lines, *rectangle)).sum()
        outside = 1 - inside / shapely.length(layer.lines).sum()
        if outside >= _MUCH_OUTSIDE:
            found.append(sentence.format(f"{outside:.0%}") + ": give a mask of the ground that both layers cover.")
    return found


def _graph(layer: RoadLines, name: str, job: CompareRoadNetworks, notes: list[str], reporter: Reporter) -> RouteGraph:
    noded = node_lines(layer.lines, reporter)
    if noded.twins:
        reporter.log(f"{noded.twins} pieces of the {name} lie where others do and count once in routes and junctions.")
    if noded.crossings:
        taken = "junctions, as the layer was drawn without" if noded.crossings_join else "bridges"
        notes.append(f"In the {name}, lines cross {noded.crossings} times without a common vertex: this was taken for {taken}.")
    speeds = None
    if job.weight == "time":
        known = layer.speeds[noded.parents]
        speeds = np.where(np.isfinite(known), known, job.default_speed)
    reporter.check_cancelled()
    return build_graph(noded.pieces, speeds)


def _settings(job: CompareRoadNetworks) -> dict[str, str]:
    speed = f", speeds in '{job.speed_field}', else {job.default_speed:g} km/h" if job.weight == "time" else ""
    return {
        "Roads": shown(job.roads_name, job.roads, job.roads_layer),
        "Reference": shown(job.reference_name, job.reference, job.reference_layer),
        "Mask": shown(job.mask_name, job.mask, job.mask_layer) or "none",
        "Buffer": f"{job.buffer:g} m",
        "APLS": f"snap {job.snap:g} m, control points every {job.spacing:g} m, at most {job.samples:,} routes each way, "
        f"seed {job.seed}",
        "Routes weighed by": job.weight + speed,
        "TOPO": f"300 m around starts every {job.spacing:g} m (at most 1000 on each network), points every 5 m, "
        f"matched within {max(TOPO_DISTANCE, job.buffer):g} m",
        "Junctions": f"matched within {max(JUNCTION_DISTANCE, job.buffer):g} m",
    }


def _figures(result: Comparison, job: CompareRoadNetworks) -> dict[str, Any]:
    buffer, routes = result.buffer, result.apls
    figures: dict[str, Any] = {
        "report": job.report,
        "output": job.output,
        "apls": routes.score,
        "apls_low": routes.low,
        "apls_high": routes.high,
        "apls_reference_to_roads": routes.reference_to_roads,
        "apls_roads_to_reference": routes.roads_to_reference,
        "apls_routes": routes.routes,
        "roads_km": result.roads_km,
        "reference_km": result.reference_km,
    }
    for name in ("completeness", "correctness", "quality", "redundancy", "rms_offset", "gaps_per_km", "mean_gap"):
        figures[name] = getattr(buffer, name)
    for name, scores in (("topo", result.topo), ("junction", result.junctions)):
        figures.update({f"{name}_precision": scores.precision, f"{name}_recall": scores.recall, f"{name}_f1": scores.f1})
    for name in ("matched", "missed", "extra"):
        figures[f"{name}_km"] = getattr(buffer, name).total / 1000
    for name, graph in (("roads", result.roads), ("reference", result.reference)):
        figures[f"{name}_components"] = component_count(graph)
        figures[f"{name}_dead_ends"] = graph.dead_ends
        figures[f"{name}_junctions"] = len(graph.junctions)
    return figures
