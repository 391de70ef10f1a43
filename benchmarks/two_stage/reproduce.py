"""The experiment of Li, Comer and Zerubia (2022) in one command: five first networks, a CUnet over each, a sweep over w.

    python benchmarks/two_stage/reproduce.py OUTPUT --train DIR [DIR …] --validation DIR --test DIR
        [--networks unet8 unet32 segnet resunet dlinknet] [--weights 1.0 1.03 1.05 1.11] [--first '{"epochs": 60}']
        [--second '{"epochs": 40}'] [--augment 1]

``DIR`` is any folder that Train Road Extractor reads: images and masks as Massachusetts Roads and DeepGlobe ship them, or chips.
Interrupted and started again it goes on where it was; ``OUTPUT/table.md`` is written after every step, with the published
figures beside ours. ``--first`` and ``--second`` are any fields of the jobs ``TrainRoadExtractor`` and ``TrainRefinementStage``
(``engine/jobs.py``), for shorter trainings or smaller networks. Run it with the worker's Python.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "accuracy"))
from connectivity import COLUMNS, connectivity
from published import BY_NETWORK, BY_WEIGHT
from score import load_package, predicted, scores_of

#: What Train Road Extractor calls the paper's first networks.
NETWORKS: dict[str, dict[str, Any]] = {
    "unet8": {"model_type": "unet", "base_width": 8},
    "unet32": {"model_type": "unet", "base_width": 32},
    "segnet": {"model_type": "segnet"},
    "resunet": {"model_type": "resunet"},
    "dlinknet": {"model_type": "dlinknet", "backbone": "resnet34"},
}
#: The paper's weight of key pixels, and the first network of its sweep.
WEIGHT, SWEPT = 1.03, "resunet"
SCORES = ("iou", "f1", "precision", "recall", "relaxed_f1")
#: The paper's threshold.
THRESHOLD = 0.5


class Experiment:
    """Trains what is not trained yet, scores what is not scored yet, and writes the table."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options, self._output = options, options.output
        self._tiles = test_tiles(options.test, self._output / "test")
        self._results: dict[str, dict[str, float]] = {}
        if self._file.is_file():
            self._results = json.loads(self._file.read_text(encoding="utf-8"))

    @property
    def _file(self) -> Path:
        return Path(self._output / "results.json")

    def run(self) -> None:
        """Do all of it."""
        for name in self._options.networks:
            self._step(name, "TrainRoadExtractor", NETWORKS[name] | self._options.first)
            self._second(name, WEIGHT)
        if SWEPT in self._options.networks:
            for weight in self._options.weights:
                self._second(SWEPT, weight)

    def _second(self, name: str, weight: float) -> None:
        first = {"first_model": str(self._output / name / f"{name}.dlpk"), "key_pixel_weight": weight}
        self._step(f"{name}_cunet_{weight:.2f}", "TrainRefinementStage", first | self._options.second)

    def _step(self, name: str, kind: str, settings: dict[str, Any]) -> None:
        if name not in self._results:
            self._results[name] = {**train(self._output / name, kind, settings, self._options), **self._scored(name)}
            self._file.write_text(json.dumps(self._results, indent=2), encoding="utf-8")
        (self._output / "table.md").write_text(self.table(), encoding="utf-8")
        print(name, {key: round(value, 4) for key, value in self._results[name].items()}, flush=True)

    def _scored(self, name: str) -> dict[str, float]:
        model = str(self._output / name / f"{name}.dlpk")
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            tiles = predicted(model, self._tiles, self._options.augment, folder)
            figures = scores_of(tiles, THRESHOLD)
            return {**{each: figures[each] for each in SCORES}, **connectivity(tiles, THRESHOLD, folder)}

    def table(self) -> str:
        """Return both tables as Markdown."""
        columns = (*SCORES, *COLUMNS, "minutes", "epochs")
        lines = [
            f"{len(self._tiles)} test images, threshold {THRESHOLD:g}, test-time augmentation {self._options.augment}", "",
            "| network | stage | IoU published | F1 published | " + " | ".join(columns) + " |",
            "|---" * (len(columns) + 4) + "|",
        ]
        for name in self._options.networks:
            for stage, key, known in (("one", name, 0), ("two", f"{name}_cunet_{WEIGHT:.2f}", 1)):
                if key in self._results:
                    published = " | ".join(f"{each:.4f}" for each in BY_NETWORK[name][known])
                    cells = " | ".join(f"{self._results[key][column]:.4g}" for column in columns)
                    lines.append(f"| {name} | {stage} | {published} | {cells} |")
        lines += ["", f"Weight of key pixels, over {SWEPT}:", "", "| w | IoU published | IoU |", "|---|---|---|"]
        for weight, published_iou in BY_WEIGHT.items():
            result = self._results.get(f"{SWEPT}_cunet_{weight:.2f}")
            if result is not None:
                lines.append(f"| {weight:.2f} | {published_iou:.4f} | {result['iou']:.4f} |")
        return "\n".join(lines) + "\n"


def train(output: Path, kind: str, settings: dict[str, Any], options: argparse.Namespace) -> dict[str, float]:
    """Train a network unless its package is there; return minutes and epochs."""
    from roadsmith.engine import jobs
    from roadsmith.engine.events import Log, Metric, Warn
    from roadsmith.engine.reporter import Reporter
    from roadsmith.engine.training.train import train_road_extractor

    def say(event: Any) -> None:
        if isinstance(event, (Log, Warn)):
            print(f"{output.name}: {event.text}", flush=True)
        elif isinstance(event, Metric):
            print(f"{output.name}: {event.name} {event.step}: dice {event.values['dice']:.4f}", flush=True)

    started = time.monotonic()
    if not (output / f"{output.name}.dlpk").is_file():
        job = getattr(jobs, kind)(
            training_data=[str(each) for each in options.train], validation_data=[str(each) for each in options.validation],
            output_folder=str(output), resume=True, **settings,
        )
        train_road_extractor(job, Reporter(say))
    log = (output / "training_log.jsonl").read_text(encoding="utf-8").splitlines()
    seconds = sum(json.loads(line)["seconds"] for line in log)
    return {"minutes": max(seconds, 0.0) / 60, "epochs": len(log), "wall_minutes": (time.monotonic() - started) / 60}


def test_tiles(source: Path, target: Path) -> list[Path]:
    """Return test images as GeoTIFF, each with ``N_truth.tif`` beside it; made of images and masks if they are not there yet."""
    from massachusetts import write
    from rasterio import Affine
    from roadsmith.engine.chips.reading.folder import open_training_folder, read_chip

    ready = sorted(each for each in source.glob("*.tif") if each.with_name(f"{each.stem}_truth.tif").is_file())
    if ready:
        return ready
    folder = open_training_folder(str(source))
    tiles = []
    for number, chip in enumerate(folder.chips):
        tiles.append(target / f"{number}.tif")
        if not tiles[-1].is_file():
            image, label = read_chip(chip)
            place = Affine(folder.cell_metres[0], 0, 0, 0, -folder.cell_metres[1], 0)
            write(target / f"{number}_truth.tif", label[None], place, nodata=255)
            write(tiles[-1], image, place)
    return tiles


def main() -> None:
    """Run the experiment."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", type=Path)
    for name in ("--train", "--validation"):
        parser.add_argument(name, type=Path, nargs="+", required=True)
    parser.add_argument("--test", type=Path, required=True)
    parser.add_argument("--networks", nargs="+", choices=NETWORKS, default=list(NETWORKS))
    parser.add_argument("--weights", nargs="+", type=float, choices=BY_WEIGHT, default=list(BY_WEIGHT))
    parser.add_argument("--first", type=json.loads, default={})
    parser.add_argument("--second", type=json.loads, default={})
    parser.add_argument("--augment", type=int, default=1)
    options = parser.parse_args()
    load_package()
    options.output.mkdir(parents=True, exist_ok=True)
    Experiment(options).run()
    print((options.output / "table.md").read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
