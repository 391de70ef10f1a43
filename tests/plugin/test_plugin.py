"""The plugin object with and without a window."""

from __future__ import annotations

import configparser
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_the_provider_registers(provider):
    assert provider.id() == "roadsmith"
    assert provider.versionInfo() == (ROOT / "VERSION").read_text().strip()
    assert not provider.icon().isNull()


def test_every_algorithm_has_an_icon_a_group_and_help(provider):
    algorithms = provider.algorithms()
    offered = {algorithm.name() for algorithm in algorithms}
    assert {"exporttrainingdata", "trainroadextractor", "trainrefinementstage", "classifypixels"} <= offered
    assert {"rastertoroadvector", "setupenvironment"} <= offered
    for algorithm in algorithms:
        assert Path(algorithm.svgIconPath()).is_file()
        assert algorithm.displayName()
        assert algorithm.group()
        assert algorithm.shortHelpString()
        assert type(algorithm.create()) is type(algorithm)


class Window:
    """As much of QGIS's window as the plugin touches."""

    def __init__(self):
        self.actions = []
        self.factories = []

    def registerOptionsWidgetFactory(self, factory):
        self.factories.append(factory)

    def unregisterOptionsWidgetFactory(self, factory):
        self.factories.remove(factory)

    def mainWindow(self):
        return None

    def addPluginToRasterMenu(self, menu, action):
        self.actions.append(action)

    def removePluginRasterMenu(self, menu, action):
        self.actions.remove(action)


def test_the_menu_comes_and_goes(provider):
    import roadsmith
    from qgis.core import QgsApplication

    window = Window()
    plugin = roadsmith.classFactory(window)
    plugin._provider = provider  # it is registered already; twice would warn
    plugin.initGui()
    assert "Set up environment…" in [action.text() for action in window.actions]
    assert not any(action.icon().isNull() for action in window.actions)
    assert [factory.title() for factory in window.factories] == ["Roadsmith"]
    plugin._provider = None
    plugin.unload()
    assert window.actions == []
    assert window.factories == []
    assert QgsApplication.processingRegistry().providerById("roadsmith") is not None


@pytest.fixture
def metadata():
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(ROOT / "metadata.txt", encoding="utf-8")
    return parser["general"]


def test_metadata_is_complete(metadata):
    for name in ("name", "description", "about", "version", "author", "email", "homepage", "tracker", "repository", "tags"):
        assert metadata[name].strip()
    assert metadata["version"] == (ROOT / "VERSION").read_text().strip()
    assert metadata["hasProcessingProvider"] == "yes"
    assert metadata["qgisMinimumVersion"] == "3.22"
    assert metadata["qgisMaximumVersion"] == "4.99"
    assert "supportsQt6" not in metadata
    assert (ROOT / metadata["icon"]).is_file()
    assert "PyTorch" in metadata["about"]


def test_loading_imports_neither_numpy_nor_torch():
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT / 'engine')!r}); import bootstrap, time\n"
        "import qgis.core, qgis.gui; before = set(sys.modules); started = time.perf_counter()\n"  # newer ones load numpy
        "import roadsmith; plugin = roadsmith.classFactory(None)\n"
        "import roadsmith.processing_provider.provider, roadsmith.processing_provider.setup_environment\n"
        "print(time.perf_counter() - started); new = set(sys.modules) - before\n"
        "print([name for name in ('torch', 'numpy', 'rasterio') if name in new])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    seconds, heavy = answer.stdout.splitlines()[-2:]
    assert heavy == "[]"
    assert float(seconds) < 5
