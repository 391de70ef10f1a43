"""The entries of the menu Raster > Roadsmith: the tools in the order of the work. Imported only where there is a window."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtGui import QIcon

from ..processing_provider.algorithm import tr

try:
    from qgis.PyQt.QtGui import QAction
except ImportError:  # Qt 5 has it elsewhere
    from qgis.PyQt.QtWidgets import QAction


def menu_entries() -> list[tuple[str, str]]:
    """Return title and algorithm name of each entry."""
    return [
        (tr("Extract roads…"), "extractroads"),
        (tr("Train and extract roads…"), "trainandextract"),
        (tr("Export training data…"), "exporttrainingdata"),
        (tr("Train road extractor…"), "trainroadextractor"),
        (tr("Train refinement stage…"), "trainrefinementstage"),
        (tr("Classify pixels…"), "classifypixels"),
        (tr("Raster to road vector…"), "rastertoroadvector"),
        (tr("Set up environment…"), "setupenvironment"),
    ]


def make_action(icon: QIcon, title: str, parent: Any) -> QAction:
    """Return a menu entry."""
    return QAction(icon, title, parent)


def open_tool(name: str, iface: Any) -> Any:
    """Show the dialog of a tool; without an environment offer to set one up, as no tool could run.

    Returns:
        The set-up page if that is what was opened, for the caller to keep; else None.
    """
    if name == "setupenvironment":
        from .setup_dialog import show_setup

        return show_setup(iface.mainWindow())
    from .first_run import offer_set_up

    if not offer_set_up(iface, lambda: open_tool("setupenvironment", iface)):
        import processing

        processing.execAlgorithmDialog(f"roadsmith:{name}", {})
    return None
