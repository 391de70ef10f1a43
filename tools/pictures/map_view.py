"""Layers and map of QGIS's window: what is shown, where, and with which legend. Runs inside QGIS."""

from __future__ import annotations

from qgis.core import QgsProject, QgsRectangle
from qgis.utils import iface


def layer_id(name: str) -> str:
    """Return the id of the layer with this name."""
    return QgsProject.instance().mapLayersByName(name)[0].id()


def unfold(*names: str) -> None:
    """Show the legends of these layers and fold those of all others."""
    for node in QgsProject.instance().layerTreeRoot().findLayers():
        node.setExpanded(node.name() in names)


def hide(name: str, hidden: bool = True) -> None:
    """Hide the layers with this name, or show them."""
    for layer in QgsProject.instance().mapLayersByName(name):
        QgsProject.instance().layerTreeRoot().findLayer(layer.id()).setItemVisibilityChecked(not hidden)


def zoom(share: float, across: float, down: float) -> None:
    """Show a part of the orthophoto: ``share`` of its width, about a point at shares of its width and height."""
    canvas = iface.mapCanvas()
    layer = QgsProject.instance().mapLayersByName("swellendam_orthophoto")[0]
    full = canvas.mapSettings().layerExtentToOutputExtent(layer, layer.extent())
    x, y = full.xMinimum() + across * full.width(), full.yMaximum() - down * full.height()
    half = share * full.width() / 2
    canvas.setExtent(QgsRectangle(x - half, y - half, x + half, y + half))


def zoom_to_first_sample() -> None:
    """Show the first of the training's samples that the monitor put on the map, and some ground around it."""
    extent = QgsRectangle()
    for layer in QgsProject.instance().mapLayers().values():
        if layer.name() in ("Truth 1", "Prediction 1"):
            extent.combineExtentWith(iface.mapCanvas().mapSettings().layerExtentToOutputExtent(layer, layer.extent()))
    if not extent.isEmpty():
        extent.scale(1.7)
        iface.mapCanvas().setExtent(extent)
