"""A real scheduler and two real worker processes on loopback: the features, workers that are lost, clusters that do not fit."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pyogrio
import pytest
from affine import Affine
from roadsmith.engine import extras
from roadsmith.engine.cluster import crew, link
from roadsmith.engine.errors import Cancelled, EngineError
from roadsmith.engine.events import Log, Progress, Warn
from roadsmith.engine.jobs import RasterToRoadVector
from roadsmith.engine.raster.grid import tile_windows
from roadsmith.engine.raster.source import RasterSource
from roadsmith.engine.reporter import Reporter
from roadsmith.engine.road_network import cluster as cluster_module
from roadsmith.engine.road_network import cluster_run, cluster_worker, skeleton_tiles, thinning
from roadsmith.engine.road_network.probability import open_road_raster
from roadsmith.engine.road_network.vectorise import raster_to_road_vector
from scipy import ndimage

from ..small_cluster import BOOTSTRAP, InBackground, SmallCluster, wait_until
from . import drawn_masks as masks

TILE = 60
SLOW = """
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path
from roadsmith.engine.road_network import cluster_worker
def slow(*arguments, thin=cluster_worker.thin_tile):
    if Path({fault!r}).exists():
        return slow(*arguments)
    if Path({brake!r}).exists():
        time.sleep(0.3)
    return thin(*arguments)
if cluster_worker.thin_tile.__name__ != "slow":
    cluster_worker.thin_tile = slow
"""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    cluster = SmallCluster(tmp_path_factory.mktemp("cluster"), SLOW)
    yield cluster
    cluster.end()


@pytest.fixture(autouse=True)
def small_tiles(monkeypatch):
    """24 tiles of ``probabilities``, first read with so little around them that they must be read again."""
    monkeypatch.setattr(skeleton_tiles.skeleton_pixels, "__defaults__", (TILE, 2))
    monkeypatch.setattr(skeleton_tiles, "_HALO", 0)


@pytest.fixture
def slowly(cluster):
    """Let workers work slowly while the test lasts."""
    cluster.brake.touch()
    yield
    cluster.brake.unlink(missing_ok=True)


@pytest.fixture(scope="module")
def probabilities():
    """Roads 3 to 20 m wide, some of them weak, on 240 × 330 m."""
    draw, shares = np.random.default_rng(11).uniform, np.zeros((240, 330), np.float32)
    for _ in range(14):
        road = masks.band(shares.shape, *draw(-20, 340, (2, 2)), draw(3, 20))
        shares = np.maximum(shares, road * np.float32(draw(0.35, 1)))
    return ndimage.gaussian_filter(shares, 1.0)


@pytest.fixture
def raster(tmp_path, probabilities):
    return masks.write_raster(tmp_path / "p.tif", probabilities)


def extract(raster, output, reporter=None, **arguments):
    output.parent.mkdir(exist_ok=True)
    return raster_to_road_vector(RasterToRoadVector(raster=str(raster), output=str(output), **arguments), reporter or Reporter())


def content(path):
    """All of a GeoPackage, to the last bit."""
    return {
        layer: [str(meta["crs"]), *meta["fields"], geometry.tolist(), *(column.tolist() for column in columns)]
        for layer in ("roads", "nodes", "gaps") for meta, _, geometry, columns in [pyogrio.raw.read(path, layer=layer)]
    }


def tiles_done(run):
    return sum(isinstance(event, Progress) and event.rate > 0 and event.unit == "Mpx" for event in run.events)


@pytest.mark.parametrize("beside", [False, True])
def test_two_workers_give_the_features_of_one_process(cluster, probabilities, tmp_path, beside):
    """Probabilities; and classes with probabilities beside them on a grid of their own, carriageways merged."""
    raster, arguments = masks.write_raster(tmp_path / "p.tif", probabilities), {}
    if beside:
        finer, transform = np.kron(probabilities, np.ones((2, 2), np.float32)), Affine(0.5, 0, 5e5, 0, -0.5, 5.5e6)
        finer = masks.write_raster(tmp_path / "fine.tif", finer, transform=transform)
        raster = masks.write_raster(tmp_path / "c.tif", (probabilities > 0.6).astype(np.uint8), nodata=255)
        arguments = {"probability": finer, "merge_carriageways": 6.0}
    alone, events = extract(raster, tmp_path / "alone.gpkg", **arguments), []
    cluster.have(2)
    result = extract(raster, tmp_path / "out" / "roads.gpkg", Reporter(events.append), scheduler=cluster.address, **arguments)
    assert content(tmp_path / "out" / "roads.gpkg") == content(tmp_path / "alone.gpkg")
    assert result["edge_count"] > 10 and {**result, "output": ""} == {**alone, "output": ""}
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["roads.gpkg"]
    assert any("2 worker(s) on 1 machine(s)" in event.text for event in events if isinstance(event, Log))
    assert not any(isinstance(event, Warn) for event in events)
    assert any(isinstance(event, Progress) and event.unit == "Mpx" and event.rate > 0 for event in events)


@pytest.mark.parametrize("tile", [31, 100])
def test_threads_of_a_worker_share_a_raster(raster, tile):
    """In this process: any tiles and any threads, in any order."""
    job, listener = RasterToRoadVector(raster=raster), masks.Listener()
    with RasterSource(raster, bands=[1]) as source, open_road_raster(source, job, listener.reporter) as roads:
        whole = skeleton_tiles.skeleton_pixels(roads, source.cell_metres, Reporter(), tile=2048)
        run, halo = cluster_run.thinning_run(job, roads, source.cell_metres), skeleton_tiles.first_halo(roads, source.cell_metres)
    windows = list(tile_windows(run.sizes[0][0].whole, tile, tile))
    random.Random(tile).shuffle(windows)
    with ThreadPoolExecutor(4) as pool:
        parts = [each[1] for each in pool.map(lambda window: cluster_worker.thin_window(run, window, halo), windows)]
    assert len(whole.rows) > 500
    masks.assert_same(thinning.SkeletonPixels.joined(parts).row_by_row(), whole)
    cluster_worker.end_run(run.run_id)
    with pytest.raises(Cancelled):
        cluster_worker.thin_window(run, windows[0], halo)


def test_workers_share_the_tiles_and_need_no_torch(cluster, raster, tmp_path, slowly):
    cluster.have(2)
    run = InBackground(lambda reporter: extract(raster, tmp_path / "roads.gpkg", reporter, scheduler=cluster.address))
    wait_until(lambda: len(cluster.busy()) == 2)
    cluster.brake.unlink()
    run.end()
    assert set(cluster.client.run(lambda: "torch" in sys.modules).values()) == {False}


def test_a_killed_worker_costs_its_tiles_only(cluster, raster, tmp_path, slowly):
    cluster.have(2)
    extract(raster, tmp_path / "alone.gpkg")
    run = InBackground(lambda reporter: extract(raster, tmp_path / "roads.gpkg", reporter, scheduler=cluster.address))
    wait_until(lambda: tiles_done(run) >= 3 and len(cluster.busy()) == 2)
    os.kill(cluster.busy()[0], signal.SIGKILL)
    assert tiles_done(run) < 20
    cluster.brake.unlink()
    assert run.end()["edge_count"] > 20, run.outcome
    assert len(cluster.client.nthreads()) == 1
    assert content(tmp_path / "roads.gpkg") == content(tmp_path / "alone.gpkg")


def test_cancelled(cluster, raster, tmp_path, slowly):
    cluster.have(2)
    run = InBackground(lambda reporter: extract(raster, tmp_path / "out" / "roads.gpkg", reporter, scheduler=cluster.address))
    wait_until(lambda: tiles_done(run) >= 1)
    started = time.monotonic()
    run.cancel.set()
    assert isinstance(run.end(), Cancelled)
    assert time.monotonic() - started < 2
    wait_until(lambda: not any(cluster.client.processing().values()), 5)
    assert not any((tmp_path / "out").iterdir())
    held = cluster.client.run(lambda: len(sys.modules["roadsmith.engine.road_network.cluster_worker"]._held))
    assert set(held.values()) == {0}


def test_machines_that_do_not_see_the_files(cluster, raster, tmp_path, monkeypatch):
    """Relative paths: the workers have another working folder."""
    cluster.have(2)
    monkeypatch.chdir(tmp_path)

    def fails(match, raster, **arguments):
        with pytest.raises(EngineError, match=match) as failure:
            extract(raster, tmp_path / "out" / "roads.gpkg", scheduler=cluster.address, **arguments)
        assert "\n" not in failure.value.message and not any((tmp_path / "out").iterdir())

    fails(r"worker tcp://.* cannot take part\. On the machine .* raster p\.tif cannot be opened.* under the same path", "p.tif")
    masks.write_raster(cluster.folder / "p.tif", np.zeros((240, 330), np.uint8))
    fails(r"raster p\.tif is another there than here: all machines must see", "p.tif")
    classes = masks.write_raster(tmp_path / "c.tif", np.eye(240, 330, dtype=np.uint8))
    shutil.copy(raster, tmp_path / "beside.tif")
    fails(r"raster beside\.tif cannot be opened", classes, probability="beside.tif")
    with monkeypatch.context() as patch:
        patch.setattr(cluster_module, "_MODULE", "road_network.of_a_later_version")
        fails(r"worker tcp://.* has another version of Roadsmith: install the same", raster)
    monkeypatch.setattr(cluster_run, "roadsmith_version", lambda: "0.0.1")
    fails(r"On the machine .*: Roadsmith is .* there and 0\.0\.1 here: install the same version", raster)


def test_a_fault_on_a_worker(cluster, raster, tmp_path):
    """A damaged file; recursion without end, an exception whose traceback cannot be pickled."""
    cluster.have(2)
    noise = np.random.default_rng(1).random((600, 600)).astype(np.float32)
    damaged = Path(masks.write_raster(tmp_path / "cut.tif", noise))
    damaged.write_bytes(damaged.read_bytes()[:-400_000])
    with pytest.raises(EngineError, match=r"On the machine .*: The raster .*cut\.tif cannot be read at rows .* damaged"):
        extract(damaged, tmp_path / "roads.gpkg", scheduler=cluster.address)
    cluster.fault.touch()
    try:
        with pytest.raises(EngineError, match=r"On the machine .*: Something unexpected went wrong \(RecursionError") as failure:
            extract(raster, tmp_path / "roads.gpkg", scheduler=cluster.address)
    finally:
        cluster.fault.unlink()
    assert failure.value.kind == "internal"


def test_a_worker_without_the_package(cluster, raster, tmp_path):
    cluster.have(1)
    bare = cluster.start_worker()
    try:
        with pytest.raises(EngineError, match=r"worker tcp://.* lacks the package 'roadsmith'"):
            extract(raster, tmp_path / "roads.gpkg", scheduler=cluster.address)
    finally:
        bare.kill()
        bare.wait()


def test_nobody_answers(raster, tmp_path, monkeypatch):
    monkeypatch.setattr(link, "_CONNECT_SECONDS", 0.5)
    with pytest.raises(EngineError, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        extract(raster, tmp_path / "roads.gpkg", scheduler="tcp://127.0.0.1:9")
    assert list(tmp_path.glob("roads*")) == []


def test_without_dask(raster, tmp_path, monkeypatch):
    monkeypatch.setattr(extras, "_can_import", lambda module: module != "distributed")
    with pytest.raises(EngineError, match=r'A Dask cluster needs packages .* install "distributed>=.*leave the scheduler empty'):
        extract(raster, tmp_path / "roads.gpkg", scheduler="tcp://127.0.0.1:9")


def test_nothing_of_dask_is_imported_where_nobody_asked_for_a_cluster(raster, tmp_path):
    script = f"""
{BOOTSTRAP}
import sys
from roadsmith.engine.jobs import RasterToRoadVector
from roadsmith.engine.reporter import Reporter
from roadsmith.engine.road_network.vectorise import raster_to_road_vector
raster_to_road_vector(RasterToRoadVector(raster={raster!r}, output={str(tmp_path / "roads.gpkg")!r}), Reporter())
assert not {{"dask", "distributed"}} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", script], check=True)


def test_all_workers_and_then_the_scheduler_lost(cluster, raster, tmp_path, monkeypatch, slowly):
    """In the middle of a run; the last test, because it ends the cluster."""
    monkeypatch.setattr(crew, "_PATIENCE", 1.0)
    cluster.have(1)
    run = InBackground(lambda reporter: extract(raster, tmp_path / "roads.gpkg", reporter, scheduler=cluster.address))
    wait_until(lambda: tiles_done(run) >= 1)
    for worker in cluster.workers:
        worker.kill()
    outcome = run.end()
    assert isinstance(outcome, EngineError) and "has had no worker for 1 seconds" in outcome.message
    assert any(isinstance(event, Warn) and "has no worker: waiting" in event.text for event in run.events)
    cluster.have(1)
    run = InBackground(lambda reporter: extract(raster, tmp_path / "roads.gpkg", reporter, scheduler=cluster.address))
    wait_until(lambda: tiles_done(run) >= 1)
    cluster.scheduler.kill()
    outcome = run.end()
    assert isinstance(outcome, EngineError) and "scheduler at tcp://" in outcome.message and "is gone" in outcome.message
    assert list(tmp_path.glob("roads*")) == []
