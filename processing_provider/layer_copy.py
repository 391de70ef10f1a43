"""Bringing a layer of the worker's GeoPackage to where the user wants it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeatureSink,
    QgsField,
    QgsFields,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsVectorLayer,
)

from .algorithm import tr
from .bridge import JobCancelled


def copy_layer(
    algorithm: QgsProcessingAlgorithm, source: Path, layer_name: str, parameters: dict[str, Any], output: str,
    context: QgsProcessingContext, feedback: QgsProcessingFeedback, crs: QgsCoordinateReferenceSystem | None = None,
) -> str:
    """Copy a layer of a GeoPackage to the sink of the parameter ``output``; return its id.

    Args:
        crs: coordinate system of the result, where QGIS knows it by another name than the file; None for the file's.

    Raises:
        QgsProcessingException: it cannot be read or written.
        JobCancelled: the user cancelled.
    """
    layer = QgsVectorLayer(f"{source}|layername={layer_name}", layer_name, "ogr")
    if not layer.isValid():
        raise QgsProcessingException(tr("The worker's result {} cannot be read.").format(source))
    names = [each.name() for each in layer.fields() if each.name() != "fid"]
    fields = QgsFields()
    for name in names:
        fields.append(QgsField(layer.fields().field(name)))
    sink, identifier = algorithm.parameterAsSink(parameters, output, context, fields, layer.wkbType(), crs or layer.crs())
    if sink is None:
        raise QgsProcessingException(algorithm.invalidSinkError(parameters, output))
    for feature in layer.getFeatures():
        if feedback.isCanceled():
            raise JobCancelled
        feature.setAttributes([feature[name] for name in names])
        feature.setFields(fields, False)
        if not sink.addFeature(feature, QgsFeatureSink.Flag.FastInsert):
            raise QgsProcessingException(algorithm.writeFeatureError(sink, parameters, output))
    return identifier
