"""The parameters of Train road extractor as a job."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsProcessingAlgorithm, QgsProcessingContext

from ..engine import jobs
from .environment import home_folder
from .name_values import augmentation_table
from .parameters import file_name, folder_names, is_given, optional_number
from .training_names import TrainingNames
from .training_target_parameters import LOSSES


def training_job(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> jobs.TrainRoadExtractor:
    """Return the job that ``parameters`` describe; they are free of contradictions.

    Raises:
        QgsProcessingException: the training data or the output are empty.
    """
    names = TrainingNames

    def choice(name: str) -> str:
        return algorithm.parameterAsEnumString(parameters, name, context)

    def whole(name: str) -> int:
        return algorithm.parameterAsInt(parameters, name, context)

    def number(name: str) -> float:
        return algorithm.parameterAsDouble(parameters, name, context)

    def switch(name: str) -> bool:
        return algorithm.parameterAsBool(parameters, name, context)

    def optional(name: str) -> float:
        return optional_number(algorithm, parameters, name, context)

    def file(name: str) -> str:
        return file_name(algorithm, parameters, name, context) if is_given(parameters, name) else ""

    def folders(name: str) -> list[str]:
        return folder_names(algorithm, parameters, name, context) if is_given(parameters, name) else []

    weights = {"NONE": "", "DOWNLOAD": "imagenet"}
    table = {}
    if is_given(parameters, names.AUGMENTATION_PARAMETERS):
        table = augmentation_table(algorithm.parameterAsMatrix(parameters, names.AUGMENTATION_PARAMETERS, context))
    return jobs.TrainRoadExtractor(
        training_data=folder_names(algorithm, parameters, names.TRAINING_DATA, context),
        road_label=algorithm.parameterAsString(parameters, names.ROAD_LABEL, context).strip(),
        cell_size=optional(names.CELL_SIZE),
        output_folder=file_name(algorithm, parameters, names.OUTPUT, context),
        model_type=choice(names.MODEL_TYPE),
        backbone=choice(names.BACKBONE),
        base_width=int(optional(names.BASE_WIDTH)),
        pretrained_model=file(names.PRETRAINED_MODEL),
        backbone_weights=weights.get(choice(names.IMAGENET_WEIGHTS), file(names.WEIGHTS_FILE)),
        weights_cache=str(home_folder() / "weights"),
        weight_init=choice(names.WEIGHT_INIT).lower(),
        freeze=switch(names.FREEZE),
        epochs=whole(names.EPOCHS),
        batch_size=int(optional(names.BATCH_SIZE)),
        accumulate=whole(names.ACCUMULATE),
        chip_size=int(optional(names.CHIP_SIZE)),
        learning_rate=optional(names.LEARNING_RATE),
        optimiser=choice(names.OPTIMISER),
        validation_data=folders(names.VALIDATION_DATA),
        validation_percent=number(names.VALIDATION_PERCENT),
        split=choice(names.SPLIT),
        early_stopping=switch(names.EARLY_STOPPING),
        patience=whole(names.PATIENCE),
        min_delta=number(names.MIN_DELTA),
        monitor=choice(names.MONITOR),
        loss=LOSSES[choice(names.LOSS)],
        positive_weight=number(names.POSITIVE_WEIGHT),
        cldice=number(names.CLDICE),
        skeleton_recall=number(names.SKELETON_RECALL),
        augmentation=choice(names.AUGMENTATION).lower(),
        augmentation_table=table,
        augmentation_file=file(names.AUGMENTATION_FILE),
        centre_lines=switch(names.CENTRE_LINES),
        gaussian_thresh=number(names.GAUSSIAN_THRESH),
        orient_bin_size=number(names.ORIENT_BIN_SIZE),
        orient_theta=number(names.ORIENT_THETA),
        seed=whole(names.SEED),
        device=choice(names.DEVICE),
        precision=choice(names.PRECISION),
        processes=int(optional(names.NUM_PROCESSES)),
        compile=switch(names.COMPILE),
        tensorboard=switch(names.TENSORBOARD),
        onnx=switch(names.ONNX),
        network_scores=switch(names.NETWORK_SCORES),
        resume=switch(names.RESUME),
    )
