"""The set-up page and the offer of it on the first run."""

from __future__ import annotations

import sys
import time

import pytest
from roadsmith.processing_provider import environment, settings

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX paths")


@pytest.fixture
def nothing_set_up(provider, tmp_path, monkeypatch):
    from qgis.core import QgsSettings

    monkeypatch.delenv(environment.SETTING, raising=False)
    monkeypatch.setenv(environment.HOME_VARIABLE, str(tmp_path / "home"))
    monkeypatch.setattr(environment, "required_modules", lambda: ["no_such_package"])
    QgsSettings().remove(settings.PREFIX)
    return tmp_path / "home"


def until(qgis_app, condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        qgis_app.processEvents()
        time.sleep(0.01)
    assert condition()


@pytest.fixture
def dialog(nothing_set_up, qgis_app):
    from roadsmith.plugin.setup_dialog import SetupDialog

    page = SetupDialog()
    until(qgis_app, lambda: "Download" in page._plan.text())
    yield page
    until(qgis_app, lambda: page._task is None)
    page.reject()


def test_it_says_what_will_happen_and_does_nothing_yet(dialog, nothing_set_up):
    assert "there is none yet" in dialog._state.text()
    assert f"Goes to: {nothing_set_up / 'environment'}" in dialog._plan.text()
    assert "MB from" in dialog._plan.text()
    assert not nothing_set_up.exists()


def test_the_plan_follows_the_choices(dialog, qgis_app):
    dialog._wheels.setFilePath("/no/wheels")
    until(qgis_app, lambda: "There is no folder /no/wheels" in dialog._plan.text())
    dialog._wheels.setFilePath("")
    until(qgis_app, lambda: "cannot work" not in dialog._plan.text())


def test_a_set_up_that_cannot_work_is_said_and_can_be_tried_again(dialog, qgis_app):
    dialog._wheels.setFilePath("/no/wheels")
    dialog.begin("setup")
    assert not dialog._buttons["setup"].isEnabled()
    dialog.begin("repair")  # not two at once
    dialog.reject()  # and not closed meanwhile
    until(qgis_app, lambda: dialog._task is None)
    assert "There is no folder /no/wheels" in dialog._state.text()
    assert dialog._buttons["setup"].isEnabled()


def test_diagnostics_go_into_the_clipboard(dialog, qgis_app):
    dialog.begin("diagnose")
    until(qgis_app, lambda: dialog._task is None)
    until(qgis_app, lambda: "clipboard" in dialog._state.text())
    assert "### Roadsmith diagnostics" in qgis_app.clipboard().text()


def test_removal_asks_first(dialog, nothing_set_up, monkeypatch, qgis_app):
    from qgis.PyQt.QtWidgets import QMessageBox

    answers = []
    monkeypatch.setattr(QMessageBox, "question", lambda *arguments: answers.append(arguments[2]) or QMessageBox.StandardButton.No)
    (nothing_set_up / "environment").mkdir(parents=True)
    dialog.begin("remove")
    assert dialog._task is None
    assert str(nothing_set_up / "environment") in answers[0]
    monkeypatch.setattr(QMessageBox, "question", lambda *arguments: QMessageBox.StandardButton.Yes)
    dialog.begin("remove")
    until(qgis_app, lambda: dialog._task is None)
    assert not (nothing_set_up / "environment").exists()


class Window:
    """QGIS's window with a real message bar."""

    def __init__(self):
        from qgis.gui import QgsMessageBar

        self.bar = QgsMessageBar()

    def messageBar(self):
        return self.bar

    def mainWindow(self):
        return None


def test_a_tool_opened_without_an_environment_offers_the_set_up(nothing_set_up):
    from qgis.PyQt.QtWidgets import QPushButton
    from roadsmith.plugin.first_run import offer_set_up

    window, opened = Window(), []
    assert offer_set_up(window, lambda: opened.append("set up"))
    item = window.bar.currentItem()
    assert "there is none yet" in item.text()
    next(button for button in item.findChildren(QPushButton) if "Set up" in button.text()).click()
    assert opened == ["set up"]


def test_nothing_is_offered_where_there_is_an_environment(provider):
    from roadsmith.plugin.first_run import offer_set_up

    window = Window()
    assert not offer_set_up(window, None)  # tests run with a Python that is named
    assert window.bar.currentItem() is None
