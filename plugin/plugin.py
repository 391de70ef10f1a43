"""The plugin object: registers the provider, and adds a small menu where there is a window."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsApplication
from qgis.PyQt.QtGui import QIcon

from ..processing_provider.algorithm import icon_path, tr
from ..processing_provider.provider import RoadsmithProvider
from ..processing_provider.translation import install_translator, remove_translator


class RoadsmithPlugin:
    """What QGIS loads, shows and unloads.

    Args:
        iface: QGIS's window, None under ``qgis_process``.
    """

    def __init__(self, iface: Any) -> None:
        self._iface = iface
        self._provider: RoadsmithProvider | None = None
        self._actions: list[Any] = []
        self._options: Any = None
        self._monitor: Any = None
        self._translator: Any = None

    def initProcessing(self) -> None:
        """Load the user's language and register the provider. All that ``qgis_process`` calls."""
        if self._provider is None:
            self._translator = install_translator()
            self._provider = RoadsmithProvider()
            QgsApplication.processingRegistry().addProvider(self._provider)

    def initGui(self) -> None:
        """Register the provider and add the menu."""
        self.initProcessing()
        if self._iface is None:
            return
        from .menu import menu_entries

        for title, name in menu_entries():
            self._add_action(title, name)
        from .options_page import OptionsPageFactory

        self._options = OptionsPageFactory()
        self._iface.registerOptionsWidgetFactory(self._options)
        from .monitor_hook import TrainingMonitor

        self._monitor = TrainingMonitor(self._iface, self._menu())

    def unload(self) -> None:
        """Take away everything this plugin added."""
        for action in self._actions:
            self._iface.removePluginRasterMenu(self._menu(), action)
            action.deleteLater()
        self._actions.clear()
        if self._options is not None:
            self._iface.unregisterOptionsWidgetFactory(self._options)
            self._options = None
        if self._monitor is not None:
            self._monitor.remove()
            self._monitor = None
        if self._provider is not None:
            registry = QgsApplication.processingRegistry()
            if registry is not None:  # none any more where QGIS is being closed
                registry.removeProvider(self._provider)
            self._provider = None
        remove_translator(self._translator)
        self._translator = None

    def _menu(self) -> str:
        return tr("Roadsmith")

    def _add_action(self, title: str, name: str) -> None:
        from .menu import make_action, open_tool

        action = make_action(QIcon(icon_path(name)), title, self._iface.mainWindow())
        action.triggered.connect(lambda checked=False, name=name: open_tool(name, self._iface))
        self._iface.addPluginToRasterMenu(self._menu(), action)
        self._actions.append(action)
