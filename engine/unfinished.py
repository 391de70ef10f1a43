"""Long work in progress: what is done so far, in a folder of its own beside the output, and a journal of it.

A run that was cancelled or killed, or whose disk ran full, leaves the folder; the same work asked for again goes on where it
ended.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, TypeVar

from .errors import EngineError

_JOURNAL = "journal.jsonl"
_LOCK = "lock"
_NOTE = "READ ME.txt"

Self = TypeVar("Self", bound="Unfinished")


def unfinished_folder(final: Path) -> Path:
    """Return where work on ``final`` gathers what is done."""
    return final.with_name(f"{final.name}~unfinished")


def file_state(path: str, copied: bool) -> list[str | int]:
    """Return what tells a file from another: place, size and time, or the content of one that was made for this run."""
    try:
        if not copied:
            state = Path(path).stat()
            return [path, state.st_size, state.st_mtime_ns]
        digest = hashlib.blake2b(digest_size=16)
        with Path(path).open("rb") as file:
            while part := file.read(2**22):
                digest.update(part)
        return [digest.hexdigest()]
    except OSError:
        return [path]  # a dataset that is no file


class Unfinished:
    """The journal of one run. Use as a context manager: while it is open no other run can work on the same output.

    Args:
        final: the output. fingerprint: text that two runs share if and only if what they make is the same.
        note: what the folder says about itself to whoever finds it.

    Attributes:
        folder: all of it.
        discarded: whether unfinished work with other settings was removed.

    Raises:
        EngineError: another run works on the same output.
    """

    def __init__(self, final: Path, fingerprint: str, note: str) -> None:
        self.folder = unfinished_folder(final)
        self._records: dict[int, bytes] = {}  # as lines: a county's chips fit in memory
        self.discarded = False
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = (self.folder / _LOCK).open("a+b")
        try:
            _lock(self._lock)
        except OSError as error:
            self._lock.close()
            raise EngineError(
                f"Another run that writes {final} is going on: wait for it, or choose another output."
            ) from error
        header = {"fingerprint": fingerprint}
        if not self._resume(header):
            self._empty()
            (self.folder / _NOTE).write_text(note, encoding="utf-8")
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

    @property
    def done(self) -> list[int]:
        """Numbers of the parts that are done, in the order in which they were."""
        return list(self._records)

    def note(self, number: int, record: Mapping[str, Any]) -> None:
        """Record that part ``number`` is done. ``record`` is JSON."""
        self._records[number] = self._append({"number": number, "record": record})

    def forget(self, number: int) -> None:
        """Take part ``number`` for not done: its files are gone. It is to be noted again."""
        del self._records[number]

    def remove(self) -> None:
        """Remove the folder: the work is complete, or there is nothing worth keeping."""
        self._lock.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _resume(self, header: Mapping[str, Any]) -> bool:
        """Read the journal of an earlier run of the same work; return whether there is one."""
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

    def __enter__(self: Self) -> Self:
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
