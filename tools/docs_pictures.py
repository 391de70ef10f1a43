"""Every picture in ``docs/images/steps``, from the real program: QGIS is started, driven through the work, and looked at.

    python3 tools/docs_pictures.py [FOLDER]

FOLDER receives the pictures instead of ``docs/images/steps``, for a look at another version of QGIS (see ``matrix.py``). Needs
QGIS and Xvfb, and the worker's environment, which it makes if there is none. Everything is really run: export, preview, training,
classification, vectorising, evaluation, on the sample in ``examples/data``. QGIS has a profile and a home of its own in a folder
with a short name, so that the pictures show no one's paths.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from machine import BUILD, ROOT, ensure_qgis, ensure_worker_python, fail, qgis_environment, say
from package import build

TOWN = Path(tempfile.gettempdir()) / "town"
TARGET = Path(sys.argv[1]).absolute() if len(sys.argv) > 1 else ROOT / "docs" / "images" / "steps"
#: The pictures as they were taken, and the logs.
RAW = BUILD / "pictures" / TARGET.name
_MARK = ".roadsmith-tour"
#: Longest time of the tour, seconds; on two busy cores it takes some six minutes, beside other heavy work half an hour.
_LIMIT = 3600


def main() -> None:
    """Make the pictures."""
    started = time.monotonic()
    program, _ = ensure_qgis()
    worker = Path(os.environ.get("ROADSMITH_PYTHON") or ensure_worker_python(program))
    qgis, xvfb = shutil.which("qgis", path=qgis_environment()["PATH"]), shutil.which("xvfb-run")
    if not (qgis and xvfb):
        fail("QGIS or xvfb-run was not found: on Debian, apt-get install qgis xvfb xauth.")
    assert qgis and xvfb
    _prepare_folders()
    environment = _environment(program, worker)
    for plugin in ("processing", "roadsmith"):
        command = [program, "plugins", "enable", plugin]
        subprocess.run(command, env={**environment, "QT_QPA_PLATFORM": "offscreen"}, capture_output=True, check=False)
    command = [xvfb, "-a", "-s", "-screen 0 1400x1000x24", qgis, "--nologo", "--noversioncheck", "--code",
               str(ROOT / "tools" / "pictures" / "tour.py")]
    with (RAW / "qgis.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            process.wait(_LIMIT)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGTERM)  # the screen, QGIS and its worker
            fail(f"The tour took longer than {_LIMIT} s, see {RAW}/tour.log and {RAW}/qgis.log.")
    log_text = (RAW / "tour.log").read_text(encoding="utf-8") if (RAW / "tour.log").is_file() else ""
    say(log_text)
    if not log_text.rstrip().endswith("The end."):
        fail(f"The tour did not come to its end, see {RAW}/tour.log and {RAW}/qgis.log.")
    TARGET.mkdir(parents=True, exist_ok=True)
    if subprocess.call([str(worker), str(ROOT / "tools" / "pictures" / "shrink.py"), str(RAW), str(TARGET)]) != 0:
        fail("The pictures could not be made small, see above.")
    say(f"Done in {(time.monotonic() - started) / 60:.1f} minutes. Look at every picture in {TARGET} before you keep it.")


def _prepare_folders() -> None:
    """Make the folder the tour works in, and put the sample there."""
    if TOWN.exists() and not (TOWN / _MARK).is_file():
        fail(f"{TOWN} is there already and was not made by this program: move it away and run again.")
    for folder in (TOWN, RAW):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    (TOWN / _MARK).touch()
    for name in ("runtime", "tmp"):
        (TOWN / ".home" / name).mkdir(parents=True, mode=0o700)
    data = ROOT / "examples" / "data"
    for name in ("massachusetts_suburb.tif", "swellendam_orthophoto.tif", "swellendam_roads.fgb"):
        shutil.copyfile(data / name, TOWN / name)
    with zipfile.ZipFile(build(RAW / "roadsmith.zip")) as archive:  # as users have it
        archive.extractall(TOWN / ".home" / "plugins")


def _environment(program: str, worker: Path) -> dict[str, str]:
    """Return the variables of a QGIS that knows nothing of this computer's user but the worker's environment."""
    home = TOWN / ".home"
    variables = {key: value for key, value in qgis_environment().items()
                 if key not in ("QT_QPA_PLATFORM", "ROADSMITH_PYTHON") and not key.startswith("XDG_")}
    own = worker.parent.parent.parent
    is_own = (own / "environment" / "roadsmith-environment.json").is_file()
    return {
        **variables,
        "HOME": str(home), "QGIS_CUSTOM_CONFIG_PATH": str(home / "profile"), "QGIS_PLUGINPATH": str(home / "plugins"),
        "XDG_RUNTIME_DIR": str(home / "runtime"), "LC_ALL": "C.UTF-8",
        # of its own: QGIS marks every layer that lies in the folder for temporary files
        "TMPDIR": str(home / "tmp"),
        # threads that wait for each other take no time from other programs, nor from the picture on the screen
        "OMP_WAIT_POLICY": "PASSIVE",
        "ROADSMITH_TOUR_TOOLS": str(ROOT / "tools"), "ROADSMITH_TOUR_PICTURES": str(RAW), "ROADSMITH_TOUR_TOWN": str(TOWN),
        "ROADSMITH_TOUR_ENVIRONMENT": str(own) if is_own else "",
    }


if __name__ == "__main__":
    main()
