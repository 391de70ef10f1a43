"""The set-up page: what would be installed and why, and the one button that does it."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsApplication, QgsProcessingAlgRunnerTask, QgsProcessingContext, QgsTask
from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ..processing_provider.algorithm import icon_path
from ..processing_provider.environment import own_environment_folder, why_missing
from ..processing_provider.environment_plan import Plan, make_plan
from ..processing_provider.setup_environment import ACCELERATORS
from ..processing_provider.translation import tr
from . import background

_WIDTH, _HEIGHT = 720, 640


class SetupDialog(QDialog):
    """Shows the plan of the set-up and runs the tool "Set up environment", which does all the work.

    Args:
        parent: QGIS's window.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Set up Roadsmith"))
        self.setWindowIcon(QIcon(icon_path("roadsmith")))
        self.resize(_WIDTH, _HEIGHT)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._task: QgsTask | None = None
        self._plan_task: QgsTask | None = None
        self._feedback: background.SpokenFeedback | None = None
        self._context = QgsProcessingContext()
        self._failure = ""
        self._make_widgets()
        self._lay_out()
        self._connect()
        self._show_state()
        self._look()

    def _make_widgets(self) -> None:
        self._state = QLabel()
        self._state.setWordWrap(True)
        self._plan = QLabel(tr("Looking at this computer…"))
        self._plan.setWordWrap(True)
        self._plan.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._accelerator = QComboBox()
        self._accelerator.addItems(ACCELERATORS)
        self._python = QgsFileWidget()
        self._python.setFilter(tr("All files (*)"))
        self._python.lineEdit().setPlaceholderText(tr("empty: find one"))
        self._wheels = QgsFileWidget()
        self._wheels.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self._wheels.lineEdit().setPlaceholderText(tr("empty: download"))
        self._bar = QProgressBar()
        self._bar.setRange(0, 100)
        self._bar.setValue(0)
        self._log = QPlainTextEdit()
        self._log.setReadOnly(True)
        self._buttons = {
            "setup": QPushButton(tr("Set up")), "use": QPushButton(tr("Use this Python")),
            "repair": QPushButton(tr("Repair")), "remove": QPushButton(tr("Remove")),
            "diagnose": QPushButton(tr("Copy diagnostics")),
        }
        self._buttons["setup"].setDefault(True)
        self._buttons["use"].setToolTip(tr("Test the Python named above (conda, pixi, system) and use it from now on."))
        self._buttons["repair"].setToolTip(tr("Build the environment anew."))
        self._buttons["remove"].setToolTip(tr("Remove the environment and all downloads."))
        self._cancel = QPushButton(tr("Cancel"))
        self._cancel.setEnabled(False)
        self._close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)

    def _lay_out(self) -> None:
        plan = QGroupBox(tr("What will happen"))
        QVBoxLayout(plan).addWidget(self._plan)
        form = QFormLayout()
        form.addRow(tr("Accelerator"), self._accelerator)
        form.addRow(tr("Python"), self._python)
        form.addRow(tr("Folder with wheels"), self._wheels)
        row = QHBoxLayout()
        for button in self._buttons.values():
            row.addWidget(button)
        progress = QHBoxLayout()
        progress.addWidget(self._bar, 1)
        progress.addWidget(self._cancel)
        layout = QVBoxLayout(self)
        layout.addWidget(self._state)
        layout.addWidget(plan)
        layout.addLayout(form)
        layout.addLayout(row)
        layout.addWidget(self._log, 1)
        layout.addLayout(progress)
        layout.addWidget(self._close)

    def _connect(self) -> None:
        for action, button in self._buttons.items():
            button.clicked.connect(lambda checked=False, action=action: self.begin(action))
        self._cancel.clicked.connect(self._stop)
        self._close.rejected.connect(self.reject)
        self._accelerator.currentTextChanged.connect(self._look)
        self._python.fileChanged.connect(self._look)
        self._wheels.fileChanged.connect(self._look)

    def _show_state(self) -> None:
        missing = why_missing()
        ready = tr("Roadsmith is set up. Set up again to test it, or repair it if a tool says so.")
        self._state.setText(f"<b>{missing or ready}</b>")

    def _look(self, *_: Any) -> None:
        """Make the plan again, in the background: it asks nvidia-smi and every Python at hand."""
        background.cancel(self._plan_task)
        accelerator, python, wheels = self._accelerator.currentText(), self._python.filePath(), self._wheels.filePath()
        task = background.BackgroundTask(
            tr("Looking at this computer"), lambda feedback: make_plan(accelerator, python.strip(), wheels.strip())
        )
        task.succeeded.connect(self._show_plan)
        task.failed.connect(self._plan.setText)
        self._buttons["use"].setEnabled(bool(python.strip()) and self._task is None)
        self._plan_task = background.start(task)

    def _show_plan(self, plan: Plan) -> None:
        if self.sender() not in (None, self._plan_task):
            return  # of choices that have changed since
        self._plan.setText("\n".join(plan.sentences()))

    def begin(self, action: str) -> None:
        """Run the tool with an action: one of those of ``setup_environment``."""
        if self._task is not None or (action == "remove" and not self._confirm_removal()):
            return
        self._log.clear()
        self._failure = ""
        self._state.setText(f"<b>{tr('Working; QGIS can be used meanwhile.')}</b>")
        self._feedback = background.SpokenFeedback()
        self._feedback.said.connect(self._hear)
        self._feedback.progressChanged.connect(lambda percent: self._bar.setValue(round(percent)))
        algorithm = QgsApplication.processingRegistry().createAlgorithmById("roadsmith:setupenvironment")
        parameters = {
            "ACTION": action, "ACCELERATOR": self._accelerator.currentText(), "PYTHON": self._python.filePath().strip(),
            "OFFLINE_FOLDER": self._wheels.filePath().strip(),
        }
        task = QgsProcessingAlgRunnerTask(algorithm, parameters, self._context, self._feedback)
        task.executed.connect(lambda success, results: self._end(action, success, dict(results)))
        self._task = task
        self._set_busy(True)
        background.start(task)

    def _confirm_removal(self) -> bool:
        kinds = QMessageBox.StandardButton
        question = tr("Remove {} and all downloads? No tool can run until you set up again.").format(own_environment_folder())
        return QMessageBox.question(self, self.windowTitle(), question, kinds.Yes | kinds.No, kinds.No) == kinds.Yes

    def _hear(self, kind: str, text: str) -> None:
        if kind == "text":
            self._bar.setFormat(f"{text} – %p %")
            return
        if kind == "error":
            self._failure = text
        self._log.appendPlainText(text)

    def _end(self, action: str, success: bool, results: dict[str, Any]) -> None:
        stopped = self._feedback is not None and self._feedback.isCanceled()
        self._task = None
        self._set_busy(False)
        self._show_state()
        if stopped:
            self._state.setText(f"<b>{tr('Cancelled; nothing is left of it.')}</b>")
        elif not success:
            self._state.setText(f"<b>{self._failure or tr('It failed: the log below says why.')}</b>")
        elif action == "diagnose":
            QgsApplication.clipboard().setText(results.get("REPORT", ""))
            self._state.setText(f"<b>{tr('The report is in the clipboard.')}</b>")
        self._bar.setFormat("%p %")
        self._bar.setValue(100 if success and not stopped else 0)
        self._look()

    def _set_busy(self, busy: bool) -> None:
        for button in self._buttons.values():
            button.setEnabled(not busy)
        self._buttons["use"].setEnabled(not busy and bool(self._python.filePath().strip()))
        self._cancel.setEnabled(busy)
        self._close.setEnabled(not busy)

    def _stop(self) -> None:
        background.cancel(self._task, self._feedback)

    def reject(self) -> None:
        """Close, unless something runs: whoever means to stop it has a button for that."""
        if self._task is None:
            background.cancel(self._plan_task)
            super().reject()


def show_setup(parent: QWidget | None) -> SetupDialog:
    """Open the set-up page and return it; it does not block the window."""
    dialog = SetupDialog(parent)
    dialog.show()
    return dialog
