"""Toolbox entry: a raster through a road model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsRectangle,
)

from .algorithm import GROUP_CLASSIFICATION, tr
from .classification_checks import contradictions
from .classification_job import classification_job
from .classification_names import ClassificationNames
from .classification_parameters import classification_parameters
from .feature_writing import MapArea
from .map_units import metres_to_map_units
from .model_facts import read_model_facts
from .parameters import extent_list, is_given, temporary_folder
from .raster_algorithm import RasterAlgorithm
from .raster_layers import raster_path
from .reprojection import area_in
from .shipped_model import is_shipped
from .styles import CLASSIFIED, FLOAT_PROBABILITY, PROBABILITY, ResultStyle, write_raster_style
from .vector_layers import write_mask

#: A layer that is copied keeps its own cells up to so many times finer than those asked for: the worker averages them, QGIS
#: would take the nearest.
_FINER_CELLS = 2.0


class ClassifyPixels(ClassificationNames, RasterAlgorithm):
    """Runs a raster of any size through a road model."""

    NAME = "classifypixels"
    GROUP = GROUP_CLASSIFICATION
    ICON = "classifypixels"

    def displayName(self) -> str:
        return tr("Classify pixels (roads)")

    def tags(self) -> list[str]:
        return tr("road,deep learning,segmentation,inference,predict,Classify Pixels Using Deep Learning,ArcGIS").split(",")

    def shortDescription(self) -> str:
        return tr("Finds road pixels in a raster with a trained model.")

    def shortHelpString(self) -> str:
        return tr(
            "<p>Runs a raster through a road model and writes a raster with 1 for road, 0 for the rest and 255 where there is no "
            "imagery. Size does not matter: the raster is read and written in windows, whose overlaps are blended so that no "
            "seams show.</p>"
            "<p>The imagery is resampled to the cell size the model was trained at, and brought to the values it was trained on. "
            "Without a threshold the model's own is used, and the log tells which. The optional probability raster is what "
            "<i>Raster to road vector</i> likes best.</p>"
            "<p><b>Interrupted?</b> Run it again with the same settings and the same output: it goes on where it stopped, and "
            "ends with the same raster. Until it is complete, what is done lies in a folder NAME~unfinished beside the "
            "classified raster. Temporary outputs have a new name each time: name the output before a long run.</p>"
            "<p><b>Names in ArcGIS:</b> Input Raster is Imagery, Model Definition is Model; the arguments padding, batch_size, "
            "threshold, return_probability_raster, test_time_augmentation (True is 8 here), merge_policy and tile_size have the "
            "same names; Processor Type and GPU ID are Device and GPUs.</p>"
            "<p><b>Mind:</b> a model works on imagery like the imagery it was trained on. The one that comes with Roadsmith, "
            "which is used if none is named, knows aerial imagery of about 1 m per pixel; train it further on roads of your own "
            "area where it falls short.</p>"
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        for parameter in classification_parameters():
            self.addParameter(parameter)
        self.addOutput(QgsProcessingOutputNumber(self.ROAD_SHARE, tr("Share of road pixels")))
        self.addOutput(QgsProcessingOutputNumber(self.THRESHOLD_USED, tr("Threshold that was used")))

    def checkParameterValues(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> tuple[bool, str]:
        sentence = next(contradictions(self, parameters, context), "")
        if sentence:
            return False, sentence
        views = parameters.get(self.TEST_TIME_AUGMENTATION)
        if isinstance(views, int) and not isinstance(views, bool):  # a script's 8, where QGIS takes "8" alone
            parameters = {**parameters, self.TEST_TIME_AUGMENTATION: str(views)}
        return super().checkParameterValues(parameters, context)

    def prepareAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        self._styles = ResultStyle(), ResultStyle()  # made here: they belong to the main thread
        return super().prepareAlgorithm(parameters, context, feedback)

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        sentence = next(contradictions(self, parameters, context), "")  # a graphical model does not ask checkParameterValues
        if sentence:
            raise QgsProcessingException(sentence)
        job = classification_job(self, parameters, context)
        job.output = self._result_path(parameters, self.OUTPUT, job.vrt, context)
        if is_given(parameters, self.PROBABILITY):
            job.probability = self._result_path(parameters, self.PROBABILITY, job.vrt, context)
        extent = self.parameterAsExtent(parameters, self.EXTENT, context, self.raster.crs)
        mask = self._mask(parameters, context)
        if extent.isNull() and mask is not None and not self.raster.source:
            extent = self._around(mask, context)
        model_cell_size = self._model_cell_size(job.model, feedback)
        cell_size = job.cell_size or model_cell_size
        # what is made for the run must be where a cluster's machines can read it
        with temporary_folder(Path(job.output).parent if job.scheduler else None) as folder:
            if mask is not None and self.raster.crs.isValid():  # raster_path has a sentence for rasters without
                area = MapArea.of(self.raster, extent, cell_size, context)
                job.mask, job.mask_layer = write_mask(mask, area, folder, context, feedback), "mask"
            job.raster_copied = not self.raster.source
            copy_size = self._copy_cell_size(cell_size, extent, context) if job.raster_copied else 0.0
            job.raster = raster_path(self.raster, extent, copy_size, folder, context, feedback)
            job.raster_crs, job.extent = self.raster.crs_wkt, extent_list(extent)
            result = self.run_job(job, [path for path in (job.output, job.probability) if path], feedback)
        probability_kind = FLOAT_PROBABILITY if job.probability_format == "float32" else PROBABILITY
        for path, kind, style in (
            (job.output, CLASSIFIED, self._styles[0]), (job.probability, probability_kind, self._styles[1])
        ):
            if path:
                write_raster_style(Path(path), kind)
                style.attach(path, context)
        outputs = {self.OUTPUT: job.output, self.ROAD_SHARE: result["road_share"], self.THRESHOLD_USED: result["threshold"]}
        return {**outputs, self.PROBABILITY: job.probability} if job.probability else outputs

    def _mask(self, parameters: dict[str, Any], context: QgsProcessingContext) -> QgsProcessingFeatureSource | None:
        if not is_given(parameters, self.MASK):
            return None
        mask = self.parameterAsSource(parameters, self.MASK, context)
        if mask is None:
            raise QgsProcessingException(self.invalidSourceError(parameters, self.MASK))
        return mask

    def _around(self, mask: QgsProcessingFeatureSource, context: QgsProcessingContext) -> QgsRectangle:
        """Return the part of a layer that is to be copied for a mask; null if there is none, for ``write_mask`` to refuse it."""
        if mask.featureCount() == 0 or not mask.sourceCrs().isValid():
            return QgsRectangle()
        wanted = area_in(self.raster.crs, mask.sourceCrs(), mask.sourceExtent(), context).intersect(self.raster.extent)
        return QgsRectangle() if wanted.isEmpty() else wanted

    def _model_cell_size(self, model: str, feedback: QgsProcessingFeedback) -> float:
        """Return the cell size the model was trained at, metres, and log what the model is; 0 if there is no telling.

        The worker says what is wrong with such a model, but a copy is not to be made before.
        """
        facts = read_model_facts(model)
        if facts is not None:
            words = tr("Model (the one that comes with Roadsmith)") if is_shipped(model) else tr("Model")
            feedback.pushInfo(f"{words}: {facts}.")
            return facts.cell_size
        if not self.raster.source:
            raise QgsProcessingException(
                tr("{} is no model package that can be read: choose the .dlpk or .emd of a model that Train road extractor wrote."
                   ).format(model)
            )
        return 0.0

    def _copy_cell_size(self, cell_size: float, extent: QgsRectangle, context: QgsProcessingContext) -> float:
        """Return the cell size in metres at which the layer is copied, 0 for its own."""
        area = self.raster.extent if extent.isNull() else extent
        wanted = metres_to_map_units(cell_size, self.raster.crs, area, context)
        return 0.0 if self.raster.native_cell * _FINER_CELLS >= wanted else cell_size

    def _result_path(self, parameters: dict[str, Any], name: str, is_virtual: bool, context: QgsProcessingContext) -> str:
        path = self.parameterAsOutputLayer(parameters, name, context)
        if is_virtual and Path(path).suffix.lower() != ".vrt":
            raise QgsProcessingException(
                tr("{} is to be a virtual raster: choose a name that ends in .vrt, not {}.").format(name, path)
            )
        if not is_virtual and Path(path).suffix.lower() not in (".tif", ".tiff"):
            raise QgsProcessingException(tr("{} must be a GeoTIFF: choose a name that ends in .tif, not {}.").format(name, path))
        if self.raster.source and Path(path).resolve() == Path(self.raster.source).resolve():
            raise QgsProcessingException(tr("{} would overwrite the imagery {}: choose another name.").format(name, path))
        return path
