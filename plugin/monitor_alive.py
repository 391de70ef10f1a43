"""Whether the process of a training still runs: it holds a lock, which the system takes from it whatever ends it.

The other half, taking the lock, is ``engine/training/run_journal_folder.py``. No Qt, no QGIS.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO

LOCK_FILE = "lock"


def is_alive(folder: Path) -> bool:
    """Whether some process holds the lock of the run in ``folder``; False where there is no lock."""
    try:
        with (folder / LOCK_FILE).open("r+b") as file:
            return not _can_be_locked(file)
    except FileNotFoundError:
        return False
    except OSError:  # it may not be opened, so nothing can be told: better a stale "running" than a lost one
        return True


if sys.platform == "win32":
    import msvcrt

    def _can_be_locked(file: IO[bytes]) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
        return True
else:
    import fcntl

    def _can_be_locked(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True  # let go of when the file is closed
