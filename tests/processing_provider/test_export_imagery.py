"""The parameters about the chips' pixels, end to end on drawn imagery with known answers."""

import struct

import pytest
from osgeo import gdal

from .drawn import COLUMN, NORTH, SIDE, TILE, Exporter, chips, everything, pixels, write_raster

pytestmark = pytest.mark.usefixtures("provider")


@pytest.fixture
def export(tmp_path, feedback):
    return Exporter(tmp_path, feedback)


def test_bands_in_any_number_and_order(export):
    image, _ = chips(export(BANDS=[4, 2, 1, 3, 2]))[5]  # column 1, row 1
    assert gdal.Open(str(image)).RasterCount == 5
    first_pixels = [pixels(image, band)[0] for band in range(1, 6)]
    assert first_pixels == [200, 64, 64, 7, 64]


@pytest.fixture
def deep(tmp_path):
    """16 bits: the column times ten."""
    row = struct.pack(f"{SIDE}H", *(10 * column for column in range(SIDE)))
    return write_raster(tmp_path / "deep.tif", [row * SIDE], gdal.GDT_UInt16)


def columns_of(folder):
    """Return the pixels of the first row of the lattice's first row of chips."""
    found = sorted((gdal.Open(str(image)).GetGeoTransform()[0], image) for image, _ in chips(folder)
                   if gdal.Open(str(image)).GetGeoTransform()[3] == NORTH)
    return b"".join(pixels(image)[:TILE] for _, image in found)


@pytest.mark.parametrize("options", [{"STRETCH": "MINMAX"}, {"STRETCH": "PERCENT", "STRETCH_LOW": 0, "STRETCH_HIGH": 100}])
def test_stretch_over_the_whole_range(export, deep, options):
    """0 to 2550 become 0 to 255, so every column becomes its number."""
    values = columns_of(export(INPUT=deep, **options))
    assert max(abs(value - column) for column, value in enumerate(values)) <= 1


def test_stretch_between_percentages(export, deep):
    """A quarter black, a quarter white, the middle in between."""
    values = columns_of(export(INPUT=deep, STRETCH="AUTO", STRETCH_LOW=25, STRETCH_HIGH=75))
    assert set(values[:62]) == {0} and set(values[195:]) == {255} and values[128] == pytest.approx(128, abs=3)


def test_stretch_by_standard_deviations(export, deep):
    """One deviation of evenly spread values is 256/√12 = 73.9 columns to both sides of the middle."""
    values = columns_of(export(INPUT=deep, STRETCH="DEVIATIONS", STRETCH_DEVIATIONS=1))
    assert set(values[:52]) == {0} and set(values[204:]) == {255} and values[128] == pytest.approx(128, abs=3)


def test_no_stretch_keeps_the_depth(export, deep):
    image, _ = chips(export(INPUT=deep, STRETCH="NONE"))[0]
    assert struct.unpack(f"{TILE}H", pixels(image)[:2 * TILE]) == tuple(range(0, 640, 10))


def test_image_format(export):
    image, _ = chips(export(IMAGE_FORMAT="PNG", BANDS=[1]))[0]
    assert image.suffix == ".png" and pixels(image)[:TILE] == COLUMN[:TILE]


def test_threads_change_nothing(export):
    assert everything(export(WORKERS=1)) == everything(export(WORKERS=3))
