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


@pytest.fixture
def without_postgis(monkeypatch, tmp_path):
    monkeypatch.setattr(machine, "BUILD", tmp_path / "build")
    monkeypatch.setattr(machine, "postgres_programs", lambda: None)
    apt = tmp_path / "apt-get"
    apt.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\n')
    apt.chmod(0o755)
    monkeypatch.setattr(machine.shutil, "which", lambda name: str(apt) if name == "apt-get" else None)
    return tmp_path / "asked"


def test_postgis_is_installed_for_the_tests(without_postgis, monkeypatch):
    monkeypatch.setattr(machine.os, "geteuid", lambda: 0)
    machine.ensure_postgis()
    update, install = without_postgis.read_text().splitlines()
    assert update.startswith("update")
    assert install.endswith("--no-install-recommends postgresql postgresql-postgis postgis")


def test_without_root_postgis_is_named_and_nothing_ends(without_postgis, monkeypatch, capsys):
    monkeypatch.setattr(machine.os, "geteuid", lambda: 1000)
    machine.ensure_postgis()
    assert "sudo apt-get install --no-install-recommends postgresql" in capsys.readouterr().out
    assert not without_postgis.exists()


def test_an_installed_postgresql_is_found():
    programs = machine.postgres_programs()
    if programs is None:
        pytest.skip("no PostgreSQL on this machine")
    assert (programs / "initdb").is_file() and (programs / "pg_ctl").is_file()
