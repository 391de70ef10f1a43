"""An export in progress: its chips so far and a journal of what is done, in a folder of its own beside the output.

A run that was cancelled, or whose disk ran full, leaves the folder; the same export asked for again goes on where it ended.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from ...errors import EngineError

_JOURNAL = "journal.jsonl"
_LOCK = "lock"
_CHIPS = "data"
_BEFORE = "before"
_NOTE = "READ ME.txt"
_NOTE_TEXT = (
    "This export of training data was interrupted. Run Export training data again with the same settings and the same output\n"
    "folder: it goes on where it ended. Or delete this folder.\n"
)


def unfinished_folder(final: Path) -> Path:
    """Return where an export into ``final`` gathers its chips."""
    return final.with_name(f"{final.name}~unfinished")


def metadata_before(final: Path) -> Path | None:
    """Return the folder with the metadata as it was, if a run died while it was adding its chips to ``final``."""
    before = unfinished_folder(final) / _BEFORE
    return before if before.is_dir() else None


class UnfinishedExport:
    """The journal of one export. Use as a context manager: while it is open no other run can work on the same output.

    Args:
        final: the output folder. fingerprint: text that two exports share if and only if their chips are the same.

    Attributes:
        folder: all of it. chips: where the chips go; becomes the output folder if that is new.
        discarded: whether an unfinished export with other settings was removed.

    Raises:
        EngineError: another run works on the same output.
    """

    def __init__(self, final: Path, fingerprint: str) -> None:
        self.folder = unfinished_folder(final)
        self.chips = self.folder / _CHIPS
        self._records: dict[int, bytes] = {}  # as lines: a county's chips fit in memory
        self.discarded = False
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = (self.folder / _LOCK).open("a+b")
        try:
            _lock(self._lock)
        except OSError as error:
            self._lock.close()
            raise EngineError(
                f"Another export into {final} is running: wait for it, or choose another folder."
            ) from error
        header = {"fingerprint": fingerprint}
        if not self._resume(header):
            self._empty()
            (self.folder / _NOTE).write_text(_NOTE_TEXT, encoding="utf-8")
            self._append(header)

    def __contains__(self, number: int) -> bool:
        """Whether part ``number`` is done."""
        return number in self._records

    def __len__(self) -> int:
        return len(self._records)

    def __getitem__(self, number: int) -> dict[str, Any]:
        """Return what was noted of part ``number``."""
        record: dict[str, Any] = json.loads(self._records[number])["record"]
        return record

    def note(self, number: int, record: Mapping[str, Any]) -> None:
        """Record that part ``number`` is done. ``record`` is JSON."""
        self._records[number] = self._append({"number": number, "record": record})

    def keep_metadata(self, final: Path, names: Sequence[str]) -> None:
        """Keep copies of an output's metadata files, so that a run that dies while adding to it can be repeated."""
        before = self.folder / _BEFORE
        if before.is_dir():
            return  # the first run's copies; the files themselves may have changed since
        partial = self.folder / f"{_BEFORE}.new"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
        for name in names:
            if (final / name).is_file():
                shutil.copy2(final / name, partial / name)
        partial.replace(before)

    def remove(self) -> None:
        """Remove the folder: the export is complete, or there is nothing worth keeping."""
        self._lock.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _resume(self, header: Mapping[str, Any]) -> bool:
        """Read the journal of an earlier run of the same export; return whether there is one."""
        try:
            lines = (self.folder / _JOURNAL).read_bytes().splitlines(keepends=True)
        except FileNotFoundError:
            return False
        complete = [line for line in lines if line.endswith(b"\n")]  # the last may be torn
        with contextlib.suppress(ValueError):
            if complete and json.loads(complete[0]) == header:
                self._records = {json.loads(line)["number"]: line for line in complete[1:]}
                (self.folder / _JOURNAL).write_bytes(b"".join(complete))
                return True
        self.discarded = True
        self._records.clear()
        return False

    def _empty(self) -> None:
        for path in self.folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name != _LOCK:
                path.unlink()

    def _append(self, record: Mapping[str, Any]) -> bytes:
        line = json.dumps(record, separators=(",", ":")).encode("ascii") + b"\n"
        with (self.folder / _JOURNAL).open("ab") as journal:
            journal.write(line)
            journal.flush()
            os.fsync(journal.fileno())
        return line

    def __enter__(self) -> UnfinishedExport:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Keep what can be continued; leave nothing where nothing was done."""
        if kind is not None and not self._records and not self._lock.closed:
            self.remove()
        self._lock.close()


def _lock(file: IO[bytes]) -> None:
    """Lock a file for this process until it is closed; raise ``OSError`` if another one holds it."""
    if sys.platform == "win32":
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
