"""The journal of a training: what the training monitor of QGIS shows, and where it leaves its requests.

All of it is in files, so that it makes no difference who started the training and whether QGIS was restarted meanwhile.
A run's folder holds

    journal.jsonl   lines of ``kind`` run (first; again where reading the data has told more), phase (what it is doing), step,
                    epoch, writing, end (last), and model (the package it became)
    status.json     how far it is at this moment; replaced about once a second
    *.png           what the network makes of a few validation chips, see ``ProgressPictures``
    request         written by the monitor: ``stop`` or ``cancel``
    lock            held for as long as the training runs

A journal that cannot be written costs the monitor, not the training.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import torch

from ..devices import describe_device
from ..errors import Cancelled, is_out_of_memory
from ..failures import explain
from ..jobs import TrainRoadExtractor
from ..reporter import Reporter
from .loader import BatchLoader, Request
from .progress_pictures import ProgressPictures
from .run import Run, network_name, roadsmith_version
from .run_journal_folder import JOURNAL_FILE, STATUS_FILE, lock, new_run_folder
from .run_journal_memory import memory_in_use
from .run_journal_requests import NO_REQUEST, CancelledTogether, read_request
from .steps import Stepper

#: How a run ends.
FINISHED, CANCELLED, FAILED = "finished", "cancelled", "failed"

#: Seconds between two points of the curve of a step's loss, and between two writings of the status.
_STEP_INTERVAL, _STATUS_INTERVAL = 5.0, 1.0
#: Journals of this process by run id: a package that is written later belongs to the last of that id.
_JOURNALS: dict[str, RunJournal] = {}
#: Those that were begun before the data were read, and wait for the epochs.
_BEGUN: dict[str, RunJournal] = {}


class RunJournal:
    """Writes down one training. As a listener of the training loop it is told the figures of every epoch.

    Args:
        reporter: warned when something cannot be written.
    """

    def __init__(self, job: TrainRoadExtractor, reporter: Reporter) -> None:
        self._reporter = reporter
        self._run: Run | None = None
        self._phase, self._has_ended = "", False
        self._folder: Path | None = None
        self._journal: IO[str] | None = None
        self._lock: IO[bytes] | None = None
        self._pictures: ProgressPictures | None = None
        self._device: torch.device | None = None
        self._began: tuple[float, float] | None = None
        self._last_step = self._last_status = 0.0
        try:
            self._folder = new_run_folder(job.run_id)
            self._lock = lock(self._folder)  # before the journal: what has a journal and no lock is dead
            self._journal = (self._folder / JOURNAL_FILE).open("a", encoding="utf-8", newline="\n")
        except OSError as error:
            self._give_up(error)
        self._header = _header(job, time.time())
        self._write(self._header)
        _JOURNALS[job.run_id] = self

    @property
    def folder(self) -> Path | None:
        """The run's folder; None if it could not be made."""
        return self._folder

    def __call__(self, figures: dict[str, float]) -> None:
        """Write the figures of an epoch."""
        self._write({"kind": "epoch", **figures})

    @property
    def has_ended(self) -> bool:
        """Whether it was told how the training ended."""
        return self._has_ended

    def phase(self, text: str) -> None:
        """Say what the training is doing, in the words of its progress; the same again is no news."""
        if text != self._phase:
            self._phase = text
            self._write({"kind": "phase", "text": text})

    def prepared(self, run: Run) -> None:
        """Say that the epochs begin; what was read may have changed the job: the network is that of the model to go on from."""
        self._run = run
        header = _header(run.job, self._header["started"])
        if header != self._header:
            self._header = header
            self._write(header)

    def watch(self, stepper: Stepper, loader: BatchLoader, validation: Sequence[Request]) -> None:
        """Tell the device, and choose the chips to show. The stepper's network is the one that they are shown to."""
        device = self._device = stepper.precision.device
        self._write({"kind": "device", "name": describe_device(device), "precision": stepper.precision.name})
        if self._folder is not None and self._run is not None:
            self._pictures = ProgressPictures(self._folder, self._run, stepper, loader, validation)

    def step(self, epoch: float, loss: float, learning_rate: float) -> None:
        """Write the loss and the learning rate of a step now and then. ``epoch`` has a fraction: how far the training is."""
        now = time.monotonic()
        if now - self._last_step >= _STEP_INTERVAL:
            self._last_step = now
            self._write({"kind": "step", "epoch": round(epoch, 4), "loss": loss, "learning_rate": learning_rate})

    def progress(self, done: float, total: float) -> None:
        """Tell how much of the training is done, time left and memory in use, about once a second."""
        now = time.monotonic()
        if self._began is None:
            self._began = now, done
        if self._folder is None or now - self._last_status < _STATUS_INTERVAL:
            return
        self._last_status = now
        elapsed, advanced = now - self._began[0], done - self._began[1]
        status: dict[str, Any] = {"fraction": done / total if total else 0.0, "seconds_left": None}
        if advanced > 0:
            status["seconds_left"] = round(elapsed * (total - done) / advanced, 1)
        memory = memory_in_use(self._device) if self._device is not None else None
        status["memory"] = list(memory) if memory is not None else None
        partial = self._folder / f"{STATUS_FILE}~"
        with contextlib.suppress(OSError):  # Windows replaces no file that is being read; the next second it will
            partial.write_text(json.dumps(status), encoding="utf-8")
            partial.replace(self._folder / STATUS_FILE)

    def draw(self, epoch: int) -> None:
        """Draw what the network makes of the chosen chips after this epoch."""
        if self._pictures is None or self._journal is None:
            return
        try:
            self._write({"kind": "pictures", "epoch": epoch, "chips": self._pictures.draw(epoch)})
        except OSError as error:
            self._pictures = None
            self._warn(f"No pictures of its progress can be written ({error.strerror or error})")
        except RuntimeError as error:
            if not is_out_of_memory(error):
                raise
            self._pictures = None
            self._warn("There is too little memory for pictures of its progress")

    def request(self) -> str:
        """Return what the user asked for in the monitor, as ``read_request``."""
        return read_request(self._folder) if self._folder is not None and self._journal is not None else NO_REQUEST

    def writing(self) -> None:
        """Say that the epochs are over and the model is being written."""
        self._pictures = None
        self._write({"kind": "writing"})

    def model(self, folder: Path, report: Path) -> None:
        """Say what the run became; of an ended run too."""
        if self._folder is not None and self._journal is None:
            with contextlib.suppress(OSError):
                self._journal = (self._folder / JOURNAL_FILE).open("a", encoding="utf-8", newline="\n")
        self._write({"kind": "model", "folder": str(folder), "report": str(report)})

    def end(self, state: str, text: str = "") -> None:
        """Say how it ended, ``FINISHED``, ``CANCELLED`` or ``FAILED``, with a sentence on why; close the journal."""
        self._has_ended = True
        self._write({"kind": "end", "state": state, "text": text, "ended": time.time()})
        self.close()

    def fail(self, error: BaseException) -> None:
        """End with what an exception says."""
        if isinstance(error, (Cancelled, CancelledTogether, KeyboardInterrupt)):
            self.end(CANCELLED, str(error))
        else:
            self.end(FAILED, explain(error).message)

    def close(self) -> None:
        """Close the files; the run counts as interrupted if it did not end."""
        self._pictures = None
        for file in (self._journal, self._lock):
            if file is not None:
                with contextlib.suppress(OSError):
                    file.close()
        self._journal = self._lock = None

    def _write(self, record: Mapping[str, Any]) -> None:
        if self._journal is None:
            return
        try:
            self._journal.write(json.dumps(record) + "\n")
            self._journal.flush()
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        self.close()
        self._warn(f"The training monitor cannot follow this training ({error.strerror or error})")

    def _warn(self, what: str) -> None:
        where = f" in {self._folder}" if self._folder is not None else ""
        self._reporter.warning(f"{what}{where}: training goes on without.")


@contextlib.contextmanager
def journalled(run: Run, reporter: Reporter, becomes_model: bool = True) -> Iterator[RunJournal]:
    """Keep the journal of the epochs of a training, going on with the one that was ``begun`` for it.

    Args:
        becomes_model: a package is written right afterwards, and ``journal_of_model`` ends the journal; else it ends here.
    """
    journal = _BEGUN.pop(run.job.run_id, None) or RunJournal(run.job, reporter)
    journal.prepared(run)
    try:
        yield journal
    except BaseException as error:
        journal.fail(error)
        raise
    if becomes_model:
        journal.writing()
    else:
        journal.end(FINISHED)


@contextlib.contextmanager
def journal_of_model(run_id: str, folder: Path, report: Path) -> Iterator[None]:
    """Write into the journal of the run, if it has one, whether its model package was written."""
    journal = _JOURNALS.get(run_id)
    try:
        yield
    except BaseException as error:
        if journal is not None:
            journal.fail(error)
        raise
    if journal is not None:
        journal.model(folder, report)
        journal.end(FINISHED)


def begin_journal(job: TrainRoadExtractor, reporter: Reporter) -> RunJournal:
    """Return a new journal, for ``journalled`` to go on with."""
    journal = _BEGUN[job.run_id] = RunJournal(job, reporter)
    return journal


def _header(job: TrainRoadExtractor, started: float) -> dict[str, Any]:
    return {
        "kind": "run", "run_id": job.run_id, "started": started, "process_id": os.getpid(), "host": platform.node(),
        "job": job.name, "model_folder": str(Path(job.output_folder).expanduser().absolute()) if job.output_folder else "",
        "network": network_name(job), "epochs": job.epochs, "monitor": job.monitor, "version": roadsmith_version(),
    }
