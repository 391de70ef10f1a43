"""The main job on the samples, through ``qgis_process``, in ``demo/``.

First the model that comes along, on imagery like that it learned from: imagery in, roads out. Then the same model on imagery of
another country and another scale, before and after it has learned from some known roads there.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

from machine import ROOT, ensure_qgis, ensure_worker_python, fail, qgis_environment, run_algorithm, say

DEMO = ROOT / "demo"
DATA = ROOT / "examples" / "data"
SUBURB, SUBURB_ROADS = DATA / "massachusetts_suburb.tif", DATA / "massachusetts_suburb_roads.tif"
IMAGERY, ROADS = DATA / "swellendam_orthophoto.tif", DATA / "swellendam_roads.fgb"
#: The north of the sample is learned from, the south is scored: xmin, xmax, ymin, ymax.
LEARNED = "20.4988648,20.5263148,-34.0426,-34.0251041 [EPSG:4326]"
SCORED = "20.4988648,20.5263148,-34.0626041,-34.0436 [EPSG:4326]"
#: The imagery's own 2.5 m would show the model roads half as wide as those it knows.
CELL_SIZE, ROAD_WIDTH = 1.25, 8
EXPORT = {"ROAD_WIDTH": ROAD_WIDTH, "CELL_SIZE": CELL_SIZE, "TILE_SIZE": 256, "STRIDE": 128, "EXTENT": LEARNED}
TRAINING = {
    "SHIPPED_MODEL": "true", "EPOCHS": 10, "BATCH_SIZE": 8, "LEARNING_RATE": 0.001, "EARLY_STOPPING": "false", "MONITOR": "dice",
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


def out_of_the_box(program: str, python: str) -> None:
    """Imagery in, roads out, with the model that comes along."""
    say("\n== The model that comes along, on imagery it has never seen")
    raster = DEMO / "suburb.tif"
    found = {"LENGTH_KM": "kilometres of road", "EDGE_COUNT": "lines"}
    step(program, "extractroads", {"INPUT": SUBURB, "OUTPUT": DEMO / "suburb.gpkg", "CLASSIFIED": raster}, found)
    step(program, "computeaccuracy", {
        "PREDICTION": raster, "TRUTH": SUBURB_ROADS, "IMAGERY": SUBURB, "REPORT": DEMO / "suburb.html",
    }, {"F1": "F1 against OpenStreetMap", "IOU": "IoU", "RELAXED_F1": "relaxed F1"})
    draw(python, SUBURB, DEMO / "suburb.gpkg", DEMO / "suburb.png")


def extract(program: str, name: str, model: dict[str, object]) -> float:
    """Classify the second sample, draw its roads, score the part that is never learned from; return F1."""
    classify = {"INPUT": IMAGERY, "CELL_SIZE": CELL_SIZE, "OUTPUT": DEMO / f"{name}.tif", "PROBABILITY": DEMO / f"{name}_p.tif"}
    step(program, "classifypixels", {**classify, **model}, {"ROAD_SHARE": "share of road pixels", "THRESHOLD_USED": "threshold"})
    vectorise = {"INPUT": DEMO / f"{name}_p.tif", "OUTPUT": DEMO / f"{name}.gpkg", "MIN_DANGLE": 30, "MIN_COMPONENT": 150}
    step(program, "rastertoroadvector", vectorise, {"EDGE_COUNT": "lines", "LENGTH_KM": "kilometres of road"})
    scores = step(program, "computeaccuracy", {
        "PREDICTION": DEMO / f"{name}.tif", "TRUTH": ROADS, "ROAD_WIDTH": ROAD_WIDTH, "EXTENT": SCORED, "IMAGERY": IMAGERY,
        "REPORT": DEMO / f"{name}.html",
    }, {"F1": "F1 against OpenStreetMap in the south", "RELAXED_F1": "relaxed F1"})
    return float(scores["F1"])


def fine_tuned(program: str, python: str) -> None:
    """Another country, another scale: before and after learning from known roads."""
    say("\n== The same model on imagery of another kind")
    before = extract(program, "before", {})
    say("\n== It learns from the known roads in the north of it")
    export = {"INPUT": IMAGERY, "LABELS": ROADS, "OUTPUT": DEMO / "training_data", **EXPORT}
    step(program, "exporttrainingdata", export, {"TILE_COUNT": "chips", "ROAD_SHARE": "share of road pixels"})
    training = {"TRAINING_DATA": DEMO / "training_data", "OUTPUT": DEMO / "road_model", **TRAINING}
    figures = {"EPOCHS_RUN": "epochs", "DICE": "Dice on chips never trained on"}
    model = step(program, "trainroadextractor", training, figures)["MODEL"]
    after = extract(program, "roads", {"MODEL": model})
    draw(python, IMAGERY, DEMO / "roads.gpkg", DEMO / "roads.png")
    say(f"\nF1 in the south, where it has learned nothing: {before:.3f} before, {after:.3f} after.")


def main() -> None:
    """Run the demo."""
    started = time.monotonic()
    program, python = ensure_qgis()
    say("\nPython environment of the worker (made once, about two minutes)")
    say(f"  → {ensure_worker_python(program)}")
    shutil.rmtree(DEMO, ignore_errors=True)
    DEMO.mkdir()
    out_of_the_box(program, python)
    fine_tuned(program, python)
    minutes = (time.monotonic() - started) / 60
    say(f"\nDone in {minutes:.1f} minutes. Look at suburb.png and roads.png in {DEMO}, open the .gpkg beside them in QGIS.")


def draw(python: str, imagery: Path, roads: Path, target: Path) -> None:
    """Draw the roads over the imagery."""
    command = [python, str(ROOT / "tools" / "draw_roads.py"), str(imagery), str(roads), str(target)]
    if subprocess.call(command, env=qgis_environment()) != 0 or not target.is_file():
        fail("The picture could not be drawn, see above.")


if __name__ == "__main__":
    main()
