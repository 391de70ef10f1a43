import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from roadsmith.engine.raster.blending import BandBlender, TileLattice, hann_weights
from roadsmith.engine.raster.grid import Window


def test_neighbouring_weights_add_up_to_one():
    weights = hann_weights(32, 16)[16]
    assert weights[16:] + weights[:16] == pytest.approx(np.ones(16), abs=3e-3)


def blend(area, tile, padding, value_of):
    lattice = TileLattice(tile, padding, area)
    blender, rows = BandBlender(lattice), []
    for tiles in lattice.rows():
        for window in tiles:
            blender.add(window, value_of(window))
        rows.append(blender.finish_rows(tiles[0].row + lattice.stride))
    assert len(blender.finish_rows(10**9)) == 0
    return np.concatenate(rows)


@settings(max_examples=60, deadline=None)
@given(*[st.integers(0, 90)] * 2, *[st.integers(1, 120)] * 2, st.sampled_from([(16, 0), (32, 4), (32, 8)]))
def test_constant_tiles_give_a_constant_without_gaps(row, column, height, width, sizes):
    tile, padding = sizes
    result = blend(Window(row, column, height, width), tile, padding, lambda window: np.full((tile, tile), 0.3, np.float32))
    assert result.shape == (height, width)
    np.testing.assert_allclose(result, 0.3, rtol=1e-5)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 60), st.integers(1, 60))
def test_the_extent_never_shows(row, column, height, width):
    """Tiles that each have their own value: a part of the surface equals the same part of the whole, bit for bit."""

    def value_of(window):
        return np.random.default_rng([window.row + 1000, window.column + 1000]).random((32, 32), np.float32)

    whole = blend(Window(0, 0, 120, 120), 32, 8, value_of)
    part = blend(Window(row, column, height, width), 32, 8, value_of)
    np.testing.assert_array_equal(part, whole[row : row + height, column : column + width])


def test_lattice_counts_its_tiles():
    lattice = TileLattice(32, 8, Window(5, 5, 100, 60))
    assert sum(len(row) for row in lattice.rows()) == lattice.tile_count
    with pytest.raises(ValueError, match="more than a quarter"):
        TileLattice(32, 9, Window(0, 0, 10, 10))
