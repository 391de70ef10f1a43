"""Classifying over a Dask cluster: parts as tasks, one after the other to whichever worker is free."""

from __future__ import annotations

import asyncio
import math
import pickle
import queue
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from distributed import CancelledError, Client, Future, KilledWorker

from ..errors import EngineError
from ..jobs import ClassifyPixels
from ..reporter import Reporter
from .aside import aside
from .cluster_link import connected, missing_package, probe_workers, remote_call
from .cluster_run import TOKEN, ClusterRun, raster_bytes, roadsmith_version, topic
from .part_files import is_complete
from .parts import Part
from .plan import Plan

#: Most parts of a task: each task repeats a row of tiles of its neighbour's, some 5 % of eight parts.
_MOST_PARTS = 8
#: Tasks for each worker at least, where there are so many parts: so that none has nothing to do for long at the end.
_TASKS_PER_WORKER = 2
#: A task that fails (a drive that was away for a moment) is tried again so many times.
_RETRIES = 3
#: How long to wait for workers while there are none, and for the last files to appear on this machine, seconds.
_PATIENCE = 60.0
#: How often tasks and workers are looked at, seconds.
_GLANCE, _COUNT_INTERVAL = 0.1, 2.0


def classify_over_cluster(
    job: ClassifyPixels, plan: Plan, lanes: Sequence[Sequence[Part]], folder: Path, earlier: Mapping[str, Mapping[str, Any]],
    note: Callable[[int, dict[str, Any]], None], start: float, reporter: Reporter,
) -> None:
    """Classify lanes of parts that lie beneath each other; their files come to lie in ``folder``.

    Args:
        earlier: ``Classifier.figures`` of the run that this one goes on from, by the type of the device.
        note: told the number and the record of each part that is done. start: share of the whole work that is done.

    Raises:
        Cancelled: the user asked to stop.
        EngineError: nobody answers, a machine does not see the files, a part cannot be done, or all workers are gone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / TOKEN).write_text(job.run_id, encoding="utf-8")
    run = ClusterRun(job, plan, str(folder), roadsmith_version(), raster_bytes(job.raster), earlier)
    with connected(job.scheduler, job.run_id, reporter) as client:
        try:
            _Distribution(client, run, lanes, note, start, reporter).work()
        except (OSError, asyncio.TimeoutError) as error:
            if getattr(error, "errno", None) is not None:
                raise  # of a disk
            # Dask's closed connections and vain attempts to connect are OSErrors, too, but none of the system's
            raise _gone(job.scheduler) from error


class _Distribution:
    """Tasks on their way. As many at a time as there are workers: a worker with many threads would take its neighbours' too."""

    def __init__(
        self, client: Client, run: ClusterRun, lanes: Sequence[Sequence[Part]], note: Callable[[int, dict[str, Any]], None],
        start: float, reporter: Reporter,
    ) -> None:
        self._client, self._run, self._note, self._start, self._reporter = client, run, note, start, reporter
        self._lanes, self._parts = lanes, {part.number: part for lane in lanes for part in lane}
        self._records: dict[int, dict[str, Any]] = {}
        self._heard: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._workers, self._counted, self._had_some, self._waits = 0, -math.inf, time.monotonic(), False
        self._done_pixels, self._pixels = 0, sum(_size(part) for part in self._parts.values())

    def work(self) -> None:
        """Do all parts."""
        client, reporter = self._client, self._reporter
        while not self._count_workers():
            reporter.check_cancelled()
            time.sleep(_GLANCE)
        run = _agreed(self._run, probe_workers(client, self._run, reporter))
        client.subscribe_topic(topic(run.job.run_id), lambda event: self._heard.put(event[1]))
        tasks, call, argument = deque(enumerate(self._tasks())), remote_call(), pickle.dumps(run)
        reporter.phase(self._start, 0.95, "Classifying")
        running: list[Future] = []
        while tasks or running:
            while tasks and len(running) < max(1, self._workers):
                number, parts = tasks.popleft()
                running.append(client.submit(
                    call, "classify_parts", argument, pickle.dumps(parts), pure=False, retries=_RETRIES,
                    key=f"classify-pixels-{run.job.run_id}-{number}",
                ))
            reporter.check_cancelled()
            time.sleep(_GLANCE)
            self._listen()
            for future in [each for each in running if each.done()]:
                for number, record in self._result(future):
                    self._take(number, record)
                running.remove(future)
            self._count_workers()
        self._wait_for_files()

    def _tasks(self) -> list[list[Part]]:
        size = math.ceil(len(self._parts) / (_TASKS_PER_WORKER * max(1, self._workers)))
        size = max(1, min(_MOST_PARTS, size))
        return [list(lane[start : start + size]) for lane in self._lanes for start in range(0, len(lane), size)]

    def _listen(self) -> None:
        """Take what workers have said."""
        while not self._heard.empty():
            said = self._heard.get()
            if "part" in said:
                self._take(said["part"], said["record"])
            else:
                (self._reporter.warning if said["warns"] else self._reporter.log)(f"{said['host']}: {said['said']}")

    def _take(self, number: int, record: dict[str, Any]) -> None:
        """Note a part: it is told of when it is done, again with its task, and anew if the worker was lost between the two."""
        if self._records.get(number) == record:
            return
        self._note(number, record)
        if number not in self._records:
            self._done_pixels += _size(self._parts[number])
        self._records[number] = record
        self._reporter.progress(self._done_pixels, self._pixels, self._done_pixels / 1e6, "Mpx")

    def _result(self, future: Future) -> list[tuple[int, dict[str, Any]]]:
        try:
            # its worker may be lost since: Dask has it done anew then, and waits for ever where no worker is left
            records: list[tuple[int, dict[str, Any]]] = aside(future.result, self._reporter, self._count_workers)
        except CancelledError as error:  # not by this client
            raise _gone(self._run.job.scheduler) from error
        except KilledWorker as error:
            raise EngineError(
                f"One part of the raster ended {error.allowed_failures + 1} workers, usually for lack of memory: start fewer "
                "workers on each machine, or choose a smaller tile size.", "memory"
            ) from error
        except ImportError as error:
            raise EngineError(missing_package("A worker", error), "environment") from error
        return records

    def _count_workers(self) -> int:
        """Return how many workers there are; look now and then, and give up when there have been none for long."""
        now = time.monotonic()
        if now - self._counted < _COUNT_INTERVAL:
            return self._workers
        if self._client.status != "running":
            raise _gone(self._run.job.scheduler)
        before, address = self._workers, self._run.job.scheduler
        threads = aside(self._client.nthreads, self._reporter)
        self._workers, self._counted = len(threads), now
        if self._workers:
            self._had_some, self._waits = now, False
            if before and self._workers != before:
                self._reporter.log(f"The cluster has {self._workers} worker(s) now.")
            elif not before and max(threads.values()) > 1:
                self._reporter.log("Each worker does one part at a time: start workers with --nthreads 1 to share them evenly.")
        elif not self._waits:
            self._waits = True
            self._reporter.warning(f"The cluster {address} has no worker: waiting {_PATIENCE:.0f} seconds for one.")
        elif now - self._had_some > _PATIENCE:
            raise EngineError(
                f"The cluster {address} has had no worker for {_PATIENCE:.0f} seconds: start some with 'dask worker {address} "
                "--nthreads 1'.", "environment"
            )
        return self._workers

    def _wait_for_files(self) -> None:
        """Wait until this machine sees all files: a network drive may show them late."""
        folder, layers = Path(self._run.folder), self._run.plan.layers
        deadline = time.monotonic() + _PATIENCE
        for number, record in self._records.items():
            while not is_complete(folder, layers, number, record):
                if time.monotonic() > deadline:
                    raise EngineError(f"Files of part {number} have not arrived in {folder}: look after its drive.", "disk")
                self._reporter.check_cancelled()
                time.sleep(_GLANCE)


def _agreed(run: ClusterRun, workers: Sequence[Mapping[str, str]]) -> ClusterRun:
    """Return the run with what all workers are to keep to: one number format on all CPUs, and shares of each machine."""
    earlier = dict(run.earlier)
    precisions = {each["precision"] for each in workers if each["device"] == "cpu"}
    if precisions and "cpu" not in earlier:
        agreed = precisions.pop() if len(precisions) == 1 else "float32"
        earlier["cpu"] = {"device": "cpu", "batch_size": 0, "precision": agreed}
    return replace(run, earlier=earlier, processes=Counter(each["host"] for each in workers))


def _gone(address: str) -> EngineError:
    return EngineError(f"The Dask scheduler at {address} is gone: start it and its workers again.", "environment")


def _size(part: Part) -> int:
    return part.window.height * part.window.width
