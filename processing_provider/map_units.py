"""Metres on the ground in the units of a map."""

from __future__ import annotations

from qgis.core import QgsCoordinateReferenceSystem, QgsDistanceArea, QgsPointXY, QgsProcessingContext, QgsRectangle


def metres_to_map_units(
    metres: float, crs: QgsCoordinateReferenceSystem, area: QgsRectangle, context: QgsProcessingContext
) -> float:
    """Return how many map units along x are ``metres`` long on the ground, at the centre of ``area``."""
    measure = QgsDistanceArea()
    measure.setSourceCrs(crs, context.transformContext())
    measure.setEllipsoid(crs.ellipsoidAcronym() or "EPSG:7030")
    centre, step = area.center(), area.width() / 1000 or 1e-6
    length = measure.measureLine(centre, QgsPointXY(centre.x() + step, centre.y()))
    return metres * step / length
