"""What the trainings in the toolbox have in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputFile,
    QgsProcessingOutputHtml,
    QgsProcessingOutputNumber,
    QgsProcessingParameterDefinition,
)

from ..engine import jobs
from .algorithm import GROUP_TRAINING, RoadsmithAlgorithm, tr
from .evaluation_results import numbers
from .training_names import AnyTrainingNames


class TrainingAlgorithm(AnyTrainingNames, RoadsmithAlgorithm):
    """A toolbox entry that writes a model package; a subclass says with which parameters, and what becomes of them."""

    GROUP = GROUP_TRAINING

    def training_parameters(self) -> list[QgsProcessingParameterDefinition]:
        """Return the parameters in the order of the dialog."""
        raise NotImplementedError

    def contradictions(self, parameters: dict[str, Any], context: QgsProcessingContext) -> Iterator[str]:
        """Yield a sentence for each contradiction and each file of no use."""
        raise NotImplementedError

    def training_job(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> jobs.TrainRoadExtractor:
        """Return the job that ``parameters``, free of contradictions, describe; log what is worth knowing of it."""
        raise NotImplementedError

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Declare the parameters, and outputs for the package, the report and the scores."""
        for parameter in self.training_parameters():
            self.addParameter(parameter)
        self.addOutput(QgsProcessingOutputFile(self.MODEL, tr("Model package (.dlpk)")))
        self.addOutput(QgsProcessingOutputHtml(self.REPORT, tr("Training report")))
        self.addOutput(QgsProcessingOutputFile(self.ONNX_MODEL, tr("ONNX model, if asked for")))
        for output, (_, label) in {**self.SCORES, **self.FURTHER_SCORES}.items():
            self.addOutput(QgsProcessingOutputNumber(output, tr(label)))
        self.addOutput(QgsProcessingOutputNumber(self.THRESHOLD, tr("Best threshold")))

    def checkParameterValues(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> tuple[bool, str]:
        """Return whether the parameters fit together, and otherwise a sentence on the first that does not."""
        sentence = next(self.contradictions(parameters, context), "")
        return (False, sentence) if sentence else super().checkParameterValues(parameters, context)

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Train, and return where the package and the report are, and the scores of the best epoch."""
        sentence = next(self.contradictions(parameters, context), "")  # a graphical model does not ask checkParameterValues
        if sentence:
            raise QgsProcessingException(sentence)
        job = self.training_job(parameters, context, feedback)
        result = self.run_job(job, [job.output_folder], feedback)
        scores = numbers(result, {output: key for output, (key, _) in {**self.SCORES, **self.FURTHER_SCORES}.items()})
        outputs = {self.OUTPUT: result["output"], self.MODEL: result["model"], self.REPORT: result["report"], **scores}
        if result["onnx"]:  # a network that cannot be written so got a warning
            outputs[self.ONNX_MODEL] = result["onnx"]
        return {**outputs, self.THRESHOLD: result["threshold"]}
