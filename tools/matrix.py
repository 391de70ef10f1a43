"""Run the tests of the QGIS side in other versions of QGIS, each in a Debian of its own under ``build/chroots``.

    make test-matrix [VERSIONS="3.40 3.44"]

QGIS 3.40 is Debian 13's (trixie), 3.44 that of the next one (forky); QGIS 3.22 is what ``make test`` runs in on Debian 12. Each
needs root, ``debootstrap``, three to four gigabytes and five minutes the first time. The worker's packages are Debian's too,
built on the same GDAL as QGIS: these tests also show that QGIS's own Python may be the worker's.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from machine import BUILD, ROOT, fail, say

CHROOTS = Path(os.environ.get("ROADSMITH_CHROOTS", BUILD / "chroots"))
MIRROR = os.environ.get("DEBIAN_MIRROR", "http://deb.debian.org/debian")
#: QGIS's version: Debian's name.
SUITES = {"3.40": "trixie", "3.44": "forky"}
PACKAGES = [
    "qgis", "python3-qgis", "qgis-providers", "xvfb", "xauth", "python3-venv", "python3-pytest", "python3-hypothesis",
    "python3-torch", "python3-rasterio", "python3-skimage", "python3-shapely", "python3-scipy", "python3-pyproj",
    "python3-pyogrio", "python3-matplotlib", "python3-safetensors",
]
TESTS = [
    "tests/plugin", "tests/processing_provider", "tests/test_two_sides.py",
    # they want no environment to be found, and here QGIS's own Python is one
    "--ignore=tests/processing_provider/test_setup_environment.py",
]


def chroot_of(suite: str) -> Path:
    """Return the folder of a Debian with QGIS, made if it is not there."""
    folder = CHROOTS / suite
    complete = folder / "roadsmith-complete"
    if complete.is_file() and complete.read_text(encoding="utf-8") == " ".join(PACKAGES):
        return folder
    debootstrap = shutil.which("debootstrap") or "/usr/sbin/debootstrap"
    if os.geteuid() != 0 or not Path(debootstrap).exists():
        fail("Other versions of QGIS are tested as root with debootstrap: sudo apt-get install debootstrap, and run as root.")
    if not (folder / "etc" / "debian_version").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        scripts = Path("/usr/share/debootstrap/scripts")
        script = [] if (scripts / suite).exists() else [str(scripts / "sid")]
        say(f"\n== Debian {suite} into {folder}")
        call(["debootstrap", "--variant=minbase", suite, str(folder), MIRROR, *script], CHROOTS / f"{suite}-debootstrap.log")
    say(f"== QGIS and the worker's packages into {folder}")
    # mirrors inside organisations lag behind; signatures are checked all the same
    update = "apt-get -o Acquire::Check-Valid-Until=false update -q"
    for command in (update, f"apt-get install -q -y --no-install-recommends {' '.join(PACKAGES)}"):
        call(inside(folder, f"DEBIAN_FRONTEND=noninteractive {command}"), CHROOTS / f"{suite}-apt.log")
    complete.write_text(" ".join(PACKAGES), encoding="utf-8")
    return folder


def call(command: list[str], log: Path) -> None:
    """Run a command; end here if it fails."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as file:
        code = subprocess.call(command, stdout=file, stderr=subprocess.STDOUT)
    if code != 0:
        fail(f"{command[0]} failed, see {log}.")


def inside(folder: Path, command: str) -> list[str]:
    """Return a command that runs ``command`` in the chroot, with this checkout under its own path.

    The mounts belong to that process alone and end with it.
    """
    target = shlex.quote(f"{folder}{ROOT}")
    mounts = "; ".join([
        "set -e", f"mkdir -p {target}", f"mount --bind {shlex.quote(str(ROOT))} {target}",
        *(f"mount --rbind /{name} {shlex.quote(str(folder / name))}" for name in ("proc", "dev")),
        f"exec chroot {shlex.quote(str(folder))} /bin/sh -c {shlex.quote(command)}",
    ])
    return ["unshare", "--mount", "/bin/sh", "-c", mounts]


def run_tests(folder: Path) -> bool:
    """Run the tests of the QGIS side in the chroot; return whether all passed."""
    plugins = "/tmp/roadsmith-plugins"
    root = shlex.quote(str(ROOT))
    command = (
        f"rm -rf {plugins}; mkdir -p {plugins} -m 700 /tmp/roadsmith-runtime; ln -s {root} {plugins}/roadsmith; cd {root}; "
        "export HOME=/root LC_ALL=C.UTF-8 QT_QPA_PLATFORM=offscreen PYTHONDONTWRITEBYTECODE=1 "
        f"QGIS_PLUGINPATH={plugins} QGIS_CUSTOM_CONFIG_PATH=/tmp/roadsmith-profile XDG_RUNTIME_DIR=/tmp/roadsmith-runtime "
        "ROADSMITH_PYTHON=/usr/bin/python3 QGIS_PROCESS=$(command -v qgis_process.bin || command -v qgis_process); "
        "$QGIS_PROCESS plugins enable roadsmith; "
        f"/usr/bin/python3 -m pytest -q -p no:cacheprovider {' '.join(TESTS)}"
    )
    return subprocess.call(inside(folder, command)) == 0


def main() -> None:
    """Run the tests in every version asked for."""
    versions = sys.argv[1:] or list(SUITES)
    unknown = [each for each in versions if each not in SUITES]
    if unknown:
        fail(f"There is no QGIS {unknown[0]} here: choose of {', '.join(SUITES)}.")
    failed = []
    for version in versions:
        folder = chroot_of(SUITES[version])
        say(f"\n== QGIS {version}")
        failed += [] if run_tests(folder) else [version]
    if failed:
        fail(f"QGIS {' and '.join(failed)}: failed, see above.")
    say(f"\nQGIS {' and '.join(versions)}: passed.")


if __name__ == "__main__":
    main()
