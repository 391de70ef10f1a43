"""The parameters of Compute accuracy and Compare road networks."""

from __future__ import annotations

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMapLayer,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from .algorithm import tr
from .evaluation_names import AccuracyNames, ComparisonNames
from .parameter_kinds import choice, number
from .parameters import advanced, explained

#: WEIGHT: public values; those of the job are the same in small letters.
WEIGHTS = ["LENGTH", "TIME"]


def accuracy_parameters() -> list[QgsProcessingParameterDefinition]:
    """Return the parameters of Compute accuracy in the order of the dialog."""
    return [
        *_accuracy_inputs(), *(advanced(parameter) for parameter in _accuracy_options()),
        QgsProcessingParameterFileDestination(AccuracyNames.REPORT, tr("Report"), tr("HTML files (*.html)")),
        QgsProcessingParameterRasterDestination(
            AccuracyNames.ERROR_MAP, tr("Error map"), None, True, createByDefault=True
        ),
    ]


def _accuracy_inputs() -> list[QgsProcessingParameterDefinition]:
    names, kinds = AccuracyNames, QgsProcessing.SourceType
    return [
        explained(
            QgsProcessingParameterRasterLayer(names.PREDICTION, tr("Prediction (classified or probability raster)")),
            tr("A raster from Classify pixels, or any road mask (0 and 1, 0 and 255) or probability (0–1, or 0–254 in 8 bits). "
               "With probabilities the report also shows every other threshold."),
        ),
        explained(
            QgsProcessingParameterMapLayer(
                names.TRUTH, tr("Truth (road layer or raster)"), None, False,
                [kinds.TypeRaster, kinds.TypeVectorLine, kinds.TypeVectorPolygon],
            ),
            tr("Road lines, widened to the road width; road areas; or a raster in which 0 is background. It may have another "
               "coordinate system and cell size. Where a raster has nodata, nothing is scored."),
        ),
        explained(
            number(names.ROAD_WIDTH, tr("Road width (metres)"), 6.0, 0.1, 200.0),
            tr("Width to which true lines without a width of their own are widened: that with which the model was trained. "
               "Without effect on areas and rasters."),
        ),
        explained(
            number(names.THRESHOLD, tr("Threshold"), 0.5, 0.001, 1.0),
            tr("Probability from which a pixel is road; without effect on classified rasters."),
        ),
        explained(
            number(names.TOLERANCE, tr("Tolerance (metres)"), None, 0.0, 10000.0),
            tr("How far a road may lie beside its truth in the relaxed scores. Empty: 3 pixels, as in Mnih's work, with which "
               "most others compare."),
        ),
        explained(
            QgsProcessingParameterFeatureSource(
                names.MASK, tr("Mask (polygons)"), [kinds.TypeVectorPolygon], optional=True
            ),
            tr("Only pixels within these polygons are scored: where the truth was checked."),
        ),
        explained(
            QgsProcessingParameterExtent(names.EXTENT, tr("Extent"), optional=True),
            tr("Only this part is scored. Empty: the whole prediction."),
        ),
    ]


def _accuracy_options() -> list[QgsProcessingParameterDefinition]:
    names = AccuracyNames
    return [
        explained(
            QgsProcessingParameterField(
                names.WIDTH_FIELD, tr("Width field"), None, names.TRUTH, QgsProcessingParameterField.DataType.Any, optional=True
            ),
            tr("Field with the width of each true line in metres, up to 200: a number or text such as 5.5 m."),
        ),
        explained(
            QgsProcessingParameterString(names.TRUTH_LABEL, tr("Truth label"), None, optional=True),
            tr("Which of a truth raster's values are road (1 or 1,3), or which colours of a coloured one (#ff0000). Empty: all "
               "but 0 and nodata."),
        ),
        explained(
            QgsProcessingParameterRasterLayer(names.IMAGERY, tr("Imagery for the report"), optional=True),
            tr("Shown beneath the errors of the worst and the best blocks. Web maps are copied first: set an extent."),
        ),
        explained(
            number(names.BLOCK_SIZE, tr("Block size (pixels)"), 512, 16, 4096),
            tr("Side of the squares that are scored one by one, so that the bad places show."),
        ),
    ]


def comparison_parameters() -> list[QgsProcessingParameterDefinition]:
    """Return the parameters of Compare road networks in the order of the dialog."""
    names, kinds = ComparisonNames, QgsProcessing.SourceType
    return [
        *_comparison_inputs(), *(advanced(parameter) for parameter in _comparison_options()),
        QgsProcessingParameterFileDestination(names.REPORT, tr("Report"), tr("HTML files (*.html)")),
        *(
            QgsProcessingParameterFeatureSink(name, text, kinds.TypeVectorLine, None, True, True)
            for name, text in (
                (names.MATCHED, tr("Matched roads")), (names.MISSED, tr("Missed roads")), (names.EXTRA, tr("Extra roads"))
            )
        ),
    ]


def _comparison_inputs() -> list[QgsProcessingParameterDefinition]:
    names, kinds = ComparisonNames, QgsProcessing.SourceType
    return [
        explained(
            QgsProcessingParameterFeatureSource(names.ROADS, tr("Roads (lines)"), [kinds.TypeVectorLine]),
            tr("The roads to judge, such as those of Raster to road vector."),
        ),
        explained(
            QgsProcessingParameterFeatureSource(names.REFERENCE, tr("Reference (lines)"), [kinds.TypeVectorLine]),
            tr("What they are judged by: surveyed roads, OpenStreetMap, or the roads of another year. Any coordinate system."),
        ),
        explained(
            number(names.BUFFER, tr("Buffer (metres)"), 5.0, 0.01, 1000.0),
            tr("Lines within this distance of each other match: about half a road's width."),
        ),
        explained(
            number(names.SNAP, tr("Snap distance (metres)"), 4.0, 0.0, 1000.0),
            tr("A point of one network is found in the other within this distance (APLS). The SpaceNet challenges used 4 m."),
        ),
        explained(
            QgsProcessingParameterFeatureSource(
                names.MASK, tr("Mask (polygons)"), [kinds.TypeVectorPolygon], optional=True
            ),
            tr("Only roads within these polygons count: where the reference is complete. Different extents need one."),
        ),
    ]


def _comparison_options() -> list[QgsProcessingParameterDefinition]:
    names = ComparisonNames
    return [
        explained(
            number(names.SPACING, tr("Spacing of control points (metres)"), 50.0, 1.0, 10000.0),
            tr("Distance between the points along the roads between which routes are measured; SpaceNet used 50 m."),
        ),
        explained(
            choice(names.WEIGHT, tr("Routes are measured by"), WEIGHTS),
            tr("LENGTH: metres. TIME: driving time, with the speeds of the speed field."),
        ),
        explained(
            QgsProcessingParameterField(
                names.SPEED_FIELD, tr("Speed field (km/h)"), None, names.ROADS, QgsProcessingParameterField.DataType.Any,
                optional=True,
            ),
            tr("With TIME: field of both layers with the speed in km/h. Roads without one take the default speed."),
        ),
        explained(
            number(names.DEFAULT_SPEED, tr("Default speed (km/h)"), 50.0, 0.1, 500.0),
            tr("With TIME: of roads without a speed of their own."),
        ),
        explained(
            number(names.SAMPLES, tr("Most routes"), 100_000, 1, 10_000_000),
            tr("Most routes of APLS in each direction, drawn at random; smaller networks are measured in full."),
        ),
        explained(
            number(names.SEED, tr("Random seed"), 0, 0, 2**31 - 1),
            tr("The same seed draws the same routes."),
        ),
    ]
