"""All trainings of this user, running and past, found in their folder. No Qt, no QGIS."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from .monitor_run import JOURNAL_FILE, TrainingRun

#: Where the runs are kept, instead of in the user's own folder.
RUNS_VARIABLE = "ROADSMITH_RUNS"
#: Longest time that a look at the runs may take in QGIS's own thread, seconds; what is left waits for the next.
_BUDGET = 0.03


def runs_folder() -> Path:
    """Return the folder of all runs; it need not exist. The worker (``run_journal_folder.py``) has it by the same rule."""
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


class RunStore:
    """The trainings of a folder, newest first.

    Args:
        folder: None for that of this user.

    Attributes:
        runs: those whose journal was read, newest first.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or runs_folder()
        self._known: dict[str, TrainingRun] = {}
        self._settled: set[str] = set()
        self.runs: list[TrainingRun] = []

    def refresh(self, watched: TrainingRun | None = None, budget: float = _BUDGET) -> set[str]:
        """Look for new runs and news of the known ones; return the folder names of those with news, gone ones included.

        Args:
            watched: looked at first, and even if it has ended.
            budget: seconds after which the rest waits for the next call.
        """
        until = time.monotonic() + budget
        names = self._names()
        news = set(self._known) - set(names)
        for name in news:
            del self._known[name]
        first = [watched.folder.name] if watched is not None and watched.folder.name in names else []
        for name in [*first, *(each for each in names if each not in first)]:
            if name in self._settled and name not in first:
                continue
            run = self._known.get(name) or TrainingRun(self._folder / name)
            self._known[name] = run
            if run.refresh():
                news.add(name)
                self._settled.discard(name)
            elif not run.works:  # read to its end
                self._settled.add(name)
            if time.monotonic() > until:
                break
        self.runs = [self._known[name] for name in names if name in self._known and self._known[name].header]
        return news

    def _names(self) -> list[str]:
        try:
            with os.scandir(self._folder) as entries:
                names = [entry.name for entry in entries if entry.is_dir()]
        except OSError:
            return []
        runs = (name for name in names if name in self._known or (self._folder / name / JOURNAL_FILE).is_file())
        return sorted(runs, reverse=True)
