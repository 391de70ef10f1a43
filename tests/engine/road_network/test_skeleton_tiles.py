"""Tiles make the skeleton that the whole raster would make."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from roadsmith.engine.errors import EngineError
from roadsmith.engine.raster.zhang_suen import thin
from roadsmith.engine.reporter import Reporter
from roadsmith.engine.road_network import skeleton_tiles, thinning
from roadsmith.engine.road_network.centre_shift import RoadShare, centre_shift
from roadsmith.engine.road_network.end_sights import end_sights
from roadsmith.engine.road_network.graph import build_graph
from roadsmith.engine.road_network.skeleton_tiles import SkeletonPixels, skeleton_pixels
from roadsmith.engine.road_network.surface import SurfaceRules, drop_wide_areas
from scipy import ndimage

from . import drawn_masks as masks

CELL = (1.0, 1.0)
PAD = 260


def at_once(mask, high, low, merge):
    """The definition: mirror at the edges, make the surface, drop what is too wide, thin everything, measure every pixel."""
    road = SurfaceRules(CELL, merge).apply(np.pad(mask >= low, PAD, mode="reflect"))
    road = drop_wide_areas(road, thinning.widest_road(CELL))
    skeleton = thin(road)
    within = np.zeros_like(road)
    core = (slice(PAD, -PAD), slice(PAD, -PAD))
    within[core] = True
    rows, columns = np.nonzero(skeleton & within)
    radius = ndimage.distance_transform_edt(road)[rows, columns].astype(np.float32)
    sure = road & (np.pad(mask, PAD, mode="reflect") >= np.float32(high))
    seeded = ndimage.binary_dilation(sure, np.ones((5, 5)))[rows, columns]
    share = RoadShare(road, np.pad(mask, PAD, mode="reflect"), low)
    shift = centre_shift(skeleton, share, rows, columns, radius, CELL)
    probability = mask[rows - PAD, columns - PAD]
    sights = end_sights(skeleton, share, rows, columns, CELL).moved(-PAD, -PAD)
    return SkeletonPixels(rows - PAD, columns - PAD, radius, probability, shift, seeded, np.zeros(len(rows), bool), sights)


def random_mask(seed, kind):
    random = np.random.default_rng(seed)
    shape = tuple(random.integers(15, 100, 2))
    if kind == "blobs":
        noise = ndimage.gaussian_filter(random.standard_normal(shape), random.uniform(0.5, 4))
        return noise > np.quantile(noise, random.uniform(0.4, 0.95))
    mask = np.zeros(shape, bool)
    for _ in range(random.integers(1, 6)):
        start, end = (random.uniform(-20, np.add(shape, 20)) for _ in range(2))
        if kind == "diagonals":
            end = start + random.uniform(15, 90) * random.choice([-1, 1], 2)
        mask |= masks.band(shape, start, end, random.uniform(1, 20))
    return mask


def edge_set(graph):
    """Edges as pixels in order, whatever direction and number they have."""
    coordinates = [
        tuple(zip(graph.skeleton.rows[path].tolist(), graph.skeleton.columns[path].tolist())) for path in graph.paths
    ]
    return sorted(min(path, path[::-1]) for path in coordinates)


@pytest.fixture
def tight_halo(monkeypatch):
    """Begin with no spare halo, so that tiles get only what they ask for."""
    monkeypatch.setattr(skeleton_tiles, "_HALO", 0)
    monkeypatch.setattr(thinning, "_WIDE_METRES", 0.0)
    monkeypatch.setattr(thinning, "_WIDE_PIXELS", thinning._WIDE_PIXELS)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(0, 2**31), st.sampled_from(["blobs", "lines", "diagonals"]), st.integers(7, 90), st.sampled_from([5, 12, 128]),
    st.sampled_from([0.0, 0.0, 6.0]),
)  # fmt: skip
def test_tiles_change_nothing(tight_halo, seed, kind, tile, widest, merge):
    thinning._WIDE_PIXELS = widest  # the fixture puts it back
    mask = random_mask(seed, kind)
    # sure here and less sure there
    sureness = ndimage.gaussian_filter(np.random.default_rng(seed).standard_normal(mask.shape), 4) > 0
    mask = np.where(mask, np.where(sureness, np.float32(0.75), np.float32(0.3)), np.float32(0.2))
    raster = masks.in_memory(mask, "probability", 0.5, low=0.25, merge=merge)
    whole, tiled = at_once(mask, 0.5, 0.25, merge), skeleton_pixels(raster, CELL, Reporter(), tile=tile, threads=1 + seed % 2)
    masks.assert_same(tiled, whole)
    assert edge_set(build_graph(whole, CELL, Reporter())) == edge_set(build_graph(tiled, CELL, Reporter()))


@pytest.mark.parametrize("cell", [(0.3, 0.3), (0.71, 1.113)])
def test_no_last_digit_depends_on_where_a_tile_begins(cell):
    random = np.random.default_rng(3)
    probability = ndimage.gaussian_filter(random_mask(8, "lines").astype(np.float32), 1.0)
    probability = np.clip(probability + 0.05 * random.standard_normal(probability.shape), 0, 1).astype(np.float32)
    raster = masks.in_memory(probability, "probability", 0.5, low=0.3)
    whole, tiled = (skeleton_pixels(raster, cell, Reporter(), tile=tile) for tile in (2048, 31))
    assert len(whole.rows) > 50
    assert np.hypot(*whole.shift.T).max() > 0.2 * min(cell)
    masks.assert_same(tiled, whole)


@pytest.mark.parametrize("tile", [17, 60, 100])
@pytest.mark.parametrize("seed", range(3))
def test_tiles_keep_dead_ends_along_the_diagonal(seed, tile):
    """Each as long as it is, and the same pixels whatever the tiles: other thinnings eat them, as far as they see."""
    random = np.random.default_rng(seed)
    start, length, width = random.uniform(20, 40, 2), random.uniform(140, 170), random.uniform(4, 13)
    mask = masks.band((230, 230), start, start + length, width)
    for turned in (mask, mask[:, ::-1], mask[::-1]):
        raster = masks.in_memory(turned.astype(np.uint8))
        whole, tiled = (skeleton_pixels(raster, CELL, Reporter(), tile=each) for each in (2048, tile))
        masks.assert_same(tiled, whole)
        assert np.ptp(whole.rows) >= length - 3 and np.ptp(whole.columns) >= length - 3


def test_a_road_leaves_the_raster_straight():
    mask = np.zeros((60, 50), bool)
    mask[:, 20:29] = True
    skeleton = skeleton_pixels(masks.in_memory(mask.astype(np.uint8)), CELL, Reporter())
    assert skeleton.rows.tolist() == list(range(60))
    assert set(skeleton.columns.tolist()) == {24}


def test_a_road_along_the_edge_is_not_lost():
    mask = np.zeros((40, 80), bool)
    mask[:3] = True
    skeleton = skeleton_pixels(masks.in_memory(mask.astype(np.uint8)), CELL, Reporter())
    assert set(skeleton.rows.tolist()) == {0}
    assert len(skeleton.rows) == 80


def test_an_area_too_wide_for_a_road_is_left_out_and_reported():
    listener = masks.Listener()
    mask = np.zeros((600, 600), np.uint8)
    mask[100:500, 100:500] = 1
    mask[296:305] = 1  # a road across it
    skeleton = skeleton_pixels(masks.in_memory(mask), CELL, listener.reporter, tile=200)
    assert "256 m wide" in listener.texts("warning")[0]
    inside = (np.abs(skeleton.rows - 300) < 100) & (np.abs(skeleton.columns - 300) < 100)
    assert not inside.any()
    assert np.isin(np.arange(90), skeleton.columns[skeleton.rows == 300]).all()


def test_no_data_at_all_is_an_error(monkeypatch):
    raster = masks.in_memory(np.zeros((20, 20), np.uint8))
    nothing = np.zeros((1, 20, 20), np.uint8), np.zeros((20, 20), bool)
    monkeypatch.setattr(raster.source, "read", lambda *_, **__: nothing, raising=False)
    with pytest.raises(EngineError, match="no data"):
        skeleton_pixels(raster, CELL, Reporter())
