import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from roadsmith.engine.errors import EngineError
from roadsmith.engine.raster.source import RasterSource
from roadsmith.engine.raster.stretch import Stretch, measure_stretch
from roadsmith.engine.reporter import Reporter

from ..conftest import write_raster


def measured(path, kind, low=2.0, high=98.0, deviations=2.0):
    with RasterSource(path) as source:
        return measure_stretch(source, kind, low, high, deviations, Reporter())


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "int16"])
def test_integer_limits_are_numpys(tmp_path, dtype):
    generator = np.random.default_rng(3)
    pixels = np.clip(generator.normal(900, 300, (2, 70, 90)), 1, None).astype(dtype)
    path = write_raster(tmp_path / "image.tif", pixels)
    flat = pixels.reshape(2, -1)
    low, high = np.percentile(flat, [2, 98], axis=1, method="inverted_cdf")
    assert measured(path, "percent") == Stretch("percent", tuple(low.tolist()), tuple(high.tolist()))
    assert measured(path, "minmax").low == tuple(flat.min(axis=1).tolist())
    figures = measured(path, "deviations")
    middle, spread = flat.mean(axis=1), flat.std(axis=1)
    np.testing.assert_allclose(figures.low, np.maximum(flat.min(axis=1), middle - 2 * spread))
    np.testing.assert_allclose(figures.high, np.minimum(flat.max(axis=1), middle + 2 * spread))


def test_float_limits_stand_an_outlier(tmp_path):
    pixels = np.random.default_rng(4).gamma(2.0, 0.1, (1, 300, 300)).astype(np.float32)
    pixels[0, 0, 0] = 1e30
    pixels[0, 1, :50] = np.nan
    stretch = measured(write_raster(tmp_path / "float.tif", pixels), "percent")
    pixels[0, 2] *= -1
    negative = measured(write_raster(tmp_path / "negative.tif", pixels), "percent", 0.1, 50)
    low, high = np.nanpercentile(pixels[0], [0.1, 50], method="inverted_cdf")
    assert (negative.low, negative.high) == ((low,), (high,)) and low < 0
    pixels[0, 2] *= -1
    low, high = np.nanpercentile(pixels[0], [2, 98], method="inverted_cdf")
    assert (stretch.low, stretch.high) == ((low,), (high,))
    wide = measured(write_raster(tmp_path / "double.tif", pixels.astype(np.float64)), "minmax")
    assert wide.high[0] == pytest.approx(1e30)


def test_nodata_does_not_count_and_nothing_but_nodata_is_one_sentence(tmp_path):
    pixels = np.full((1, 40, 40), 500, np.uint16)
    pixels[0, :20] = 0
    assert measured(write_raster(tmp_path / "half.tif", pixels, nodata=0), "minmax") == Stretch("minmax", (500.0,), (500.0,))
    empty = write_raster(tmp_path / "empty.tif", np.zeros((1, 40, 40), np.uint16), nodata=0)
    with pytest.raises(EngineError, match="nothing but nodata"):
        measured(empty, "percent")


def test_known_values():
    stretch = Stretch("minmax", (0.0, 100.0, 5.0), (510.0, 200.0, 5.0))
    pixels = np.array([[[0, 2, 510, 600]], [[0, 100, 150, 200]], [[5, 5, 5, 9]]], np.uint16)
    np.testing.assert_array_equal(stretch.apply(pixels), [[[0, 1, 255, 255]], [[0, 0, 128, 255]], [[0, 0, 0, 0]]])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(0, 1e6)), min_size=1, max_size=5))
def test_records_round_trip_and_never_turn_around(pairs):
    stretch = Stretch("percent", tuple(low for low, _ in pairs), tuple(low + span for low, span in pairs))
    assert Stretch.from_record(stretch.record()) == stretch
    ramp = np.linspace(-2e6, 2e6, 200).reshape(1, 1, 200).repeat(len(pairs), axis=0)
    assert (np.diff(stretch.apply(ramp).astype(int)) >= 0).all()


@pytest.mark.parametrize("record", [{}, {"kind": "x", "low": [1], "high": []}, {"kind": "x", "low": ["a"], "high": [1]},
                                    {"kind": "x", "low": [float("nan")], "high": [1]}, {"kind": "x", "low": 3, "high": 4}])
def test_what_is_no_record_is_refused(record):
    with pytest.raises(ValueError):
        Stretch.from_record(record)
