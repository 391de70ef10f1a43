"""The environment variables a child process gets: QGIS's own, less those that would lead another Python astray.

QGIS's variables are never changed; every child gets a cleaned copy.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

#: QGIS or the IT department point these at QGIS's own Python, libraries and databases; a wheel brings its own.
_LIBRARIES = (
    "PYTHONHOME",
    "PYTHONPATH",
    "PROJ_LIB",
    "PROJ_DATA",
    "GDAL_DATA",
    "GDAL_DRIVER_PATH",
    "LD_LIBRARY_PATH",
    "LD_PRELOAD",
)
#: These change how any Python starts, and none of them was meant for the worker.
_STARTUP = ("PYTHONSTARTUP", "PYTHONINSPECT", "PYTHONDEBUG", "PYTHONOPTIMIZE", "PYTHONEXECUTABLE", "PYTHONWARNINGS",
            "__PYVENV_LAUNCHER__", "VIRTUAL_ENV")
#: Where pip may have been told to install to, instead of the environment that is being built.
_PIP_TARGETS = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIRE_VIRTUALENV", "PIP_PYTHON", "PIP_NO_DEPS",
                "PIP_DRY_RUN", "PIP_REQUIREMENT", "PIP_EDITABLE")
_UTF8 = {"PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}


def worker_variables(qgis_python: bool = False, user_site: bool = False) -> dict[str, str]:
    """Return the variables for a worker.

    Args:
        qgis_python: the interpreter is QGIS's own, whose packages need the very libraries and data QGIS is set up with.
        user_site: packages the user installed with ``pip --user`` belong to the interpreter.
    """
    if qgis_python:
        variables = _without(_STARTUP, ("QT_", "PIP_"))
    else:
        variables = _without((*_LIBRARIES, *_STARTUP), ("QT_", "PIP_", "DYLD_"))
    variables.update(_UTF8, PYTHONSAFEPATH="1")
    # threads that wait for each other sleep: spinning, they take the cores from those they wait for wherever something else runs
    variables.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    if not (qgis_python or user_site):
        variables["PYTHONNOUSERSITE"] = "1"
    return variables


def installer_variables() -> dict[str, str]:
    """Return the variables for building an environment: pip's own settings (proxy, index, constraints) are kept."""
    variables = _without((*_LIBRARIES, *_STARTUP, *_PIP_TARGETS), ("QT_", "DYLD_"))
    variables.update(_UTF8, PYTHONNOUSERSITE="1", PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INPUT="1")
    # uv trusts its own certificates only by default, which fail behind an inspecting proxy; pip asks the system since 24.2
    variables.setdefault("UV_SYSTEM_CERTS", "true")
    return variables


def _without(names: Iterable[str], prefixes: tuple[str, ...]) -> dict[str, str]:
    dropped = set(names)
    return {name: value for name, value in os.environ.items() if name not in dropped and not name.startswith(prefixes)}
