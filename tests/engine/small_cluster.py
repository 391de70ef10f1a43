"""A real Dask scheduler and real worker processes on loopback, started by Dask's own commands as a user would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from distributed import Client
from roadsmith.engine.reporter import Reporter

ROOT = Path(__file__).resolve().parents[2]
#: As docs/classifying.md has it for a plugin folder of any name.
BOOTSTRAP = f"import runpy; runpy.run_path({str(ROOT / 'engine' / 'bootstrap.py')!r})"


class SmallCluster:
    """Workers have ``folder`` for a working folder; while it holds a file ``brake`` they are slow, with ``fault`` they fail.

    Args:
        preload: Python that all workers run first and that sees to this; ``{brake!r}`` and ``{fault!r}`` are the files.
            Dask imports it and then loads it again.
    """

    def __init__(self, folder, preload):
        self.folder, self.brake, self.fault = folder, folder / "brake", folder / "fault"
        self._file, self._preload = folder / "scheduler.json", folder / "preload.py"
        self._preload.write_text(preload.format(brake=str(self.brake), fault=str(self.fault)))
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0")
        wait_until(self._file.is_file)
        wait_until(lambda: self._file.read_text().rstrip().endswith("}"))
        self.address = json.loads(self._file.read_text())["address"]
        self.workers = []
        self.client = Client(self.address, set_as_default=False)

    def _start(self, what, *options):
        with (self.folder / "log.txt").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", what, "--scheduler-file", str(self._file), "--no-dashboard", *options],
                cwd=self.folder, stdout=log, stderr=log,
            )

    def start_worker(self, *preloads):
        """Start a worker and wait for it."""
        options = [option for each in preloads for option in ("--preload", each)]
        before = len(self.client.nthreads())
        worker = self._start("worker", "--nthreads", "1", "--no-nanny", "--local-directory", str(self.folder), *options)
        wait_until(lambda: len(self.client.nthreads()) > before)
        return worker

    def have(self, count):
        """Make sure that so many workers are at work."""
        self.workers = [worker for worker in self.workers if worker.poll() is None]
        wait_until(lambda: len(self.client.nthreads()) == len(self.workers))
        while len(self.workers) < count:
            self.workers.append(self.start_worker(BOOTSTRAP, str(self._preload)))

    def busy(self):
        """Return the process ids of workers that run a task."""
        tasks = self.client.processing()
        ids = self.client.run(os.getpid)
        return [ids[address] for address, running in tasks.items() if running and address in ids]

    def end(self):
        """End all processes."""
        self.client.close(timeout=1)
        for process in [*self.workers, self.scheduler]:
            process.kill()
            process.wait()


class InBackground:
    """``work(reporter)`` in a thread: its events, and what it came to."""

    def __init__(self, work):
        self.events, self.outcome, self.cancel = [], None, threading.Event()
        self._thread = threading.Thread(target=self._run, args=(work,))
        self._thread.start()

    def _run(self, work):
        try:
            self.outcome = work(Reporter(self.events.append, self.cancel))
        except Exception as error:
            self.outcome = error

    def end(self):
        self._thread.join(90)
        assert not self._thread.is_alive()
        return self.outcome


def wait_until(true, seconds=60.0):
    """Wait until ``true()``."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
