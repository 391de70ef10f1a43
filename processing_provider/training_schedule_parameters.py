"""The parameters of trainings about the course of a training: steps, rate, end, and the chips it is judged by."""

from __future__ import annotations

from qgis.core import (
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
)

from ..engine import jobs
from .algorithm import tr
from .parameter_kinds import choice, number, with_decimals, with_facts
from .parameters import explained
from .path_facts import TRAINING_DATA
from .training_names import AnyTrainingNames

OPTIMISERS = ["adamw", "sgd"]
SPLITS = ["blocks", "random"]
#: Lower is better for the loss, higher for the others.
MONITORS = ["valid_loss", "accuracy", "miou", "dice", "iou", "f1", "relaxed_f1"]


def schedule_parameters(defaults: jobs.TrainRoadExtractor) -> list[QgsProcessingParameterDefinition]:
    """Return the parameters about steps, learning rate and early stopping.

    Args:
        defaults: a job as it is made; the dialog begins with its values.
    """
    return [*_step_parameters(defaults), *_stop_parameters(defaults)]


def _step_parameters(defaults: jobs.TrainRoadExtractor) -> list[QgsProcessingParameterDefinition]:
    names = AnyTrainingNames
    return [
        explained(
            _may_be_empty(number(names.BATCH_SIZE, tr("Batch size"), defaults.batch_size or None, 1, 1024)),
            tr("Chips per step. Empty: chosen from the device's memory."),
        ),
        explained(
            number(names.ACCUMULATE, tr("Batches per step"), 1, 1, 1024),
            tr("So many batches make one step of learning: nearly as good as a larger batch where memory is short."),
        ),
        explained(
            with_decimals(
                _may_be_empty(number(names.LEARNING_RATE, tr("Learning rate"), defaults.learning_rate or None, 1e-7, 1.0)), 7
            ),
            tr("Highest rate of the one-cycle schedule; with adamw, 0.001 suits most data. Empty: a search before the first "
               "epoch finds one, as in ArcGIS."),
        ),
        explained(
            choice(names.OPTIMISER, tr("Optimiser"), OPTIMISERS),
            tr("adamw needs little care. sgd (with momentum 0.9) wants ten to a hundred times the learning rate."),
        ),
        explained(
            with_decimals(number(names.WEIGHT_AVERAGE, tr("Average of the weights"), 0.0, 0.0, 0.9999), 4),
            tr("0: the weights of the best epoch are kept. 0.99 to 0.999: a moving average of the weights, over about a hundred "
               "to a thousand steps, is validated and kept instead; as a rule a little better on images never seen."),
        ),
    ]


def _stop_parameters(defaults: jobs.TrainRoadExtractor) -> list[QgsProcessingParameterDefinition]:
    names = AnyTrainingNames
    return [
        explained(
            choice(names.MONITOR, tr("Monitor"), MONITORS),
            tr("The figure that decides the best epoch and the early stop. dice, iou, f1 and relaxed_f1 look at road alone, "
               "relaxed_f1 forgives 3 pixels. ArcGIS's Monitor Metric."),
        ),
        explained(
            QgsProcessingParameterBoolean(names.EARLY_STOPPING, tr("Stop when it no longer gets better"), True),
            tr("Ends the training when the monitored figure has not improved for some epochs. ArcGIS's Stop when model stops "
               "improving."),
        ),
        explained(
            number(names.PATIENCE, tr("Patience (epochs)"), defaults.patience, 1, 1000),
            tr("Epochs without improvement before the training stops."),
        ),
        explained(
            with_decimals(number(names.MIN_DELTA, tr("Smallest improvement"), 0.001, 0.0, 1.0), 4),
            tr("What the monitored figure must gain to count as an improvement for the stop. The best epoch is the best all the "
               "same."),
        ),
    ]


def validation_parameters(defaults: jobs.TrainRoadExtractor) -> list[QgsProcessingParameterDefinition]:
    """Return the parameters about the chips that are not trained on; ``defaults`` as in ``schedule_parameters``."""
    names = AnyTrainingNames
    share = tr("Validation share (percent)")
    return [
        explained(
            with_decimals(number(names.VALIDATION_PERCENT, share, defaults.validation_percent, 1.0, 80.0), 1),
            tr("Share of the chips that is kept for validation. ArcGIS's Validation %."),
        ),
        explained(
            choice(names.SPLIT, tr("Validation split"), SPLITS),
            tr("blocks: whole blocks of the map, honest. random: as ArcGIS does; overlapping chips make scores too good."),
        ),
        explained(
            with_facts(QgsProcessingParameterFile(
                names.VALIDATION_DATA, tr("Validation data folder"), QgsProcessingParameterFile.Behavior.Folder, optional=True
            ), TRAINING_DATA),
            tr("Instead of a share: chips of a folder of their own, as public data sets have a validation part. All training "
               "data are then trained on; share and split mean nothing. Several: separated by semicolons."),
        ),
    ]


def _may_be_empty(parameter: QgsProcessingParameterNumber) -> QgsProcessingParameterNumber:
    """Let a number be left empty although it has a default."""
    parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.Flag.FlagOptional)
    return parameter
