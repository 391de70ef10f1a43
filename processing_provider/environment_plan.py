"""What a set-up would do, found out before anything is downloaded: with what, from where, how much, where to."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlparse

from .accelerators import Build, Gpu, choose_build, find_gpu
from .base_python import BasePython, find_base_python, probe, why_no_wheels
from .environment import environment_state, own_environment_folder, read_stamp, why_not_usable
from .install_failures import HOSTS
from .proxy import Proxy, find_proxy
from .translation import tr

#: What all packages but PyTorch weigh as wheels (MB, measured on Linux).
_OTHER_PACKAGES_MB = 185
_UV_PYTHON_HOST = "github.com"


@dataclass(frozen=True)
class Plan:
    """A set-up that has not begun.

    Attributes:
        folder: the environment to be.
        state: what is there now, as ``environment_state`` says it.
        gpu: the NVIDIA GPU, None without one.
        build: the PyTorch to install, None if none can be.
        base: the Python to build with, None where uv is to fetch one.
        uv: the program uv, None to use venv and pip.
        proxy: how the network is reached.
        wheels: folder to install from without a network, empty for the network.
        free_gb: space on the disk of ``folder``.
        problems: sentences about what makes it impossible; empty if it can begin.
    """

    folder: Path
    state: str
    gpu: Gpu | None
    build: Build | None
    base: BasePython | None
    uv: str | None
    proxy: Proxy
    wheels: str
    free_gb: float
    problems: tuple[str, ...]

    @property
    def hosts(self) -> list[str]:
        """What is downloaded from, for a firewall's list; none where a folder of wheels is used."""
        if self.wheels:
            return []
        hosts = list(HOSTS if self.build is None or self.build.index else HOSTS[2:])
        own_index = urlparse(os.environ.get("PIP_INDEX_URL", "")).hostname
        if own_index:
            hosts = [*(host for host in hosts if host not in HOSTS[2:]), own_index]
        return hosts if self.base else [*hosts, _UV_PYTHON_HOST]

    @property
    def download_mb(self) -> int:
        """About how much is downloaded."""
        if self.wheels or self.build is None:
            return 0
        return self.build.download_mb + _OTHER_PACKAGES_MB

    def sentences(self) -> list[str]:
        """Return the plan as a user reads it, one matter a line, the problems last."""
        gpu = _no_gpu() if self.gpu is None else tr("{}, {:.0f} GB, driver {}").format(
            self.gpu.name, self.gpu.memory_mb / 1024, self.gpu.driver
        )
        lines = [tr("Graphics processor: {}").format(gpu)]
        if self.build:
            lines.append(tr("To be installed: {}").format(self.build.reason))
        if self.base:
            version = ".".join(map(str, self.base.version))
            lines.append(tr("Built with: Python {} ({}) and {}").format(version, self.base.executable, self.uv or "venv, pip"))
        elif self.uv:
            lines.append(tr("Built with: {}, which fetches a Python").format(self.uv))
        if self.wheels:
            lines.append(tr("Download: none, all packages come from {}").format(self.wheels))
        elif self.build:
            lines.append(tr("Download: about {} MB from {}").format(self.download_mb, ", ".join(self.hosts)))
        lines.append(tr("Proxy: {}").format(self.proxy.source or tr("none")))
        needed = f"{self.build.disk_gb:.0f} GB" if self.build else "?"
        lines.append(tr("Goes to: {} ({:.1f} GB free, {} needed while building)").format(self.folder, self.free_gb, needed))
        lines.append(tr("There now: {}").format(self.state))
        if read_stamp(self.folder) and not why_not_usable(self.folder):
            lines.append(tr("As it is complete, a set-up only tests it, unless for another accelerator; a repair builds anew."))
        return lines + [tr("This cannot work: {}").format(problem) for problem in self.problems]


def make_plan(accelerator: str = "auto", python: str = "", wheels: str = "") -> Plan:
    """Look at the computer and say what a set-up would do. Takes a second or two; changes nothing.

    Args:
        accelerator: ``auto``, ``cpu``, ``cuda`` or ``mps``.
        python: interpreter to build with, empty to find one.
        wheels: folder of wheels, empty for the network.
    """
    folder = own_environment_folder()
    problems: list[str] = []
    gpu = find_gpu()
    build = None
    try:
        build = choose_build(accelerator, gpu)
    except ValueError as error:
        problems.append(str(error))
    base, uv, sentence = _choose_base(python)
    proxy = find_proxy()
    parent = _existing_parent(folder)
    free_gb = shutil.disk_usage(parent).free / 1e9
    problems += [
        sentence, _folder_problem(folder, parent), _space_problem(folder, build, free_gb), _wheels_problem(wheels),
        _proxy_problem(proxy, uv, wheels),
    ]
    return Plan(folder, environment_state(folder), gpu, build, base, uv, proxy, wheels, free_gb, tuple(filter(None, problems)))


def for_cpu(plan: Plan) -> Plan:
    """Return the same plan without the GPU."""
    return replace(plan, build=choose_build("cpu", None))


def _choose_base(python: str) -> tuple[BasePython | None, str | None, str]:
    """Return the Python to build with, uv, and a sentence if neither will do."""
    uv = shutil.which("uv")
    if not python:
        base, sentence = find_base_python()
        # what uv cannot help with either; the names are the same in every language
        hopeless = base is None and (uv is None or any(name in sentence for name in ("Intel", "musl", "glibc")))
        return base, uv, sentence if hopeless else ""
    base = probe(python)
    if base is None:
        return None, uv, tr("{} is no Python: choose a 64-bit Python 3.9 to 3.14.").format(python)
    sentence = why_no_wheels(base)
    if not sentence and not (base.complete or uv):
        sentence = tr("{} lacks the module venv: install the package python3-venv, or the program uv.").format(python)
    return base, uv, sentence


def _existing_parent(folder: Path) -> Path:
    return next(parent for parent in folder.parents if parent.exists())


def _folder_problem(folder: Path, parent: Path) -> str:
    if parent.is_dir() and os.access(parent, os.W_OK | os.X_OK):
        return ""
    return tr("Nothing can be written to {}, where the environment {} is to be: choose another cache folder in Settings > "
              "Options > Roadsmith, or set the variable ROADSMITH_HOME.").format(parent, folder)


def _space_problem(folder: Path, build: Build | None, free_gb: float) -> str:
    if build is None or free_gb >= build.disk_gb:
        return ""
    sentence = tr("The environment needs about {:.0f} GB while it is built, and the disk of {} has {:.1f} GB free: free some "
                  "space, or choose a cache folder on another disk in Settings > Options > Roadsmith.")
    return sentence.format(build.disk_gb, folder, free_gb)


def _wheels_problem(wheels: str) -> str:
    if not wheels:
        return ""
    if not Path(wheels).is_dir():
        return tr("There is no folder {}: name the folder that holds the wheels.").format(wheels)
    if not any(path.suffix == ".whl" for path in Path(wheels).iterdir()):
        sentence = tr("The folder {} holds no wheels (.whl): fill it with 'python -m pip download -r requirements.txt'.")
        return sentence.format(wheels)
    return ""


def _proxy_problem(proxy: Proxy, uv: str | None, wheels: str) -> str:
    if not proxy.is_socks or uv or wheels:
        return ""
    return tr("QGIS is set up with a SOCKS proxy, which pip cannot use: install the program uv, choose an HTTP proxy in Settings "
              "> Options > Network, or name a folder with the wheels.")


def _no_gpu() -> str:
    if sys.platform == "darwin" and platform.machine() == "arm64":
        return "Apple (MPS)"
    return tr("no NVIDIA GPU with a working driver")
