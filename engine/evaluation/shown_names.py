"""What reports and messages call the layers: QGIS hands over copies, whose paths mean nothing to the user."""

from __future__ import annotations

from pathlib import Path


def shown(name: str, path: str, layer: str = "") -> str:
    """Return the user's name of a layer; without one the file's own name, and the layer's in it, if there is one.

    Empty for an empty path.
    """
    return name or " ".join(filter(None, (Path(path).name, layer)))
