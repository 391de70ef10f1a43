"""Toolbox entry: a raster through a road model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterEnum,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
)

from ..engine import jobs
from .algorithm import GROUP_CLASSIFICATION, tr
from .parameters import DEVICES, advanced, explained, extent_list, file_name, optional_number, temporary_folder
from .raster_algorithm import RasterAlgorithm
from .raster_layers import raster_path
from .styles import CLASSIFIED, PROBABILITY, ResultStyle, write_raster_style


class ClassifyPixels(RasterAlgorithm):
    """Runs a raster of any size through a road model."""

    NAME = "classifypixels"
    GROUP = GROUP_CLASSIFICATION
    ICON = "classifypixels"

    MODEL = "MODEL"
    EXTENT = "EXTENT"
    CELL_SIZE = "CELL_SIZE"
    TILE_SIZE = "TILE_SIZE"
    PADDING = "PADDING"
    BATCH_SIZE = "BATCH_SIZE"
    THRESHOLD = "THRESHOLD"
    DEVICE = "DEVICE"
    OUTPUT = "OUTPUT"
    PROBABILITY = "PROBABILITY"
    ROAD_SHARE = "ROAD_SHARE"

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
            "<p>The imagery is resampled to the cell size the model was trained at. The optional probability raster "
            "(0–254 for 0–1) is what <i>Raster to road vector</i> likes best.</p>"
            "<p><b>Mind:</b> a model works on imagery like the imagery it was trained on.</p>"
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        number = QgsProcessingParameterNumber
        self.addParameter(explained(
            QgsProcessingParameterRasterLayer(self.INPUT, tr("Imagery")),
            tr("Any raster layer QGIS shows. Web maps and database rasters are copied first: set an extent."),
        ))
        self.addParameter(explained(
            QgsProcessingParameterFile(self.MODEL, tr("Model"), fileFilter=tr("Model packages (*.dlpk *.emd)")),
            tr("The .dlpk or .emd of a model package that Train road extractor wrote."),
        ))
        self.addParameter(explained(
            QgsProcessingParameterExtent(self.EXTENT, tr("Extent"), optional=True),
            tr("Only this part is classified; its pixels are the same as in a run over the whole raster. Empty: everything."),
        ))
        self.addParameter(explained(
            number(self.THRESHOLD, tr("Threshold"), number.Type.Double, 0.5, False, 0.0, 1.0),
            tr("Probability at which a pixel is road. Lower finds more roads and more that are none."),
        ))
        self.addParameter(advanced(explained(
            number(self.CELL_SIZE, tr("Cell size (metres)"), number.Type.Double, None, True, 0.001, 1000.0),
            tr("Empty: the cell size the model was trained at."),
        )))
        self.addParameter(advanced(explained(
            number(self.TILE_SIZE, tr("Tile size (pixels)"), number.Type.Integer, None, True, 64, 8192),
            tr("Side of the windows the network sees. Empty: the model's chip size, 512 at least."),
        )))
        self.addParameter(advanced(explained(
            number(self.PADDING, tr("Padding (pixels)"), number.Type.Integer, None, True, 0, 2048),
            tr("Border of a window that is blended with its neighbours. Empty: an eighth of the tile size."),
        )))
        self.addParameter(advanced(explained(
            number(self.BATCH_SIZE, tr("Batch size"), number.Type.Integer, None, True, 1, 1024),
            tr("Windows per step. Empty: chosen for the device; halved by itself when memory runs out."),
        )))
        self.addParameter(advanced(explained(
            QgsProcessingParameterEnum(self.DEVICE, tr("Device"), DEVICES, False, "auto", usesStaticStrings=True),
            tr("auto takes the GPU if there is one."),
        )))
        self.addParameter(QgsProcessingParameterRasterDestination(self.OUTPUT, tr("Classified raster")))
        self.addParameter(QgsProcessingParameterRasterDestination(
            self.PROBABILITY, tr("Probability raster"), None, True, createByDefault=False
        ))
        self.addOutput(QgsProcessingOutputNumber(self.ROAD_SHARE, tr("Share of road pixels")))

    def prepareAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        self._styles = ResultStyle(), ResultStyle()  # made here: they belong to the main thread
        return super().prepareAlgorithm(parameters, context, feedback)

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        extent = self.parameterAsExtent(parameters, self.EXTENT, context, self.raster.crs)
        cell_size = optional_number(self, parameters, self.CELL_SIZE, context)
        output = self._tiff_path(parameters, self.OUTPUT, context)
        probability = self._tiff_path(parameters, self.PROBABILITY, context) if parameters.get(self.PROBABILITY) else ""
        with temporary_folder() as folder:
            job = jobs.ClassifyPixels(
                raster=raster_path(self.raster, extent, cell_size, folder, context, feedback),
                raster_crs=self.raster.crs_wkt,
                model=file_name(self, parameters, self.MODEL, context),
                output=output,
                probability=probability,
                extent=extent_list(extent),
                cell_size=cell_size,
                tile_size=int(optional_number(self, parameters, self.TILE_SIZE, context)),
                padding=int(optional_number(self, parameters, self.PADDING, context)),
                batch_size=int(optional_number(self, parameters, self.BATCH_SIZE, context)),
                threshold=self.parameterAsDouble(parameters, self.THRESHOLD, context),
                device=self.parameterAsEnumString(parameters, self.DEVICE, context),
            )
            result = self.run_job(job, [path for path in (output, probability) if path], feedback)
        for path, kind, style in ((output, CLASSIFIED, self._styles[0]), (probability, PROBABILITY, self._styles[1])):
            if path:
                write_raster_style(Path(path), kind)
                style.attach(path, context)
        outputs = {self.OUTPUT: output, self.ROAD_SHARE: result["road_share"]}
        return {**outputs, self.PROBABILITY: probability} if probability else outputs

    def _tiff_path(self, parameters: dict[str, Any], name: str, context: QgsProcessingContext) -> str:
        path = self.parameterAsOutputLayer(parameters, name, context)
        if Path(path).suffix.lower() not in (".tif", ".tiff"):
            raise QgsProcessingException(tr("{} must be a GeoTIFF: choose a name that ends in .tif, not {}.").format(name, path))
        return path
