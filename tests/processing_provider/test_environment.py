"""Which Python is found, and what is said when there is none. The homes are made up; nothing is built or started."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from roadsmith.processing_provider import accelerators, base_python, environment, environment_lock
from roadsmith.processing_provider.accelerators import Gpu, choose_build, parse_gpu
from roadsmith.processing_provider.environment import Environment, Stamp
from roadsmith.processing_provider.settings import PREFIX, Options, write_options

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def nobody_home(tmp_path, monkeypatch, qgis_app):
    """An empty home, no interpreter named, and a QGIS without the packages."""
    from qgis.core import QgsSettings

    QgsSettings().remove(PREFIX)
    monkeypatch.delenv(environment.SETTING, raising=False)
    monkeypatch.setenv(environment.HOME_VARIABLE, str(tmp_path / "home"))
    monkeypatch.setattr(environment, "required_modules", lambda: ["no_such_package"])
    yield
    QgsSettings().remove(PREFIX)


@pytest.fixture
def own(tmp_path):
    """A complete environment, as far as anyone can see."""
    folder = environment.own_environment_folder()
    python = environment.environment_python(folder)
    python.parent.mkdir(parents=True)
    python.write_text("")
    base = tmp_path / "base"
    base.write_text("")
    environment.write_stamp(folder, Stamp(environment.requirements_hash(), "3.11.2", str(base), "cpu", "CPU"))
    return folder


def executable(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_none_says_how_to_get_one():
    assert environment.find_environment() is None
    sentence = environment.missing_environment()
    assert "Set up environment" in sentence
    assert sentence.count("\n") == 0


def test_own_environment_is_found(own):
    assert environment.find_environment() == Environment(str(environment.environment_python(own)), "own")
    assert environment.missing_environment() == ""


def test_the_variable_comes_before_the_setting_and_the_setting_before_our_own(own, tmp_path, monkeypatch):
    first, second = executable(tmp_path / "first python" / "python"), executable(tmp_path / "zweites" / "python")
    write_options(Options(interpreter=str(second)))
    assert environment.find_environment() == Environment(str(second), "setting")
    monkeypatch.setenv(environment.SETTING, str(first))
    assert environment.find_environment() == Environment(str(first), "setting")


def test_a_named_python_that_is_gone_is_no_reason_to_take_another_silently(own, monkeypatch):
    monkeypatch.setenv(environment.SETTING, "/gone/python")
    assert environment.find_environment() is None
    assert "/gone/python" in environment.missing_environment()
    assert environment.SETTING in environment.missing_environment()


def test_a_half_built_environment_is_none(own):
    environment.remove_stamp(own)
    assert environment.environment_python(own).exists()
    assert environment.find_environment() is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 1}', '{"format": 99, "x": 1}', "null"])
def test_a_damaged_stamp_is_none(own, content):
    next(own.glob("*.json")).write_text(content)
    assert environment.find_environment() is None


def test_a_plugin_update_asks_for_a_new_set_up(own):
    stamp = next(own.glob("*.json"))
    record = json.loads(stamp.read_text())
    record["requirements"] = "older"
    stamp.write_text(json.dumps(record))
    assert environment.find_environment() is None
    assert "again" in environment.missing_environment()


def test_an_environment_whose_base_is_gone_is_none(own, tmp_path):
    (tmp_path / "base").unlink()
    assert environment.find_environment() is None
    assert "gone" in environment.missing_environment()


def test_qgis_own_python_serves_if_it_has_the_packages(monkeypatch):
    monkeypatch.setattr(environment, "required_modules", lambda: ["sysconfig_of_none", "json"])
    assert environment.find_environment() is None
    monkeypatch.setattr(environment, "required_modules", lambda: ["numpy"])
    found = environment.find_environment()
    assert found.source == "qgis"
    answer = subprocess.check_output([found.python, "-c", "import sys; print(sys.version_info[:2])"], text=True)
    assert answer.strip() == str(sys.version_info[:2])


def test_looking_imports_and_starts_nothing(own, monkeypatch):
    monkeypatch.setattr(environment, "required_modules", lambda: ["torch", "rasterio"])
    monkeypatch.setattr(subprocess, "Popen", None)
    environment.remove_stamp(own)
    before = dict(os.environ)
    started = time.monotonic()
    for _ in range(20):
        environment.missing_environment()
    assert (time.monotonic() - started) / 20 < 0.05
    assert "torch" not in sys.modules
    assert dict(os.environ) == before


def test_the_state_of_a_folder_in_words(own):
    assert environment.environment_state(own.parent / "none") == "no environment"
    assert environment.environment_state(own).startswith("a complete environment for cpu, Python 3.11.2")
    environment.remove_stamp(own)
    assert "never completed" in environment.environment_state(own)


def test_the_cache_folder_of_the_options_moves_the_environment_and_the_variable_goes_before_it(monkeypatch, tmp_path):
    write_options(Options(cache_folder=str(tmp_path / "elsewhere")))
    assert environment.home_folder() == tmp_path / "home"
    monkeypatch.delenv(environment.HOME_VARIABLE)
    assert environment.own_environment_folder() == tmp_path / "elsewhere" / "environment"


def test_home_folder_by_system(monkeypatch, tmp_path):
    monkeypatch.delenv(environment.HOME_VARIABLE)
    monkeypatch.setattr(environment.sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert environment.home_folder() == tmp_path / "roadsmith"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert environment.home_folder() == Path.home() / ".cache" / "roadsmith"
    monkeypatch.setattr(environment.sys, "platform", "darwin")
    assert environment.home_folder() == Path.home() / "Library" / "Caches" / "roadsmith"
    monkeypatch.setattr(environment.sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "Local"))
    assert environment.home_folder() == tmp_path / "Local" / "roadsmith"


def test_requirements_are_those_of_the_package():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = text.split("dependencies = [")[1].split("]")[0]
    wanted = [line.strip().strip('",') for line in listed.splitlines() if line.strip()]
    assert environment.required_distributions() == wanted
    assert all("<" in line for line in wanted)


# Which PyTorch


@pytest.mark.parametrize(("driver", "capability", "index"), [
    ("580.65.06", 9.0, "cu128"), ("570.86", 12.0, "cu128"), ("565.90", 8.9, "cu126"), ("552.22", 8.6, "cu124"),
    ("535.183.01", 8.0, "cu121"), ("580.65", 6.1, "cu126"), ("470.10", 7.5, "cpu"), ("565.90", 12.0, "cpu"),
    ("580", 0.0, "cu128"),
])
def test_the_driver_and_the_gpu_decide_the_build(driver, capability, index):
    build = choose_build("auto", Gpu("RTX", driver, 8192, capability), "linux")
    assert build.index.endswith(f"/{index}")
    if index == "cpu":
        assert "too old" in build.reason
        with pytest.raises(ValueError, match="too old"):
            choose_build("cuda", Gpu("RTX", driver, 8192, capability), "linux")


def test_no_gpu_and_other_systems():
    assert choose_build("auto", None, "linux").accelerator == "cpu"
    assert choose_build("auto", None, "darwin") == choose_build("mps", None, "darwin")
    assert choose_build("auto", None, "darwin").index == ""
    assert choose_build("cpu", Gpu("RTX", "580", 8192, 9.0), "win32").accelerator == "cpu"
    for wanted, platform in (("cuda", "darwin"), ("mps", "linux"), ("cuda", "linux")):
        with pytest.raises(ValueError, match=r"[Cc]hoose"):
            choose_build(wanted, None, platform)


def test_nvidia_smi_is_read(monkeypatch, tmp_path):
    assert parse_gpu("NVIDIA H200, 570.124.06, 143771, 9.0\nNVIDIA H200, 570, 1, 9.0\n").capability == 9.0
    assert parse_gpu("GeForce GTX 970, 460.1, 4043").capability == 0
    assert parse_gpu("NVIDIA-SMI has failed because it couldn't communicate with the driver") is None
    smi = executable(tmp_path / "bin" / "nvidia-smi")
    smi.write_text("#!/bin/sh\ncase \"$*\" in *compute_cap*) exit 2;; esac\necho 'GTX 970, 460.1, 4043'\n")
    monkeypatch.setenv("PATH", str(smi.parent), prepend=os.pathsep)
    assert accelerators.find_gpu() == Gpu("GTX 970", "460.1", 4043, 0.0)


# Which Python to build with


def test_a_python_describes_itself():
    found = base_python.probe(environment.qgis_python())
    assert found.version == tuple(sys.version_info[:3])
    assert found.suitable
    assert found.complete
    assert base_python.probe("/bin/true") is None
    assert base_python.probe("/gone") is None


def described(**changes):
    values = {"version": (3, 11, 2), "bits": 64, "system": "linux", "machine": "x86_64", "glibc": (2, 36), "musl": False}
    values.update(changes)
    return base_python.BasePython("/usr/bin/python3", complete=True, base="/usr/bin/python3", **values)


@pytest.mark.parametrize(("changes", "words"), [
    ({}, ""),
    ({"machine": "aarch64"}, ""),
    ({"system": "darwin", "machine": "arm64", "glibc": None}, ""),
    ({"system": "win32", "machine": "amd64", "glibc": None}, ""),
    ({"version": (3, 15, 0)}, "3.9 to 3.14"),
    ({"version": (3, 8, 10)}, "3.9 to 3.14"),
    ({"bits": 32}, "64-bit"),
    ({"musl": True, "glibc": None}, "musl"),
    ({"glibc": (2, 17)}, "glibc 2.17"),
    ({"system": "darwin", "machine": "x86_64", "glibc": None}, "Intel Mac"),
    ({"system": "win32", "machine": "arm64", "glibc": None}, "arm64"),
    ({"machine": "riscv64"}, "riscv64"),
])
def test_where_there_are_no_wheels_one_sentence_says_so(changes, words):
    python = described(**changes)
    sentence = base_python.why_no_wheels(python)
    assert words in sentence
    assert bool(sentence) == bool(words)
    assert python.suitable == (not words)


def test_an_intel_mac_is_told_that_and_not_to_install_another_python(monkeypatch):
    monkeypatch.setattr(base_python, "probe", lambda executable: described(system="darwin", machine="x86_64", glibc=None))
    assert "Intel Mac" in base_python.find_base_python()[1]


def test_a_python_without_venv_is_named_with_the_package_that_is_missing(monkeypatch):
    incomplete = base_python.BasePython("/usr/bin/python3.11", (3, 11, 2), 64, False, "/usr/bin/python3.11")
    monkeypatch.setattr(base_python, "probe", lambda executable: incomplete)
    found, sentence = base_python.find_base_python()
    assert found is None
    assert "python3.11-venv" in sentence
    monkeypatch.setattr(base_python, "probe", lambda executable: None)
    assert "python.org" in base_python.find_base_python()[1]


def test_two_windows_do_not_build_at_once(feedback):
    from qgis.core import QgsProcessingException

    code = (
        "import fcntl, sys, time\nfile = open(sys.argv[1], 'a+b')\nfcntl.flock(file, fcntl.LOCK_EX)\n"
        "print('locked', flush=True)\ntime.sleep(60)\n"
    )
    lock = environment.home_folder() / "setup.lock"
    lock.parent.mkdir(parents=True)
    other = subprocess.Popen([environment.qgis_python(), "-c", code, str(lock)], stdout=subprocess.PIPE)
    assert other.stdout.readline() == b"locked\n"
    assert environment_lock.somebody_builds()
    with pytest.raises(QgsProcessingException, match="Another QGIS"), environment_lock.building_lock(feedback):
        pass
    other.kill()
    other.communicate()
    assert not environment_lock.somebody_builds()
    with environment_lock.building_lock(feedback):
        pass  # a dead window holds no lock


@pytest.mark.skipif(sys.platform == "win32", reason="there the files of a running installer cannot be removed")
def test_an_installer_that_outlives_its_window_holds_the_lock(feedback):
    from qgis.core import QgsProcessingException
    from roadsmith.processing_provider.child_process import ChildProcess

    with environment_lock.building_lock(feedback) as lock:
        installer = ChildProcess(["/bin/sleep", "60"], {}, keep_open=(lock,))
    assert environment_lock.somebody_builds()
    with pytest.raises(QgsProcessingException, match="outlived"), environment_lock.building_lock(feedback):
        pass
    installer.close()
    assert not environment_lock.somebody_builds()
