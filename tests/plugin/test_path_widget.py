"""The real dialogs of QGIS: what is beneath the files of a tool, and that the tool still gets the very value."""

import json
import os
import sys
import time

import pytest

from ..processing_provider.test_path_facts import OWN, folder_of

SHIPPED = "Empty: the model that comes with Roadsmith is used: "


@pytest.fixture
def dialogs(provider):
    """Call with an algorithm's name: its dialog, as the toolbox makes it."""
    from processing.gui.AlgorithmDialog import AlgorithmDialog

    made = []

    def dialog(name, parameters=None):
        made.append(AlgorithmDialog(provider.algorithm(name).create()))
        made[-1].setParameters(parameters or {})
        return made[-1]

    yield dialog
    for each in made:
        each.close()
        each.deleteLater()


def wrapper_of(dialog, name):
    return dialog.mainWidget().wrappers[name]


def line(dialog, name, until, seconds=10.0):
    """Return what stands beneath a parameter as soon as it makes ``until(text)`` true; what stands there at last if none does."""
    from qgis.PyQt.QtWidgets import QApplication

    label, end = wrapper_of(dialog, name).line, time.monotonic() + seconds
    while not until(label.text()) and time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.01)
    return label.text()


@pytest.mark.parametrize(("algorithm", "parameter", "empty"), [
    ("classifypixels", "MODEL", SHIPPED), ("trainrefinementstage", "MODEL", SHIPPED), ("extractroads", "MODEL", SHIPPED),
    ("trainroadextractor", "PRETRAINED_MODEL", ""), ("trainandextract", "PRETRAINED_MODEL", ""),
])
def test_beneath_a_model_stands_what_it_is(dialogs, tmp_path, algorithm, parameter, empty):
    from roadsmith.processing_provider.shipped_model import shipped_model

    dialog = dialogs(algorithm)
    assert line(dialog, parameter, bool, 10 if empty else 0.5).startswith(empty)
    dialog.setParameters({parameter: shipped_model()})
    assert line(dialog, parameter, lambda text: text.startswith("efficient_unet, 1 m per pixel"))
    assert wrapper_of(dialog, parameter).parameterValue() == shipped_model()
    (tmp_path / "picture.dlpk").write_bytes(b"no model")
    # typed, or dropped on it
    wrapper_of(dialog, parameter).line.parent().focusProxy().setFilePath(str(tmp_path / "picture.dlpk"))
    assert line(dialog, parameter, lambda text: "no model package" in text) == (
        "picture.dlpk is no model package that can be read: copy it again, or choose another one."
    )
    assert wrapper_of(dialog, parameter).line.font().bold()


@pytest.mark.parametrize("algorithm", ["trainroadextractor", "trainrefinementstage", "previewtrainingdata"])
def test_beneath_training_data_stands_what_they_are(dialogs, tmp_path, algorithm):
    folder = str(folder_of(tmp_path / "chips", own=OWN))
    dialog = dialogs(algorithm, {"TRAINING_DATA": folder})  # as the history and execAlgorithmDialog set it
    assert line(dialog, "TRAINING_DATA", bool).startswith("3 chip(s) of 256 pixels; 0.6 m per pixel")
    assert dialog.createProcessingParameters()["TRAINING_DATA"] == folder
    assert not wrapper_of(dialog, "TRAINING_DATA").line.isHidden()


def test_the_value_is_that_of_qgis_own_widget(dialogs, tmp_path):
    """Spaces, quotes, an empty value: whatever the plain widget makes of them."""
    from qgis.core import QgsProcessingContext
    from qgis.gui import QgsGui, QgsProcessingGui

    dialog = dialogs("classifypixels")
    ours = wrapper_of(dialog, "MODEL")
    plain = QgsGui.processingGuiRegistry().createParameterWidgetWrapper(
        ours.parameterDefinition(), QgsProcessingGui.WidgetType.Standard
    )
    widget = plain.createWrappedWidget(QgsProcessingContext())
    for value in ("", None, "/a b/c'd.dlpk", "/x.emd"):
        plain.setParameterValue(value, QgsProcessingContext())
        ours.setParameterValue(value, QgsProcessingContext())
        assert ours.parameterValue() == plain.parameterValue()
    widget.deleteLater()


def test_who_listens_to_the_dialog_hears_of_changes(dialogs, tmp_path):
    wrapper, heard = wrapper_of(dialogs("classifypixels"), "MODEL"), []
    wrapper.widgetValueHasChanged.connect(heard.append)
    wrapper.line.parent().focusProxy().setFilePath("/x.dlpk")
    assert heard and all(each is wrapper for each in heard)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a file that never answers")
def test_a_disk_that_does_not_answer_holds_up_nobody(dialogs, tmp_path):
    """A pipe into which nobody writes stands for a network drive that is gone: whoever opens it waits."""
    from qgis.PyQt.QtWidgets import QApplication

    pipe = tmp_path / "m.emd"
    os.mkfifo(pipe)
    dialog, slowest = dialogs("classifypixels", {"MODEL": str(pipe)}), 0.0
    end = time.monotonic() + 10
    while "does not answer" not in wrapper_of(dialog, "MODEL").line.text() and time.monotonic() < end:
        started = time.perf_counter()
        QApplication.processEvents()
        slowest = max(slowest, time.perf_counter() - started)
        time.sleep(0.005)
    assert line(dialog, "MODEL", bool) == f"{pipe} does not answer yet…"
    assert slowest < 0.5  # 0.05 on a machine of its own
    dialog.setParameters({"MODEL": ""})
    assert line(dialog, "MODEL", lambda text: text.startswith(SHIPPED)).startswith(SHIPPED)
    pipe.write_text(json.dumps({}))  # lets the thread go; what it read is not shown any more
    assert line(dialog, "MODEL", lambda text: not text.startswith(SHIPPED), 0.3).startswith(SHIPPED)


def test_a_dialog_may_be_closed_before_the_answer(provider, tmp_path):
    from processing.gui.AlgorithmDialog import AlgorithmDialog
    from qgis.PyQt import sip
    from qgis.PyQt.QtWidgets import QApplication

    dialog = AlgorithmDialog(provider.algorithm("classifypixels").create())
    wrapper = wrapper_of(dialog, "MODEL")
    sip.delete(dialog)
    end = time.monotonic() + 0.5
    while time.monotonic() < end:
        QApplication.processEvents()  # an exception in a slot fails the test: PyQt aborts
        time.sleep(0.01)
    assert sip.isdeleted(wrapper.line)


@pytest.mark.parametrize(("algorithm", "parameter"), [("classifypixels", "MODEL"), ("trainroadextractor", "TRAINING_DATA")])
def test_a_batch_has_the_plain_widget(provider, algorithm, parameter):
    from processing.gui.BatchAlgorithmDialog import BatchAlgorithmDialog
    from qgis.core import QgsProcessingContext
    from roadsmith.plugin.path_widget import FactsWrapper

    dialog = BatchAlgorithmDialog(provider.algorithm(algorithm).create())
    panel = dialog.mainWidget()
    [wrapper] = [each for each in panel.wrappers[0] if each is not None and each.parameterDefinition().name() == parameter]
    assert not isinstance(wrapper, FactsWrapper)
    wrapper.setParameterValue("/some/where", QgsProcessingContext())
    assert wrapper.parameterValue() == "/some/where"
    dialog.close()
    dialog.deleteLater()


def test_the_model_designer_has_its_own_widget(provider):
    from processing.modeler.ModelerParametersDialog import ModelerParametersDialog
    from qgis.core import QgsProcessingModelAlgorithm, QgsProcessingModelChildParameterSource
    from qgis.gui import QgsProcessingModelerParameterWidget

    model = QgsProcessingModelAlgorithm("m", "g")
    dialog = ModelerParametersDialog(provider.algorithm("classifypixels").create(), model)
    wrapper = dialog.widget.widget.wrappers["MODEL"]
    assert isinstance(wrapper, QgsProcessingModelerParameterWidget)
    wrapper.setWidgetValue(QgsProcessingModelChildParameterSource.fromStaticValue("/m.dlpk"))
    assert wrapper.value().staticValue() == "/m.dlpk"
    dialog.close()
    dialog.deleteLater()
