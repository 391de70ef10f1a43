import numpy as np
import pytest
import rasterio
from affine import Affine
from roadsmith.engine.errors import EngineError
from roadsmith.engine.raster.grid import Window
from roadsmith.engine.raster.source import RasterSource

from ..conftest import ORTHOPHOTO, write_raster


def test_native_window_is_the_files_pixels(noise_raster):
    with RasterSource(noise_raster) as source, rasterio.open(noise_raster) as file:
        pixels, valid = source.read(source.grid(), Window(10, 20, 30, 40))
        np.testing.assert_array_equal(pixels, file.read()[:, 10:40, 20:60])
        # UTM at its central meridian: one map metre is 1 / 0.9996 metres on the ground
        assert valid.all() and source.cell_metres == pytest.approx((1 / 0.9996, 1 / 0.9996), abs=1e-5)


def test_outside_is_zero_and_not_valid(noise_raster):
    with RasterSource(noise_raster) as source:
        pixels, valid = source.read(source.grid(), Window(-5, 390, 20, 30))
    assert pixels.shape == (3, 20, 30) and valid.sum() == 15 * 10
    assert not pixels[:, ~valid].any()


@pytest.mark.parametrize("cell", [0.37, 0.8, 1.7, 3.3])
def test_resampled_pixels_do_not_depend_on_the_window(noise_raster, cell):
    with RasterSource(noise_raster) as source:
        grid = source.grid(cell)
        whole, _ = source.read(grid, grid.whole)
        for window in (Window(0, 0, 20, 20), Window(13, 7, 40, 33), Window(grid.height - 9, grid.width - 11, 9, 11)):
            part, _ = source.read(grid, window)
            rows, columns = slice(window.row, window.row + window.height), slice(window.column, window.column + window.width)
            np.testing.assert_array_equal(part, whole[:, rows, columns])


def test_cell_size_in_metres_of_a_geographic_raster():
    with RasterSource(ORTHOPHOTO) as source:
        # 2.5e-5 degrees at 34° S on WGS 84: 2.5e-5 × 92 395 m and × 110 923 m
        assert source.cell_metres == pytest.approx((2.309, 2.773), abs=0.003)
        grid = source.grid(1.25)
        assert grid.cell_metres == pytest.approx((1.25, 1.25))
        assert abs(grid.width * 1.25 - source.width * 2.309) < 3


def test_cell_size_in_feet(tmp_path):
    corner = Affine(1, 0, 980000, 0, -1, 200000)  # New York, US survey feet
    path = write_raster(tmp_path / "feet.tif", np.ones((1, 5, 5), np.uint8), crs="EPSG:2263", transform=corner)
    with RasterSource(path) as source:
        assert source.cell_metres == pytest.approx((0.3048, 0.3048), rel=1e-3)


def test_cell_size_on_the_ground_in_web_mercator_and_on_mars(tmp_path):
    corner = Affine(10, 0, 0, 0, -10, 8399737.9)  # 60° north, where Web Mercator is stretched twofold
    path = write_raster(tmp_path / "web.tif", np.ones((1, 4, 4), np.uint8), crs="EPSG:3857", transform=corner)
    with RasterSource(path) as source:
        assert source.cell_metres == pytest.approx((5, 5), rel=0.01)
    mars = "+proj=longlat +a=3396190 +b=3376200 +no_defs"
    corner = Affine(0.001, 0, 5, 0, -0.001, 0)
    path = write_raster(tmp_path / "mars.tif", np.ones((1, 4, 4), np.uint8), crs=mars, transform=corner)
    with RasterSource(path) as source:
        assert source.cell_metres[0] == pytest.approx(3396190 * np.pi / 180 / 1000, rel=1e-4)


def test_nearly_equal_cell_size_is_not_resampled(noise_raster):
    with RasterSource(noise_raster) as source:
        assert source.grid(1.01).is_native and not source.grid(1.05).is_native


def test_nodata_alpha_and_nan_are_not_valid(tmp_path):
    pixels = np.full((1, 4, 4), 7, np.uint8)
    pixels[0, 0, 0] = 9
    with RasterSource(write_raster(tmp_path / "nodata.tif", pixels, nodata=9)) as source:
        assert (~source.read(source.grid(), source.grid().whole)[1]).sum() == 1
        assert (~source.read_valid(source.grid(), source.grid().whole)).sum() == 1
    floats = np.ones((1, 4, 4), np.float32)
    floats[0, 1, 1] = np.nan
    with RasterSource(write_raster(tmp_path / "nan.tif", floats)) as source:
        image, valid = source.read(source.grid(), source.grid().whole)
        assert not valid[1, 1] and valid.sum() == 15 and image[0, 1, 1] == 0
        np.testing.assert_array_equal(source.read_valid(source.grid(), source.grid().whole), valid)
    rgba = np.full((4, 4, 4), 200, np.uint8)
    rgba[3, 2:] = 0
    path = write_raster(tmp_path / "rgba.tif", rgba, photometric="RGB", alpha="YES")
    with RasterSource(path) as source:
        assert source.bands == (1, 2, 3)
        assert source.read(source.grid(), source.grid().whole)[1].sum() == 8


def test_no_coordinate_system_is_one_sentence_and_can_be_given(tmp_path):
    path = write_raster(tmp_path / "bare.tif", np.ones((1, 4, 4), np.uint8), crs=None)
    with pytest.raises(EngineError, match="has no coordinate system: assign"):
        RasterSource(path)
    with RasterSource(path, crs="EPSG:32633") as source:
        assert source.crs.to_epsg() == 32633


def test_bad_files_and_bands(tmp_path, noise_raster):
    text = tmp_path / "text.tif"
    text.write_text("no raster")
    with pytest.raises(EngineError, match="cannot be opened"):
        RasterSource(text)
    with pytest.raises(EngineError, match="cannot be opened"):
        RasterSource(tmp_path / "missing.tif")
    with pytest.raises(EngineError, match=r"has 3 band\(s\); there is no band 4"):
        RasterSource(noise_raster, bands=[1, 4])


def test_broken_transform(tmp_path):
    path = write_raster(tmp_path / "flat.tif", np.ones((1, 4, 4), np.uint8), transform=Affine(1e-320, 0, 5, 0, -1, 5))
    with pytest.raises(EngineError, match="no size"):
        RasterSource(path)


def test_truncated_file_names_the_place(tmp_path):
    path = write_raster(tmp_path / "cut.tif", np.random.default_rng(0).integers(0, 255, (3, 600, 600), dtype=np.uint8))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with RasterSource(path) as source, pytest.raises(EngineError, match=r"rows 500–599.*damaged or incomplete"):
        source.read(source.grid(), Window(500, 0, 100, 600))


def test_a_file_that_is_gone_is_told_from_a_damaged_one(tmp_path):
    path = write_raster(tmp_path / "gone.tif", np.random.default_rng(0).integers(0, 255, (1, 600, 600), dtype=np.uint8))
    with RasterSource(path) as source:
        with path.open("r+b") as file:  # as a drive that is no longer connected: nothing to read, nothing there
            file.truncate(1000)
        path.unlink()
        with pytest.raises(EngineError, match="moved or deleted, or its drive is no longer connected"):
            source.read(source.grid(), Window(500, 0, 100, 600))


def test_files_of_whole_rows_are_known(tmp_path):
    pixels = np.zeros((1, 300, 300), np.uint8)
    for name, options, whole_rows in (("rows", {}, True), ("tiles", {"tiled": True, "blockxsize": 64, "blockysize": 64}, False)):
        with RasterSource(write_raster(tmp_path / f"{name}.tif", pixels, **options)) as source:
            assert source.is_striped is whole_rows
