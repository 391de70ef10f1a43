"""Toolbox entry: imagery and some roads to a model and all roads, by a graphical model."""

from __future__ import annotations

from typing import ClassVar

from .algorithm import tr
from .shipped_models import GROUP_WORKFLOWS, GraphicalModel


class TrainAndExtract(GraphicalModel):
    """Cuts chips, trains, classifies and vectorises."""

    NAME = "trainandextract"
    GROUP = GROUP_WORKFLOWS
    RESULTS: ClassVar[dict[str, str]] = {
        "OUTPUT": "vectorise:Roads", "MODEL_FOLDER": "train:Model folder", "NODES": "vectorise:Nodes",
        "GAPS": "vectorise:Gaps to review", "CLASSIFIED": "classify:Classified raster",
        "PROBABILITY": "classify:Probability raster", "DATA_FOLDER": "export:Training data folder",
    }
    OPTIONAL = ("CLASSIFIED", "PROBABILITY", "DATA_FOLDER")
    FACTS: ClassVar[dict[str, tuple[str, str]]] = {
        "MODEL": ("train", "MODEL"), "REPORT": ("train", "REPORT"), "TILE_COUNT": ("export", "TILE_COUNT"),
        "DICE": ("train", "DICE"), "IOU": ("train", "IOU"), "F1": ("train", "F1"),
        "LENGTH_KM": ("vectorise", "LENGTH_KM"), "EDGE_COUNT": ("vectorise", "EDGE_COUNT"),
        "THRESHOLD_USED": ("classify", "THRESHOLD_USED"),
    }

    def displayName(self) -> str:
        """Return the name in the toolbox."""
        return tr("Train and extract roads")

    def tags(self) -> list[str]:
        """Return words to search by."""
        return tr("road,deep learning,network,workflow,fine-tune,transfer learning,train,ArcGIS").split(",")

    def shortDescription(self) -> str:
        """Return one sentence for the search."""
        return tr("Imagery and some of its roads in, a model for this imagery and all its roads out.")

    def shortHelpString(self) -> str:
        """Return the help."""
        return tr(
            "<p>Where some roads of the imagery are known: <i>Export training data</i> from them, <i>Train road extractor</i>, "
            "<i>Classify pixels</i> with the new model, <i>Raster to road vector</i>.</p>"
            "<p>The training begins with the model that comes with Roadsmith, which knows roads already; switch that off to "
            "train a new network.</p>"
            "<p>Everything else in a training chip is learned as no road, so the known roads should be complete where chips are "
            "cut: name the area where they are. Without one, every chip with a known road in it counts as complete.</p>"
            "<p>The model folder can be used again, in <i>Extract roads</i> and <i>Classify pixels</i>. Its report tells how "
            "good the model is on chips that it has not seen.</p>"
            "<p>The chips have the imagery's own cell size if none is given. The model that comes with Roadsmith learned at "
            "about 1 m: give that where the imagery has another.</p>"
            "<p>This is a graphical model: open it in the model designer from its context menu in the toolbox, and save your own "
            "variant of it.</p>"
        )
