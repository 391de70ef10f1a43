"""What all Roadsmith algorithms have in common."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qgis.core import QgsProcessingAlgorithm, QgsProcessingContext, QgsProcessingException, QgsProcessingFeedback
from qgis.PyQt.QtGui import QIcon

from ..engine.jobs import Job
from . import bridge
from .environment import find_environment, missing_environment
from .last_error import remember_error
from .settings import with_chosen_device
from .translation import tr

GROUP_TRAINING_DATA = "trainingdata"
GROUP_TRAINING = "training"
GROUP_CLASSIFICATION = "classification"
GROUP_ROAD_NETWORK = "roadnetwork"
GROUP_EVALUATION = "evaluation"
GROUP_SETUP = "setup"

_ICONS = Path(__file__).with_name("icons")


def icon_path(name: str) -> str:
    """Return the path of the icon ``name``."""
    return str(_ICONS / f"{name}.svg")


class RoadsmithAlgorithm(QgsProcessingAlgorithm):
    """A toolbox entry that turns its parameters into a job and hands it to the worker.

    A subclass sets ``NAME`` and ``GROUP``, implements ``displayName``, ``shortHelpString``, ``initAlgorithm`` and ``process``,
    and reads whatever it needs of layers and project in ``prepareAlgorithm`` (main thread).
    """

    #: Public id, never changed once shipped.
    NAME = ""
    #: One of the ``GROUP_`` constants.
    GROUP = ""
    #: File in ``icons/``, without ``.svg``; empty for the one with the algorithm's name.
    ICON = ""

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Do the work and return all declared outputs. Runs in the background."""
        raise NotImplementedError

    def run_job(self, job: Job, outputs: Sequence[str], feedback: QgsProcessingFeedback) -> dict[str, Any]:
        """Run ``job`` in the worker and return its outputs.

        Args:
            job: what to do.
            outputs: files and folders that the job writes; what a dead worker left beside or in them is removed.
            feedback: receives progress, log and warnings, and is asked whether to stop.

        Raises:
            QgsProcessingException: the job failed; one sentence says why and what to do.
            bridge.JobCancelled: the user cancelled. ``processAlgorithm`` handles it; clean up with ``finally``.
        """
        environment = find_environment()
        if environment is None:
            raise QgsProcessingException(missing_environment())
        chosen = with_chosen_device(job)
        if chosen is not job:
            device = getattr(chosen, "device", "")
            feedback.pushInfo(tr("Device: {}, as chosen in Settings > Options > Roadsmith").format(device))
        return bridge.run_job(chosen, feedback, environment, outputs)

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Call ``process``; a cancelled run is no error and has no outputs."""
        try:
            return self.process(parameters, context, feedback)
        except bridge.JobCancelled:
            return {}
        except bridge.JobFailed as error:
            remember_error(self.NAME, str(error), error.details)
            # QGIS shows a traceback for everything but this very class, its subclasses included
            raise QgsProcessingException(str(error)) from None

    def canExecute(self) -> tuple[bool, str]:
        """Return whether there is an environment to run in, and otherwise how to get one."""
        sentence = missing_environment()
        return not sentence, sentence

    def name(self) -> str:
        """Return the public id."""
        return self.NAME

    def groupId(self) -> str:
        """Return the public id of the group."""
        return self.GROUP

    def group(self) -> str:
        """Return the name of the group in the toolbox."""
        return {
            GROUP_TRAINING_DATA: tr("Training data"),
            GROUP_TRAINING: tr("Training"),
            GROUP_CLASSIFICATION: tr("Classification"),
            GROUP_ROAD_NETWORK: tr("Road network"),
            GROUP_EVALUATION: tr("Evaluation"),
            GROUP_SETUP: tr("Setup"),
        }[self.GROUP]

    def icon(self) -> QIcon:
        """Return the algorithm's icon."""
        return QIcon(icon_path(self.ICON or self.NAME))

    def svgIconPath(self) -> str:
        """Return the path of the algorithm's icon."""
        return icon_path(self.ICON or self.NAME)

    def createInstance(self) -> QgsProcessingAlgorithm:
        """Return a new algorithm of the same kind."""
        return type(self)()

    def tr(self, text: str) -> str:
        """Return ``text`` in the user's language."""
        return tr(text)
