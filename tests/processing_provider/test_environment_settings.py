"""The options: kept, read, refused, and really used by the tools and the worker."""

from __future__ import annotations

import sys

import pytest
from roadsmith.engine.jobs import CheckEnvironment, RasterToRoadVector
from roadsmith.processing_provider import settings
from roadsmith.processing_provider.settings import Options, read_options, write_options

posix = pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands in for a Python")
CHOSEN = Options("/opt/python", "cuda:1", 12.5, "/data/cache", "tcp://10.0.0.5:8786")


@pytest.fixture(autouse=True)
def nothing_chosen(qgis_app):
    from qgis.core import QgsSettings

    QgsSettings().remove(settings.PREFIX)
    yield
    QgsSettings().remove(settings.PREFIX)


def test_what_is_written_is_read_and_defaults_leave_no_trace():
    from qgis.core import QgsSettings

    assert read_options() == Options()
    write_options(CHOSEN)
    assert read_options() == CHOSEN
    write_options(Options())
    assert [key for key in QgsSettings().allKeys() if key.startswith(settings.PREFIX)] == []


@pytest.mark.parametrize(("options", "words"), [
    (Options(device="gpu"), "'gpu' is no device"),
    (Options(device="cuda:x"), "is no device"),
    (Options(memory_limit_gb=-1), "negative"),
    (Options(scheduler="10.0.0.5"), "tcp://host:port"),
])
def test_nonsense_is_refused_and_nothing_is_kept(options, words):
    write_options(CHOSEN)
    with pytest.raises(ValueError, match=words):
        write_options(options)
    assert read_options() == CHOSEN


@pytest.mark.parametrize(("name", "text"), [
    ("device", "quantum"), ("memory_limit_gb", "much"), ("memory_limit_gb", "inf"), ("memory_limit_gb", "-3"),
    ("scheduler", "nonsense"),
])
def test_a_setting_edited_by_hand_into_nonsense_counts_as_not_set(name, text):
    from qgis.core import QgsSettings

    QgsSettings().setValue(f"{settings.PREFIX}/{name}", text)
    assert read_options() == Options()


def test_the_device_of_the_options_is_what_auto_means():
    write_options(Options(device="cuda:1"))
    assert settings.with_chosen_device(CheckEnvironment()).device == "cuda:1"
    job = CheckEnvironment(device="cpu")
    assert settings.with_chosen_device(job) is job  # a device that was asked for stays
    assert settings.with_chosen_device(CheckEnvironment("run", "auto")).run_id == "run"


def test_jobs_without_a_device_are_left_alone():
    write_options(Options(device="cpu"))
    job = RasterToRoadVector.__new__(RasterToRoadVector)
    assert settings.with_chosen_device(job) is job


def test_an_algorithm_runs_its_job_on_the_device_of_the_options(provider, feedback, tmp_path, monkeypatch):
    """A worker that answers with the job it got, started as every tool starts it."""
    from roadsmith.processing_provider import bridge

    worker = tmp_path / "worker.py"
    worker.write_text(
        "import json, os, sys\n"
        "print(json.dumps({'event': 'hello', 'protocol': 1, 'python': '3', 'process_id': 1}), flush=True)\n"
        "job = json.loads(sys.stdin.readline())['arguments']\n"
        "print(json.dumps({'event': 'result', 'outputs': {'device': job['device'],"
        " 'limit': os.environ.get('ROADSMITH_MEMORY_LIMIT_MB')}}), flush=True)\n"
    )
    run_job = bridge.run_job
    monkeypatch.setattr(bridge, "run_job", lambda *arguments: run_job(*arguments, worker=worker))
    algorithm = provider.algorithm("classifypixels").create()
    assert algorithm.run_job(CheckEnvironment(), [], feedback) == {"device": "auto", "limit": None}
    write_options(Options(device="cpu", memory_limit_gb=2.5))
    assert algorithm.run_job(CheckEnvironment(), [], feedback) == {"device": "cpu", "limit": "2500"}
    assert any("Device: cpu, as chosen in Settings" in text for text in feedback.texts("info"))


@pytest.mark.parametrize("name", ["classifypixels", "rastertoroadvector"])
def test_the_scheduler_of_the_options_is_the_default_of_the_next_dialog(provider, name):
    assert not provider.algorithm(name).create().parameterDefinition("SCHEDULER").defaultValue()
    write_options(Options(scheduler="tcp://10.0.0.5:8786"))
    assert provider.algorithm(name).create().parameterDefinition("SCHEDULER").defaultValue() == "tcp://10.0.0.5:8786"


def test_both_sides_mean_the_same_memory_limit(tmp_path):
    from roadsmith.engine import memory_limit
    from roadsmith.processing_provider.exit_codes import explain_exit

    assert settings.MEMORY_VARIABLE == memory_limit.VARIABLE
    write_options(Options(memory_limit_gb=2.5))
    assert memory_limit.memory_limit(settings.option_variables()) == 2_500_000_000
    assert "limit set in Settings > Options > Roadsmith" in explain_exit(memory_limit.EXIT_MEMORY, tmp_path / "none.log")
