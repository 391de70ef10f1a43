"""The list of trainings, running and past."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from ..processing_provider.algorithm import tr
from .monitor_run import TrainingRun
from .monitor_text import best_text, doing, remark, started_text


class RunList(QTreeWidget):
    """One line a run, newest first; one is chosen.

    Signals:
        run_chosen: folder name of the run that is chosen now.
        run_opened: folder name of the run that was double-clicked.
    """

    run_chosen = pyqtSignal(str)
    run_opened = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setHeaderLabels([tr("Model"), tr("State"), tr("Epochs"), tr("Best (epoch)"), tr("Started")])
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAlternatingRowColors(True)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.setAccessibleName(tr("Trainings"))
        self.currentItemChanged.connect(self._tell_chosen)
        self.itemActivated.connect(lambda item, column: self.run_opened.emit(_name_of(item)))

    def show_runs(self, runs: Sequence[TrainingRun], changed: set[str]) -> None:
        """Bring the list in line with ``runs``; only the lines of the ``changed`` ones are written anew."""
        items = {_name_of(self.topLevelItem(row)): self.topLevelItem(row) for row in range(self.topLevelItemCount())}
        wanted = [run.folder.name for run in runs]
        for name in set(items) - set(wanted):
            self.takeTopLevelItem(self.indexOfTopLevelItem(items[name]))
        for row, run in enumerate(runs):
            item = items.get(run.folder.name)
            if item is None:
                item = QTreeWidgetItem()
                item.setData(0, Qt.ItemDataRole.UserRole, run.folder.name)
                self.insertTopLevelItem(row, item)
            elif run.folder.name not in changed:
                continue
            _write(item, run)

    def choose(self, name: str) -> None:
        """Choose the run with this folder name."""
        for row in range(self.topLevelItemCount()):
            if _name_of(self.topLevelItem(row)) == name:
                self.setCurrentItem(self.topLevelItem(row))

    def _tell_chosen(self, item: QTreeWidgetItem | None, former: QTreeWidgetItem | None) -> None:
        self.run_chosen.emit(_name_of(item))


def _name_of(item: QTreeWidgetItem | None) -> str:
    return str(item.data(0, Qt.ItemDataRole.UserRole)) if item is not None else ""


def _write(item: QTreeWidgetItem, run: TrainingRun) -> None:
    epochs = f"{len(run.epochs)}/{run.header.get('epochs', '?')}"
    for column, text in enumerate((run.name, doing(run), epochs, best_text(run), started_text(run))):
        item.setText(column, text)
    folder = run.model.get("folder") or run.header.get("model_folder") or ""
    hint = [folder, str(run.header.get("network", "")), remark(run)]
    hint.append(tr("Double click opens the report.") if run.report is not None else "")
    for column in range(item.columnCount()):
        item.setToolTip(column, "\n".join(filter(None, hint)))
