"""Finding a Python to build the environment with."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass

from .child_process import no_window
from .environment import qgis_python
from .variables import installer_variables

#: Versions PyTorch has been released for within the bounds of requirements.txt.
OLDEST, NEWEST = (3, 9), (3, 14)

_PROBE = """
import json, platform, struct, sys
try:
    import ensurepip, venv
    complete = True
except ImportError:
    complete = False
print(json.dumps({"version": sys.version_info[:3], "bits": struct.calcsize("P") * 8, "complete": complete,
                  "executable": sys.executable, "base": getattr(sys, "_base_executable", sys.executable)}))
"""


@dataclass(frozen=True)
class BasePython:
    """An interpreter as it describes itself.

    Attributes:
        complete: it can make virtual environments with pip in them.
        base: the interpreter it rests on itself, if it is that of a virtual environment.
    """

    executable: str
    version: tuple[int, int, int]
    bits: int
    complete: bool
    base: str

    @property
    def suitable(self) -> bool:
        """Whether there is a PyTorch for it."""
        return self.bits == 64 and OLDEST <= self.version[:2] <= NEWEST


def probe(executable: str) -> BasePython | None:
    """Ask an interpreter what it is; None if it does not answer like a Python 3."""
    try:
        answer = subprocess.run(
            [executable, "-c", _PROBE], env=installer_variables(), capture_output=True, timeout=30, check=True, **no_window()
        )
        record = json.loads(answer.stdout.decode("utf-8", "replace").strip().splitlines()[-1])
        return BasePython(
            record["executable"] or executable, tuple(record["version"]), record["bits"], record["complete"], record["base"]
        )
    except (OSError, ValueError, KeyError, IndexError, subprocess.SubprocessError):
        return None


def find_base_python() -> tuple[BasePython | None, str]:
    """Return the best interpreter to build with, and, if there is none, one sentence about what to do."""
    incomplete: list[BasePython] = []
    for executable in _candidates():
        found = probe(executable)
        if found is not None and found.suitable:
            if found.complete:
                return found, ""
            incomplete.append(found)
    if incomplete:
        name = f"python{incomplete[0].version[0]}.{incomplete[0].version[1]}-venv"
        return None, (
            f"The Python at {incomplete[0].executable} lacks the module venv: install the package {name} "
            "(Debian, Ubuntu: 'sudo apt install python3-venv') or the program uv, and run 'Set up environment' again."
        )
    return None, (
        f"No Python {OLDEST[0]}.{OLDEST[1]} to {NEWEST[0]}.{NEWEST[1]} (64 bit) was found to build the environment with: install "
        "one from python.org (on Linux the package python3-venv), or the program uv, and run 'Set up environment' again."
    )


def _candidates() -> list[str]:
    """Return interpreters in the order of preference: QGIS's own, its version on the PATH, then others."""
    own = (sys.version_info.major, sys.version_info.minor)
    versions = [own, (3, 12), (3, 11), (3, 13), (3, 10), (3, 14), (3, 9)]
    names = [f"python{major}.{minor}" for major, minor in dict.fromkeys(versions)] + ["python3", "python"]
    found = [qgis_python(), *(shutil.which(name) for name in names)]
    # The alias of the Microsoft Store opens a shop window instead of a Python.
    return list(dict.fromkeys(path for path in found if path and "WindowsApps" not in path))
