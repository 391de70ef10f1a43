"""How long the labels of a training chip take, on one core: road mask and orientation at 1, 1/2 and 1/4 of its size.

    python benchmarks/labels.py

Real 512-pixel chips of the Massachusetts sample tile, each eight ways round, as surface labels and as centre lines (Gaussian
mask). Prints the median and the slowest chip against the limit of 20 ms, and, as a figure that depends less on the machine,
the ratio to thinning the same chip once. Run it with the worker's Python.
"""

from __future__ import annotations

import os

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import statistics
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
SIZE, LIMIT_MS, RUNS = 512, 20.0, 5


def load_package() -> None:
    """Make the checkout importable as ``roadsmith``."""
    import importlib.util

    spec = importlib.util.spec_from_file_location("roadsmith_bootstrap", ROOT / "engine" / "bootstrap.py")
    assert spec is not None and spec.loader is not None
    spec.loader.exec_module(importlib.util.module_from_spec(spec))


def chips() -> list[np.ndarray]:
    """Cut the sample tile into nine chips, and turn and mirror each."""
    import rasterio

    warnings.filterwarnings("ignore", category=rasterio.errors.NotGeoreferencedWarning)
    with rasterio.open(ROOT / "examples" / "data" / "massachusetts_tile_mask.png") as file:
        mask = (file.read(1) > 0).astype(np.uint8)
    starts = (0, SIZE, mask.shape[0] - SIZE)
    cut = [mask[row : row + SIZE, column : column + SIZE] for row in starts for column in starts]
    return [
        np.ascontiguousarray(np.rot90(chip[:, ::step], quarters)) for chip in cut for step in (1, -1) for quarters in range(4)
    ]


def milliseconds(work: Callable[[np.ndarray], Any], chip: np.ndarray) -> float:
    """Return the least processor time of some runs: what the work takes when nothing else is on the core."""
    best = float("inf")
    for _ in range(RUNS):
        started = time.process_time()
        work(chip)
        best = min(best, time.process_time() - started)
    return 1000 * best


def main() -> None:
    """Measure and print."""
    load_package()
    from roadsmith.engine.raster.skeleton import skeletonise
    from roadsmith.engine.training.targets import TargetSettings, make_targets

    labels = chips()
    thinning = statistics.median(milliseconds(lambda chip: skeletonise(chip == 1), label) for label in labels)
    print(f"{len(labels)} chips of {SIZE} pixels, {np.mean([label.mean() for label in labels]):.1%} road; "
          f"thinning one: {thinning:.1f} ms")
    for name, settings in (
        ("surface, full size alone", TargetSettings()), ("surface, three scales", TargetSettings(scales=3)),
        ("centre lines, three scales", TargetSettings(scales=3, gaussian_sigma=15.0)),
    ):
        times = [milliseconds(lambda chip, how=settings: make_targets(chip, how), label) for label in labels]  # type: ignore[misc]
        middle = statistics.median(times)
        print(f"{name}: median {middle:.1f} ms, slowest {max(times):.1f} ms, limit {LIMIT_MS:.0f} ms; "
              f"{middle / thinning:.1f} thinnings")


if __name__ == "__main__":
    main()
