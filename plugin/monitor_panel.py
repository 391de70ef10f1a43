"""The head of the training monitor: how the chosen training stands, and what can be done with it."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from ..processing_provider.algorithm import tr
from .monitor_run import CANCEL, RUNNING, TrainingRun
from .monitor_text import device_text, remark, summary


class Panel(QWidget):
    """Name, state, progress and device of a run; buttons to stop early, to cancel and to open the report."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self.summary, self.device, self.remark = (QLabel() for _ in range(4))
        for text in (self.title, self.summary, self.device, self.remark):
            text.setWordWrap(True)
        bold = self.title.font()
        bold.setBold(True)
        self.title.setFont(bold)
        self.progress = QProgressBar()
        self.progress.setRange(0, 1000)
        self.progress.setFormat("%p %")
        self.stop = QPushButton(tr("Stop early"))
        self.stop.setToolTip(tr("Ends the training and writes the model of the best epoch so far."))
        self.cancel = QPushButton(tr("Cancel"))
        self.cancel.setToolTip(tr("Ends the training without a model. Resume goes on after the last saved epoch."))
        self.report = QPushButton(tr("Open report"))
        buttons = QHBoxLayout()
        for button in (self.stop, self.cancel, self.report):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self.title, self.summary, self.progress, self.device, self.remark):
            layout.addWidget(widget)
        layout.addLayout(buttons)
        self.show_run(None)

    def show_run(self, run: TrainingRun | None) -> None:
        """Show how a run stands; None for none."""
        asked = run.asked if run is not None else ""
        runs = run is not None and run.state == RUNNING
        self.stop.setEnabled(runs and not asked)
        self.cancel.setEnabled(runs and asked != CANCEL)
        self.report.setEnabled(run is not None and run.report is not None)
        self.progress.setVisible(run is not None and run.works)
        if run is None:
            texts = [
                tr("No training yet"),
                tr("Start one with Raster > Roadsmith > Train road extractor: it appears here, whatever it is started from."),
                "", "",
            ]
        else:
            network = run.header.get("network", "")
            texts = [f"{run.name} ({network})" if network else run.name, summary(run), device_text(run), remark(run)]
            self.progress.setRange(0, 1000 if run.state == RUNNING and run.status else 0)  # 0: busy, nobody knows for how long
            self.progress.setValue(round(1000 * float(run.status.get("fraction") or 0)))
        for label, text in zip((self.title, self.summary, self.device, self.remark), texts):
            label.setText(text)
            label.setVisible(bool(text))
