"""A training step as it is, chips from disk, varied, with their labels made, against the bare network on tensors at hand.

    python benchmarks/training_step.py [--model linknet] [--backbone resnet34] [--chip 256] [--batch 4] [--rounds 3]

Writes a training data folder of 512-pixel chips of the sample tile, and times optimiser steps in turns: bare ones (forward, loss,
backward, fused AdamW on one resident batch) and real ones (the loader's threads prepare the next batches meanwhile). The chips
of an epoch are read from disk; nothing is kept from before. Wanted: a ratio of 1.10 at most. Where other work keeps the cores
busy the wall times say nothing; ``--threads 1`` and the processor times, loader included, then still do. Run it with the worker's
Python.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
TILE, STRIDE = 512, 247
LIMIT = 1.10
STEPS = 4
#: Seconds by the clock and of all processors.
Times = tuple[float, float]


def load_package() -> None:
    """Make the checkout importable as ``roadsmith``."""
    import importlib.util

    spec = importlib.util.spec_from_file_location("roadsmith_bootstrap", ROOT / "engine" / "bootstrap.py")
    assert spec is not None and spec.loader is not None
    spec.loader.exec_module(importlib.util.module_from_spec(spec))


def write_chips(folder: Path) -> None:
    """Cut the Massachusetts sample tile into 25 overlapping chips, as an export would."""
    import rasterio

    warnings.filterwarnings("ignore", category=rasterio.errors.NotGeoreferencedWarning)
    samples = ROOT / "examples" / "data"
    with rasterio.open(samples / "massachusetts_tile.jpg") as file:
        image = file.read()
    with rasterio.open(samples / "massachusetts_tile_mask.png") as file:
        label = (file.read() > 0).astype(np.uint8)
    lines = []
    starts = range(0, label.shape[1] - TILE + 1, STRIDE)
    for number, (row, column) in enumerate((row, column) for row in starts for column in starts):
        for kind, pixels in (("images", image), ("labels", label)):
            (folder / kind).mkdir(exist_ok=True)
            with rasterio.open(
                folder / kind / f"{number:03d}.tif", "w", driver="GTiff", count=len(pixels), dtype="uint8", height=TILE,
                width=TILE, compress="deflate",
            ) as chip:
                chip.write(pixels[:, row : row + TILE, column : column + TILE])
        lines.append(f"images\\{number:03d}.tif  labels\\{number:03d}.tif\n")
    (folder / "map.txt").write_text("".join(lines), encoding="utf-8")


def measure(options: argparse.Namespace, folder: Path) -> tuple[list[Times], list[Times], float]:
    """Return the times of bare steps and of real ones, and the processor time of preparing one batch."""
    import torch
    from roadsmith.engine.chips.augmentation_settings import DEFAULT
    from roadsmith.engine.devices import choose_device, describe_device
    from roadsmith.engine.reporter import Reporter
    from roadsmith.engine.training.data import ChipReader, gather
    from roadsmith.engine.training.loader import BatchLoader, epoch_requests, loader_threads
    from roadsmith.engine.training.precision import choose_precision
    from roadsmith.engine.training.schedule import make_optimiser
    from roadsmith.engine.training.steps import Stepper
    from roadsmith.engine.training.targets import TargetSettings
    from roadsmith.models.registry import build

    device = choose_device(options.device)
    torch.manual_seed(0)
    network: Any = build(options.model, backbone=options.backbone)
    network = network.to(device=device, memory_format=torch.channels_last).train()
    precision = choose_precision(device)
    print(f"{describe_device(device)}, {precision.name}, {torch.get_num_threads()} threads; {options.model} {options.backbone}, "
          f"{options.batch} chips of {options.chip} pixels a step, {loader_threads(device)} loader thread(s)", flush=True)
    data = gather([str(folder)], Reporter())
    targets = TargetSettings(scales=3 if options.model == "hourglass" else 1, orientation=network.has_orientation)

    def loader(threads: int) -> BatchLoader:
        reader = ChipReader(data.chips, len(data.bands))  # a new one has nothing in memory yet
        return BatchLoader(reader, options.chip, targets, data.band_means, threads, DEFAULT, device.type == "cuda")

    stepper = Stepper(
        network, make_optimiser(network, 1e-4), precision, data.band_means, data.band_stds, options.batch, Reporter()
    )
    every = range(len(data.chips))
    started = time.process_time()
    resident = next(iter(loader(0).batches(epoch_requests(every, 1, 0), options.batch)))
    preparing = time.process_time() - started
    resident = resident.to(device)
    for _ in range(3):
        stepper.train(resident)
    bare, real = [], []
    # in turns, so that whatever else the machine does meets both alike; twice as many batches are asked for as are timed,
    # because the loader's threads must not run out of work before the end
    needed = 2 * (STEPS + 2) * options.batch
    for number in range(options.rounds):
        bare += [_timed(device, lambda: stepper.train(resident)) for _ in range(STEPS)]
        asked = [each for epoch in range(needed // len(every) + 1) for each in epoch_requests(every, 1 + number, 1 + epoch)]
        threaded = loader(loader_threads(device))
        stream = threaded.batches(asked[:needed], options.batch)
        for _ in range(2):  # the first is waited for, once in a training; the second was got ready during that
            stepper.train(next(stream))
        real += [_timed(device, lambda batches=stream: stepper.train(next(batches))) for _ in range(STEPS)]  # type: ignore[misc]
        stream.close()  # type: ignore[attr-defined]
        threaded.close()
    return bare, real, preparing


def _timed(device: Any, work: Any) -> Times:
    import torch

    started, used = time.perf_counter(), time.process_time()
    work()
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return time.perf_counter() - started, time.process_time() - used


def main() -> None:
    """Make the data, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="linknet")
    parser.add_argument("--backbone", default="resnet34")
    parser.add_argument("--chip", type=int, default=256)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--threads", type=int, default=0, help="of PyTorch; 0 for its own choice")
    options = parser.parse_args()
    load_package()
    if options.threads:
        import torch

        torch.set_num_threads(options.threads)
    with tempfile.TemporaryDirectory() as scratch:
        write_chips(Path(scratch))
        bare, real, preparing = measure(options, Path(scratch))
    for number, kind in enumerate(("wall", "processor")):
        one, other = [each[number] for each in bare], [each[number] for each in real]
        middles = statistics.median(one), statistics.median(other)
        print(f"{kind} time of a step: bare median {1000 * middles[0]:.0f} ms, min {1000 * min(one):.0f} ms; with everything "
              f"median {1000 * middles[1]:.0f} ms, min {1000 * min(other):.0f} ms; ratio {middles[1] / middles[0]:.2f}, of the "
              f"minima {min(other) / min(one):.2f}; wanted {LIMIT:.2f} at most")
    print(f"preparing a batch: {1000 * preparing:.0f} ms of processor time")


if __name__ == "__main__":
    main()
