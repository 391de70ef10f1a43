"""The job: a raster of roads in, a road network out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import shapely

from ..errors import EngineError
from ..jobs import RasterToRoadVector
from ..raster.measure import ellipsoidal_lengths
from ..raster.road_values import PROBABILITY
from ..raster.source import RasterSource
from ..raster.writing import check_writable
from ..reporter import Reporter
from .attributes import edge_attributes, node_attributes, used_nodes
from .cleaning import HAIR, clean, tidy
from .gap_listing import Gaps
from .gaps import close_gaps
from .geometry import road_lines, to_map
from .graph import RoadGraph, build_graph
from .graphml import checked_graphml_path, write_graphml
from .hysteresis import keep_seeded
from .layers import write_network
from .probability import RoadRaster, open_road_raster
from .skeleton_tiles import skeleton_pixels

#: Share of lines in a tangle from which the user is told.
_TANGLED_SHARE = 0.1
#: Metres; further than this no one would call it a gap, and the ways across would take memory and hours.
_WIDEST_GAP = 100.0
#: Metres, and pixels, that a gap may end beside a smoothed line.
_BESIDE = 3.0


def raster_to_road_vector(job: RasterToRoadVector, reporter: Reporter) -> dict[str, Any]:
    """Turn a classified or probability raster into the layers ``roads``, ``nodes`` and ``gaps`` of a GeoPackage.

    Returns:
        ``output`` (path), ``length_km``, ``edge_count``, ``node_count``, ``component_count``, ``closed_gap_count`` (gaps that
        were closed), ``gap_count`` (gaps left for review), ``graphml`` (path, empty for none).

    Raises:
        EngineError: the raster or a parameter is no good, or the output cannot be written.
        Cancelled: the user asked to stop; nothing is left behind.
    """
    output, graphml = _checked_outputs(job)
    with RasterSource(job.raster, job.raster_crs, bands=[1]) as source:
        assert source.crs is not None  # the source refuses rasters without
        crs, transform = source.crs, source.transform
        reporter.phase(0.0, 0.08, "Looking at the raster")
        with open_road_raster(source, job, reporter) as raster:
            for path in filter(None, (output, graphml)):
                check_writable(path.parent)
            graph, gaps = _network(job, raster, source.cell_metres, reporter)
    reporter.phase(0.86, 0.92, "Drawing the lines")
    drawn, crossing = road_lines(graph, job.smoothing, job.simplify, reporter, (raster.grid.height, raster.grid.width))
    _tell_tangle(raster, crossing, len(drawn), reporter)
    gaps = gaps.part(_between_roads(gaps.lines, drawn, graph.cell))
    if gaps.closed or len(gaps):
        reporter.log(f"Gaps closed: {gaps.closed}; left open for a person to look at: {len(gaps)}")
    reporter.phase(0.92, 0.95, "Measuring the roads")
    lines = to_map(drawn, graph.cell, transform)
    columns = edge_attributes(graph, lines, crs, reporter, job.travel_times)
    gap_lines = to_map(gaps.lines, graph.cell, transform)
    gap_columns = {**gaps.columns, "length_m": ellipsoidal_lengths(gap_lines, crs)}
    if not len(lines):
        name = job.raster_name or job.raster
        reporter.warning(f"No road was found in {name}: the layers are empty. A lower threshold may help.")
    reporter.phase(0.95, 1.0, "Writing")
    roads, nodes = (lines, columns), (node_points(graph, lines), node_attributes(graph))
    write_network(output, job.run_id, crs, roads, nodes, (gap_lines, gap_columns), reporter)
    if graphml:
        write_graphml(graphml, job.run_id, crs, roads, nodes, reporter)
    return {
        "output": str(output),
        "graphml": str(graphml or ""),
        "length_km": float(columns["length_m"].sum()) / 1000,
        "edge_count": len(lines),
        "node_count": len(nodes[0]),
        "component_count": int(columns["component_id"].max(initial=0)),
        "closed_gap_count": gaps.closed,
        "gap_count": len(gaps),
    }


def _network(
    job: RasterToRoadVector, raster: RoadRaster, cell: tuple[float, float], reporter: Reporter
) -> tuple[RoadGraph, Gaps]:
    """Return the clean graph of a raster's roads, and the gaps left in it."""
    grid = raster.grid
    shape = (grid.height, grid.width)
    drawn = f", roads from {raster.high:.3g} on" if raster.kind == PROBABILITY else ""
    reporter.log(f"{grid.width} × {grid.height} pixels of {cell[0]:.3g} × {cell[1]:.3g} m, taken as {raster.kind}{drawn}")
    reporter.phase(0.08, 0.6, "Finding centre lines")
    skeleton = skeleton_pixels(raster, cell, reporter, job=job)
    reporter.phase(0.6, 0.66, "Tracing the network")
    graph = keep_seeded(build_graph(skeleton, cell, reporter))
    reporter.phase(0.66, 0.74, "Cleaning the network")
    graph = clean(graph, shape, min(job.min_dangle, HAIR), reporter)
    reporter.phase(0.74, 0.84, "Closing gaps")
    graph, gaps = close_gaps(graph, raster, job.max_gap, job.min_gap_probability, reporter)
    reporter.phase(0.84, 0.86, "Tidying up")
    return tidy(graph, shape, job.min_dangle, job.min_component, reporter), gaps


def _between_roads(gaps: np.ndarray, roads: np.ndarray, cell: tuple[float, float]) -> np.ndarray:
    """Return which gaps still lead from road to road, bool (gaps,): tidying up may have dropped what they led to."""
    beside = max(_BESIDE, _BESIDE * max(cell))
    tree = shapely.STRtree(roads)
    found = np.ones(len(gaps), bool)
    for end in (0, -1):
        at = np.zeros(len(gaps), bool)
        at[tree.query(shapely.get_point(gaps, end), predicate="dwithin", distance=beside)[0]] = True
        found &= at
    return found


def _tell_tangle(raster: RoadRaster, crossing: int, count: int, reporter: Reporter) -> None:
    if crossing:
        reporter.log(f"{crossing} lines meet others elsewhere than at their ends", "debug")
    if crossing > _TANGLED_SHARE * count:
        reporter.warning(
            f"{crossing} of {count} lines are a tangle, as noise makes it: {raster.name} shows no clear roads "
            f"at the threshold {raster.high:g}. Try a higher one, or a model that was trained longer."
        )


def node_points(graph: RoadGraph, lines: np.ndarray) -> np.ndarray:
    """Return the points of the used nodes, by rising number, exactly where the lines end."""
    points = np.empty(len(graph.node_pixels), dtype=object)
    for side, which in ((0, 0), (1, -1)):
        points[graph.edge_nodes[:, side]] = shapely.get_point(lines, which)
    return np.asarray(points[used_nodes(graph)], dtype=object)


def _checked_outputs(job: RasterToRoadVector) -> tuple[Path, Path | None]:
    """Return the paths to write the network and the graph to.

    Raises:
        EngineError: they are no GeoPackage and GraphML, or a parameter is out of range.
    """
    if Path(job.output).suffix.lower() != ".gpkg":
        raise EngineError(f"The road network is written to a GeoPackage: {job.output or 'the output'} must end in .gpkg.")
    for name in ("min_dangle", "min_component", "max_gap", "smoothing", "simplify"):
        if not getattr(job, name) >= 0 or not np.isfinite(getattr(job, name)):
            raise EngineError(f"{name} is a distance in metres and cannot be {getattr(job, name)}.")
    if job.max_gap > _WIDEST_GAP:
        raise EngineError(f"max_gap is at most {_WIDEST_GAP:g} metres and cannot be {job.max_gap:g}: longer ones are no gaps.")
    if not 0 <= job.min_gap_probability <= 1:
        raise EngineError(f"min_gap_probability is a probability from 0 to 1 and cannot be {job.min_gap_probability:g}.")
    return Path(job.output), checked_graphml_path(job.graphml) if job.graphml else None
