"""One code base for QGIS 3.22 to 4.x: what is spelled differently in them is spelled here once."""

from __future__ import annotations

from typing import Any

from qgis.core import Qgis, QgsField, QgsProcessingParameterDefinition
from qgis.PyQt.QtCore import QVariant

_NAMES = {"integer": "Int", "long": "LongLong", "double": "Double", "text": "QString", "boolean": "Bool"}


def field_type(kind: str) -> Any:
    """Return the field type for ``integer``, ``long``, ``double``, ``text`` or ``boolean``."""
    if Qgis.QGIS_VERSION_INT >= 33800:
        from qgis.PyQt.QtCore import QMetaType

        return getattr(QMetaType.Type, _NAMES[kind])
    return getattr(QVariant, "String" if kind == "text" else _NAMES[kind])


def make_field(name: str, kind: str, length: int = 0, precision: int = 0) -> QgsField:
    """Return an attribute field; ``kind`` as in ``field_type``."""
    return QgsField(name, field_type(kind), len=length, prec=precision)


def advanced(parameter: QgsProcessingParameterDefinition) -> QgsProcessingParameterDefinition:
    """Return the parameter, moved to the advanced part of the dialog."""
    parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
    return parameter
