"""The main job on the sample, through ``qgis_process``: export → train → classify → vectorise → picture, in ``demo/``."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

from machine import ROOT, ensure_qgis, ensure_worker_python, fail, qgis_environment, run_algorithm, say

DEMO = ROOT / "demo"
IMAGERY = ROOT / "examples" / "data" / "swellendam_orthophoto.tif"
ROADS = ROOT / "examples" / "data" / "swellendam_roads.fgb"

#: Finer than the imagery's own 2.5 m, at which a road is too thin for the network's first layers.
CELL_SIZE = 1.5
TILE_SIZE = 128
#: Measured on two cores: ten epochs take about three minutes and reach a Dice of 0.3 on a block of the town, never trained on.
TRAINING = {
    "BACKBONE": "resnet18", "EPOCHS": 10, "BATCH_SIZE": 4, "LEARNING_RATE": 0.001, "EARLY_STOPPING": "false", "MONITOR": "dice",
}


def step(program: str, name: str, parameters: dict[str, object], shown: dict[str, str]) -> dict[str, str]:
    """Run one algorithm and print the figures in ``shown`` (output name: wording)."""
    say(f"\n{name}")
    started = time.monotonic()
    results = run_algorithm(program, name, parameters)
    figures = ", ".join(f"{wording} {_rounded(results[output])}" for output, wording in shown.items())
    say(f"  → {figures}; {time.monotonic() - started:.0f} s")
    return results


def _rounded(text: str) -> str:
    try:
        return f"{float(text):.4g}"
    except ValueError:
        return text


def main() -> None:
    """Run the demo."""
    started = time.monotonic()
    program, python = ensure_qgis()
    say("\nPython environment of the worker (made once, about two minutes)")
    say(f"  → {ensure_worker_python(program)}")
    shutil.rmtree(DEMO, ignore_errors=True)
    DEMO.mkdir()
    export = {
        "INPUT": IMAGERY, "LABELS": ROADS, "ROAD_WIDTH": 10, "CELL_SIZE": CELL_SIZE,
        "TILE_SIZE": TILE_SIZE, "STRIDE": TILE_SIZE, "OUTPUT": DEMO / "training_data",
    }
    step(program, "exporttrainingdata", export, {"TILE_COUNT": "chips", "ROAD_SHARE": "share of road pixels"})
    training = {"TRAINING_DATA": DEMO / "training_data", "OUTPUT": DEMO / "road_model", **TRAINING}
    figures = {"EPOCHS_RUN": "epochs", "ACCURACY": "accuracy", "MIOU": "mean IoU", "DICE": "Dice on chips never trained on"}
    model = step(program, "trainroadextractor", training, figures)["MODEL"]
    classify = {
        "INPUT": IMAGERY, "MODEL": model, "OUTPUT": DEMO / "roads.tif", "PROBABILITY": DEMO / "probability.tif",
    }
    figures = {"ROAD_SHARE": "share of road pixels", "THRESHOLD_USED": "threshold"}
    threshold = step(program, "classifypixels", classify, figures)["THRESHOLD_USED"]
    vectorise = {
        "INPUT": DEMO / "probability.tif", "THRESHOLD": threshold, "OUTPUT": DEMO / "roads.gpkg", "MIN_DANGLE": 30,
        "MIN_COMPONENT": 150,
    }
    step(program, "rastertoroadvector", vectorise, {"EDGE_COUNT": "lines", "LENGTH_KM": "kilometres of road"})
    draw(python, DEMO / "roads.png")
    minutes = (time.monotonic() - started) / 60
    say(f"\nDone in {minutes:.1f} minutes. Look at {DEMO}/roads.png, open {DEMO}/roads.gpkg in QGIS.")


def draw(python: str, target: Path) -> None:
    """Draw the roads over the imagery."""
    command = [python, str(ROOT / "tools" / "draw_roads.py"), str(IMAGERY), str(DEMO / "roads.gpkg"), str(target)]
    if subprocess.call(command, env=qgis_environment()) != 0 or not target.is_file():
        fail("The picture could not be drawn, see above.")


if __name__ == "__main__":
    main()
