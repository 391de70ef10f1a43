"""Where the training monitor meets QGIS's window: a menu entry that shows and hides it, and its return after a restart."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsSettings
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QIcon

from ..processing_provider.algorithm import icon_path, tr
from .menu import make_action

_OPEN = "roadsmith/training_monitor_open"


class TrainingMonitor:
    """The monitor's entry in the menu Raster > Roadsmith. The dock is made when it is first asked for.

    Args:
        iface: QGIS's window.
        menu: name of the menu.
    """

    def __init__(self, iface: Any, menu: str) -> None:
        self._iface, self._menu = iface, menu
        self.dock: Any = None
        self.action = make_action(QIcon(icon_path("trainroadextractor")), tr("Training monitor"), iface.mainWindow())
        self.action.setCheckable(True)
        self.action.toggled.connect(self.show)
        iface.addPluginToRasterMenu(menu, self.action)
        if QgsSettings().value(_OPEN, False, type=bool):
            self.action.setChecked(True)

    def show(self, visible: bool = True) -> None:
        """Show or hide the dock, and remember that for the next start."""
        if self.dock is None:
            if not visible:
                return
            from .monitor_dock import MonitorDock

            self.dock = MonitorDock(self._iface.mainWindow())
            self._iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.dock)
            self.dock.closed.connect(lambda: self.action.setChecked(False))
        self.dock.setVisible(visible)
        if visible:
            self.dock.raise_()
        QgsSettings().setValue(_OPEN, visible)

    def remove(self) -> None:
        """Take entry and dock away; the trainings go on."""
        self._iface.removePluginRasterMenu(self._menu, self.action)
        self.action.deleteLater()
        if self.dock is not None:
            self.dock.stop_watching()
            self._iface.removeDockWidget(self.dock)
            self.dock.deleteLater()
            self.dock = None
