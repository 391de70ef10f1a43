"""The kinds of parameters that algorithms declare most."""

from __future__ import annotations

from qgis.core import QgsProcessingParameterEnum, QgsProcessingParameterFile, QgsProcessingParameterNumber


def number(name: str, text: str, default: float | None, lowest: float, highest: float) -> QgsProcessingParameterNumber:
    """Return a number parameter: whole if its lower bound is written as a whole number; optional if it has no default."""
    kinds = QgsProcessingParameterNumber.Type
    kind = kinds.Integer if isinstance(lowest, int) else kinds.Double
    return QgsProcessingParameterNumber(name, text, kind, default, default is None, lowest, highest)


def choice(name: str, text: str, options: list[str], default: str = "") -> QgsProcessingParameterEnum:
    """Return a choice of words; the first is the default if none is named."""
    return QgsProcessingParameterEnum(name, text, options, False, default or options[0], usesStaticStrings=True)


def optional_file(name: str, text: str, filters: str) -> QgsProcessingParameterFile:
    """Return a file that may be left out; ``filters`` as Qt writes them: "Models (*.dlpk *.emd)"."""
    return QgsProcessingParameterFile(name, text, optional=True, fileFilter=filters)
