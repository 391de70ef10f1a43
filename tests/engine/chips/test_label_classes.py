import pytest
from roadsmith.engine.chips.label_classes import LabelClass, class_value, classes_of_values
from roadsmith.engine.errors import EngineError


def pairs(classes):
    return [(each.value, each.name) for each in classes]


def test_numbers_stand_for_themselves_and_names_are_numbered():
    assert pairs(classes_of_values([3, 1, None, 0], "x")) == [(1, "1"), (3, "3")]
    assert pairs(classes_of_values([1], "x")) == [(1, "road")]
    assert pairs(classes_of_values(["2", "7.0", " "], "x")) == [(2, "2"), (7, "7")]
    assert pairs(classes_of_values(["track", None, "primary"], "x")) == [(1, "primary"), (2, "track")]
    assert pairs(classes_of_values(["3", "a"], "x")) == [(1, "3"), (2, "a")]


def test_an_earlier_exports_names_keep_their_values():
    known = [LabelClass(2, "track")]
    assert pairs(classes_of_values(["path", "track"], "x", known)) == [(1, "path"), (2, "track")]
    assert pairs(classes_of_values(["path"], "x", [LabelClass(1, "track")])) == [(1, "track"), (2, "path")]


def test_values_are_found_again():
    named = classes_of_values(["3", "a"], "x")
    assert [class_value(each, named) for each in ("3", "a", "b", None, "2")] == [1, 2, 0, 0, 2]
    numbered = classes_of_values([3, 5], "x")
    assert [class_value(each, numbered) for each in (3, 5.0, 4, None, "5")] == [3, 5, 0, 0, 5]


@pytest.mark.parametrize(("found", "sentence"), [
    ([255], "the class 255"), ([-1, 2], "the class -1"), ([None, "", 0], "holds no class"),
    ([f"n{i}" for i in range(300)], "300 names"),
])
def test_what_cannot_be_classes(found, sentence):
    with pytest.raises(EngineError, match=sentence):
        classes_of_values(found, "The field 'x'")
