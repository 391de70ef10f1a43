"""The training monitor in a window that nobody sees."""

import json
import time
from pathlib import Path

import pytest

from .test_monitor_run import HEADER, epoch, held, write  # noqa: F401 - a fixture


@pytest.fixture
def runs(tmp_path, monkeypatch):
    monkeypatch.setenv("ROADSMITH_RUNS", str(tmp_path / "runs"))
    return tmp_path / "runs"


@pytest.fixture
def dock(qgis_app, runs):
    from roadsmith.plugin.monitor_dock import MonitorDock

    dock = MonitorDock()
    dock.resize(420, 800)
    yield dock
    dock.stop_watching()
    dock.deleteLater()


def pixels(widget):
    image = widget.grab().toImage()
    return {image.pixelColor(x, y).name() for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)}


def write_picture(path, size=16, crs=None, colour=(255, 140, 0)):
    """A picture as the worker writes it, red, green, blue and opacity."""
    from osgeo import gdal, osr

    memory = gdal.GetDriverByName("MEM").Create("", size, size, 4)
    for band, value in enumerate((*colour, 255), 1):
        memory.GetRasterBand(band).Fill(value)
    if crs:
        reference = osr.SpatialReference()
        reference.ImportFromEPSG(crs)
        memory.SetProjection(reference.ExportToWkt())
        memory.SetGeoTransform((500000, 1, 0, 5000000, 0, -1))
    gdal.GetDriverByName("PNG").CreateCopy(str(path), memory)


def write_chip(folder, number, crs=32633):
    for name in ("image_0.png", "truth_0.png", f"prediction_0_epoch_{number}.png"):
        write_picture(folder / name, crs=crs)
    chip = {"image": "image_0.png", "truth": "truth_0.png", "prediction": f"prediction_0_epoch_{number}.png", "on_map": bool(crs)}
    return {"kind": "pictures", "epoch": number, "chips": [chip]}


def test_without_a_training_it_says_what_to_do(dock):
    dock.look()
    assert dock.run is None and "Train road extractor" in dock.panel.summary.text()
    assert not any(button.isEnabled() for button in (dock.panel.stop, dock.panel.cancel, dock.panel.report))
    assert not dock.pictures.add_to_map.isEnabled()


def test_the_curves_are_those_of_the_journal(dock, runs, held):  # noqa: F811
    folder = write(
        runs / "20240101-000000-a", HEADER, {"kind": "step", "epoch": 0.5, "loss": 3.0, "learning_rate": 0.01},
        {"kind": "device", "name": "GPU (8 GB)", "precision": "bfloat16"},
    )
    held(folder)
    (folder / "status.json").write_text(json.dumps({"fraction": 0.25, "seconds_left": 75, "memory": [3 * 2**30, 8 * 2**30]}))
    dock.look()
    assert dock.panel.summary.text() == "Running, epoch 1 of 5, 1 min 15 s left"
    assert dock.panel.device.text() == "GPU (8 GB), bfloat16: 3.0 of 8.0 GB memory in use" and dock.panel.progress.value() == 250
    assert [list(curve.points) for curve in dock.curves.loss.curves] == [[(0.5, 3.0)]]  # until the first epoch is over
    write(folder, epoch(1, dice=0.25, learning_rate=0.02), epoch(2, dice=0.5, learning_rate=0.001))
    dock.look()
    training, validation = dock.curves.loss.curves
    assert list(training.points) == [(1, 1.0), (2, 0.5)] and list(validation.points) == [(1, 2.0), (2, 1.0)]
    assert list(dock.curves.score.curves[0].points) == [(1, 0.25), (2, 0.5)]
    assert list(dock.curves.rate.curves[0].points) == [(0.5, 0.01), (1, 0.02), (2, 0.001)]
    dock.curves.metric.setCurrentText("miou")
    assert dock.curves.score.curves == []  # this training does not tell it
    item = dock.list.topLevelItem(0)
    assert [item.text(column) for column in (0, 1, 2, 3)] == ["town", "running", "2/5", "dice 0.500 (2)"]


def test_a_training_is_there_before_its_first_epoch_and_says_what_it_does(dock, runs, held):  # noqa: F811
    folder = write(runs / "20240101-000000-a", HEADER)
    held(folder)
    shown = []
    for line in (
        None, {"kind": "phase", "text": "Reading training data"}, {"kind": "phase", "text": "Finding a learning rate"},
        {"kind": "phase", "text": "Fold 1 of 3: Training"}, {**HEADER, "network": "linknet"},
        {"kind": "phase", "text": "Training"}, {"kind": "step", "epoch": 0.5, "loss": 3.0, "learning_rate": 0.01}, epoch(1),
    ):
        write(folder, *([line] if line else []))
        dock.look()
        shown.append((dock.list.topLevelItem(0).text(1), dock.panel.summary.text()))
    assert shown == [
        ("running", "Running, epoch 1 of 5"), ("reading the training data", "Reading the training data"),
        ("searching for a learning rate", "Searching for a learning rate"), ("Fold 1 of 3: Training", "Fold 1 of 3: Training"),
        ("Fold 1 of 3: Training", "Fold 1 of 3: Training"), ("first epoch", "Running, epoch 1 of 5"),
        ("first epoch", "Running, epoch 1 of 5"), ("running", "Running, epoch 2 of 5"),
    ]
    assert dock.panel.title.text() == "town (linknet)" and dock.list.topLevelItemCount() == 1
    assert dock.panel.stop.isEnabled() and dock.panel.cancel.isEnabled()


def test_both_curves_are_drawn_on_light_and_on_dark_ground(dock, qgis_app):
    from qgis.PyQt.QtGui import QColor, QPalette
    from roadsmith.plugin.monitor_colours import ink
    from roadsmith.plugin.monitor_plot import Curve

    plot = dock.curves.loss
    plot.resize(300, 200)
    plot.show_curves("Loss", [Curve("a", [(0, 0.0), (1, float("nan")), (4, 4.0)]), Curve("b", [(0, 4.0), (4, 0.0)])], (0, 4))
    assert [list(curve.points) for curve in plot.curves] == [[(0, 0), (4, 4)], [(0, 4), (4, 0)]]
    for ground, colours in (("#ffffff", {"#0072b2", "#d55e00"}), ("#202020", {"#56b4e9", "#e69f00"})):
        palette = plot.palette()
        palette.setColor(QPalette.ColorRole.Base, QColor(ground))
        palette.setColor(QPalette.ColorRole.Text, QColor("#000000"))  # as QGIS's dark theme leaves it
        plot.setPalette(palette)
        assert {ground, *colours} <= pixels(plot)
        assert abs(ink(plot).lightness() - QColor(ground).lightness()) > 150


def test_the_buttons_leave_requests(dock, runs, held, monkeypatch):  # noqa: F811
    from qgis.PyQt.QtWidgets import QMessageBox

    folder = write(runs / "20240101-000000-a", HEADER, epoch(1))
    held(folder)
    dock.look()
    assert dock.panel.stop.isEnabled() and dock.panel.cancel.isEnabled()
    dock.panel.stop.click()
    assert (folder / "request").read_text() == "stop" and "stopping early" in dock.panel.summary.text()
    assert not dock.panel.stop.isEnabled() and dock.panel.cancel.isEnabled()
    monkeypatch.setattr(QMessageBox, "question", lambda *arguments: QMessageBox.StandardButton.No)
    dock.panel.cancel.click()
    assert (folder / "request").read_text() == "stop"
    monkeypatch.setattr(QMessageBox, "question", lambda *arguments: QMessageBox.StandardButton.Yes)
    dock.panel.cancel.click()
    assert (folder / "request").read_text() == "cancel" and not dock.panel.cancel.isEnabled()


def test_past_runs_are_there_and_their_report_opens(dock, runs, tmp_path, monkeypatch):
    from qgis.PyQt.QtGui import QDesktopServices

    report = tmp_path / "model metrics.html"
    report.touch()
    write(runs / "20240101-000000-a", HEADER, epoch(1, dice=0.5), {"kind": "model", "folder": "/m/old", "report": str(report)},
          {"kind": "end", "state": "finished", "text": ""})
    write(runs / "20240102-000000-b", HEADER, epoch(1), {"kind": "end", "state": "failed", "text": "The disk is full."})
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    for _ in range(5):
        dock.look()
    assert [dock.list.topLevelItem(row).text(0) for row in range(2)] == ["town", "old"]
    assert dock.panel.remark.text() == "The disk is full." and not dock.panel.report.isEnabled()
    dock.list.itemActivated.emit(dock.list.topLevelItem(0), 0)
    assert opened == []
    dock.list.setCurrentItem(dock.list.topLevelItem(1))
    assert dock.run.name == "old" and dock.panel.report.isEnabled() and not dock.panel.stop.isEnabled()
    dock.list.itemActivated.emit(dock.list.topLevelItem(1), 0)
    assert [Path(path) for path in opened] == [report]


def test_a_training_that_begins_is_shown_at_once_but_takes_nobody_from_a_running_one(dock, runs, held):  # noqa: F811
    write(runs / "20240101-000000-a", HEADER, {"kind": "end", "state": "finished"})
    dock.look()
    held(write(runs / "20240102-000000-b", HEADER))
    dock.look()
    assert dock.run.folder.name == "20240102-000000-b"
    held(write(runs / "20240103-000000-c", HEADER))
    dock.look()
    assert dock.run.folder.name == "20240102-000000-b" and dock.list.topLevelItemCount() == 3


def test_the_samples_lie_on_the_map_and_follow_the_epochs(dock, runs, held, qgis_app):  # noqa: F811
    from qgis.core import QgsProject

    project = QgsProject.instance()
    project.clear()
    folder = runs / "20240101-000000-a"
    folder.mkdir(parents=True)
    held(write(folder, HEADER, epoch(1), write_chip(folder, 1)))
    dock.look()
    assert dock.pictures.heading.text() == "Validation chips after epoch 1"
    dock.pictures.grid.resize(200, 100)
    assert "#ff8c00" in pixels(dock.pictures.grid)
    dock.pictures.add_to_map.click()
    dock.pictures.add_to_map.click()  # once is enough
    layers = {layer.name(): layer for layer in project.mapLayers().values()}
    assert sorted(layers) == ["Prediction 1", "Truth 1"]
    assert layers["Truth 1"].crs().authid() == "EPSG:32633" and layers["Truth 1"].extent().xMinimum() == 500000
    group = project.layerTreeRoot().findGroup("Training of town")
    assert [node.name() for node in group.children()] == ["Prediction 1", "Truth 1"]
    write(folder, write_chip(folder, 2))
    dock.look()
    assert layers["Prediction 1"].source().endswith("prediction_0_epoch_2.png") and layers["Prediction 1"].isValid()
    assert layers["Truth 1"].source().endswith("truth_0.png")
    project.clear()


def test_chips_without_a_place_are_shown_but_not_on_the_map(dock, runs, held):  # noqa: F811
    folder = runs / "20240101-000000-a"
    folder.mkdir(parents=True)
    held(write(folder, HEADER, epoch(1), write_chip(folder, 1, crs=None)))
    dock.look()
    assert dock.pictures.heading.text() == "Validation chips after epoch 1" and not dock.pictures.add_to_map.isEnabled()


def test_the_menu_entry_shows_hides_and_remembers(qgis_app, runs):
    from qgis.PyQt.QtWidgets import QMainWindow
    from roadsmith.plugin.monitor_hook import TrainingMonitor

    class Window:
        def __init__(self):
            self.main, self.actions = QMainWindow(), []

        def mainWindow(self):
            return self.main

        def addPluginToRasterMenu(self, menu, action):
            self.actions.append(action)

        def removePluginRasterMenu(self, menu, action):
            self.actions.remove(action)

        def addDockWidget(self, area, dock):
            self.main.addDockWidget(area, dock)

        def removeDockWidget(self, dock):
            self.main.removeDockWidget(dock)

    window = Window()
    window.main.show()
    monitor = TrainingMonitor(window, "Roadsmith")
    assert [action.text() for action in window.actions] == ["Training monitor"] and monitor.dock is None
    monitor.action.trigger()
    assert monitor.dock.isVisible() and monitor.dock._timer.isActive()
    monitor.remove()
    again = TrainingMonitor(window, "Roadsmith")
    assert again.dock is not None and again.action.isChecked()
    again.dock.close()
    assert not again.action.isChecked() and not again.dock._timer.isActive()
    again.remove()
    assert window.actions == [] and TrainingMonitor(window, "Roadsmith").dock is None


def test_a_real_training_is_watched_and_stopped_early(provider, dock, runs, tmp_path, feedback, monkeypatch):
    """Started as the toolbox starts it, in a thread; the dock sees its epochs, stops it, and finds its report."""
    import threading

    from qgis.PyQt.QtWidgets import QApplication

    from ..processing_provider.pairs import train, write_pairs

    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    data = write_pairs(tmp_path / "pairs", 8)
    results, slowest = [], 0.0
    tiny = {"EPOCHS": 200, "CHIP_SIZE": 32, "MODEL_TYPE": "resunet", "BASE_WIDTH": 8, "LEARNING_RATE": 0.001}
    work = threading.Thread(target=lambda: results.append(train(data, tmp_path / "model", feedback, **tiny)))
    work.start()
    until = time.monotonic() + 90
    while work.is_alive() and time.monotonic() < until:
        started = time.perf_counter()
        dock.look()
        slowest = max(slowest, time.perf_counter() - started)
        if dock.run is not None and len(dock.run.epochs) >= 2 and dock.panel.stop.isEnabled():
            dock.panel.stop.click()
        QApplication.processEvents()
        time.sleep(0.05)
    work.join(10)
    dock.look()
    dock.look()
    assert results and 2 <= results[0]["EPOCHS_RUN"] < 200
    run = dock.run
    assert run.state == "finished" and len(run.epochs) == results[0]["EPOCHS_RUN"]
    assert run.report == Path(results[0]["REPORT"]) and dock.panel.report.isEnabled()
    assert len(dock.curves.loss.curves[0].points) == len(run.epochs)
    assert dock.pictures.grid._rows and not any(image.isNull() for row in dock.pictures.grid._rows for image in row)
    assert slowest < 1.0  # 0.1 on a machine of its own
