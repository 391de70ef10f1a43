"""The options of the plugin: what Settings > Options > Roadsmith edits, read wherever it is used. All under one prefix."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from qgis.core import QgsSettings

from ..engine.jobs import Job
from .scheduler_address import address_problem
from .translation import tr

PREFIX = "roadsmith"
#: What engine/memory_limit.py reads.
MEMORY_VARIABLE = "ROADSMITH_MEMORY_LIMIT_MB"

_DEVICE = re.compile(r"auto|cpu|mps|cuda(:\d{1,2})?")


@dataclass(frozen=True)
class Options:
    """What the user chose; the defaults are what holds before anybody chose anything.

    Attributes:
        interpreter: the Python that runs the worker, empty for the one the plugin built (or QGIS's own).
        device: what ``auto`` means in the tools: ``auto`` (the fastest there is), ``cpu``, ``cuda``, ``cuda:N`` or ``mps``.
        memory_limit_gb: GB of memory the worker may take, 0 for no limit.
        cache_folder: where environment and downloads are kept, empty for the user's cache folder.
        scheduler: the Dask scheduler that tools offer by default, empty for this computer.
    """

    interpreter: str = ""
    device: str = "auto"
    memory_limit_gb: float = 0.0
    cache_folder: str = ""
    scheduler: str = ""

    def problem(self) -> str:
        """Return a sentence about the first value that means nothing, empty if there is none."""
        if not is_device(self.device):
            sentence = tr("'{}' is no device: choose auto, cpu, cuda, mps, or one GPU of several as cuda:0, cuda:1 …")
            return sentence.format(self.device)
        if self.memory_limit_gb < 0:
            return tr("The memory limit is negative: write 0 for no limit.")
        return address_problem(self.scheduler)


def is_device(text: str) -> bool:
    """Whether ``text`` names a device as the tools take it."""
    return _DEVICE.fullmatch(text) is not None


def read_options() -> Options:
    """Return the options; a value that means nothing (edited by hand, from a later version) counts as not set."""
    settings, default = QgsSettings(), Options()

    def text(name: str) -> str:
        return str(settings.value(f"{PREFIX}/{name}", "") or "").strip()

    try:
        limit = max(0.0, float(text("memory_limit_gb") or 0))
    except ValueError:
        limit = 0.0
    device, scheduler = text("device"), text("scheduler")
    return Options(
        interpreter=text("interpreter"),
        device=device if is_device(device) else default.device,
        memory_limit_gb=limit if limit < float("inf") else 0.0,
        cache_folder=text("cache_folder"),
        scheduler="" if address_problem(scheduler) else scheduler,
    )


def write_options(options: Options) -> None:
    """Keep the options; those that equal the default are removed from the settings.

    Raises:
        ValueError: a value means nothing; one sentence says which.
    """
    problem = options.problem()
    if problem:
        raise ValueError(problem)
    settings, default = QgsSettings(), Options()
    for name in Options.__dataclass_fields__:
        value = getattr(options, name)
        if value == getattr(default, name):
            settings.remove(f"{PREFIX}/{name}")
        else:
            settings.setValue(f"{PREFIX}/{name}", value)


def with_chosen_device(job: Job) -> Job:
    """Return the job on the device of the options, if it is one that leaves the device to us."""
    chosen = read_options().device
    if getattr(job, "device", "") != "auto" or chosen == "auto":
        return job
    return replace(job, device=chosen)  # type: ignore[call-arg]  # jobs with a device have that field


def option_variables() -> dict[str, str]:
    """Return what the worker learns of the options through its environment."""
    limit = read_options().memory_limit_gb
    return {MEMORY_VARIABLE: str(max(1, round(limit * 1000)))} if limit else {}
