"""The job: a raster of roads in, a road network out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import shapely

from ..errors import EngineError
from ..jobs import RasterToRoadVector
from ..raster.source import RasterSource
from ..raster.writing import check_writable
from ..reporter import Reporter
from .attributes import edge_attributes, node_attributes, used_nodes
from .cleaning import clean
from .geometry import road_lines, to_map
from .graph import RoadGraph, build_graph
from .layers import write_network
from .probability import open_road_raster
from .skeleton_tiles import skeleton_pixels

#: Share of lines in a tangle from which the user is told.
_TANGLED_SHARE = 0.1


def raster_to_road_vector(job: RasterToRoadVector, reporter: Reporter) -> dict[str, Any]:
    """Turn a classified or probability raster into the layers ``roads`` and ``nodes`` of a GeoPackage.

    Returns:
        ``output`` (path), ``length_km``, ``edge_count``, ``node_count``, ``component_count``.

    Raises:
        EngineError: the raster or a parameter is no good, or the output cannot be written.
        Cancelled: the user asked to stop; nothing is left behind.
    """
    output = _checked_output(job)
    with RasterSource(job.raster, job.raster_crs, bands=[1]) as source:
        assert source.crs is not None  # the source refuses rasters without
        crs = source.crs
        reporter.phase(0.0, 0.1, "Looking at the raster")
        raster = open_road_raster(source, job.threshold, reporter)
        check_writable(output.parent)
        cell = source.cell_metres
        reporter.log(f"{source.width} × {source.height} pixels of {cell[0]:.3g} × {cell[1]:.3g} m, taken as {raster.kind}")
        reporter.phase(0.1, 0.7, "Finding centre lines")
        skeleton = skeleton_pixels(raster, cell, reporter)
        shape, transform = (source.height, source.width), source.transform
    reporter.phase(0.7, 0.75, "Tracing the network")
    graph = build_graph(skeleton, cell, reporter)
    reporter.phase(0.75, 0.8, "Cleaning the network")
    graph = clean(graph, shape, job.min_dangle, job.min_component, reporter)
    reporter.phase(0.8, 0.9, "Drawing the lines")
    drawn, crossing = road_lines(graph, job.smoothing, job.simplify, reporter)
    if crossing:
        reporter.log(f"{crossing} lines meet others elsewhere than at their ends", "debug")
    if crossing > _TANGLED_SHARE * len(drawn):
        reporter.warning(
            f"{crossing} of {len(drawn)} lines are a tangle, as noise makes it: {job.raster} shows no clear roads at the "
            f"threshold {job.threshold:g}. Try a higher one, or a model that was trained longer."
        )
    reporter.phase(0.9, 0.95, "Measuring the roads")
    lines = to_map(drawn, cell, transform)
    columns = edge_attributes(graph, lines, crs, reporter)
    if not len(lines):
        reporter.warning(f"No road was found in {job.raster}: the layers are empty. A lower threshold may help.")
    reporter.phase(0.95, 1.0, "Writing")
    points = node_points(graph, lines)
    write_network(output, job.run_id, crs, (lines, columns), (points, node_attributes(graph)), reporter)
    return {
        "output": str(output),
        "length_km": float(columns["length_m"].sum()) / 1000,
        "edge_count": len(lines),
        "node_count": len(points),
        "component_count": int(columns["component_id"].max(initial=0)),
    }


def node_points(graph: RoadGraph, lines: np.ndarray) -> np.ndarray:
    """Return the points of the used nodes, by rising number, exactly where the lines end."""
    points = np.empty(len(graph.node_pixels), dtype=object)
    for side, which in ((0, 0), (1, -1)):
        points[graph.edge_nodes[:, side]] = shapely.get_point(lines, which)
    return np.asarray(points[used_nodes(graph)], dtype=object)


def _checked_output(job: RasterToRoadVector) -> Path:
    """Return the path to write to.

    Raises:
        EngineError: it is no GeoPackage, or a distance is negative.
    """
    if Path(job.output).suffix.lower() != ".gpkg":
        raise EngineError(f"The road network is written to a GeoPackage: {job.output or 'the output'} must end in .gpkg.")
    for name in ("min_dangle", "min_component", "smoothing", "simplify"):
        if not getattr(job, name) >= 0 or not np.isfinite(getattr(job, name)):
            raise EngineError(f"{name} is a distance in metres and cannot be {getattr(job, name)}.")
    return Path(job.output)
