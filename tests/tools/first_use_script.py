"""Runs inside QGIS's window (``qgis --code``), for ``test_first_use``: installs the zip, sets up and extracts roads.

Everything is done as the window's own buttons do it: the plugin manager's "Install from ZIP", and the tools' dialogs with their
default values. What came of it is written as JSON for the test to judge.
"""

import json
import os
import time
import traceback
from pathlib import Path

from qgis.core import QgsProject, QgsSettings
from qgis.PyQt.QtCore import QCoreApplication, QTimer
from qgis.PyQt.QtWidgets import QApplication, QTextEdit
from qgis.utils import active_plugins, iface

TASK = json.loads(os.environ["ROADSMITH_FIRST_USE"])
SEEN = {"dialogs": []}
KEPT = []


def step(work):
    """Call ``work`` once the window is at rest; a failure ends QGIS with its traceback in the answer."""

    def call():
        try:
            work()
        except Exception:
            end(traceback.format_exc())

    QTimer.singleShot(0, call)


def install():
    import pyplugin_installer

    pyplugin_installer.instance().installFromZipFile(TASK["zip"])
    SEEN["active"] = "roadsmith" in active_plugins
    SEEN["enabled"] = QgsSettings().value("/PythonPlugins/roadsmith", False, type=bool)
    SEEN["file"] = __import__("roadsmith").__file__
    step(set_up)


def set_up():
    os.environ.update(PIP_TARGET="/nowhere", PYTHONHOME="/nowhere")  # as some IT departments do; QGIS itself has started
    run("roadsmith:setupenvironment", {}, lambda: step(set_up_again))


def set_up_again():
    SEEN["setup"] = SEEN.pop("setupenvironment")
    run("roadsmith:setupenvironment", {}, lambda: step(extract))


def extract():
    run("roadsmith:extractroads", {"INPUT": TASK["imagery"], "OUTPUT": TASK["roads"]}, lambda: step(look))


def look():
    layers = list(QgsProject.instance().mapLayers().values())
    SEEN["layers"] = [layer.name() for layer in layers]
    [roads] = [layer for layer in layers if "edge_id" in (field.name() for field in layer.fields())]
    SEEN["roads"] = {
        "source": roads.source(), "crs": roads.crs().authid(), "fields": [field.name() for field in roads.fields()],
        "lengths_m": [feature["length_m"] for feature in roads.getFeatures()],
        "extent": [roads.extent().xMinimum(), roads.extent().yMinimum(), roads.extent().xMaximum(), roads.extent().yMaximum()],
    }
    end()


def run(algorithm, parameters, then):
    """Open a tool's dialog and press Run; go on when it has ended well."""
    import processing

    dialog = processing.createAlgorithmDialog(algorithm, parameters)
    KEPT.append(dialog)
    dialog.show()
    started = time.monotonic()

    def ended(success, results):
        name = algorithm.partition(":")[2]
        SEEN[name] = {
            "success": success, "seconds": round(time.monotonic() - started, 1),
            "results": {key: value for key, value in results.items() if isinstance(value, (str, int, float))},
            "log": dialog.logText() if hasattr(dialog, "logText") else shown(dialog),
        }
        if success:
            then()
        else:
            end(f"{algorithm} failed: {SEEN[name]['log']}")

    dialog.algorithmFinished.connect(ended)
    dialog.runAlgorithm()


def shown(dialog):
    """Return the text of the dialog's log."""
    return "\n".join(each.toPlainText() for each in dialog.findChildren(QTextEdit, "txtLog"))


def close_questions():
    """Nobody is there to answer a question: note what it says, and go on without."""
    box = QApplication.activeModalWidget()
    if box is not None:
        SEEN["dialogs"].append(f"{box.windowTitle()}: {getattr(box, 'text', lambda: '')()}")
        box.close()


def end(failure=""):
    SEEN["failure"] = failure
    target = Path(TASK["answer"])
    target.with_suffix(".partial").write_text(json.dumps(SEEN), encoding="utf-8")
    target.with_suffix(".partial").replace(target)
    for dialog in KEPT:
        dialog.close()
    QgsProject.instance().clear()  # closing asks about temporary layers
    iface.actionExit().trigger()
    QTimer.singleShot(3000, QCoreApplication.quit)


questions = QTimer()
questions.timeout.connect(close_questions)
questions.start(1000)
step(install)
