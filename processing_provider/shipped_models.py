"""Graphical models that come with Roadsmith, as algorithms of its provider.

A model's parameters, children and links are in ``graphical_models/NAME.model3``, which any QGIS's model designer opens and
``tools/graphical_models.py`` writes. QGIS alone would show such a file with the model's title for an id, and call its results
by names that differ between QGIS versions; here they have an id, group, icon and names like any other algorithm.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from qgis.core import (
    QgsApplication,
    QgsMessageLog,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingDestinationParameter,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProcessingMultiStepFeedback,
    QgsProcessingOutputDefinition,
    QgsProcessingParameterDefinition,
)

from .algorithm import RoadsmithAlgorithm, tr
from .parameter_kinds import with_facts
from .parameters import is_given
from .path_facts import MODEL, OPTIONAL_MODEL

GROUP_WORKFLOWS = "workflows"

_FOLDER = Path(__file__).with_name("graphical_models")
#: Parameters that are files, and what is told of them in the dialog; the model files say nothing of it.
_WITH_FACTS = {"MODEL": MODEL, "PRETRAINED_MODEL": OPTIONAL_MODEL}
#: What a model's result counts as if nobody asked for it: another step needs it, or QGIS's models know no result of that kind
#: that may be left out.
_TEMPORARY = QgsProcessing.TEMPORARY_OUTPUT


class GraphicalModel(RoadsmithAlgorithm):
    """A toolbox entry that runs a graphical model.

    A subclass sets ``NAME``, ``GROUP``, ``RESULTS``, ``FACTS`` and the texts; parameters come from the file.
    """

    #: Destination parameter: what the model calls it, as ``child:title``, in the order of the dialog.
    RESULTS: ClassVar[dict[str, str]] = {}
    #: Those of them that may be left out although a child needs them to be there.
    OPTIONAL: ClassVar[tuple[str, ...]] = ()
    #: Output with a fact: the child and its output.
    FACTS: ClassVar[dict[str, tuple[str, str]]] = {}

    @classmethod
    def file(cls) -> Path:
        """Return the path of the model file."""
        return _FOLDER / f"{cls.NAME}.model3"

    @classmethod
    def model(cls) -> QgsProcessingModelAlgorithm:
        """Return the model as QGIS reads it.

        Raises:
            QgsProcessingException: the file is missing or damaged.
        """
        model = QgsProcessingModelAlgorithm()
        if not model.fromFile(str(cls.file())):
            raise QgsProcessingException(
                tr("The graphical model {} cannot be read: install the plugin again.").format(cls.file())
            )
        return model

    @classmethod
    def children(cls) -> set[str]:
        """Return the ids of the algorithms that the model chains."""
        return {child.algorithmId() for child in cls.model().childAlgorithms().values()}

    def group(self) -> str:
        """Return the name of the group in the toolbox."""
        return tr("Workflows") if self.GROUP == GROUP_WORKFLOWS else super().group()

    def canExecute(self) -> tuple[bool, str]:
        """Return whether there is what the children need, and otherwise how to get it."""
        if any(each.startswith("roadsmith:") for each in self.children()):
            return super().canExecute()
        return True, ""

    def problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        """Return a sentence on what is wrong with the parameters and no child would say; empty if nothing is."""
        return ""

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Declare the parameters of the model, its results under their public names, and outputs for the facts."""
        model = self.model()
        for each in model.orderedParameters():
            self._declare(model.parameterDefinition(each.parameterName()), each.parameterName())
        for name, title in self.RESULTS.items():
            self._declare(model.parameterDefinition(title), name, not_needed=name in self.OPTIONAL)
        for name, (child, output) in self.FACTS.items():
            self.addOutput(_renamed(model.childAlgorithm(child).algorithm().outputDefinition(output), name))

    def checkParameterValues(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> tuple[bool, str]:
        """Return whether the parameters fit together, and otherwise a sentence."""
        sentence = self.problem(parameters, context)
        return (False, sentence) if sentence else super().checkParameterValues(parameters, context)

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Run the model; a child's sentence on what went wrong is the model's."""
        sentence = self.problem(parameters, context)  # a graphical model does not ask checkParameterValues
        if sentence:
            raise QgsProcessingException(sentence)
        model = self.model()
        # of a parameter that is left out a child would take its own default, not the model's
        values = {each.name(): each.defaultValue() for each in model.parameterDefinitions() if not each.isDestination()}
        values.update({name: value for name, value in parameters.items() if name in values})
        for name, theirs in self.RESULTS.items():
            if is_given(parameters, name) or name in self.OPTIONAL:
                values[theirs] = self._target(parameters, name)
        listening = _Listening(feedback)
        try:
            results, _ = model.run(values, context, listening, {}, False)
        except QgsProcessingException as error:
            raise QgsProcessingException(_sentence(error, model, listening.last_error)) from None
        if feedback.isCanceled():
            return {}
        children = results.get("CHILD_RESULTS", {})
        facts = {name: children.get(child, {}).get(output) for name, (child, output) in self.FACTS.items()}
        asked = {name: results.get(theirs) for name, theirs in self.RESULTS.items() if is_given(parameters, name)}
        return {name: value for name, value in {**asked, **facts}.items() if value is not None}

    def _declare(self, definition: QgsProcessingParameterDefinition, name: str, not_needed: bool = False) -> None:
        own = definition.clone()
        own.setName(name)
        own.setDescription(tr(own.description()))
        own.setHelp(tr(own.help()))
        if own.type() == "file" and name in _WITH_FACTS:
            with_facts(own, _WITH_FACTS[name])
        if not_needed:
            own.setFlags(own.flags() | QgsProcessingParameterDefinition.Flag.FlagOptional)
            own.setCreateByDefault(False)
        self.addParameter(own)

    def _target(self, parameters: dict[str, Any], name: str) -> Any:
        """Return where a result goes; a temporary folder by its path, as the word for it is none."""
        value = parameters.get(name) if is_given(parameters, name) else _TEMPORARY
        definition = self.parameterDefinition(name)
        if value == _TEMPORARY and definition.type() == "folderDestination":
            assert isinstance(definition, QgsProcessingDestinationParameter)
            return definition.generateTemporaryDestination()
        return value


class _Listening(QgsProcessingMultiStepFeedback):
    """Passes everything on, and remembers the last error: a model says no more than which child it happened to."""

    def __init__(self, feedback: QgsProcessingFeedback) -> None:
        super().__init__(1, feedback)
        self.last_error = ""

    def reportError(self, error: str, fatalError: bool = False) -> None:  # noqa: N803
        """Remember a child's error and pass it on."""
        self.last_error = error
        super().reportError(error, fatalError)


def graphical_models() -> Iterator[GraphicalModel]:
    """Yield the shipped models whose children are all there.

    While a provider loads, its own algorithms are not there yet: see ``RoadsmithProvider.load``.
    """
    from .extract_roads import ExtractRoads
    from .prepare_labels import PrepareLabels
    from .train_and_extract import TrainAndExtract

    registry = QgsApplication.processingRegistry()
    for kind in (ExtractRoads, TrainAndExtract, PrepareLabels):
        try:
            children = kind.children()
        except QgsProcessingException as error:  # the other algorithms are to load all the same
            QgsMessageLog.logMessage(str(error), "Roadsmith")
            continue
        if all(registry.algorithmById(each) is not None for each in children):
            yield kind()


def _sentence(error: QgsProcessingException, model: QgsProcessingModelAlgorithm, last_error: str) -> str:
    """Return what a child said when it failed.

    Newer QGIS versions put it after words of their own and the child's name, older ones have reported it and say only the name.
    """
    for child in model.childAlgorithms().values():
        sentence = str(error).partition(f"{child.description()}: ")[2]
        if sentence:
            return sentence
    return last_error or str(error)


def _renamed(output: QgsProcessingOutputDefinition, name: str) -> QgsProcessingOutputDefinition:
    return type(output)(name, output.description())
