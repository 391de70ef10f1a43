"""Parameters of Train refinement stage that contradict each other, and first models that are none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from qgis.core import QgsProcessingAlgorithm, QgsProcessingContext

from .algorithm import tr
from .model_facts import read_model_facts
from .parameters import is_given
from .refinement_names import RefinementNames
from .shipped_model import about_shipped_model, model_or_shipped
from .training_checks import PACKAGES, about_file, shared_contradictions
from .training_values import Values


def contradictions(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> Iterator[str]:
    """Yield a sentence for each contradiction and each file of no use."""
    yield from _about_model(algorithm, parameters, context)
    yield from _about_folds(Values(algorithm, parameters, context))
    yield from shared_contradictions(algorithm, parameters, context)


def _about_model(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> Iterator[str]:
    name = RefinementNames.MODEL
    missing = "" if is_given(parameters, name) else about_shipped_model()
    if missing:
        yield missing
        return
    path = model_or_shipped(algorithm, parameters, name, context)
    yield from about_file(name, path, PACKAGES)
    facts = read_model_facts(path)
    if facts is not None and facts.stages > 1:
        yield tr("{} names {}, a model of two stages already: choose the model of one stage that it was made from, or train it "
                 "further with Train road extractor, as the model to go on from.").format(name, path)


def _about_folds(values: Values) -> Iterator[str]:
    names = RefinementNames
    folds = values.whole(names.FOLDS)
    if folds == 1:
        yield tr("One fold leaves no chips to train its network on: choose 0 folds for none, or 2 or more.")
    if not folds and values.whole(names.FOLD_EPOCHS):
        yield tr("There are epochs for folds, but no folds: choose 2 folds or more, or 0 epochs.")
    if folds and values.optional(names.NUM_PROCESSES) > 1:
        yield tr("The networks of folds are trained in one process: leave the processes empty, or choose 0 folds.")
