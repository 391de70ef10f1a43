"""Making, testing, choosing and removing the environment: what the tool, the set-up page and the options page all call."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

from qgis.core import QgsProcessingException, QgsProcessingFeedback, QgsProcessingMultiStepFeedback

from ..engine.jobs import CheckEnvironment
from . import bridge
from .base_python import probe
from .environment import (
    Environment,
    Stamp,
    environment_python,
    own_environment_folder,
    read_stamp,
    requirements_hash,
    why_not_usable,
    write_stamp,
)
from .environment_builder import KNOWN_GOOD, EnvironmentBuilder
from .environment_lock import building_lock
from .environment_plan import Plan, for_cpu, make_plan
from .folder_growth import folder_size
from .installed import base_of
from .settings import Options, read_options, write_options
from .translation import tr

#: Newest Python that the known-good PyTorch was built for.
_KNOWN_GOOD_PYTHON = (3, 12)


def set_up(
    accelerator: str, python: str, wheels: str, feedback: QgsProcessingFeedback, rebuild: bool = False
) -> dict[str, Any]:
    """Build the environment if it is missing, too old or broken, or if ``rebuild`` is given; test it in any case.

    Args:
        accelerator: ``auto``, ``cpu``, ``cuda`` or ``mps``.
        python: interpreter to build with, empty to find one.
        wheels: folder of wheels to install from, empty for the network.
        feedback: receives the plan, the installers' output and the progress, and is asked whether to stop.

    Returns:
        What the worker's check found: see ``engine.environment_check.check_environment``.

    Raises:
        QgsProcessingException: it cannot be built; one sentence says why and what to do.
        bridge.JobCancelled: the user cancelled; nothing is left.
    """
    with building_lock(feedback) as lock:
        facts = None if rebuild else _test_existing(own_environment_folder(), accelerator, feedback)
        if facts is not None:
            return facts
        plan = make_plan(accelerator, python, wheels)
        for sentence in plan.sentences():
            feedback.pushInfo(sentence)
        if plan.problems:
            raise QgsProcessingException(plan.problems[0])
        return _build(plan, accelerator == "auto", lock, feedback)


def use_python(python: str, feedback: QgsProcessingFeedback) -> dict[str, Any]:
    """Test an interpreter of the user's own (conda, pixi, system) and, if it has all that is needed, name it in the options.

    Raises:
        QgsProcessingException: it is no Python, lacks a package or cannot compute; the options stay as they were.
    """
    found = shutil.which(str(Path(python).expanduser())) if python else None
    if found is None:
        raise QgsProcessingException(
            tr("There is no Python at '{}': name the program, such as bin/python of a conda environment.").format(python)
        )
    # not resolved: the interpreter of an environment is a link, and what it leads to knows nothing of the environment
    path = str(Path(found).absolute())
    if probe(path) is None:
        sentence = tr("{} does not answer like a Python 3: name the program, such as bin/python.").format(path)
        raise QgsProcessingException(sentence)
    facts = check_python(Environment(path, "setting"), read_options().device, feedback)
    write_options(Options(**{**vars(read_options()), "interpreter": path}))
    return facts


def remove_environment(feedback: QgsProcessingFeedback) -> int:
    """Remove the plugin's own environment and all downloads; return how many bytes that freed.

    Raises:
        QgsProcessingException: a file is in use, or another window is building.
    """
    with building_lock(feedback):
        folder = own_environment_folder()
        builder = EnvironmentBuilder(folder, feedback)
        size = folder_size([folder, folder.parent / "scratch"])
        builder.wipe()
        builder.tidy()
    return size


def check_python(environment: Environment, device: str, feedback: QgsProcessingFeedback) -> dict[str, Any]:
    """Run the environment check in a real worker and return what it found."""
    if feedback.isCanceled():
        raise bridge.JobCancelled
    return bridge.run_job(CheckEnvironment(device=device), feedback, environment)


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
        return _check_own(folder, "cpu" if stamp.accelerator == "cpu" else "auto", feedback)
    except bridge.JobFailed as error:
        feedback.pushWarning(tr("The environment does not work any more ({}): building a new one.").format(error))
        return None


def _build(plan: Plan, may_fall_back: bool, lock: int, feedback: QgsProcessingFeedback) -> dict[str, Any]:
    assert plan.build is not None
    builder = EnvironmentBuilder(plan.folder, feedback, lock)
    try:
        try:
            facts = _install(builder, plan, feedback)
        except bridge.JobFailed as error:
            if needs_known_good(str(error), plan):
                feedback.pushWarning(tr("{} Trying an older PyTorch first.").format(error))
                facts = _install(builder, plan, feedback, KNOWN_GOOD)
            elif may_fall_back and plan.build.accelerator == "cuda":
                # The driver promised what the GPU does not keep: a slow environment is better than none.
                feedback.pushWarning(tr("{} Building for the CPU instead.").format(error))
                plan = for_cpu(plan)
                facts = _install(builder, plan, feedback)
            else:
                raise
        assert plan.build is not None
        packages = {name: str(version) for name, version in facts["packages"].items()}
        write_stamp(plan.folder, Stamp(
            requirements_hash(), facts["python"], base_of(plan.folder), plan.build.accelerator, facts["device_name"], packages
        ))
    except bridge.JobCancelled:
        builder.wipe()
        builder.tidy()
        raise
    except BaseException:
        builder.wipe()  # the downloads stay for the next try
        raise
    builder.tidy()
    return facts


def needs_known_good(sentence: str, plan: Plan) -> bool:
    """Whether a failed check means that this Windows cannot load the newest PyTorch, and an older one may do."""
    version = plan.base.version[:2] if plan.base else sys.version_info[:2]
    return "Visual C++" in sentence and sys.platform == "win32" and version <= _KNOWN_GOOD_PYTHON and not plan.wheels


def _install(
    builder: EnvironmentBuilder, plan: Plan, feedback: QgsProcessingFeedback, torch: str = ""
) -> dict[str, Any]:
    """Fill a new environment with uv, or with pip where uv is missing or fails, and test it."""
    base, build = plan.base, plan.build
    assert build is not None
    for tool in (plan.uv, None) if plan.uv and base and base.complete else (plan.uv,):
        try:
            builder.create(base, tool)
            builder.install(build, plan.wheels, torch)
            break
        except QgsProcessingException as error:
            if tool is None or base is None or not base.complete:
                raise
            feedback.pushWarning(tr("{} Trying again with pip.").format(error))
    return _check_own(builder.folder, "auto" if build.accelerator == "mps" else build.accelerator, feedback)


def _check_own(folder: Path, device: str, feedback: QgsProcessingFeedback) -> dict[str, Any]:
    last_tenth = QgsProcessingMultiStepFeedback(10, feedback)
    last_tenth.setCurrentStep(9)
    return check_python(Environment(str(environment_python(folder)), "own"), device, last_tenth)
