"""The tool that builds, tests, chooses and removes the environment, and says what it knows about it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputFolder,
    QgsProcessingOutputString,
    QgsProcessingParameterFile,
)

from .algorithm import GROUP_SETUP, RoadsmithAlgorithm, tr
from .diagnostics import diagnose
from .environment import environment_python, find_environment, named_python, own_environment_folder
from .environment_plan import make_plan
from .environment_setup import remove_environment, set_up, use_python
from .folder_growth import folder_size
from .parameter_kinds import choice
from .parameters import advanced, explained
from .relay import duration

ACTIONS = ["setup", "plan", "use", "repair", "remove", "diagnose"]
ACCELERATORS = ["auto", "cpu", "cuda", "mps"]


class SetupEnvironment(RoadsmithAlgorithm):
    """Builds the environment if it is missing or too old and tests it, or does what another action asks for."""

    NAME = "setupenvironment"
    GROUP = GROUP_SETUP

    ACTION = "ACTION"
    ACCELERATOR = "ACCELERATOR"
    PYTHON = "PYTHON"
    OFFLINE_FOLDER = "OFFLINE_FOLDER"
    ENVIRONMENT = "ENVIRONMENT"
    INTERPRETER = "INTERPRETER"
    DEVICE = "DEVICE"
    REPORT = "REPORT"

    def displayName(self) -> str:
        """Return the name in the toolbox."""
        return tr("Set up environment")

    def shortDescription(self) -> str:
        """Return what the tool does in one sentence."""
        return tr("Builds and tests the Python environment, with PyTorch, that all Roadsmith tools run in.")

    def tags(self) -> list[str]:
        """Return search words."""
        return tr(
            "install,pytorch,torch,gpu,cuda,python,environment,dependencies,deep learning,repair,uninstall,diagnostics,bug report"
        ).split(",")

    def shortHelpString(self) -> str:
        """Return the help beside the dialog."""
        return tr(
            "<p>Builds a Python environment with PyTorch and a few other packages in your cache folder, then tests it: every "
            "package is imported, and the processor or GPU multiplies matrices and convolves an image. Nothing is installed into "
            "QGIS.</p>"
            "<p>It takes about 1.5 GB and a few minutes for the CPU, about 8 GB for an NVIDIA GPU. An environment that is "
            "already complete is only tested. After an interruption, run it again: what was downloaded is kept.</p>"
            "<p>Packages come from download.pytorch.org and pypi.org, by pip or, where it is installed, uv, through the proxy "
            "of QGIS; pip's own settings for indexes and constraints (such as PIP_INDEX_URL or PIP_CONSTRAINT) are respected. "
            "Without a network, name a folder with the wheels.</p>"
            "<p>The action <b>plan</b> only says what would be downloaded, how much, from where and where to. <b>use</b> tests "
            "a Python of your own (conda, pixi, system) and uses it from then on. <b>repair</b> builds anew, <b>remove</b> "
            "removes everything, <b>diagnose</b> writes a report to paste into a bug report.</p>"
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Declare parameters and outputs."""
        self.addParameter(explained(
            choice(self.ACTION, tr("Action"), ACTIONS),
            tr("setup: build what is missing, and test. plan: say what would be done. use: use a Python of your own. repair: "
               "build anew. remove: remove the environment. diagnose: a report for a bug report."),
        ))
        self.addParameter(explained(
            choice(self.ACCELERATOR, tr("Accelerator"), ACCELERATORS),
            tr("auto: the NVIDIA GPU if its driver is recent enough, Apple's GPU on a Mac, else the CPU."),
        ))
        python = QgsProcessingParameterFile(
            self.PYTHON, tr("Python to build with, or to use (empty: find one)"), optional=True,
            fileFilter=tr("All files (*)"),  # the default, *.*, refuses programs without a suffix
        )
        self.addParameter(advanced(explained(
            python,
            tr("To build with: an interpreter of Python 3.9 to 3.14 with the module venv. To use: one that has all packages."),
        )))
        offline = QgsProcessingParameterFile(
            self.OFFLINE_FOLDER, tr("Folder with wheels (empty: download)"),
            behavior=QgsProcessingParameterFile.Behavior.Folder, optional=True,
        )
        self.addParameter(advanced(explained(
            offline, tr("Packages are taken from here and the network is not used. 'pip download' fills such a folder."),
        )))
        self.addOutput(QgsProcessingOutputFolder(self.ENVIRONMENT, tr("Environment")))
        self.addOutput(QgsProcessingOutputString(self.INTERPRETER, tr("Python interpreter")))
        self.addOutput(QgsProcessingOutputString(self.DEVICE, tr("Device")))
        self.addOutput(QgsProcessingOutputString(self.REPORT, tr("Report")))

    def canExecute(self) -> tuple[bool, str]:
        """Return that it can: it is what one runs when nothing else can."""
        return True, ""

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Do what the action asks for, and report."""
        action = self.parameterAsEnumString(parameters, self.ACTION, context)
        accelerator = self.parameterAsEnumString(parameters, self.ACCELERATOR, context)
        python = self.parameterAsFile(parameters, self.PYTHON, context)
        wheels = self.parameterAsFile(parameters, self.OFFLINE_FOLDER, context)
        if action == "plan":
            return self._say("\n".join(make_plan(accelerator, python, wheels).sentences()), feedback)
        if action == "diagnose":
            return self._say(diagnose(feedback), feedback)
        if action == "remove":
            freed = remove_environment(feedback) / 1e9
            return self._say(tr("Removed {}; {:.2f} GB are free again.").format(own_environment_folder(), freed), feedback)
        started = time.monotonic()
        if action == "use":
            if not python:
                raise QgsProcessingException(tr("PYTHON is empty: name the Python that is to be used."))
            facts = use_python(python, feedback)
            folder, interpreter = Path(facts["executable"]).parent.parent, facts["executable"]
            feedback.pushInfo(tr("From now on Roadsmith uses {}.").format(interpreter))
        else:
            facts = set_up(accelerator, python, wheels, feedback, rebuild=action == "repair")
            folder = own_environment_folder()
            interpreter = str(environment_python(folder))
            feedback.pushInfo(tr("Environment: {} ({:.2f} GB)").format(folder, folder_size([folder]) / 1e9))
        report = _report(facts, time.monotonic() - started)
        for line in report:
            feedback.pushInfo(line)
        _warn_of_another_python(interpreter, feedback)
        return {
            self.ENVIRONMENT: str(folder), self.INTERPRETER: interpreter, self.DEVICE: facts["device_name"],
            self.REPORT: "\n".join(report),
        }

    def _say(self, text: str, feedback: QgsProcessingFeedback) -> dict[str, Any]:
        """Return the outputs of an action that only says something."""
        feedback.pushInfo(text)
        found = find_environment()
        return {
            self.ENVIRONMENT: str(own_environment_folder()), self.INTERPRETER: found.python if found else "", self.DEVICE: "",
            self.REPORT: text,
        }


def _report(facts: dict[str, Any], seconds: float) -> list[str]:
    packages = ", ".join(f"{name} {version}" for name, version in facts["packages"].items())
    return [
        tr("Python {}: {}").format(facts["python"], packages),
        tr("Device: {}; {:.0f} GFLOP/s in convolutions; test passed in {} s").format(
            facts["device_name"], facts["gflops"], facts["seconds"]
        ),
        tr("Done in {}.").format(duration(seconds)),
    ]


def _warn_of_another_python(interpreter: str, feedback: QgsProcessingFeedback) -> None:
    named, where = named_python()
    if named and Path(named).expanduser().absolute() != Path(interpreter):
        feedback.pushWarning(tr("Roadsmith goes on using {}, which {} names.").format(named, where))
