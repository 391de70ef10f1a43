import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from roadsmith.engine.raster.blending import BandBlender, TileLattice, hann_ramp
from roadsmith.engine.raster.grid import Window


def test_neighbouring_weights_add_up_to_one():
    inner = hann_ramp(32, 16)
    assert inner[16:] + inner[:16] == pytest.approx(np.ones(16), abs=1e-6)
    assert (hann_ramp(32, 16, is_first=True)[:16] == 1).all() and (hann_ramp(32, 16, is_last=True)[16:] == 1).all()


GRID = 211, 197


def blend(area, tile, padding, value_of, valid_of=lambda window: np.ones((window.height, window.width), bool)):
    lattice = TileLattice(tile, padding, area, *GRID)
    blender, rows = BandBlender(lattice), []
    for tiles in lattice.rows():
        rows.append(blender.finish_rows(tiles[0].row))
        for window in tiles:
            blender.add(window, value_of(window), valid_of(window))
    rows.append(blender.finish_rows(10**9))
    assert len(blender.finish_rows(10**9)[0]) == 0
    return [np.concatenate(each) for each in zip(*rows)]


@settings(max_examples=60, deadline=None)
@given(*[st.integers(0, 90)] * 2, *[st.integers(1, 120)] * 2, st.sampled_from([(16, 0), (32, 4), (32, 8)]))
def test_constant_tiles_give_a_constant_without_gaps(row, column, height, width, sizes):
    tile, padding = sizes
    area = Window(row, column, height, width).clipped(*GRID)
    result, valid = blend(area, tile, padding, lambda window: np.full((tile, tile), 0.3, np.float32))
    assert result.shape == (area.height, area.width) and valid.all()
    np.testing.assert_allclose(result, 0.3, rtol=1e-5)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 60), st.integers(1, 60))
def test_the_extent_never_shows(row, column, height, width):
    """Tiles that each have their own value: a part of the surface equals the same part of the whole, bit for bit."""

    def value_of(window):
        return np.random.default_rng([window.row + 1000, window.column + 1000]).random((32, 32), np.float32)

    def valid_of(window):
        return value_of(window) < 0.5

    whole = blend(Window(0, 0, 120, 120), 32, 8, value_of, valid_of)
    part = blend(Window(row, column, height, width), 32, 8, value_of, valid_of)
    for one, other in zip(part, whole):
        np.testing.assert_array_equal(one, other[row : row + height, column : column + width])


def test_the_tiles_middles_cover_the_grid_once():
    lattice = TileLattice(32, 8, Window(0, 0, 100, 60), 100, 60)
    rows = list(lattice.rows())
    assert sum(map(len, rows)) == lattice.tile_count == 7 * 4
    assert rows[0][0] == Window(-8, -8, 32, 32) and rows[-1][-1] == Window(6 * 16 - 8, 3 * 16 - 8, 32, 32)
    with pytest.raises(ValueError, match="more than a quarter"):
        TileLattice(32, 9, Window(0, 0, 10, 10), 10, 10)


@given(st.integers(0, 60), st.integers(1, 90), st.integers(1, 5))
def test_runs_hold_all_tiles_and_read_the_same_whatever_the_area(column, width, size):
    whole, part = (TileLattice(32, 8, Window(0, start, 20, count), 100, 160) for start, count in ((0, 160), (column, width)))
    assert [tile for _, tiles in part.runs(size) for tile in tiles] == [tile for row in part.rows() for tile in row]
    strips = {tile: strip for strip, tiles in whole.runs(size) for tile in tiles}
    for strip, tiles in part.runs(size):
        assert len(tiles) <= size and all(strips[tile] == strip for tile in tiles)
        for tile in (each.clipped(100, 160) for each in tiles):
            assert strip.column <= tile.column and tile.column + tile.width <= strip.column + strip.width
