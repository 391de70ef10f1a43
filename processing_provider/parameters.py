"""Small helpers for declaring and reading Processing parameters."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from qgis.core import (
    NULL,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingParameterDefinition,
    QgsProcessingUtils,
    QgsRectangle,
)

from .translation import tr, tr_noop

DEVICES = ["auto", "cpu", "cuda", "mps"]
#: The same wherever training data are read; pass it through ``tr``.
ROAD_LABEL_HELP = tr_noop(
    "Which label is road: its values (1 or 1,3), names of classes, or colours of a coloured mask (#ff0000). Empty: all that is "
    "no background."
)

Parameter = TypeVar("Parameter", bound=QgsProcessingParameterDefinition)


def explained(parameter: Parameter, text: str) -> Parameter:
    """Give the parameter its help text."""
    parameter.setHelp(text)
    return parameter


def advanced(parameter: Parameter) -> Parameter:
    """Put the parameter under "Advanced parameters"."""
    parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
    return parameter


def is_given(parameters: dict[str, Any], name: str) -> bool:
    """Whether an optional parameter has a value; dialogs and shells leave it out, or give nothing, "" or []."""
    value = parameters.get(name)
    return not (value is None or value == NULL or value in ("", []))


def optional_number(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], name: str, context: QgsProcessingContext
) -> float:
    """Return an optional number, 0 if it is left empty (QGIS itself answers NaN or the smallest value allowed)."""
    if not is_given(parameters, name):
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
        raise QgsProcessingException(tr("{} is empty: name a file or folder.").format(name))
    return str(Path(path).absolute())


def folder_names(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], name: str, context: QgsProcessingContext
) -> list[str]:
    """Return the absolute paths of the folders that a folder parameter names: one, or several separated by semicolons.

    Raises:
        QgsProcessingException: the parameter is empty.
    """
    text = algorithm.parameterAsString(parameters, name, context)
    # a folder may have a semicolon in its name
    paths = [text] if Path(text).is_dir() else [part.strip() for part in text.split(";") if part.strip()]
    if not paths:
        raise QgsProcessingException(tr("{} is empty: name a folder.").format(name))
    return [str(Path(path).absolute()) for path in paths]


@contextlib.contextmanager
def temporary_folder(parent: Path | None = None) -> Iterator[Path]:
    """Give a folder in ``parent`` (made if missing), or in QGIS's temporary folder, for as long as the block lasts.

    Raises:
        QgsProcessingException: it cannot be made.
    """
    try:
        if parent is not None:
            parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="roadsmith", dir=parent or QgsProcessingUtils.tempFolder()))
    except OSError as error:
        where = parent or QgsProcessingUtils.tempFolder()
        sentence = tr("Nothing can be written to {}: {}. Choose another folder.").format(where, error.strerror)
        raise QgsProcessingException(sentence) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
