import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.features import rasterize
from roadsmith.engine.raster.burning import burn


def drawn(polygons, values, shape=(40, 60)):
    return burn(np.array(polygons, dtype=object), np.array(values), shape)


def test_hand_made():
    square = shapely.box(2, 1, 5, 4)
    expected = np.zeros((6, 8), np.uint8)
    expected[1:4, 2:5] = 1
    np.testing.assert_array_equal(drawn([square], [1], (6, 8)), expected)
    np.testing.assert_array_equal(drawn([square.reverse()], [1], (6, 8)), expected)
    np.testing.assert_array_equal(drawn([square, square], [1, 1], (6, 8)), expected)  # twice is not none
    assert drawn([], [], (6, 8)).sum() == 0
    assert drawn([shapely.Point(3, 3), shapely.Polygon(), shapely.LineString([(0, 0), (5, 5)])], [1, 1, 1], (6, 8)).sum() == 0


def test_holes_parts_and_the_smallest_value_on_top():
    ring = shapely.box(0, 0, 10, 10).difference(shapely.box(3, 3, 7, 7))
    label = drawn([ring, shapely.box(8, 0, 20, 2), shapely.MultiPolygon([shapely.box(30, 5, 31, 6), shapely.box(40, 5, 42, 6)])],
                  [2, 1, 3])
    assert (label == 3).sum() == 3 and (label == 1).sum() == 24 and (label == 2).sum() == 100 - 16 - 4
    assert label[5, 5] == 0 and label[0, 9] == 1


def test_what_sticks_out_is_cut():
    assert (drawn([shapely.box(-100, -100, 1000, 1000)], [7]) == 7).all()
    assert drawn([shapely.box(-10, -10, -1, -1), shapely.box(100, 0, 110, 5)], [1, 1]).sum() == 0


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000))
def test_equals_gdal(seed):
    generator = np.random.default_rng(seed)
    counts = generator.integers(2, 6, generator.integers(1, 12))
    lines = [shapely.LineString(generator.uniform(-10, 70, (count, 2))) for count in counts]
    polygons = np.array([line.buffer(generator.uniform(0.3, 6)) for line in lines], dtype=object)
    values = generator.integers(1, 4, len(polygons))
    order = np.argsort(-values, kind="stable")
    expected = rasterize(zip(polygons[order], values[order].tolist()), (40, 60), dtype=np.uint8)
    np.testing.assert_array_equal(burn(polygons, values, (40, 60)), expected)
