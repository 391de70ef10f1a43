"""What the engine tests share: the sample data and small rasters and road layers made to measure."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from affine import Affine

SAMPLES = Path(__file__).resolve().parents[2] / "examples" / "data"
ORTHOPHOTO = SAMPLES / "swellendam_orthophoto.tif"
ROADS = SAMPLES / "swellendam_roads.fgb"
UTM = "EPSG:32633"


def write_raster(path, pixels, crs=UTM, transform=None, **options):
    """Write (bands, height, width) pixels; 1 m cells with the corner at 500000, 5000000 unless told otherwise."""
    pixels = np.asarray(pixels)
    transform = transform or Affine(1, 0, 500000, 0, -1, 5000000)
    options = {"driver": "GTiff", **options}
    with rasterio.open(
        path, "w", count=len(pixels), height=pixels.shape[1], width=pixels.shape[2], dtype=pixels.dtype,
        crs=crs, transform=transform, **options,
    ) as file:
        file.write(pixels)
    return Path(path)


def write_lines(path, geometries, crs=UTM, geometry_type="LineString"):
    """Write geometries to a GeoPackage layer ``roads``."""
    blobs = shapely.to_wkb(np.array(geometries, dtype=object))
    pyogrio.raw.write(
        path, blobs, [np.arange(len(geometries))], ["id"], layer="roads", geometry_type=geometry_type, crs=crs, driver="GPKG"
    )
    return Path(path)


@pytest.fixture
def noise_raster(tmp_path):
    """400 × 300 px RGB noise, 1 m cells, UTM 33 N."""
    pixels = np.random.default_rng(1).integers(0, 255, (3, 300, 400), dtype=np.uint8)
    return write_raster(tmp_path / "noise.tif", pixels)


@pytest.fixture
def road_lines(tmp_path):
    """One east-west line through the middle of ``noise_raster``, row 150."""
    return write_lines(tmp_path / "roads.gpkg", [shapely.LineString([(500000, 4999850), (500400, 4999850)])])
