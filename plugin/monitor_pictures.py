"""What the network makes of a few validation chips: image, truth and prediction side by side."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import QRectF, Qt
from qgis.PyQt.QtGui import QColor, QImage, QPainter, QPalette, QTextOption
from qgis.PyQt.QtWidgets import QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ..processing_provider.algorithm import tr
from .monitor_colours import ink
from .monitor_run import TrainingRun

_KINDS = ("image", "truth", "prediction")
_GAP = 4
#: Truth and prediction are colours with an opacity; this lies beneath them.
_GROUND = QColor(20, 20, 20)


class Pictures(QWidget):
    """The chips of the last epoch, and a button that puts them on the map."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[str, int] = ("", -1)
        self.heading = QLabel()
        self.heading.setWordWrap(True)
        self.grid = _Grid()
        self.add_to_map = QPushButton(tr("Show on the map"))
        self.add_to_map.setToolTip(tr(
            "Adds truth and prediction of these chips as layers that follow the training from epoch to epoch."
        ))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(self.grid)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.addWidget(self.heading)
        layout.addWidget(area, 1)
        layout.addWidget(self.add_to_map)
        self.show_run(None)

    def show_run(self, run: TrainingRun | None) -> bool:
        """Show the chips of a run; return whether they are others than before."""
        key = (run.folder.name, run.pictures_epoch) if run is not None else ("", 0)
        if key == self._shown:
            return False
        self._shown = key
        chips = run.pictures if run is not None else []
        self.grid.show_chips([
            [QImage(str(run.folder / str(chip.get(kind, "")))) for kind in _KINDS] for chip in chips
        ] if run is not None else [])
        self.heading.setText(
            tr("Validation chips after epoch {}").format(key[1]) if chips
            else tr("After the first epoch, some validation chips are shown here with what the network makes of them.")
        )
        on_map = any(chip.get("on_map") for chip in chips)
        self.add_to_map.setEnabled(on_map)
        return True


class _Grid(QWidget):
    """Rows of three pictures as wide as the widget allows."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[list[QImage]] = []

    def show_chips(self, rows: list[list[QImage]]) -> None:
        self._rows = rows
        self._fit()
        self.update()

    def resizeEvent(self, event: Any) -> None:
        self._fit()

    def paintEvent(self, event: Any) -> None:
        if not self._rows:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        side, line = self._side, self.fontMetrics().height()
        painter.setPen(ink(self, QPalette.ColorRole.Window))
        for column, text in enumerate((tr("image"), tr("truth"), tr("prediction"))):
            box = QRectF(column * (side + _GAP), 0, side, line)
            painter.drawText(box, text, QTextOption(Qt.AlignmentFlag.AlignCenter))
        for number, row in enumerate(self._rows):
            for column, image in enumerate(row):
                box = QRectF(column * (side + _GAP), line + _GAP + number * (side + _GAP), side, side)
                painter.fillRect(box, _GROUND)
                if not image.isNull():
                    painter.drawImage(box, image)

    def _fit(self) -> None:
        height = self.fontMetrics().height() + len(self._rows) * (self._side + _GAP) + _GAP
        self.setMinimumHeight(int(height) if self._rows else 0)

    @property
    def _side(self) -> float:
        return max(20.0, (self.width() - 2 * _GAP) / 3)
