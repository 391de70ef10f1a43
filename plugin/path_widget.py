"""The file widget of the tools' dialogs with a line beneath it that says what is in the file, before anything is run.

``processing_provider/parameter_kinds.py`` names the class here by its dotted path, which QGIS imports where it makes a dialog.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from qgis.core import QgsProcessingContext, QgsProcessingParameterDefinition
from qgis.gui import (
    QgsAbstractProcessingParameterWidgetWrapper,
    QgsGui,
    QgsProcessingGui,
    QgsProcessingParameterWidgetContext,
)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QLabel, QVBoxLayout, QWidget

from ..processing_provider.path_facts import PathFacts, path_facts
from ..processing_provider.translation import tr
from .path_reading import PathReader


class PathWidget:
    """What QGIS calls for a wrapper: it gets one with a line of facts in a tool's dialog, elsewhere QGIS's own.

    A table of a batch and the designer of models have no room for it, and there the value is often none to read.
    """

    def __new__(
        cls, parameter: QgsProcessingParameterDefinition, dialog: Any, row: int = 0, column: int = 0, kind: str = ""
    ) -> Any:
        """Return the wrapper for a dialog; ``kind`` is that of ``FactsWrapper``."""
        registry, name = QgsGui.processingGuiRegistry(), type(dialog).__name__
        if "Modeler" in name:
            wrapper = registry.createModelerParameterWidget(dialog.model, dialog.childId, parameter, dialog.context)
        elif "Batch" in name:
            wrapper = registry.createParameterWidgetWrapper(parameter, QgsProcessingGui.WidgetType.Batch)
        else:
            wrapper = FactsWrapper(parameter, kind)
        wrapper.setDialog(dialog)
        return wrapper


class FactsWrapper(QgsAbstractProcessingParameterWidgetWrapper):
    """QGIS's own widget for a file or folder, with the line beneath it.

    Args:
        kind: of the value, a constant of ``path_facts``.
    """

    def __init__(self, parameter: QgsProcessingParameterDefinition, kind: str) -> None:
        standard = QgsProcessingGui.WidgetType.Standard
        super().__init__(parameter, standard)
        self._own = QgsGui.processingGuiRegistry().createParameterWidgetWrapper(parameter, standard)
        self._own.widgetValueHasChanged.connect(self._tell_changed)
        self._kind = kind
        self._reader: PathReader | None = None
        self._box: QWidget | None = None
        self.line = QLabel()

    def createWidget(self) -> QWidget:
        """Return the file widget above the line."""
        # kept: Python would take away what QGIS's side of this call does not hold yet
        box = self._box = QWidget()
        file = self._own.createWrappedWidget(QgsProcessingContext())
        layout = QVBoxLayout(box)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(file)
        self.line.setWordWrap(True)
        self.line.setTextFormat(Qt.TextFormat.PlainText)
        self.line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.line.setVisible(False)
        layout.addWidget(self.line)
        box.setFocusProxy(file)
        # its timers end with the widget, which may be closed while a disk is still being waited for
        self._reader = PathReader(partial(path_facts, self._kind), parent=box)
        self._reader.answered.connect(self._show)
        self._reader.waiting.connect(lambda path: self._show(PathFacts(tr("{} does not answer yet…").format(path))))
        self._ask()
        return box

    def setWidgetContext(self, context: QgsProcessingParameterWidgetContext) -> None:
        """Pass on what is known of the window."""
        super().setWidgetContext(context)
        self._own.setWidgetContext(context)

    def setWidgetValue(self, value: Any, context: QgsProcessingContext) -> None:
        """Show a value, of the history or a script for instance."""
        self._own.setParameterValue(value, context)
        self._ask()

    def widgetValue(self) -> Any:
        """Return the value as QGIS's own widget has it."""
        return self._own.parameterValue()

    def _tell_changed(self, *_: Any) -> None:
        self._ask()
        self.widgetValueHasChanged.emit(self)

    def _ask(self) -> None:
        value = self._own.parameterValue()
        if self._reader is not None:
            self._reader.ask(value if isinstance(value, str) else "")

    def _show(self, facts: PathFacts) -> None:
        font = self.line.font()
        font.setBold(facts.wrong)
        self.line.setFont(font)
        self.line.setText(facts.text)
        self.line.setVisible(bool(facts.text))
        self.line.setAccessibleName(facts.text)

