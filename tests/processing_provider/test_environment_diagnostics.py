"""The report for a bug report: what is in it, and what must not be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from roadsmith.processing_provider import diagnostics, environment, last_error, settings
from roadsmith.processing_provider.settings import Options, write_options


@pytest.fixture(autouse=True)
def clean(provider, monkeypatch):
    from qgis.core import QgsSettings

    QgsSettings().remove(settings.PREFIX)
    QgsSettings().remove("proxy")
    yield
    QgsSettings().remove(settings.PREFIX)
    QgsSettings().remove("proxy")


def test_the_report_has_what_a_bug_report_needs_and_no_secret(feedback):
    import processing
    from qgis.core import Qgis, QgsSettings

    for name, value in {"proxyEnabled": True, "proxyType": "HttpProxy", "proxyHost": "secret.example.org", "proxyPort": "3128",
                        "proxyUser": "anna", "proxyPassword": "hunter2"}.items():
        QgsSettings().setValue(f"proxy/{name}", value)
    write_options(Options(device="cpu", memory_limit_gb=50, scheduler="tcp://cluster.example.org:8786"))
    last_error.remember_error("classifypixels", "The disk is full.", "Traceback …")
    outputs = processing.run("roadsmith:setupenvironment", {"ACTION": "diagnose"}, feedback=feedback)
    report = outputs["REPORT"]
    for words in (
        f"QGIS: {Qgis.QGIS_VERSION}", "Qt: ", "Python of QGIS", "System: ", "NVIDIA GPU", "GB free", "Proxy: set (QGIS settings)",
        f"Python used: {os.environ[environment.SETTING]}".replace(str(Path.home()), "~"), "Test: passed", "torch 2.",
        "Device: CPU", "GFLOP/s", "device cpu, memory limit 50 GB", "scheduler set",
        "classifypixels: The disk is full.", "Traceback …",
        f"Roadsmith: {(Path(__file__).resolve().parents[2] / 'VERSION').read_text().strip()}",
    ):
        assert words in report, words
    for secret in ("secret.example.org", "hunter2", "anna", "cluster.example.org"):
        assert secret not in report


def test_a_test_that_fails_is_part_of_the_report(feedback, monkeypatch, tmp_path):
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\nexit 7\n")
    python.chmod(0o755)
    monkeypatch.setenv(environment.SETTING, str(python))
    assert "Test: failed: The worker ended without a result, with exit code 7" in diagnostics.diagnose(feedback)
    monkeypatch.setenv(environment.SETTING, "/gone")
    assert "not possible without a Python" in diagnostics.diagnose(feedback)


def test_home_folders_and_passwords_are_taken_out(monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: Path("/home/anna"))
    text = diagnostics.anonymous("/home/anna/model and http://u:p@host/x in '/home/anna'")
    assert text == "~/model and http://***@host/x in '~'"


def test_a_failed_tool_leaves_its_error_for_the_report(provider, feedback, tmp_path):
    import processing
    from qgis.core import QgsProcessingException

    (tmp_path / "data").mkdir()
    with pytest.raises(QgsProcessingException):
        processing.run("roadsmith:previewtrainingdata", {
            "TRAINING_DATA": str(tmp_path / "data"), "OUTPUT": str(tmp_path / "page.html"),
        }, feedback=feedback)
    assert last_error.last_error().split(", ")[1].startswith("previewtrainingdata: ")
