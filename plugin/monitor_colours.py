"""Colours that can be seen on whatever theme QGIS has."""

from __future__ import annotations

from qgis.PyQt.QtGui import QColor, QPalette
from qgis.PyQt.QtWidgets import QWidget

#: Told apart by the colour-blind too, on light and on dark ground (after Okabe and Ito).
_ON_LIGHT, _ON_DARK = ("#0072b2", "#d55e00", "#009e73"), ("#56b4e9", "#e69f00", "#4fd6a8")
_DARK_INK, _LIGHT_INK = "#202020", "#e6e6e6"
#: Least difference of lightness (0 to 255) at which text is readable.
_CONTRAST = 100


def ink(widget: QWidget, on: QPalette.ColorRole = QPalette.ColorRole.Base) -> QColor:
    """Return the colour for text and axes on the ground ``on`` of the widget.

    Themes that are style sheets (QGIS's Night Mapping) darken the ground of a palette and leave its text black.
    """
    ground, text = widget.palette().color(on), widget.palette().color(QPalette.ColorRole.Text)
    if abs(ground.lightness() - text.lightness()) >= _CONTRAST:
        return text
    return QColor(_LIGHT_INK if _is_dark(ground) else _DARK_INK)


def curve_colour(widget: QWidget, number: int) -> QColor:
    """Return the colour of a plot's curve."""
    colours = _ON_DARK if _is_dark(widget.palette().color(QPalette.ColorRole.Base)) else _ON_LIGHT
    return QColor(colours[number % len(colours)])


def _is_dark(colour: QColor) -> bool:
    return colour.lightness() < 128
