"""The tool that builds and tests the plugin's own Python environment."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingMultiStepFeedback,
    QgsProcessingOutputFolder,
    QgsProcessingOutputString,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
)

from ..engine.jobs import CheckEnvironment
from . import bridge
from .accelerators import Build, choose_build, find_gpu
from .algorithm import GROUP_SETUP, RoadsmithAlgorithm, tr
from .base_python import BasePython, find_base_python, probe
from .environment import (
    Environment,
    Stamp,
    environment_python,
    named_python,
    own_environment_folder,
    read_stamp,
    requirements_hash,
    why_not_usable,
    write_stamp,
)
from .environment_builder import EnvironmentBuilder, base_of, building_lock, check_free_space, folder_size
from .parameters import advanced
from .relay import duration

_ACCELERATORS = ["auto", "cpu", "cuda", "mps"]


class SetupEnvironment(RoadsmithAlgorithm):
    """Builds the environment if it is missing or too old, and tests it in any case."""

    NAME = "setupenvironment"
    GROUP = GROUP_SETUP

    ACCELERATOR = "ACCELERATOR"
    PYTHON = "PYTHON"
    OFFLINE_FOLDER = "OFFLINE_FOLDER"
    REBUILD = "REBUILD"
    ENVIRONMENT = "ENVIRONMENT"
    INTERPRETER = "INTERPRETER"
    DEVICE = "DEVICE"

    def displayName(self) -> str:
        """Return the name in the toolbox."""
        return tr("Set up environment")

    def shortDescription(self) -> str:
        """Return what the tool does in one sentence."""
        return tr("Builds and tests the Python environment, with PyTorch, that all Roadsmith tools run in.")

    def tags(self) -> list[str]:
        """Return search words."""
        return tr("install,pytorch,torch,gpu,cuda,python,environment,dependencies,deep learning").split(",")

    def shortHelpString(self) -> str:
        """Return the help beside the dialog."""
        return tr(
            "<p>Builds a Python environment with PyTorch and a few other packages in your cache folder, then tests it: every "
            "package is imported and the processor or GPU multiplies two matrices. Nothing is installed into QGIS.</p>"
            "<p>It takes about 1.5 GB and a few minutes for the CPU, about 8 GB for an NVIDIA GPU. An environment that is "
            "already complete is only tested.</p>"
            "<p>Packages come from download.pytorch.org and pypi.org, by pip or, where it is installed, uv; their own settings "
            "for proxies, indexes and constraints (such as PIP_INDEX_URL or PIP_CONSTRAINT) are respected. Without a network, "
            "name a folder with the wheels.</p>"
            "<p>To use a Python of your own, name it in Settings > Options > Processing > Providers > Roadsmith: "
            "this tool is not needed then.</p>"
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Declare parameters and outputs."""
        accelerator = QgsProcessingParameterEnum(
            self.ACCELERATOR, tr("Accelerator"), options=_ACCELERATORS, defaultValue="auto", usesStaticStrings=True
        )
        accelerator.setHelp(tr("auto: the NVIDIA GPU if its driver is recent enough, Apple's GPU on a Mac, else the CPU."))
        self.addParameter(accelerator)
        python = QgsProcessingParameterFile(
            self.PYTHON, tr("Python to build with (empty: find one)"), optional=True,
            fileFilter=tr("All files (*)"),  # the default, *.*, refuses programs without a suffix
        )
        python.setHelp(tr("An interpreter of Python 3.9 to 3.14 with the module venv."))
        self.addParameter(advanced(python))
        offline = QgsProcessingParameterFile(
            self.OFFLINE_FOLDER, tr("Folder with wheels (empty: download)"),
            behavior=QgsProcessingParameterFile.Behavior.Folder, optional=True,
        )
        offline.setHelp(tr("Packages are taken from here and the network is not used. 'pip download' fills such a folder."))
        self.addParameter(advanced(offline))
        rebuild = QgsProcessingParameterBoolean(self.REBUILD, tr("Rebuild even if it is complete"), defaultValue=False)
        self.addParameter(advanced(rebuild))
        self.addOutput(QgsProcessingOutputFolder(self.ENVIRONMENT, tr("Environment")))
        self.addOutput(QgsProcessingOutputString(self.INTERPRETER, tr("Python interpreter")))
        self.addOutput(QgsProcessingOutputString(self.DEVICE, tr("Device")))

    def canExecute(self) -> tuple[bool, str]:
        """Return that it can: it is what one runs when nothing else can."""
        return True, ""

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Build if need be, test, report."""
        started = time.monotonic()
        wanted = self.parameterAsEnumString(parameters, self.ACCELERATOR, context)
        folder = own_environment_folder()
        with building_lock(feedback):
            facts = None
            if not self.parameterAsBoolean(parameters, self.REBUILD, context):
                facts = _test_existing(folder, wanted, feedback)
            if facts is None:
                python = self.parameterAsFile(parameters, self.PYTHON, context)
                offline = self.parameterAsFile(parameters, self.OFFLINE_FOLDER, context)
                facts = _build(folder, wanted, python, offline, feedback)
        _report(folder, facts, time.monotonic() - started, feedback)
        return {
            self.ENVIRONMENT: str(folder),
            self.INTERPRETER: str(environment_python(folder)),
            self.DEVICE: facts["device_name"],
        }


def _test_existing(folder: Path, wanted: str, feedback: QgsProcessingFeedback) -> dict[str, Any] | None:
    """Return the facts about a complete environment that works, None if one has to be built."""
    reason, stamp = why_not_usable(folder), read_stamp(folder)
    if reason or stamp is None:
        feedback.pushInfo(tr("No usable environment in {}: building one.").format(folder))
        return None
    if wanted not in ("auto", stamp.accelerator):
        feedback.pushInfo(tr("The environment was built for {}, not {}: building a new one.").format(stamp.accelerator, wanted))
        return None
    feedback.pushInfo(tr("The environment is up to date: testing it."))
    try:
        return _test(folder, "cpu" if stamp.accelerator == "cpu" else "auto", feedback)
    except bridge.JobFailed as error:
        feedback.pushWarning(tr("The environment does not work any more ({}): building a new one.").format(error))
        return None


def _build(folder: Path, wanted: str, python: str, offline: str, feedback: QgsProcessingFeedback) -> dict[str, Any]:
    try:
        build = choose_build(wanted, find_gpu())
    except ValueError as error:
        raise QgsProcessingException(str(error)) from error
    feedback.pushInfo(build.reason)
    check_free_space(build.disk_gb)
    base, uv = _choose_base(python)
    feedback.pushInfo(tr("Building with {}").format(f"{base.executable} ({'.'.join(map(str, base.version))})" if base else uv))
    builder = EnvironmentBuilder(folder, feedback)
    try:
        try:
            facts = _install(builder, build, base, uv, offline, feedback)
        except bridge.JobFailed as error:
            if wanted != "auto" or build.accelerator != "cuda":
                raise
            # The driver promised what the GPU does not keep: a slow environment is better than none.
            feedback.pushWarning(tr("{} Building for the CPU instead.").format(error))
            build = choose_build("cpu", None)
            facts = _install(builder, build, base, uv, offline, feedback)
        packages = {name: str(version) for name, version in facts["packages"].items()}
        stamp = Stamp(requirements_hash(), facts["python"], base_of(folder), build.accelerator, facts["device_name"], packages)
        write_stamp(folder, stamp)
    except bridge.JobCancelled:
        builder.wipe()
        builder.tidy()
        raise
    except BaseException:
        builder.wipe()
        raise
    builder.tidy()
    return facts


def _install(
    builder: EnvironmentBuilder,
    build: Build,
    base: BasePython | None,
    uv: str | None,
    offline: str,
    feedback: QgsProcessingFeedback,
) -> dict[str, Any]:
    """Fill a new environment with uv, or with pip where uv is missing or fails, and test it."""
    for tool in (uv, None) if uv and base and base.complete else (uv,):
        try:
            builder.create(base, tool)
            builder.install(build, offline)
            break
        except QgsProcessingException as error:
            if tool is None or base is None or not base.complete:
                raise
            feedback.pushWarning(tr("{} Trying again with pip.").format(error))
    return _test(builder.folder, "auto" if build.accelerator == "mps" else build.accelerator, feedback)


def _choose_base(python: str) -> tuple[BasePython | None, str | None]:
    """Return the Python to build with and uv; at most one of them is missing."""
    uv = shutil.which("uv")
    if python:
        base = probe(python)
        if base is None or not base.suitable:
            what = f"Python {'.'.join(map(str, base.version))}, {base.bits} bit" if base else "no Python"
            raise QgsProcessingException(f"{python} is {what}: choose a 64-bit Python 3.9 to 3.14.")
        if not (base.complete or uv):
            raise QgsProcessingException(f"{python} lacks the module venv: install the package python3-venv, or the program uv.")
        return base, uv
    base, sentence = find_base_python()
    if base is None and uv is None:
        raise QgsProcessingException(sentence)
    return base, uv


def _test(folder: Path, device: str, feedback: QgsProcessingFeedback) -> dict[str, Any]:
    """Run the check in the real worker."""
    if feedback.isCanceled():
        raise bridge.JobCancelled
    last_tenth = QgsProcessingMultiStepFeedback(10, feedback)
    last_tenth.setCurrentStep(9)
    environment = Environment(str(environment_python(folder)), "own")
    return bridge.run_job(CheckEnvironment(device=device), last_tenth, environment)


def _report(folder: Path, facts: dict[str, Any], seconds: float, feedback: QgsProcessingFeedback) -> None:
    packages = ", ".join(f"{name} {version}" for name, version in facts["packages"].items())
    feedback.pushInfo(tr("Environment: {} ({:.2f} GB)").format(folder, folder_size([folder]) / 1e9))
    feedback.pushInfo(tr("Python {}: {}").format(facts["python"], packages))
    feedback.pushInfo(tr("Device: {}; test passed in {} s").format(facts["device_name"], facts["seconds"]))
    feedback.pushInfo(tr("Done in {}.").format(duration(seconds)))
    named, where = named_python()
    if named:
        feedback.pushWarning(tr("Roadsmith goes on using {}, which {} names.").format(named, where))
