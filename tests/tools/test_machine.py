"""The helpers behind ``make demo`` and ``make test`` say what is missing instead of failing somewhere."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
import machine


@pytest.fixture
def without_qgis(monkeypatch, tmp_path):
    monkeypatch.setattr(machine, "BUILD", tmp_path / "build")
    monkeypatch.setattr(machine, "qgis_process", lambda: None)
    monkeypatch.setattr(machine, "qgis_python", lambda: None)


def test_without_root_it_says_what_to_install(without_qgis, monkeypatch):
    monkeypatch.setattr(machine.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(machine.os, "geteuid", lambda: 1000)
    with pytest.raises(SystemExit, match="sudo apt-get install --no-install-recommends qgis python3-qgis qgis-providers"):
        machine.ensure_qgis()


def test_without_apt_it_says_what_to_install(without_qgis, monkeypatch):
    monkeypatch.setattr(machine.shutil, "which", lambda name: None)
    with pytest.raises(SystemExit, match=r"install QGIS 3.22 or newer from qgis.org"):
        machine.ensure_qgis()


def test_an_installed_qgis_is_named_and_used(capsys):
    program, python = machine.ensure_qgis()
    assert program in capsys.readouterr().out and Path(python).is_file()
