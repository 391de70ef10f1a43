"""What a set-up says before it begins, and what makes it not begin."""

from __future__ import annotations

import os
import shutil
import sys

import pytest
from roadsmith.processing_provider import environment, environment_plan
from roadsmith.processing_provider.accelerators import Gpu
from roadsmith.processing_provider.base_python import BasePython
from roadsmith.processing_provider.environment_plan import for_cpu, make_plan
from roadsmith.processing_provider.proxy import Proxy

GIB = 2**30
GPU = Gpu("NVIDIA RTX A2000", "570.86", 6144, 8.6)
linux = pytest.mark.skipif(sys.platform != "linux", reason="the plan of another system")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch, qgis_app):
    monkeypatch.setenv(environment.HOME_VARIABLE, str(tmp_path / "home"))
    monkeypatch.setattr(environment_plan, "find_gpu", lambda: None)
    monkeypatch.setattr(environment_plan, "find_proxy", Proxy)
    monkeypatch.delenv("PIP_INDEX_URL", raising=False)
    monkeypatch.setattr(environment_plan.shutil, "which", lambda name: None)
    return tmp_path / "home"


@pytest.fixture
def space(monkeypatch):
    """A disk with as many GB free as one says."""
    def free(gb):
        usage = shutil.disk_usage("/")._replace(free=int(gb * 1e9))
        monkeypatch.setattr(environment_plan.shutil, "disk_usage", lambda folder: usage)

    free(500)
    return free


@linux
def test_a_plan_says_what_how_much_from_where_and_where_to(home, space, monkeypatch):
    plan = make_plan()
    text = "\n".join(plan.sentences())
    assert plan.problems == ()
    assert plan.download_mb == 385
    assert "about 385 MB from download.pytorch.org" in text
    assert "files.pythonhosted.org" in text
    assert f"{home / 'environment'} (500.0 GB free, 4 GB needed" in text
    assert "no NVIDIA GPU" in text
    assert "no environment" in text
    assert not home.exists()  # looking changes nothing
    monkeypatch.setattr(environment_plan, "find_gpu", lambda: GPU)
    plan = make_plan()
    assert plan.download_mb == 3185
    assert "RTX A2000, 6 GB, driver 570.86" in "\n".join(plan.sentences())
    assert for_cpu(plan).build.accelerator == "cpu"


def test_a_folder_of_wheels_needs_no_host(tmp_path, space):
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    assert "holds no wheels" in make_plan(wheels=str(wheels)).problems[0]
    (wheels / "torch-2.5.1-py3-none-any.whl").write_bytes(b"")
    plan = make_plan(wheels=str(wheels))
    assert plan.problems == ()
    assert plan.hosts == []
    assert plan.download_mb == 0
    assert "There is no folder" in make_plan(wheels=str(tmp_path / "none")).problems[0]


def test_an_index_of_ones_own_is_the_host_that_is_named(space, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "https://anna:secret@pypi.example.org/simple")
    hosts = make_plan("cpu").hosts
    assert "pypi.example.org" in hosts
    assert "pypi.org" not in hosts
    assert "secret" not in "".join(make_plan("cpu").sentences())


def test_too_little_space_is_said_with_figures(space):
    space(0.5)
    problem = make_plan("cpu").problems[0]
    assert f"about {3 if sys.platform == 'darwin' else 4} GB" in problem
    assert "0.5 GB free" in problem
    assert "Settings > Options > Roadsmith" in problem


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_to_is_refused(tmp_path, monkeypatch, space):
    (tmp_path / "locked").mkdir(mode=0o500)
    monkeypatch.setenv(environment.HOME_VARIABLE, str(tmp_path / "locked" / "home"))
    assert "Nothing can be written to" in make_plan().problems[0]


@pytest.mark.skipif(sys.platform == "win32", reason="other rights")
def test_a_folder_below_a_file_is_refused(tmp_path, monkeypatch, space):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(environment.HOME_VARIABLE, str(tmp_path / "file" / "home"))
    assert "Nothing can be written to" in make_plan("cpu").problems[0]


@pytest.mark.parametrize(("changes", "words"), [
    ({"system": "darwin", "machine": "x86_64"}, "Intel"), ({"musl": True}, "musl"), ({"version": (3, 15, 1)}, "3.9 to 3.14"),
    ({"complete": False}, "python3-venv"),
])
def test_a_python_without_wheels_is_refused_before_any_download(monkeypatch, space, changes, words):
    values = {"version": (3, 11, 2), "bits": 64, "complete": True, "system": "linux", "machine": "x86_64", **changes}
    python = BasePython("/a/python", base="/a/python", **values)
    monkeypatch.setattr(environment_plan, "probe", lambda executable: python)
    problem = make_plan("cpu", "/a/python").problems[0]
    assert words in problem
    assert f"This cannot work: {problem}" in make_plan("cpu", "/a/python").sentences()


def test_what_is_no_python_is_named(space):
    assert "/bin/true is no Python" in make_plan("cpu", "/bin/true").problems[0]


def test_socks_needs_uv_or_wheels(monkeypatch, space):
    monkeypatch.setattr(environment_plan, "find_proxy", lambda: Proxy("socks5h://h:1", (), "QGIS settings"))
    assert "SOCKS" in make_plan("cpu").problems[0]
    monkeypatch.setattr(environment_plan.shutil, "which", lambda name: "/usr/bin/uv" if name == "uv" else None)
    assert make_plan("cpu").problems == ()


def test_uv_fetches_a_python_where_there_is_none_unless_that_cannot_help(monkeypatch, space):
    monkeypatch.setattr(environment_plan.shutil, "which", lambda name: "/usr/bin/uv" if name == "uv" else None)
    monkeypatch.setattr(environment_plan, "find_base_python", lambda: (None, "No Python 3.9 to 3.14 was found."))
    plan = make_plan("cpu")
    assert plan.problems == ()
    assert "github.com" in plan.hosts
    sentence = "x is a Python for Intel Macs, which PyTorch no longer supports."
    monkeypatch.setattr(environment_plan, "find_base_python", lambda: (None, sentence))
    assert "Intel" in make_plan("cpu").problems[0]
