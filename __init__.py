"""Roadsmith: deep-learning road extraction for QGIS, from imagery to a routable road network.

This file is what QGIS loads. Nothing but the entry point lives here, so that the worker process and notebooks, which
load the same folder as the package ``roadsmith``, pay nothing for it.
"""

from __future__ import annotations

from typing import Any


def classFactory(iface: Any) -> Any:  # the name is QGIS's
    """Return the plugin object. ``iface`` is None under ``qgis_process``."""
    from .plugin.plugin import RoadsmithPlugin

    return RoadsmithPlugin(iface)
