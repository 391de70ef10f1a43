"""Waiting for a QGIS that works by itself, and keeping what its window shows. Runs inside QGIS."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import QEvent
from qgis.PyQt.QtWidgets import QApplication, QDockWidget, QWidget
from qgis.utils import iface

#: Where pictures go before they are made small, and the folder the tour works in.
PICTURES, TOWN = Path(os.environ["ROADSMITH_TOUR_PICTURES"]), Path(os.environ["ROADSMITH_TOUR_TOWN"])
#: Of QGIS's window, pixels.
WIDTH, HEIGHT = 1240, 800
_STARTED = time.monotonic()


def say(text: str) -> None:
    """Write a line with the seconds since the start into the tour's log."""
    with (PICTURES / "tour.log").open("a", encoding="utf-8") as log:
        log.write(f"{time.monotonic() - _STARTED:6.1f} s  {text}\n")


def pump(seconds: float = 0.5) -> None:
    """Let QGIS work for so many seconds."""
    wait(lambda: False, seconds)


def wait(until: Callable[[], Any], seconds: float, what: str = "") -> bool:
    """Let QGIS work until something is true.

    Args:
        seconds: longest time; when it is over, the end if there is a ``what``, otherwise no matter.
        what: was waited for, for the message.

    Raises:
        TimeoutError: it did not become true in time.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        if until():
            return True
        time.sleep(0.02)
    if what:
        raise TimeoutError(f"{what}: not within {seconds:.0f} s")
    return False


def keep(widget: QWidget, name: str) -> None:
    """Keep a picture of a widget."""
    pump(0.4)
    if not widget.grab().save(str(PICTURES / f"{name}.png")):
        raise OSError(f"{name}.png could not be written")
    say(name)


def keep_window(name: str, keep_messages: bool = False) -> None:
    """Keep a picture of QGIS's window once its map is drawn; the list of reports is put away."""
    canvas = iface.mapCanvas()
    dock("ResultsViewer").hide()
    if not keep_messages:
        iface.messageBar().clearWidgets()
    canvas.refresh()
    pump(0.5)
    wait(lambda: not canvas.isDrawing(), 30, "drawing the map")
    keep(iface.mainWindow(), name)


def dock(name: str) -> QDockWidget:
    """Return a dock of QGIS's window by its object name."""
    return iface.mainWindow().findChild(QDockWidget, name)
