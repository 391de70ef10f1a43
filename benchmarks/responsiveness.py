"""Whether QGIS's window stays responsive while Roadsmith works: ``QGIS_PYTHON benchmarks/responsiveness.py [PHASE …]``.

Starts a real QGIS with an empty profile and this checkout as its plugin, under Xvfb where that is installed, and runs the tools
from their dialogs as a user does. Meanwhile a timer of 5 ms in the window's thread notes how long it was kept from ticking. Needs
``ROADSMITH_PYTHON`` or an environment that was set up. Phases: dialogs, setup, export, training, classification, vector.

For each phase the longest gap between two ticks, what 99.9 % of the gaps stay below, and of the longest gap the time that the
window's thread computed (cpu) and waited for a processor that others had (queue, Linux only): with all cores busy a window
is starved, not blocked, and what is left of the gap without the queue is what counts against the limit of 100 ms. Where a gap
exceeds 80 ms, the Python code that the window's thread ran then is printed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

TASK = "ROADSMITH_RESPONSIVENESS"
LIMIT_MS, SUSPECT_S, TICK_MS = 100, 0.08, 5
#: Longest time that a tool may take on a busy machine.
PATIENCE_S = 900
#: The middle of the sample.
TOWN = "20.5150,20.5263,-34.0505,-34.0420 [EPSG:4326]"
PHASES = ["dialogs", "setup", "export", "training", "classification", "vector"]


def main() -> None:
    """Start QGIS with this file as its script, and print what it wrote down."""
    root = Path(__file__).resolve().parent.parent
    with tempfile.TemporaryDirectory(prefix="roadsmith-responsiveness-") as folder:
        work = Path(folder)
        profile = work / "profile" / "profiles" / "default"
        (work / "plugins").mkdir()
        (work / "plugins" / "roadsmith").symlink_to(root, target_is_directory=True)
        (profile / "QGIS").mkdir(parents=True)
        (profile / "QGIS" / "QGIS3.ini").write_text("[PythonPlugins]\nroadsmith=true\n", encoding="utf-8")
        task = {"work": folder, "data": str(root / "examples" / "data"), "phases": sys.argv[1:] or PHASES}
        environment = {
            **os.environ, "QGIS_CUSTOM_CONFIG_PATH": str(work / "profile"), "QGIS_PLUGINPATH": str(work / "plugins"),
            "ROADSMITH_RUNS": str(work / "runs"), TASK: json.dumps(task),
        }
        environment.pop("QT_QPA_PLATFORM", None)
        program = shutil.which("qgis.bin") or shutil.which("qgis") or sys.exit("QGIS was not found on the PATH.")
        screen = shutil.which("xvfb-run")
        command = [*([screen, "-a", "-s", "-screen 0 1600x1000x24"] if screen else []), program]
        log = work / "qgis.log"
        with log.open("wb") as output:
            subprocess.run(
                [*command, "--nologo", "--noversioncheck", "--code", __file__], env=environment, cwd=folder, stdout=output,
                stderr=subprocess.STDOUT, check=False,
            )
        answer, complete = work / "answer.json", work / "complete"
        if answer.is_file():
            show(json.loads(answer.read_text(encoding="utf-8")))
        if not complete.is_file():
            sys.exit(f"QGIS ended before it was done:\n{log.read_text(encoding='utf-8', errors='replace')[-3000:]}")


def show(phases: list[dict[str, Any]]) -> None:
    """Print a line a phase, then what was running in the long gaps."""
    print(f"{'phase':<28}{'s':>6}{'longest':>9}{'cpu':>7}{'queue':>7}{'blocked':>9}{'99.9 %':>8}   limit {LIMIT_MS} ms")
    for each in phases:
        row = "".join(f"{each[name]:>{width}.0f}" for name, width in (
            ("seconds", 6), ("longest", 9), ("cpu", 7), ("queue", 7), ("blocked", 9), ("most", 8)
        ))
        print(f"{each['name']:<28}{row}   {'' if each['blocked'] <= LIMIT_MS else 'TOO LONG'}")
    for each in phases:
        if each["stacks"]:
            print(f"\n{each['name']}: what ran in gaps of more than {1000 * SUSPECT_S:.0f} ms (times seen)")
            for stack, count in sorted(each["stacks"].items(), key=lambda item: -item[1])[:8]:
                print(f"  {count} ×\n{stack}")


class Watch:
    """Ticks in the thread that makes it and notes the gaps: seconds, seconds computed, seconds waited for a processor."""

    def __init__(self) -> None:
        from qgis.PyQt.QtCore import Qt, QTimer

        self.gaps: list[tuple[float, float, float]] = []
        self._window, self._stacks, self._seen = threading.get_ident(), Counter[str](), ""
        self._schedule = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
        self._last = self._now()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(TICK_MS)
        threading.Thread(target=self._look, daemon=True).start()

    def begin(self) -> None:
        """Forget what was."""
        self.gaps, self._last, self._stacks = [], self._now(), Counter()

    def summary(self, name: str, seconds: float) -> dict[str, Any]:
        """Return the figures of the gaps since ``begin``, milliseconds."""
        longest = max(self.gaps)
        ordered = sorted(gap for gap, _, _ in self.gaps)
        return {
            "name": name, "seconds": seconds, "longest": 1000 * longest[0], "cpu": 1000 * longest[1], "queue": 1000 * longest[2],
            "blocked": 1000 * max(gap - queue for gap, _, queue in self.gaps),
            "most": 1000 * ordered[int(0.999 * (len(ordered) - 1))], "stacks": dict(self._stacks),
        }

    def _now(self) -> tuple[float, float, float]:
        try:
            queue = int(self._schedule.read_text().split()[1]) / 1e9
        except (OSError, LookupError, ValueError):
            queue = 0.0
        return time.perf_counter(), time.thread_time(), queue

    def _tick(self) -> None:
        now = self._now()
        gap = now[0] - self._last[0]
        self.gaps.append((gap, now[1] - self._last[1], now[2] - self._last[2]))
        self._last = now
        if gap > SUSPECT_S:
            self._stacks[self._seen or "    unknown: the whole process was held up, or Python's lock"] += 1
        self._seen = ""

    def _look(self) -> None:
        """Look from a thread of its own what the window's thread is doing when it has not ticked for long."""
        while True:
            time.sleep(SUSPECT_S / 8)
            if not self._seen and time.perf_counter() - self._last[0] > SUSPECT_S:
                frame = sys._current_frames().get(self._window)
                calls = traceback.extract_stack(frame)[-6:] if frame is not None else []
                lines = [f"    {Path(call.filename).name}:{call.lineno} in {call.name}" for call in reversed(calls)]
                self._seen = "\n".join(lines) or "    no Python code: Qt's and QGIS's own"


Step = Callable[[], bool]


class Session:
    """The user: opens dialogs, presses Run, waits."""

    def __init__(self, task: dict[str, Any]) -> None:
        from qgis.utils import iface

        self.iface, self.task, self.work = iface, task, Path(task["work"])
        self.watch = Watch()
        self.results: list[dict[str, Any]] = []
        self.kept: list[Any] = []

    def phases(self) -> Iterator[Step]:
        """Run all phases; yields what to wait for."""
        yield self._pause(5)  # QGIS has things of its own to do after its start
        for name in PHASES:
            if name not in self.task["phases"] and not (name == "export" and "training" in self.task["phases"]):
                continue
            for part, steps in getattr(self, f"_{name}")():
                self.watch.begin()
                began = time.monotonic()
                yield from steps
                yield self._pause(1)
                self.results.append(self.watch.summary(part, time.monotonic() - began))
                (self.work / "answer.json").write_text(json.dumps(self.results), encoding="utf-8")
        (self.work / "complete").touch()

    def _dialogs(self) -> Iterator[tuple[str, Iterator[Step]]]:
        # the first dialog of all loads Processing's own modules
        for title, algorithm in (
            ("first dialog (QGIS's Buffer)", "native:buffer"), ("dialog of QGIS's Buffer", "native:buffer"),
            ("dialog of Classify pixels", "roadsmith:classifypixels"),
            ("dialog of Train road extr.", "roadsmith:trainroadextractor"),
            ("dialog of Extract roads", "roadsmith:extractroads"),
        ):
            yield title, self._open(algorithm)

    def _open(self, algorithm: str) -> Iterator[Step]:
        import processing

        dialog = processing.createAlgorithmDialog(algorithm, {})
        dialog.show()
        yield self._pause(1.5)
        dialog.close()

    def _setup(self) -> Iterator[tuple[str, Iterator[Step]]]:
        yield "set-up page", self._open_setup()

    def _open_setup(self) -> Iterator[Step]:
        from roadsmith.plugin.setup_dialog import show_setup

        dialog = show_setup(self.iface.mainWindow())
        yield self._pause(8)
        dialog.close()

    def _export(self) -> Iterator[tuple[str, Iterator[Step]]]:
        data = Path(self.task["data"])
        yield "export", self._tool("exporttrainingdata", {
            "INPUT": str(data / "swellendam_orthophoto.tif"), "LABELS": str(data / "swellendam_roads.fgb"), "TILE_SIZE": 128,
            "STRIDE": 128, "ROAD_WIDTH": 8, "OUTPUT": str(self.work / "chips"),
        })

    def _training(self) -> Iterator[tuple[str, Iterator[Step]]]:
        import qgis.utils

        monitor = qgis.utils.plugins["roadsmith"]._monitor
        yield "monitor opened", self._show_monitor(monitor)
        from qgis.PyQt.QtWidgets import QTabWidget

        [tabs] = monitor.dock.findChildren(QTabWidget)
        yield "training, monitor open", self._tool("trainroadextractor", {
            "TRAINING_DATA": str(self.work / "chips"), "MODEL_TYPE": "resunet", "BASE_WIDTH": 8, "EPOCHS": 3, "CHIP_SIZE": 64,
            "LEARNING_RATE": 0.001, "OUTPUT": str(self.work / "model"),
        }, lambda second: tabs.setCurrentIndex(int(second / 3) % 2))

    def _show_monitor(self, monitor: Any) -> Iterator[Step]:
        monitor.action.setChecked(True)
        yield self._pause(3)

    def _classification(self) -> Iterator[tuple[str, Iterator[Step]]]:
        yield "classification, layers load", self._tool("classifypixels", {
            "INPUT": str(Path(self.task["data"]) / "swellendam_orthophoto.tif"), "EXTENT": TOWN,
            "OUTPUT": str(self.work / "roads.tif"), "PROBABILITY": str(self.work / "probability.tif"),
        })

    def _vector(self) -> Iterator[tuple[str, Iterator[Step]]]:
        yield "raster to road vector", self._tool("rastertoroadvector", {"INPUT": str(self.work / "probability.tif")})

    def _tool(self, name: str, parameters: dict[str, Any], meanwhile: Callable[[float], None] | None = None) -> Iterator[Step]:
        """Run a tool from its dialog; the gap in which the dialog is made is not counted: it has a phase of its own."""
        import processing

        dialog = processing.createAlgorithmDialog(f"roadsmith:{name}", parameters)
        self.kept.append(dialog)
        dialog.show()
        yield self._pause(1)
        self.watch.begin()
        ended: list[bool] = []
        dialog.algorithmFinished.connect(lambda success, results: ended.append(success))
        dialog.runAlgorithm()
        began = time.monotonic()

        def over() -> bool:
            if time.monotonic() - began > PATIENCE_S:
                raise RuntimeError(f"{name} takes longer than {PATIENCE_S} s")
            if meanwhile is not None:
                meanwhile(time.monotonic() - began)
            return bool(ended)

        yield over
        yield self._pause(2)  # layers are drawn
        if not ended[0]:
            raise RuntimeError(f"{name} failed")
        dialog.close()

    @staticmethod
    def _pause(seconds: float) -> Step:
        until = time.monotonic() + seconds
        return lambda: time.monotonic() > until


def inside_qgis() -> None:
    """Go through the phases step by step from a timer, so that QGIS's own event loop runs all the while."""
    from qgis.core import QgsProject
    from qgis.PyQt.QtCore import QCoreApplication, QTimer

    session = Session(json.loads(os.environ[TASK]))
    steps, waiting, timer = session.phases(), [lambda: True], QTimer()

    def go_on() -> None:
        if not waiting[0]():
            return
        try:
            waiting[0] = next(steps)
        except StopIteration:
            timer.stop()
            QgsProject.instance().clear()  # closing asks about temporary layers
            session.iface.actionExit().trigger()
            QTimer.singleShot(3000, QCoreApplication.quit)
        except Exception as error:
            timer.stop()
            print(f"{type(error).__name__}: {error}", flush=True)
            QgsProject.instance().setDirty(False)
            QCoreApplication.exit(1)

    timer.timeout.connect(go_on)
    timer.start(20)
    session.kept.append(timer)
    globals()["_session"] = session


if __name__ == "__main__":
    if TASK in os.environ:
        inside_qgis()
    else:
        main()
