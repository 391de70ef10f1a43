"""Runs that are cancelled, killed or fail, and go on."""

import shutil
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from roadsmith.engine.classification import part_files
from roadsmith.engine.classification.predictor import RoadPredictor
from roadsmith.engine.errors import Cancelled, EngineError
from roadsmith.engine.events import Log, Progress, Warn
from roadsmith.engine.reporter import Reporter

from ..conftest import write_raster
from .toy_models import assert_same, classify, cut_small

SLOW_WORKER = """
import sys, time
sys.path.insert(0, "tests")
import conftest
sys.path.insert(0, "tests/engine/classification")
from functools import partial
from roadsmith.engine.classification import classify
from roadsmith.engine.classification.parts import parts_of
from roadsmith.engine.classification.predictor import RoadPredictor
from roadsmith.engine.jobs import ClassifyPixels
from roadsmith.engine.reporter import Reporter
classify.parts_of = partial(parts_of, rows=96)
predict = RoadPredictor.predict
def slow(self, tiles):
    time.sleep(0.1)
    return predict(self, tiles)
RoadPredictor.predict = slow
raster, model, output, probability = sys.argv[1:]
classify.classify_pixels(ClassifyPixels(
    raster=raster, model=model, output=output, probability=probability, tile_size=64, padding=8, device="cpu"
), Reporter())
"""


@pytest.fixture
def parts(monkeypatch):
    """Parts of 96 rows: three or four of ``noise_raster``."""
    cut_small(monkeypatch)


def stop_after(parts, folder):
    """Return a reporter that cancels when so many parts are noted."""
    cancel = threading.Event()

    def listen(event):
        journal = folder / "journal.jsonl"
        if isinstance(event, Progress) and journal.is_file() and journal.read_bytes().count(b"\n") > parts:
            cancel.set()

    return Reporter(listen, cancel)


def interrupted(raster, model, output, monkeypatch, parts=1, **options):
    """Cancel a run after its first parts."""
    monkeypatch.setattr("roadsmith.engine.reporter._PROGRESS_INTERVAL", 0.0)
    with pytest.raises(Cancelled, match=r"of 3 parts are done and kept"):
        classify(raster, model, output, stop_after(parts, output.with_name(f"{output.name}~unfinished")), **options)


@pytest.mark.parametrize("options", [{}, {"batch_size": 3}])
def test_a_cancelled_run_goes_on_to_the_same_pixels(noise_raster, model, tmp_path, monkeypatch, parts, options):
    whole = classify(noise_raster, model, tmp_path / "whole.tif", **options)
    interrupted(noise_raster, model, tmp_path / "roads.tif", monkeypatch, **options)
    unfinished = tmp_path / "roads.tif~unfinished"
    assert not (tmp_path / "roads.tif").exists() and "interrupted" in (unfinished / "READ ME.txt").read_text()
    kept = {path.name: path.stat().st_mtime_ns for path in unfinished.glob("*/*-0*.tif")}
    assert kept and not list(unfinished.glob("*/*-0*~*"))
    said, seen = [], {}

    def listen(event):
        said.append(event)
        seen.update({path.name: path.stat().st_mtime_ns for path in unfinished.glob("*/*-0*.tif")})

    result = classify(noise_raster, model, tmp_path / "roads.tif", Reporter(listen), **options)
    assert_same(tmp_path / "whole.tif", tmp_path / "roads.tif")
    assert kept.items() <= seen.items()  # not made anew
    assert result["resumed"] and not whole["resumed"] and result["road_share"] == whole["road_share"]
    assert any(isinstance(event, Log) and "Going on" in event.text for event in said)
    assert not unfinished.exists()


def test_a_killed_worker_leaves_a_run_that_goes_on(noise_raster, tmp_path, monkeypatch, parts):
    import torch
    from roadsmith.models import registry

    from .toy_models import write_model

    torch.manual_seed(1)
    model = write_model(tmp_path, "unet", registry.build("unet", bands=3, base=4, n_pool=3))
    classify(noise_raster, model, tmp_path / "whole.tif")
    output, probability = tmp_path / "roads.tif", tmp_path / "roads_p.tif"
    worker = subprocess.Popen([sys.executable, "-c", SLOW_WORKER, *map(str, (noise_raster, model, output, probability))])
    journal = tmp_path / "roads.tif~unfinished" / "journal.jsonl"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (journal.is_file() and journal.read_bytes().count(b"\n") > 1):
        time.sleep(0.02)
    worker.kill()
    worker.wait()
    assert journal.read_bytes().count(b"\n") > 1 and not output.exists()
    assert classify(noise_raster, model, output)["resumed"]
    assert_same(tmp_path / "whole.tif", output)


def test_a_part_whose_file_is_gone_is_made_anew(noise_raster, model, tmp_path, monkeypatch, parts):
    classify(noise_raster, model, tmp_path / "whole.tif")
    interrupted(noise_raster, model, tmp_path / "roads.tif", monkeypatch, parts=1)
    next((tmp_path / "roads.tif~unfinished").glob("*/probability-000000.tif")).unlink()
    classify(noise_raster, model, tmp_path / "roads.tif")
    assert_same(tmp_path / "whole.tif", tmp_path / "roads.tif")


@pytest.mark.parametrize("change", ["threshold", "model", "raster", "mode"])
def test_another_run_does_not_go_on(noise_raster, model, tmp_path, monkeypatch, parts, change):
    interrupted(noise_raster, model, tmp_path / "roads.tif", monkeypatch)
    options, said = {}, []
    if change == "threshold":
        options = {"threshold": 0.3}
    elif change == "mode":
        options = {"test_time_augmentation": 2}
    elif change == "model":
        import torch

        from .toy_models import TinyNetwork, write_model

        torch.manual_seed(4)
        model = write_model(model.parent, "tiny", TinyNetwork())
    else:
        write_raster(noise_raster, np.random.default_rng(2).integers(0, 255, (3, 300, 400), dtype=np.uint8))
    result = classify(noise_raster, model, tmp_path / "roads.tif", Reporter(said.append), **options)
    assert not result["resumed"]
    assert any(isinstance(event, Warn) and "was removed" in event.text for event in said)
    classify(noise_raster, model, tmp_path / "fresh.tif", **options)
    assert_same(tmp_path / "fresh.tif", tmp_path / "roads.tif")


def test_a_raster_that_is_copied_for_every_run_goes_on(noise_raster, model, tmp_path, monkeypatch, parts):
    copies = [shutil.copy(noise_raster, tmp_path / f"{number}.tif") for number in (1, 2)]
    interrupted(copies[0], model, tmp_path / "roads.tif", monkeypatch, raster_copied=True)
    assert classify(copies[1], model, tmp_path / "roads.tif", raster_copied=True)["resumed"]


def test_a_full_disk_keeps_what_is_done(noise_raster, model, tmp_path, monkeypatch, parts):
    classify(noise_raster, model, tmp_path / "whole.tif")
    finish, finished = part_files.PartSink._finish, []

    def fill(self, part):
        if finished:
            raise OSError(28, "No space left on device")
        finished.append(part)
        finish(self, part)

    with monkeypatch.context() as patch:
        patch.setattr(part_files.PartSink, "_finish", fill)
        with pytest.raises(EngineError, match=r"disk is full.* 1 of 3 parts are done and kept"):
            classify(noise_raster, model, tmp_path / "roads.tif")
    assert not (tmp_path / "roads.tif").exists()
    assert classify(noise_raster, model, tmp_path / "roads.tif")["resumed"]
    assert_same(tmp_path / "whole.tif", tmp_path / "roads.tif")


def test_a_corrupt_block_keeps_what_is_done(model, tmp_path, monkeypatch, parts):
    pixels = np.random.default_rng(0).integers(0, 255, (3, 300, 400), dtype=np.uint8)
    raster = write_raster(tmp_path / "cut.tif", pixels, blockysize=16)
    raster.write_bytes(raster.read_bytes()[: raster.stat().st_size * 9 // 10])
    with pytest.raises(EngineError, match=r"rows 2.*damaged or incomplete.* of 3 parts are done and kept"):
        classify(raster, model, tmp_path / "roads.tif")
    assert (tmp_path / "roads.tif~unfinished").is_dir()


def test_an_error_in_any_thread_ends_all_at_once(noise_raster, model, tmp_path, monkeypatch):
    """The device is slow, the writer fails: the run ends without classifying the rest."""
    calls = []
    predict = RoadPredictor.predict

    def slow(self, tiles):
        calls.append(len(tiles))
        time.sleep(0.05)
        return predict(self, tiles)

    def fail(self, probability, valid):
        raise ValueError("a fault of ours")

    before = threading.active_count()
    monkeypatch.setattr(RoadPredictor, "predict", slow)
    monkeypatch.setattr(part_files.PartSink, "_take", fail)
    with pytest.raises(ValueError, match="a fault of ours"):
        classify(noise_raster, model, tmp_path / "roads.tif", tile_size=32, padding=0)
    assert len(calls) < 40 and threading.active_count() == before  # of 221 tiles
    assert [path.name for path in tmp_path.iterdir()] == ["noise.tif"]


def test_a_cancel_is_obeyed_before_the_next_tile(noise_raster, model, tmp_path, monkeypatch):
    """Eight views of eight tiles are one batch; the wish to stop ends it between two of its passes."""
    cancel, passes = threading.Event(), []
    one_pass = RoadPredictor._pass

    def counted(self, images):
        passes.append(cancel.is_set())
        if len(passes) == 12:
            cancel.set()
        return one_pass(self, images)

    monkeypatch.setattr(RoadPredictor, "_pass", counted)
    with pytest.raises(Cancelled):
        classify(noise_raster, model, tmp_path / "roads.tif", Reporter(None, cancel), batch_size=8, test_time_augmentation=8)
    assert len(passes) <= 13 and [path.name for path in tmp_path.iterdir()] == ["noise.tif"]
