"""The entry of the toolbox's context menu that opens a shipped graphical model in the model designer.

Imported only where there is a window.
"""

from __future__ import annotations

from processing.gui.ContextAction import ContextAction
from processing.gui.ProviderActions import ProviderContextMenuActions
from qgis.core import QgsApplication

from .algorithm import tr
from .shipped_models import GraphicalModel


class OpenInDesigner(ContextAction):
    """Opens a copy of the model: saving asks for a name, and the plugin's own file stays as it is."""

    def __init__(self) -> None:
        super().__init__()
        self.name = tr("Open in Model Designer…")

    def isEnabled(self) -> bool:
        """Return whether the algorithm under the pointer is a shipped model."""
        return isinstance(self.itemData, GraphicalModel)

    def execute(self) -> None:
        """Show the designer."""
        from processing.modeler.ModelerDialog import ModelerDialog

        model = self.itemData.model()
        model.setSourceFilePath("")
        model.setProvider(QgsApplication.processingRegistry().providerById("model"))
        ModelerDialog.create(model).show()


def offer_designer() -> OpenInDesigner:
    """Add the entry to the context menu and return it."""
    action = OpenInDesigner()
    ProviderContextMenuActions.registerProviderContextMenuActions([action])
    return action


def withdraw_designer(action: OpenInDesigner) -> None:
    """Take the entry away again."""
    ProviderContextMenuActions.deregisterProviderContextMenuActions([action])
