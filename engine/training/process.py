"""What one of several processes that train together does: reads the job, trains its part, tells how it went."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from pathlib import Path

from .. import events
from ..channel import open_channel
from ..errors import EngineError
from ..failures import explain
from ..jobs import Job, TrainRoadExtractor, decode_job
from ..reporter import Reporter

#: As the worker's.
EXIT_OK, EXIT_FAILED, EXIT_NO_JOB = 0, 1, 2
#: Of a failure that follows from another process's: all others wait for what that one will not send any more.
LOST_KIND = "lost"
#: A line longer than this may be cut to pieces by another process's, where both write to one pipe (POSIX: 4096 bytes).
_LONGEST_DETAILS = 2500


def main(arguments: Sequence[str]) -> int:
    """Run this process's part of the job in the file that the only argument names; return the worker's exit codes.

    Every process sends ``Hello`` and, if it fails, ``Failure``; all else comes from the leading one.
    """
    emit = open_channel()
    emit(events.Hello(events.PROTOCOL, platform.python_version(), os.getpid()))
    try:
        job = _read(arguments)
    except EngineError as error:
        emit(explain(error))
        return EXIT_NO_JOB
    try:
        # imported here, because the first word should not wait for torch
        from .train import train
        from .world import join

        world, device = join(job.device)
        outputs = train(job, device, Reporter(emit if world.leads else None), world)
    except BaseException as error:  # whatever it is, the user gets a sentence
        emit(_failure(error))
        return EXIT_FAILED
    if world.leads:
        emit(events.Result(outputs))
    return EXIT_OK


def _read(arguments: Sequence[str]) -> TrainRoadExtractor:
    """Return the job; raise an ``EngineError`` if there is none."""
    if len(arguments) != 1:
        raise EngineError("Name one file with the job to run.")
    try:
        job: Job = decode_job(Path(arguments[0]).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EngineError(f"{arguments[0]} holds no job that can be run: {error}.") from error
    if not isinstance(job, TrainRoadExtractor):
        raise EngineError(f"{arguments[0]} holds the job {job.name}: only {TrainRoadExtractor.name} runs in several processes.")
    return job


def _failure(error: BaseException) -> events.Failure:
    """Return what to tell of an exception."""
    failure = explain(error)
    details = failure.details[-_LONGEST_DETAILS:]
    if failure.details and _is_lost_connection(error):
        return events.Failure(
            "One of the training processes ended without a word; if the system stopped it for lack of memory, choose a smaller "
            "batch size or fewer processes.", LOST_KIND, details,
        )
    return events.Failure(failure.message, failure.error_kind, details)


def _is_lost_connection(error: BaseException) -> bool:
    """Whether another process, or its machine, is gone: gloo says so in words, NCCL and torch's store by their classes."""
    if type(error).__name__ in ("DistBackendError", "DistNetworkError", "DistStoreError"):
        return True
    text = str(error).lower()
    return isinstance(error, RuntimeError) and any(word in text for word in ("gloo", "nccl", "connection", "socket"))
