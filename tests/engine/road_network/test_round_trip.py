"""Real roads drawn into a raster and found in it again, whole and with gaps under a trace of evidence."""

from __future__ import annotations

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from rasterio.features import rasterize
from rasterio.transform import from_origin
from roadsmith.engine.evaluation.comparison import compare_road_networks
from roadsmith.engine.jobs import CompareRoadNetworks, RasterToRoadVector
from roadsmith.engine.reporter import Reporter
from roadsmith.engine.road_network import gaps as closing
from roadsmith.engine.road_network.vectorise import raster_to_road_vector
from shapely.ops import substring

from ..conftest import ROADS

#: The middle of the sample, 2.8 × 2.6 km, and metres of ground around it that no road reaches.
AREA, MARGIN = (452400.0, 6229600.0, 455200.0, 6232200.0), 20.0
WIDTH = 7.0


@pytest.fixture(scope="module")
def roads():
    """The roads of the area (metres), in one piece each, and their coordinate system."""
    meta, _, geometry, _ = pyogrio.raw.read(ROADS)
    lines = shapely.get_parts(shapely.clip_by_rect(shapely.force_2d(shapely.from_wkb(geometry)), *AREA))
    lines = lines[shapely.length(lines) > 20]  # clipping leaves crumbs, which cleaning takes away with good reason
    return lines, meta["crs"]


def with_gaps(lines, share, random):
    """Take gaps of 5 to 25 m out of lines until ``share`` of their length is gone; return what is left, and the gaps."""
    lengths = shapely.length(lines)
    cuts, gone = {}, 0.0
    while gone < share * lengths.sum():
        number, gap = int(random.choice(len(lines), p=lengths / lengths.sum())), random.uniform(5, 25)
        if lengths[number] < gap + 40:
            continue
        begin = random.uniform(0, lengths[number] - gap)
        if all(begin > last + 30 or begin + gap < first - 30 for first, last in cuts.get(number, [])):
            cuts.setdefault(number, []).append((begin, begin + gap))
            gone += gap
    kept, gaps = [], []
    for number, line in enumerate(lines):
        at = 0.0
        for first, last in [*sorted(cuts.get(number, [])), (line.length, line.length)]:
            if first > at:
                kept.append(substring(line, at, first))
            if last > first:
                gaps.append(substring(line, first, last))
            at = last
    return np.array(kept), np.array(gaps)


def write_evidence(path, lines, gaps, crs, random):
    """Write a probability raster of 1 m cells: 0.9 on roads, 0.2 to 0.35 in each gap, little noise elsewhere."""
    left, bottom, right, top = AREA[0] - MARGIN, AREA[1] - MARGIN, AREA[2] + MARGIN, AREA[3] + MARGIN
    shape, transform = (int(top - bottom), int(right - left)), from_origin(left, top, 1, 1)
    road = rasterize(list(shapely.buffer(lines, WIDTH / 2, cap_style="flat")), shape, transform=transform) > 0
    shares = random.random(shape, np.float32) * 0.08
    if len(gaps):
        traces = zip(shapely.buffer(gaps, WIDTH / 2, cap_style="flat"), random.uniform(0.2, 0.35, len(gaps)).tolist())
        trace = rasterize(list(traces), shape, transform=transform, dtype="float32")
        shares = np.where(trace > 0, trace + shares - 0.04, shares)
    shares[road] = 0.9
    profile = {"driver": "GTiff", "height": shape[0], "width": shape[1], "count": 1, "dtype": "uint8", "nodata": 255}
    with rasterio.open(path, "w", **profile, crs=crs, transform=transform) as file:
        file.write(np.round(shares * 254).astype(np.uint8), 1)
        file.update_tags(ROADSMITH_KIND="probability")
    return transform


def scores(folder, lines, crs, **arguments):
    """Vectorise the raster in the folder and compare with the true roads; buffer 2 pixels."""
    job = RasterToRoadVector(raster=str(folder / "p.tif"), output=str(folder / "roads.gpkg"), **arguments)
    result = raster_to_road_vector(job, Reporter())
    pyogrio.raw.write(
        str(folder / "truth.gpkg"), geometry=shapely.to_wkb(lines), field_data=[], fields=[], driver="GPKG",
        geometry_type="LineString", crs=crs,
    )  # fmt: skip
    comparison = CompareRoadNetworks(
        roads=job.output, roads_layer="roads", reference=str(folder / "truth.gpkg"), buffer=2.0, samples=20_000
    )
    return result, compare_road_networks(comparison, Reporter())


def test_whole_roads(tmp_path, roads):
    lines, crs = roads
    write_evidence(tmp_path / "p.tif", lines, [], crs, np.random.default_rng(0))
    _, found = scores(tmp_path, lines, crs)
    assert found["apls"] >= 0.97
    assert found["completeness"] >= 0.99
    assert found["correctness"] >= 0.99


def test_roads_with_gaps(tmp_path, roads, monkeypatch):
    lines, crs = roads
    random = np.random.default_rng(1)
    kept, gaps = with_gaps(lines, 0.05, random)
    transform = write_evidence(tmp_path / "p.tif", kept, gaps, crs, random)
    _, unclosed = scores(tmp_path, lines, crs, max_gap=0.0)
    middles, joined = [], closing.joined

    def watched(graph, ends, candidates, ways):
        middles.extend(way.pixels[len(way.pixels) // 2] for way in ways)
        return joined(graph, ends, candidates, ways)

    monkeypatch.setattr(closing, "joined", watched)
    result, found = scores(tmp_path, lines, crs)
    assert unclosed["apls"] < 0.6
    assert found["apls"] >= 0.93
    assert result["closed_gap_count"] == len(middles) > 0.5 * len(gaps)  # the brighter ones are found by the low threshold
    places = [shapely.Point(transform * (column + 0.5, row + 0.5)) for row, column in middles]
    false = shapely.distance(shapely.union_all(lines), places) > 4.0
    assert false.sum() <= 0.01 * len(places)
