"""The parameters of trainings about what is learned: loss, augmentation, labels."""

from __future__ import annotations

from qgis.core import (
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterMatrix,
    QgsProcessingParameterString,
)

from .algorithm import tr
from .parameter_kinds import choice, number, optional_file, with_decimals
from .parameters import ROAD_LABEL_HELP, explained
from .training_names import AnyTrainingNames, TrainingNames

#: LOSS: public value, value in the job.
LOSSES = {"DEFAULT": "", "MULTITASK": "multitask", "BCE_DICE": "bce_dice", "WEIGHTED_BCE_DICE": "weighted_bce_dice"}
AUGMENTATIONS = ["DEFAULT", "NONE", "CUSTOM", "FILE"]


def loss_parameters() -> list[QgsProcessingParameterDefinition]:
    """Return the choice of what Train road extractor minimises."""
    return [
        explained(
            choice(TrainingNames.LOSS, tr("Loss"), list(LOSSES)),
            tr("MULTITASK: soft IoU. BCE_DICE: cross-entropy and Dice. WEIGHTED_BCE_DICE: the same with a weight for road. "
               "DEFAULT: MULTITASK for linknet and hourglass, BCE_DICE for the others."),
        ),
    ]


def further_loss_parameters() -> list[QgsProcessingParameterDefinition]:
    """Return the parameters about what is added to the chosen loss."""
    names = AnyTrainingNames
    return [
        explained(
            with_decimals(number(names.POSITIVE_WEIGHT, tr("Weight of road pixels"), 1.0, 0.01, 1000.0), 2),
            tr("With WEIGHTED_BCE_DICE: 2 to 6 find more roads, and more that are none."),
        ),
        explained(
            with_decimals(number(names.CLDICE, tr("Share of clDice"), 0.0, 0.0, 1.0), 2),
            tr("Lets gaps in a road cost more; published up to 0.5. 0 leaves it out."),
        ),
        explained(
            with_decimals(number(names.SKELETON_RECALL, tr("Weight of skeleton recall"), 0.0, 0.0, 100.0), 2),
            tr("Lets missed middles of roads cost more; published 1. 0 leaves it out."),
        ),
    ]


def augmentation_parameters() -> list[QgsProcessingParameterDefinition]:
    """Return the parameters about the random variants of chips."""
    names = AnyTrainingNames
    return [
        explained(
            choice(names.AUGMENTATION, tr("Augmentation"), AUGMENTATIONS),
            tr("DEFAULT: random crops, flips, quarter turns, brightness, contrast and zoom. NONE: random crops alone. CUSTOM: "
               "the table below. FILE: the file below. ArcGIS's Data Augmentation."),
        ),
        explained(
            QgsProcessingParameterMatrix(
                names.AUGMENTATION_PARAMETERS, tr("Augmentation parameters"), 5, False, [tr("Name"), tr("Value")], None, True
            ),
            tr("With CUSTOM: crop, dihedral, rotate, zoom, corners, brightness, contrast, saturation, hue or gain, and a value "
               "as ArcGIS writes it: 30; 0.5 or (0.4, 0.6); 1.0. Outside the dialog also as text: rotate=30; 0.5,dihedral=1."),
        ),
        explained(
            optional_file(names.AUGMENTATION_FILE, tr("Augmentation file"), tr("JSON (*.json)")),
            tr("With FILE: an object of the same names and values, such as {\"rotate\": \"30; 0.5\"}; ArcGIS's transforms.json "
               "does."),
        ),
    ]


def label_parameters() -> list[QgsProcessingParameterDefinition]:
    """Return the parameters about what the labels mean."""
    names = AnyTrainingNames
    return [
        explained(
            QgsProcessingParameterString(names.ROAD_LABEL, tr("Road label"), None, optional=True), tr(ROAD_LABEL_HELP),
        ),
        explained(
            with_decimals(number(names.CELL_SIZE, tr("Cell size of the chips (metres)"), None, 0.001, 1000.0), 3),
            tr("Only for images without georeference, as public data sets ship them. Empty: what the folder says, else 1 m."),
        ),
        explained(
            QgsProcessingParameterBoolean(names.CENTRE_LINES, tr("Labels are centre lines"), False),
            tr("The width of the labels means nothing: roads of one width are drawn along their middle and learned instead."),
        ),
    ]


def line_parameters() -> list[QgsProcessingParameterDefinition]:
    """Return the parameters of Train road extractor about the lines that are made of labels."""
    names = TrainingNames
    return [
        explained(
            with_decimals(number(names.GAUSSIAN_THRESH, tr("Gaussian threshold"), 0.76, 0.01, 0.99), 2),
            tr("With centre lines: higher is thinner; 0.76 makes roads 6.7 m wide. ArcGIS's gaussian_thresh."),
        ),
        explained(
            with_decimals(number(names.ORIENT_BIN_SIZE, tr("Orientation bin size (degrees)"), 20.0, 1.0, 180.0), 1),
            tr("With linknet and hourglass: headings are sorted into bins of this width. ArcGIS's orient_bin_size."),
        ),
        explained(
            with_decimals(number(names.ORIENT_THETA, tr("Orientation band (pixels)"), 8.0, 1.0, 100.0), 1),
            tr("Half-width of the band around the centre line in which the heading is learned. ArcGIS's orient_theta."),
        ),
    ]
