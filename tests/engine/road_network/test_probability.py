"""What is read as road, from files of all kinds."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from affine import Affine
from rasterio.enums import ColorInterp
from roadsmith.engine.errors import EngineError
from roadsmith.engine.jobs import RasterToRoadVector
from roadsmith.engine.raster.grid import Window
from roadsmith.engine.raster.road_values import probability_of
from roadsmith.engine.raster.source import RasterSource
from roadsmith.engine.reporter import Reporter
from roadsmith.engine.road_network.probability import open_road_raster
from roadsmith.engine.road_network.skeleton_tiles import skeleton_pixels

from . import drawn_masks as masks

SHAPE = (60, 90)
WHOLE = Window(0, 0, *SHAPE)


def street():
    mask = np.zeros(SHAPE, bool)
    mask[20:28] = True
    return mask


def opened(path, reporter=None, **arguments):
    """The raster with its source, to be used as a context manager."""
    job = RasterToRoadVector(raster=path, **arguments)
    return open_road_raster(RasterSource(path, bands=[1]), job, reporter or Reporter())


def refused(path, match, **arguments):
    with pytest.raises(EngineError, match=match) as caught:
        opened(path, **arguments)
    assert "\n" not in caught.value.message


def write(tmp_path, pixels, name="roads.tif", **arguments):
    return masks.write_raster(tmp_path / name, pixels, **arguments)


@pytest.mark.parametrize(
    ("dtype", "background", "road", "nodata", "label"),
    [
        (np.uint8, 0, 1, None, ""), (np.uint8, 0, 255, None, ""), (np.int16, 0, 1, -9999, ""), (np.int8, 0, 1, None, ""),
        (np.int32, 0, 255, None, ""), (np.uint8, 7, 3, None, "3"), (np.int16, -1, -2, None, "-2"), (np.uint16, 10, 400, 0, "400"),
        (np.float32, 2, 5, None, "5"), (np.uint8, 1, 255, None, "255"),
    ],
)  # fmt: skip
def test_classes(tmp_path, dtype, background, road, nodata, label):
    path = write(tmp_path, np.where(street(), road, background).astype(dtype), nodata=nodata)
    with opened(path, road_label=label) as raster:
        found, probability, valid = raster.read(WHOLE)
        assert np.array_equal(found, street())
        assert np.array_equal(probability, street().astype(np.float32))
        assert valid == street().size
        assert not raster.has_evidence
        assert raster.seed_threshold == 0
        assert np.array_equal(raster.probability(WHOLE), probability)


def test_several_values_may_be_road(tmp_path):
    pixels = np.zeros(SHAPE, np.int16)
    pixels[10:14], pixels[30:34], pixels[50:54] = 11, 12, 13
    with opened(write(tmp_path, pixels), road_label="11; 13") as raster:
        rows = np.flatnonzero(raster.read(WHOLE)[0].any(axis=1))
    assert rows.tolist() == [10, 11, 12, 13, 50, 51, 52, 53]


@pytest.mark.parametrize(
    ("dtype", "scale", "nodata"), [(np.uint8, 254, 255), (np.float32, 1, None), (np.float64, 1, -1), (np.float32, 1, np.nan)]
)
def test_probabilities(tmp_path, dtype, scale, nodata):
    shares = np.where(street(), 0.8, np.linspace(0.02, 0.4, SHAPE[1])[None])
    pixels = np.rint(shares * scale).astype(dtype) if scale > 1 else shares.astype(dtype)
    if nodata is not None:
        pixels[:5] = nodata
    with opened(write(tmp_path, pixels, nodata=nodata)) as raster:
        assert (raster.high, raster.low, raster.has_evidence) == (0.5, pytest.approx(0.3), True)
        assert raster.seed_threshold == 0.5
        found, probability, valid = raster.read(WHOLE)
        assert np.array_equal(raster.probability(WHOLE), probability)
    known = np.ones(SHAPE, bool)
    known[:5] = nodata is None
    assert valid == known.sum()
    assert np.allclose(probability, np.where(known, shares, 0), atol=0.5 / 254)
    assert (found[(shares > 0.31) & known]).all()
    assert not found[(shares < 0.29) | ~known].any()


def test_bytes_are_probabilities_as_everywhere_else(tmp_path):
    pixels = np.arange(256, dtype=np.uint8).reshape(16, 16)
    with opened(write(tmp_path, pixels)) as raster:
        found = raster.probability(Window(0, 0, 16, 16))
    expected = probability_of(pixels, np.ones(pixels.shape, bool), "It", Window(0, 0, 16, 16))
    assert np.array_equal(found, expected)


def test_nan_is_no_road(tmp_path):
    pixels = np.where(street(), 0.9, 0.1).astype(np.float32)
    pixels[:, 40:] = np.nan
    with opened(write(tmp_path, pixels)) as raster:
        found, probability, _ = raster.read(WHOLE)
    assert not found[:, 40:].any()
    assert np.isfinite(probability).all()


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ({"low_threshold": 0.7}, "low threshold"), ({"low_threshold": 0.0}, "low threshold"),
        ({"low_threshold": float("nan")}, "low threshold"), ({"threshold": 0.0}, "threshold"), ({"threshold": 1.1}, "threshold"),
        ({"merge_carriageways": -1.0}, "merge_carriageways"), ({"merge_carriageways": float("nan")}, "merge_carriageways"),
        ({"merge_carriageways": 1000.0}, "merge_carriageways"),
        ({"road_label": "street"}, "'street' is no number"), ({"road_label": "#ff0000"}, "is no number"),
    ],
)  # fmt: skip
def test_parameters_out_of_range(tmp_path, arguments, match):
    refused(write(tmp_path, street().astype(np.float32)), match, **arguments)


def test_equal_thresholds_are_no_hysteresis(tmp_path):
    with opened(write(tmp_path, street().astype(np.float32)), low_threshold=0.5) as raster:
        assert raster.seed_threshold == 0


def test_nodata_as_label(tmp_path):
    refused(write(tmp_path, street().astype(np.uint8) * 255, nodata=255), "255, which is nodata", road_label="255")


def test_label_of_a_raster_with_fractions(tmp_path):
    path = write(tmp_path, np.full(SHAPE, 0.5, np.float32))
    with opened(path, road_label="1") as raster, pytest.raises(EngineError, match="fractions"):
        raster.read(WHOLE)


def test_a_label_that_does_not_occur_is_told(tmp_path):
    listener = masks.Listener()
    with opened(write(tmp_path, street().astype(np.uint8)), road_label="9", raster_name="Land cover") as raster:
        assert len(skeleton_pixels(raster, (1.0, 1.0), listener.reporter).rows) == 0
    assert any("9" in text and "Land cover" in text for text in listener.texts("warning"))


@pytest.mark.parametrize("count", [2, 3, 4])
def test_a_picture_by_mistake(tmp_path, count):
    path = str(tmp_path / "picture.tif")
    transform = Affine(1, 0, 5e5, 0, -1, 5e6)
    with rasterio.open(
        path, "w", driver="GTiff", height=50, width=50, count=count, dtype="uint8", crs="EPSG:32633", transform=transform,
    ) as file:  # fmt: skip
        if count == 4:
            file.colorinterp = [ColorInterp.red, ColorInterp.green, ColorInterp.blue, ColorInterp.alpha]
        file.write(np.random.default_rng(0).integers(0, 255, (count, 50, 50)).astype(np.uint8))
    bands = 3 if count == 4 else count  # the fourth is alpha
    refused(path, f"has {bands} bands")


def test_complex_numbers_and_booleans_by_mistake(tmp_path):
    with pytest.raises(EngineError, match="complex"):
        opened(write(tmp_path, street().astype(np.complex64)))


@pytest.mark.parametrize(
    "transform",
    [Affine(1, 0, 5e5, 0, 1, 5e6), Affine.translation(5e5, 5e6) * Affine.rotation(30), Affine(2, 0, 5e5, 0, -0.5, 5e6)],
    ids=["south up", "rotated", "oblong"],
)
def test_unusual_grids(tmp_path, transform):
    """The pixels decide, whatever way up they lie; their size in metres is the grid's."""
    path = write(tmp_path, street().astype(np.uint8), transform=transform)
    with opened(path) as raster:
        cell = raster.source.cell_metres
        skeleton = skeleton_pixels(raster, cell, Reporter())
    assert cell == pytest.approx([np.hypot(transform.a, transform.d), np.hypot(transform.b, transform.e)], rel=2e-3)
    assert np.allclose((skeleton.rows + 0.5) * cell[1] + skeleton.shift[:, 1], 24 * cell[1], atol=1e-4)
    assert len(skeleton.rows) == SHAPE[1]


def evidence_pixels():
    return np.where(street(), 0.9, np.linspace(0, 0.4, SHAPE[1])[None]).astype(np.float32)


def test_probability_beside_classes(tmp_path):
    classes = write(tmp_path, street().astype(np.uint8))
    beside = write(tmp_path, np.rint(evidence_pixels() * 254).astype(np.uint8), "p.tif", nodata=255)
    with opened(classes, probability=beside) as raster:
        found, probability, _ = raster.read(WHOLE.grown(7))
        assert raster.has_evidence
        assert raster.seed_threshold == 0  # the classes decide
        assert np.array_equal(raster.probability(WHOLE.grown(7)), probability)
    inner = (slice(7, -7), slice(7, -7))
    assert np.array_equal(found[inner], street())
    assert np.allclose(probability[inner], evidence_pixels(), atol=0.5 / 254)
    assert np.allclose(probability, np.pad(probability[inner], 7, mode="reflect"))


@pytest.mark.parametrize("step", [2, 0.5, 0.25])
def test_probability_of_another_cell_size(tmp_path, step):
    classes = write(tmp_path, street().astype(np.uint8), transform=Affine(1, 0, 5e5, 0, -1, 5e6))
    columns = (np.arange(int(120 / step)) + 0.5) * step - 10
    pixels = np.tile(columns / 200 + 0.1, (int(80 / step), 1)).astype(np.float32)
    beside = write(tmp_path, pixels, "p.tif", transform=Affine(step, 0, 5e5 - 10, 0, -step, 5e6 + 10))
    with opened(classes, probability=beside) as raster:
        whole = raster.probability(WHOLE)
        part = raster.probability(Window(13, 21, 20, 30))
    assert np.allclose(whole, (np.arange(SHAPE[1]) + 0.5) / 200 + 0.1, atol=1e-4)
    assert np.array_equal(whole[13:33, 21:51], part)


def test_probability_in_another_coordinate_system(tmp_path):
    """A ramp of one percent for a pixel eastwards, in UTM, beside classes in degrees."""
    from pyproj import Transformer

    corner = Transformer.from_crs("EPSG:32633", "EPSG:4326", always_xy=True).transform(500100.0, 5499900.0)
    transform = Affine(1e-5, 0, corner[0], 0, -1e-5, corner[1])
    classes = write(tmp_path, street().astype(np.uint8), crs="EPSG:4326", transform=transform)
    pixels = np.tile(np.linspace(0, 1, 400, endpoint=False), (400, 1)).astype(np.float32)
    beside = write(tmp_path, pixels, "p.tif", transform=Affine(1, 0, 500000, 0, -1, 5500000))
    with opened(classes, probability=beside) as raster:
        found = raster.probability(WHOLE)
        assert np.array_equal(raster.probability(Window(20, 30, 25, 40)), found[20:45, 30:70])
    longitudes = corner[0] + (np.arange(SHAPE[1]) + 0.5) * 1e-5
    east = Transformer.from_crs("EPSG:4326", "EPSG:32633", always_xy=True).transform(longitudes, np.full(SHAPE[1], corner[1]))[0]
    assert np.allclose(found[0], (np.array(east) - 500000.5) / 400, atol=1e-3)


def test_ground_without_probability_is_unlikely_road(tmp_path):
    classes = write(tmp_path, street().astype(np.uint8), transform=Affine(1, 0, 5e5, 0, -1, 5e6))
    beside = write(tmp_path, np.full((60, 40), 0.7, np.float32), "p.tif", transform=Affine(1, 0, 5e5, 0, -1, 5e6))
    with opened(classes, probability=beside) as raster:
        found = raster.probability(WHOLE)
    assert np.allclose(found[:, :40], 0.7)
    assert (found[:, 41:] == 0).all()


def test_probability_that_is_none(tmp_path):
    classes = write(tmp_path, street().astype(np.uint8))
    refused(classes, "My map holds classes", probability=write(tmp_path, street().astype(np.uint8), "c.tif"),
            probability_name="My map")  # fmt: skip
    far = write(tmp_path, evidence_pixels(), "far.tif", transform=Affine(1, 0, 9e5, 0, -1, 5e6))
    refused(classes, "does not overlap", probability=far)
    refused(classes, "cannot be opened", probability=str(tmp_path / "nowhere.tif"))
    local = 'LOCAL_CS["site grid",UNIT["metre",1],AXIS["x",EAST],AXIS["y",NORTH]]'
    refused(classes, "no way leads|does not overlap", probability=write(tmp_path, evidence_pixels(), "local.tif", crs=local))


def test_a_probability_raster_needs_none_beside_it(tmp_path):
    listener = masks.Listener()
    path = write(tmp_path, evidence_pixels())
    with opened(path, listener.reporter, probability=path) as raster:
        assert raster.evidence is None
    assert "not used" in listener.texts("warning")[0]
