"""Finding out in the background what a path is, however long its disk takes to answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

#: Milliseconds: how long a path that is being typed rests before it is looked at, and between two looks for the answer.
_REST, _POLL = 150, 30
#: A network drive that is gone may hold a thread for minutes: no more than so many at a time, of the whole window.
_MOST_THREADS = 4
_threads: set[threading.Thread] = set()


class _Reading:
    """A call in a thread of its own, which nobody waits for when QGIS ends."""

    def __init__(self, function: Callable[[str], object], path: str) -> None:
        self.path = path
        self.answer: object = None
        self.began = time.monotonic()
        self._function = function
        self._thread = threading.Thread(target=self._run, name="roadsmith-path", daemon=True)
        _threads.add(self._thread)
        self._thread.start()

    @property
    def runs(self) -> bool:
        """Whether there is no answer yet; False as well of a function that failed."""
        return self._thread in _threads

    def _run(self) -> None:
        try:
            self.answer = self._function(self.path)
        finally:
            _threads.discard(self._thread)


class PathReader(QObject):
    """Calls a function with the path that was last asked for, in the background, and tells what it answered.

    Not a task of QGIS's: those share a few threads, and QGIS waits for them when it closes.

    Args:
        function: called with a path; reads files.
        patience: seconds after which ``waiting`` is told.

    Signals:
        answered: what the function returned for the path that was asked for last.
        waiting: a path that gives no answer so far.
    """

    answered = pyqtSignal(object)
    waiting = pyqtSignal(str)

    def __init__(self, function: Callable[[str], object], patience: float = 2.0, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._function, self._patience = function, patience
        self._wanted: str | None = None
        self._reading: _Reading | None = None
        self._warned = False
        self._rest, self._poll = QTimer(self), QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST)
        self._rest.timeout.connect(self._begin)
        self._poll.setInterval(_POLL)
        self._poll.timeout.connect(self._look)

    def ask(self, path: str) -> None:
        """Ask for a path; an answer on an earlier one is not told any more."""
        self._wanted, self._reading, self._warned = path, None, False
        self._poll.stop()
        self._rest.start()

    def _begin(self) -> None:
        if self._wanted is None:
            return
        if len(_threads) >= _MOST_THREADS:
            self._warn()
            self._rest.start()
            return
        self._reading = _Reading(self._function, self._wanted)
        self._poll.start()

    def _look(self) -> None:
        reading = self._reading
        if reading is None:
            self._poll.stop()
        elif not reading.runs:
            self._poll.stop()
            self._reading = None
            if reading.answer is not None:
                self.answered.emit(reading.answer)
        elif time.monotonic() - reading.began > self._patience:
            self._warn()

    def _warn(self) -> None:
        if not self._warned:
            self._warned = True
            self.waiting.emit(self._wanted or "")
