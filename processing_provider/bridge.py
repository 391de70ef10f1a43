"""Running one job in a worker process: start it, relay what it says, stop it when asked, explain it when it dies."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

from qgis.core import QgsProcessingException, QgsProcessingFeedback

from ..engine import events
from ..engine.jobs import Job, encode_job
from .child_process import ChildProcess
from .environment import Environment
from .exit_codes import explain_exit
from .proxy import proxy_variables
from .relay import Relay, duration
from .settings import option_variables
from .translation import tr
from .variables import worker_variables

#: A worker sends a heartbeat every two seconds; one that is silent for this long hangs (seconds). The slowest honest
#: silence seen is a first import of torch under a virus scanner.
SILENCE_LIMIT = 120.0
#: How long a cancelled worker may close its files before it is told, and then made, to end (seconds).
CANCEL_GRACE, TERMINATE_GRACE = 1.2, 0.5

_WORKER = Path(__file__).resolve().parent.parent / "engine" / "bootstrap.py"
_POLL = 0.1


class JobFailed(QgsProcessingException):
    """The job failed; the text is one sentence for the user.

    Args:
        kind: that of ``engine.errors.EngineError``.
        details: the worker's traceback, for a bug report; empty if it gave none.
    """

    def __init__(self, message: str, kind: str = "internal", details: str = "") -> None:
        super().__init__(message)
        self.kind = kind
        self.details = details


class JobCancelled(Exception):
    """The user cancelled the job; everything half-written is gone."""


def run_job(
    job: Job,
    feedback: QgsProcessingFeedback,
    environment: Environment | str,
    outputs: Iterable[str] = (),
    *,
    silence_limit: float = SILENCE_LIMIT,
    cancel_grace: float = CANCEL_GRACE,
    worker: Path = _WORKER,
) -> dict[str, Any]:
    """Run ``job`` in a worker process and return its outputs.

    Args:
        job: what to do.
        feedback: receives progress, log and warnings, and is asked ten times a second whether to stop.
        environment: what ``find_environment`` found, or the path of an interpreter.
        outputs: files and folders that the job writes; what a dead worker left beside or in them is removed.
        silence_limit: seconds without a sign of life after which the worker is killed.
        cancel_grace: seconds a cancelled worker gets to close its files.
        worker: the script to start; tests put another in its place.

    Raises:
        JobFailed: a ``QgsProcessingException`` with one sentence for the user.
        JobCancelled: the user cancelled.
    """
    if isinstance(environment, str):
        environment = Environment(environment)
    handle, log_name = tempfile.mkstemp(prefix="roadsmith-", suffix=".log")
    log_path = Path(log_name)
    with os.fdopen(handle, "wb") as log:
        conversation = _Conversation(job, feedback, log_path, silence_limit, cancel_grace)
        try:
            child = _start(environment, worker, log)
            try:
                return conversation.hold(child)
            finally:
                child.close()
                if not conversation.orderly:
                    remove_leftovers(outputs, job.run_id)
        finally:
            log.close()  # Windows removes no open file
            if not conversation.keep_log:
                with contextlib.suppress(OSError):
                    log_path.unlink()


def _start(environment: Environment, worker: Path, log: IO[bytes]) -> ChildProcess:
    if not Path(environment.python).is_file():
        sentence = tr("There is no Python at {}. Run 'Set up environment'.").format(environment.python)
        raise JobFailed(sentence, "environment")
    variables = worker_variables(environment.source == "qgis", user_site=environment.source != "own")
    variables.update(proxy_variables(), **option_variables())
    try:
        return ChildProcess([environment.python, "-X", "utf8", str(worker)], variables, stderr=log, gently=_has_window())
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        sentence = tr("The Python at {} cannot be started ({}). Run 'Set up environment' again.")
        raise JobFailed(sentence.format(environment.python, reason), "environment") from error


def _has_window() -> bool:
    """Whether somebody works in a window beside the worker, which must leave it processor time; ``qgis_process`` has none."""
    from qgis.utils import iface

    return iface is not None


class _Conversation:
    """One job and what a worker answers to it."""

    def __init__(
        self, job: Job, feedback: QgsProcessingFeedback, log_path: Path, silence_limit: float, cancel_grace: float
    ) -> None:
        self._job = job
        self._feedback = feedback
        self._relay = Relay(feedback)
        self._log_path = log_path
        self._silence_limit = silence_limit
        self._cancel_grace = cancel_grace
        self._cancelled_at = 0.0
        self._greeted = False
        self._answer: Any = None
        #: The worker said itself how the job ended, so it has put away its partial files.
        self.orderly = False
        #: The worker's error output may help to find out what happened.
        self.keep_log = False

    def hold(self, child: ChildProcess) -> dict[str, Any]:
        """Talk until the worker gives an answer or is gone."""
        child.write_line(encode_job(self._job))
        heard = woken = time.monotonic()
        while self._answer is None and not child.ended:
            line = child.read_line(_POLL)
            now = time.monotonic()
            if line is not None:
                heard = now
                self._hear(line)
            elif now - woken > _POLL + 5:
                heard = now  # the computer slept, and so did the worker
            woken = now
            self._follow_cancel(child)
            if now - heard > self._silence_limit and not self._cancelled_at:
                self.keep_log = True
                raise JobFailed(
                    tr("The worker gave no sign of life for {} and was stopped: run the tool again; what it said last is in {}."
                       ).format(duration(self._silence_limit), self._log_path)
                )
        return self._conclude(child)

    def _hear(self, line: str) -> None:
        event = events.decode(line)
        if event is None:
            if line.strip():
                self._feedback.pushDebugInfo(line[:2000])
        elif isinstance(event, events.Hello):
            if event.protocol != events.PROTOCOL:
                raise JobFailed(
                    tr("The worker speaks version {} of Roadsmith's protocol, QGIS version {}: restart QGIS, as the plugin was "
                       "updated while it ran.").format(event.protocol, events.PROTOCOL)
                )
            self._greeted = True
            self._feedback.pushDebugInfo(f"Worker process {event.process_id}, Python {event.python}")
        elif not self._greeted:
            raise JobFailed(tr("What was started is no Roadsmith worker: run 'Set up environment' again."), "environment")
        elif isinstance(event, (events.Result, events.Stopped, events.Failure)):
            self._answer = event
        else:
            self._relay.tell(event)

    def _follow_cancel(self, child: ChildProcess) -> None:
        if not self._feedback.isCanceled():
            return
        now = time.monotonic()
        if not self._cancelled_at:
            self._cancelled_at = now
            child.write_line('{"command": "cancel"}')
        elif now - self._cancelled_at > self._cancel_grace + TERMINATE_GRACE:
            child.kill()
        elif now - self._cancelled_at > self._cancel_grace:
            child.terminate()

    def _conclude(self, child: ChildProcess) -> dict[str, Any]:
        answer = self._answer
        if answer is not None:
            self.orderly = True
            child.wait(CANCEL_GRACE)  # close() kills what still hangs after that
        if isinstance(answer, events.Result):
            self._feedback.setProgress(100)
            return answer.outputs
        if isinstance(answer, events.Stopped):
            if answer.text:
                self._feedback.pushInfo(answer.text)
            if not self._feedback.isCanceled():
                sentence = tr("The worker was told to stop by something other than QGIS: run the tool again.")
                raise JobFailed(answer.text or sentence)
            raise JobCancelled
        if isinstance(answer, events.Failure):
            if answer.details:
                self._feedback.pushConsoleInfo(answer.details)
            raise JobFailed(answer.message, answer.error_kind, answer.details)
        if self._cancelled_at:
            raise JobCancelled
        self.keep_log = True
        raise JobFailed(explain_exit(child.exit_code, self._log_path), "internal")


def remove_leftovers(outputs: Iterable[str], run_id: str) -> None:
    """Remove the temporary files and folders of a run beside and in its outputs."""
    folders: set[Path] = set()
    for output in filter(None, outputs):
        path = Path(output)
        folders.update(folder for folder in (path.parent, path) if folder.is_dir())
    for folder in folders:
        with contextlib.suppress(OSError):
            for entry in list(folder.iterdir()):
                if f"~{run_id}" not in entry.name:
                    continue
                if entry.is_dir() and not entry.is_symlink():
                    shutil.rmtree(entry, ignore_errors=True)
                else:
                    with contextlib.suppress(OSError):
                        entry.unlink()
