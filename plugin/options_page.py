"""The page Settings > Options > Roadsmith."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from qgis.core import QgsApplication, QgsTask
from qgis.gui import QgsFileWidget, QgsOptionsPageWidget, QgsOptionsWidgetFactory
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ..processing_provider.algorithm import icon_path
from ..processing_provider.diagnostics import diagnose, facts_as_text
from ..processing_provider.environment import (
    HOME_VARIABLE,
    SETTING,
    Environment,
    find_environment,
    home_folder,
    missing_environment,
)
from ..processing_provider.environment_setup import check_python
from ..processing_provider.settings import Options, read_options, write_options
from ..processing_provider.translation import tr
from . import background
from .setup_dialog import show_setup

_DEVICES = ["auto", "cpu", "cuda", "cuda:0", "cuda:1", "mps"]
_MOST_GB = 4096.0


class OptionsPage(QgsOptionsPageWidget):
    """What the user may choose once for all tools, with a test of what was chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._task: QgsTask | None = None
        self._make_widgets()
        self._lay_out()
        self._test.clicked.connect(self.test)
        self._setup.clicked.connect(self._open_setup)
        self._copy.clicked.connect(self._copy_diagnostics)
        self._shown = read_options()
        self.show_options(self._shown)
        self._show(missing_environment() or tr("Roadsmith is set up; Test shows device, versions and speed."))

    def _make_widgets(self) -> None:
        self._interpreter = QgsFileWidget()
        self._interpreter.setFilter(tr("All files (*)"))
        self._interpreter.lineEdit().setPlaceholderText(tr("empty: the environment that Set up… makes"))
        self._device = QComboBox()
        self._device.setEditable(True)
        self._device.addItems(_DEVICES)
        self._device.setToolTip(tr("What 'auto' in the tools means. auto: the fastest there is. cuda:1: the second NVIDIA GPU."))
        self._memory = QDoubleSpinBox()
        self._memory.setRange(0, _MOST_GB)
        self._memory.setDecimals(1)
        self._memory.setSuffix(" GB")
        self._memory.setSpecialValueText(tr("no limit"))
        self._memory.setToolTip(tr("A tool that needs more memory of the computer is stopped. Memory of a GPU does not count."))
        self._cache = QgsFileWidget()
        self._cache.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self._cache.lineEdit().setPlaceholderText(str(home_folder()))
        self._cache.setToolTip(tr("Where the environment and downloaded weights are kept. After a change, set up again."))
        self._scheduler = QLineEdit()
        self._scheduler.setPlaceholderText(tr("empty: this computer; else tcp://host:port"))
        self._scheduler.setToolTip(tr("The Dask scheduler that Classify pixels and Raster to road vector offer by default."))
        self._test = QPushButton(tr("Test"))
        self._setup = QPushButton(tr("Set up…"))
        self._copy = QPushButton(tr("Copy diagnostics"))
        self._result = QPlainTextEdit()
        self._result.setReadOnly(True)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        group = QGroupBox(tr("For all tools"))
        form = QFormLayout(group)
        form.addRow(tr("Python"), self._interpreter)
        form.addRow(tr("Device"), self._device)
        form.addRow(tr("Memory limit"), self._memory)
        form.addRow(tr("Cache folder"), self._cache)
        form.addRow(tr("Dask scheduler"), self._scheduler)
        for variable, widget in ((SETTING, self._interpreter), (HOME_VARIABLE, self._cache)):
            if os.environ.get(variable):
                widget.setEnabled(False)
                form.addRow("", QLabel(tr("The variable {} is set and goes before: {}").format(variable, os.environ[variable])))
        layout.addWidget(group)
        row = QHBoxLayout()
        for button in (self._test, self._setup, self._copy):
            row.addWidget(button)
        row.addStretch(1)
        test = QGroupBox(tr("Environment"))
        inside = QVBoxLayout(test)
        inside.addLayout(row)
        inside.addWidget(self._result, 1)
        layout.addWidget(test, 1)

    def show_options(self, options: Options) -> None:
        """Put options into the fields."""
        self._interpreter.setFilePath(options.interpreter)
        self._device.setCurrentText(options.device)
        self._memory.setValue(options.memory_limit_gb)
        self._cache.setFilePath(options.cache_folder)
        self._scheduler.setText(options.scheduler)

    def options(self) -> Options:
        """Return what is in the fields."""
        return Options(
            self._interpreter.filePath().strip(), self._device.currentText().strip() or "auto", round(self._memory.value(), 1),
            self._cache.filePath().strip(), self._scheduler.text().strip(),
        )

    def isValid(self) -> bool:
        """Say what is wrong, if something is; a QGIS that asks (3.32 and later) then keeps the dialog open."""
        problem = self.options().problem()
        if problem:
            QMessageBox.warning(self, tr("Roadsmith"), problem)
        return not problem

    def apply(self) -> None:
        """Keep the options; QGIS calls it when the dialog is accepted."""
        if self.isValid():  # QGIS 3.22 does not ask that itself; what means nothing is not kept
            options = self.options()
            if options.interpreter == self._shown.interpreter:  # the set-up page may have named another meanwhile
                options = replace(options, interpreter=read_options().interpreter)
            write_options(options)
            self._interpreter.setFilePath(options.interpreter)
            self._shown = options

    def _open_setup(self) -> None:
        show_setup(self.window()).finished.connect(self._take_over)

    def _take_over(self) -> None:
        """Show what the set-up page changed."""
        chosen = read_options().interpreter
        if self.options().interpreter == self._shown.interpreter:
            self._interpreter.setFilePath(chosen)
            self._shown = replace(self._shown, interpreter=chosen)
        self._show(missing_environment() or tr("Roadsmith is set up; Test shows device, versions and speed."))

    def test(self) -> None:
        """Test what is in the fields, kept or not, in a worker."""
        options = self.options()
        environment = _environment_of(options)
        if isinstance(environment, str):
            self._show(environment)
        elif options.problem():
            self._show(options.problem())
        else:
            self._run(tr("Testing the environment"), lambda feedback: check_python(environment, options.device, feedback),
                      self._show_facts)

    def _copy_diagnostics(self) -> None:
        self._run(tr("Writing the diagnostics report"), diagnose, self._copied)

    def _run(self, title: str, function: Any, done: Any) -> None:
        task = background.BackgroundTask(title, function)
        task.succeeded.connect(done)
        task.failed.connect(self._show)
        for signal in (task.taskCompleted, task.taskTerminated):
            signal.connect(self._idle)
        for button in (self._test, self._copy):
            button.setEnabled(False)
        self._show(f"{title}…")
        self._task = background.start(task)

    def _idle(self) -> None:
        self._task = None
        for button in (self._test, self._copy):
            button.setEnabled(True)

    def _show_facts(self, facts: dict[str, Any]) -> None:
        rows = [f"{name}: {value}" for name, value in facts_as_text(facts).items()]
        self._show("\n".join([tr("It works."), *rows]))

    def _copied(self, report: str) -> None:
        QgsApplication.clipboard().setText(report)
        self._show(tr("The report is in the clipboard; paste it into the bug report.") + f"\n\n{report}")

    def _show(self, text: str) -> None:
        self._result.setPlainText(text)

    def hideEvent(self, event: Any) -> None:
        """Stop a test that nobody waits for any more."""
        if not self.window().isVisible():
            background.cancel(self._task)
        super().hideEvent(event)


def _environment_of(options: Options) -> Environment | str:
    """Return the Python that would be used with ``options``, or a sentence if there is none."""
    if options.interpreter and not os.environ.get(SETTING):
        path = Path(options.interpreter).expanduser()
        if path.is_file():
            return Environment(str(path.absolute()), "setting")
        return tr("There is no Python at {}: correct it, or leave it empty and set up.").format(options.interpreter)
    return find_environment() or missing_environment()


class OptionsPageFactory(QgsOptionsWidgetFactory):
    """Makes the page each time the options are opened."""

    def __init__(self) -> None:
        super().__init__()
        self.setTitle("Roadsmith")
        self.setIcon(QIcon(icon_path("roadsmith")))

    def createWidget(self, parent: QWidget | None = None) -> QgsOptionsPageWidget:
        """Return a page with the options of now."""
        return OptionsPage(parent)
