"""The worker as QGIS sees it: a real process, started through bootstrap, spoken to through its pipes."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from roadsmith.engine import events, failures
from roadsmith.engine.environment_check import MODULES
from roadsmith.engine.errors import EngineError
from roadsmith.engine.jobs import CheckEnvironment, encode_job

ROOT = Path(__file__).resolve().parents[2]
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals")

#: Runs the real worker, with a job that a test defines put in the place of the environment check.
HARNESS = """
import sys, os, time
sys.path.insert(0, {engine!r})
import bootstrap
sys.path.pop(0)
import types
fake = types.ModuleType("roadsmith.engine.environment_check")
sys.modules[fake.__name__] = fake
sys.modules["roadsmith.engine.devices"] = types.SimpleNamespace(leave_a_core_free=lambda: None)
exec({body!r}, fake.__dict__)
from roadsmith.engine.__main__ import main
sys.exit(main())
"""


class Worker:
    """A worker process whose events are collected by a thread."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.lines = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line.decode())

    @property
    def events(self):
        return [events.decode(line) for line in self.lines]

    def send(self, line):
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def wait_for(self, kind, seconds=30):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for event in self.events:
                if isinstance(event, kind):
                    return event
            time.sleep(0.02)
        raise AssertionError(f"no {kind.__name__} among {self.lines}")

    def end(self, seconds=30):
        code = self.process.wait(seconds)
        self._reader.join(5)
        return code


@pytest.fixture
def start(tmp_path):
    """Start a worker: the real one, or with a job made of the given lines."""
    workers = []

    def start_worker(body=None):
        script = ROOT / "engine" / "bootstrap.py"
        if body is not None:
            script = tmp_path / "harness.py"
            script.write_text(HARNESS.format(engine=str(ROOT / "engine"), body=body), encoding="utf-8")
        workers.append(Worker([sys.executable, "-X", "utf8", str(script)]))
        return workers[-1]

    yield start_worker
    for worker in workers:
        worker.process.kill()
        worker.process.wait()
        for stream in (worker.process.stdin, worker.process.stdout, worker.process.stderr):
            with contextlib.suppress(OSError):
                stream.close()


JOB = encode_job(CheckEnvironment(device="cpu"))


def test_the_environment_check_imports_everything_and_computes(start):
    worker = start()
    worker.send(JOB)
    result = worker.wait_for(events.Result, 120)
    assert worker.end() == 0
    assert isinstance(worker.events[0], events.Hello)
    assert worker.events[0].protocol == events.PROTOCOL
    assert worker.events[0].process_id == worker.process.pid
    assert set(result.outputs["packages"]) == set(MODULES)
    assert result.outputs["device"] == "cpu"
    assert all(event is not None for event in worker.events)


def test_a_plugin_folder_may_have_any_name(tmp_path):
    folder = tmp_path / "Übung mit 道路" / "road smith-main"
    shutil.copytree(ROOT / "engine", folder / "engine", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "__init__.py", folder)
    command = [sys.executable, "-X", "utf8", str(folder / "engine" / "bootstrap.py")]
    answer = subprocess.run(command, input=b"no job\n", capture_output=True, timeout=60, check=False)
    assert [type(events.decode(line)) for line in answer.stdout.decode().splitlines()] == [events.Hello, events.Failure]


@pytest.mark.parametrize("line", ["", "nonsense", "{}", '{"protocol": 1, "job": "makecoffee", "arguments": {}}',
                                  JOB.replace('"protocol": 1', '"protocol": 99'), JOB.replace('"cpu"', "5")])
def test_what_is_no_job_is_refused_in_one_sentence(start, line):
    worker = start()
    worker.send(line)
    failure = worker.wait_for(events.Failure)
    assert worker.end() == 2
    assert "\n" not in failure.message


def test_prints_of_libraries_do_not_break_the_protocol(start):
    worker = start("""
import ctypes, os, subprocess, sys
def check_environment(job, reporter):
    print("from Python")
    os.write(1, b"from C, without a line end")
    subprocess.run([sys.executable, "-c", "print('from a child')"])
    return {"A": 1}
""")
    worker.send(JOB)
    assert worker.wait_for(events.Result).outputs == {"A": 1}
    assert worker.end() == 0
    assert all(event is not None for event in worker.events)
    said = worker.process.stderr.read().decode()
    assert "from Python" in said
    assert "from C" in said
    assert "from a child" in said


LOOP = """
import time, os
def check_environment(job, reporter):
    reporter.log("working")
    try:
        while True:
            time.sleep(0.02)
            reporter.check_cancelled()
    finally:
        print("files closed", flush=True)
"""


@pytest.mark.parametrize("how", ["command", "end of input", pytest.param("SIGTERM", marks=posix)])
def test_cancel_stops_cleanly(start, how):
    worker = start(LOOP)
    worker.send(JOB)
    worker.wait_for(events.Log)
    started = time.monotonic()
    if how == "command":
        worker.send("not JSON")
        worker.send("[]")
        worker.send('{"command": "cancel"}')
    elif how == "SIGTERM":
        worker.process.terminate()
    else:
        worker.process.stdin.close()
    assert worker.end() == 3
    assert time.monotonic() - started < 2
    assert isinstance(worker.events[-1], events.Stopped)
    assert b"files closed" in worker.process.stderr.read()


@posix
def test_a_closed_pipe_is_no_error():
    reading, writing = os.pipe()
    command = [sys.executable, str(ROOT / "engine" / "bootstrap.py")]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    os.close(reading)
    _, errors = process.communicate(b"no job\n", timeout=60)
    assert process.returncode == 2
    assert b"Traceback" not in errors


@posix
def test_a_kill_is_seen_by_the_parent(start):
    worker = start(LOOP)
    worker.send(JOB)
    worker.wait_for(events.Log)
    worker.process.kill()
    assert worker.end() == -signal.SIGKILL
    assert not any(isinstance(event, (events.Result, events.Failure, events.Stopped)) for event in worker.events)


def test_the_heart_beats_while_the_job_is_busy(start):
    worker = start("""
import time
def check_environment(job, reporter):
    end = time.monotonic() + 4.5
    while time.monotonic() < end:
        sum(range(100000))
    return {}
""")
    worker.send(JOB)
    worker.wait_for(events.Result)
    assert sum(isinstance(event, events.Heartbeat) for event in worker.events) >= 2


@pytest.mark.parametrize(("raised", "kind", "words"), [
    ('raise EngineError("The raster is empty.", "input")', "input", "The raster is empty."),
    ("raise MemoryError", "memory", "memory"),
    ('raise RuntimeError("CUDA out of memory. Tried to allocate 2 GiB")', "gpu_memory", "batch"),
    ('raise RuntimeError("DefaultCPUAllocator: can\'t allocate memory: you tried to allocate 1 bytes")', "memory", "memory"),
    ('raise OSError(errno.ENOSPC, "No space left on device", "/out.tif")', "disk", "/out.tif"),
    ("import package_that_is_not_there", "environment", "package_that_is_not_there"),
    ('raise KeyError("width")', "internal", "KeyError"),
    ("raise SystemExit(5)", "internal", "SystemExit"),
])
def test_every_exception_becomes_one_sentence(start, raised, kind, words):
    worker = start(f"""
import errno
from roadsmith.engine.errors import EngineError
def check_environment(job, reporter):
    {raised}
""")
    worker.send(JOB)
    failure = worker.wait_for(events.Failure)
    assert worker.end() == 1
    assert failure.error_kind == kind
    assert words in failure.message
    assert "\n" not in failure.message
    assert ("Traceback" in failure.details) == ("EngineError" not in raised)


def test_errors_of_torch_and_the_system_are_recognised():
    torch = pytest.importorskip("torch")
    assert failures.explain(torch.cuda.OutOfMemoryError("CUDA out of memory.")).error_kind == "gpu_memory"
    broken = OSError("[WinError 1114] c10.dll")
    broken.winerror = 1114
    assert failures.explain(broken).error_kind == "environment"
    assert failures.explain(OSError(errno.EDQUOT, "Quota", "/x")).error_kind == "disk"
    assert failures.explain(EngineError("No.", "memory")).error_kind == "memory"


def test_the_check_knows_every_required_package():
    names = [line.split(">")[0] for line in (ROOT / "processing_provider" / "requirements.txt").read_text().splitlines()
             if line and not line.startswith("#")]
    assert {"skimage" if name == "scikit-image" else name for name in names} == set(MODULES)


def test_events_are_ascii_whatever_they_say(start):
    worker = start("""
def check_environment(job, reporter):
    reporter.log("Straße 道路")
    return {"path": "C:/Żywiec"}
""")
    worker.send(JOB)
    assert worker.wait_for(events.Result).outputs == {"path": "C:/Żywiec"}
    worker.end()
    assert worker.wait_for(events.Log).text == "Straße 道路"
    assert all(line.isascii() and json.loads(line) for line in worker.lines)
