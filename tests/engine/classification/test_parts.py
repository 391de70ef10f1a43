"""However the work is cut, and however many threads share it, the pixels are the same."""

import numpy as np
import pytest
import rasterio
from hypothesis import given
from hypothesis import strategies as st
from roadsmith.engine.classification.parts import lanes, parts_of
from roadsmith.engine.raster.blending import TileLattice
from roadsmith.engine.raster.grid import Window

from ..conftest import ORTHOPHOTO
from .toy_models import assert_same, classify, cut_small, read


@given(*[st.integers(0, 300)] * 2, *[st.integers(1, 700)] * 2, st.integers(20, 300), st.integers(20, 300))
def test_parts_cover_the_area_once_and_begin_where_tiles_begin(row, column, height, width, rows, columns):
    lattice = TileLattice(32, 4, Window(row, column, height, width), 1000, 1000)
    covered = np.zeros((1000, 1000), np.uint8)
    parts = parts_of(lattice, rows, columns)
    for number, part in enumerate(parts):
        window = part.window
        assert part.number == number and window.height <= rows + 3 * 24 and window.width <= columns + 3 * 24
        assert window.row == row or (window.row + 4) % 24 == 0
        covered[window.row : window.row + window.height, window.column : window.column + window.width] += 1
    assert covered[row : row + height, column : column + width].all() and covered.sum() == height * width


def test_only_parts_right_beneath_each_other_are_done_in_one_go():
    lattice = TileLattice(32, 4, Window(0, 0, 220, 240), 220, 240)
    parts = parts_of(lattice, 72, 120)
    numbers = [[part.number for part in lane] for lane in lanes(parts, done={1, 4})]
    assert [part.window.column for part in parts] == [0] * 3 + [116] * 3
    assert numbers == [[0], [2], [3], [5]]
    assert [[part.number for part in lane] for lane in lanes(parts, done=())] == [[0, 1, 2], [3, 4, 5]]


@pytest.mark.parametrize("options", [{}, {"batch_size": 3}, {"cell_size": 1.7}])
def test_parts_change_no_bit(noise_raster, model, tmp_path, monkeypatch, options):
    classify(noise_raster, model, tmp_path / "whole.tif", **options)
    for rows, columns in ((48, 10_000), (100, 130), (10_000, 60)):
        cut_small(monkeypatch, rows, columns)
        classify(noise_raster, model, tmp_path / "cut.tif", **options)
        assert_same(tmp_path / "whole.tif", tmp_path / "cut.tif")


@pytest.mark.parametrize("options", [{}, {"batch_size": 4}, {"cell_size": 0.6}])
def test_the_extent_changes_no_bit(noise_raster, model, tmp_path, options):
    classify(noise_raster, model, tmp_path / "whole.tif", **options)
    classify(noise_raster, model, tmp_path / "part.tif", extent=[500101, 4999795, 500263, 4999931], **options)
    with rasterio.open(tmp_path / "whole.tif") as whole, rasterio.open(tmp_path / "part.tif") as part:
        top, left = (round(each) for each in whole.index(*part.xy(0, 0)))
        rows, columns = slice(top, top + part.height), slice(left, left + part.width)
    for suffix in ("", "_p"):
        found = read(tmp_path / f"part{suffix}.tif")
        np.testing.assert_array_equal(found, read(tmp_path / f"whole{suffix}.tif")[rows, columns])


def test_readers_change_no_bit(model, tmp_path):
    options = {"extent": [20.505, -34.045, 20.512, -34.04], "tile_size": 96, "batch_size": 2}
    for readers in (1, 4):
        classify(ORTHOPHOTO, model, tmp_path / f"{readers}.tif", reader_threads=readers, **options)
    assert_same(tmp_path / "1.tif", tmp_path / "4.tif")


def test_tile_sizes_agree_in_the_interior(noise_raster, model, tmp_path):
    """A network that sees 3 pixels around each: away from the raster's edge no tile's border is near enough to show."""
    for tile in (64, 128):
        classify(noise_raster, model, tmp_path / f"{tile}.tif", tile_size=tile, padding=8)
    one, other = (read(tmp_path / f"{tile}_p.tif")[8:-8, 8:-8].astype(int) for tile in (64, 128))
    assert np.abs(one - other).max() <= 2
