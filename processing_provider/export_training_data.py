"""Toolbox entry: raster and roads to training chips."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBand,
    QgsProcessingParameterEnum,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
)

from ..engine import jobs
from .algorithm import GROUP_TRAINING_DATA, tr
from .layers import raster_path, write_labels
from .parameters import advanced, explained, extent_list, file_name, optional_number, temporary_folder
from .raster_algorithm import RasterAlgorithm

ONLY_WITH_ROADS = "ONLY_TILES_WITH_FEATURES"
ALL_TILES = "ALL_TILES"


class ExportTrainingData(RasterAlgorithm):
    """Cuts image chips and road labels out of any raster and road layer."""

    NAME = "exporttrainingdata"
    GROUP = GROUP_TRAINING_DATA
    ICON = "exporttrainingdata"

    LABELS = "LABELS"
    ROAD_WIDTH = "ROAD_WIDTH"
    BANDS = "BANDS"
    EXTENT = "EXTENT"
    CELL_SIZE = "CELL_SIZE"
    TILE_SIZE = "TILE_SIZE"
    STRIDE = "STRIDE"
    IMAGE_FORMAT = "IMAGE_FORMAT"
    NO_FEATURE_TILES = "NO_FEATURE_TILES"
    OUTPUT = "OUTPUT"
    TILE_COUNT = "TILE_COUNT"
    ROAD_SHARE = "ROAD_SHARE"

    def displayName(self) -> str:
        return tr("Export training data")

    def tags(self) -> list[str]:
        return tr("road,deep learning,segmentation,chips,tiles,labels,Export Training Data For Deep Learning,ArcGIS").split(",")

    def shortDescription(self) -> str:
        return tr("Cuts image chips and road labels out of a raster and a road layer.")

    def shortHelpString(self) -> str:
        return tr(
            "<p>Cuts image chips and matching road labels out of any raster and any layer of road lines or polygons. The folder "
            "has the layout of ArcGIS's <i>Classified Tiles</i>; <i>Train road extractor</i> reads it. Exporting again into the "
            "same folder appends.</p>"
            "<p>The layers may have different coordinate systems; “selected features only” is honoured. Pixels without imagery "
            "are marked, and neither learned nor scored. Choose a cell size at which roads are 5 to 25 pixels wide.</p>"
            "<p><b>Mind:</b> roads that show in the imagery and are missing in the layer teach the model to overlook roads.</p>"
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        number = QgsProcessingParameterNumber
        self.addParameter(explained(
            QgsProcessingParameterRasterLayer(self.INPUT, tr("Imagery")),
            tr("Any raster layer QGIS shows. Web maps and database rasters are copied first: set an extent and a cell size."),
        ))
        kinds = [QgsProcessing.SourceType.TypeVectorLine, QgsProcessing.SourceType.TypeVectorPolygon]
        self.addParameter(explained(
            QgsProcessingParameterFeatureSource(self.LABELS, tr("Roads (lines or polygons)"), kinds),
            tr("Road centre lines, widened to the road width, or road areas, taken as they are."),
        ))
        self.addParameter(explained(
            number(self.ROAD_WIDTH, tr("Road width (metres)"), number.Type.Double, 8.0, False, 0.1, 200.0),
            tr("Width to which lines are widened. A little more than the paved width is better than less."),
        ))
        self.addParameter(explained(
            QgsProcessingParameterExtent(self.EXTENT, tr("Extent"), optional=True),
            tr("Only chips wholly inside are cut. Empty: the whole raster."),
        ))
        self.addParameter(explained(
            number(self.CELL_SIZE, tr("Cell size (metres)"), number.Type.Double, None, True, 0.001, 1000.0),
            tr("Pixel size of the chips. Empty: the raster's own. Classification later uses the same."),
        ))
        self.addParameter(explained(
            number(self.TILE_SIZE, tr("Tile size (pixels)"), number.Type.Integer, 512, False, 32, 8192),
            tr("Side of a chip. The reference model was trained on 512."),
        ))
        self.addParameter(explained(
            number(self.STRIDE, tr("Stride (pixels)"), number.Type.Integer, 256, False, 8, 8192),
            tr("Distance between chips; half the tile size gives 50 % overlap."),
        ))
        self.addParameter(explained(
            QgsProcessingParameterEnum(
                self.NO_FEATURE_TILES, tr("Chips without roads"), [ONLY_WITH_ROADS, ALL_TILES], False, ONLY_WITH_ROADS,
                usesStaticStrings=True,
            ),
            tr("ALL_TILES also writes chips without a road; useful where the model finds roads in fields or on roofs."),
        ))
        self.addParameter(advanced(explained(
            QgsProcessingParameterBand(self.BANDS, tr("Bands"), None, self.INPUT, optional=True, allowMultiple=True),
            tr("Bands to export, in this order. Empty: the first three that are not alpha."),
        )))
        self.addParameter(advanced(explained(
            QgsProcessingParameterEnum(
                self.IMAGE_FORMAT, tr("Image format"), ["TIFF", "PNG", "JPEG"], False, "TIFF", usesStaticStrings=True
            ),
            tr("TIFF holds any number of bands and any depth; PNG and JPEG hold one or three 8-bit bands."),
        )))
        self.addParameter(QgsProcessingParameterFolderDestination(self.OUTPUT, tr("Training data folder")))
        self.addOutput(QgsProcessingOutputNumber(self.TILE_COUNT, tr("Number of chips written")))
        self.addOutput(QgsProcessingOutputNumber(self.ROAD_SHARE, tr("Share of road pixels")))

    def checkParameterValues(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> tuple[bool, str]:
        tile = self.parameterAsInt(parameters, self.TILE_SIZE, context)
        if self.parameterAsInt(parameters, self.STRIDE, context) > tile:
            return False, tr("The stride is larger than the tile size: imagery between the chips would be lost.")
        return super().checkParameterValues(parameters, context)

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        labels = self.parameterAsSource(parameters, self.LABELS, context)
        if labels is None:
            raise QgsProcessingException(self.invalidSourceError(parameters, self.LABELS))
        extent = self.parameterAsExtent(parameters, self.EXTENT, context, self.raster.crs)
        cell_size = optional_number(self, parameters, self.CELL_SIZE, context)
        with temporary_folder() as folder:
            job = jobs.ExportTrainingData(
                raster=raster_path(self.raster, extent, cell_size, folder, context, feedback),
                raster_crs=self.raster.crs_wkt,
                labels=write_labels(labels, self.raster, extent, folder, context, feedback),
                output_folder=file_name(self, parameters, self.OUTPUT, context),
                road_width=self.parameterAsDouble(parameters, self.ROAD_WIDTH, context),
                bands=self.parameterAsInts(parameters, self.BANDS, context) if parameters.get(self.BANDS) else [],
                extent=extent_list(extent),
                cell_size=cell_size,
                tile_size=self.parameterAsInt(parameters, self.TILE_SIZE, context),
                stride=self.parameterAsInt(parameters, self.STRIDE, context),
                image_format=self.parameterAsEnumString(parameters, self.IMAGE_FORMAT, context),
                empty_tiles=self.parameterAsEnumString(parameters, self.NO_FEATURE_TILES, context) == ALL_TILES,
            )
            result = self.run_job(job, [job.output_folder], feedback)
        return {
            self.OUTPUT: result["output"],
            self.TILE_COUNT: result["tile_count"],
            self.ROAD_SHARE: result["road_share"],
        }
