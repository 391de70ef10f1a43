"""Exports that are interrupted, continued, run twice at once, or cut by several threads."""

import json
import shutil
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from roadsmith.engine.chips.exporting import collecting, side_by_side
from roadsmith.engine.chips.exporting import export as export_module
from roadsmith.engine.chips.exporting.unfinished import UnfinishedExport
from roadsmith.engine.chips.reading.folder import open_training_folder
from roadsmith.engine.errors import Cancelled, EngineError
from roadsmith.engine.events import Log, Warn
from roadsmith.engine.reporter import Reporter

from ...conftest import write_lines, write_raster
from .exports import contents, export

TOP = 5_000_000


@pytest.fixture
def wide(tmp_path, monkeypatch):
    """A raster of several blocks, made small for it, and roads all over it."""
    monkeypatch.setattr(export_module, "_BLOCK_SIDE", 130)
    pixels = np.random.default_rng(5).integers(0, 255, (1, 130, 600), dtype=np.uint8)
    raster = write_raster(tmp_path / "wide.tif", pixels)
    lines = [shapely.LineString([(500000 + x, TOP - 10), (500000 + x + 90, TOP - 120)]) for x in range(0, 600, 60)]
    return raster, write_lines(tmp_path / "roads.gpkg", lines)


class CancelAfter:
    """A reporter that cancels itself after so many finished blocks."""

    def __init__(self, blocks):
        self.cancel, self.left, self.events = threading.Event(), blocks, []
        self.reporter = Reporter(self.events.append, self.cancel)
        progress = self.reporter.progress

        def counting(done, total, amount=0.0, unit=""):
            if unit == "chips" and done >= self.left:
                self.cancel.set()
            progress(done, total, amount, unit)

        self.reporter.progress = counting


def interrupted(wide, target, blocks=1, **options):
    cancelling = CancelAfter(blocks)
    with pytest.raises(Cancelled):
        export(*wide, target, cancelling.reporter, workers=1, **options)


def test_an_interrupted_export_is_marked_and_goes_on_to_the_same_folder(wide, tmp_path):
    export(*wide, tmp_path / "whole")
    target = tmp_path / "data"
    interrupted(wide, target)
    assert not target.exists()
    unfinished = tmp_path / "data~unfinished"
    assert "interrupted" in (unfinished / "READ ME.txt").read_text()
    kept = {path: path.stat().st_mtime_ns for path in (unfinished / "data" / "images").glob("*.tif")}
    noted = [json.loads(line)["record"]["chips"] for line in (unfinished / "journal.jsonl").read_text().splitlines()[1:]]
    assert sum(map(len, noted)) > 0
    events = []
    export(*wide, target, Reporter(events.append))
    assert any(isinstance(event, Log) and "Going on" in event.text for event in events)
    assert contents(target) == contents(tmp_path / "whole") and not unfinished.exists()
    not_cut_again = [path for path, written in kept.items() if (target / "images" / path.name).stat().st_mtime_ns == written]
    assert len(not_cut_again) == sum(map(len, noted))  # the block that was being cut is cut anew


def test_other_settings_do_not_go_on(wide, tmp_path):
    interrupted(wide, tmp_path / "data")
    events = []
    export(*wide, tmp_path / "data", Reporter(events.append), road_width=5.0)
    assert any(isinstance(event, Warn) and "was removed" in event.text for event in events)
    export(*wide, tmp_path / "fresh", road_width=5.0)
    assert contents(tmp_path / "data") == contents(tmp_path / "fresh")


def test_other_data_do_not_go_on_but_a_copied_road_layer_does(wide, tmp_path):
    raster, roads = wide
    interrupted(wide, tmp_path / "data")
    copy = shutil.copy(roads, tmp_path / "copy.gpkg")
    events = []
    export(raster, copy, tmp_path / "data", Reporter(events.append))
    assert any(isinstance(event, Log) and "Going on" in event.text for event in events)
    interrupted(wide, tmp_path / "second")
    other = write_lines(tmp_path / "other.gpkg", [shapely.LineString([(500000, TOP - 20), (500600, TOP - 20)])])
    events.clear()
    export(raster, other, tmp_path / "second", Reporter(events.append))
    assert any(isinstance(event, Warn) and "was removed" in event.text for event in events)


def test_a_raster_that_is_copied_for_every_run_goes_on(wide, tmp_path):
    raster, roads = wide
    copies = [shutil.copy(raster, tmp_path / f"{number}.tif") for number in (1, 2)]
    interrupted((copies[0], roads), tmp_path / "data", raster_copied=True)
    events = []
    export(copies[1], roads, tmp_path / "data", Reporter(events.append), raster_copied=True)
    assert any(isinstance(event, Log) and "Going on" in event.text for event in events)


def test_a_torn_journal_line_is_cut_again(wide, tmp_path):
    export(*wide, tmp_path / "whole")
    interrupted(wide, tmp_path / "data", blocks=2)
    journal = tmp_path / "data~unfinished" / "journal.jsonl"
    journal.write_bytes(journal.read_bytes()[:-40])
    export(*wide, tmp_path / "data")
    assert contents(tmp_path / "data") == contents(tmp_path / "whole")


def test_an_interrupted_addition_leaves_the_folder_as_it_was_and_goes_on(wide, tmp_path):
    for name in ("data", "whole"):
        export(*wide, tmp_path / name)
    before = contents(tmp_path / "data")
    interrupted(wide, tmp_path / "data")
    assert contents(tmp_path / "data") == before
    export(*wide, tmp_path / "data")
    export(*wide, tmp_path / "whole")
    assert contents(tmp_path / "data") == contents(tmp_path / "whole")


@pytest.mark.parametrize("dies_at", ["move", "metadata"])
def test_a_run_that_dies_while_it_adds_its_chips_can_be_repeated(wide, tmp_path, monkeypatch, dies_at):
    for name in ("data", "whole"):
        export(*wide, tmp_path / name)
    export(*wide, tmp_path / "whole", road_width=6.0)

    def die(*_):
        raise OSError("power cut")

    with monkeypatch.context() as patch:
        if dies_at == "move":
            patch.setattr(collecting, "_write_extras", die)
        else:
            # the first of the metadata files is already new
            write = collecting.TileCollection.write

            def half(self, folder):
                write(self, folder)
                (folder / "map.txt").write_text((folder / "map.txt").read_text()[:100])
                die()

            patch.setattr(collecting.TileCollection, "write", half)
        with pytest.raises(OSError, match="power cut"):
            export(*wide, tmp_path / "data", road_width=6.0)
    export(*wide, tmp_path / "data", road_width=6.0)
    assert contents(tmp_path / "data") == contents(tmp_path / "whole")


def test_a_full_disk_keeps_what_is_done(wide, tmp_path, monkeypatch):
    written = []
    write = side_by_side.cut_block

    def fill(cutting, source, block, reporter):
        if written:
            raise OSError(28, "No space left on device")
        written.append(block)
        return write(cutting, source, block, reporter)

    with monkeypatch.context() as patch:
        patch.setattr(side_by_side, "cut_block", fill)
        with pytest.raises(EngineError, match="disk is full"):
            export(*wide, tmp_path / "data", workers=1)
    assert (tmp_path / "data~unfinished").is_dir() and not (tmp_path / "data").exists()
    export(*wide, tmp_path / "data")
    assert len(open_training_folder(tmp_path / "data").chips) > 15


def test_two_exports_into_one_folder_at_once(wide, tmp_path):
    with UnfinishedExport(tmp_path / "data", "x") as first:
        first.note(0, {})
        with pytest.raises(EngineError, match="Another run that writes"):
            export(*wide, tmp_path / "data")
        assert 0 in first


def test_a_killed_worker_leaves_an_export_that_goes_on(wide, tmp_path):
    raster, roads = wide
    export(raster, roads, tmp_path / "whole", tile_size=64, stride=12)
    code = (
        "import sys; sys.path.insert(0, 'tests'); import conftest\n"
        "from roadsmith.engine.chips.exporting import export\nexport._BLOCK_SIDE = 130\n"
        "from roadsmith.engine.chips.exporting.export import export_training_data\n"
        "from roadsmith.engine.jobs import ExportTrainingData\nfrom roadsmith.engine.reporter import Reporter\n"
        f"export_training_data(ExportTrainingData(raster={str(raster)!r}, labels={str(roads)!r}, road_width=10.0,\n"
        f"    output_folder={str(tmp_path / 'data')!r}, tile_size=64, stride=12, workers=1), Reporter())"
    )
    worker = subprocess.Popen([sys.executable, "-c", code])
    journal = tmp_path / "data~unfinished" / "journal.jsonl"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (journal.is_file() and journal.read_bytes().count(b"\n") > 1):
        time.sleep(0.02)
    worker.kill()
    worker.wait()
    assert not (tmp_path / "data").exists() and journal.read_bytes().count(b"\n") > 1
    export(raster, roads, tmp_path / "data", tile_size=64, stride=12)
    assert contents(tmp_path / "data") == contents(tmp_path / "whole")


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 5), st.sampled_from([70, 130, 333, 2048]))
def test_threads_and_blocks_change_nothing(wide, tmp_path, workers, side):
    options = {"rotation_angle": 120, "stride": 40, "no_feature_tiles": "share", "empty_share": 0.5}
    reference = tmp_path / "reference"
    if not reference.exists():
        export(*wide, reference, workers=1, **options)
    target = tmp_path / f"{workers}-{side}-{time.monotonic_ns()}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export_module, "_BLOCK_SIDE", side)
        export(*wide, target, workers=workers, **options)
    assert contents(target) == contents(reference)
