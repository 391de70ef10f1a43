from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from roadsmith.engine.raster.grid import Window, WorkingGrid, tile_windows

NORTH_UP = Affine(0.5, 0, 1000, 0, -0.5, 2000)


def grid(height=100, width=80, transform=NORTH_UP):
    return WorkingGrid(height, width, transform, 1.0, 1.0, (0.5, 0.5))


def test_extent_on_pixel_edges_takes_exactly_those_pixels():
    assert grid().window_of((1005, 1960, 1010, 1990)) == Window(20, 10, 60, 10)


def test_extent_is_clipped_and_may_miss():
    assert grid().window_of((0, 0, 1001, 5000)) == Window(0, 0, 100, 2)
    assert grid().window_of((0, 0, 10, 10)).is_empty


def test_extent_on_a_south_up_and_a_rotated_raster():
    south_up = Affine(0.5, 0, 1000, 0, 0.5, 2000)
    assert grid(transform=south_up).window_of((1005, 2005, 1010, 2010)) == Window(10, 10, 10, 10)
    rotated = Affine.translation(1000, 2000) * Affine.rotation(90) * Affine.scale(1, 1)
    # columns run north, rows run west: x 990-1000 is rows 0-9, y 2000-2020 is columns 0-19
    assert grid(transform=rotated).window_of((990, 2000, 1000, 2020)) == Window(0, 0, 10, 20)


@given(st.integers(1, 60), st.integers(1, 60), st.integers(1, 25), st.integers(1, 25))
def test_tiles_cover_the_area_once(height, width, tile_height, tile_width):
    area = Window(7, 3, height, width)
    cells = [
        (row, column)
        for tile in tile_windows(area, tile_height, tile_width)
        for row in range(tile.row, tile.row + tile.height)
        for column in range(tile.column, tile.column + tile.width)
    ]
    assert len(cells) == len(set(cells)) == height * width
    assert min(cells) == (7, 3) and max(cells) == (6 + height, 2 + width)
