"""Tiles make the skeleton that the whole raster would make."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from roadsmith.engine.errors import EngineError
from roadsmith.engine.raster.skeleton import skeletonise
from roadsmith.engine.reporter import Reporter
from roadsmith.engine.road_network import skeleton_tiles
from roadsmith.engine.road_network.graph import build_graph
from roadsmith.engine.road_network.skeleton_tiles import SkeletonPixels, drop_wide_areas, fill_holes, skeleton_pixels
from scipy import ndimage

from . import drawn_masks as masks

CELL = (1.0, 1.0)
PAD = 200


def at_once(mask):
    """The definition: mirror at the edges, fill holes, drop car parks, thin everything, measure with a distance transform."""
    filled = fill_holes(np.pad(mask, PAD, mode="reflect"), skeleton_tiles.HOLE_AREA)
    filled = drop_wide_areas(filled, skeleton_tiles._widest(CELL))
    core = (slice(PAD, -PAD), slice(PAD, -PAD))
    rows, columns = np.nonzero(skeletonise(filled)[core])
    radius = ndimage.distance_transform_edt(filled)[core][rows, columns].astype(np.float32)
    return SkeletonPixels.plain(rows.astype(np.int64), columns.astype(np.int64), radius, mask[rows, columns].astype(np.float32))


def random_mask(seed, kind):
    random = np.random.default_rng(seed)
    shape = tuple(random.integers(15, 130, 2))
    if kind == "blobs":
        noise = ndimage.gaussian_filter(random.standard_normal(shape), random.uniform(0.5, 4))
        return noise > np.quantile(noise, random.uniform(0.4, 0.95))
    mask = np.zeros(shape, bool)
    for _ in range(random.integers(1, 6)):
        start, end = (random.uniform(-20, np.add(shape, 20)) for _ in range(2))
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
    monkeypatch.setattr(skeleton_tiles, "_WIDE_METRES", 0.0)
    monkeypatch.setattr(skeleton_tiles, "_WIDE_PIXELS", skeleton_tiles._WIDE_PIXELS)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**31), st.sampled_from(["blobs", "lines"]), st.integers(7, 90), st.sampled_from([5, 12, 128]))
def test_tiles_change_nothing(tight_halo, seed, kind, tile, widest):
    skeleton_tiles._WIDE_PIXELS = widest  # the fixture puts it back
    mask = random_mask(seed, kind)
    raster = masks.in_memory(mask.astype(np.uint8))
    whole, tiled = at_once(mask), skeleton_pixels(raster, CELL, Reporter(), tile=tile, threads=1 + seed % 2)
    for name in ("rows", "columns"):
        assert np.array_equal(getattr(whole, name), getattr(tiled, name))
    assert np.allclose(whole.radius, tiled.radius)
    assert edge_set(build_graph(whole, CELL, Reporter())) == edge_set(build_graph(tiled, CELL, Reporter()))


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


def test_small_holes_are_filled_and_blocks_are_not():
    mask = np.ones((40, 60), bool)
    mask[10:15, 10:15] = False  # 25 pixels
    mask[10:20, 30:40] = False  # 100 pixels
    mask[30:31, 5:33] = False  # 28 pixels, but long
    filled = fill_holes(mask, 30.0)
    assert filled[10:15, 10:15].all()
    assert not filled[10:20, 30:40].any()
    assert not filled[30, 5:33].any()


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
