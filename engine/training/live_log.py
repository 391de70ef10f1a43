"""What can be watched while a training runs: one line of JSON an epoch, and TensorBoard's events on request."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from ..reporter import Reporter
from .output import LOG_FILE, TENSORBOARD_FOLDER
from .run import Run, network_name, roadsmith_version
from .run_journal import journalled
from .tensorboard_log import TensorBoardLog

#: Told the figures of an epoch when it is over.
Listener = Callable[[dict[str, float]], None]


@contextlib.contextmanager
def following(
    run: Run, folder: Path, epochs_so_far: Sequence[dict[str, float]], reporter: Reporter | None = None
) -> Iterator[list[Listener]]:
    """Give the listeners of a training, which write down every epoch as soon as it is over; one is its ``RunJournal``.

    ``training_log.jsonl`` begins with a line of ``kind`` "run"; each further one is an ``epoch``. It begins anew here, with the
    epochs that a resumed training has behind it. A disk that is full costs the log, not the training.

    Args:
        folder: of the checkpoint; made if need be, and removed again where training ends without a first checkpoint.
        reporter: told when something cannot be written.
    """
    reporter = reporter or Reporter()
    try:
        with contextlib.ExitStack() as stack:
            log = stack.enter_context(LiveLog(folder / LOG_FILE, _header(run), reporter))
            listeners: list[Listener] = [log.write_epoch]
            if run.job.tensorboard:
                listeners.append(stack.enter_context(TensorBoardLog(folder / TENSORBOARD_FOLDER, reporter)).write_epoch)
            listeners.append(stack.enter_context(journalled(run, reporter)))
            for epoch in epochs_so_far:
                for listener in listeners:
                    listener(epoch)
            yield listeners
    except BaseException:
        remove_if_useless(folder)
        raise


class LiveLog:
    """A file of JSON lines, begun anew, every line of which can be read as soon as it is written.

    Args:
        header: first line.
    """

    def __init__(self, path: Path, header: Mapping[str, Any], reporter: Reporter) -> None:
        self._path, self._header, self._reporter = path, header, reporter
        self._file: IO[str] | None = None

    def __enter__(self) -> LiveLog:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("w", encoding="utf-8", newline="\n")
        except OSError as error:
            self._give_up(error)
        self._write(self._header)
        return self

    def __exit__(self, *error: object) -> None:
        self._close()

    def write_epoch(self, figures: dict[str, float]) -> None:
        """Write the figures of an epoch."""
        self._write({"kind": "epoch", **figures})

    def _write(self, record: Mapping[str, Any]) -> None:
        if self._file is None:
            return
        try:
            self._file.write(json.dumps(record) + "\n")
            self._file.flush()
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        self._close()
        self._reporter.warning(
            f"The log {self._path} cannot be written ({error.strerror or error}): training goes on without it."
        )

    def _close(self) -> None:
        if self._file is not None:
            with contextlib.suppress(OSError):  # what could not be written before cannot be written now
                self._file.close()
            self._file = None


def _header(run: Run) -> dict[str, Any]:
    job = run.job
    return {
        "kind": "run", "model_folder": str(Path(job.output_folder).expanduser().absolute()), "network": network_name(job),
        "epochs": job.epochs, "monitor": job.monitor, "process_id": os.getpid(), "version": roadsmith_version(),
    }


def remove_if_useless(folder: Path) -> None:
    """Remove a folder that holds nothing to resume from, but the logs alone."""
    with contextlib.suppress(OSError):
        if {each.name for each in folder.iterdir()} <= {LOG_FILE, TENSORBOARD_FOLDER}:
            shutil.rmtree(folder, ignore_errors=True)
