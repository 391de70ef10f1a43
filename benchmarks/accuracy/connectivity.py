"""How well the roads of a probability raster hang together, against those of the truth."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

#: Sums are divided by the length of the roads found; the others are means weighted by the truth's length.
COLUMNS = ("apls", "completeness", "correctness", "dead ends/km", "gaps/km")


def connectivity(tiles: Sequence[tuple[Path, Path]], threshold: float, folder: Path) -> dict[str, float]:
    """Draw probability rasters as networks with the tool's defaults, and compare them with the truth's.

    Args:
        tiles: probability raster and truth raster of each. folder: for the networks.
    """
    from roadsmith.engine.evaluation.comparison import compare_road_networks
    from roadsmith.engine.jobs import CompareRoadNetworks, RasterToRoadVector
    from roadsmith.engine.reporter import Reporter
    from roadsmith.engine.road_network.vectorise import raster_to_road_vector

    weights, sums, found_km, ends = 0.0, dict.fromkeys(("apls", "completeness", "correctness", "gaps/km"), 0.0), 0.0, 0
    for number, (probability, truth) in enumerate(tiles):
        roads, reference = folder / f"{number}_roads.gpkg", folder / f"{number}_truth.gpkg"
        found = raster_to_road_vector(
            RasterToRoadVector(raster=str(probability), output=str(roads), threshold=threshold), Reporter()
        )
        raster_to_road_vector(RasterToRoadVector(raster=str(truth), output=str(reference)), Reporter())
        figures = compare_road_networks(
            CompareRoadNetworks(
                roads=str(roads), roads_layer="roads", reference=str(reference), reference_layer="roads",
                report=str(folder / f"{number}.html"),
            ), Reporter(),
        )
        weight = figures["reference_km"]
        weights, found_km = weights + weight, found_km + found["length_km"]
        for name in sums:
            sums[name] += weight * figures[name.replace("/", "_per_")]
        ends += figures["roads_dead_ends"]
    return {**{name: total / max(weights, 1e-9) for name, total in sums.items()}, "dead ends/km": ends / max(found_km, 1e-9)}
