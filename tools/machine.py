"""Find or install what this project runs on: QGIS, a profile with the plugin in it, the worker's Python environment.

Standard library only; any Python from 3.9 on. Used by ``demo.py`` and ``test.py``. Nothing outside the checkout is changed but
Debian packages (root only) and the environment the plugin makes for itself in the user's cache.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
#: ``qgis_process`` draws its progress (0...10...20) in front of whatever comes next.
_PROGRESS_DOTS = re.compile(r"^[.\d]*\.*(?=[A-Za-z])")
DEBIAN_PACKAGES = ["qgis", "python3-qgis", "qgis-providers", "xvfb", "xauth", "python3-venv"]
#: What the tests of database layers run on; each test session starts a server of its own and stops it.
TEST_PACKAGES = ["postgresql", "postgresql-postgis", "postgis"]


def say(text: str) -> None:
    """Print a line at once, so that it stands before what a child process prints."""
    print(text, flush=True)


def fail(text: str) -> None:
    """End with one sentence."""
    sys.exit(f"\n{text}")


def qgis_process() -> str | None:
    """Return the ``qgis_process`` program; Debian's is a wrapper that its own program refuses, so the program comes first."""
    return os.environ.get("QGIS_PROCESS") or shutil.which("qgis_process.bin") or shutil.which("qgis_process")


def qgis_python() -> str | None:
    """Return a Python that can import QGIS's Python modules."""
    candidates = [os.environ.get("QGIS_PYTHON"), "/usr/bin/python3", shutil.which("python3")]
    for python in filter(None, candidates):
        if _runs([python, "-c", "import qgis.core"]):
            return python
    return None


def _runs(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, env=qgis_environment(), check=False).returncode == 0


def qgis_environment() -> dict[str, str]:
    """Return the environment QGIS runs in: no screen, a profile of its own, the plugin from this checkout."""
    program = qgis_process()
    # QGIS takes its Python modules from the first python3 on the PATH, which another Python (pyenv, conda) may hide
    path = os.pathsep.join(filter(None, [str(Path(program).parent) if program else "", os.environ.get("PATH", "")]))
    return {
        **os.environ,
        "PATH": path,
        "QT_QPA_PLATFORM": "offscreen",
        "QGIS_CUSTOM_CONFIG_PATH": str(BUILD / "profile"),
        "QGIS_PLUGINPATH": str(BUILD / "plugins"),
        "XDG_RUNTIME_DIR": os.environ.get("XDG_RUNTIME_DIR", str(BUILD / "runtime")),
        "PIP_CONSTRAINT": str(ROOT / "constraints.txt"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def ensure_qgis() -> tuple[str, str]:
    """Return ``qgis_process`` and QGIS's Python, installing QGIS where that is possible without asking."""
    _make_folders()
    if not (qgis_process() and qgis_python()):
        _install_debian_packages()
    program, python = qgis_process(), qgis_python()
    if not (program and python):
        fail(
            "QGIS was not found: install QGIS 3.22 or newer with its Python modules, or set QGIS_PROCESS and QGIS_PYTHON "
            "to its qgis_process program and its Python."
        )
    assert program and python
    if not _runs([python, "-c", "import venv, ensurepip"]):
        _install_debian_packages()
    say(f"QGIS: {program}, Python {python}")
    return program, python


def ensure_postgis() -> None:
    """Install PostgreSQL with PostGIS for the tests where that is possible without asking; else say that tests are left out."""
    if shutil.which("raster2pgsql") and postgres_programs():
        return
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        _apt_install(apt, "PostGIS", TEST_PACKAGES)
    else:
        say(
            "PostgreSQL with PostGIS was not found, so the tests of database layers are left out; to run them, on Debian: "
            f"sudo apt-get install --no-install-recommends {' '.join(TEST_PACKAGES)}"
        )


def postgres_programs() -> Path | None:
    """Return the folder with ``initdb`` and ``pg_ctl``, which Debian keeps off the PATH; None if there is none."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").is_file() and (folder / "pg_ctl").is_file()), None)


def _install_debian_packages() -> None:
    apt = shutil.which("apt-get")
    command = f"apt-get install --no-install-recommends {' '.join(DEBIAN_PACKAGES)}"
    if not apt:
        fail("QGIS was not found, and this is no Debian or Ubuntu: install QGIS 3.22 or newer from qgis.org and run again.")
    if os.geteuid() != 0:
        fail(f"QGIS or python3-venv is missing and only root may install it: run 'sudo {command}' and then this again.")
    assert apt
    _apt_install(apt, "QGIS", DEBIAN_PACKAGES)


def _apt_install(apt: str, what: str, packages: list[str]) -> None:
    say(f"Installing {what}: apt-get install --no-install-recommends {' '.join(packages)}")
    BUILD.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", *packages]):
        log = BUILD / f"apt-{arguments[0]}.log"
        with log.open("wb") as output:
            code = subprocess.call([apt, *arguments], env=environment, stdout=output, stderr=subprocess.STDOUT)
        if code != 0:
            fail(f"apt-get {arguments[0]} failed, see {log}.")


def _make_folders() -> None:
    for folder in (BUILD / "plugins", BUILD / "profile", BUILD / "runtime"):
        folder.mkdir(parents=True, exist_ok=True)
    (BUILD / "runtime").chmod(0o700)
    link = BUILD / "plugins" / "roadsmith"
    if not link.is_symlink():
        link.symlink_to(ROOT, target_is_directory=True)


def enable_plugin(program: str) -> None:
    """Switch the plugin on in the build profile."""
    command = [program, "plugins", "enable", "roadsmith"]
    result = subprocess.run(command, env=qgis_environment(), capture_output=True, text=True, check=False)
    if result.returncode != 0 and "already enabled" not in result.stdout + result.stderr:
        fail(f"The plugin could not be enabled: {result.stdout}{result.stderr}")


def ensure_worker_python(program: str) -> str:
    """Return the Python the plugin found or, by its own set-up algorithm, made for its worker."""
    enable_plugin(program)
    results = run_algorithm(program, "setupenvironment", {})
    return results["INTERPRETER"]


def run_algorithm(program: str, name: str, parameters: dict[str, object]) -> dict[str, str]:
    """Run an algorithm (or a .model3 file) through ``qgis_process``, passing its log on; return its results as text."""
    algorithm = name if name.endswith(".model3") else f"roadsmith:{name}"
    command = [program, "run", algorithm, "--", *(f"{key}={value}" for key, value in parameters.items())]
    results: dict[str, str] = {}
    in_results = False
    with subprocess.Popen(
        command, env=qgis_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as process:
        assert process.stdout is not None
        for raw_line in process.stdout:
            line = _PROGRESS_DOTS.sub("", raw_line)
            in_results = in_results or line.startswith("Results")
            name_of_result, separator, value = line.partition(":\t")
            if in_results and separator:
                results[name_of_result.strip()] = value.strip()
            elif not in_results and _worth_showing(line):
                say(f"    {line.rstrip()}")
    if process.returncode != 0 or not in_results:
        fail(f"{algorithm} failed, see above.")
    return results


def _worth_showing(line: str) -> bool:
    """Whether a line of ``qgis_process`` is the algorithm's own, not a parameter, a row of dots or the program's small talk."""
    noise = ("Problem with GRASS", "QStandardPaths", "Logged warning", "libEGL", "propagateSize", "----", "Inputs", "<string>")
    is_parameter = re.match(r"[A-Z_]+:\t", line) is not None
    return bool(line.strip(" .\n0123456789")) and not is_parameter and not line.startswith(noise) and "- done." not in line
