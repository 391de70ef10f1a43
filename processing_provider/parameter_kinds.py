"""The kinds of parameters that algorithms declare most."""

from __future__ import annotations

from decimal import Decimal
from typing import TypeVar

from qgis.core import (
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
)

#: A dialog shows at least so many decimals, so that halves and quarters can be typed in.
_FEWEST_DECIMALS = 2
#: By its name: QGIS imports it where it makes a dialog, and ``qgis_process``, which has no window, does not.
_PATH_WIDGET = f"{(__package__ or '').rpartition('.')[0]}.plugin.path_widget.PathWidget"

Parameter = TypeVar("Parameter", bound=QgsProcessingParameterDefinition)


def number(name: str, text: str, default: float | None, lowest: float, highest: float) -> QgsProcessingParameterNumber:
    """Return a number parameter: whole if its lower bound is written as a whole number; optional if it has no default.

    The dialog shows as many decimals as bound and default have, two at least; see ``with_decimals``.
    """
    kinds = QgsProcessingParameterNumber.Type
    if isinstance(lowest, int):
        return QgsProcessingParameterNumber(name, text, kinds.Integer, default, default is None, lowest, highest)
    parameter = QgsProcessingParameterNumber(name, text, kinds.Double, default, default is None, lowest, highest)
    return with_decimals(parameter, max(_FEWEST_DECIMALS, _decimals(lowest), _decimals(default or 0.0)))


def with_decimals(parameter: QgsProcessingParameterNumber, decimals: int) -> QgsProcessingParameterNumber:
    """Let the dialog show ``decimals`` of them, not the six that QGIS shows by itself; scripts may give any number."""
    parameter.setMetadata({"widget_wrapper": {"decimals": decimals}})
    return parameter


def choice(name: str, text: str, options: list[str], default: str = "") -> QgsProcessingParameterEnum:
    """Return a choice of words; the first is the default if none is named."""
    return QgsProcessingParameterEnum(name, text, options, False, default or options[0], usesStaticStrings=True)


def optional_file(name: str, text: str, filters: str) -> QgsProcessingParameterFile:
    """Return a file that may be left out; ``filters`` as Qt writes them: "Models (*.dlpk *.emd)"."""
    return QgsProcessingParameterFile(name, text, optional=True, fileFilter=filters)


def with_facts(parameter: Parameter, kind: str) -> Parameter:
    """Let the dialog say beneath the file or folder what is in it; ``kind`` is a constant of ``path_facts``."""
    parameter.setMetadata({"widget_wrapper": {"class": _PATH_WIDGET, "kind": kind}})
    return parameter


def _decimals(value: float) -> int:
    """Return how many digits a number has after the point, as Python writes it."""
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
