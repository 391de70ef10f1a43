"""Work that would hold up the window, as a task of QGIS's task manager."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qgis.core import QgsApplication, QgsFeedback, QgsProcessingException, QgsProcessingFeedback, QgsTask
from qgis.PyQt.QtCore import pyqtSignal

from ..processing_provider.bridge import JobCancelled
from ..processing_provider.translation import tr

_running: set[QgsTask] = set()


class BackgroundTask(QgsTask):
    """Calls a function in the background and tells the window what came of it.

    Args:
        title: what the task manager shows.
        function: called with a feedback that is cancelled when the task is.
    """

    #: What the function returned.
    succeeded = pyqtSignal(object)
    #: One sentence about why it did not.
    failed = pyqtSignal(str)

    def __init__(self, title: str, function: Callable[[QgsProcessingFeedback], Any]) -> None:
        super().__init__(title, QgsTask.Flag.CanCancel)
        self._function = function
        self._feedback = QgsProcessingFeedback(False)
        self._answer: Any = None
        self._sentence = ""

    def run(self) -> bool:
        """Call the function; an exception must not leave this thread."""
        try:
            self._answer = self._function(self._feedback)
        except JobCancelled:
            return False
        except QgsProcessingException as error:
            self._sentence = str(error)
        except Exception as error:
            self._sentence = tr("Something unexpected went wrong ({}: {}).").format(type(error).__name__, error)
        return not self._sentence

    def finished(self, result: bool) -> None:
        """Tell the window, in its own thread; nothing if the task was cancelled."""
        if result:
            self.succeeded.emit(self._answer)
        elif self._sentence:
            self.failed.emit(self._sentence)

    def cancel(self) -> None:
        """Ask the function to stop."""
        self._feedback.cancel()
        super().cancel()


class SpokenFeedback(QgsProcessingFeedback):
    """A Processing feedback whose words reach the window as a signal, from whatever thread they come."""

    said = pyqtSignal(str, str)

    def __init__(self) -> None:
        super().__init__(False)

    def setProgressText(self, text: str) -> None:
        """Pass on what is being done."""
        self.said.emit("text", text)

    def pushInfo(self, info: str) -> None:
        """Pass on something worth knowing."""
        self.said.emit("info", info)

    def pushWarning(self, warning: str) -> None:
        """Pass on a warning."""
        self.said.emit("warning", warning)

    def pushCommandInfo(self, info: str) -> None:
        """Pass on a command that is started."""
        self.said.emit("command", info)

    def pushConsoleInfo(self, info: str) -> None:
        """Pass on what a command prints."""
        self.said.emit("console", info)

    def pushDebugInfo(self, info: str) -> None:
        """Keep details to ourselves."""

    def reportError(self, error: str, fatalError: bool = False) -> None:  # noqa: N803  # QGIS's name
        """Pass on why it failed."""
        self.said.emit("error", error)


def start(task: QgsTask) -> QgsTask:
    """Hand a task to QGIS and return it. It is kept until it ends, whoever else forgets it: Python must not take it away."""
    _running.add(task)
    for ended in (task.taskCompleted, task.taskTerminated):
        ended.connect(lambda: _running.discard(task))
    QgsApplication.taskManager().addTask(task)
    return task


def cancel(task: QgsTask | None, feedback: QgsFeedback | None = None) -> None:
    """Cancel a task that may be over and gone already."""
    if feedback is not None:
        feedback.cancel()
    try:
        if task is not None and task.status() not in (QgsTask.TaskStatus.Complete, QgsTask.TaskStatus.Terminated):
            task.cancel()
    except RuntimeError:  # QGIS deleted it
        pass
