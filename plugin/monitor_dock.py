"""The training monitor: a dock that watches the trainings of this user, whoever started them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import Qt, QTimer, QUrl, pyqtSignal
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QDockWidget, QMessageBox, QSplitter, QTabWidget, QVBoxLayout, QWidget

from ..processing_provider.algorithm import tr
from .monitor_curves import Curves
from .monitor_list import RunList
from .monitor_map import add_to_map, follow_on_map
from .monitor_panel import Panel
from .monitor_pictures import Pictures
from .monitor_run import CANCEL, STOP, TrainingRun
from .monitor_store import RunStore

#: Between two looks at the runs while the dock can be seen, milliseconds.
_INTERVAL = 1000


class MonitorDock(QDockWidget):
    """Panel, curves and pictures of the chosen training above the list of all.

    Args:
        folder: of the runs, None for that of this user.

    Signals:
        closed: the user closed it.
    """

    closed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None, folder: Path | None = None) -> None:
        super().__init__(tr("Roadsmith: training"), parent)
        self.setObjectName("RoadsmithTrainingMonitor")
        self._store = RunStore(folder)
        self._chosen = ""
        self.panel, self.curves, self.pictures, self.list = Panel(), Curves(), Pictures(), RunList()
        self._arrange()
        self.panel.stop.clicked.connect(lambda checked=False: self.ask(STOP))
        self.panel.cancel.clicked.connect(lambda checked=False: self._confirm_cancel())
        self.panel.report.clicked.connect(lambda checked=False: self._open_report(self._chosen))
        self.pictures.add_to_map.clicked.connect(lambda checked=False: self._add_to_map())
        self.list.run_chosen.connect(self._choose)
        self.list.run_opened.connect(self._open_report)
        self._timer = QTimer(self)
        self._timer.setInterval(_INTERVAL)
        self._timer.timeout.connect(self.look)
        self.visibilityChanged.connect(self._follow_visibility)

    @property
    def run(self) -> TrainingRun | None:
        """The training that is shown."""
        return next((run for run in self._store.runs if run.folder.name == self._chosen), None)

    def look(self) -> None:
        """Read what is new and show it."""
        known = {run.folder.name for run in self._store.runs}
        news = self._store.refresh(self.run)
        runs = self._store.runs
        begun = next((run.folder.name for run in runs if run.works and run.folder.name not in known), "")
        if news or len(runs) != len(known):
            self.list.show_runs(runs, news)
        current = self.run
        if runs and (current is None or (begun and not current.works)):
            self.list.choose(begun or runs[0].folder.name)
        elif self._chosen in news or current is None:
            self._show()

    def ask(self, request: str) -> None:
        """Leave a request for the shown training."""
        run = self.run
        if run is None:
            return
        try:
            run.ask(request)
        except OSError as error:
            text = tr("The training cannot be reached: {} may not be written ({}).").format(run.folder, error.strerror or error)
            QMessageBox.warning(self, self.windowTitle(), text)
        self._show()

    def stop_watching(self) -> None:
        """Stop looking for news."""
        self._timer.stop()

    def closeEvent(self, event: Any) -> None:  # noqa: D102
        self.closed.emit()
        super().closeEvent(event)

    def _arrange(self) -> None:
        tabs = QTabWidget()
        tabs.addTab(self.curves, tr("Curves"))
        tabs.addTab(self.pictures, tr("Samples"))
        upper = QWidget()
        layout = QVBoxLayout(upper)
        layout.setContentsMargins(6, 6, 6, 0)
        layout.addWidget(self.panel)
        layout.addWidget(tabs, 1)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(upper)
        splitter.addWidget(self.list)
        splitter.setStretchFactor(0, 4)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([680, 150])
        splitter.setChildrenCollapsible(False)
        self.setWidget(splitter)

    def _choose(self, name: str) -> None:
        self._chosen = name
        self._show()

    def _show(self) -> None:
        run = self.run
        self.panel.show_run(run)
        self.curves.show_run(run)
        if self.pictures.show_run(run) and run is not None:
            follow_on_map(run)

    def _follow_visibility(self, visible: bool) -> None:
        if visible and not self._timer.isActive():
            self.look()
            self._timer.start()
        elif not visible:
            self._timer.stop()

    def _confirm_cancel(self) -> None:
        question = tr("Cancel this training? No model is written. Resume can go on after the last saved epoch.")
        if QMessageBox.question(self, self.windowTitle(), question) == QMessageBox.StandardButton.Yes:
            self.ask(CANCEL)

    def _open_report(self, name: str) -> None:
        run: Any = next((each for each in self._store.runs if each.folder.name == name), None)
        if run is not None and run.report is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(run.report)))

    def _add_to_map(self) -> None:
        self.look()  # the pictures of the epoch before are gone as soon as a new one is over
        run = self.run
        if run is not None:
            add_to_map(run)
