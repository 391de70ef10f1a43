"""The parameters of Classify pixels as a job."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsProcessingAlgorithm, QgsProcessingContext

from ..engine import jobs
from .classification_checks import gpu_numbers
from .classification_names import ClassificationNames
from .parameters import is_given, optional_number
from .shipped_model import model_or_shipped


def classification_job(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> jobs.ClassifyPixels:
    """Return the job that ``parameters`` describe, without its layers and outputs; they are free of contradictions.

    Raises:
        QgsProcessingException: the model is empty, and there is no shipped one.
    """
    names = ClassificationNames

    def choice(name: str) -> str:
        return algorithm.parameterAsEnumString(parameters, name, context)

    def switch(name: str) -> bool:
        return algorithm.parameterAsBool(parameters, name, context)

    def optional(name: str) -> float:
        return optional_number(algorithm, parameters, name, context)

    return jobs.ClassifyPixels(
        model=model_or_shipped(algorithm, parameters, names.MODEL, context),
        probability_format=choice(names.PROBABILITY_FORMAT),
        cell_size=optional(names.CELL_SIZE),
        tile_size=int(optional(names.TILE_SIZE)),
        padding=int(optional(names.PADDING)),
        batch_size=int(optional(names.BATCH_SIZE)),
        threshold=optional(names.THRESHOLD),
        test_time_augmentation=int(choice(names.TEST_TIME_AUGMENTATION)),
        merge_policy=choice(names.MERGE_POLICY),
        device=_device(algorithm, parameters, context),
        compile=switch(names.COMPILE),
        reader_threads=int(optional(names.READER_THREADS)),
        cog=switch(names.COG),
        scheduler=algorithm.parameterAsString(parameters, names.SCHEDULER, context).strip(),
        vrt=switch(names.VRT),
    )


def _device(algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
    """Return the device as the worker names it: ``auto``, ``cpu``, ``cuda``, ``cuda:0,2`` or ``mps``."""
    names = ClassificationNames
    if is_given(parameters, names.GPUS):
        numbers = gpu_numbers(algorithm.parameterAsString(parameters, names.GPUS, context))
        if numbers:
            return f"cuda:{','.join(map(str, numbers))}"
    return algorithm.parameterAsEnumString(parameters, names.DEVICE, context)
