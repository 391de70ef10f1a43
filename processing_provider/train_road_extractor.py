"""Toolbox entry: training chips to a road model."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputFile,
    QgsProcessingOutputHtml,
    QgsProcessingOutputNumber,
)

from .algorithm import GROUP_TRAINING, RoadsmithAlgorithm, tr
from .evaluation_results import numbers
from .training_checks import contradictions
from .training_job import training_job
from .training_names import TrainingNames
from .training_parameters import training_parameters


class TrainRoadExtractor(TrainingNames, RoadsmithAlgorithm):
    """Learns road mask and road orientation together from a training data folder."""

    NAME = "trainroadextractor"
    GROUP = GROUP_TRAINING
    ICON = "trainroadextractor"

    def displayName(self) -> str:
        return tr("Train road extractor")

    def tags(self) -> list[str]:
        words = tr("road,deep learning,segmentation,neural network,Multi Task Road Extractor,Train Deep Learning Model,ArcGIS")
        return words.split(",")

    def shortDescription(self) -> str:
        return tr("Trains a network that finds roads, from a folder of training chips.")

    def shortHelpString(self) -> str:
        return tr(
            "<p>Trains the Multi-Task Road Extractor: one network learns where the road is and which way it runs; four networks "
            "that learn the road alone are there too. After every epoch the scores on chips it has never seen are logged; the "
            "best epoch is kept.</p>"
            "<p>The validation chips are taken from whole blocks of the map, and training chips that overlap them are left out: "
            "random chips of one orthophoto overlap each other and make a model look better than it is. Data sets with a "
            "validation part of their own can use that instead.</p>"
            "<p>The output folder is the model package: <i>Classify pixels</i> takes its .dlpk, and the threshold in it that was "
            "best on the validation chips. It also holds a report with curves and sample results.</p>"
            "<p><b>Mind:</b> without a GPU, start with resnet18 and chips of 256 pixels.</p>"
            "<p><b>Interrupted?</b> A cancelled training leaves no model. Run it again with the same settings and <i>Resume</i>: "
            "it goes on after the last saved epoch.</p>"
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        for parameter in training_parameters():
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
        sentence = next(contradictions(self, parameters, context), "")
        return (False, sentence) if sentence else super().checkParameterValues(parameters, context)

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        sentence = next(contradictions(self, parameters, context), "")  # a graphical model does not ask checkParameterValues
        if sentence:
            raise QgsProcessingException(sentence)
        job = training_job(self, parameters, context)
        result = self.run_job(job, [job.output_folder], feedback)
        scores = numbers(result, {output: key for output, (key, _) in {**self.SCORES, **self.FURTHER_SCORES}.items()})
        outputs = {self.OUTPUT: result["output"], self.MODEL: result["model"], self.REPORT: result["report"], **scores}
        if result["onnx"]:  # a network that cannot be written so got a warning
            outputs[self.ONNX_MODEL] = result["onnx"]
        return {**outputs, self.THRESHOLD: result["threshold"]}
