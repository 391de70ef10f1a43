"""The dialogs of the tools: shown, kept as pictures, run to their end. Runs inside QGIS."""

from __future__ import annotations

import time
from typing import Any

import processing
from qgis.PyQt.QtWidgets import QLineEdit, QPlainTextEdit, QTextEdit

from .window import keep, pump, say, wait

_WIDTH, _HEIGHT = 920, 640


class Tool:
    """The dialog of a tool of Roadsmith.

    Args:
        name: of the tool.
        parameters: to be in its fields.
    """

    def __init__(self, name: str, parameters: dict[str, Any], height: int = _HEIGHT) -> None:
        self.name = name
        self._ended: tuple[bool, dict[str, Any]] | None = None
        self.dialog = processing.createAlgorithmDialog(f"roadsmith:{name}", parameters)
        self.dialog.show()
        self.dialog.resize(_WIDTH, height)  # after QGIS gave it the size of the last dialog
        self.dialog.algorithmFinished.connect(self._end)
        pump(0.4)
        self.dialog.runButton().setFocus()
        for field in self.dialog.findChildren(QLineEdit):
            field.deselect()
        pump(0.2)

    def keep(self, suffix: str = "dialog") -> Tool:
        """Keep a picture of the dialog as it is."""
        keep(self.dialog, f"{self.name}_{suffix}")
        return self

    def start(self) -> Tool:
        """Press Run."""
        self._started = time.monotonic()
        self.dialog.runButton().click()
        pump(0.3)
        return self

    def finish(self, seconds: float = 900) -> dict[str, Any]:
        """Wait until the tool has run, close its dialog and return its results."""
        wait(lambda: self._ended is not None, seconds, self.name)
        assert self._ended is not None
        success, results = self._ended
        say(f"{self.name}: {'done' if success else 'FAILED'} in {time.monotonic() - self._started:.1f} s; {results}")
        if not success:
            raise RuntimeError(f"{self.name} failed: {self.log()[-2000:]}")
        pump(0.5)
        return results

    def scroll_to(self, text: str) -> Tool:
        """Scroll the log until the line with the text is the first one."""
        log = next(edit for edit in self.dialog.findChildren(QTextEdit) if text in edit.toPlainText())
        cursor = log.document().find(text)
        log.verticalScrollBar().setValue(log.verticalScrollBar().value() + log.cursorRect(cursor).top())
        return self

    def wait_for(self, text: str, seconds: float = 200) -> Tool:
        """Wait until the log says something."""
        wait(lambda: text in self.log() or self._ended is not None, seconds, f"'{text}' in the log of {self.name}")
        return self

    def log(self) -> str:
        """Return what stands in the log."""
        edits = [*self.dialog.findChildren(QTextEdit), *self.dialog.findChildren(QPlainTextEdit)]
        return "\n".join(edit.toPlainText() for edit in edits)

    def close(self) -> None:
        """Close the dialog."""
        self.dialog.close()
        pump(0.2)

    def _end(self, success: bool, results: dict[str, Any]) -> None:
        self._ended = success, dict(results)
