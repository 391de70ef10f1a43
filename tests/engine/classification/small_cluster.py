"""A real Dask scheduler and real worker processes on loopback, started by Dask's own commands as a user would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from distributed import Client

ROOT = Path(__file__).resolve().parents[3]
#: As docs/classifying.md has it for a plugin folder of any name.
BOOTSTRAP = f"import runpy; runpy.run_path({str(ROOT / 'engine' / 'bootstrap.py')!r})"
#: Dask imports a file and then loads it again, hence the question.
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


class SmallCluster:
    """Workers have ``folder`` for a working folder; while it holds a file ``brake`` they are slow, with ``fault`` they fail."""

    def __init__(self, folder):
        self.folder, self.brake, self.fault = folder, folder / "brake", folder / "fault"
        self._file, self._slow = folder / "scheduler.json", folder / "slow.py"
        self._slow.write_text(SLOW.format(brake=str(self.brake), fault=str(self.fault)))
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
            self.workers.append(self.start_worker(BOOTSTRAP, str(self._slow)))

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


def wait_until(true, seconds=60.0):
    """Wait until ``true()``."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
