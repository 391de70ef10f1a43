"""Finding the Python that runs the worker. Instant: nothing is started and nothing is imported."""

from __future__ import annotations

import hashlib
import importlib.machinery
import json
import os
import re
import shutil
import site
import sys
import sysconfig
from dataclasses import asdict, dataclass, field
from pathlib import Path

from .settings import read_options
from .translation import tr

#: The variable that names an interpreter to use; it goes before the one in the options.
SETTING = "ROADSMITH_PYTHON"
#: The variable that moves the plugin's own environment elsewhere.
HOME_VARIABLE = "ROADSMITH_HOME"
REQUIREMENTS = Path(__file__).with_name("requirements.txt")

_STAMP_FORMAT = 1
_STAMP_NAME = "roadsmith-environment.json"


@dataclass(frozen=True)
class Environment:
    """An interpreter that has what the worker needs.

    Attributes:
        python: path of the interpreter.
        source: ``setting`` (the user named it), ``own`` (the plugin built it) or ``qgis`` (QGIS's own Python).
    """

    python: str
    source: str = "setting"


@dataclass(frozen=True)
class Stamp:
    """What the set-up writes, last of all, into an environment that was built and tested."""

    requirements: str
    python: str
    base_python: str
    accelerator: str
    device: str
    packages: dict[str, str] = field(default_factory=dict)
    format: int = _STAMP_FORMAT


def find_environment() -> Environment | None:
    """Return the interpreter to use: the one the user named, the plugin's own, QGIS's; None if none will do."""
    return _look()[0]


def missing_environment() -> str:
    """Return one sentence about why there is no environment and how to get one; empty if there is one."""
    return _look()[1]


def why_missing() -> str:
    """Return the same without the advice, for where a button stands beside it."""
    return re.split(r"(?<=\.) (?=[A-Z])", missing_environment())[0]


def home_folder() -> Path:
    """Return the folder for what the plugin builds, outside the plugin folder, which an update deletes."""
    if os.environ.get(HOME_VARIABLE):
        return Path(os.environ[HOME_VARIABLE]).expanduser().absolute()
    chosen = read_options().cache_folder
    if chosen:
        return Path(chosen).expanduser().absolute()
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return (Path(local) if local else Path.home() / "AppData" / "Local") / "roadsmith"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "roadsmith"
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "roadsmith"


def own_environment_folder() -> Path:
    """Return the folder of the environment the plugin builds."""
    return home_folder() / "environment"


def environment_python(folder: Path) -> Path:
    """Return the interpreter of a virtual environment."""
    return folder / "Scripts" / "python.exe" if sys.platform == "win32" else folder / "bin" / "python"


def requirements_hash() -> str:
    """Return a fingerprint of the package list, which a plugin update may change."""
    return hashlib.sha256("\n".join(required_distributions()).encode()).hexdigest()


def required_distributions() -> list[str]:
    """Return the lines of the package list, such as ``numpy>=1.24,<3``."""
    lines = (line.split("#")[0].strip() for line in REQUIREMENTS.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]


def required_modules() -> list[str]:
    """Return the names under which the required packages are imported."""
    names = [line.split(">")[0].split("<")[0].split("=")[0].strip() for line in required_distributions()]
    return ["skimage" if name == "scikit-image" else name for name in names]


def write_stamp(folder: Path, stamp: Stamp) -> None:
    """Mark the environment in ``folder`` as complete."""
    partial = folder / f"{_STAMP_NAME}~"
    partial.write_text(json.dumps(asdict(stamp), indent=2), encoding="utf-8")
    partial.replace(folder / _STAMP_NAME)


def remove_stamp(folder: Path) -> None:
    """Mark the environment in ``folder`` as not to be used."""
    if (folder / _STAMP_NAME).exists():
        (folder / _STAMP_NAME).unlink()


def read_stamp(folder: Path) -> Stamp | None:
    """Return the stamp of the environment in ``folder``, None if it has none that this version understands."""
    try:
        record = json.loads((folder / _STAMP_NAME).read_text(encoding="utf-8"))
        stamp = Stamp(**record)
    except (OSError, ValueError, TypeError):
        return None
    return stamp if stamp.format == _STAMP_FORMAT else None


def qgis_python() -> str | None:
    """Return the interpreter of the Python inside QGIS, None if it has none.

    ``sys.executable`` is no help: it is QGIS itself on Windows and macOS, and whatever is first on the PATH on Linux.
    """
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    for prefix in dict.fromkeys((sys.exec_prefix, sys.base_exec_prefix)):
        folder = Path(prefix)
        if sys.platform == "win32":
            candidates = [folder / "python.exe", folder / "python3.exe"]
        else:
            candidates = [folder / "bin" / f"python{version}", folder / "bin" / "python3"]
        for path in candidates:
            # A plain "python3" may lead to another version than the one QGIS runs.
            if path.is_file() and (sys.platform == "win32" or path.resolve().name.endswith(version)):
                return str(path)
    return None


def named_python() -> tuple[str, str]:
    """Return the interpreter that the user named and where, both empty if none was."""
    if os.environ.get(SETTING):
        return os.environ[SETTING], tr("the variable {}").format(SETTING)
    named = read_options().interpreter
    return (named, tr("Settings > Options > Roadsmith")) if named else ("", "")


def _look() -> tuple[Environment | None, str]:
    named, where = named_python()
    if named:
        python = shutil.which(str(Path(named).expanduser()))
        if python:
            return Environment(python, "setting"), ""
        sentence = tr("There is no Python at {}, which {} names: correct it, or remove it and run 'Set up environment'.")
        return None, sentence.format(named, where)
    folder = own_environment_folder()
    reason = why_not_usable(folder)
    if not reason:
        return Environment(str(environment_python(folder)), "own"), ""
    python = _qgis_python_with_packages()
    return (Environment(python, "qgis"), "") if python else (None, reason)


def why_not_usable(folder: Path) -> str:
    """Return why the environment in ``folder`` cannot be used and what to do, empty if it can."""
    stamp = read_stamp(folder)
    if stamp is None:
        return tr("Roadsmith needs a Python environment with PyTorch, and there is none yet. Run 'Set up environment' (toolbox, "
                  "Roadsmith, Setup), or name a Python in Settings > Options > Roadsmith.")
    if stamp.requirements != requirements_hash():
        sentence = tr("Roadsmith was updated and its Python environment in {} is too old. Run 'Set up environment' again.")
        return sentence.format(folder)
    # A virtual environment dies with the Python it was made from, which an update of QGIS may remove.
    if not environment_python(folder).exists() or not Path(stamp.base_python).exists():
        sentence = tr("The Python that the environment in {} was built with is gone. Run 'Set up environment' again.")
        return sentence.format(folder)
    return ""


def environment_state(folder: Path) -> str:
    """Return in a few words what is in ``folder``: for the plan of a set-up and for the diagnostics report."""
    if not folder.exists():
        return tr("no environment")
    stamp = read_stamp(folder)
    if stamp is None:
        return tr("an environment that was never completed; it will be built anew, with what was downloaded")
    if why_not_usable(folder):
        return tr("an environment that cannot be used any more, for {}, Python {}").format(stamp.accelerator, stamp.python)
    torch = stamp.packages.get("torch", "?")
    return tr("a complete environment for {}, Python {}, PyTorch {}").format(stamp.accelerator, stamp.python, torch)


def _qgis_python_with_packages() -> str | None:
    python = qgis_python()
    if python is None:
        return None
    # Only the places that this Python sees when started alone, without what QGIS adds for its plugins.
    paths = [*site.getsitepackages(), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    if site.ENABLE_USER_SITE:
        paths.append(site.getusersitepackages())
    paths = list(dict.fromkeys(paths))
    found = all(importlib.machinery.PathFinder.find_spec(name, paths) is not None for name in required_modules())
    return python if found else None
