"""The report to paste into a bug report: what runs on what, without names, passwords or hosts."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from pathlib import Path
from typing import Any

from qgis.core import Qgis, QgsProcessingFeedback
from qgis.PyQt.QtCore import QT_VERSION_STR, QSysInfo

from . import bridge
from .accelerators import find_gpu
from .environment import environment_state, find_environment, home_folder, named_python, own_environment_folder, qgis_python
from .environment_lock import somebody_builds
from .environment_setup import check_python
from .last_error import last_error
from .proxy import find_proxy, without_credentials
from .settings import read_options

_VERSION = Path(__file__).resolve().parent.parent / "VERSION"
#: Set where QGIS runs inside a bundle with libraries of its own.
_BUNDLES = {"FLATPAK_ID": "Flatpak", "SNAP": "Snap", "APPIMAGE": "AppImage", "CONDA_PREFIX": "conda"}


def diagnose(feedback: QgsProcessingFeedback) -> str:
    """Test the environment in a worker and return the report, as Markdown.

    A test that fails is part of the report, not an error.

    Raises:
        bridge.JobCancelled: the user cancelled the test.
    """
    sections = [_program(), _computer(), _environment(), _test(feedback), _options()]
    error = last_error()
    lines = [f"* {name}: {value}" for section in sections for name, value in section.items()]
    report = "\n".join(["### Roadsmith diagnostics", "", *lines, "", "Last error of a tool:", "", "```", error or "none", "```"])
    return anonymous(report)


def anonymous(text: str) -> str:
    """Return ``text`` without the user's home folder and without passwords in addresses."""
    homes = sorted({str(Path.home()), os.path.realpath(Path.home())}, key=len, reverse=True)
    for home in homes:
        if len(home) > 1:  # the home of a service may be the root
            text = text.replace(home, "~").replace(home.replace("\\", "\\\\"), "~")
    return without_credentials(text)


def _program() -> dict[str, str]:
    bundles = [name for variable, name in _BUNDLES.items() if os.environ.get(variable)]
    return {
        "Roadsmith": _VERSION.read_text(encoding="utf-8").strip(),
        "QGIS": Qgis.QGIS_VERSION + (f" ({', '.join(bundles)})" if bundles else ""),
        "Qt": QT_VERSION_STR,
        "Python of QGIS": f"{platform.python_version()} ({qgis_python() or 'no program of its own'})",
        "System": f"{QSysInfo.prettyProductName()}, {platform.machine()}, {_libc()}",
    }


def _computer() -> dict[str, str]:
    gpu = find_gpu()
    home = home_folder()
    place = next(folder for folder in (home, *home.parents) if folder.exists())
    usage = shutil.disk_usage(place)
    proxy = find_proxy()
    return {
        "Processor": f"{os.cpu_count()} cores, {platform.processor() or platform.machine()}",
        "NVIDIA GPU": (
            f"{gpu.name}, {gpu.memory_mb} MB, driver {gpu.driver}, capability {gpu.capability}" if gpu else "none found"
        ),
        "Disk": f"{usage.free / 1e9:.1f} of {usage.total / 1e9:.0f} GB free at {place}",
        "Proxy": f"set ({proxy.source}{', SOCKS' if proxy.is_socks else ''})" if proxy.source else "not set",
        "uv": "found" if shutil.which("uv") else "not found",
    }


def _environment() -> dict[str, str]:
    found = find_environment()
    named, where = named_python()
    state = environment_state(own_environment_folder()) + (", being built right now" if somebody_builds() else "")
    return {
        "Python used": f"{found.python} ({found.source})" if found else "none",
        "Python named": f"{named} ({where})" if named else "none",
        "Own environment": f"{own_environment_folder()}: {state}",
    }


def _test(feedback: QgsProcessingFeedback) -> dict[str, str]:
    found = find_environment()
    if found is None:
        return {"Test": "not possible without a Python"}
    try:
        facts = check_python(found, read_options().device, feedback)
    except bridge.JobFailed as error:
        return {"Test": f"failed: {error}"}
    return {"Test": "passed", **facts_as_text(facts)}


def facts_as_text(facts: dict[str, Any]) -> dict[str, str]:
    """Return what the worker's check found as names and values for a person."""
    packages = ", ".join(f"{name} {version}" for name, version in facts["packages"].items())
    return {
        "Device": f"{facts['device_name']}",
        "Speed": f"{facts['gflops']:.0f} GFLOP/s in convolutions",
        "CUDA of PyTorch": facts["cuda"] or "none",
        "Python of the worker": facts["python"],
        "Packages": packages,
        "Test took": f"{facts['seconds']} s",
    }


def _options() -> dict[str, str]:
    options = read_options()
    limit = f"{options.memory_limit_gb:g} GB" if options.memory_limit_gb else "none"
    return {
        "Options": f"device {options.device}, memory limit {limit}, "
                   f"cache folder {options.cache_folder or 'default'}, scheduler {'set' if options.scheduler else 'not set'}"
    }


def _libc() -> str:
    name, version = platform.libc_ver()
    return f"{name} {version}" if name else sys.platform
