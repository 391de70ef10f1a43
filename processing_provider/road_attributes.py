"""The columns that go with the roads to the worker."""

from __future__ import annotations

from typing import Any

from qgis.core import NULL, Qgis, QgsFeature, QgsField, QgsFields, QgsProcessingException, QgsProcessingFeatureSource
from qgis.PyQt.QtCore import QMetaType, QVariant

from .algorithm import tr

# QVariant.Type went with Qt 6; QgsField takes QMetaType.Type from QGIS 3.38 on
_KIND = QMetaType.Type if Qgis.versionInt() >= 33800 else QVariant.Type
_TEXT = _KIND.QString if Qgis.versionInt() >= 33800 else _KIND.String
_WHOLE_KINDS = (_KIND.Int, _KIND.UInt, _KIND.LongLong, _KIND.ULongLong)

SOURCE_ID, CLASS, WIDTH = "source_id", "road_class", "road_width"


class RoadAttributes:
    """Which columns the worker's copy of a road layer has, and what they hold.

    ``source_id`` is the feature's id in the user's layer, for messages. ``road_class`` is a whole number where the user's
    field is one, else text. ``road_width`` is a number where the user's field is one; text such as "5.5 m" stays text, which
    the worker reads.

    Args:
        fields: of the user's layer.
        class_field, width_field: names in it; empty for none.
        layer_name: for messages.

    Raises:
        QgsProcessingException: the layer has no such field.
    """

    def __init__(
        self, fields: QgsFields | None = None, class_field: str = "", width_field: str = "", layer_name: str = ""
    ) -> None:
        self.fields = QgsFields()
        self.fields.append(QgsField(SOURCE_ID, _KIND.LongLong))
        #: Positions of the columns to read in the user's layer.
        self.indices: list[int] = []
        #: Names for the job; empty if there is no such column.
        self.class_field = self.width_field = ""
        if fields is not None and class_field:
            field = self._take(fields, class_field, layer_name)
            self.class_field = CLASS
            self._class_is_number = field.type() in _WHOLE_KINDS
            self.fields.append(QgsField(CLASS, _KIND.LongLong if self._class_is_number else _TEXT))
        if fields is not None and width_field:
            field = self._take(fields, width_field, layer_name)
            self.width_field = WIDTH
            self._width_is_number = field.isNumeric()
            self.fields.append(QgsField(WIDTH, _KIND.Double if self._width_is_number else _TEXT))

    def of(self, feature: QgsFeature) -> list[Any]:
        """Return the attributes that stand for a feature of the user's layer."""
        values: list[Any] = [feature.id()]
        columns = iter(self.indices)
        if self.class_field:
            value = feature[next(columns)]
            values.append(value if value == NULL or self._class_is_number else _as_text(value))
        if self.width_field:
            value = feature[next(columns)]
            values.append(value if value == NULL else float(value) if self._width_is_number else str(value))
        return values

    def class_names(self, source: QgsProcessingFeatureSource) -> list[str]:
        """Return all classes of the user's layer, so that a class has the same value whatever part of it is exported."""
        if not self.class_field:
            return []
        values = source.uniqueValues(self.indices[0])
        return sorted(str(value) if self._class_is_number else _as_text(value) for value in values if value not in (None, NULL))

    def _take(self, fields: QgsFields, name: str, layer_name: str) -> QgsField:
        index = fields.lookupField(name)
        if index < 0:
            raise QgsProcessingException(
                tr("The road layer '{}' has no field '{}'; it has: {}.").format(layer_name, name, ", ".join(fields.names()))
            )
        self.indices.append(index)
        return fields.at(index)


def _as_text(value: Any) -> str:
    """Return a class as text: a real number without fraction as the whole number it means."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
