"""Moving geometries into the raster's coordinate system without bending long straight lines away from where they lie."""

from __future__ import annotations

import math

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingContext,
    QgsRectangle,
)

#: No geometry gets more vertices than this from densifying, however long it is.
_MAX_NEW_VERTICES = 20_000


class Reprojection:
    """Transforms geometries from the coordinate system of a layer to that of a raster.

    QGIS transforms vertices only, so a straight segment stays straight although its true image is a curve. A segment of
    length L misses that curve by about k·L²/8, where k is how sharply the transformation bends straight lines here. k is
    measured on the raster's area, and segments are divided just finely enough for the miss to stay below ``tolerance``. At
    0.5 m per pixel and a tolerance of a twentieth of it, a degree-based line in UTM at 45° gets a vertex about every kilometre.

    Args:
        source: coordinate system of the layer.
        target: coordinate system of the raster.
        area: the raster's area, target map units.
        tolerance: largest distance a line may be off, target map units.
    """

    def __init__(
        self, source: QgsCoordinateReferenceSystem, target: QgsCoordinateReferenceSystem, area: QgsRectangle, tolerance: float,
        context: QgsProcessingContext,
    ) -> None:
        self._transform = QgsCoordinateTransform(source, target, context.transformContext())
        self._area = area
        #: Longest segment that need not be divided, source map units; infinite if none needs it.
        self.step = math.inf if self._transform.isShortCircuited() else self._longest_step(tolerance)

    def apply(self, geometry: QgsGeometry) -> QgsGeometry | None:
        """Return the transformed geometry; None if the target coordinate system has no place for it."""
        if self._transform.isShortCircuited():
            return geometry
        if math.isfinite(self.step):
            geometry = geometry.densifyByDistance(max(self.step, geometry.length() / _MAX_NEW_VERTICES))
        try:
            geometry.transform(self._transform)
        except QgsCsException:
            return None
        return geometry if geometry.boundingBox().isFinite() else None

    def source_area(self) -> QgsRectangle:
        """Return a rectangle in source map units that holds the area; a null one if there is no telling, so all must be read."""
        if self._transform.isShortCircuited():
            return self._area
        backward = Qgis.TransformDirection.Reverse
        try:
            box = self._transform.transformBoundingBox(self._area, backward)
            there_and_back = self._transform.transformBoundingBox(box)
        except QgsCsException:
            return QgsRectangle()
        slack = QgsRectangle(there_and_back)
        slack.grow(max(self._area.width(), self._area.height()) * 1e-3)
        return box if box.isFinite() and slack.contains(self._area) else QgsRectangle()

    def target_box(self, box: QgsRectangle) -> QgsRectangle:
        """Return a rectangle of the source in target map units; a null one if it has no place there."""
        try:
            return self._transform.transformBoundingBox(box)
        except QgsCsException:
            return QgsRectangle()

    def _longest_step(self, tolerance: float) -> float:
        steps = [
            step
            for x_share in (0.1, 0.5, 0.9) for y_share in (0.1, 0.5, 0.9)
            for step in self._steps_at(x_share, y_share, tolerance)
        ]
        return min(steps, default=math.inf)

    def _steps_at(self, x_share: float, y_share: float, tolerance: float) -> list[float]:
        """Return the longest steps in four directions at a place of the area, from the miss of one short chord in each."""
        area = self._area
        backward = Qgis.TransformDirection.Reverse
        steps = []
        try:
            centre = self._transform.transform(
                area.xMinimum() + x_share * area.width(), area.yMinimum() + y_share * area.height(), backward
            )
            beside = self._transform.transform(
                area.xMinimum() + (x_share + 0.05) * area.width(), area.yMinimum() + y_share * area.height(), backward
            )
            reach = centre.distance(beside)
            for angle in (0, 45, 90, 135):
                dx, dy = reach * math.cos(math.radians(angle)), reach * math.sin(math.radians(angle))
                first, middle, last = (
                    self._transform.transform(QgsPointXY(centre.x() + sign * dx, centre.y() + sign * dy)) for sign in (-1, 0, 1)
                )
                miss = math.hypot((first.x() + last.x()) / 2 - middle.x(), (first.y() + last.y()) / 2 - middle.y())
                if miss > 0 and math.isfinite(miss):
                    steps.append(2 * reach * math.sqrt(tolerance / miss))
        except QgsCsException:
            pass  # a corner of the raster outside the layer's projection tells nothing
        return steps


def area_in(
    target: QgsCoordinateReferenceSystem, source: QgsCoordinateReferenceSystem, area: QgsRectangle,
    context: QgsProcessingContext,
) -> QgsRectangle:
    """Return a rectangle in another coordinate system that holds the area; a null one, for everything, if there is none."""
    return Reprojection(target, source, area, 1.0, context).source_area()
