"""A small plot of curves: axes with round numbers, a legend, the values under the mouse; in the colours of QGIS's theme."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qgis.PyQt.QtCore import QPointF, QRectF, QSize, Qt
from qgis.PyQt.QtGui import QColor, QPainter, QPalette, QPen, QPolygonF, QTextOption
from qgis.PyQt.QtWidgets import QSizePolicy, QWidget

from .monitor_colours import curve_colour, ink
from .monitor_ticks import label, padded, ticks


@dataclass(frozen=True)
class Curve:
    """One curve: its name for the legend, points (x, y) by rising x, and whether the points are marked."""

    name: str
    points: Sequence[tuple[float, float]]
    marked: bool = True


class Plot(QWidget):
    """Curves over a common x axis.

    Args:
        title: above the plot. x_label: below it. empty: sentence in place of curves that have no point.
    """

    def __init__(self, title: str, x_label: str, empty: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._x_label, self._empty = title, x_label, empty
        self._curves: list[Curve] = []
        self._x_range: tuple[float, float] = (0.0, 1.0)
        self._pointer: float | None = None
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(title)

    def show_curves(self, title: str, curves: Sequence[Curve], x_range: tuple[float, float]) -> None:
        """Show curves over the given range of x."""
        finite = [Curve(each.name, [point for point in each.points if _finite(point)], each.marked) for each in curves]
        self._title, self._curves, self._x_range = title, [each for each in finite if each.points], x_range
        self.update()

    @property
    def curves(self) -> list[Curve]:
        """What is shown."""
        return list(self._curves)

    def minimumSizeHint(self) -> QSize:  # noqa: D102
        height = self.fontMetrics().height()
        return QSize(14 * height, 6 * height)

    def mouseMoveEvent(self, event: Any) -> None:  # noqa: D102
        self._pointer = float(event.pos().x())
        self.update()

    def leaveEvent(self, event: Any) -> None:  # noqa: D102
        self._pointer = None
        self.update()

    def paintEvent(self, event: Any) -> None:  # noqa: D102
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Base))
        line = float(self.fontMetrics().height())
        area = QRectF(self.rect()).adjusted(line * 3.4, line * 1.6, -line * 0.7, -line * 2.4)
        self._text(painter, QRectF(line * 0.4, line * 0.2, self.width(), line), self._title, Qt.AlignmentFlag.AlignLeft)
        if not self._curves:
            self._text(painter, area, self._empty, Qt.AlignmentFlag.AlignCenter, faint=True)
            return
        values = [y for curve in self._curves for _, y in curve.points]
        view = _View(area, self._x_range, padded(min(values), max(values)))
        self._draw_axes(painter, view, line)
        for number, curve in enumerate(self._curves):
            _draw_curve(painter, view, curve, curve_colour(self, number))
        self._draw_legend(painter, line)
        if self._pointer is not None and area.left() <= self._pointer <= area.right():
            self._draw_values(painter, view, line)

    def _draw_axes(self, painter: QPainter, view: _View, line: float) -> None:
        area, grid = view.area, ink(self)
        grid.setAlphaF(0.15)
        painter.setPen(QPen(grid, 1))
        across = ticks(*view.x_range, max(2, int(area.width() / (3.5 * line))), whole=True)
        up = ticks(*view.y_range, max(3, int(area.height() / (1.8 * line))))
        for x in across:
            painter.drawLine(view.at(x, view.y_range[0]), view.at(x, view.y_range[1]))
        for y in up:
            painter.drawLine(view.at(view.x_range[0], y), view.at(view.x_range[1], y))
        for x in across:
            box = QRectF(view.at(x, 0).x() - 3 * line, area.bottom() + 0.1 * line, 6 * line, line)
            self._text(painter, box, label(x), Qt.AlignmentFlag.AlignCenter, faint=True)
        for y in up:
            box = QRectF(0, view.at(0, y).y() - line / 2, area.left() - 0.3 * line, line)
            self._text(painter, box, label(y), Qt.AlignmentFlag.AlignRight, faint=True)
        below = QRectF(area.left(), area.bottom() + 1.15 * line, area.width(), line)
        self._text(painter, below, self._x_label, Qt.AlignmentFlag.AlignCenter, faint=True)

    def _draw_legend(self, painter: QPainter, line: float) -> None:
        if len(self._curves) < 2:
            return
        right = self.width() - 0.7 * line
        for number, curve in reversed(list(enumerate(self._curves))):
            width = self.fontMetrics().boundingRect(curve.name).width() + 4
            self._text(painter, QRectF(right - width, 0.2 * line, width, line), curve.name, Qt.AlignmentFlag.AlignRight)
            painter.setPen(QPen(curve_colour(self, number), 2))
            painter.drawLine(QPointF(right - width - 1.3 * line, 0.7 * line), QPointF(right - width - 0.3 * line, 0.7 * line))
            right -= width + 2 * line

    def _draw_values(self, painter: QPainter, view: _View, line: float) -> None:
        """Write the values of the points nearest to the mouse beside it."""
        assert self._pointer is not None
        wanted = view.x_of(self._pointer)
        nearest = [min(curve.points, key=lambda point: abs(point[0] - wanted)) for curve in self._curves]
        lines = [f"{curve.name}: {y:.4g}" for curve, (_, y) in zip(self._curves, nearest)]
        lines.insert(0, f"{self._x_label} {nearest[0][0]:.4g}")
        width = max(self.fontMetrics().boundingRect(text).width() for text in lines) + line
        left = min(self._pointer + 0.6 * line, view.area.right() - width)
        box = QRectF(left, view.area.top(), width, line * (len(lines) + 0.4))
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Mid), 1))
        painter.setBrush(self.palette().color(QPalette.ColorRole.ToolTipBase))
        painter.drawRect(box)
        for number, text in enumerate(lines):
            painter.setPen(self.palette().color(QPalette.ColorRole.ToolTipText))
            painter.drawText(QPointF(box.left() + 0.5 * line, box.top() + line * (number + 0.95)), text)
        for number, (x, y) in enumerate(nearest):
            _draw_mark(painter, view.at(x, y), curve_colour(self, number), 4)

    def _text(self, painter: QPainter, box: QRectF, text: str, alignment: Any, faint: bool = False) -> None:
        colour = ink(self)
        colour.setAlphaF(0.7 if faint else 1.0)
        painter.setPen(colour)
        option = QTextOption(Qt.AlignmentFlag.AlignVCenter | alignment)
        option.setWrapMode(QTextOption.WrapMode.WordWrap)
        painter.drawText(box, text, option)


@dataclass(frozen=True)
class _View:
    """Where values lie in the widget."""

    area: QRectF
    x_range: tuple[float, float]
    y_range: tuple[float, float]

    def at(self, x: float, y: float) -> QPointF:
        (left, right), (low, high) = self.x_range, self.y_range
        across = (x - left) / ((right - left) or 1.0)
        return QPointF(
            self.area.left() + across * self.area.width(), self.area.bottom() - (y - low) / (high - low) * self.area.height()
        )

    def x_of(self, pixel: float) -> float:
        left, right = self.x_range
        return left + (pixel - self.area.left()) / (self.area.width() or 1.0) * (right - left)


def _draw_curve(painter: QPainter, view: _View, curve: Curve, colour: QColor) -> None:
    places = [view.at(x, y) for x, y in curve.points]
    painter.setPen(QPen(colour, 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF(places))
    if (curve.marked and len(places) * 6 < view.area.width()) or len(places) == 1:
        for place in places:
            _draw_mark(painter, place, colour, 2.5)


def _draw_mark(painter: QPainter, place: QPointF, colour: QColor, radius: float) -> None:
    painter.setPen(QPen(colour, 1))
    painter.setBrush(colour)
    painter.drawEllipse(place, radius, radius)


def _finite(point: tuple[float, float]) -> bool:
    return all(isinstance(value, (int, float)) and math.isfinite(value) for value in point)
