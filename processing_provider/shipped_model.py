"""The road model that comes with Roadsmith: where it is, and which model an algorithm is to use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import QgsProcessingAlgorithm, QgsProcessingContext, QgsProcessingException

from .algorithm import tr
from .parameters import file_name, is_given

_PACKAGE = Path(__file__).resolve().parent.parent / "models" / "pretrained" / "roads.dlpk"


def shipped_model() -> str:
    """Return the path of the shipped model package; empty if it is not there."""
    return str(_PACKAGE) if _PACKAGE.is_file() else ""


def about_shipped_model() -> str:
    """Return a sentence that says what to do if the shipped model is not there; empty if it is."""
    if shipped_model():
        return ""
    return tr("The road model that comes with Roadsmith is missing ({}): install the plugin again, or name a model of your own."
              ).format(_PACKAGE)


def model_or_shipped(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], name: str, context: QgsProcessingContext
) -> str:
    """Return the absolute path of the model that parameter ``name`` names; of the shipped one if it is left empty.

    Raises:
        QgsProcessingException: it is left empty, and there is no shipped model.
    """
    if is_given(parameters, name):
        return file_name(algorithm, parameters, name, context)
    sentence = about_shipped_model()
    if sentence:
        raise QgsProcessingException(sentence)
    return shipped_model()


def is_shipped(path: str) -> bool:
    """Whether ``path`` is the shipped model's."""
    return bool(path) and path == shipped_model()
