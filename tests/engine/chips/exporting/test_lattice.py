import numpy as np
import pytest
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from roadsmith.engine.chips.exporting.lattice import ChipLattice, Frame, turns
from roadsmith.engine.raster.grid import Window, WorkingGrid

GRID = WorkingGrid(1000, 1000, Affine(2, 0, 0, 0, -2, 0), 1.0, 1.0, (2.0, 2.0))


@pytest.mark.parametrize(("angle", "expected"), [
    (0, [0]), (90, [0, 90, 180, 270]), (45, [0, 45, 90, 135, 180, 225, 270, 315]), (100, [0, 100, 200, 300]),
])
def test_turns_go_once_round(angle, expected):
    assert list(turns(angle)) == expected


def test_a_quarter_turn_maps_corner_to_corner():
    frame = Frame(Window(100, 200, 10, 10), 90)
    np.testing.assert_allclose(frame.to_grid(GRID) * (0, 0), (210, 100), atol=1e-9)
    np.testing.assert_allclose(frame.to_grid(GRID) * (10, 0), (210, 110), atol=1e-9)
    assert frame.bounds(GRID) == frame.window


def test_turning_keeps_lengths_where_pixels_are_not_square():
    grid = WorkingGrid(1000, 1000, Affine(1e-5, 0, 0, 0, -1e-5, 60), 1.0, 1.0, (0.5, 1.0))
    to_grid = Frame(Window(0, 0, 100, 100), 30).to_grid(grid)
    (x0, y0), (x1, y1), (x2, y2) = (to_grid * corner for corner in ((0, 0), (100, 0), (0, 100)))
    assert np.hypot((x1 - x0) * 0.5, y1 - y0) == pytest.approx(50)  # 100 columns of half a metre
    assert np.hypot((x2 - x0) * 0.5, y2 - y0) == pytest.approx(100)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 200), st.integers(1, 200), st.integers(1, 40), st.integers(1, 40), st.integers(1, 300), st.booleans())
def test_blocks_hold_every_position_once(height, width, tile, stride, side, turned):
    lattice = ChipLattice(Window(7, 3, height + tile, width + tile), tile, stride, turns(120 if turned else 0))
    blocks = list(lattice.blocks(side))
    frames = [each for block in blocks for each in lattice.frames(block)]
    assert sorted(index for index, _ in frames) == list(range(lattice.count))
    covered = np.zeros((height + tile, width + tile), bool)
    for _, frame in frames:
        row, column = frame.window.row - 7, frame.window.column - 3
        assert 0 <= row <= height and 0 <= column <= width
        covered[row : row + tile, column : column + tile] = True
    assert covered.all() or stride > tile
    assert covered[-1, -1]
    assert [block.number for block in blocks] == list(range(len(blocks)))
    for block in blocks:
        window = lattice.window(block)
        assert max(window.height, window.width) <= max(side, tile + stride)
