"""A QGIS without a window, with Processing and the plugin's provider in it, once per test session.

``tests/processing_provider`` and ``tests/plugin`` load this file by its path, so what it makes is kept in one place.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

try:
    import qgis.core
except ImportError:
    collect_ignore_glob = ["*"]  # the Python of the engine tests

_KEPT: dict = {}  # an unreferenced QgsApplication is collected, and the process crashes


def start_qgis():
    """Return the QgsApplication; the first call makes it."""
    if "application" not in _KEPT:
        _leave_the_users_settings_alone()
        application = qgis.core.QgsApplication([], True)
        application.initQgis()
        from qgis.PyQt.QtCore import QLocale

        QLocale.setDefault(QLocale("en_US"))  # texts are compared
        _KEPT["application"] = application
        plugins = Path(application.pkgDataPath()) / "python" / "plugins"
        if str(plugins) not in sys.path:
            sys.path.append(str(plugins))
        from processing.core.Processing import Processing

        Processing.initialize()
    return _KEPT["application"]


def _leave_the_users_settings_alone():
    from qgis.PyQt.QtCore import QSettings

    folder = tempfile.mkdtemp(prefix="roadsmith-test-settings-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, folder)


def register_provider():
    """Return the plugin's provider, registered through the plugin object as ``qgis_process`` does it."""
    start_qgis()
    registry = qgis.core.QgsApplication.processingRegistry()
    if registry.providerById("roadsmith") is None:
        import roadsmith

        plugin = roadsmith.classFactory(None)
        plugin.initProcessing()
        _KEPT["plugin"] = plugin
    return registry.providerById("roadsmith")


@pytest.fixture(scope="session")
def qgis_app():
    return start_qgis()


@pytest.fixture(scope="session")
def provider(qgis_app):
    return register_provider()


class Messages:
    """A Processing feedback that remembers what it is told."""

    def __new__(cls):
        start_qgis()

        class Feedback(qgis.core.QgsProcessingFeedback):
            def __init__(self):
                super().__init__(False)
                self.said = []
                self.progress = []
                self.on_text = None
                self.progressChanged.connect(self.progress.append)

            def _say(self, kind, text):
                self.said.append((kind, text))
                if self.on_text:
                    self.on_text(text)

            def setProgressText(self, text):
                self._say("text", text)

            def pushInfo(self, info):
                self._say("info", info)

            def pushWarning(self, warning):
                self._say("warning", warning)

            def pushDebugInfo(self, info):
                self._say("debug", info)

            def pushConsoleInfo(self, info):
                self._say("console", info)

            def pushCommandInfo(self, info):
                self._say("command", info)

            def reportError(self, error, fatalError=False):
                self._say("error", error)

            def texts(self, kind=None):
                return [text for each, text in self.said if kind in (None, each)]

        return Feedback()


@pytest.fixture
def feedback(qgis_app):
    return Messages()
