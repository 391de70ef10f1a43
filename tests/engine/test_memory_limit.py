"""The memory limit of the options, in real worker processes that take too much."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from roadsmith.engine import events, memory_limit
from roadsmith.engine.jobs import CheckEnvironment, encode_job

ROOT = Path(__file__).resolve().parents[2]
HARNESS = """
import sys, time, types
sys.path.insert(0, {engine!r})
import bootstrap
sys.path.pop(0)
fake = types.ModuleType("roadsmith.engine.environment_check")
sys.modules[fake.__name__] = fake
exec({body!r}, fake.__dict__)
from roadsmith.engine.__main__ import main
sys.exit(main())
"""
#: A job that takes 20 MB a step and looks at whether to stop, as jobs do.
GROW = """
import time
def check_environment(job, reporter):
    held = []
    for _ in range({steps}):
        held.append(b"x" * 20_000_000)
        time.sleep(0.05)
        {look}
    return {{}}
"""


def work(tmp_path, limit, steps=60, look="reporter.check_cancelled()"):
    script = tmp_path / "worker.py"
    script.write_text(HARNESS.format(engine=str(ROOT / "engine"), body=GROW.format(steps=steps, look=look)), encoding="utf-8")
    variables = {**os.environ, memory_limit.VARIABLE: limit}
    process = subprocess.Popen([sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=variables)
    process.stdin.write(encode_job(CheckEnvironment()).encode() + b"\n")
    process.stdin.flush()  # and left open: its end would be a cancel
    lines = process.stdout.read().decode().splitlines()
    process.stdin.close()
    return process.wait(30), events.decode(lines[-1])


def test_a_job_beyond_the_limit_stops_with_a_sentence(tmp_path):
    code, answer = work(tmp_path, "400")
    assert code == 1
    assert isinstance(answer, events.Failure)
    assert answer.error_kind == "memory"
    assert "the limit in Settings > Options > Roadsmith is 0.4 GB" in answer.message


def test_a_job_that_never_looks_up_is_ended(tmp_path):
    code, answer = work(tmp_path, "200", look="pass")
    assert code == memory_limit.EXIT_MEMORY
    assert not isinstance(answer, events.Result)


@pytest.mark.parametrize("limit", ["", "5000", "much"])
def test_within_the_limit_or_without_one_nothing_happens(tmp_path, limit):
    code, answer = work(tmp_path, limit, steps=10)
    assert code == 0
    assert isinstance(answer, events.Result)


def test_ones_own_memory_is_counted():
    before = memory_limit.used_bytes()
    held = bytearray(os.urandom(1)) * 50_000_000
    assert memory_limit.used_bytes() - before == pytest.approx(len(held), rel=0.2)


def test_free_memory_ends_at_the_limit(monkeypatch):
    monkeypatch.delenv(memory_limit.VARIABLE, raising=False)
    assert memory_limit.within_limit(10**12) == 10**12
    monkeypatch.setenv(memory_limit.VARIABLE, "100000")
    assert 90e9 < memory_limit.within_limit(10**12) < 100e9
    assert memory_limit.within_limit(10**9) == 10**9
    monkeypatch.setenv(memory_limit.VARIABLE, "1")
    assert memory_limit.within_limit(10**9) == 0


def test_the_sentence_says_what_the_job_kept():
    watch = memory_limit.MemoryWatch(4 * 10**9, threading.Event())
    assert watch.sentence("Kept the checkpoint.").endswith("extent. Kept the checkpoint.")
