"""Round numbers for axes."""

import math
import random

import pytest
from roadsmith.plugin.monitor_ticks import label, padded, ticks


@pytest.mark.parametrize(("low", "high", "most", "expected"), [
    (0, 10, 6, ["0", "2", "4", "6", "8", "10"]), (0.12, 0.98, 5, ["0.2", "0.4", "0.6", "0.8"]),
    (-1, 1, 3, ["-1", "0", "1"]), (0, 0.001, 3, ["0", "0.0005", "0.001"]), (3, 3, 5, ["3"]),
])
def test_known_axes(low, high, most, expected):
    assert [label(value) for value in ticks(low, high, most)] == expected


def test_whole_numbers_for_epochs():
    assert ticks(0, 1, 10, whole=True) == [0, 1] and ticks(0, 12.4, 5, whole=True) == [0, 5, 10]


def test_of_any_range_there_are_some_but_not_too_many_and_all_lie_inside():
    generator = random.Random(1)
    for _ in range(2000):
        low = generator.uniform(-1, 1) * 10 ** generator.randint(-6, 6)
        high = low + generator.uniform(0.01, 1) * 10 ** generator.randint(-6, 6)
        most = generator.randint(2, 12)
        found = ticks(low, high, most)
        room = 1e-6 * (high - low)
        assert len(found) <= most and all(low - room <= value <= high + room for value in found)
        assert most < 5 or len(found) >= 2
        assert found == sorted(set(found))


def test_no_numbers_give_no_axis():
    assert ticks(math.nan, 1, 5) == [] and ticks(0, math.inf, 5) == [0]
    low, high = padded(2.0, 2.0)
    assert low < 2 < high and padded(0.0, 0.0) == (-0.5, 0.5)
