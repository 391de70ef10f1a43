"""Draws what each step of Raster to Road Vector makes of a probability raster: one picture to look at.

    python benchmarks/vectorising_steps.py PROBABILITY PICTURE [--imagery RASTER] [--window COLUMN ROW SIZE] [--threshold 0.5]

Panels: the probability, what is taken for road, the bare skeleton as a graph, the graph cleaned, gaps closed (red) and left for
review (magenta), the finished lines over the imagery (or the probability). Run it with the worker's Python.
"""

from __future__ import annotations

import argparse
import importlib.util
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import shapely
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from rasterio.windows import Window

ROOT = Path(__file__).resolve().parents[1]
#: Of a pixel without a place, as in SpaceNet's imagery.
METRES = 0.3
GRAPH, BRIDGED, GAP, ROAD = "#1f77ff", "#e31a1c", "#ff00c8", "#ffd400"


def load_package() -> None:
    """Make the checkout importable as ``roadsmith``."""
    spec = importlib.util.spec_from_file_location("roadsmith_bootstrap", ROOT / "engine" / "bootstrap.py")
    assert spec is not None and spec.loader is not None
    spec.loader.exec_module(importlib.util.module_from_spec(spec))


def cut(source: Path, target: Path, window: tuple[int, int, int] | None) -> Path:
    """Write the window of a raster as a file of its own."""
    with rasterio.open(source) as file:
        column, row, size = window or (0, 0, max(file.width, file.height))
        place = Window(column, row, min(size, file.width - column), min(size, file.height - row))
        # a picture without a place gets one
        transform = file.window_transform(place) if file.crs else rasterio.Affine(METRES, 0, 0, 0, -METRES, 0)
        profile = {
            "driver": "GTiff", "width": place.width, "height": place.height, "count": file.count, "dtype": file.dtypes[0],
            "crs": file.crs or "EPSG:32633", "transform": transform, "nodata": file.nodata,
        }
        pixels, tags = file.read(window=place), file.tags()
    with rasterio.open(target, "w", **profile) as file:
        file.write(pixels)
        file.update_tags(**{name: value for name, value in tags.items() if name.startswith("ROADSMITH")})
    return target


def steps(probability: Path, threshold: float) -> dict[str, Any]:
    """Return what every step makes; lines in pixels."""
    from roadsmith.engine.jobs import RasterToRoadVector
    from roadsmith.engine.raster.grid import Window as GridWindow
    from roadsmith.engine.raster.source import RasterSource
    from roadsmith.engine.reporter import Reporter
    from roadsmith.engine.road_network.cleaning import HAIR, clean, tidy
    from roadsmith.engine.road_network.gaps import close_gaps
    from roadsmith.engine.road_network.geometry import road_lines
    from roadsmith.engine.road_network.graph import build_graph
    from roadsmith.engine.road_network.hysteresis import keep_seeded
    from roadsmith.engine.road_network.probability import open_road_raster
    from roadsmith.engine.road_network.skeleton_tiles import skeleton_pixels

    quiet, job = Reporter(), RasterToRoadVector(raster=str(probability), threshold=threshold)
    with RasterSource(str(probability), "", bands=[1]) as source, open_road_raster(source, job, quiet) as raster:
        shape, cell = (raster.grid.height, raster.grid.width), source.cell_metres
        road, evidence, _ = raster.read(GridWindow(0, 0, *shape))
        bare = keep_seeded(build_graph(skeleton_pixels(raster, cell, quiet), cell, quiet))
        cleaned = clean(bare, shape, min(job.min_dangle, HAIR), quiet)
        closed, gaps = close_gaps(cleaned, raster, job.max_gap, job.min_gap_probability, quiet)
    final = tidy(closed, shape, job.min_dangle, job.min_component, quiet)
    drawn, _ = road_lines(final, job.smoothing, job.simplify, quiet)
    bridges = [bool(final.skeleton.bridged[path].any()) for path in final.paths]
    to_pixels = np.array([1 / cell[0], 1 / cell[1]])

    def paths(graph: Any) -> list[np.ndarray]:
        return [graph.positions(path) * to_pixels for path in graph.paths]

    def coordinates(lines: np.ndarray) -> list[np.ndarray]:
        return [shapely.get_coordinates(line) * to_pixels for line in lines]

    joints = final.node_places[np.unique(final.edge_nodes)] * to_pixels if len(final.paths) else np.zeros((0, 2))
    return {
        "evidence": evidence, "road": road, "bare": paths(bare), "cleaned": paths(cleaned), "bridges": bridges,
        "gaps": coordinates(gaps.lines), "final": coordinates(drawn), "joints": joints,
    }


def draw(found: dict[str, Any], imagery: np.ndarray | None, picture: Path) -> None:
    """Draw the panels."""
    figure = Figure(figsize=(15, 10.4), layout="constrained")
    panels = figure.subplots(2, 3).ravel()
    grey = 0.25 * (1 - found["evidence"]) + 0.75
    final = [BRIDGED if bridged else GRAPH for bridged in found["bridges"]]
    for panel, title in zip(panels, (
        "1  probability", "2  road (hysteresis, specks, holes)", "3  skeleton as a graph", "4  spurs off, junctions joined",
        "5  gaps closed (red), left for review (magenta)", "6  smoothed and simplified",
    )):
        panel.set_title(title, loc="left", fontsize=13)
        panel.set_axis_off()
    height, width = found["evidence"].shape
    extent = (0, width, height, 0)
    panels[0].imshow(found["evidence"], cmap="gray", vmin=0, vmax=1, extent=extent)
    panels[1].imshow(found["road"], cmap="gray", vmin=0, vmax=1, extent=extent)
    for panel, lines, colours in (
        (panels[2], found["bare"], GRAPH), (panels[3], found["cleaned"], GRAPH), (panels[4], found["final"], final),
    ):
        panel.imshow(grey, cmap="gray", vmin=0, vmax=1, extent=extent)
        add(panel, lines, colours, 1.6)
    add(panels[4], found["gaps"], GAP, 2.5)
    if imagery is None:
        panels[5].imshow(found["evidence"], cmap="gray", vmin=0, vmax=1, extent=extent)
    else:
        panels[5].imshow(imagery, extent=extent)
    add(panels[5], found["final"], ROAD, 1.8)
    panels[5].plot(*found["joints"].T, "o", color="white", markersize=3, markeredgecolor="black", markeredgewidth=0.5)
    FigureCanvasAgg(figure).print_jpg(picture, pil_kwargs={"quality": 82})


def add(panel: Axes, lines: list[np.ndarray], colours: Any, width: float) -> None:
    """Draw lines in pixels."""
    panel.add_collection(LineCollection(lines, colors=colours, linewidths=width), autolim=False)


def main() -> None:
    """Draw the picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("probability", type=Path)
    parser.add_argument("picture", type=Path)
    parser.add_argument("--imagery", type=Path)
    parser.add_argument("--window", type=int, nargs=3)
    parser.add_argument("--threshold", type=float, default=0.5)
    options = parser.parse_args()
    load_package()
    with tempfile.TemporaryDirectory() as scratch:
        window = tuple(options.window) if options.window else None
        found = steps(cut(options.probability, Path(scratch) / "probability.tif", window), options.threshold)
        imagery = None
        if options.imagery:
            with rasterio.open(cut(options.imagery, Path(scratch) / "imagery.tif", window)) as file:
                imagery = np.moveaxis(file.read([1, 2, 3]), 0, -1)
    draw(found, imagery, options.picture)
    print(f"{len(found['final'])} lines, {sum(found['bridges'])} with a closed gap, {len(found['gaps'])} gaps left")


if __name__ == "__main__":
    main()
