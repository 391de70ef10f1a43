"""Scores trained models on whole tiles that they have never seen, through Classify Pixels.

    python benchmarks/accuracy/score.py TEST MODEL [MODEL …] [--augment 1] [--threshold 0] [--networks]

``TEST`` holds ``N.tif`` and ``N_truth.tif`` (see ``massachusetts.py``), each ``MODEL`` is a package of Train Road Extractor.
Printed for every model, over all tiles together: precision, recall, F1 and IoU of road, and relaxed F1 (Mnih 2013, 3 pixels), at
the package's own threshold or the one given; with ``--networks`` also how well the roads that Raster to Road Vector makes of it
agree with those it makes of the truth (APLS, completeness, correctness, dead ends and gaps). Run it with the worker's Python.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import rasterio
import torch
from connectivity import COLUMNS, connectivity

ROOT = Path(__file__).resolve().parents[2]


def load_package() -> None:
    """Make the checkout importable as ``roadsmith``."""
    import importlib.util

    spec = importlib.util.spec_from_file_location("roadsmith_bootstrap", ROOT / "engine" / "bootstrap.py")
    assert spec is not None and spec.loader is not None
    spec.loader.exec_module(importlib.util.module_from_spec(spec))


def whole_tiles(folder: Path) -> list[Path]:
    """Return the images of a folder; each has ``N_truth.tif`` beside it."""
    return sorted(each for each in folder.glob("*.tif") if not each.stem.endswith("_truth"))


def predicted(model: str, tiles: list[Path], augment: int, folder: Path) -> list[tuple[Path, Path]]:
    """Classify the tiles; return the probability raster, in ``folder``, and the truth of each."""
    from roadsmith.engine.classification.classify import classify_pixels
    from roadsmith.engine.jobs import ClassifyPixels
    from roadsmith.engine.reporter import Reporter

    found = []
    for tile in tiles:
        probability = folder / f"{tile.stem}_probability.tif"
        job = ClassifyPixels(
            raster=str(tile), model=model, output=str(folder / f"{tile.stem}_roads.tif"), probability=str(probability),
            test_time_augmentation=augment,
        )
        classify_pixels(job, Reporter())
        found.append((probability, tile.with_name(f"{tile.stem}_truth.tif")))
    return found


def scores_of(tiles: list[tuple[Path, Path]], threshold: float) -> dict[str, float]:
    """Return the scores over all tiles together: pairs of probability raster and truth."""
    from roadsmith.engine.training.metrics import RoadScores

    scores = RoadScores(threshold)
    for probability, truth in tiles:
        with rasterio.open(probability) as found_file, rasterio.open(truth) as truth_file:
            found, label = torch.from_numpy(found_file.read(1)), torch.from_numpy(truth_file.read(1))
        label[found == 255] = 255
        scores.add(found[None].float() / 254, label[None])
    return scores.figures()


def score(model: str, tiles: list[Path], augment: int, threshold: float, networks: bool = False) -> dict[str, float]:
    """Classify the tiles; return the scores and the megapixels a second."""
    from roadsmith.models.package import load_package as load_model

    threshold = threshold or load_model(model).info.threshold
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        pairs = predicted(model, tiles, augment, Path(folder))
        seconds = time.perf_counter() - started
        figures = scores_of(pairs, threshold)
        if networks:
            figures |= connectivity(pairs, threshold, Path(folder))
    megapixels = 0.0
    for tile in tiles:
        with rasterio.open(tile) as file:
            megapixels += file.width * file.height / 1e6
    return {"threshold": threshold, **figures, "Mpx/s": megapixels / seconds}


def main() -> None:
    """Score and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("test", type=Path)
    parser.add_argument("models", nargs="+")
    parser.add_argument("--augment", type=int, default=1, help="test-time augmentation: 1, 2, 4 or 8")
    parser.add_argument("--threshold", type=float, default=0.0, help="0 for each package's own")
    parser.add_argument("--networks", action="store_true", help="score the road networks too")
    options = parser.parse_args()
    load_package()
    tiles = whole_tiles(options.test)
    columns = ("threshold", "precision", "recall", "f1", "iou", "relaxed_f1", "Mpx/s", *(COLUMNS if options.networks else ()))
    print(f"{len(tiles)} tiles, test-time augmentation {options.augment}\n| model | " + " | ".join(columns) + " |")
    print("|---" * (len(columns) + 1) + "|")
    for model in options.models:
        figures = score(model, tiles, options.augment, options.threshold, options.networks)
        print(f"| {Path(model).stem} | " + " | ".join(f"{figures[column]:.4f}" for column in columns) + " |", flush=True)


if __name__ == "__main__":
    main()
