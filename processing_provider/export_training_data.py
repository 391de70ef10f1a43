"""Toolbox entry: raster and roads to training chips."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsRectangle,
)

from ..engine import jobs
from .algorithm import GROUP_TRAINING_DATA, tr
from .class_widths import class_widths
from .export_checks import contradictions
from .export_names import ExportNames
from .export_parameters import NO_FEATURE_TILES, export_parameters
from .feature_writing import MapArea
from .parameters import extent_list, file_name, is_given, optional_number, temporary_folder
from .raster_algorithm import RasterAlgorithm
from .raster_input import RasterInput
from .raster_layers import raster_path, take_raster
from .reprojection import area_in
from .road_attributes import RoadAttributes
from .vector_layers import write_labels, write_mask


class ExportTrainingData(ExportNames, RasterAlgorithm):
    """Cuts image chips and road labels out of any raster and road layer."""

    NAME = "exporttrainingdata"
    GROUP = GROUP_TRAINING_DATA
    ICON = "exporttrainingdata"

    def displayName(self) -> str:
        return tr("Export training data")

    def tags(self) -> list[str]:
        return tr("road,deep learning,segmentation,chips,tiles,labels,Export Training Data For Deep Learning,ArcGIS").split(",")

    def shortDescription(self) -> str:
        return tr("Cuts image chips and road labels out of a raster and a road layer.")

    def shortHelpString(self) -> str:
        return tr(
            "<p>Cuts image chips and matching road labels out of any raster and any layer of road lines or polygons, or a label "
            "raster. The folder has the layout of ArcGIS's <i>Classified Tiles</i>; <i>Train road extractor</i> reads it. "
            "Exporting again into the same folder with other imagery, roads or another extent appends.</p>"
            "<p>The layers may have different coordinate systems; “selected features only” is honoured. Pixels without imagery "
            "are marked, and neither learned nor scored. Choose a cell size at which roads are 5 to 25 pixels wide, and look at "
            "the result with <i>Preview training data</i>.</p>"
            "<p><b>Interrupted?</b> Run it again with the same settings: it goes on where it stopped. Until it is complete, its "
            "chips lie in a folder NAME~unfinished beside the training data folder.</p>"
            "<p><b>Names in ArcGIS:</b> Input Raster is Imagery, Input Feature Class or Classified Raster is Roads or Label "
            "raster, Class Value Field is Class field, Buffer Radius is half the Road width, Input Mask Polygons is Mask, "
            "Tile Size X/Y is Tile size, Stride X/Y is Stride, Output No Feature Tiles is Chips without roads, Minimum Polygon "
            "Overlap Ratio is Smallest part of a road in a chip.</p>"
            "<p><b>Mind:</b> roads that show in the imagery and are missing in the layer teach the model to overlook roads.</p>"
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        for parameter in export_parameters():
            self.addParameter(parameter)
        self.addOutput(QgsProcessingOutputNumber(self.TILE_COUNT, tr("Number of chips written")))
        self.addOutput(QgsProcessingOutputNumber(self.ROAD_SHARE, tr("Share of road pixels")))

    def checkParameterValues(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> tuple[bool, str]:
        sentence = next(contradictions(self, parameters, context), "")
        return (False, sentence) if sentence else super().checkParameterValues(parameters, context)

    def prepareAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        labels = self.parameterAsRasterLayer(parameters, self.LABEL_RASTER, context)
        self._label_raster = take_raster(labels) if labels is not None else None
        layers = [self.parameterAsRasterLayer(parameters, self.INPUT, context), labels]
        if is_given(parameters, self.LABELS):
            layers.append(self.parameterAsVectorLayer(parameters, self.LABELS, context))
        self._rights = _rights([layer for layer in layers if layer is not None])
        return super().prepareAlgorithm(parameters, context, feedback)

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        sentence = next(contradictions(self, parameters, context), "")  # a graphical model does not ask checkParameterValues
        if sentence:
            raise QgsProcessingException(sentence)
        extent = self.parameterAsExtent(parameters, self.EXTENT, context, self.raster.crs)
        cell_size = optional_number(self, parameters, self.CELL_SIZE, context)
        with temporary_folder() as folder:
            job = self._job(parameters, context)
            job.extent, job.cell_size = extent_list(extent), cell_size
            job.raster = raster_path(self.raster, extent, cell_size, folder, context, feedback)
            job.raster_copied = not self.raster.source
            area = MapArea.of(self.raster, extent, cell_size, context)
            if self._label_raster is not None:
                job.label_raster = _label_path(self._label_raster, area, folder, context, feedback)
                job.label_raster_crs = self._label_raster.crs_wkt
                job.label_raster_copied = not self._label_raster.source
                job.label_band = int(optional_number(self, parameters, self.LABEL_BAND, context)) or 1
            else:
                self._add_roads(job, parameters, area, folder, context, feedback)
            if is_given(parameters, self.MASK):
                mask = self.parameterAsSource(parameters, self.MASK, context)
                if mask is None:
                    raise QgsProcessingException(self.invalidSourceError(parameters, self.MASK))
                job.mask, job.mask_layer = write_mask(mask, area, folder, context, feedback), "mask"
            result = self.run_job(job, [job.output_folder], feedback)
        return {
            self.OUTPUT: result["output"],
            self.TILE_COUNT: result["tile_count"],
            self.ROAD_SHARE: result["road_share"],
        }

    def _job(self, parameters: dict[str, Any], context: QgsProcessingContext) -> jobs.ExportTrainingData:
        """Return the job without its layers."""
        given = is_given(parameters, self.CLASS_WIDTHS)
        return jobs.ExportTrainingData(
            raster_crs=self.raster.crs_wkt,
            output_folder=file_name(self, parameters, self.OUTPUT, context),
            road_width=self.parameterAsDouble(parameters, self.ROAD_WIDTH, context),
            class_widths=class_widths(self.parameterAsMatrix(parameters, self.CLASS_WIDTHS, context)) if given else {},
            mask_mode=self.parameterAsEnumString(parameters, self.MASK_MODE, context).lower(),
            bands=self.parameterAsInts(parameters, self.BANDS, context) if is_given(parameters, self.BANDS) else [],
            stretch=self.parameterAsEnumString(parameters, self.STRETCH, context).lower(),
            stretch_low=self.parameterAsDouble(parameters, self.STRETCH_LOW, context),
            stretch_high=self.parameterAsDouble(parameters, self.STRETCH_HIGH, context),
            stretch_deviations=self.parameterAsDouble(parameters, self.STRETCH_DEVIATIONS, context),
            tile_size=self.parameterAsInt(parameters, self.TILE_SIZE, context),
            stride=self.parameterAsInt(parameters, self.STRIDE, context),
            no_feature_tiles=NO_FEATURE_TILES[self.parameterAsEnumString(parameters, self.NO_FEATURE_TILES, context)],
            empty_share=self.parameterAsDouble(parameters, self.EMPTY_SHARE, context) / 100,
            rotation_angle=self.parameterAsDouble(parameters, self.ROTATION_ANGLE, context),
            min_overlap=self.parameterAsDouble(parameters, self.MIN_OVERLAP, context),
            max_nodata=self.parameterAsDouble(parameters, self.MAX_NODATA, context) / 100,
            nodata_label=self.parameterAsEnumString(parameters, self.NODATA_LABEL, context).lower(),
            image_format=self.parameterAsEnumString(parameters, self.IMAGE_FORMAT, context),
            workers=self.parameterAsInt(parameters, self.WORKERS, context),
            attribution=self.parameterAsString(parameters, self.ATTRIBUTION, context).strip() or self._rights,
        )

    def _add_roads(
        self, job: jobs.ExportTrainingData, parameters: dict[str, Any], area: MapArea, folder: Path,
        context: QgsProcessingContext, feedback: QgsProcessingFeedback,
    ) -> None:
        source = self.parameterAsSource(parameters, self.LABELS, context)
        if source is None:
            raise QgsProcessingException(self.invalidSourceError(parameters, self.LABELS))
        attributes = RoadAttributes(
            source.fields(), self._field(parameters, self.CLASS_FIELD, context),
            self._field(parameters, self.WIDTH_FIELD, context), source.sourceName(),
        )
        job.labels, job.labels_layer = write_labels(source, area, attributes, folder, context, feedback), "roads"
        job.class_field, job.width_field = attributes.class_field, attributes.width_field
        job.class_names = attributes.class_names(source)

    def _field(self, parameters: dict[str, Any], name: str, context: QgsProcessingContext) -> str:
        return self.parameterAsString(parameters, name, context) if is_given(parameters, name) else ""


def _label_path(
    labels: RasterInput, area: MapArea, folder: Path, context: QgsProcessingContext, feedback: QgsProcessingFeedback
) -> str:
    """Return a path of the label raster; a copy holds the part under the imagery."""
    if labels.is_picture:
        raise QgsProcessingException(
            tr("The label raster '{}' is a picture of a map, without class values: choose a raster of whole numbers.").format(
                labels.name
            )
        )
    extent = area_in(labels.crs, area.raster.crs, area.rectangle, context) if not labels.source else QgsRectangle()
    return raster_path(labels, extent, 0.0, folder, context, feedback, name="labels")


def _rights(layers: list[QgsMapLayer]) -> str:
    """Return the rights that the layers' metadata names, each once, in the order of the layers."""
    rights = [text.strip() for layer in layers for text in layer.metadata().rights() or [layer.attribution()]]
    return "; ".join(dict.fromkeys(text for text in rights if text))
