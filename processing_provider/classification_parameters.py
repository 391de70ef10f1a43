"""The parameters of Classify pixels."""

from __future__ import annotations

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from .algorithm import tr
from .classification_names import ClassificationNames
from .parameter_kinds import choice, number, optional_file, with_facts
from .parameters import DEVICES, advanced, explained
from .path_facts import MODEL
from .settings import read_options

TEST_TIME_AUGMENTATIONS = ["1", "2", "4", "8"]
MERGE_POLICIES = ["mean", "max", "min"]
PROBABILITY_FORMATS = ["uint8", "float32"]


def classification_parameters() -> list[QgsProcessingParameterDefinition]:
    """Return the parameters in the order of the dialog: the most used ones, then those under "Advanced parameters"."""
    names = ClassificationNames
    rare = [*_quality_parameters(), *_tile_parameters(), *_format_parameters(), *_device_parameters(), *_cluster_parameters()]
    return [
        *_main_parameters(), *(advanced(parameter) for parameter in rare),
        explained(
            QgsProcessingParameterRasterDestination(names.OUTPUT, tr("Classified raster")),
            tr("A GeoTIFF: 1 road, 0 background, 255 no imagery or outside the mask. Give it a name of its own: an interrupted "
               "run goes on only into the same one."),
        ),
        explained(
            QgsProcessingParameterRasterDestination(
                names.PROBABILITY, tr("Probability raster"), None, True, createByDefault=False
            ),
            tr("How likely each pixel is road; what Raster to road vector likes best. ArcGIS's return_probability_raster."),
        ),
    ]


def _main_parameters() -> list[QgsProcessingParameterDefinition]:
    names = ClassificationNames
    return [
        explained(
            QgsProcessingParameterRasterLayer(names.INPUT, tr("Imagery")),
            tr("Any raster layer QGIS shows. Web maps and database rasters are copied first, no finer than the model needs: set "
               "an extent, or a mask."),
        ),
        explained(
            with_facts(optional_file(
                names.MODEL, tr("Model (empty: the one that comes with Roadsmith)"), tr("Model packages (*.dlpk *.emd)")
            ), MODEL),
            tr("The .dlpk or .emd of a model package that Train road extractor wrote. Empty: the road model that comes with "
               "Roadsmith. The log tells what the model is."),
        ),
        explained(
            QgsProcessingParameterExtent(names.EXTENT, tr("Extent"), optional=True),
            tr("Only this part is classified; its pixels are the same as in a run over the whole raster. Empty: everything."),
        ),
        explained(
            QgsProcessingParameterFeatureSource(
                names.MASK, tr("Mask (polygons)"), [QgsProcessing.SourceType.TypeVectorPolygon], optional=True
            ),
            tr("Only pixels with their centre within these polygons are classified, the others become nodata and cost next to "
               "nothing; “selected features only” is honoured."),
        ),
        explained(
            number(names.THRESHOLD, tr("Threshold"), None, 0.001, 1.0),
            tr("Probability from which a pixel is road. Lower finds more roads and more that are none. Empty: the model's own, "
               "which was best on the chips it was validated on."),
        ),
    ]


def _quality_parameters() -> list[QgsProcessingParameterDefinition]:
    names = ClassificationNames
    return [
        explained(
            choice(names.TEST_TIME_AUGMENTATION, tr("Test-time augmentation (views of each tile)"), TEST_TIME_AUGMENTATIONS),
            tr("So many views of each tile are classified and merged: 2 adds the mirror image, 4 half a turn and the other "
               "mirror image, 8 the quarter turns. Somewhat better roads for so many times the time."),
        ),
        explained(
            choice(names.MERGE_POLICY, tr("Merge policy"), MERGE_POLICIES),
            tr("What becomes of the views' probabilities: mean; max finds more roads and more that are none; min fewer of both. "
               "Without effect on one view."),
        ),
        explained(
            number(names.CELL_SIZE, tr("Cell size (metres)"), None, 0.001, 1000.0),
            tr("Pixel size at which the model sees the imagery, and of the result. Empty: the one the model was trained at, "
               "which is nearly always right."),
        ),
    ]


def _tile_parameters() -> list[QgsProcessingParameterDefinition]:
    names = ClassificationNames
    return [
        explained(
            number(names.TILE_SIZE, tr("Tile size (pixels)"), None, 64, 8192),
            tr("Side of the windows the network sees. Empty: the model's chip size, 512 at least."),
        ),
        explained(
            number(names.PADDING, tr("Padding (pixels)"), None, 1, 2048),
            tr("Border of a tile that is blended with its neighbours, up to a quarter of the tile. Empty: an eighth."),
        ),
    ]


def _format_parameters() -> list[QgsProcessingParameterDefinition]:
    names = ClassificationNames
    return [
        explained(
            choice(names.PROBABILITY_FORMAT, tr("Format of the probability raster"), PROBABILITY_FORMATS),
            tr("uint8: 0 to 254 for 0 to 1, nodata 255. float32: 0 to 1, nodata -1, as in ArcGIS; several times as large."),
        ),
        explained(
            QgsProcessingParameterBoolean(names.COG, tr("Write cloud-optimised GeoTIFFs"), False),
            tr("For rasters that are to be read over the network. Takes a little longer."),
        ),
    ]


def _device_parameters() -> list[QgsProcessingParameterDefinition]:
    names = ClassificationNames
    return [
        explained(
            choice(names.DEVICE, tr("Device"), DEVICES),
            tr("auto: all NVIDIA GPUs, else Apple's, else the processor (cpu). cuda: the first NVIDIA GPU, or those named "
               "below. ArcGIS's Processor Type."),
        ),
        explained(
            QgsProcessingParameterString(names.GPUS, tr("GPUs"), None, optional=True),
            tr("Numbers of the NVIDIA GPUs that share the work, counted from 0: 0 or 0,2. Empty: as the device says. ArcGIS's "
               "GPU ID."),
        ),
        explained(
            number(names.BATCH_SIZE, tr("Batch size (tiles)"), None, 1, 1024),
            tr("Tiles per step. Empty: chosen for the device; halved by itself when memory runs out."),
        ),
        explained(
            QgsProcessingParameterBoolean(names.COMPILE, tr("Compile the network"), False),
            tr("torch.compile makes the network faster, but the first tiles take minutes: for large rasters on a GPU."),
        ),
        explained(
            number(names.READER_THREADS, tr("Reading threads"), None, 1, 256),
            tr("Threads that read imagery ahead of the network. Empty: chosen for the device. The result does not depend on it."),
        ),
    ]


def _cluster_parameters() -> list[QgsProcessingParameterDefinition]:
    names = ClassificationNames
    return [
        explained(
            QgsProcessingParameterString(names.SCHEDULER, tr("Dask scheduler"), read_options().scheduler or None, optional=True),
            tr("Address of a Dask cluster that does the work, such as tcp://192.168.1.5:8786; its machines must reach imagery, "
               "model and output under the same paths. Empty: this computer."),
        ),
        explained(
            QgsProcessingParameterBoolean(names.VRT, tr("Leave the cluster's blocks as they are"), False),
            tr("With a scheduler: the results are virtual rasters (.vrt) over the workers' files, which are not joined."),
        ),
    ]
