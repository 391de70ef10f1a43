"""How large folders are, and how fast they grow."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

_CHECK_SECONDS, _TELL_SECONDS = 2.0, 10.0


class Growth:
    """How many bytes a command has written: the one thing pip and uv cannot hide."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders
        self._first = folder_size(folders)
        self._started = self._checked = self._told = time.monotonic()

    def news(self) -> Iterator[tuple[int, float, bool]]:
        """Yield bytes, bytes per second and whether it is time to tell the user; nothing if just asked."""
        now = time.monotonic()
        if now - self._checked < _CHECK_SECONDS:
            return
        written = max(0, folder_size(self._folders) - self._first)
        self._checked = time.monotonic()
        tell = now - self._told >= _TELL_SECONDS
        if tell:
            self._told = now
        yield written, written / (now - self._started), tell


def folder_size(folders: Sequence[Path]) -> int:
    """Return the size of all files in ``folders``, in bytes."""
    size, pending = 0, [str(folder) for folder in folders]
    while pending:
        with contextlib.suppress(OSError), os.scandir(pending.pop()) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    if entry.is_dir(follow_symlinks=False):
                        pending.append(entry.path)
                    else:
                        size += entry.stat(follow_symlinks=False).st_size
    return size
