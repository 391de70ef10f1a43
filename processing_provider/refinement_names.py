"""The public names of Train refinement stage."""

from __future__ import annotations

from .training_names import AnyTrainingNames
from .translation import tr_noop


class RefinementNames(AnyTrainingNames):
    """Those of the parameters and outputs that it does not share with all trainings, never changed.

    ``MODEL`` is both: the model of one stage that goes in, and the one of two stages that comes out.
    """

    LAYERS = "LAYERS"
    RESIDUAL = "RESIDUAL"
    KEY_PIXEL_THRESHOLD = "KEY_PIXEL_THRESHOLD"
    KEY_PIXEL_WEIGHT = "KEY_PIXEL_WEIGHT"
    MIN_SAMPLE_IOU = "MIN_SAMPLE_IOU"
    CORRUPTION = "CORRUPTION"
    FOLDS = "FOLDS"
    FOLD_EPOCHS = "FOLD_EPOCHS"
    FURTHER_SCORES = {  # noqa: RUF012
        "FIRST_IOU": ("first_iou", tr_noop("IoU of road of the first stage alone, at 0.5")),
        "FIRST_DICE": ("first_dice", tr_noop("Dice of the first stage alone, at 0.5")),
        **AnyTrainingNames.FURTHER_SCORES,
    }
