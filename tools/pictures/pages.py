"""Pictures of the pages (HTML) that the tools write, drawn by the browser inside Qt. Runs inside QGIS."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import QRect, QSize, Qt, QUrl
from qgis.PyQt.QtGui import QImage, QPainter

from .window import PICTURES, pump, say, wait

_WIDTH = 940


def keep_page(path: str, name: str, heading: str = "", height: int = 900) -> None:
    """Keep a picture of a page or of one of its chapters.

    Args:
        heading: how the chapter's heading begins; empty for the head of the page.
        height: of which the picture has no more, pixels.
    """
    try:
        from PyQt5.QtWebKitWidgets import QWebPage
    except ImportError:
        say(f"left out: {name} (this Qt has no browser inside)")
        return
    page = QWebPage()
    page.setViewportSize(QSize(_WIDTH, 800))
    loaded: list[bool] = []
    page.loadFinished.connect(loaded.append)
    frame = page.mainFrame()
    frame.load(QUrl.fromLocalFile(str(Path(path).resolve())))
    wait(lambda: bool(loaded), 30, f"the page {path}")
    whole = frame.contentsSize()
    page.setViewportSize(QSize(_WIDTH, whole.height()))
    pump(0.5)  # laid out anew
    top, bottom = _chapter(frame, heading, whole.height())
    part = QRect(0, top, _WIDTH, min(bottom - top, height))
    image = QImage(part.size(), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.translate(-part.topLeft())
    frame.render(painter, frame.AllLayers if hasattr(frame, "AllLayers") else 0xFF)
    painter.end()
    image.save(str(PICTURES / f"{name}.png"))
    say(name)


def _chapter(frame: Any, wanted: str, end: int) -> tuple[int, int]:
    """Return where a chapter begins and ends, pixels from the top."""
    tops = [(each.toPlainText(), each.geometry().top() - 8) for each in frame.findAllElements("h1, h2, h3").toList()]
    for number, (text, top) in enumerate(tops):
        if wanted and text.startswith(wanted):
            return max(0, top), tops[number + 1][1] if number + 1 < len(tops) else end
    return 0, end
