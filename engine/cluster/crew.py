"""The workers of a cluster while they work for a run: how many there are, tasks for them, their results."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from distributed import CancelledError, Client, Future, KilledWorker

from ..aside import aside
from ..errors import EngineError
from ..reporter import Reporter
from .link import missing_package, remote_call, scheduler_gone

#: A task that fails (a drive that was away for a moment) is tried again so many times.
_RETRIES = 3
#: How long to wait for workers while there are none, seconds.
_PATIENCE = 60.0
#: How often tasks and workers are looked at, seconds.
_GLANCE, _COUNT_INTERVAL = 0.1, 2.0


@dataclass(frozen=True)
class Task:
    """A call on a worker.

    Attributes:
        key: its name, which no other task of the cluster has.
        function: of the run's module. arguments: pickles of its arguments.
    """

    key: str
    function: str
    arguments: tuple[bytes, ...]


class Crew:
    """The workers that are at hand; they may come and go.

    Args:
        address: of the scheduler. module: of the engine, whose functions do the tasks.
        too_large: how the message begins, and how it ends, when a task ends its workers: what was too large, what to do.

    Attributes:
        workers, threads: how many there were when they were last counted.
        most_threads: of one worker.
    """

    def __init__(self, client: Client, address: str, module: str, too_large: tuple[str, str], reporter: Reporter) -> None:
        self._client, self._address, self._module = client, address, module
        self._too_large, self._reporter = too_large, reporter
        self.workers = self.threads = self.most_threads = 0
        self._counted, self._had_some, self._waits = -math.inf, time.monotonic(), False

    def wait(self) -> None:
        """Wait until there is a worker.

        Raises:
            Cancelled: the user asked to stop. EngineError: none comes.
        """
        while not self.count():
            self._reporter.check_cancelled()
            time.sleep(_GLANCE)

    def count(self) -> int:
        """Return how many workers there are; look now and then, and give up when there have been none for long.

        Raises:
            Cancelled: the user asked to stop. EngineError: the scheduler is gone, or there has been no worker for long.
        """
        now = time.monotonic()
        if now - self._counted < _COUNT_INTERVAL:
            return self.workers
        if self._client.status != "running":
            raise scheduler_gone(self._address)
        before, nthreads = self.workers, aside(self._client.nthreads, self._reporter)
        self.workers, self._counted = len(nthreads), now
        self.threads, self.most_threads = sum(nthreads.values()), max(nthreads.values(), default=0)
        if self.workers:
            self._had_some, self._waits = now, False
            if before and self.workers != before:
                self._reporter.log(f"The cluster has {self.workers} worker(s) now.")
        elif not self._waits:
            self._waits = True
            self._reporter.warning(f"The cluster {self._address} has no worker: waiting {_PATIENCE:.0f} seconds for one.")
        elif now - self._had_some > _PATIENCE:
            raise EngineError(
                f"The cluster {self._address} has had no worker for {_PATIENCE:.0f} seconds: start some with 'dask worker "
                f"{self._address} --nthreads 1'.", "environment"
            )
        return self.workers

    def results(
        self, tasks: Iterator[Task], at_once: Callable[[], int], meanwhile: Callable[[], object] = lambda: None
    ) -> Iterator[Any]:
        """Have tasks done; give what they return as soon as it is there, in any order.

        Args:
            tasks: taken one by one. at_once: how many may be on their way. meanwhile: called again and again.

        Raises:
            Cancelled: the user asked to stop. EngineError: a task cannot be done, or scheduler or workers are gone.
        """
        call = remote_call()
        running: list[Future] = []
        while True:
            while len(running) < max(1, at_once()) and (task := next(tasks, None)) is not None:
                running.append(self._client.submit(
                    call, self._module, task.function, *task.arguments, key=task.key, pure=False, retries=_RETRIES
                ))
            if not running:
                return
            self._reporter.check_cancelled()
            time.sleep(_GLANCE)
            meanwhile()
            for future in [each for each in running if each.done()]:
                yield self._result(future)
                running.remove(future)
            self.count()

    def _result(self, future: Future) -> Any:
        try:
            # its worker may be lost since: Dask has it done anew then, and waits for ever where no worker is left
            return aside(future.result, self._reporter, self.count)
        except CancelledError as error:  # not by this client
            raise scheduler_gone(self._address) from error
        except KilledWorker as error:
            what, advice = self._too_large
            raise EngineError(
                f"{what} ended {error.allowed_failures + 1} workers, usually for lack of memory: {advice}.", "memory"
            ) from error
        except ImportError as error:
            raise EngineError(missing_package("A worker", error), "environment") from error
