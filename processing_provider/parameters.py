"""Small helpers for declaring and reading Processing parameters."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingParameterDefinition,
    QgsProcessingUtils,
    QgsRectangle,
)

DEVICES = ["auto", "cpu", "cuda", "mps"]

Parameter = TypeVar("Parameter", bound=QgsProcessingParameterDefinition)


def explained(parameter: Parameter, text: str) -> Parameter:
    """Give the parameter its help text."""
    parameter.setHelp(text)
    return parameter


def advanced(parameter: Parameter) -> Parameter:
    """Put the parameter under "Advanced parameters"."""
    parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
    return parameter


def optional_number(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], name: str, context: QgsProcessingContext
) -> float:
    """Return an optional number, 0 if it is left empty (QGIS itself answers NaN or the smallest value allowed)."""
    if parameters.get(name) is None:
        return 0.0
    return algorithm.parameterAsDouble(parameters, name, context)


def extent_list(extent: QgsRectangle) -> list[float]:
    """Return xmin, ymin, xmax, ymax; empty for no extent."""
    if extent.isNull():
        return []
    return [extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()]


def file_name(algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], name: str, context: QgsProcessingContext) -> str:
    """Return the absolute path that a file or folder parameter names.

    Raises:
        QgsProcessingException: the parameter is empty.
    """
    path = algorithm.parameterAsString(parameters, name, context)
    if not path:
        raise QgsProcessingException(f"{name} is empty: name a file or folder.")
    return str(Path(path).absolute())


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """Give a folder in QGIS's temporary folder for as long as the block lasts."""
    folder = Path(tempfile.mkdtemp(prefix="roadsmith", dir=QgsProcessingUtils.tempFolder()))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
