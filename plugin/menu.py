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


def open_algorithm(name: str) -> None:
    """Show the dialog of an algorithm."""
    import processing

    processing.execAlgorithmDialog(f"roadsmith:{name}", {})
