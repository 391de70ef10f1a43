"""The options page, as QGIS's options dialog uses it."""

from __future__ import annotations

import sys
import time

import pytest
from roadsmith.processing_provider import environment, settings
from roadsmith.processing_provider.settings import Options, read_options, write_options

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="shell scripts stand in for programs")


@pytest.fixture
def page(provider):
    from qgis.core import QgsSettings
    from roadsmith.plugin.options_page import OptionsPageFactory

    QgsSettings().remove(settings.PREFIX)
    factory = OptionsPageFactory()
    assert factory.title() == "Roadsmith"
    assert not factory.icon().isNull()
    widget = factory.createWidget(None)
    yield widget
    widget.deleteLater()
    QgsSettings().remove(settings.PREFIX)


def wait(qgis_app, page, seconds=60):
    """Let the window live until the task is over; return the longest time that it was held up."""
    held_up, end = 0.0, time.monotonic() + seconds
    while page._task is not None and time.monotonic() < end:
        started = time.monotonic()
        qgis_app.processEvents()
        held_up = max(held_up, time.monotonic() - started)
        time.sleep(0.01)
    assert page._task is None
    return held_up


def test_what_is_chosen_is_kept_when_the_dialog_is_accepted(page, monkeypatch):
    monkeypatch.delenv(environment.SETTING, raising=False)
    chosen = Options("/opt/python", "cpu", 12.5, "/data/cache", "tcp://10.0.0.5:8786")
    page.show_options(chosen)
    assert read_options() == Options()  # not before
    page.apply()
    assert read_options() == chosen
    page.show_options(Options())
    page.apply()
    assert read_options() == Options()


def test_a_python_that_the_set_up_page_named_meanwhile_is_not_overwritten(page, monkeypatch):
    monkeypatch.delenv(environment.SETTING, raising=False)
    write_options(Options(interpreter="/opt/conda/bin/python"))
    page._device.setCurrentText("cpu")
    page.apply()
    assert read_options() == Options(interpreter="/opt/conda/bin/python", device="cpu")
    page._take_over()
    assert page._interpreter.filePath() == "/opt/conda/bin/python"
    page._interpreter.setFilePath("")
    page.apply()
    assert read_options().interpreter == ""


def test_the_set_up_page_opens_from_here(page, qgis_app):
    from roadsmith.plugin.setup_dialog import SetupDialog

    page._setup.click()
    opened = page.window().findChildren(SetupDialog)
    assert [dialog.isVisible() for dialog in opened] == [True]
    opened[0].reject()


def test_closing_the_options_ends_the_test(page, qgis_app):
    from qgis.core import QgsApplication
    from roadsmith.plugin import background

    page.show()
    page.test()
    assert background._running
    page.hide()
    end = time.monotonic() + 20
    while (background._running or QgsApplication.taskManager().countActiveTasks()) and time.monotonic() < end:
        qgis_app.processEvents()
        time.sleep(0.01)
    assert not background._running
    assert "It works" not in page._result.toPlainText()


def test_nonsense_is_said_and_not_kept(page, monkeypatch):
    from qgis.PyQt.QtWidgets import QMessageBox

    said = []
    monkeypatch.setattr(QMessageBox, "warning", lambda *arguments: said.append(arguments[2]))
    page.show_options(Options(scheduler="nowhere"))
    assert not page.isValid()
    page.apply()
    assert read_options() == Options()
    assert all("tcp://host:port" in sentence for sentence in said)


def test_the_test_shows_device_versions_and_speed_and_never_holds_up_the_window(page, qgis_app):
    page._device.setCurrentText("cpu")
    page._test.click()
    assert not page._test.isEnabled()
    assert wait(qgis_app, page) < 0.1
    text = page._result.toPlainText()
    for words in ("It works.", "Device: CPU", "GFLOP/s", "torch 2.", "Python of the worker: 3."):
        assert words in text
    assert page._test.isEnabled()


def test_a_python_that_will_not_do_is_named(page, qgis_app, monkeypatch, tmp_path):
    monkeypatch.delenv(environment.SETTING, raising=False)
    page.show_options(Options(interpreter="/gone/python"))
    page.test()
    assert "no Python at /gone/python" in page._result.toPlainText()
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    page.show_options(Options(interpreter=str(broken)))
    page.test()
    wait(qgis_app, page)
    assert "exit code 3" in page._result.toPlainText()
    assert read_options() == Options()  # testing keeps nothing


def test_diagnostics_go_into_the_clipboard(page, qgis_app):
    write_options(Options(memory_limit_gb=77))
    page._copy.click()
    assert wait(qgis_app, page) < 0.1
    assert "memory limit 77 GB" in qgis_app.clipboard().text()
    assert "in the clipboard" in page._result.toPlainText()
