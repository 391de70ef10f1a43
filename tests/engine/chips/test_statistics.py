import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from roadsmith.engine.chips.statistics import BandAccumulator, RangeAccumulator


@given(st.lists(st.lists(st.integers(0, 255), min_size=1, max_size=30), min_size=1, max_size=8), st.integers(0, 7))
def test_chip_by_chip_equals_all_at_once_even_when_stored_between(chips, stored_at):
    accumulator = BandAccumulator()
    for number, chip in enumerate(chips):
        if number == stored_at:
            accumulator = BandAccumulator(accumulator.state())
        accumulator.add(np.array(chip, np.uint8))
    everything = np.concatenate([np.array(chip, float) for chip in chips])
    figures = accumulator.statistics
    assert figures.mean == pytest.approx(everything.mean(), abs=1e-9)
    assert figures.std == pytest.approx(everything.std(), abs=1e-6)
    assert (figures.minimum, figures.maximum) == (everything.min(), everything.max())


def test_state_of_a_file_written_by_arcgis():
    """M2 / Num of a public export: sqrt(8317764991.889 / 10485760) is the 28.1646 of its model definition."""
    state = {"Min": 0, "Max": 255, "Mean": 0, "StdDev": 0, "M1": 101.5, "M2": 8317764991.889, "Num": 10485760}
    assert BandAccumulator(state).statistics.std == pytest.approx(28.1646, abs=1e-4)


def test_empty_accumulators_are_zero():
    assert BandAccumulator().statistics.std == 0
    assert RangeAccumulator().state() == {"Min": 0.0, "Max": 0.0, "Mean": 0.0, "Sum": 0.0, "Count": 0}
    assert RangeAccumulator(RangeAccumulator().state()).state()["Count"] == 0
