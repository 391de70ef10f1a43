"""The parameters of Train road extractor about the course of a training: steps, rate, end, and the chips it is judged by."""

from __future__ import annotations

from qgis.core import QgsProcessingParameterBoolean, QgsProcessingParameterDefinition, QgsProcessingParameterFile

from .algorithm import tr
from .parameter_kinds import choice, number, with_decimals
from .parameters import explained
from .training_names import TrainingNames

OPTIMISERS = ["adamw", "sgd"]
SPLITS = ["blocks", "random"]
#: Lower is better for the loss, higher for the others.
MONITORS = ["valid_loss", "accuracy", "miou", "dice", "iou", "f1", "relaxed_f1"]


def schedule_parameters() -> list[QgsProcessingParameterDefinition]:
    """Return the parameters about steps, learning rate and early stopping."""
    return [*_step_parameters(), *_stop_parameters()]


def _step_parameters() -> list[QgsProcessingParameterDefinition]:
    names = TrainingNames
    return [
        explained(
            number(names.BATCH_SIZE, tr("Batch size"), None, 1, 1024),
            tr("Chips per step. Empty: chosen from the device's memory."),
        ),
        explained(
            number(names.ACCUMULATE, tr("Batches per step"), 1, 1, 1024),
            tr("So many batches make one step of learning: nearly as good as a larger batch where memory is short."),
        ),
        explained(
            with_decimals(number(names.LEARNING_RATE, tr("Learning rate"), None, 1e-7, 1.0), 7),
            tr("Highest rate of the one-cycle schedule; with adamw, 0.001 suits most data. Empty: a search before the first "
               "epoch finds one, as in ArcGIS."),
        ),
        explained(
            choice(names.OPTIMISER, tr("Optimiser"), OPTIMISERS),
            tr("adamw needs little care. sgd (with momentum 0.9) wants ten to a hundred times the learning rate."),
        ),
    ]


def _stop_parameters() -> list[QgsProcessingParameterDefinition]:
    names = TrainingNames
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
            number(names.PATIENCE, tr("Patience (epochs)"), 5, 1, 1000),
            tr("Epochs without improvement before the training stops."),
        ),
        explained(
            with_decimals(number(names.MIN_DELTA, tr("Smallest improvement"), 0.001, 0.0, 1.0), 4),
            tr("What the monitored figure must gain to count as an improvement for the stop. The best epoch is the best all the "
               "same."),
        ),
    ]


def validation_parameters() -> list[QgsProcessingParameterDefinition]:
    """Return the parameters about the chips that are not trained on."""
    names = TrainingNames
    return [
        explained(
            with_decimals(number(names.VALIDATION_PERCENT, tr("Validation share (percent)"), 10.0, 1.0, 80.0), 1),
            tr("Share of the chips that is kept for validation. ArcGIS's Validation %."),
        ),
        explained(
            choice(names.SPLIT, tr("Validation split"), SPLITS),
            tr("blocks: whole blocks of the map, honest. random: as ArcGIS does; overlapping chips make scores too good."),
        ),
        explained(
            QgsProcessingParameterFile(
                names.VALIDATION_DATA, tr("Validation data folder"), QgsProcessingParameterFile.Behavior.Folder, optional=True
            ),
            tr("Instead of a share: chips of a folder of their own, as public data sets have a validation part. All training "
               "data are then trained on; share and split mean nothing. Several: separated by semicolons."),
        ),
    ]
