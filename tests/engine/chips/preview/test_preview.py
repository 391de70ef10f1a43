import base64
import io
import re
import threading
from html.parser import HTMLParser

import numpy as np
import pytest
from matplotlib.image import imread
from roadsmith.engine.chips.label_classes import ROAD_COLOUR
from roadsmith.engine.chips.preview.preview import choose_chips, preview_training_data
from roadsmith.engine.chips.preview.preview_figures import as_picture, display_limits, overlay
from roadsmith.engine.chips.preview.quality import ChipMeasures
from roadsmith.engine.errors import Cancelled, EngineError
from roadsmith.engine.events import Warn
from roadsmith.engine.jobs import PreviewTrainingData
from roadsmith.engine.reporter import Reporter

from .chip_folders import shifted, town, write_folder


def preview(folders, output, reporter=None, **options):
    folders = folders if isinstance(folders, list) else [folders]
    job = PreviewTrainingData(training_data=[str(each) for each in folders], output=str(output), **options)
    return preview_training_data(job, reporter or Reporter())


@pytest.fixture
def folder(tmp_path):
    """Three chips, the second without road."""
    (image, label), (other, _) = town(), town(seed=1)
    return write_folder(tmp_path / "data", [(image, label), (image, label * 0), (other, label)])


class _Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.open, self.links = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag not in ("img", "meta"):
            self.open.append(tag)
        self.links += [value for name, value in attributes if name in ("src", "href")]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_page_and_picture(folder, tmp_path):
    result = preview(folder, tmp_path / "page.html", picture=str(tmp_path / "chips.png"), rows=2)
    label = town()[1]
    assert result["chip_count"] == 3 and result["road_share"] == pytest.approx(2 / 3 * label.mean())
    assert (result["output"], result["picture"]) == (str(tmp_path / "page.html"), str(tmp_path / "chips.png"))
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    page = _Page(text)
    assert not page.open and len(page.links) == 5 and all(link.startswith("data:image/png;base64,") for link in page.links)
    for link in page.links:
        assert imread(io.BytesIO(base64.b64decode(link.split(",")[1])), "png").shape[2] == 4
    assert base64.b64decode(page.links[0].split(",")[1]) == (tmp_path / "chips.png").read_bytes()
    assert "<script" not in text and not re.search(r"https?://", text)
    for words in ("256 × 256 pixels", "2 × 2 m", "uint8", str(folder), "All 3 chips", "16.0 m"):
        assert words in text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["chips.png", "data", "page.html"]


def test_the_same_seed_gives_the_same_files(tmp_path):
    folder = write_folder(tmp_path / "data", [town(size=96)])
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        preview(folder, tmp_path / f"{name}.html", rows=1, seed=seed)
    first, second, third = ((tmp_path / f"{name}.html").read_bytes() for name in "abc")
    assert first == second != third


@pytest.mark.parametrize("bands, dtype, georeferenced", [
    (1, np.uint8, True), (2, np.uint16, True), (4, np.uint16, False), (3, np.float32, False), (5, np.float32, True),
])
def test_one_chip_of_any_kind(tmp_path, bands, dtype, georeferenced):
    image, label = town(size=96)
    image = (np.concatenate([image, image])[:bands].astype(np.float64) * 13).astype(dtype)
    data = write_folder(tmp_path / "data", [(image, label)], georeferenced=georeferenced)
    result = preview(data, tmp_path / "page.html", rows=1, augmented=False)
    assert result["chip_count"] == 1 and result["picture"] == ""
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "The only chip was looked at" in text and ("no georeference" in text) != georeferenced


def test_a_shift_is_a_warning_and_tops_the_page(tmp_path):
    chips = [(image, shifted(label, 0, -6)) for image, label in (town(seed=seed) for seed in range(3))]
    events = []
    data = write_folder(tmp_path / "data", chips)
    preview(data, tmp_path / "page.html", Reporter(events.append), rows=1)
    warnings = [event.text for event in events if isinstance(event, Warn)]
    assert len(warnings) == 1 and re.search(r"shifted by about 1[12]\.\d m", warnings[0]) and "to the north" in warnings[0]
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert text.index("look shifted") < text.index("<h2>")


def test_hostile_names_do_not_become_markup(tmp_path):
    data = write_folder(tmp_path / "<b>&amp;", [town(size=96)])
    preview(data, tmp_path / "page.html", rows=1)
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;&amp;amp;" in text and "<b>&" not in text


def _measures(*shares):
    return [ChipMeasures(0, index, round(share * 1000), 1000, 0.0, np.zeros(0)) for index, share in enumerate(shares)]


@pytest.mark.parametrize("shares, count, shown", [
    ([0.1, 0.0, 0.2], 8, [0.0, 0.1, 0.2]),
    ([0.0, 0.0, 0.0, 0.5, 0.1, 0.2, 0.3, 0.4], 4, [0.0, 0.1, 0.3, 0.5]),
    ([0.1, 0.2, 0.3, 0.4, 0.5], 3, [0.1, 0.3, 0.5]),
    ([0.0, 0.0, 0.0, 0.2], 3, [0.0, 0.0, 0.2]),
    ([0.0] * 9, 4, [0.0] * 4),
])
def test_chips_from_little_road_to_much(shares, count, shown):
    chosen = choose_chips(_measures(*shares), count)
    assert [chip.road_share for chip in chosen] == shown and len({chip.index for chip in chosen}) == len(shown)


def test_overlay_has_the_houses_colour_and_marks_the_unknown():
    label = np.zeros((80, 80), np.uint8)
    label[:20], label[60:] = 1, 255
    grey = np.full((80, 80, 3), 0.5, np.float32)
    np.testing.assert_allclose(overlay(grey, label, 1.0)[0, 0] * 255, ROAD_COLOUR, atol=0.01)
    half = overlay(grey, label, 0.5)
    np.testing.assert_allclose(half[0, 0] * 255, (np.array(ROAD_COLOUR) + 127.5) / 2, atol=0.01)
    assert (half[20:60] == 0.5).all()
    touched = (half[60:] != 0.5).any(axis=2)
    assert 0.3 < touched.mean() < 0.7 and (overlay(grey, label, 0.0)[:60] == 0.5).all()


def test_the_stretch_of_the_display_leaves_ignored_pixels_out():
    label = np.zeros((10, 10), np.uint8)
    label[0] = 255
    image = np.full((1, 10, 10), 1000, np.uint16)
    image[:, 5:], image[:, 0] = 3000, 65535
    low, high = display_limits([image], [label])
    assert (low[0], high[0]) == (1000, 3000)
    picture = as_picture(image, low, high)
    assert picture.shape == (10, 10, 3) and picture[2, 0, 0] == 0 and picture[7, 0, 2] == 1
    plain = np.full((3, 4, 4), 51, np.uint8)
    np.testing.assert_allclose(as_picture(plain, *display_limits([plain], [label[:4, :4]])), 0.2)
    blank = np.full((2, 4, 4), np.nan, np.float32)
    assert np.isfinite(as_picture(blank, *display_limits([blank], [label[:4, :4]]))).all()


@pytest.mark.parametrize("options, sentence", [
    ({"training_data": []}, "No training data folder"),
    ({"rows": 0}, "rows of chips"),
    ({"alpha": 1.5}, "opacity"),
    ({"output": "page.txt"}, "ends in .html"),
    ({"output": ""}, "ends in .html"),
    ({"picture": "chips.jpg"}, "ends in .png"),
    ({"training_data": ["/nowhere"]}, "does not exist"),
])
def test_bad_input_is_one_sentence_and_leaves_nothing(folder, tmp_path, options, sentence):
    (tmp_path / "old.html").write_text("old")
    before = sorted(tmp_path.rglob("*"))
    job = PreviewTrainingData(**{"training_data": [str(folder)], "output": str(tmp_path / "old.html"), **options})
    with pytest.raises(EngineError, match=sentence) as caught:
        preview_training_data(job, Reporter())
    assert "\n" not in caught.value.message
    assert sorted(tmp_path.rglob("*")) == before and (tmp_path / "old.html").read_text() == "old"


def test_a_damaged_chip_and_a_cancel_leave_the_old_page(folder, tmp_path):
    (tmp_path / "old.html").write_text("old")
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        preview(folder, tmp_path / "old.html", Reporter(cancel=cancel))
    (folder / "images" / "000000002.tif").write_bytes(b"nonsense")
    with pytest.raises(EngineError, match=r"000000002\.tif"):
        preview(folder, tmp_path / "old.html")
    assert (tmp_path / "old.html").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "old.html"]
