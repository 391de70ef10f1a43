"""Toolbox entry: training chips to a road model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsProcessingParameterDefinition

from ..engine import jobs
from .algorithm import tr
from .model_facts import read_model_facts
from .shipped_model import is_shipped
from .training_algorithm import TrainingAlgorithm
from .training_checks import contradictions
from .training_job import training_job
from .training_names import TrainingNames
from .training_parameters import training_parameters


class TrainRoadExtractor(TrainingNames, TrainingAlgorithm):
    """Learns road mask and road orientation together from a training data folder."""

    NAME = "trainroadextractor"
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
            "<p>Trains the Multi-Task Road Extractor: one network learns where the road is and which way it runs; five networks "
            "that learn the road alone are there too. After every epoch the scores on chips it has never seen are logged; the "
            "best epoch is kept.</p>"
            "<p>The validation chips are taken from whole blocks of the map, and training chips that overlap them are left out: "
            "random chips of one orthophoto overlap each other and make a model look better than it is. Data sets with a "
            "validation part of their own can use that instead.</p>"
            "<p>The output folder is the model package: <i>Classify pixels</i> takes its .dlpk, and the threshold in it that was "
            "best on the validation chips. It also holds a report with curves and sample results.</p>"
            "<p><b>Little data?</b> Begin with the model that comes with Roadsmith: it knows roads already, and has less to "
            "learn.</p>"
            "<p><b>Mind:</b> without a GPU, start with resnet18 and chips of 256 pixels.</p>"
            "<p><b>Interrupted?</b> A cancelled training leaves no model. Run it again with the same settings and <i>Resume</i>: "
            "it goes on after the last saved epoch.</p>"
        )

    def training_parameters(self) -> list[QgsProcessingParameterDefinition]:
        return training_parameters()

    def contradictions(self, parameters: dict[str, Any], context: QgsProcessingContext) -> Iterator[str]:
        return contradictions(self, parameters, context)

    def training_job(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> jobs.TrainRoadExtractor:
        job = training_job(self, parameters, context)
        facts = read_model_facts(job.pretrained_model) if job.pretrained_model else None
        if facts is not None:  # what is wrong with a package that cannot be read is for the worker to say
            shipped = is_shipped(job.pretrained_model)
            words = tr("Begins with the model that comes with Roadsmith") if shipped else tr("Begins with")
            feedback.pushInfo(f"{words}: {facts}.")
        return job
