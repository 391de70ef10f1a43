"""A user's first minutes: a bare QGIS, the zip, set-up, roads of the sample; nothing else is done."""

import importlib.util
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
IMAGERY = ROOT / "examples" / "data" / "massachusetts_suburb.tif"
CACHE = "Ümgebung mit Raum"
#: As in the docs: what a road layer has.
FIELDS = {
    "edge_id", "from_node", "to_node", "component_id", "length_m", "width_m", "mean_probability", "min_probability", "bridged",
    "possible_bridge", "road_class",
}


def qgis_window():
    """Return the command for QGIS's window, whose program lies beside ``qgis_process``, on a screen that nobody sees."""
    process = Path(shutil.which(os.environ["QGIS_PROCESS"]) or os.environ["QGIS_PROCESS"])
    program, screen = process.with_name(process.name.replace("_process", "")), shutil.which("xvfb-run")
    if not program.is_file() or not (screen or os.environ.get("DISPLAY")):
        pytest.skip(f"a window of QGIS needs {program} and xvfb-run")  # without a screen 3.22 looks at no clipboard and dies
    return [*([screen, "-a"] if screen else []), str(program)]


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """The folders of a user whose QGIS was never started; with the environment 1.5 GB that are removed afterwards."""
    folder = tmp_path_factory.mktemp("first_use")
    for name in ("home", "profile", "runtime"):
        (folder / name).mkdir(mode=0o700)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def seen(bare):
    """What happened in QGIS's window: see ``first_use_script.py``."""
    spec = importlib.util.spec_from_file_location("roadsmith_package_tool", ROOT / "tools" / "package.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    (bare / "constraints.txt").write_text("torch==2.13.0\n")
    task = {"zip": str(tool.build(bare / "roadsmith.zip")), "imagery": str(IMAGERY)}
    task.update(roads=str(bare / "roads.gpkg"), answer=str(bare / "answer.json"))
    dropped = ("QGIS_PLUGINPATH", "QT_QPA_PLATFORM", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")
    environment = {
        **{name: value for name, value in os.environ.items() if name not in dropped},
        "HOME": str(bare / "home"), "XDG_RUNTIME_DIR": str(bare / "runtime"), "QGIS_CUSTOM_CONFIG_PATH": str(bare / "profile"),
        "ROADSMITH_PYTHON": "", "ROADSMITH_HOME": str(bare / CACHE), "PIP_CONSTRAINT": str(bare / "constraints.txt"),
        "ROADSMITH_FIRST_USE": json.dumps(task),
    }
    command = [*qgis_window(), "--nologo", "--noversioncheck", "--code", str(Path(__file__).with_name("first_use_script.py"))]
    with (bare / "qgis.log").open("wb") as log:
        code = subprocess.run(
            command, env=environment, cwd=bare, stdout=log, stderr=subprocess.STDOUT, timeout=540, check=False
        ).returncode
    printed = (bare / "qgis.log").read_text(errors="replace")[-3000:]
    assert Path(task["answer"]).is_file(), f"QGIS ended with {code} before it was done: {printed}"
    seen = json.loads(Path(task["answer"]).read_text(encoding="utf-8"))
    assert not seen["failure"] and code == 0, f"{seen['failure']}\n{printed}"
    return seen


def test_the_zip_is_installed_into_an_empty_profile_and_nothing_is_asked(seen, bare):
    assert seen["active"] and seen["enabled"]
    assert Path(seen["file"]).is_relative_to(bare / "profile")
    assert seen["dialogs"] == []


def test_set_up_builds_an_environment_that_works(seen, bare):
    """Really from the package index, into a folder with a space and an umlaut, with variables that lead pip and Python astray."""
    outputs, log, folder = seen["setup"]["results"], seen["setup"]["log"], bare / CACHE / "environment"
    assert outputs["ENVIRONMENT"] == str(folder) and Path(outputs["INTERPRETER"]).is_relative_to(folder)
    stamp = json.loads((folder / "roadsmith-environment.json").read_text())
    assert stamp["packages"]["torch"].startswith("2.13.0")  # the user's constraint was respected
    assert Path(stamp["base_python"]).exists()
    assert stamp["packages"]["torch"] in log and " GB)" in log and "Done in" in log
    assert not (bare / CACHE / "scratch").exists()


def test_a_complete_environment_is_only_tested(seen):
    first, again = seen["setup"], seen["setupenvironment"]
    assert {**again["results"], "REPORT": ""} == {**first["results"], "REPORT": ""}  # with other seconds
    assert "up to date" in again["log"] and "pip install" not in again["log"] and "pip install" in first["log"]
    assert again["seconds"] < 30


def test_roads_come_out_of_the_imagery_alone(seen, bare):
    """Of 512 × 512 m of a suburb; the middle of its known roads is a line of 4431 pixels of a metre, diagonal steps as one."""
    roads, facts = seen["roads"], seen["extractroads"]["results"]
    assert roads["source"].split("|")[0] == str(bare / "roads.gpkg")
    assert set(roads["fields"]) >= FIELDS
    assert roads["crs"] == "EPSG:26986" and len(roads["lengths_m"]) == facts["EDGE_COUNT"] > 20
    assert sum(roads["lengths_m"]) / 1000 == pytest.approx(facts["LENGTH_KM"], rel=0.01)
    assert 3 < facts["LENGTH_KM"] < 6
    west, south, east, north = roads["extent"]
    assert 229_990 < west < east < 230_522 and 899_990 < south < north < 900_522
