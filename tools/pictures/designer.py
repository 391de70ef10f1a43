"""Pictures of the graphical models in QGIS's model designer. Runs inside QGIS."""

from __future__ import annotations

from processing.gui.ProviderActions import ProviderContextMenuActions
from processing.modeler.ModelerDialog import ModelerDialog
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QDockWidget

from .window import keep, pump


def keep_designer(name: str) -> None:
    """Open a graphical model by the entry of the toolbox's context menu and keep a picture of it."""
    entry = next(each for each in ProviderContextMenuActions.actions if "Designer" in (each.name or ""))
    entry.setData(QgsApplication.processingRegistry().algorithmById(f"roadsmith:{name}"), None)
    entry.execute()
    pump(0.5)
    designer = ModelerDialog.dlgs[-1]
    designer.resize(1100, 680)
    for panel in designer.findChildren(QDockWidget):
        panel.hide()
    pump(0.5)
    view = designer.view()
    view.fitInView(view.scene().itemsBoundingRect(), Qt.AspectRatioMode.KeepAspectRatio)
    keep(designer, f"designer_{name}")
    designer.setDirty(False)
    designer.close()
    pump(0.3)
