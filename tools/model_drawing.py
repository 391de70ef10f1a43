"""Putting a graphical model together from the parameters of the algorithms that it chains."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsApplication,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterDefinition,
)
from qgis.PyQt.QtCore import QPointF, QSizeF

#: Pixels of the designer.
_BOX, _COLUMN, _ROW = QSizeF(230, 36), 260, 70
#: Parameters side by side.
_IN_A_ROW = 5

Source = QgsProcessingModelChildParameterSource
given, expression = Source.fromModelParameter, Source.fromExpression


def result_of(child: str, output: str) -> Source:
    """Return what another child answers."""
    return Source.fromChildOutput(child, output)


class Drawing:
    """A graphical model that is being put together, drawn from top to bottom.

    Args:
        algorithm: the algorithm of the provider that runs the model; it has the texts.
    """

    def __init__(self, algorithm: Any) -> None:
        self.model = QgsProcessingModelAlgorithm(algorithm.displayName(), "Roadsmith", "roadsmith")
        self._help = {"ALG_DESC": algorithm.shortHelpString()}
        self._names: list[str] = []
        self._children = 0

    def borrow(
        self, algorithm: str, *names: str, default: Any = None, text: str = "", explanation: str = "", advanced: bool = False,
        needed: bool = False,
    ) -> None:
        """Add parameters of an algorithm of ours as parameters of the model.

        Default and texts may be others, if given; ``needed`` ones may not be left empty, though they may be there.
        """
        flags = QgsProcessingParameterDefinition.Flag
        for name in names:
            own = _algorithm(f"roadsmith:{algorithm}").parameterDefinition(name).clone()
            own.setDefaultValue(own.defaultValue() if default is None else default)
            own.setDescription(text or own.description())
            own.setFlags(own.flags() | flags.FlagAdvanced if advanced else own.flags() & ~flags.FlagAdvanced)
            if needed:
                own.setFlags(own.flags() & ~flags.FlagOptional)
            self.add(own, explanation or own.help())

    def add(self, parameter: QgsProcessingParameterDefinition, explanation: str) -> None:
        """Add a parameter of the model."""
        self._help[parameter.name()] = explanation  # a model that is read gives its parameters the help of this table alone
        component = QgsProcessingModelParameter(parameter.name())
        row, column = divmod(len(self._names), _IN_A_ROW)
        _place(component, column, row)
        self._names.append(parameter.name())
        self.model.addModelParameter(parameter, component)

    def child(self, name: str, algorithm: str, sources: Mapping[str, Source], results: Mapping[str, str]) -> None:
        """Add an algorithm to run.

        Args:
            sources: its parameters, and where their values come from. Of an algorithm of ours those that may not be empty can
                be left out; QGIS's own have more of them in newer versions, which older ones pass over: name them all.
            results: its outputs that are results of the model, and their titles.
        """
        known, is_ours = _algorithm(algorithm), algorithm.startswith("roadsmith:")
        for each in (*sources, *results):
            assert known.parameterDefinition(each) is not None or not is_ours, f"{algorithm} has no parameter {each}"
        child = QgsProcessingModelChildAlgorithm(algorithm)
        child.setChildId(name)
        child.setDescription(known.displayName())
        for parameter, source in {**(_defaults(known) if is_ours else {}), **sources}.items():
            child.addParameterSources(parameter, [source])
        row = 1 + (len(self._names) - 1) // _IN_A_ROW + 2 * self._children
        _place(child, self._children, row)
        outputs = {}
        for index, (output, title) in enumerate(results.items()):
            one = QgsProcessingModelOutput(title, title)
            one.setChildId(name)
            one.setChildOutputName(output)
            _place(one, self._children + 1 + index, row + 1)
            outputs[title] = one
        child.setModelOutputs(outputs)
        self.model.addChildAlgorithm(child)
        self._children += 1

    def write(self, path: Path) -> None:
        """Write the file."""
        self.model.setHelpContent(self._help)
        self.model.setParameterOrder(self._names)
        description = self.model.toVariant()
        description.pop("internal_version", None)  # of a newer QGIS, in which results have other names
        model = QgsProcessingModelAlgorithm()
        if not (model.loadVariant(description) and model.toFile(str(path))):
            sys.exit(f"{path} cannot be written.")


def _algorithm(name: str) -> Any:
    algorithm = QgsApplication.processingRegistry().algorithmById(name)
    assert algorithm is not None, f"there is no algorithm {name}"
    return algorithm


def _defaults(algorithm: Any) -> dict[str, Source]:
    """Return the defaults of the parameters that may not be empty: the designer calls a model invalid that leaves them out."""
    optional = QgsProcessingParameterDefinition.Flag.FlagOptional
    return {
        each.name(): Source.fromStaticValue(each.defaultValue()) for each in algorithm.parameterDefinitions()
        if not (each.isDestination() or each.flags() & optional)
    }


def _place(component: Any, column: int, row: int) -> None:
    component.setPosition(QPointF(150 + column * _COLUMN, 60 + row * _ROW))
    component.setSize(_BOX)
