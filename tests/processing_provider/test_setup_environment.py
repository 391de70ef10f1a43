"""The set-up tool, with make-believe programs; a real environment is built in ``tests/tools/test_first_use.py``."""

from __future__ import annotations

import os
import shutil
import sys
import time

import pytest
from roadsmith.processing_provider import environment
from roadsmith.processing_provider.accelerators import Build
from roadsmith.processing_provider.base_python import probe
from roadsmith.processing_provider.bridge import JobCancelled
from roadsmith.processing_provider.environment_builder import KNOWN_GOOD, EnvironmentBuilder
from roadsmith.processing_provider.environment_setup import needs_known_good
from roadsmith.processing_provider.folder_growth import folder_size
from roadsmith.processing_provider.installed import base_of, installed_torch
from roadsmith.processing_provider.settings import PREFIX, read_options

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="shell scripts stand in for programs")
SETUP = "roadsmith:setupenvironment"
#: The Python that the other tests run their jobs with; read before any test takes the variable away.
WORKER_PYTHON = os.environ.get(environment.SETTING, "")


def run_setup(feedback, **parameters):
    import processing

    return processing.run(SETUP, parameters, feedback=feedback)


@pytest.fixture(autouse=True)
def no_named_python(monkeypatch, qgis_app):
    from qgis.core import QgsSettings

    monkeypatch.delenv(environment.SETTING, raising=False)
    QgsSettings().remove(PREFIX)
    yield
    QgsSettings().remove(PREFIX)


@pytest.fixture(scope="module")
def constraints(tmp_path_factory):
    path = tmp_path_factory.mktemp("constraints") / "constraints.txt"
    path.write_text("torch==2.13.0\n")
    return path


@pytest.fixture
def home(tmp_path, monkeypatch, constraints):
    monkeypatch.setenv(environment.HOME_VARIABLE, str(tmp_path / "home"))
    monkeypatch.setenv("PIP_CONSTRAINT", str(constraints))
    return tmp_path / "home"


def test_a_cancelled_set_up_leaves_nothing(provider, home, feedback):
    feedback.on_text = lambda text: feedback.cancel() if "Collecting" in text or "Looking in" in text else None
    started = time.monotonic()
    assert run_setup(feedback, ACCELERATOR="cpu") == {}
    assert feedback.isCanceled()
    assert time.monotonic() - started < 60
    assert [path.name for path in home.iterdir()] == ["setup.lock"]


def test_a_failed_set_up_says_why_and_leaves_no_environment(provider, home, feedback, tmp_path):
    from qgis.core import QgsProcessingException

    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels" / "other-1.0-py3-none-any.whl").write_bytes(b"")
    with pytest.raises(QgsProcessingException, match=r"Installing PyTorch failed \(exit code 1\): ERROR.*folder of wheels lacks"):
        run_setup(feedback, ACCELERATOR="cpu", OFFLINE_FOLDER=str(tmp_path / "wheels"))
    assert "--no-index" in feedback.texts("command")[-1]
    assert environment.find_environment() is None
    assert not (home / "environment").exists()


@pytest.mark.parametrize(("parameters", "words"), [
    ({"PYTHON": "/bin/true"}, "/bin/true"),
    ({"ACCELERATOR": "mps"} if sys.platform != "darwin" else {"ACCELERATOR": "cuda"}, "choose the accelerator"),
])
def test_what_cannot_be_is_said_before_anything_is_built(provider, home, feedback, parameters, words):
    from qgis.core import QgsProcessingException

    with pytest.raises(QgsProcessingException, match=words):
        run_setup(feedback, **parameters)
    assert not (home / "environment").exists()


def test_it_can_always_run_and_the_others_say_what_to_do(provider, home):
    assert provider.algorithm("setupenvironment").canExecute() == (True, "")
    assert "Set up environment" in provider.warningMessage()
    for algorithm in provider.algorithms():
        if algorithm.name() not in ("setupenvironment", "preparelabels"):  # the latter has only steps of QGIS's own
            can, sentence = algorithm.canExecute()
            assert not can
            assert "Set up environment" in sentence


def test_the_plan_is_said_and_nothing_is_done(provider, home, feedback):
    report = run_setup(feedback, ACTION="plan", ACCELERATOR="cpu")["REPORT"]
    assert "Goes to: " in report
    assert "MB from" in report
    assert not home.exists()


def test_a_python_of_ones_own_is_tested_and_remembered(provider, home, feedback):
    outputs = run_setup(feedback, ACTION="use", PYTHON=WORKER_PYTHON)
    assert outputs["INTERPRETER"] == WORKER_PYTHON
    assert outputs["DEVICE"].startswith("CPU")
    assert read_options().interpreter == WORKER_PYTHON
    assert environment.find_environment() == environment.Environment(WORKER_PYTHON, "setting")


@pytest.mark.parametrize(("python", "words"), [
    ("", "PYTHON is empty"), ("/gone/python", "no Python at '/gone/python'"), ("/bin/true", "does not answer like a Python"),
])
def test_a_python_that_will_not_do_is_not_remembered(provider, home, feedback, python, words):
    from qgis.core import QgsProcessingException

    with pytest.raises(QgsProcessingException, match=words):
        run_setup(feedback, ACTION="use", PYTHON=python)
    assert read_options().interpreter == ""


def test_a_python_that_lacks_a_package_is_refused_with_its_name(provider, home, feedback, tmp_path):
    import venv

    from qgis.core import QgsProcessingException

    venv.create(tmp_path / "empty", symlinks=True)
    with pytest.raises(QgsProcessingException, match="numpy cannot be used in"):
        run_setup(feedback, ACTION="use", PYTHON=str(tmp_path / "empty" / "bin" / "python"))
    assert read_options().interpreter == ""


def test_remove_removes_environment_and_downloads(provider, home, feedback):
    (home / "environment" / "bin").mkdir(parents=True)
    (home / "scratch").mkdir()
    (home / "scratch" / "wheel").write_bytes(bytes(5_000_000))
    report = run_setup(feedback, ACTION="remove")["REPORT"]
    assert "0.01 GB" in report or "0.00 GB" in report
    assert [path.name for path in home.iterdir()] == ["setup.lock"]


def test_the_older_pytorch_is_for_windows_that_cannot_load_the_newest(monkeypatch, home):
    from types import SimpleNamespace

    from roadsmith.processing_provider import environment_setup

    sentence = "The package torch cannot be used (WinError 1114): install 'Microsoft Visual C++ Redistributable'."
    plan = SimpleNamespace(base=SimpleNamespace(version=(3, 12, 4)), wheels="")
    assert not needs_known_good(sentence, plan)
    monkeypatch.setattr(environment_setup.sys, "platform", "win32")
    assert needs_known_good(sentence, plan)
    assert not needs_known_good("The GPU miscalculates.", plan)
    assert not needs_known_good(sentence, SimpleNamespace(base=SimpleNamespace(version=(3, 13, 0)), wheels=""))


# The builder with programs that only note what they are told

NOTE = '#!/bin/sh\necho "$@" >> "{log}"\n{more}\n'


def note(path, log, more=""):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(NOTE.format(log=log, more=more))
    path.chmod(0o755)
    return path


@pytest.fixture
def builder(home, feedback):
    return EnvironmentBuilder(home / "environment", feedback)


def test_pytorchs_own_index_is_tried_first_and_the_default_one_after_it(builder, home, tmp_path):
    log = tmp_path / "log"
    note(home / "environment" / "bin" / "python", log, 'case "$*" in *--index-url*) echo "ERROR: 403"; exit 1;; esac')
    builder.install(Build("cpu", "https://download.pytorch.org/whl/cpu", 1.0, ""))
    first, second, rest = log.read_text().splitlines()
    assert "--index-url https://download.pytorch.org/whl/cpu" in first
    assert "--retries 0" in first
    assert second.endswith("torch>=2.2,<3")
    assert "--index-url" not in second
    assert rest.endswith("requirements.txt")
    assert any("ERROR: 403" in text for text in builder._feedback.texts("info"))


def test_uv_gets_the_settings_of_pip(builder, home, tmp_path, monkeypatch, constraints):
    log = tmp_path / "log"
    uv = note(tmp_path / "bin" / "uv", log)
    monkeypatch.setenv("PIP_FIND_LINKS", "/wheels")
    builder = EnvironmentBuilder(home / "environment", builder._feedback)
    builder.create(probe(environment.qgis_python()), str(uv))
    builder.install(Build("cpu", "https://example.org/cpu", 1.0, ""))
    venv, torch, rest = log.read_text().splitlines()
    assert venv.startswith("venv --python ")
    assert f"--constraint {constraints}" in torch
    assert "--index-url https://example.org/cpu" in torch
    assert f"--constraint {constraints}" in rest
    assert "--find-links /wheels" in rest


def test_the_other_packages_may_not_bring_another_pytorch(builder, home, tmp_path):
    log = tmp_path / "log"
    note(home / "environment" / "bin" / "python", log)
    (home / "environment" / "lib" / "python3.11" / "site-packages" / "torch-2.13.0+cpu.dist-info").mkdir(parents=True)
    (home / "environment" / "lib" / "python3.11" / "site-packages" / "torchvision-0.1.dist-info").mkdir()
    assert installed_torch(home / "environment") == ["torch==2.13.0+cpu"]
    builder.install(Build("cpu", "", 1.0, ""), torch=KNOWN_GOOD)
    torch, rest = log.read_text().splitlines()
    assert torch.endswith("torch==2.5.1")
    assert "torch==2.13.0+cpu -r " in rest


def test_what_an_interrupted_set_up_downloaded_is_used(builder, home, tmp_path):
    (home / "scratch" / "cache").mkdir(parents=True)
    (home / "scratch" / "cache" / "torch.whl").write_bytes(b"123")
    (home / "environment").mkdir()
    (home / "environment" / "half").write_bytes(b"")
    uv = note(tmp_path / "bin" / "uv", tmp_path / "log")
    builder.create(None, str(uv))
    assert (home / "scratch" / "cache" / "torch.whl").read_bytes() == b"123"
    assert not (home / "environment" / "half").exists()
    assert any("interrupted" in text for text in builder._feedback.texts("info"))


@pytest.mark.skipif(sys.platform != "linux", reason="PyPI's PyTorch is small elsewhere")
def test_pypis_large_pytorch_is_not_begun_on_a_full_disk(builder, home, tmp_path, monkeypatch):
    from qgis.core import QgsProcessingException
    from roadsmith.processing_provider import environment_builder

    log = tmp_path / "log"
    note(home / "environment" / "bin" / "python", log, 'case "$*" in *--index-url*) echo "ERROR: 403"; exit 1;; esac')
    usage = shutil.disk_usage(home)._replace(free=6 * 10**9)
    monkeypatch.setattr(environment_builder.shutil, "disk_usage", lambda folder: usage)
    with pytest.raises(QgsProcessingException, match=r"needs 12 GB, of which 6.0 GB are free: allow download.pytorch.org"):
        builder.install(Build("cpu", "https://download.pytorch.org/whl/cpu", 4.0, ""))
    assert len(log.read_text().splitlines()) == 1


def test_the_proxy_of_qgis_reaches_the_installer_and_no_password_the_log(home, tmp_path, feedback):
    from qgis.core import QgsSettings

    for name, value in {"proxyEnabled": True, "proxyType": "HttpProxy", "proxyHost": "proxy.example.org", "proxyUser": "anna",
                        "proxyPassword": "hunter2"}.items():
        QgsSettings().setValue(f"proxy/{name}", value)
    try:
        builder = EnvironmentBuilder(home / "environment", feedback)
    finally:
        QgsSettings().remove("proxy")
    note(home / "environment" / "bin" / "python", tmp_path / "log", f'echo "$HTTPS_PROXY" | tee -a {tmp_path / "proxy"}')
    builder.install(Build("cpu", "", 1.0, ""))
    assert (tmp_path / "proxy").read_text().splitlines()[0] == "http://anna:hunter2@proxy.example.org"
    assert "http://***@proxy.example.org" in feedback.texts("console")
    assert not any("hunter2" in text for text in feedback.texts())


def test_cancel_ends_an_installer_that_does_not_listen(builder, home, tmp_path):
    deaf = 'trap "" TERM INT; echo Collecting; while :; do sleep 1; done'
    note(home / "environment" / "bin" / "python", tmp_path / "log", deaf)
    builder._feedback.on_text = lambda text: builder._feedback.cancel() if text == "Collecting" else None
    started = time.monotonic()
    with pytest.raises(JobCancelled):
        builder.install(Build("cpu", "", 1.0, ""))
    assert time.monotonic() - started < 2


def test_the_base_of_an_environment_is_read(tmp_path):
    (tmp_path / "pyvenv.cfg").write_text("home = /usr/bin\nexecutable = /bin/sh\n")
    assert base_of(tmp_path) == "/bin/sh"
    (tmp_path / "pyvenv.cfg").write_text("home = /usr/bin\n")
    assert base_of(tmp_path) == "/usr/bin"


def test_folder_size_counts_files_once(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "x").write_bytes(b"12345")
    (tmp_path / "a" / "b" / "y").write_bytes(b"123")
    (tmp_path / "a" / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert 8 <= folder_size([tmp_path]) < 8 + 4096
    assert folder_size([tmp_path / "none"]) == 0
