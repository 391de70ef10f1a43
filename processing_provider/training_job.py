"""The parameters of Train road extractor as a job."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsProcessingAlgorithm, QgsProcessingContext

from ..engine import jobs
from .environment import home_folder
from .name_values import augmentation_table
from .shipped_model import shipped_model
from .training_names import AnyTrainingNames, TrainingNames
from .training_target_parameters import LOSSES
from .training_values import Values


def training_job(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> jobs.TrainRoadExtractor:
    """Return the job that ``parameters`` describe; they are free of contradictions.

    Raises:
        QgsProcessingException: the training data or the output are empty.
    """
    names, values = TrainingNames, Values(algorithm, parameters, context)
    weights = {"NONE": "", "DOWNLOAD": "imagenet"}
    return jobs.TrainRoadExtractor(
        **shared_fields(values, LOSSES),
        model_type=values.choice(names.MODEL_TYPE),
        backbone=values.choice(names.BACKBONE),
        base_width=int(values.optional(names.BASE_WIDTH)),
        pretrained_model=shipped_model() if values.switch(names.SHIPPED_MODEL) else values.file(names.PRETRAINED_MODEL),
        backbone_weights=weights.get(values.choice(names.IMAGENET_WEIGHTS), values.file(names.WEIGHTS_FILE)),
        weights_cache=str(home_folder() / "weights"),
        weight_init=values.choice(names.WEIGHT_INIT).lower(),
        freeze=values.switch(names.FREEZE),
        gaussian_thresh=values.number(names.GAUSSIAN_THRESH),
        orient_bin_size=values.number(names.ORIENT_BIN_SIZE),
        orient_theta=values.number(names.ORIENT_THETA),
    )


def shared_fields(values: Values, losses: dict[str, str]) -> dict[str, Any]:
    """Return what the jobs of all trainings have in common.

    Args:
        losses: public value, value in the job.

    Raises:
        QgsProcessingException: the training data or the output are empty.
    """
    names = AnyTrainingNames
    return {
        "training_data": values.folders(names.TRAINING_DATA),
        "road_label": values.text(names.ROAD_LABEL),
        "cell_size": values.optional(names.CELL_SIZE),
        "output_folder": values.path(names.OUTPUT),
        "epochs": values.whole(names.EPOCHS),
        "batch_size": int(values.optional(names.BATCH_SIZE)),
        "accumulate": values.whole(names.ACCUMULATE),
        "chip_size": int(values.optional(names.CHIP_SIZE)),
        "learning_rate": values.optional(names.LEARNING_RATE),
        "optimiser": values.choice(names.OPTIMISER),
        "weight_average": values.number(names.WEIGHT_AVERAGE),
        "validation_data": values.optional_folders(names.VALIDATION_DATA),
        "validation_percent": values.number(names.VALIDATION_PERCENT),
        "split": values.choice(names.SPLIT),
        "early_stopping": values.switch(names.EARLY_STOPPING),
        "patience": values.whole(names.PATIENCE),
        "min_delta": values.number(names.MIN_DELTA),
        "monitor": values.choice(names.MONITOR),
        "loss": losses[values.choice(names.LOSS)],
        "positive_weight": values.number(names.POSITIVE_WEIGHT),
        "cldice": values.number(names.CLDICE),
        "skeleton_recall": values.number(names.SKELETON_RECALL),
        "augmentation": values.choice(names.AUGMENTATION).lower(),
        "augmentation_table": augmentation_table(values.cells(names.AUGMENTATION_PARAMETERS)),
        "augmentation_file": values.file(names.AUGMENTATION_FILE),
        "centre_lines": values.switch(names.CENTRE_LINES),
        "seed": values.whole(names.SEED),
        "device": values.choice(names.DEVICE),
        "precision": values.choice(names.PRECISION),
        "processes": int(values.optional(names.NUM_PROCESSES)),
        "compile": values.switch(names.COMPILE),
        "tensorboard": values.switch(names.TENSORBOARD),
        "onnx": values.switch(names.ONNX),
        "network_scores": values.switch(names.NETWORK_SCORES),
        "resume": values.switch(names.RESUME),
    }
