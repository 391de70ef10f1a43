"""The parameters of Export training data."""

from __future__ import annotations

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterBand,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterMatrix,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from .algorithm import tr
from .export_names import ExportNames
from .parameter_kinds import choice, number
from .parameters import advanced, explained

#: NO_FEATURE_TILES: public value, value in the job. The first two are ArcGIS's words.
NO_FEATURE_TILES = {"ONLY_TILES_WITH_FEATURES": "none", "ALL_TILES": "all", "SHARE_OF_EMPTY_TILES": "share"}
STRETCHES = ["AUTO", "NONE", "MINMAX", "PERCENT", "DEVIATIONS"]
MASK_MODES = ["INSIDE", "CENTRE"]
NODATA_LABELS = ["IGNORE", "BACKGROUND"]
IMAGE_FORMATS = ["TIFF", "PNG", "JPEG"]


def export_parameters() -> list[QgsProcessingParameterDefinition]:
    """Return the parameters in the order of the dialog: the most used ones, then those under "Advanced parameters"."""
    rare = [*_class_parameters(), *_area_parameters(), *_image_parameters(), *_chip_parameters()]
    return [
        *_main_parameters(), *(advanced(parameter) for parameter in rare),
        QgsProcessingParameterFolderDestination(ExportNames.OUTPUT, tr("Training data folder")),
    ]


def _main_parameters() -> list[QgsProcessingParameterDefinition]:
    names, kinds = ExportNames, QgsProcessing.SourceType
    return [
        explained(
            QgsProcessingParameterRasterLayer(names.INPUT, tr("Imagery")),
            tr("Any raster layer QGIS shows. Web maps and database rasters are copied first: set an extent. A web map with a "
               "known deepest zoom level is copied at that one's cell size."),
        ),
        explained(
            # any geometry: layers that mix lines and polygons are neither for QGIS
            QgsProcessingParameterFeatureSource(
                names.LABELS, tr("Roads (lines or polygons)"), [kinds.TypeVectorAnyGeometry], optional=True
            ),
            tr("Road centre lines, widened to the road width, or road areas, taken as they are. Leave it empty if the roads "
               "come as a label raster (advanced parameters)."),
        ),
        explained(
            number(names.ROAD_WIDTH, tr("Road width (metres)"), 8.0, 0.1, 200.0),
            tr("Width to which lines without a width of their own are widened. A little more than the paved width is better "
               "than less."),
        ),
        explained(
            QgsProcessingParameterExtent(names.EXTENT, tr("Extent"), optional=True),
            tr("Only chips wholly inside are cut. Empty: the whole raster."),
        ),
        explained(
            number(names.CELL_SIZE, tr("Cell size (metres)"), None, 0.001, 1000.0),
            tr("Pixel size of the chips. Empty: the raster's own. Classification later uses the same."),
        ),
        explained(
            number(names.TILE_SIZE, tr("Tile size (pixels)"), 512, 32, 8192),
            tr("Side of a chip. The reference model was trained on 512."),
        ),
        explained(
            number(names.STRIDE, tr("Stride (pixels)"), 256, 8, 8192),
            tr("Distance between chips; half the tile size gives 50 % overlap."),
        ),
    ]


def _class_parameters() -> list[QgsProcessingParameterDefinition]:
    names = ExportNames
    return [
        explained(
            QgsProcessingParameterField(
                names.WIDTH_FIELD, tr("Width field"), None, names.LABELS, QgsProcessingParameterField.DataType.Any, optional=True
            ),
            tr("Field with the width of each line in metres, up to 200: a number or text such as 5.5 m. Lines without one take "
               "that of their class, or the road width."),
        ),
        explained(
            QgsProcessingParameterField(
                names.CLASS_FIELD, tr("Class field"), None, names.LABELS, QgsProcessingParameterField.DataType.Any, optional=True
            ),
            tr("Field that tells kinds of roads apart, whole numbers from 1 to 254 or names; ArcGIS's Class Value Field. "
               "Empty: one class, road."),
        ),
        explained(
            QgsProcessingParameterMatrix(
                names.CLASS_WIDTHS, tr("Widths of the classes"), 5, False, [tr("Class"), tr("Width (m)")], None, True
            ),
            tr("Width of the lines of each class, metres, where the width field has none; 0 leaves the class out. Outside the "
               "dialog also as text: primary=12,residential=6."),
        ),
        explained(
            QgsProcessingParameterRasterLayer(names.LABEL_RASTER, tr("Label raster"), optional=True),
            tr("Instead of a road layer: a raster of whole numbers with 0 for background (or a mask of 0 and 255), at any cell "
               "size and in any coordinate system. Nodata other than 0 is neither learned nor scored."),
        ),
        explained(
            QgsProcessingParameterBand(names.LABEL_BAND, tr("Band of the label raster"), None, names.LABEL_RASTER, optional=True),
            tr("Empty: the first."),
        ),
    ]


def _area_parameters() -> list[QgsProcessingParameterDefinition]:
    names = ExportNames
    return [
        explained(
            QgsProcessingParameterFeatureSource(
                names.MASK, tr("Mask (polygons)"), [QgsProcessing.SourceType.TypeVectorPolygon], optional=True
            ),
            tr("Chips are cut only within these polygons: where the roads were checked. ArcGIS's Input Mask Polygons."),
        ),
        explained(
            choice(names.MASK_MODE, tr("Chips at the mask's edge"), MASK_MODES),
            tr("INSIDE: only chips wholly inside the mask, as in ArcGIS. CENTRE: chips with their centre inside."),
        ),
        explained(
            choice(names.NO_FEATURE_TILES, tr("Chips without roads"), list(NO_FEATURE_TILES)),
            tr("ALL_TILES also writes chips without a road, SHARE_OF_EMPTY_TILES a share of them; useful where the model finds "
               "roads in fields or on roofs."),
        ),
        explained(
            number(names.EMPTY_SHARE, tr("Share of chips without roads (percent)"), 20.0, 0.0, 100.0),
            tr("With SHARE_OF_EMPTY_TILES: how many of the chips without a road are written. Which ones depends on their place "
               "alone."),
        ),
    ]


def _image_parameters() -> list[QgsProcessingParameterDefinition]:
    names = ExportNames
    return [
        explained(
            QgsProcessingParameterBand(names.BANDS, tr("Bands"), None, names.INPUT, optional=True, allowMultiple=True),
            tr("Bands to export, in this order. Empty: the first three that are not alpha."),
        ),
        explained(
            choice(names.STRETCH, tr("Stretch to 8 bits"), STRETCHES),
            tr("AUTO: PERCENT for all but 8-bit imagery. NONE: the values as they are. MINMAX, PERCENT and DEVIATIONS "
               "stretch between figures of the whole raster. Classification stretches with the same figures."),
        ),
        explained(
            number(names.STRETCH_LOW, tr("Stretch from (percent)"), 2.0, 0.0, 100.0),
            tr("PERCENT: so many percent of the pixels become black."),
        ),
        explained(
            number(names.STRETCH_HIGH, tr("Stretch to (percent)"), 98.0, 0.0, 100.0),
            tr("PERCENT: the pixels above this percentage become white."),
        ),
        explained(
            number(names.STRETCH_DEVIATIONS, tr("Stretch (standard deviations)"), 2.0, 0.1, 10.0),
            tr("DEVIATIONS: so many standard deviations to both sides of the mean."),
        ),
        explained(
            choice(names.IMAGE_FORMAT, tr("Image format"), IMAGE_FORMATS),
            tr("Of the images; labels are always TIFF. TIFF holds any number of bands and any depth; PNG and JPEG hold one or "
               "three 8-bit bands."),
        ),
        explained(
            QgsProcessingParameterString(names.ATTRIBUTION, tr("Attribution and licence"), None, optional=True),
            tr("Of imagery and roads; kept in the folder and in every model trained on it. Empty: the rights in the metadata of "
               "both layers."),
        ),
    ]


def _chip_parameters() -> list[QgsProcessingParameterDefinition]:
    names = ExportNames
    return [
        explained(
            number(names.ROTATION_ANGLE, tr("Rotation angle (degrees)"), 0.0, 0.0, 180.0),
            tr("Every chip is written again at each multiple of this angle up to a full turn; 0 for no repetition. Training "
               "turns and flips chips by itself, so this is rarely needed."),
        ),
        explained(
            number(names.MIN_OVERLAP, tr("Smallest part of a road in a chip (0–1)"), 0.0, 0.0, 1.0),
            tr("A feature with a smaller share of its area in the chip is left out of the chip's label. ArcGIS's Minimum Polygon "
               "Overlap Ratio. 0 keeps every road, which is right for roads."),
        ),
        explained(
            number(names.MAX_NODATA, tr("Largest part without imagery (percent)"), 50.0, 0.0, 100.0),
            tr("Chips with more pixels without imagery are left out."),
        ),
        explained(
            choice(names.NODATA_LABEL, tr("Label of pixels without imagery"), NODATA_LABELS),
            tr("IGNORE: neither learned nor scored. BACKGROUND: learned as no road, as ArcGIS writes them."),
        ),
        explained(
            number(names.WORKERS, tr("Threads"), 0, 0, 256),
            tr("Chips cut side by side; 0 chooses. The result does not depend on it."),
        ),
    ]
