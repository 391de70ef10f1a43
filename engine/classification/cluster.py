"""Classifying over a Dask cluster: parts as tasks, one after the other to whichever worker is free."""

from __future__ import annotations

import math
import pickle
import queue
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from distributed import Client

from ..cluster.agreement import raster_bytes, roadsmith_version, topic
from ..cluster.crew import Crew, Task
from ..cluster.link import connected, probe_workers
from ..errors import EngineError
from ..jobs import ClassifyPixels
from ..reporter import Reporter
from .cluster_run import MARK, ClusterRun
from .part_files import is_complete
from .parts import Part
from .plan import Plan

#: Of the engine, where workers find what they are to do.
_MODULE = "classification.cluster_worker"
#: Most parts of a task: each task repeats a row of tiles of its neighbour's, some 5 % of eight parts.
_MOST_PARTS = 8
#: Tasks for each worker at least, where there are so many parts: so that none has nothing to do for long at the end.
_TASKS_PER_WORKER = 2
#: How long to wait for the last files to appear on this machine, and how often they are looked for, seconds.
_PATIENCE, _GLANCE = 60.0, 0.1


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
    (folder / MARK).write_text(job.run_id, encoding="utf-8")
    run = ClusterRun(job, plan, str(folder), roadsmith_version(), raster_bytes(job.raster), earlier)
    with connected(job.scheduler, _MODULE, job.run_id, reporter) as client:
        _Distribution(client, run, lanes, note, start, reporter).work()


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
        too_large = "One part of the raster", "start fewer workers on each machine, or choose a smaller tile size"
        self._crew = Crew(client, run.job.scheduler, _MODULE, too_large, reporter)
        self._done_pixels, self._pixels = 0, sum(_size(part) for part in self._parts.values())

    def work(self) -> None:
        """Do all parts."""
        client, crew, reporter = self._client, self._crew, self._reporter
        crew.wait()
        if crew.most_threads > 1:
            reporter.log("Each worker does one part at a time: start workers with --nthreads 1 to share them evenly.")
        run = _agreed(self._run, probe_workers(client, self._run.job.scheduler, _MODULE, self._run, reporter))
        client.subscribe_topic(topic(run.job.run_id), lambda event: self._heard.put(event[1]))
        reporter.phase(self._start, 0.95, "Classifying")
        for records in crew.results(self._tasks(run), lambda: crew.workers, self._listen):
            for number, record in records:
                self._take(number, record)
        self._wait_for_files()

    def _tasks(self, run: ClusterRun) -> Iterator[Task]:
        size = math.ceil(len(self._parts) / (_TASKS_PER_WORKER * max(1, self._crew.workers)))
        size, argument = max(1, min(_MOST_PARTS, size)), pickle.dumps(run)
        pieces = [list(lane[start : start + size]) for lane in self._lanes for start in range(0, len(lane), size)]
        for number, parts in enumerate(pieces):
            yield Task(f"classify-pixels-{run.job.run_id}-{number}", "classify_parts", (argument, pickle.dumps(parts)))

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


def _size(part: Part) -> int:
    return part.window.height * part.window.width
