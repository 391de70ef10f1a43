from dataclasses import replace
from pathlib import Path

import pytest
from roadsmith.engine.chips.reading.folder import TrainingFolder
from roadsmith.engine.errors import EngineError
from roadsmith.engine.reporter import Reporter
from roadsmith.engine.training.alike import check_alike

FOLDER = TrainingFolder(Path("a"), [], 3, [1, 2, 3], 64, (1.0, 1.0), [], "")
STRETCH = {"kind": "percent", "low": [1.0], "high": [9.0]}
DEEP = replace(FOLDER, dtype="uint16")


@pytest.mark.parametrize(("first", "other", "sentence"), [
    (FOLDER, replace(FOLDER, band_count=1, bands=[1]), r"3 band\(s\).*of 1"), (FOLDER, DEEP, "uint8, b of uint16.*stretch"),
    (FOLDER, replace(FOLDER, stretch=STRETCH), "chips of b were stretched.*those of a were not"),
])
def test_what_no_model_can_learn_together(first, other, sentence):
    with pytest.raises(EngineError, match=sentence):
        check_alike(first, replace(other, path=Path("b")), Reporter())


@pytest.mark.parametrize(("first", "changes", "sentence"), [
    (replace(FOLDER, stretch=STRETCH), {"stretch": {**STRETCH, "low": [2.0]}}, "other figures"),
    (DEEP, {"dtype": "float32"}, "float32"), (FOLDER, {"bands": [4, 3, 2]}, "bands 4, 3, 2"),
    (FOLDER, {"cell_metres": (1.0, 1.2)}, "pixels of 1 m"), (FOLDER, {"cell_metres": (1.05, 1.0)}, None),
])
def test_what_is_worth_a_warning(first, changes, sentence):
    events = []
    check_alike(first, replace(first, path=Path("b"), **changes), Reporter(events.append))
    assert [sentence in event.text for event in events] == ([] if sentence is None else [True])
