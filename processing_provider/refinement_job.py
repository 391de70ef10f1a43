"""The parameters of Train refinement stage as a job."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsProcessingAlgorithm, QgsProcessingContext

from ..engine import jobs
from .refinement_names import RefinementNames
from .refinement_parameters import LOSSES
from .shipped_model import model_or_shipped
from .training_job import shared_fields
from .training_values import Values


def refinement_job(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> jobs.TrainRefinementStage:
    """Return the job that ``parameters`` describe; they are free of contradictions.

    Raises:
        QgsProcessingException: the training data or the output are empty, or the model is and there is no shipped one.
    """
    names, values = RefinementNames, Values(algorithm, parameters, context)
    return jobs.TrainRefinementStage(
        **shared_fields(values, LOSSES),
        first_model=model_or_shipped(algorithm, parameters, names.MODEL, context),
        base_width=values.whole(names.BASE_WIDTH),
        layers=values.whole(names.LAYERS),
        residual=values.choice(names.RESIDUAL),
        key_pixel_threshold=values.number(names.KEY_PIXEL_THRESHOLD),
        key_pixel_weight=values.number(names.KEY_PIXEL_WEIGHT),
        min_sample_iou=values.number(names.MIN_SAMPLE_IOU),
        corruption=values.number(names.CORRUPTION),
        folds=values.whole(names.FOLDS),
        fold_epochs=values.whole(names.FOLD_EPOCHS),
    )
