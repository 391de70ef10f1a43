import re

import pytest
from roadsmith.engine.training.metrics import Confusion
from roadsmith.engine.training.report import render_report
from roadsmith.engine.training.report_remarks import remarks
from roadsmith.engine.training.report_tables import background, class_table, epoch_table, threshold_table

from .records import counted, make_record


def rows(table):
    """The cells of a table's rows, and which rows are marked."""
    lines = re.findall(r"<tr( class=\"best\")?>(.*?)</tr>", table)
    return [re.findall(r"<t[hd]>(.*?)</t[hd]>", line) for _, line in lines], [bool(mark) for mark, _ in lines]


def test_background_is_the_other_class():
    other = background(Confusion(hits=1, false=2, missed=3, empty=4))
    assert other == Confusion(hits=4, false=3, missed=2, empty=1) and background(other) == Confusion(1, 2, 3, 4)
    assert other.figures()["precision"] == 4 / 7 and other.figures()["recall"] == 4 / 6


def test_scores_per_class_by_hand():
    """At 0.25: both roads and one of three backgrounds found; at 0.5: one road, one background."""
    scores = counted([0.3, 0.6, 0.1, 0.9, 0.2], [1, 1, 0, 0, 0])
    cells, marked = rows(class_table(scores, 0.25))
    assert cells == [
        ["class", "threshold", "precision", "recall", "f1", "iou"],
        ["road", "0.25", "0.6667", "1.0000", "0.8000", "0.6667"],
        ["background", "0.25", "1.0000", "0.6667", "0.8000", "0.6667"],
        ["road", "0.50", "0.5000", "0.5000", "0.5000", "0.3333"],
        ["background", "0.50", "0.6667", "0.6667", "0.6667", "0.5000"],
    ]
    assert marked == [False, True, True, False, False]
    assert len(rows(class_table(scores, 0.5))[0]) == 3  # not the same twice


def test_the_best_threshold_has_its_place_among_the_tenths():
    scores = counted([0.3, 0.6, 0.1, 0.9, 0.2], [1, 1, 0, 0, 0])
    cells, marked = rows(threshold_table(scores, 0.25))
    assert [row[0] for row in cells[1:]] == ["0.10", "0.20", "0.25", "0.30", "0.40", "0.50", "0.60", "0.70", "0.80", "0.90"]
    assert marked.index(True) == 3 and sum(marked) == 1
    cells, marked = rows(threshold_table(scores, 0.3))
    assert len(cells) == 10 and marked.index(True) == 3


def test_the_table_of_epochs():
    record = make_record()
    cells, marked = rows(epoch_table(record.epochs, record.best))
    assert {"iou", "relaxed_f1"} <= set(cells[0]) and marked == [False, False, True]
    assert dict(zip(*cells[::2])) == {
        "epoch": "2", "train_loss": "0.8000", "valid_loss": "0.9000", "accuracy": "0.9000", "miou": "0.5000", "dice": "0.4000",
        "iou": "0.3000", "relaxed_f1": "0.6000", "learning_rate": "1.00e-03", "seconds": "2.5",
    }


FALLING = (1.0, 0.8, 0.6, 0.5, 0.4)


@pytest.mark.parametrize(("record", "sentence"), [
    (make_record(dices=(0.0, 0.0)), "No road was found in any epoch"),
    (make_record(counts=counted([0.9], [0]).counts.tolist()), "No validation chip holds a road"),
    (make_record(), "The last epoch was the best"),
    (make_record((0.5,) * 5, FALLING, (1.0, 0.8, 0.9, 1.0, 1.1)), "learns the training chips by heart"),
])
def test_what_is_off_is_said(record, sentence):
    [remark] = remarks(record, len(record.epochs), 8, False)
    assert sentence in remark


@pytest.mark.parametrize("record", [
    make_record(best=1, valid=(0.8, 0.9)),
    make_record((0.5,) * 5, FALLING, (1.0, 0.8, 0.82, 0.83, 0.81)),  # level, not rising
    make_record((0.5,) * 5, (0.4, 0.5, 0.6, 0.8, 1.0), (1.0, 0.8, 0.9, 1.0, 1.1)),  # the training loss rises as well
    make_record((0.5,) * 5, FALLING, (0.8, 0.7, 0.6, 0.5, 1.0), best=4),  # one odd epoch
])
def test_nothing_is_off(record):
    assert remarks(record, len(record.epochs), 8, False) == []


def test_stopping_early_is_no_reason_to_go_on():
    assert remarks(make_record(), 20, 8, False) == []


def test_few_chips_and_a_frozen_encoder():
    found = remarks(make_record(best=1, valid=(0.8, 0.9)), 2, 1, True)
    assert "frozen with random weights" in found[0] and "Only 1 chip was there" in found[1]
    assert "Only 7 chips were" in remarks(make_record(best=1, valid=(0.8, 0.9)), 2, 7, False)[0]


def test_the_page_needs_nothing_else_and_hides_nothing(tmp_path):
    (tmp_path / "error_maps.png").write_bytes(b"\x89PNG")
    page = render_report("<m>", {"Network": "a & b"}, ["Look & see."], make_record(), tmp_path)
    assert "Road model &lt;m&gt;" in page and "a &amp; b" in page
    assert '<p class="verdict look"><b>Look at this.</b> Look &amp; see.</p>' in page
    assert page.count("data:image/png;base64") == 1 and "http" not in page and "<script" not in page
    headings = re.findall("<h2>(.*?)</h2>", page)
    assert headings == ["Settings", "Scores per epoch", "Scores per class", "Threshold", "Errors"]
    assert "Classify Pixels uses this threshold" in page
