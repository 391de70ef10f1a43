"""Parameters of Export training data that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from qgis.core import QgsProcessingAlgorithm, QgsProcessingContext

from .algorithm import tr
from .class_widths import class_widths
from .export_names import ExportNames
from .parameters import is_given


def contradictions(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> Iterator[str]:
    """Yield a sentence for each contradiction."""
    yield from _about_labels(parameters)
    yield from _about_classes(algorithm, parameters, context)
    names = ExportNames
    tile, stride = (algorithm.parameterAsInt(parameters, name, context) for name in (names.TILE_SIZE, names.STRIDE))
    if stride > tile:
        yield tr("The stride is larger than the tile size: imagery between the chips would be lost.")
    low, high = (algorithm.parameterAsDouble(parameters, name, context) for name in (names.STRETCH_LOW, names.STRETCH_HIGH))
    if algorithm.parameterAsEnumString(parameters, names.STRETCH, context) in ("AUTO", "PERCENT") and low >= high:
        yield tr("The stretch goes from {:g} to {:g} percent: the first must be smaller.").format(low, high)


def _about_labels(parameters: dict[str, Any]) -> Iterator[str]:
    vector, raster = (is_given(parameters, name) for name in (ExportNames.LABELS, ExportNames.LABEL_RASTER))
    if not vector and not raster:
        yield tr("There are no labels: choose a layer of roads, or a label raster under Advanced parameters.")
    if vector and raster:
        yield tr("There are two kinds of labels: choose a layer of roads or a label raster, and leave the other one empty.")
    for name in (ExportNames.CLASS_FIELD, ExportNames.WIDTH_FIELD):
        if raster and is_given(parameters, name):
            yield tr("{} names a field, but a label raster has none: leave it empty.").format(name)


def _about_classes(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> Iterator[str]:
    names = ExportNames
    if not is_given(parameters, names.CLASS_WIDTHS):
        return
    try:
        widths = class_widths(algorithm.parameterAsMatrix(parameters, names.CLASS_WIDTHS, context))
    except ValueError as error:
        yield str(error)
        return
    if widths and not is_given(parameters, names.CLASS_FIELD):
        yield tr("The classes have widths, but no class field tells which class a road is: choose one.")
