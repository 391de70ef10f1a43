"""Toolbox entry: a road raster to a road network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsRectangle,
)

from .algorithm import GROUP_ROAD_NETWORK, tr
from .layer_copy import copy_layer
from .network_styles import gap_renderer, node_renderer, road_renderer
from .parameters import is_given, temporary_folder
from .raster_algorithm import RasterAlgorithm
from .raster_input import RasterInput
from .raster_layers import raster_path, take_raster
from .reprojection import area_in
from .styles import ResultStyle
from .vectorising_checks import contradictions
from .vectorising_job import vectorising_job
from .vectorising_names import VectorisingNames
from .vectorising_parameters import vectorising_outputs, vectorising_parameters


class RasterToRoadVector(VectorisingNames, RasterAlgorithm):
    """Turns a road raster into lines that meet at shared nodes."""

    NAME = "rastertoroadvector"
    GROUP = GROUP_ROAD_NETWORK
    ICON = "rastertoroadvector"

    def displayName(self) -> str:
        return tr("Raster to road vector")

    def tags(self) -> list[str]:
        words = tr("road,centre line,centerline,skeleton,thin,vectorize,network,graph,routing,gap,bridge,pgRouting,GraphML,"
                   "Raster to Polyline,Trim Line,Extend Line,Smooth Line,Line Regularization,ArcGIS")
        return words.split(",")

    def shortDescription(self) -> str:
        return tr("Turns a road raster into a clean road network on which routes can be found.")

    def shortHelpString(self) -> str:
        return tr(
            "<p>Turns a classified or a probability raster into road centre lines: threshold, skeleton, graph, pruning of "
            "spurs, junctions put together, gaps closed where the probabilities speak for it, smoothing, simplification. "
            "Lines meet only at their ends, in exactly the same point, so that routing works. The size of the raster does not "
            "matter.</p>"
            "<p>Each line knows its length (metres on the ellipsoid, in any coordinate system), the width of the road on the "
            "raster and a class after it, the mean and least probability along it, whether a gap was closed in it "
            "(<i>bridged</i>) and whether it may cross another one on a bridge (<i>possible_bridge</i>). The optional node "
            "layer holds junctions and dead ends, the optional layer of gaps what is plausible but was not closed: look "
            "through it from the likeliest on.</p>"
            "<p><b>Names in ArcGIS:</b> this one tool stands for Thin, Raster to Polyline (minimum_dangle_length is Shortest "
            "dead end), Trim Line, Extend Line (length is Longest gap to close), Smooth Line, Simplify Line, Merge Divided "
            "Roads (merge_distance) and the Line Regularization of Extract Features Using AI Models.</p>"
            "<p><b>Mind:</b> roads that cross on a bridge meet in a node, because a raster cannot tell. The width is that of "
            "the road on the raster, which is as wide as the labels the model was trained on.</p>"
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        for parameter in vectorising_parameters():
            self.addParameter(parameter)
        for output in vectorising_outputs():
            self.addOutput(output)

    def checkParameterValues(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> tuple[bool, str]:
        sentence = next(contradictions(self, parameters, context), "")
        return (False, sentence) if sentence else super().checkParameterValues(parameters, context)

    def prepareAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        # made here: styles and layers belong to the main thread
        looks = ((self.OUTPUT, road_renderer()), (self.NODES, node_renderer()), (self.GAPS, gap_renderer()))
        self._styles = {name: ResultStyle(look) for name, look in looks}
        self._probability: RasterInput | None = None
        if is_given(parameters, self.PROBABILITY):
            layer = self.parameterAsRasterLayer(parameters, self.PROBABILITY, context)
            if layer is None:
                raise QgsProcessingException(self.invalidRasterError(parameters, self.PROBABILITY))
            self._probability = take_raster(layer)
        return super().prepareAlgorithm(parameters, context, feedback)

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        sentence = next(contradictions(self, parameters, context), "")  # a graphical model does not ask checkParameterValues
        if sentence:
            raise QgsProcessingException(sentence)
        layers = {self.OUTPUT: "roads", self.NODES: "nodes", self.GAPS: "gaps"}
        wanted = {name: layer for name, layer in layers.items() if name == self.OUTPUT or is_given(parameters, name)}
        job = vectorising_job(self, parameters, context)
        with temporary_folder() as folder:
            network = folder / "network.gpkg"
            job.output = str(network)
            job.raster = self._path(self.raster, "raster", job.scheduler, folder, context, feedback)
            job.raster_crs, job.raster_name = self.raster.crs_wkt, self.raster.name
            if self._probability is not None:
                job.probability = self._path(self._probability, "probability", job.scheduler, folder, context, feedback)
                job.probability_crs, job.probability_name = self._probability.crs_wkt, self._probability.name
            result = self.run_job(job, [path for path in (job.output, job.graphml) if path], feedback)
            outputs: dict[str, Any] = {
                name: copy_layer(self, network, layer, parameters, name, context, feedback, self.raster.crs)
                for name, layer in wanted.items()
            }
        for name, layer_id in outputs.items():
            self._styles[name].attach(layer_id, context)
        if job.graphml:
            outputs[self.GRAPHML] = job.graphml
        return {
            **outputs, self.LENGTH_KM: result["length_km"], self.EDGE_COUNT: result["edge_count"],
            self.GAP_COUNT: result["gap_count"], self.CLOSED_GAP_COUNT: result["closed_gap_count"],
        }

    def _path(
        self, raster: RasterInput, name: str, scheduler: str, folder: Path, context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> str:
        """Return a path the worker can open.

        Raises:
            QgsProcessingException: the layer shows colours, cannot be copied, or lies where a cluster cannot read it.
            JobCancelled: the user cancelled the copying.
        """
        if raster.is_picture:
            raise QgsProcessingException(
                tr("The raster layer '{}' is a picture, without values: choose a classified or probability raster.").format(
                    raster.name
                )
            )
        if scheduler and not raster.source:
            raise QgsProcessingException(
                tr("The raster layer '{}' is no file that the machines of a cluster could read: save it as a GeoTIFF first, or "
                   "leave the Dask scheduler empty.").format(raster.name)
            )
        extent = QgsRectangle()
        if raster is not self.raster and not raster.source:
            extent = area_in(raster.crs, self.raster.crs, self.raster.extent, context)
        return raster_path(raster, extent, 0.0, folder, context, feedback, name)
