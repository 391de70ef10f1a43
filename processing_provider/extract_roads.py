"""Toolbox entry: imagery to a road network, by a graphical model."""

from __future__ import annotations

from typing import ClassVar

from .algorithm import tr
from .shipped_models import GROUP_WORKFLOWS, GraphicalModel


class ExtractRoads(GraphicalModel):
    """Classifies imagery and vectorises the probabilities."""

    NAME = "extractroads"
    GROUP = GROUP_WORKFLOWS
    RESULTS: ClassVar[dict[str, str]] = {
        "OUTPUT": "vectorise:Roads", "NODES": "vectorise:Nodes", "GAPS": "vectorise:Gaps to review",
        "CLASSIFIED": "classify:Classified raster", "PROBABILITY": "classify:Probability raster",
    }
    OPTIONAL = ("CLASSIFIED", "PROBABILITY")
    FACTS: ClassVar[dict[str, tuple[str, str]]] = {
        "LENGTH_KM": ("vectorise", "LENGTH_KM"), "EDGE_COUNT": ("vectorise", "EDGE_COUNT"),
        "GAP_COUNT": ("vectorise", "GAP_COUNT"), "CLOSED_GAP_COUNT": ("vectorise", "CLOSED_GAP_COUNT"),
        "ROAD_SHARE": ("classify", "ROAD_SHARE"), "THRESHOLD_USED": ("classify", "THRESHOLD_USED"),
    }

    def displayName(self) -> str:
        """Return the name in the toolbox."""
        return tr("Extract roads")

    def tags(self) -> list[str]:
        """Return words to search by."""
        return tr("road,deep learning,network,workflow,quick start,Extract Features Using AI Models,ArcGIS").split(",")

    def shortDescription(self) -> str:
        """Return one sentence for the search."""
        return tr("Imagery in, a clean road network out; needs nothing but imagery.")

    def shortHelpString(self) -> str:
        """Return the help."""
        return tr(
            "<p>From imagery to a road network in one step: <i>Classify pixels</i>, then <i>Raster to road vector</i> on its "
            "probabilities, with the model's threshold or the one given. It needs nothing but imagery: without a model, the "
            "one that comes with Roadsmith finds the roads. Web maps need an extent, or a mask.</p>"
            "<p>Give the roads, and whatever else you want to keep, a name: temporary results are gone when QGIS is closed.</p>"
            "<p><b>Are roads missing, or too many there?</b> Lower or raise the threshold; the log tells from which "
            "probability they were drawn. Imagery unlike the model's own needs a model of its own: <i>Train and extract "
            "roads</i>.</p>"
            "<p>This is a graphical model: open it in the model designer from its context menu in the toolbox, and save your own "
            "variant of it.</p>"
            "<p><b>Name in ArcGIS:</b> Extract Features Using AI Models.</p>"
        )
