"""Labels against an independent rasterisation sixteen times finer, and chips put back onto the map."""

import numpy as np
import pyproj
import pytest
import rasterio
import shapely
from affine import Affine
from rasterio.features import rasterize
from skimage.draw import polygon

from ...conftest import write_lines, write_raster
from .exports import export, labels_of

TOP = 5_000_000
FINER = 16


@pytest.mark.parametrize("angle", [0, 7, 22.5, 33, 45, 61, 78, 90, 118, 161])
def test_width_of_a_line_at_any_angle(tmp_path, angle):
    """The road's area over its length is its width; the fine drawing is scikit-image's, of four corners found by hand.

    One line can be off by half the distance of the pixel rows it runs along (0.71 px on the diagonal, where it is a whole number
    of those wide); over lines in several places the error must vanish.
    """
    raster = write_raster(tmp_path / "r.tif", np.ones((1, 160, 160), np.uint8))
    direction = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    across = np.array([-direction[1], direction[0]])
    errors = []
    for number, (width, shift) in enumerate((width, shift) for width in (3.0, 6.5, 12.0) for shift in (0.11, 0.36, 0.61, 0.86)):
        middle = np.array([80.0, 80.0]) + shift * across
        ends = np.array([middle - 60 * direction, middle + 60 * direction])
        line = shapely.LineString(ends * [1, -1] + [500000, TOP])
        target = tmp_path / str(number)
        export(raster, write_lines(tmp_path / f"{number}.gpkg", [line]), target, tile_size=160, stride=160, road_width=width)
        label = labels_of(target)["000000000"].astype(bool)
        half = across * width / 2
        corners = np.array([ends[0] - half, ends[1] - half, ends[1] + half, ends[0] + half])
        fine = np.zeros((160 * FINER, 160 * FINER), bool)
        rows, columns = polygon(corners[:, 1] * FINER - 0.5, corners[:, 0] * FINER - 0.5, fine.shape)
        fine[rows, columns] = True
        share = fine.reshape(160, FINER, 160, FINER).mean(axis=(1, 3))
        y, x = np.mgrid[0:160, 0:160] + 0.5
        straight = np.abs((x - middle[0]) * direction[0] + (y - middle[1]) * direction[1]) < 50  # the label's ends are round
        errors.append((label[straight].sum() - share[straight].sum()) / 100.0)
        assert np.abs(label[straight] - share[straight]).max() <= 0.5 + 2 / FINER  # no pixel is wrong by more than half
    assert np.abs(errors).max() < 0.71
    assert abs(np.mean(errors)) < 0.1 and np.abs(errors).mean() < 0.35


SYSTEMS = {
    "UTM": ("EPSG:32633", Affine(0.5, 0, 500000, 0, -0.5, TOP)),
    "degrees": ("EPSG:4326", Affine(6e-6, 0, 15.2, 0, -4e-6, 45.1)),
    "Web Mercator": ("EPSG:3857", Affine(0.7, 0, 1692000, 0, -0.7, 5640000)),
    "feet": ("EPSG:2263", Affine(1.5, 0, 985000, 0, -1.5, 205000)),
    "south up": ("EPSG:3035", Affine(0.5, 0, 4321000, 0, 0.5, 3210000)),
    "turned": ("EPSG:27700", Affine.translation(400000, 300000) * Affine.rotation(25) * Affine.scale(0.5, -0.5)),
    "polar": ("EPSG:3031", Affine(2, 0, -1500000, 0, -2, 700000)),
}


@pytest.mark.parametrize("name", SYSTEMS)
@pytest.mark.parametrize("road_crs", ["EPSG:4326", "same"])
def test_a_label_lies_on_its_road_in_every_system(tmp_path, name, road_crs):
    """The chip's own georeference puts the label back on the map, where an independent drawing of the road must meet it."""
    crs, transform = SYSTEMS[name]
    raster = write_raster(tmp_path / "r.tif", np.ones((1, 200, 200), np.uint8), crs=crs, transform=transform)
    bent = shapely.LineString([(20, 35), (110, 60), (180, 170)])
    line = shapely.transform(bent, lambda xy: np.array([transform * tuple(each) for each in xy]))
    stored = line
    if road_crs != "same":
        to_degrees = pyproj.Transformer.from_crs(crs, road_crs, always_xy=True)
        stored = shapely.transform(line, lambda xy: np.column_stack(to_degrees.transform(xy[:, 0], xy[:, 1])))
    roads = write_lines(tmp_path / "roads.gpkg", [stored], crs=crs if road_crs == "same" else road_crs)
    export(raster, roads, tmp_path / "data", tile_size=96, stride=52, road_width=6.0)
    distances = []
    for path in (tmp_path / "data" / "labels").glob("*.tif"):
        with rasterio.open(path) as file:
            label, placed = file.read(1), file.transform
        # back from the map to the raster's pixels, through the chip's georeference alone
        rows, columns = np.nonzero(label == 1)
        points = [~transform * (placed * (column + 0.5, row + 0.5)) for row, column in zip(rows, columns)]
        pixels = shapely.LineString([(20, 35), (110, 60), (180, 170)])
        distances.append(shapely.distance(shapely.points(points), pixels))
        # the road's middle pixels are all there
        drawn = rasterize([pixels.buffer(0.5)], (200, 200))
        here = {(int(y), int(x)) for x, y in points}
        left, top = ~transform * (placed * (0, 0))
        for row, column in zip(*np.nonzero(drawn)):
            if top + 1 < row < top + 94 and left + 1 < column < left + 94:
                assert (row, column) in here
    distances = np.concatenate(distances)
    cell = pyproj.Geod(ellps="WGS84")
    to_degrees = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    (x0, y0), (x1, y1) = (to_degrees.transform(*(transform * (100 + dx, 100))) for dx in (0, 1))
    half_width = 3.0 / cell.inv(x0, y0, x1, y1)[2]
    if name != "degrees":  # its pixels are not square: the width differs by direction
        assert distances.max() < half_width + 0.5
        # as many pixels on either side, or the label would be shifted: mean distance of a filled band is half of it
        assert distances.mean() == pytest.approx(half_width / 2, abs=0.3)
