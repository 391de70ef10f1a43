"""Metres in map units, also where an area has no extent."""

import importlib

import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsProcessingContext, QgsProcessingException, QgsRectangle

pytestmark = pytest.mark.usefixtures("provider")


@pytest.fixture
def units(provider):
    module = importlib.import_module(f"{type(provider).__module__.rpartition('.')[0]}.map_units")

    def measured(system, area):
        return module.metres_to_map_units(100.0, QgsCoordinateReferenceSystem(system), area, QgsProcessingContext())

    return measured


#: A degree of longitude on WGS 84 is 111 319.5 m at the equator and 55 800 m at 60°; UTM's scale is 0.9996 at 500 km.
PLACES = [("EPSG:4326", 21, 0, 100 / 111_319.5), ("EPSG:4326", 21, 60, 100 / 55_800), ("EPSG:32633", 500_000, 5e6, 99.96),
          ("EPSG:2263", 984_250, 200_000, 100 / 0.3048006)]


@pytest.mark.parametrize(("system", "x", "y", "expected"), PLACES)
@pytest.mark.parametrize("width", [0.0, 1e-9, 0.01])
def test_an_area_may_be_a_point(units, system, x, y, expected, width):
    assert units(system, QgsRectangle(x, y, x + width, y)) == pytest.approx(expected, rel=1e-3)


def test_where_nothing_can_be_measured_is_one_sentence(units):
    with pytest.raises(QgsProcessingException, match=r"No distance can be measured at .*90 in EPSG:4326"):
        units("EPSG:4326", QgsRectangle(0, 90, 0, 90))
