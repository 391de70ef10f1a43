import numpy as np
import pytest
from roadsmith.engine.chips.exporting.road_widths import road_widths
from roadsmith.engine.chips.label_classes import LabelClass
from roadsmith.engine.errors import EngineError

CLASSES = [LabelClass(1, "primary"), LabelClass(2, "track")]


def test_field_before_class_before_default():
    rules = road_widths(8.0, {"track": 3.0}, CLASSES, 1.0)
    classes = np.array([1, 2, 2, 1])
    widths, without = rules.of(classes, np.array([np.nan, 5.5, 0, 500]))
    assert widths.tolist() == [8.0, 5.5, 3.0, 8.0] and without.tolist() == [True, False, True, True]
    assert rules.of(classes, None)[0].tolist() == [8.0, 3.0, 3.0, 8.0]


def test_text_in_metres_is_read_and_feet_are_not_guessed_at():
    own = np.array(["5.5 m", "4,5", " 7 ", "12'", "4 ft", None, "wide"], dtype=object)
    widths, without = road_widths(8.0, {}, CLASSES, 1.0).of(np.ones(7), own)
    assert widths.tolist() == [5.5, 4.5, 7.0, 8.0, 8.0, 8.0, 8.0] and without.tolist() == [False] * 3 + [True] * 4


def test_a_width_of_0_leaves_the_class_out_and_a_line_is_a_pixel_at_least():
    rules = road_widths(8.0, {"2": 0.0}, CLASSES, 3.0)
    assert rules.of(np.array([1, 2]), None)[0].tolist() == [8.0, 0.0]
    assert road_widths(1.0, {}, CLASSES, 3.0).of(np.array([1]), None)[0].tolist() == [3.0]
    assert rules.largest(False) == 8.0 and rules.largest(True) == 200.0


@pytest.mark.parametrize(("default", "by_class", "sentence"), [
    (0, {}, "width of roads is 0 m"), (300, {}, "up to 200"), (8, {"track": -1}, "width of track"),
    (8, {"river": 3}, "which the labels do not have"),
])
def test_wrong_widths(default, by_class, sentence):
    with pytest.raises(EngineError, match=sentence):
        road_widths(default, by_class, CLASSES, 1.0)
