"""Metres on the ground in the units of a map."""

from __future__ import annotations

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsDistanceArea,
    QgsPointXY,
    QgsProcessingContext,
    QgsProcessingException,
    QgsRectangle,
)

from .algorithm import tr

#: Least length that is measured, map units: rounding would eat a shorter one.
_STEP, _STEP_DEGREES = 1.0, 1e-5


def metres_to_map_units(
    metres: float, crs: QgsCoordinateReferenceSystem, area: QgsRectangle, context: QgsProcessingContext
) -> float:
    """Return how many map units along x are ``metres`` long on the ground, at the centre of ``area``, which may be a point.

    Raises:
        QgsProcessingException: nothing can be measured there: a pole, or no place on the globe.
    """
    measure = QgsDistanceArea()
    measure.setSourceCrs(crs, context.transformContext())
    measure.setEllipsoid(crs.ellipsoidAcronym() or "EPSG:7030")
    centre = area.center()
    step = max(area.width() / 1000, _STEP_DEGREES if crs.isGeographic() else _STEP)
    length = measure.measureLine(centre, QgsPointXY(centre.x() + step, centre.y()))
    if not length > 0:
        raise QgsProcessingException(
            tr("No distance can be measured at {} in {}: check the layer's coordinate system.").format(
                centre.toString(), crs.authid() or crs.description()
            )
        )
    return metres * step / length
