"""Parameters of Classify pixels that contradict each other, and text that means nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from qgis.core import QgsProcessingAlgorithm, QgsProcessingContext

from .algorithm import tr
from .classification_names import ClassificationNames
from .parameters import is_given, optional_number
from .scheduler_address import address_problem


def contradictions(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> Iterator[str]:
    """Yield a sentence for each contradiction."""
    yield from _about_gpus(algorithm, parameters, context)
    yield from _about_cluster(algorithm, parameters, context)
    names = ClassificationNames
    tile, padding = (int(optional_number(algorithm, parameters, name, context)) for name in (names.TILE_SIZE, names.PADDING))
    if tile and padding > tile // 4:
        yield tr("The padding of {} pixels is more than a quarter of the tile size of {}: choose {} at most, or larger tiles."
                 ).format(padding, tile, tile // 4)


def gpu_numbers(text: str) -> list[int]:
    """Return the GPUs that a text such as "0, 2" names, each once.

    Raises:
        ValueError: a sentence that says what is no number of a GPU.
    """
    numbers = [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]
    for number in numbers:
        if not (number.isascii() and number.isdigit() and len(number) < 4):
            raise ValueError(
                tr("GPUS holds '{}', which is no number of a GPU: write numbers from 0 with commas between, such as 0,2.").format(
                    number
                )
            )
    return list(dict.fromkeys(map(int, numbers)))


def _about_gpus(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> Iterator[str]:
    names = ClassificationNames
    if not is_given(parameters, names.GPUS):
        return
    try:
        numbers = gpu_numbers(algorithm.parameterAsString(parameters, names.GPUS, context))
    except ValueError as error:
        yield str(error)
        return
    device = algorithm.parameterAsEnumString(parameters, names.DEVICE, context)
    if numbers and device not in ("auto", "cuda"):
        yield tr("GPUs are named, but the device is {}: choose the device auto or cuda, or leave the GPUs empty.").format(device)


def _about_cluster(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> Iterator[str]:
    names = ClassificationNames
    scheduler = algorithm.parameterAsString(parameters, names.SCHEDULER, context).strip()
    wants_vrt = algorithm.parameterAsBool(parameters, names.VRT, context)
    problem = address_problem(scheduler)
    if problem:
        yield problem
    elif wants_vrt and not scheduler:
        yield tr("The cluster's blocks are to be left as they are, but there is no cluster: name a Dask scheduler, or switch "
                 "that off.")
    if wants_vrt and algorithm.parameterAsBool(parameters, names.COG, context):
        yield tr("The cluster's blocks are to be left as they are and to become a cloud-optimised GeoTIFF: switch one of them "
                 "off.")
