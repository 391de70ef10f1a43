"""Toolbox entry: a road raster to a road network."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
)

from ..engine import jobs
from .algorithm import GROUP_ROAD_NETWORK, tr
from .layer_copy import copy_layer
from .parameters import advanced, explained, temporary_folder
from .raster_algorithm import RasterAlgorithm
from .raster_layers import raster_path
from .styles import ResultStyle, node_symbol, road_symbol


class RasterToRoadVector(RasterAlgorithm):
    """Turns a road raster into lines that meet at shared nodes."""

    NAME = "rastertoroadvector"
    GROUP = GROUP_ROAD_NETWORK
    ICON = "rastertoroadvector"

    THRESHOLD = "THRESHOLD"
    MIN_DANGLE = "MIN_DANGLE"
    MIN_COMPONENT = "MIN_COMPONENT"
    SMOOTHING = "SMOOTHING"
    SIMPLIFY = "SIMPLIFY"
    OUTPUT = "OUTPUT"
    NODES = "NODES"
    LENGTH_KM = "LENGTH_KM"
    EDGE_COUNT = "EDGE_COUNT"

    def displayName(self) -> str:
        return tr("Raster to road vector")

    def tags(self) -> list[str]:
        words = tr("road,centre line,centerline,skeleton,thin,vectorize,network,graph,Raster to Polyline,Trim Line,ArcGIS")
        return words.split(",")

    def shortDescription(self) -> str:
        return tr("Turns a road raster into clean centre lines that meet at shared nodes.")

    def shortHelpString(self) -> str:
        return tr(
            "<p>Turns a classified or a probability raster into road centre lines: threshold, skeleton, graph, pruning of spurs, "
            "smoothing, simplification. Lines meet only at their ends, in exactly the same point, so that routing works.</p>"
            "<p>Each line knows its length (metres on the ellipsoid, in any coordinate system), the width of the road on the "
            "raster, and the mean and least probability along it. The optional node layer holds junctions and dead ends.</p>"
            "<p><b>Mind:</b> roads that cross on a bridge meet in a node, because a raster cannot tell.</p>"
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        number = QgsProcessingParameterNumber
        self.addParameter(explained(
            QgsProcessingParameterRasterLayer(self.INPUT, tr("Classified or probability raster")),
            tr("A raster from Classify pixels, or any road mask (0 and 1, 0 and 255) or probability (0–1, or 0–254 in 8 bits)."),
        ))
        self.addParameter(explained(
            number(self.THRESHOLD, tr("Threshold"), number.Type.Double, 0.5, False, 0.0, 1.0),
            tr("Probability at which a pixel is road; without effect on classified rasters."),
        ))
        self.addParameter(explained(
            number(self.MIN_DANGLE, tr("Shortest dead end (metres)"), number.Type.Double, 10.0, False, 0.0, 10000.0),
            tr("Dead ends shorter than this are removed; 10 m is what the winners of the SpaceNet road challenges used."),
        ))
        self.addParameter(explained(
            number(self.MIN_COMPONENT, tr("Shortest separate network (metres)"), number.Type.Double, 40.0, False, 0.0, 100000.0),
            tr("Roads that touch no other and are shorter in all than this are removed."),
        ))
        self.addParameter(advanced(explained(
            number(self.SMOOTHING, tr("Smoothing (metres)"), number.Type.Double, 2.0, False, 0.0, 100.0),
            tr("How far the stairs of the pixels are smoothed along the line; 0 for none."),
        )))
        self.addParameter(advanced(explained(
            number(self.SIMPLIFY, tr("Simplification (metres)"), number.Type.Double, 0.75, False, 0.0, 100.0),
            tr("How far the simplified line may lie from the smoothed one; 0 for none."),
        )))
        self.addParameter(QgsProcessingParameterFeatureSink(
            self.OUTPUT, tr("Roads"), QgsProcessing.SourceType.TypeVectorLine
        ))
        self.addParameter(QgsProcessingParameterFeatureSink(
            self.NODES, tr("Nodes"), QgsProcessing.SourceType.TypeVectorPoint, None, True, False
        ))
        self.addOutput(QgsProcessingOutputNumber(self.LENGTH_KM, tr("Length of all roads (km)")))
        self.addOutput(QgsProcessingOutputNumber(self.EDGE_COUNT, tr("Number of lines")))

    def prepareAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        # made here: they belong to the main thread
        self._styles = {self.OUTPUT: ResultStyle(road_symbol()), self.NODES: ResultStyle(node_symbol())}
        return super().prepareAlgorithm(parameters, context, feedback)

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        with temporary_folder() as folder:
            network = folder / "network.gpkg"
            job = jobs.RasterToRoadVector(
                raster=raster_path(self.raster, self.raster.extent, 0.0, folder, context, feedback),
                raster_crs=self.raster.crs_wkt,
                output=str(network),
                threshold=self.parameterAsDouble(parameters, self.THRESHOLD, context),
                min_dangle=self.parameterAsDouble(parameters, self.MIN_DANGLE, context),
                min_component=self.parameterAsDouble(parameters, self.MIN_COMPONENT, context),
                smoothing=self.parameterAsDouble(parameters, self.SMOOTHING, context),
                simplify=self.parameterAsDouble(parameters, self.SIMPLIFY, context),
            )
            result = self.run_job(job, [job.output], feedback)
            outputs = {
                name: copy_layer(self, network, layer, parameters, name, context, feedback, self.raster.crs)
                for name, layer in ((self.OUTPUT, "roads"), (self.NODES, "nodes"))
                if name == self.OUTPUT or parameters.get(name) is not None
            }
        for name, layer in outputs.items():
            self._styles[name].attach(layer, context)
        return {**outputs, self.LENGTH_KM: result["length_km"], self.EDGE_COUNT: result["edge_count"]}
