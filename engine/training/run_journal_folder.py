"""Where trainings leave word of themselves for the training monitor: a folder of its own for each run, below one for the user.

The lock on a run's folder is what tells a running training from one that died: the system lets go of it with the process,
whatever ends it, and unlike a process number it never comes to mean another process.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import time
from pathlib import Path
from typing import IO

#: Where the runs are kept, instead of in the user's own folder; on a shared disk it shows those of other machines too.
RUNS_VARIABLE = "ROADSMITH_RUNS"
JOURNAL_FILE, STATUS_FILE, REQUEST_FILE, LOCK_FILE = "journal.jsonl", "status.json", "request", "lock"
#: Runs that are kept; with four chips of 256 pixels each takes about a megabyte.
KEPT_RUNS = 100


def runs_folder() -> Path:
    """Return the folder of all runs of this user; it need not exist. The QGIS side looks for it by the same rule."""
    if os.environ.get(RUNS_VARIABLE):
        return Path(os.environ[RUNS_VARIABLE]).expanduser().absolute()
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        state = Path(local) if local else Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        state = Path.home() / "Library" / "Application Support"
    else:
        named = os.environ.get("XDG_STATE_HOME")
        state = Path(named) if named else Path.home() / ".local" / "state"
    return state / "roadsmith" / "runs"


def new_run_folder(run_id: str) -> Path:
    """Make the folder of a run; its name begins with the time, so that names sort as the runs began.

    Raises:
        OSError: it cannot be made.
    """
    root, stamp = runs_folder(), time.strftime("%Y%m%d-%H%M%S")
    root.mkdir(parents=True, exist_ok=True)
    _forget_old_runs(root)
    for again in range(1000):
        folder = root / (f"{stamp}-{run_id}" + (f"-{again}" if again else ""))
        with contextlib.suppress(FileExistsError):
            folder.mkdir()
            return folder
    raise FileExistsError(f"there are a thousand runs {stamp}-{run_id}")


def lock(folder: Path) -> IO[bytes]:
    """Take hold of a run's folder; return the open file that keeps it.

    Raises:
        OSError: another process has it, or this disk knows no locks.
    """
    file = (folder / LOCK_FILE).open("ab")
    try:
        _lock_file(file)
    except OSError:
        file.close()
        raise
    return file


def _forget_old_runs(root: Path) -> None:
    """Remove the oldest runs that have ended, so that this one is among those that are kept."""
    runs = sorted(each for each in root.iterdir() if (each / JOURNAL_FILE).is_file())
    for folder in runs[: max(0, len(runs) - KEPT_RUNS + 1)]:
        try:
            lock(folder).close()
        except OSError:
            continue  # it goes on still
        shutil.rmtree(folder, ignore_errors=True)


if sys.platform == "win32":
    import msvcrt

    def _lock_file(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock_file(file: IO[bytes]) -> None:
        # flock, not lockf: the latter is lost as soon as this process closes the file anywhere else
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
