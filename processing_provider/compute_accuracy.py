"""Toolbox entry: a road raster against the truth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsRasterLayer,
)

from ..engine import jobs
from .algorithm import GROUP_EVALUATION, tr
from .evaluation_inputs import imagery_path, truth_raster_path
from .evaluation_names import AccuracyNames
from .evaluation_parameters import accuracy_parameters
from .evaluation_results import numbers, report_path, write_error_style
from .feature_writing import MapArea
from .parameters import extent_list, is_given, optional_number, temporary_folder
from .raster_algorithm import RasterAlgorithm
from .raster_layers import raster_path, take_raster
from .road_attributes import RoadAttributes
from .styles import ResultStyle
from .vector_layers import write_labels, write_mask


class ComputeAccuracy(AccuracyNames, RasterAlgorithm):
    """Compares a classified or probability raster with the truth, pixel by pixel."""

    NAME = "computeaccuracy"
    GROUP = GROUP_EVALUATION
    ICON = "computeaccuracy"
    INPUT = AccuracyNames.PREDICTION

    def displayName(self) -> str:
        return tr("Compute accuracy")

    def tags(self) -> list[str]:
        words = tr("road,accuracy,assessment,confusion matrix,precision,recall,F1,IoU,kappa,validation,ground truth,"
                   "Compute Accuracy For Pixel Classification,Compute Confusion Matrix,ArcGIS")
        return words.split(",")

    def shortDescription(self) -> str:
        return tr("Tells how good a road raster is: scores, an error map and a report.")

    def shortHelpString(self) -> str:
        return tr(
            "<p>Compares a classified or probability raster with the truth at every pixel, not at a few random points: confusion "
            "matrix, precision, recall, F1, IoU, accuracy and kappa; relaxed scores that forgive a small shift; with "
            "probabilities also every other threshold, the best one and the break-even point.</p>"
            "<p>The truth may be a road layer (lines are widened to the road width) or a raster in any coordinate system. The "
            "report shows the worst and the best places; the error map shows all of them: green found, red invented, blue "
            "missed.</p>"
            "<p><b>Names in ArcGIS:</b> Compute Accuracy For Pixel Classification; Input Raster is Prediction, Input Ground "
            "Truth Data is Truth.</p>"
            "<p><b>Mind:</b> a model is not proved on the chips it was trained on. Roads that the truth lacks count as invented: "
            "give a mask of the places where the truth was checked.</p>"
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        for parameter in accuracy_parameters():
            self.addParameter(parameter)
        for name, (_, text) in self.SCORES.items():
            self.addOutput(QgsProcessingOutputNumber(name, tr(text)))

    def prepareAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        self._style = ResultStyle()  # made here: it belongs to the main thread
        truth = self.parameterAsLayer(parameters, self.TRUTH, context)
        imagery = self.parameterAsRasterLayer(parameters, self.IMAGERY, context)
        if truth is None:
            raise QgsProcessingException(self.invalidSourceError(parameters, self.TRUTH))
        self._truth_raster = take_raster(truth) if _is_raster(truth) else None
        self._truth_name = truth.name()
        self._imagery = take_raster(imagery) if imagery is not None else None
        return super().prepareAlgorithm(parameters, context, feedback)

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        if self.raster.is_picture:
            raise QgsProcessingException(
                tr("The prediction '{}' is a picture: choose a classified or probability raster.").format(self.raster.name)
            )
        extent = self.parameterAsExtent(parameters, self.EXTENT, context, self.raster.crs)
        with temporary_folder() as folder:
            job = self._job(parameters, context)
            job.extent = extent_list(extent)
            job.prediction = raster_path(self.raster, extent, 0.0, folder, context, feedback)
            area = MapArea.of(self.raster, extent, 0.0, context)
            if self._truth_raster is not None:
                job.truth = truth_raster_path(self._truth_raster, area, folder, context, feedback)
                job.truth_crs = self._truth_raster.crs_wkt
            else:
                self._add_roads(job, parameters, area, folder, context, feedback)
            if is_given(parameters, self.MASK):
                mask = self.parameterAsSource(parameters, self.MASK, context)
                if mask is None:
                    raise QgsProcessingException(self.invalidSourceError(parameters, self.MASK))
                job.mask, job.mask_layer = write_mask(mask, area, folder, context, feedback), "mask"
                job.mask_name = mask.sourceName()
            if self._imagery is not None:
                job.imagery = imagery_path(self._imagery, area, folder, context, feedback)
                job.imagery_crs = self._imagery.crs_wkt
            result = self.run_job(job, [path for path in (job.report, job.error_map) if path], feedback)
        outputs = {self.REPORT: job.report, **numbers(result, {name: key for name, (key, _) in self.SCORES.items()})}
        if job.error_map:
            write_error_style(Path(job.error_map))
            self._style.attach(job.error_map, context)
            outputs[self.ERROR_MAP] = job.error_map
        return outputs

    def _job(self, parameters: dict[str, Any], context: QgsProcessingContext) -> jobs.ComputeAccuracy:
        """Return the job without its inputs."""
        return jobs.ComputeAccuracy(
            prediction_crs=self.raster.crs_wkt,
            prediction_name=self.raster.name,
            truth_name=self._truth_name,
            truth_label=self.parameterAsString(parameters, self.TRUTH_LABEL, context).strip(),
            road_width=self.parameterAsDouble(parameters, self.ROAD_WIDTH, context),
            threshold=self.parameterAsDouble(parameters, self.THRESHOLD, context),
            tolerance=optional_number(self, parameters, self.TOLERANCE, context),
            block_size=self.parameterAsInt(parameters, self.BLOCK_SIZE, context),
            report=report_path(self, parameters, self.REPORT, context),
            error_map=self._tiff_path(parameters, context) if is_given(parameters, self.ERROR_MAP) else "",
        )

    def _add_roads(
        self, job: jobs.ComputeAccuracy, parameters: dict[str, Any], area: MapArea, folder: Path,
        context: QgsProcessingContext, feedback: QgsProcessingFeedback,
    ) -> None:
        source = self.parameterAsSource(parameters, self.TRUTH, context)
        if source is None:
            raise QgsProcessingException(self.invalidSourceError(parameters, self.TRUTH))
        field = self.parameterAsString(parameters, self.WIDTH_FIELD, context) if is_given(parameters, self.WIDTH_FIELD) else ""
        attributes = RoadAttributes(source.fields(), "", field, source.sourceName())
        job.truth, job.truth_layer = write_labels(source, area, attributes, folder, context, feedback), "roads"
        job.width_field = attributes.width_field

    def _tiff_path(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        path = self.parameterAsOutputLayer(parameters, self.ERROR_MAP, context)
        if Path(path).suffix.lower() not in (".tif", ".tiff"):
            raise QgsProcessingException(
                tr("{} must be a GeoTIFF: choose a name that ends in .tif, not {}.").format(self.ERROR_MAP, path)
            )
        return str(Path(path).absolute())


def _is_raster(layer: QgsMapLayer) -> bool:
    return isinstance(layer, QgsRasterLayer)
