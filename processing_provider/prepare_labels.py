"""Toolbox entry: lines of any file to labels for training, by a graphical model of QGIS's own algorithms."""

from __future__ import annotations

from typing import Any, ClassVar

from qgis.core import QgsProcessingContext, QgsUnitTypes

from .algorithm import GROUP_TRAINING_DATA, tr
from .shipped_models import GraphicalModel


class PrepareLabels(GraphicalModel):
    """Fixes geometries, reprojects and buffers."""

    NAME = "preparelabels"
    GROUP = GROUP_TRAINING_DATA
    RESULTS: ClassVar[dict[str, str]] = {"OUTPUT": "buffer:Road areas", "LINES": "reproject:Road lines"}
    OPTIONAL = ("LINES",)

    def displayName(self) -> str:
        """Return the name in the toolbox."""
        return tr("Prepare labels")

    def tags(self) -> list[str]:
        """Return words to search by."""
        return tr("road,label,GeoJSON,fix,reproject,buffer,JSON To Features,Repair Geometry,Project,ArcGIS").split(",")

    def shortDescription(self) -> str:
        """Return one sentence for the search."""
        return tr("Turns road lines of any file into sound lines and areas in the imagery's coordinate system.")

    def shortHelpString(self) -> str:
        """Return the help."""
        return tr(
            "<p>Road lines of a GeoJSON, Esri JSON or any other file or layer: geometries are fixed, reprojected to the "
            "imagery's coordinate system and widened to road areas, with QGIS's own algorithms. All fields are kept.</p>"
            "<p><i>Export training data</i> widens and reprojects lines by itself, and knows widths of single roads and classes. "
            "This tool is for looking at the result first, for repairing what is broken, and for other programs.</p>"
            "<p>This is a graphical model: open it in the model designer from its context menu in the toolbox, and save your own "
            "variant of it.</p>"
            "<p><b>Names in ArcGIS:</b> JSON To Features, Repair Geometry, Project, Buffer.</p>"
        )

    def problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        """Return a sentence if the widths would not be in metres."""
        crs = self.parameterAsCrs(parameters, "TARGET_CRS", context)
        if not crs.isValid():
            return tr("There is no coordinate system to reproject to: choose the imagery's.")
        if crs.mapUnits() != QgsUnitTypes.DistanceUnit.DistanceMeters:
            return tr("The coordinate system {} does not measure in metres, so roads cannot be widened by metres in it: choose a "
                      "projected one, such as the UTM zone of the area.").format(crs.authid() or crs.description())
        return ""
