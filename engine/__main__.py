"""The worker process: reads one job from its standard input, runs it, writes events to its standard output.

    {"protocol": 1, "job": "classifypixels", "arguments": {…}}      the first line: the job
    {"command": "cancel"}                                           any time later: stop

The end of the input means that QGIS is gone, and is a cancel too.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import platform
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from . import events
from .channel import open_channel
from .errors import Cancelled
from .failures import explain
from .jobs import Job, decode_job
from .memory_limit import MemoryWatch, memory_limit
from .reporter import Reporter

_HEARTBEAT_SECONDS = 2.0
#: A worker whose QGIS is gone gets this long to stop by itself (seconds).
_ORPHAN_SECONDS = 20.0

#: Where each job is done, imported only when asked for, and whether to prepare torch for it (the check does that itself).
_WORKPLACES = {
    "checkenvironment": ("environment_check", "check_environment", False),
    "exporttrainingdata": ("chips.exporting.export", "export_training_data", False),
    "previewtrainingdata": ("chips.preview.preview", "preview_training_data", False),
    "trainroadextractor": ("training.train", "train_road_extractor", True),
    "trainrefinementstage": ("training.train", "train_road_extractor", True),
    "classifypixels": ("classification.classify", "classify_pixels", True),
    "rastertoroadvector": ("road_network.vectorise", "raster_to_road_vector", False),
    "computeaccuracy": ("evaluation.accuracy", "compute_accuracy", False),
    "compareroadnetworks": ("evaluation.comparison", "compare_road_networks", False),
}

EXIT_OK, EXIT_FAILED, EXIT_NO_JOB, EXIT_STOPPED = 0, 1, 2, 3


def main() -> int:
    """Run one job; return the exit code: 0 done, 1 failed, 2 no job, 3 cancelled."""
    emit = open_channel()
    cancel = threading.Event()
    _obey_signals(cancel)
    emit(events.Hello(events.PROTOCOL, platform.python_version(), os.getpid()))
    threading.Thread(target=_beat, args=(emit,), name="heartbeat", daemon=True).start()
    first_line: queue.Queue[str] = queue.Queue()
    threading.Thread(target=_listen, args=(first_line, cancel), name="listener", daemon=True).start()
    watch = MemoryWatch(memory_limit(), cancel)
    watch.start()
    code, event = _answer(first_line.get(), emit, cancel)
    if watch.exceeded and isinstance(event, events.Stopped):
        code, event = EXIT_FAILED, events.Failure(watch.sentence(event.text), "memory")
    emit(event)
    return code


def _answer(line: str, emit: Callable[[events.Event], None], cancel: threading.Event) -> tuple[int, events.Event]:
    try:
        job = decode_job(line)
    except ValueError as error:
        return EXIT_NO_JOB, events.Failure(f"The worker got no job it knows: {error}.", "internal")
    try:
        outputs = _run(job, Reporter(emit, cancel))
    except Cancelled as stop:
        return EXIT_STOPPED, events.Stopped(str(stop))
    except KeyboardInterrupt:
        return EXIT_STOPPED, events.Stopped()
    except BaseException as error:  # whatever it is, the user gets a sentence
        return EXIT_FAILED, explain(error)
    return EXIT_OK, events.Result(outputs)


def _run(job: Job, reporter: Reporter) -> dict[str, Any]:
    module, function, needs_torch = _WORKPLACES[job.name]
    if needs_torch:
        importlib.import_module(".devices", __package__).leave_a_core_free()
    reporter.check_cancelled()
    return getattr(importlib.import_module(f".{module}", __package__), function)(job, reporter)


def _beat(emit: Callable[[events.Event], None]) -> None:
    while True:
        time.sleep(_HEARTBEAT_SECONDS)
        emit(events.Heartbeat())


def _listen(first_line: queue.Queue[str], cancel: threading.Event) -> None:
    """Put the first line into ``first_line``, then wait for a cancel or for the end of the input."""
    # Unbuffered: a buffered reader that a daemon thread waits in can make the interpreter abort at exit.
    with os.fdopen(os.dup(0), "rb", buffering=0) as lines:
        first_line.put(lines.readline().decode("utf-8", "replace"))
        for line in lines:
            with contextlib.suppress(ValueError, AttributeError):
                if json.loads(line).get("command") == "cancel":
                    cancel.set()
    cancel.set()
    # Native code that never asks whether to go on must not outlive QGIS for hours.
    time.sleep(_ORPHAN_SECONDS)
    os._exit(EXIT_STOPPED)


def _obey_signals(cancel: threading.Event) -> None:
    """Make SIGTERM and SIGINT a cancel, so that partial files are put away."""
    owner = os.getpid()

    def obey(number: int, frame: FrameType | None) -> None:
        if os.getpid() == owner:
            cancel.set()
        else:  # a forked child of the data loader inherits this and has nothing to put away
            os._exit(128 + number)

    signal.signal(signal.SIGTERM, obey)
    signal.signal(signal.SIGINT, obey)


if __name__ == "__main__":
    sys.exit(main())
