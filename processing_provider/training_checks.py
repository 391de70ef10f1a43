"""Parameters of Train road extractor that contradict each other, and files that are of no use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qgis.core import QgsProcessingAlgorithm, QgsProcessingContext

from .algorithm import tr
from .name_values import augmentation_table
from .parameters import file_name, is_given
from .training_names import TrainingNames
from .training_parameters import WITH_BACKBONE

_FILES = {
    TrainingNames.PRETRAINED_MODEL: (".dlpk", ".emd"),
    TrainingNames.WEIGHTS_FILE: (".pth", ".safetensors"),
    TrainingNames.AUGMENTATION_FILE: (".json",),
}


def contradictions(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> Iterator[str]:
    """Yield a sentence for each contradiction and each file of no use."""
    yield from _about_weights(algorithm, parameters, context)
    yield from _about_augmentation(algorithm, parameters, context)
    for name, kinds in _FILES.items():
        if is_given(parameters, name):
            yield from _about_file(name, file_name(algorithm, parameters, name, context), kinds)


def _about_file(name: str, path: str, kinds: tuple[str, ...]) -> Iterator[str]:
    """Yield what the worker would notice only after a look at all chips, and QGIS without a reason."""
    if not Path(path).is_file():
        yield tr("{} names {}, which is no file: choose another one.").format(name, path)
    elif not path.lower().endswith(kinds):
        yield tr("{} names {}, which is of another kind: choose a file that ends in {}.").format(
            name, path, tr(" or ").join(kinds)
        )


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
    if is_given(parameters, names.PRETRAINED_MODEL):
        yield tr("There is a model to go on from, which has weights of its own: leave it empty, or choose NONE for the "
                 "backbone's weights.")
        return
    network = algorithm.parameterAsEnumString(parameters, names.MODEL_TYPE, context)
    if network not in WITH_BACKBONE:
        yield tr("The network {} has no backbone that weights fit: choose NONE for the backbone's weights, or the network "
                 "{}.").format(network, tr(" or ").join(WITH_BACKBONE))


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
