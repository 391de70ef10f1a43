"""Draw vector roads over imagery with QGIS itself: ``QGIS_PYTHON draw_roads.py IMAGERY ROADS OUTPUT.png [REFERENCE]``."""

from __future__ import annotations

import sys

from qgis.core import (
    QgsApplication,
    QgsLineSymbol,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsRasterLayer,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

LONG_SIDE = 1600


def line_layer(path: str, colour: str, width: float) -> QgsVectorLayer:
    """Open a line layer in a plain colour (width in millimetres)."""
    layer = QgsVectorLayer(path, "roads", "ogr")
    if not layer.isValid():
        sys.exit(f"{path} is no vector layer")
    symbol = QgsLineSymbol.createSimple({"color": colour, "width": str(width), "capstyle": "round", "joinstyle": "round"})
    layer.setRenderer(QgsSingleSymbolRenderer(symbol))
    return layer


def draw(imagery: str, roads: str, target: str, reference: str | None = None) -> None:
    """Render the layers over the whole imagery to a PNG file; the reference, if given, is a thin light line below."""
    image = QgsRasterLayer(imagery, "imagery")
    if not image.isValid():
        sys.exit(f"{imagery} is no raster layer")
    layers = [line_layer(roads, "255,60,30", 0.7), image]
    if reference:
        layers.insert(1, line_layer(reference, "90,220,255", 0.4))
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(image.crs())
    settings.setTransformContext(QgsProject.instance().transformContext())
    settings.setExtent(image.extent())
    settings.setBackgroundColor(QColor("white"))
    scale = LONG_SIDE / max(image.width(), image.height())
    settings.setOutputSize(QSize(round(image.width() * scale), round(image.height() * scale)))
    settings.setOutputDpi(120)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    if not job.renderedImage().save(target):
        sys.exit(f"{target} could not be written")


if __name__ == "__main__":
    application = QgsApplication([], False)
    application.initQgis()
    draw(*sys.argv[1:])
    application.exitQgis()
