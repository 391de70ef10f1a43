"""Finding a Python to build the environment with."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass

from .child_process import no_window
from .environment import qgis_python
from .translation import tr
from .variables import installer_variables

#: Versions PyTorch has been released for within the bounds of requirements.txt.
OLDEST, NEWEST = (3, 9), (3, 14)

#: Processors that all packages have wheels for, by system, as Python names them.
_MACHINES = {"linux": ("x86_64", "aarch64"), "darwin": ("arm64",), "win32": ("amd64",)}
#: Oldest C library of the wheels; every system with QGIS 3.22 or later has a newer one.
_GLIBC = (2, 28)

_PROBE = """
import json, platform, struct, sys, sysconfig
try:
    import ensurepip, venv
    complete = True
except ImportError:
    complete = False
# on Windows the processor is that of this Python, which may be emulated on another
machine = sysconfig.get_platform().split("-")[-1] if sys.platform == "win32" else platform.machine()
print(json.dumps({"version": sys.version_info[:3], "bits": struct.calcsize("P") * 8, "complete": complete,
                  "executable": sys.executable, "base": getattr(sys, "_base_executable", sys.executable),
                  "system": sys.platform, "machine": machine, "libc": platform.libc_ver(),
                  "musl": "musl" in str(sysconfig.get_config_var("HOST_GNU_TYPE"))}))
"""


@dataclass(frozen=True)
class BasePython:
    """An interpreter as it describes itself.

    Attributes:
        complete: it can make virtual environments with pip in them.
        base: the interpreter it rests on itself, if it is that of a virtual environment.
        system, machine: the system and processor it was built for, as ``sys.platform`` and ``platform.machine`` name them.
        glibc: version of the C library, None where it is another one (or none, as on Windows).
        musl: it was built for the C library musl (Alpine Linux).
    """

    executable: str
    version: tuple[int, int, int]
    bits: int
    complete: bool
    base: str
    system: str = sys.platform
    machine: str = ""
    glibc: tuple[int, int] | None = None
    musl: bool = False

    @property
    def suitable(self) -> bool:
        """Whether there is a PyTorch for it."""
        return not why_no_wheels(self)


def why_no_wheels(python: BasePython) -> str:
    """Return one sentence about why the packages cannot be installed for an interpreter, empty if they can."""
    if _of_wrong_version(python):
        version = ".".join(map(str, python.version))
        return tr("{} is Python {}, {} bit: choose a 64-bit Python {}.").format(python.executable, version, python.bits, _span())
    if python.musl:
        return tr("{} was built for the C library musl, for which there is no PyTorch: use a Linux with glibc, or name a Python "
                  "that has PyTorch in Settings > Options > Roadsmith.").format(python.executable)
    if python.system == "linux" and python.glibc is not None and python.glibc < _GLIBC:
        return tr("This Linux has glibc {}.{}, and PyTorch needs {}.{} or newer: update the system, or name a Python that has "
                  "PyTorch in Settings > Options > Roadsmith.").format(*python.glibc, *_GLIBC)
    if python.system == "darwin" and python.machine == "x86_64":
        return tr("{} is a Python for Intel Macs, which PyTorch no longer supports: on a Mac with an Apple processor install "
                  "Python for it (arm64) from python.org and name that, on an Intel Mac name a Python that has PyTorch "
                  "(conda-forge has one) in Settings > Options > Roadsmith.").format(python.executable)
    if python.machine and python.machine.lower() not in _MACHINES.get(python.system, (python.machine.lower(),)):
        return tr("{} is a Python for the processor {}, for which some packages are not built: choose one for {}.").format(
            python.executable, python.machine, tr(" or ").join(_MACHINES[python.system])
        )
    return ""


def _of_wrong_version(python: BasePython) -> bool:
    return python.bits != 64 or not OLDEST <= python.version[:2] <= NEWEST


def _span() -> str:
    return tr("{}.{} to {}.{}").format(*OLDEST, *NEWEST)


def probe(executable: str) -> BasePython | None:
    """Ask an interpreter what it is; None if it does not answer like a Python 3."""
    try:
        answer = subprocess.run(
            [executable, "-c", _PROBE], env=installer_variables(), capture_output=True, timeout=30, check=True, **no_window()
        )
        record = json.loads(answer.stdout.decode("utf-8", "replace").strip().splitlines()[-1])
        return BasePython(
            record["executable"] or executable, tuple(record["version"]), record["bits"], record["complete"], record["base"],
            record["system"], record["machine"], _glibc(record["libc"]), record["musl"],
        )
    except (OSError, ValueError, KeyError, IndexError, subprocess.SubprocessError):
        return None


def find_base_python() -> tuple[BasePython | None, str]:
    """Return the best interpreter to build with, and, if there is none, one sentence about what to do."""
    incomplete: list[BasePython] = []
    refused: list[BasePython] = []
    for executable in _candidates():
        found = probe(executable)
        if found is not None and found.suitable:
            if found.complete:
                return found, ""
            incomplete.append(found)
        elif found is not None:
            refused.append(found)
    if incomplete:
        name = f"python{incomplete[0].version[0]}.{incomplete[0].version[1]}-venv"
        return None, tr(
            "The Python at {} lacks the module venv: install the package {} (Debian, Ubuntu: 'sudo apt install python3-venv') "
            "or the program uv, and run 'Set up environment' again."
        ).format(incomplete[0].executable, name)
    # what is wrong with QGIS's own says more than that nothing was found, unless it is only its age
    if refused and not _of_wrong_version(refused[0]):
        return None, why_no_wheels(refused[0])
    return None, tr(
        "No Python {} (64 bit) was found to build the environment with: install one from python.org (on Linux the package "
        "python3-venv), or the program uv, and run 'Set up environment' again."
    ).format(_span())


def _glibc(answer: list[str]) -> tuple[int, int] | None:
    """Return the version in what ``platform.libc_ver`` answered."""
    parts = answer[1].split(".")
    if answer[0] != "glibc" or len(parts) < 2 or not (parts[0].isdigit() and parts[1].isdigit()):
        return None
    return int(parts[0]), int(parts[1])


def _candidates() -> list[str]:
    """Return interpreters in the order of preference: QGIS's own, its version on the PATH, then others."""
    own = (sys.version_info.major, sys.version_info.minor)
    versions = [own, (3, 12), (3, 11), (3, 13), (3, 10), (3, 14), (3, 9)]
    names = [f"python{major}.{minor}" for major, minor in dict.fromkeys(versions)] + ["python3", "python"]
    found = [qgis_python(), *(shutil.which(name) for name in names)]
    # The alias of the Microsoft Store opens a shop window instead of a Python.
    return list(dict.fromkeys(path for path in found if path and "WindowsApps" not in path))
