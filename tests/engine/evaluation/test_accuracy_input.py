"""Input that cannot be compared, or may not mean what it seems to."""

import threading

import numpy as np
import pytest
import shapely
from affine import Affine
from roadsmith.engine.errors import Cancelled, EngineError
from roadsmith.engine.evaluation import accuracy
from roadsmith.engine.reporter import Reporter

from ..conftest import write_lines, write_raster
from .compared import NORTH, WEST, Listener, classified, score


@pytest.fixture(autouse=True)
def _no_drawing(monkeypatch):
    """Drawing takes longer than all the rest; the report has tests of its own."""
    monkeypatch.setattr(accuracy, "render_page", lambda findings, grid: "")


def test_what_the_user_should_know_is_a_warning(tmp_path):
    road = np.zeros((20, 20), np.uint8)
    road[5:9], road[12:14] = 1, 255
    truth, listener = write_raster(tmp_path / "t.tif", road[None]), Listener()
    score(tmp_path, classified(tmp_path / "p.tif", road == 1), truth, listener)
    assert len(listener.warnings()) == 1 and "255 beside other values" in listener.warnings()[0]
    score(tmp_path, tmp_path / "p.tif", truth, listener, truth_label="7")
    assert "None of the road values" in listener.warnings()[1]


def test_a_truth_that_seems_to_cover_a_part_only(tmp_path):
    """Roads in all of 4 × 4 blocks; the truth has them in 12 of them, then in 13."""
    found = np.zeros((64, 64), np.uint8)
    found[4::16] = 1
    truth, listener = found.copy(), Listener()
    truth[:16] = 0
    prediction, partial = classified(tmp_path / "p.tif", found), classified(tmp_path / "t.tif", truth)
    score(tmp_path, prediction, partial, listener, block_size=16)
    assert listener.warnings() == [
        "In 4 of 16 blocks with road only the prediction has any, and all of it counts as invented: if the truth is not "
        "complete, give a mask of the ground where it is."
    ]
    mask = write_lines(tmp_path / "m.gpkg", [shapely.box(WEST, NORTH - 64, WEST + 64, NORTH - 16)], geometry_type="Polygon")
    score(tmp_path, prediction, partial, listener, block_size=16, mask=str(mask))
    truth[4, :16] = 1
    score(tmp_path, prediction, classified(tmp_path / "more.tif", truth), listener, block_size=16)
    assert len(listener.warnings()) == 1


def bad(folder):
    """Inputs by name, and what is said of them."""
    road = np.zeros((20, 20), np.uint8)
    road[5:9] = 1
    far = Affine(1, 0, WEST + 10_000, 0, -1, NORTH)
    good, nothing = classified(folder / "good.tif", road), classified(folder / "nothing.tif", np.full((20, 20), 255))
    beside = classified(folder / "far.tif", road, transform=far)
    box = write_lines(folder / "box.gpkg", [shapely.box(WEST + 500, NORTH, WEST + 600, NORTH + 9)], geometry_type="Polygon")
    lines = write_lines(folder / "lines.gpkg", [shapely.LineString([(WEST + 5000, NORTH), (WEST + 6000, NORTH)])])
    crossing = write_lines(folder / "crossing.gpkg", [shapely.LineString([(WEST, NORTH), (WEST + 20, NORTH - 20)])])
    wild = write_raster(folder / "wild.tif", np.linspace(-5, 900, 400, dtype=np.float32).reshape(1, 20, 20))
    classes = write_raster(folder / "classes.tif", (np.arange(400) % 5).astype(np.uint8).reshape(1, 20, 20))
    return {
        "prediction of nodata": ({"prediction": nothing, "truth": good}, "nothing but nodata"),
        "truth of nodata": ({"prediction": good, "truth": nothing}, "truth does not meet"),
        "truth elsewhere": ({"prediction": good, "truth": beside}, "truth does not meet"),
        "lines elsewhere": ({"prediction": good, "truth": lines}, "No road lies within the raster"),
        "mask elsewhere": ({"prediction": good, "truth": good, "mask": str(box)}, "mask leaves no pixel"),
        "mask of lines": ({"prediction": good, "truth": good, "mask": str(crossing)}, "holds no polygon"),
        "extent elsewhere": ({"prediction": good, "truth": good, "extent": [0.0, 0.0, 9.0, 9.0]}, "extent lies outside"),
        "no truth": ({"prediction": good, "truth": folder / "none.tif"}, "cannot be opened"),
        "wild numbers": ({"prediction": wild, "truth": good}, "probabilities run from 0 to 1"),
        "classes": ({"prediction": classes, "truth": good}, "neither roads"),
        "fractions": ({"prediction": good, "truth": wild}, "fractions"),
        "a named class": ({"prediction": good, "truth": good, "truth_label": "street"}, "'street' is no number"),
        "threshold": ({"prediction": write_raster(folder / "u.tif", np.full((1, 20, 20), 0.5, np.float32)), "truth": good,
                       "threshold": 0.0}, "above 0"),
        "tolerance": ({"prediction": good, "truth": good, "tolerance": 5000.0}, "256 pixels"),
        "block size": ({"prediction": good, "truth": good, "block_size": 2}, "16 to 4096"),
        "report": ({"prediction": good, "truth": good, "report": str(folder / "report.pdf")}, "ends in .html"),
        "width": ({"prediction": good, "truth": crossing, "road_width": 900.0}, "width of roads"),
        "field": ({"prediction": good, "truth": crossing, "width_field": "breite"}, "no field 'breite'"),
    }


BAD = ("prediction of nodata", "truth of nodata", "truth elsewhere", "lines elsewhere", "mask elsewhere", "mask of lines",
       "extent elsewhere", "no truth", "wild numbers", "classes", "fractions", "a named class", "threshold", "tolerance",
       "block size", "report", "width", "field")


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_compared_is_one_sentence(tmp_path, name):
    (tmp_path / "in").mkdir()
    cases = bad(tmp_path / "in")
    assert set(BAD) == set(cases)
    options, words = cases[name]
    with pytest.raises(EngineError, match=words) as caught:
        score(tmp_path, **options)
    assert "\n" not in caught.value.message
    assert [path.name for path in tmp_path.iterdir()] == ["in"]  # nothing half-written


def test_a_cancelled_run_leaves_nothing(tmp_path):
    road = np.eye(40, dtype=np.uint8)
    prediction = classified(tmp_path / "p.tif", road)
    cancel = threading.Event()

    def on_event(event):
        if event.kind == "log":
            cancel.set()

    with pytest.raises(Cancelled):
        score(tmp_path, prediction, prediction, Reporter(on_event, cancel))
    assert [path.name for path in tmp_path.iterdir()] == ["p.tif"]
