"""Which chips are cut, and what is in their images: mask, rotation, empty chips, nodata, stretch."""

import math

import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine
from roadsmith.engine.chips.reading.folder import open_training_folder
from roadsmith.engine.errors import EngineError
from roadsmith.engine.raster.stretch import Stretch

from ...conftest import write_lines, write_raster
from .exports import export, images_of, labels_of, record

TOP = 5_000_000


def centres(folder):
    result = []
    for path in sorted((folder / "images").glob("*.tif")):
        with rasterio.open(path) as file:
            x, y = file.transform * (file.width / 2, file.height / 2)
            result.append((round(x - 500000), round(TOP - y)))
    return result


def test_mask_inside_and_centre(noise_raster, road_lines, tmp_path):
    boxes = [shapely.box(500064, TOP - 300, 500192, TOP), shapely.box(500192, TOP - 160, 500256, TOP - 140)]
    mask = write_lines(tmp_path / "m.gpkg", boxes, geometry_type="Polygon")
    options = {"mask": str(mask), "no_feature_tiles": "all"}
    export(noise_raster, road_lines, tmp_path / "inside", **options)
    assert set(centres(tmp_path / "inside")) == {(x, y) for x in (96, 160) for y in (32, 96, 160, 224, 268)}
    export(noise_raster, road_lines, tmp_path / "centre", mask_mode="centre", **options)
    assert set(centres(tmp_path / "centre")) == {(x, y) for x in (96, 160) for y in (32, 96, 160, 224, 268)} | {(224, 160)}
    with pytest.raises(EngineError, match="holds no polygon"):
        export(noise_raster, road_lines, tmp_path / "none", mask=str(road_lines))


def test_extent_cuts_inwards(noise_raster, road_lines, tmp_path):
    extent = [500000.4, TOP - 299.7, 500129.7, TOP]  # columns 1 to 128: two chips, the second flush
    export(noise_raster, road_lines, tmp_path / "data", extent=extent)
    assert [x for x, _ in centres(tmp_path / "data")] == [33, 97]


def test_a_share_of_the_empty_chips_is_chosen_by_position_alone(tmp_path):
    raster = write_raster(tmp_path / "big.tif", np.ones((1, 350, 350), np.uint8))
    roads = write_lines(tmp_path / "r.gpkg", [shapely.LineString([(500000, TOP - 10), (500350, TOP - 10)])])
    options = {"tile_size": 16, "stride": 16, "road_width": 4.0, "no_feature_tiles": "share", "empty_share": 0.3}
    full = export(raster, roads, tmp_path / "a", **options)["tile_count"]
    positions, with_road = 22 * 22, 22
    assert full == pytest.approx(with_road + 0.3 * (positions - with_road), rel=0.15)
    export(raster, roads, tmp_path / "b", extent=[500000, TOP - 192, 500350, TOP], **options)
    smaller, larger = set(centres(tmp_path / "b")), set(centres(tmp_path / "a"))
    assert smaller == {(x, y) for x, y in larger if y <= 184}


def test_rotation_repeats_each_chip_from_rotated_reads(tmp_path):
    """A gradient and a road: both must turn together, and the corners show the ground."""
    rows, columns = np.mgrid[0:300, 0:300]
    pixels = (columns * 200 + rows).astype(np.uint16)[None]
    raster = write_raster(tmp_path / "ramp.tif", pixels)
    roads = write_lines(tmp_path / "r.gpkg", [shapely.LineString([(500150, TOP - 60), (500150, TOP - 240)])])
    result = export(raster, roads, tmp_path / "data", rotation_angle=45.0, extent=[500000, TOP - 300, 500300, TOP],
                    stride=118, stretch="none", road_width=8.0, no_feature_tiles="all")
    stats = record(tmp_path / "data", "esri_accumulated_stats.json")
    # nine positions; only the middle one has room for the oblique angles
    assert stats["NextTileIndex"] == 9 * 8 and result["tile_count"] == 9 * 4 + 4 == len(images_of(tmp_path / "data"))
    images, labels = images_of(tmp_path / "data"), labels_of(tmp_path / "data")
    angles = set()
    for stem, image in images.items():
        with rasterio.open(tmp_path / "data" / "images" / f"{stem}.tif") as file:
            transform = file.transform
        down, right = np.mgrid[0:64, 0:64] + 0.5
        x, y = transform.a * right + transform.b * down + transform.c, transform.d * right + transform.e * down + transform.f
        expected = (x - 500000 - 0.5) * 200 + (TOP - y - 0.5)
        assert np.abs(image[0] - expected).max() < 1.5, stem  # bilinear on a ramp is exact but for rounding
        on_road = (np.abs(x - 500150) < 4 - 0.02) & (TOP - y > 60) & (TOP - y < 240)
        beside = np.abs(x - 500150) > 4 + 0.1
        assert labels[stem][on_road].all() and not labels[stem][beside].any()
        angles.add(round(math.degrees(math.atan2(-transform.d, transform.a))) % 360)
    assert angles == {0, 45, 90, 135, 180, 225, 270, 315}


def test_turned_chips_stay_in_the_extent_and_mark_what_lies_beyond_the_raster(noise_raster, road_lines, tmp_path):
    export(noise_raster, road_lines, tmp_path / "inside", rotation_angle=45, extent=[500000, TOP - 210, 500130, TOP - 90])
    # 64 px chips turned by 45° are 91 px wide: the middle one of three has room, those at the extent's rim have none
    assert len(images_of(tmp_path / "inside")) > 0
    for path in (tmp_path / "inside" / "images").glob("*.tif"):
        with rasterio.open(path) as file:
            corners = [file.transform * corner for corner in ((0, 0), (64, 0), (64, 64), (0, 64))]
        assert all(500000 - 0.01 <= x <= 500130.01 and TOP - 210.01 <= y <= TOP - 89.99 for x, y in corners)
    export(noise_raster, road_lines, tmp_path / "rim", rotation_angle=45, max_nodata=0.3)
    labels = labels_of(tmp_path / "rim")
    shares = [(label == 255).mean() for label in labels.values()]
    assert 0.04 < max(shares) < 0.1 and min(shares) == 0


def test_nodata_share_and_nodata_label(road_lines, tmp_path):
    pixels = np.random.default_rng(1).integers(1, 255, (3, 300, 400), dtype=np.uint8)
    pixels[:, :, :100] = 0  # 36 of the second chip's 64 columns
    raster = write_raster(tmp_path / "holes.tif", pixels, nodata=0)
    assert export(raster, road_lines, tmp_path / "a", max_nodata=0.6)["tile_count"] == 6
    assert export(raster, road_lines, tmp_path / "b", max_nodata=0.5)["tile_count"] == 5
    assert export(raster, road_lines, tmp_path / "c", max_nodata=0.0)["tile_count"] == 5
    export(raster, road_lines, tmp_path / "strict", max_nodata=0.6, nodata_label="background")
    first = labels_of(tmp_path / "strict")["000000015"]
    assert first[:, :36].sum() == 0 and first.max() == 1
    with rasterio.open(tmp_path / "strict" / "labels" / "000000015.tif") as file:
        assert file.nodata is None
    assert (labels_of(tmp_path / "a")["000000015"][:, :36] == 255).all()


def test_stretch_of_the_whole_raster_is_stored_and_repeated(road_lines, tmp_path):
    pixels = np.random.default_rng(2).integers(300, 3000, (3, 300, 400)).astype(np.uint16)
    raster = write_raster(tmp_path / "deep.tif", pixels)
    extent = [500000, TOP - 192, 500128, TOP - 128]
    export(raster, road_lines, tmp_path / "data", extent=extent)
    low, high = np.percentile(pixels.reshape(3, -1), [2, 98], axis=1, method="inverted_cdf")
    stored = record(tmp_path / "data")["stretch"]
    assert stored == {"kind": "percent", "low": low.tolist(), "high": high.tolist()}
    images = images_of(tmp_path / "data")
    expected = Stretch.from_record(stored).apply(pixels[:, 128:192, :64])
    np.testing.assert_array_equal(images["000000000"], expected)
    assert images["000000000"].dtype == np.uint8 and record(tmp_path / "data")["dtype"] == "uint8"
    assert open_training_folder(tmp_path / "data").band_statistics[0].maximum == 255
    other = write_raster(tmp_path / "other.tif", pixels // 2)
    export(other, road_lines, tmp_path / "data", extent=extent)  # appended: the same figures, though its own would differ
    assert record(tmp_path / "data")["stretch"] == stored
    expected = Stretch.from_record(stored).apply((pixels // 2)[:, 128:192, :64])
    np.testing.assert_array_equal(images_of(tmp_path / "data")["000000002"], expected)
    for stretch in ("none", "minmax"):
        with pytest.raises(EngineError, match="with the stretch 'percent'"):
            export(raster, road_lines, tmp_path / "data", extent=extent, stretch=stretch)
    export(raster, road_lines, tmp_path / "plain", extent=extent, stretch="none")
    np.testing.assert_array_equal(images_of(tmp_path / "plain")["000000000"], pixels[:, 128:192, :64])
    export(raster, road_lines, tmp_path / "jpeg", extent=extent, image_format="JPEG", stretch="deviations")
    assert images_of(tmp_path / "jpeg")["000000000"].dtype == np.uint8


def test_a_palette_raster_is_the_picture_it_shows(road_lines, tmp_path):
    numbers = np.random.default_rng(3).integers(0, 3, (1, 300, 400), dtype=np.uint8)
    path = write_raster(tmp_path / "palette.tif", numbers, photometric="palette")
    with rasterio.open(path, "r+") as file:
        file.write_colormap(1, {0: (10, 20, 30), 1: (200, 100, 0), 2: (0, 0, 255)})
    export(path, road_lines, tmp_path / "data")
    table = np.array([(10, 20, 30), (200, 100, 0), (0, 0, 255)], np.uint8)
    np.testing.assert_array_equal(images_of(tmp_path / "data")["000000014"], np.moveaxis(table[numbers[0, 128:192, :64]], -1, 0))
    export(path, road_lines, tmp_path / "coarse", cell_size=2.0, stride=32)
    image = images_of(tmp_path / "coarse")["000000014"]
    assert len(np.unique(image[0])) > 10  # colours are mixed, not numbers
    assert abs(image[0].mean() - table[numbers[0, 64:192, :128], 0].mean()) < 3


@pytest.mark.parametrize(("options", "sentence"), [
    ({"stretch": "wild"}, "stretch 'wild' is unknown"), ({"min_overlap": 2}, "minimum overlap is 2"),
    ({"rotation_angle": 400}, "rotation angle"), ({"rotation_angle": 0.5}, "more than 360 times"),
    ({"stretch_low": 98, "stretch_high": 2}, "must rise"), ({"tile_size": 0}, "cannot be cut"),
    ({"mask_mode": "near"}, "mask mode"), ({"road_width": 0}, "width of roads"), ({"cell_size": -1}, "cell size is -1"),
    ({"stretch_deviations": 0}, "standard deviations"), ({"image_format": "GIF"}, "image format"),
    ({"max_nodata": -1}, "nodata share"),
])
def test_wrong_settings_are_one_sentence(noise_raster, road_lines, tmp_path, options, sentence):
    with pytest.raises(EngineError, match=sentence):
        export(noise_raster, road_lines, tmp_path / "data", **options)
    assert not list(tmp_path.glob("data*"))


def test_georeference_that_no_export_can_use(road_lines, tmp_path):
    from rasterio.control import GroundControlPoint
    from rasterio.rpc import RPC

    gcps = [GroundControlPoint(0, 0, 15, 45), GroundControlPoint(0, 64, 15.1, 45), GroundControlPoint(64, 0, 15, 44.9)]
    common = {"driver": "GTiff", "count": 1, "height": 64, "width": 64, "dtype": "uint8"}
    with rasterio.open(tmp_path / "gcp.tif", "w", gcps=gcps, crs="EPSG:4326", **common) as file:
        file.write(np.ones((1, 64, 64), np.uint8))
    coefficients = [0.0] * 20
    rpc = RPC(0, 1, 45, 1, coefficients, coefficients, 0, 1, 15, 1, coefficients, coefficients, 0, 1, None, None)
    with rasterio.open(tmp_path / "rpc.tif", "w", rpcs=rpc, **common) as file:
        file.write(np.ones((1, 64, 64), np.uint8))
    with rasterio.open(tmp_path / "nowhere.tif", "w", crs="EPSG:32633", **common) as file:
        file.write(np.ones((1, 64, 64), np.uint8))
    write_raster(tmp_path / "radar.tif", np.ones((1, 64, 64), np.complex64))
    sentences = {"gcp": "ground control points only", "rpc": "RPC sensor model only", "nowhere": "but no position",
                 "radar": "complex numbers"}
    for name, sentence in sentences.items():
        with pytest.raises(EngineError, match=sentence):
            export(tmp_path / f"{name}.tif", road_lines, tmp_path / "data")


@pytest.mark.parametrize("transform", [
    Affine(1, 0, 500000, 0, 1, TOP - 300),
    Affine.translation(500200, TOP - 150) * Affine.rotation(30) * Affine.scale(1, -1) * Affine.translation(-200, -150),
])
def test_south_up_and_turned_rasters(tmp_path, transform):
    pixels = np.random.default_rng(1).integers(1, 255, (3, 300, 400), dtype=np.uint8)
    raster = write_raster(tmp_path / "odd.tif", pixels, transform=transform)
    line = shapely.LineString([transform * (20, 150), transform * (380, 150)])
    export(raster, write_lines(tmp_path / "r.gpkg", [line]), tmp_path / "data")
    for label in labels_of(tmp_path / "data").values():
        assert label[17:27, 25:30].all() and label.sum() <= 640
    with rasterio.open(next((tmp_path / "data" / "images").glob("*.tif"))) as file:
        assert (file.transform.a, file.transform.e) == pytest.approx((transform.a, transform.e))
