"""Toolbox entry: a trained road model gets a second network that mends its maps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsProcessingParameterDefinition

from ..engine import jobs
from .algorithm import tr
from .model_facts import read_model_facts
from .refinement_checks import contradictions
from .refinement_job import refinement_job
from .refinement_names import RefinementNames
from .refinement_parameters import refinement_parameters
from .shipped_model import is_shipped
from .training_algorithm import TrainingAlgorithm


class TrainRefinementStage(RefinementNames, TrainingAlgorithm):
    """Learns to mend the probability map of a trained model; writes one package of both."""

    NAME = "trainrefinementstage"
    ICON = "trainrefinementstage"

    def displayName(self) -> str:
        return tr("Train refinement stage")

    def tags(self) -> list[str]:
        words = tr("road,deep learning,segmentation,neural network,two stages,second stage,CUnet,refine,mend,gaps,connectivity")
        return words.split(",")

    def shortDescription(self) -> str:
        return tr("Trains a second network that mends the roads a trained model finds.")

    def shortHelpString(self) -> str:
        return tr(
            "<p>A second network, CUnet, looks at the image and at the first model's probability map together. It learns what to "
            "change in the map: to close gaps in roads, and to drop roads that are none. The first model stays as it is. Both "
            "become one model package, which <i>Classify pixels</i> takes like any other. After Li, Comer and Zerubia, <i>A "
            "Two-Stage Road Segmentation Approach for Remote Sensing Images</i>, 2022.</p>"
            "<p><b>When it pays:</b> when the first model finds most roads but breaks them or invents some. A road that it "
            "overlooks altogether must be found anew, which works less often. Before that, give the first model enough data and "
            "epochs.</p>"
            "<p><b>What it costs:</b> another training, and one more network pass over all imagery that is classified.</p>"
            "<p>Use the training data of the first model. The report compares both stages on the validation chips; that is fair "
            "where neither has learned from them. So take the validation data of the first training, or its share, split and "
            "seed (10 percent is its default share, not 5 as here).</p>"
            "<p>On the chips that the first model learned from, its maps are better than elsewhere, and the second network "
            "learns to trust them too much. <i>Share of spoiled first maps</i> and <i>Folds</i> help against that.</p>"
            "<p><b>Mind:</b> without a GPU, choose a first width of 8, and chips of 256 pixels.</p>"
            "<p><b>Interrupted?</b> A cancelled training leaves no model. Run it again with the same settings and <i>Resume</i>: "
            "it goes on after the last saved epoch.</p>"
        )

    def training_parameters(self) -> list[QgsProcessingParameterDefinition]:
        return refinement_parameters()

    def contradictions(self, parameters: dict[str, Any], context: QgsProcessingContext) -> Iterator[str]:
        return contradictions(self, parameters, context)

    def training_job(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> jobs.TrainRefinementStage:
        job = refinement_job(self, parameters, context)
        facts = read_model_facts(job.first_model)  # what is wrong with a package that cannot be read is for the worker to say
        if facts is not None:
            words = tr("First stage (the model that comes with Roadsmith)") if is_shipped(job.first_model) else tr("First stage")
            feedback.pushInfo(f"{words}: {facts}.")
        return job
