"""The pictures of the first minutes: offer of a set-up, its page, the options, the toolbox. Runs inside QGIS."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import qgis.utils
from qgis.core import QgsApplication
from qgis.PyQt.QtWidgets import QDialog, QPlainTextEdit, QTreeView, QVBoxLayout, QWidget
from qgis.utils import iface

from .window import dock, keep, keep_window, pump, say, wait

_CACHE = Path(os.environ["HOME"]) / ".cache" / "roadsmith"


def first_run() -> None:
    """A tool is opened before there is an environment; then the plan of the set-up, and the set-up itself.

    The environment that is "made" is the one this computer has: the set-up finds it complete and tests it.
    """
    from roadsmith.plugin.menu import open_tool
    from roadsmith.processing_provider.environment import find_environment

    real = os.environ.get("ROADSMITH_TOUR_ENVIRONMENT", "")
    if find_environment() is not None or not real:
        say("left out: first_run_bar, set_up_page (QGIS's own Python has all packages)")
    else:
        iface.messageBar().clearWidgets()
        open_tool("extractroads", iface)
        keep_window("first_run_bar", keep_messages=True)
        iface.messageBar().clearWidgets()
        _set_up_page("set_up_page")
        _CACHE.parent.mkdir(parents=True, exist_ok=True)
        _CACHE.symlink_to(real, target_is_directory=True)
    page = _set_up_page("")
    page.begin("setup")
    wait(lambda: page._task is None, 600, "the set-up")
    keep(page, "set_up_done")
    page.reject()


def _set_up_page(name: str) -> QWidget:
    from roadsmith.plugin.setup_dialog import show_setup

    page = show_setup(iface.mainWindow())
    page.resize(820, 600)
    pump(0.5)
    wait(lambda: "…" not in page._plan.text(), 60, "the plan of the set-up")
    if name:
        keep(page, name)
        page.reject()
        pump(0.3)
    return page


def options(name: str = "options_page") -> None:
    """The page of the options with the result of its test."""
    from roadsmith.plugin.options_page import OptionsPage

    window = QDialog()  # in place of the options' window, which would not let go of the tour
    page = OptionsPage()
    QVBoxLayout(window).addWidget(page)
    window.resize(820, 480)
    window.show()
    page.test()
    wait(lambda: page._task is None, 300, "the test of the options page")
    page.findChild(QPlainTextEdit).verticalScrollBar().setValue(0)
    keep(window, name)
    window.close()


def the_monitor() -> Any:
    """Return the training monitor's entry in the menu, which has the dock."""
    return qgis.utils.plugins["roadsmith"]._monitor


def dark() -> None:
    """The same page and the training monitor in QGIS's dark theme; the last scene, as QGIS does not find back from it."""
    QgsApplication.setUITheme("Night Mapping")
    pump(1)
    options("options_page_dark")
    the_monitor().action.setChecked(True)
    pump(1.5)
    keep(the_monitor().dock, "monitor_dark")


def toolbox() -> None:
    """The toolbox with the tools of Roadsmith, and the menu."""
    toolbox = dock("ProcessingToolbox")
    toolbox.setFloating(False)
    toolbox.show()
    tree = toolbox.findChild(QTreeView)
    tree.collapseAll()
    model = tree.model()
    for row in range(model.rowCount()):
        index = model.index(row, 0)
        if model.data(index) == "Roadsmith":
            tree.expandRecursively(index)
            tree.scrollTo(index, QTreeView.ScrollHint.PositionAtTop)
    pump(0.5)
    tree.verticalScrollBar().setValue(tree.verticalScrollBar().maximum())
    keep(toolbox, "toolbox")
    toolbox.hide()
