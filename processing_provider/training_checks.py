"""Parameters of trainings that contradict each other, and files that are of no use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qgis.core import QgsProcessingAlgorithm, QgsProcessingContext, QgsProcessingException

from .algorithm import tr
from .name_values import augmentation_table
from .parameters import file_name, folder_names, is_given
from .shipped_model import about_shipped_model
from .training_names import AnyTrainingNames, TrainingNames
from .training_parameters import WITH_BASE_WIDTH, WITH_ENCODER

#: What model packages end in.
PACKAGES = (".dlpk", ".emd")
_FILES = {TrainingNames.PRETRAINED_MODEL: PACKAGES, TrainingNames.WEIGHTS_FILE: (".pth", ".safetensors")}


def contradictions(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> Iterator[str]:
    """Yield a sentence for each contradiction and each file of no use of Train road extractor."""
    yield from shared_contradictions(algorithm, parameters, context)
    yield from _about_shipped_model(algorithm, parameters, context)
    yield from _about_width(algorithm, parameters, context)
    yield from _about_weights(algorithm, parameters, context)
    for name, kinds in _FILES.items():
        if is_given(parameters, name):
            yield from about_file(name, file_name(algorithm, parameters, name, context), kinds)


def shared_contradictions(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> Iterator[str]:
    """Yield a sentence for each that any training can have."""
    yield from _about_folders(algorithm, parameters, context)
    yield from _about_device(algorithm, parameters, context)
    yield from _about_augmentation(algorithm, parameters, context)
    name = AnyTrainingNames.AUGMENTATION_FILE
    if is_given(parameters, name):
        yield from about_file(name, file_name(algorithm, parameters, name, context), (".json",))


def about_file(name: str, path: str, kinds: tuple[str, ...]) -> Iterator[str]:
    """Yield a sentence if there is no such file, or its name ends otherwise.

    That is what the worker would notice only after a look at all chips, and QGIS without a reason.
    """
    if not Path(path).is_file():
        yield tr("{} names {}, which is no file: choose another one.").format(name, path)
    elif not path.lower().endswith(kinds):
        yield tr("{} names {}, which is of another kind: choose a file that ends in {}.").format(
            name, path, tr(" or ").join(kinds)
        )


def _about_folders(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> Iterator[str]:
    names = TrainingNames
    if not (is_given(parameters, names.TRAINING_DATA) and is_given(parameters, names.VALIDATION_DATA)):
        return
    try:
        training = folder_names(algorithm, parameters, names.TRAINING_DATA, context)
        validation = folder_names(algorithm, parameters, names.VALIDATION_DATA, context)
    except QgsProcessingException as error:
        yield str(error)
        return
    trained = {Path(each).resolve() for each in training}
    for folder in validation:
        if Path(folder).resolve() in trained:
            yield tr("The folder {} is to be trained and validated on: choose another one to validate on, or none, which keeps a "
                     "share of the chips for it.").format(folder)


def _about_shipped_model(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> Iterator[str]:
    names = TrainingNames
    if not algorithm.parameterAsBool(parameters, names.SHIPPED_MODEL, context):
        return
    if is_given(parameters, names.PRETRAINED_MODEL):
        yield tr("There is a model to go on from beside the one that comes with Roadsmith: leave it empty, or do not begin with "
                 "Roadsmith's.")
    sentence = about_shipped_model()
    if sentence:
        yield sentence


def _goes_on(algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext) -> bool:
    """Whether the training begins with a model that has learned before, which has a network and weights of its own."""
    names = TrainingNames
    return is_given(parameters, names.PRETRAINED_MODEL) or algorithm.parameterAsBool(parameters, names.SHIPPED_MODEL, context)


def _about_width(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> Iterator[str]:
    names = TrainingNames
    if not is_given(parameters, names.BASE_WIDTH):
        return
    if _goes_on(algorithm, parameters, context):
        yield tr("There is a model to go on from, whose network has a width of its own: leave the first width empty.")
        return
    network = algorithm.parameterAsEnumString(parameters, names.MODEL_TYPE, context)
    width = algorithm.parameterAsInt(parameters, names.BASE_WIDTH, context)
    if network not in WITH_BASE_WIDTH:
        yield tr("The network {} has a backbone and no first width to choose: leave the first width empty, or choose the network "
                 "{}.").format(network, tr(" or ").join(WITH_BASE_WIDTH))
    elif network == "hourglass" and width % 4:
        yield tr("The first width of hourglass cannot be {}: choose a multiple of 4.").format(width)
    elif network == "efficient_unet" and width % 2:
        yield tr("The first width of efficient_unet cannot be {}: choose an even number.").format(width)


def _about_device(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> Iterator[str]:
    names = TrainingNames
    device = algorithm.parameterAsEnumString(parameters, names.DEVICE, context)
    if algorithm.parameterAsEnumString(parameters, names.PRECISION, context) == "float16" and device in ("cpu", "mps"):
        yield tr("The device {} cannot train in float16: choose the precision auto, float32 or bfloat16.").format(device)
    if device == "mps" and is_given(parameters, names.NUM_PROCESSES):
        count = algorithm.parameterAsInt(parameters, names.NUM_PROCESSES, context)
        if count > 1:
            yield tr("Apple's GPU trains in one process alone, not in {}: leave the processes empty, or choose the device cpu."
                     ).format(count)


def _about_weights(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> Iterator[str]:
    names = TrainingNames
    source = algorithm.parameterAsEnumString(parameters, names.IMAGENET_WEIGHTS, context)
    has_file = is_given(parameters, names.WEIGHTS_FILE)
    if source == "FILE" and not has_file:
        yield tr("The backbone's weights are to come from a file, and none is named: choose a weights file, DOWNLOAD or NONE.")
    if source != "FILE" and has_file:
        yield tr("There is a weights file, but the backbone's weights are {}: choose FILE, or leave it empty.").format(source)
    if source == "NONE":
        return
    if _goes_on(algorithm, parameters, context):
        yield tr("There is a model to go on from, which has weights of its own: leave it empty, or choose NONE for the "
                 "backbone's weights.")
        return
    network = algorithm.parameterAsEnumString(parameters, names.MODEL_TYPE, context)
    if network not in WITH_ENCODER:
        yield tr("The network {} has no backbone that weights fit: choose NONE for the backbone's weights, or the network "
                 "{}.").format(network, tr(" or ").join(WITH_ENCODER))
    if network == "efficient_unet" and source == "DOWNLOAD":
        yield tr("The weights of efficient_unet's encoder are not on PyTorch's site: choose FILE and a weights file, or NONE.")


def _about_augmentation(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> Iterator[str]:
    names = TrainingNames
    kind = algorithm.parameterAsEnumString(parameters, names.AUGMENTATION, context)
    table = {}
    if is_given(parameters, names.AUGMENTATION_PARAMETERS):
        try:
            table = augmentation_table(algorithm.parameterAsMatrix(parameters, names.AUGMENTATION_PARAMETERS, context))
        except ValueError as error:
            yield str(error)
            return
    if kind == "CUSTOM" and not table:
        yield tr("The augmentation is CUSTOM, but its table is empty: fill in the augmentation parameters, or choose NONE.")
    if kind != "CUSTOM" and table:
        yield tr("There are augmentation parameters, but the augmentation is {}: choose CUSTOM, or empty the table.").format(kind)
    has_file = is_given(parameters, names.AUGMENTATION_FILE)
    if kind == "FILE" and not has_file:
        yield tr("The augmentation is to come from a file, and none is named: choose an augmentation file, or DEFAULT.")
    if kind != "FILE" and has_file:
        yield tr("There is an augmentation file, but the augmentation is {}: choose FILE, or leave the file empty.").format(kind)
