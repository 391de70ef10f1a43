"""The curves of a training: loss, a score of choice, learning rate."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ..processing_provider.algorithm import tr
from .monitor_plot import Curve, Plot
from .monitor_run import TrainingRun
from .monitor_text import METRICS


class Curves(QWidget):
    """Three plots over the epochs, and the choice of the score in the second."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run: TrainingRun | None = None
        self.metric = QComboBox()
        self.metric.setAccessibleName(tr("Score shown"))
        self.metric.addItems(METRICS)
        self.metric.currentTextChanged.connect(lambda text: self.show_run(self._run))
        hint = tr("No epoch is complete yet.")
        self.loss, self.score, self.rate = (
            Plot(title, tr("epoch"), hint) for title in (tr("Loss"), tr("Score"), tr("Learning rate"))
        )
        choice = QHBoxLayout()
        choice.addWidget(QLabel(tr("Score on the validation chips:")))
        choice.addWidget(self.metric, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.addWidget(self.loss, 3)
        layout.addLayout(choice)
        layout.addWidget(self.score, 3)
        layout.addWidget(self.rate, 2)

    def show_run(self, run: TrainingRun | None) -> None:
        """Show the curves of a run; None for none."""
        self._run = run
        epochs = run.epochs if run is not None else []
        steps = run.steps if run is not None else []
        reach = 0.0, max([1.0, *(float(each["epoch"]) for each in (*epochs[-1:], *steps[-1:]))])
        losses = [
            Curve(tr("training"), _points(epochs, "train_loss")), Curve(tr("validation"), _points(epochs, "valid_loss")),
        ]
        if steps and not epochs:
            losses = [Curve(tr("training, single steps"), _points(steps, "loss"), marked=False)]
        self.loss.show_curves(tr("Loss"), losses, reach)
        name = self.metric.currentText()
        self.score.show_curves(name, [Curve(name, _points(epochs, name))], reach)
        # an epoch's rate is that of its last step
        rates = sorted({*_points(steps, "learning_rate"), *_points(epochs, "learning_rate")})
        self.rate.show_curves(tr("Learning rate"), [Curve(tr("rate"), rates, marked=False)], reach)


def _points(records: list[dict[str, float]], name: str) -> list[tuple[float, float]]:
    return [(each["epoch"], each[name]) for each in records if name in each]
