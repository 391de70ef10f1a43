"""A real scheduler and two real worker processes on loopback: the pixels, workers that are lost, clusters that do not fit."""

import os
import shutil
import signal
import time
from pathlib import Path

import numpy as np
import pytest
import shapely
import torch
from roadsmith.engine import extras
from roadsmith.engine.classification import cluster as cluster_module
from roadsmith.engine.cluster import crew, link
from roadsmith.engine.cluster.link import check_versions
from roadsmith.engine.errors import Cancelled, EngineError
from roadsmith.engine.events import Log, Progress, Warn
from roadsmith.engine.reporter import Reporter
from roadsmith.models import registry

from ..conftest import write_raster
from ..small_cluster import InBackground, SmallCluster, wait_until
from .test_controls import write_mask
from .toy_models import assert_same, classify, cut_small, read, write_model

SLOW = """
import time
from pathlib import Path
from roadsmith.engine.classification.predictor import RoadPredictor
def slow(self, tiles, predict=RoadPredictor.predict):
    if Path({fault!r}).exists():
        return slow(self, tiles, predict)
    if Path({brake!r}).exists():
        time.sleep(0.1)
    return predict(self, tiles)
if RoadPredictor.predict.__name__ != "slow":
    RoadPredictor.predict = slow
"""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    cluster = SmallCluster(tmp_path_factory.mktemp("cluster"), SLOW)
    yield cluster
    cluster.end()


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    """Parts of 48 rows: six or seven of ``noise_raster``; one a task."""
    cut_small(monkeypatch, 48)
    monkeypatch.setattr(cluster_module, "_MOST_PARTS", 1)


@pytest.fixture(autouse=True)
def as_many_threads():
    """Compute with as many threads as each of two workers: more or fewer add up in another order."""
    before = torch.get_num_threads()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    torch.set_num_threads(max(1, cores // 2))
    yield
    torch.set_num_threads(before)


@pytest.fixture
def model(tmp_path):
    """A network that workers know too, with random weights."""
    torch.manual_seed(1)
    return write_model(tmp_path, "unet", registry.build("unet", bands=3, base=4, n_pool=3))


@pytest.fixture
def slowly(cluster):
    """Let workers work slowly while the test lasts."""
    cluster.brake.touch()
    yield
    cluster.brake.unlink(missing_ok=True)


def in_background(*arguments, **options):
    return InBackground(lambda reporter: classify(*arguments, reporter, **options))


def parts_done(output):
    journal = output.with_name(f"{output.name}~unfinished") / "journal.jsonl"
    return journal.read_bytes().count(b"\n") - 1 if journal.is_file() else 0


def test_two_workers_give_the_pixels_of_one_process(cluster, noise_raster, model, tmp_path, monkeypatch):
    """With a mask, which workers, in another working folder, cannot read."""
    monkeypatch.chdir(tmp_path)
    mask, events = write_mask("mask.gpkg", [shapely.Point(500200, 4999850).buffer(140)]), []
    classify(noise_raster, model, tmp_path / "alone.tif", mask=mask)
    cluster.have(2)
    result = classify(noise_raster, model, tmp_path / "roads.tif", Reporter(events.append), mask=mask, scheduler=cluster.address)
    assert_same(tmp_path / "alone.tif", tmp_path / "roads.tif")
    assert (read(tmp_path / "roads.tif") == 255).any() and not result["resumed"]
    log = [event.text for event in events if isinstance(event, Log)]
    assert any("2 worker(s) on 1 machine(s)" in text and "CPU" in text for text in log)
    assert any(isinstance(event, Progress) and event.unit == "Mpx" and event.rate > 0 for event in events)
    assert not any(isinstance(event, Warn) for event in events)
    assert not (tmp_path / "roads.tif~unfinished").exists()


def test_blocks_left_under_a_virtual_raster(cluster, noise_raster, model, tmp_path):
    cluster.have(2)
    classify(noise_raster, model, tmp_path / "alone.tif")
    folder, moved = tmp_path / "there", tmp_path / "moved"
    options = {"vrt": True, "scheduler": cluster.address, "probability": str(folder / "roads_p.vrt")}
    for _ in range(2):  # the second replaces the first
        classify(noise_raster, model, folder / "roads.vrt", **options)
    assert sorted(path.name for path in folder.iterdir()) == ["roads.vrt", "roads_p.vrt", "roads_parts"]
    shutil.move(folder, moved)
    for suffix in ("", "_p"):
        np.testing.assert_array_equal(read(moved / f"roads{suffix}.vrt"), read(tmp_path / f"alone{suffix}.tif"))
    assert {path.suffix for path in (moved / "roads_parts").iterdir()} == {".tif"}
    (moved / "roads_parts" / "thesis.docx").touch()
    with pytest.raises(EngineError, match=r"roads_parts.* holds other files"):
        classify(noise_raster, model, moved / "roads.vrt", **{**options, "probability": ""})


def test_a_cancelled_run_goes_on_here(cluster, noise_raster, model, tmp_path, slowly):
    """Cancelled over the cluster, finished by this process alone: nothing is lost, the pixels are the same."""
    cluster.have(2)
    classify(noise_raster, model, tmp_path / "alone.tif")
    output = tmp_path / "roads.tif"
    run = in_background(noise_raster, model, output, scheduler=cluster.address)
    wait_until(lambda: parts_done(output) >= 1)
    started = time.monotonic()
    run.cancel.set()
    outcome = run.end()
    assert time.monotonic() - started < 2
    assert isinstance(outcome, Cancelled) and "parts are done and kept" in str(outcome)
    wait_until(lambda: not any(cluster.client.processing().values()), 5)
    assert classify(noise_raster, model, output)["resumed"]
    assert_same(tmp_path / "alone.tif", output)


def test_machines_that_do_not_see_the_files(cluster, noise_raster, model, tmp_path, monkeypatch):
    """Relative paths: the workers have another working folder."""
    cluster.have(2)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(EngineError, match=r"worker tcp://.* On the machine .* raster noise\.tif cannot be opened.* same path"):
        classify("noise.tif", model, tmp_path / "roads.tif", scheduler=cluster.address)
    write_raster(cluster.folder / "noise.tif", np.zeros((3, 300, 400), np.uint8), compress="deflate")
    with pytest.raises(EngineError, match=r"raster noise\.tif is another there than here"):
        classify("noise.tif", model, tmp_path / "roads.tif", scheduler=cluster.address)
    with pytest.raises(EngineError, match=r"machine .*: There is no model package|machine .*model\.dlpk"):
        classify(noise_raster, "model.dlpk", tmp_path / "roads.tif", scheduler=cluster.address)
    with pytest.raises(EngineError, match=r"folder of the output, .* is not seen there"):
        classify(noise_raster, model, Path("roads.tif"), scheduler=cluster.address)


def test_a_fault_of_ours_on_a_worker(cluster, noise_raster, model, tmp_path):
    """Recursion without end: an exception whose traceback cannot be pickled."""
    cluster.have(2)
    cluster.fault.touch()
    try:
        with pytest.raises(EngineError, match=r"On the machine .*: Something unexpected went wrong \(RecursionError") as failure:
            classify(noise_raster, model, tmp_path / "roads.tif", scheduler=cluster.address)
    finally:
        cluster.fault.unlink()
    assert failure.value.kind == "internal"


def test_a_worker_without_the_package(cluster, noise_raster, model, tmp_path):
    cluster.have(1)
    bare = cluster.start_worker()
    try:
        with pytest.raises(EngineError, match=r"worker tcp://.* lacks the package 'roadsmith'"):
            classify(noise_raster, model, tmp_path / "roads.tif", scheduler=cluster.address)
    finally:
        bare.kill()
        bare.wait()


def test_a_killed_worker_costs_its_parts_only(cluster, noise_raster, model, tmp_path, slowly):
    cluster.have(2)
    classify(noise_raster, model, tmp_path / "alone.tif")
    output = tmp_path / "roads.tif"
    run = in_background(noise_raster, model, output, scheduler=cluster.address)
    wait_until(lambda: parts_done(output) >= 2 and len(cluster.busy()) == 2)
    os.kill(cluster.busy()[0], signal.SIGKILL)
    assert parts_done(output) < 6  # of seven
    cluster.brake.unlink()
    assert run.end()["road_share"] > 0, run.outcome
    assert len(cluster.client.nthreads()) == 1
    assert_same(tmp_path / "alone.tif", output)


def test_all_workers_lost(cluster, noise_raster, model, tmp_path, monkeypatch, slowly):
    monkeypatch.setattr(crew, "_PATIENCE", 1.0)
    cluster.have(1)
    output = tmp_path / "roads.tif"
    run = in_background(noise_raster, model, output, scheduler=cluster.address)
    wait_until(lambda: parts_done(output) >= 1)
    for worker in cluster.workers:
        worker.kill()
    outcome = run.end()
    assert isinstance(outcome, EngineError) and "has had no worker for 1 seconds" in outcome.message
    assert "parts are done and kept" in outcome.message
    assert any(isinstance(event, Warn) and "has no worker: waiting" in event.text for event in run.events)
    assert parts_done(output) >= 1


def test_nobody_answers(noise_raster, model, tmp_path, monkeypatch):
    monkeypatch.setattr(link, "_CONNECT_SECONDS", 0.5)
    with pytest.raises(EngineError, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        classify(noise_raster, model, tmp_path / "roads.tif", scheduler="tcp://127.0.0.1:9")
    assert [path.name for path in tmp_path.glob("roads*")] == []


def test_without_dask(noise_raster, model, tmp_path, monkeypatch):
    monkeypatch.setattr(extras, "_can_import", lambda module: module != "distributed")
    with pytest.raises(EngineError, match=r'A Dask cluster needs packages .* install "distributed>=.*leave the scheduler empty'):
        classify(noise_raster, model, tmp_path / "roads.tif", scheduler="tcp://127.0.0.1:9")


def versions(python="3.11.4.final.0", dask="2026.8.0", distributed="2026.8.0"):
    return {"host": {"python": python}, "packages": {"dask": dask, "distributed": distributed, "numpy": "1.0"}}


@pytest.mark.parametrize(("scheduler", "worker", "sentence"), [
    ({"dask": "2025.1.0"}, {}, r"the scheduler has dask 2025\.1\.0, here it is 2026\.8\.0"),
    ({}, {"distributed": "2025.1.0"}, r"the worker tcp://b:2 has distributed 2025\.1\.0"),
    ({}, {"python": "3.12.1.final.0"}, r"the worker tcp://b:2 has Python 3\.12, here it is 3\.11"),
])
def test_versions_that_differ(scheduler, worker, sentence):
    workers = {"tcp://a:1": versions(python="3.11.9.final.0"), "tcp://b:2": versions(**worker)}
    with pytest.raises(EngineError, match=sentence) as failure:
        check_versions({"client": versions(), "scheduler": versions(**scheduler), "workers": workers})
    assert failure.value.kind == "environment"
    check_versions({"client": versions(), "scheduler": versions(), "workers": {"tcp://a:1": workers["tcp://a:1"]}})


def test_the_scheduler_is_gone(noise_raster, model, tmp_path, tmp_path_factory):
    """In the middle of a run; it ends with a sentence, and what is done is kept."""
    own = SmallCluster(tmp_path_factory.mktemp("own"), SLOW)
    try:
        own.brake.touch()
        own.have(1)
        output = tmp_path / "roads.tif"
        run = in_background(noise_raster, model, output, scheduler=own.address)
        wait_until(lambda: parts_done(output) >= 1)
        own.scheduler.kill()
        outcome = run.end()
    finally:
        own.end()
    assert isinstance(outcome, EngineError) and "scheduler at tcp://" in outcome.message and "is gone" in outcome.message
    assert "parts are done and kept" in outcome.message
