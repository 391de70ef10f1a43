"""A training in several processes on this machine: started through ``torchrun``, listened to, and ended with this one."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO, Any

import torch

from .. import events
from ..devices import choose_device
from ..errors import EngineError
from ..jobs import TrainRefinementStage, TrainRoadExtractor, encode_job
from ..raster.writing import partial_path, remove_partial
from ..reporter import Reporter
from ..train_process import WATCH_VARIABLE
from .checkpoints import checkpoint_folder
from .live_log import remove_if_useless
from .process import LOST_KIND

_ENTRY = Path(__file__).resolve().parents[1] / "train_process.py"
#: Between two looks whether the user asked to stop, seconds.
_POLL = 0.1
#: Longest wait for processes that were ended, seconds.
_GRACE = 1.0


def process_count(job: TrainRoadExtractor) -> int:
    """Return in how many processes to train: those asked for, or one for each CUDA GPU that the job may use.

    The networks of folds are trained by one process alone.
    """
    if isinstance(job, TrainRefinementStage) and job.folds:
        return 1
    if job.processes:
        return job.processes
    device = choose_device(job.device)
    return torch.cuda.device_count() if device.type == "cuda" and device.index is None else 1


def train_in_processes(job: TrainRoadExtractor, count: int, reporter: Reporter) -> dict[str, Any]:
    """Train in ``count`` processes; return what the leading one returns.

    Raises:
        EngineError: what the first process that failed says. Cancelled: the user asked to stop; no process is left then.
    """
    reporter.phase(0.0, 0.02, f"Starting {count} processes")
    with tempfile.TemporaryDirectory(prefix="roadsmith-") as scratch:
        file = Path(scratch) / "job.json"
        file.write_text(encode_job(job), encoding="utf-8")
        # its folder, where nothing can be mistaken for a module: "-m" looks for those in the present folder first
        process = subprocess.Popen(
            _command(count, file), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_variables(count), cwd=scratch
        )
        family = _Family(process)
        try:
            return family.follow(reporter)
        finally:
            family.end()
            final = Path(job.output_folder).expanduser().absolute()
            remove_partial(partial_path(final, job.run_id))
            remove_if_useless(checkpoint_folder(final))


def _command(count: int, file: Path) -> list[str]:
    return [
        sys.executable, "-X", "utf8", "-m", "torch.distributed.run", "--standalone", "--local-addr", "127.0.0.1",
        "--nproc-per-node", str(count), "--monitor-interval", "0.2", "--log-dir", str(file.parent), str(_ENTRY), str(file),
    ]


def _variables(count: int) -> dict[str, str]:
    """Return the environment of the processes."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    variables = {**os.environ, WATCH_VARIABLE: "1", "PYTHONUTF8": "1", "OMP_NUM_THREADS": str(max(1, cores // count))}
    if sys.platform == "win32":
        variables["USE_LIBUV"] = "0"  # PyTorch's packages for Windows are built without it, but torchrun asks for it
    else:
        # no way out of this machine is needed, and names of machines and firewalls cannot get in it
        variables.setdefault("GLOO_SOCKET_IFNAME", "lo0" if sys.platform == "darwin" else "lo")
    return variables


class _Family:
    """``torchrun`` and the processes it started: they read the same input and write to the same output."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._events: queue.Queue[events.Event | None] = queue.Queue()
        self._ids: list[int] = []
        assert process.stdout is not None
        self._reader = threading.Thread(target=self._listen, args=(process.stdout,), name="processes", daemon=True)
        self._reader.start()

    def follow(self, reporter: Reporter) -> dict[str, Any]:
        """Pass on what the processes say until all have ended; return the result."""
        failures: list[events.Failure] = []
        result: events.Result | None = None
        while True:
            reporter.check_cancelled()
            try:
                event = self._events.get(timeout=_POLL)
            except queue.Empty:
                continue
            if event is None:
                break
            if isinstance(event, events.Failure):
                failures.append(event)
            elif isinstance(event, events.Result):
                result = event
            elif not isinstance(event, (events.Hello, events.Heartbeat)):
                reporter.relay(event)
        if result is None:
            raise _explained(failures, reporter)
        return result.outputs

    def end(self) -> None:
        """Leave no process behind; those that still work end when their input does."""
        assert self._process.stdin is not None and self._process.stdout is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        if self._reader.is_alive():  # an open output: some are left, and nothing that they could still do is wanted
            self._process.kill()
            for number in self._ids:
                with contextlib.suppress(OSError):
                    os.kill(number, getattr(signal, "SIGKILL", signal.SIGTERM))
            self._reader.join(_GRACE)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_GRACE)
        if not self._reader.is_alive():
            self._process.stdout.close()

    def _listen(self, output: IO[bytes]) -> None:
        for line in output:
            event = events.decode(line.decode("utf-8", "replace"))
            if isinstance(event, events.Hello):
                self._ids.append(event.process_id)
            elif event is not None:
                self._events.put(event)
        self._events.put(None)


def _explained(failures: list[events.Failure], reporter: Reporter) -> EngineError:
    """Return the failure that the others follow from: the first, but not one that only missed another process."""
    for failure in failures:
        if failure.details:
            reporter.log(failure.details, "debug")
    own = [failure for failure in failures if failure.error_kind != LOST_KIND] or failures
    if not own:
        return EngineError("The training processes ended without a word: the log may say why.", "internal")
    first = min(own, key=lambda failure: bool(failure.details))  # a sentence of ours before one about an exception
    return EngineError(first.message, "internal" if first.error_kind == LOST_KIND else first.error_kind)
