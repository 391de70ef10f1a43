"""Two QGIS windows, one environment: who builds, and whether somebody does."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from typing import IO, Any

from qgis.core import QgsProcessingException, QgsProcessingFeedback

from .bridge import JobCancelled
from .environment import home_folder
from .translation import tr

_PATIENCE = 5.0


@contextlib.contextmanager
def building_lock(feedback: QgsProcessingFeedback) -> Iterator[int]:
    """Keep other QGIS windows from building at the same time; yields the lock's descriptor.

    The system frees the lock when this process dies and, on POSIX, the installers that inherited the descriptor have ended:
    an installer outlives a QGIS that was killed.

    Raises:
        QgsProcessingException: somebody else builds, or the folder cannot be written to.
        JobCancelled: the user cancelled while waiting.
    """
    home = home_folder()
    try:
        home.mkdir(parents=True, exist_ok=True)
        file = (home / "setup.lock").open("a+b")
    except OSError as error:
        raise QgsProcessingException(
            tr("Nothing can be written to {} ({}): choose another cache folder in Settings > Options > Roadsmith, or set the "
               "variable ROADSMITH_HOME.").format(home, error.strerror or error)
        ) from error
    with file:
        started = time.monotonic()
        while not _try_lock(file):
            if feedback.isCanceled():
                raise JobCancelled
            if time.monotonic() - started > _PATIENCE:
                raise QgsProcessingException(
                    tr("Another QGIS window, or an installer that outlived one, is setting up the environment: wait until it "
                       "ends.")
                )
            time.sleep(0.2)
        yield file.fileno()


def somebody_builds() -> bool:
    """Whether a window is building at this moment."""
    path = home_folder() / "setup.lock"
    if not path.exists():
        return False
    try:
        with path.open("r+b") as file:
            return not _try_lock(file)
    except OSError:
        return True


def _try_lock(file: IO[Any]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
