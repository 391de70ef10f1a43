"""The table of class widths, as dialogs, scripts, shells and JSON hand it over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qgis.core import NULL, QgsProcessingContext, QgsProcessingParameters

pytestmark = pytest.mark.usefixtures("provider")

names = st.sampled_from(["primary", "living street", "3", "10", "äß", "a.b", "track-1", "grade_5"])
tables = st.dictionaries(names, st.integers(0, 200).map(float), min_size=1, max_size=6)


def read(value):
    """Return the widths of a parameter's value, read by QGIS first."""
    from roadsmith.processing_provider.class_widths import class_widths
    from roadsmith.processing_provider.export_parameters import export_parameters

    definition, = (each for each in export_parameters() if each.name() == "CLASS_WIDTHS")
    assert definition.checkValueIsAcceptable(value)
    return class_widths(QgsProcessingParameters.parameterAsMatrix(definition, {"CLASS_WIDTHS": value}, QgsProcessingContext()))


@pytest.mark.parametrize("value", [
    ["primary", 12, "3", 6.5], ["primary", "12", 3, "6.5", "", "", NULL, NULL], "primary,12,3,6.5", "primary=12,3=6.5",
    ["primary=12", "3 = 6.5"], "primary = 12 , 3=6.5",
])
def test_every_way_of_writing_it(value):
    assert read(value) == {"primary": 12.0, "3": 6.5}


@pytest.mark.parametrize("value", [None, "", [], ["", ""], [None, None], [NULL]])
def test_nothing(value):
    assert read(value) == {}


@given(tables)
def test_table_and_text_mean_the_same(widths):
    cells = [cell for pair in widths.items() for cell in pair]
    text = ",".join(f"{name}={width:g}" for name, width in widths.items())
    assert read(cells) == read(text) == widths


@pytest.mark.parametrize(("value", "sentence"), [
    (["a", "wide"], "The width of class 'a' is 'wide'"), (["a", -1], "The width of class 'a' is '-1'"),
    (["a", 201], "The width of class 'a' is '201'"), (["a"], "The width of class 'a' is ''"),
    (["", 5], "The width of class '' is '5'"), (["a", "nan"], "The width of class 'a' is 'nan'"),
    (["a", 1, "a", 2], "Class 'a' has two widths"), ("=5", "The width of class '' is '5'"),
])
def test_what_is_no_width_is_named(value, sentence):
    with pytest.raises(ValueError, match=sentence):
        read(value)
