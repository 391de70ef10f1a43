"""One training as its folder tells of it; the worker's side is ``engine/training/run_journal.py``. No Qt, no QGIS."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

from .monitor_alive import is_alive

JOURNAL_FILE, STATUS_FILE, REQUEST_FILE = "journal.jsonl", "status.json", "request"

#: How a training stands. The first two have a process that works.
RUNNING, WRITING, FINISHED, CANCELLED, FAILED, INTERRUPTED = (
    "running", "writing", "finished", "cancelled", "failed", "interrupted",
)
STOP, CANCEL = "stop", "cancel"

#: Bytes of a journal read at once: parsed in a few hundredths of a second, so that the window stays responsive.
_CHUNK = 2**18
_LONGEST_PHASE = 80


class TrainingRun:
    """What a training wrote down so far; ``refresh`` reads what was added since.

    Attributes:
        folder: of the run. header: first line of the journal, empty before it was read.
        epochs: figures of every epoch. steps: ``epoch`` (with a fraction), ``loss``, ``learning_rate`` of some steps.
        pictures: the chips of the last epoch, names of files in the folder by ``image``, ``truth``, ``prediction``.
        pictures_epoch: theirs, 0 if there are none. device: name and number format, empty if not told yet.
        phase: what it does, in the words of its progress, empty if it does not say.
        status: fraction, seconds left and memory of this moment, empty if not told.
        end: how it ended, empty if it did not say. model: where the package and its report are, empty if there is none.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.header: dict[str, Any] = {}
        self.epochs: list[dict[str, float]] = []
        self.steps: list[dict[str, float]] = []
        self.pictures: list[dict[str, Any]] = []
        self.pictures_epoch = 0
        self.device = self.phase = ""
        self.status: dict[str, Any] = {}
        self.end: dict[str, Any] = {}
        self.model: dict[str, str] = {}
        self._writing, self._alive, self._offset = False, True, 0

    @property
    def state(self) -> str:
        """One of the states above."""
        if self.end:
            return str(self.end.get("state", FINISHED))
        if not self._alive:
            return INTERRUPTED
        return WRITING if self._writing else RUNNING

    @property
    def works(self) -> bool:
        """Whether a process works on it."""
        return self.state in (RUNNING, WRITING)

    @property
    def name(self) -> str:
        """What to call it: the name of the model folder."""
        folder = self.model.get("folder") or self.header.get("model_folder") or ""
        return Path(folder).name or self.folder.name

    @property
    def report(self) -> Path | None:
        """The report of the finished model, None if there is none (any more)."""
        path = Path(self.model["report"]) if self.model.get("report") else None
        return path if path is not None and path.is_file() else None

    @property
    def asked(self) -> str:
        """What was asked of it, empty for nothing."""
        try:
            return (self.folder / REQUEST_FILE).read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            return ""

    def ask(self, request: str) -> None:
        """Leave the request ``STOP`` or ``CANCEL`` for the training, which looks for it after every step.

        Raises:
            OSError: the folder cannot be written.
        """
        partial = self.folder / f"{REQUEST_FILE}~"
        partial.write_text(request, encoding="ascii")
        partial.replace(self.folder / REQUEST_FILE)

    def refresh(self) -> bool:
        """Read what is new; return whether anything is.

        At most a quarter of a megabyte is read at once; the next call goes on from there.
        """
        before = self.state, self.status
        alive = self._alive and is_alive(self.folder)  # asked before reading: its last words come before it lets go
        lines = self._new_lines()
        for line in lines:
            self._take(line)
        if not lines:  # only of a journal read to its end
            self._alive = alive
        if self.works:
            with contextlib.suppress(OSError, ValueError):
                status = json.loads((self.folder / STATUS_FILE).read_text(encoding="utf-8"))
                self.status = status if isinstance(status, dict) else {}
        return bool(lines) or before != (self.state, self.status)

    def _new_lines(self) -> list[bytes]:
        try:
            with (self.folder / JOURNAL_FILE).open("rb") as file:
                file.seek(self._offset)
                data = file.read(_CHUNK)
        except OSError:
            return []
        complete = data[: data.rfind(b"\n") + 1]
        self._offset += len(complete)
        return complete.splitlines()

    def _take(self, line: bytes) -> None:
        try:
            record = json.loads(line)
            kind = record.pop("kind")
        except (ValueError, KeyError, TypeError, AttributeError):
            return  # no line of ours
        if kind == "run":
            self.header = record
        elif kind == "epoch" and isinstance(record.get("epoch"), (int, float)):
            self.epochs.append(record)
        elif kind == "step" and isinstance(record.get("epoch"), (int, float)):
            self.steps.append(record)
        elif kind == "pictures":
            self.pictures, self.pictures_epoch = record.get("chips", []), int(record.get("epoch", 0))
        elif kind == "device":
            self.device = f"{record.get('name', '')}, {record.get('precision', '')}"
        elif kind == "phase":
            self.phase = str(record.get("text", ""))[:_LONGEST_PHASE]
        elif kind == "writing":
            self._writing = True
        elif kind == "model":
            self.model = record
        elif kind == "end":
            self.end = record
