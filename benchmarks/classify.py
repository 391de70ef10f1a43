"""Classify Pixels: against its own network's arithmetic, against the loops that others use, and its memory; in one run.

    python benchmarks/classify.py [--side 3000] [--memory-sides 5000 40000] [--device cpu] [--parts speed loops memory]

``speed``: LinkNet-34 over a DEFLATE orthophoto (the sample, mirrored until it is full), end to end, against bare forward passes
of as many tiles on tensors in memory, in one process, taking turns. ``loops``: against the loop that reads a tile, classifies
it, adds it up in accumulators as large as the raster and writes at the end, one tile at a time. ``memory``: a small network on
two sides; the peak is to be the same. Each of the last two runs in a process of its own. Run it with the worker's Python.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # as QGIS starts the worker; read when PyTorch is loaded
TILE, PADDING = 512, 64  # a quarter of each side is shared with a neighbour
SPEED_LIMIT = {"cpu": 1.15, "cuda": 1.25}
MEMORY_LIMIT_MB = 1500


def load_package() -> None:
    """Make the checkout importable as ``roadsmith``."""
    import importlib.util

    spec = importlib.util.spec_from_file_location("roadsmith_bootstrap", ROOT / "engine" / "bootstrap.py")
    assert spec is not None and spec.loader is not None
    spec.loader.exec_module(importlib.util.module_from_spec(spec))


def make_raster(path: Path, side: int) -> None:
    """Write a ``side`` × ``side`` RGB raster of 1 m cells: the sample orthophoto, mirrored until it is full."""
    import numpy as np
    import rasterio
    from affine import Affine
    from rasterio.windows import Window

    with rasterio.open(ROOT / "examples" / "data" / "swellendam_orthophoto.tif") as sample:
        pixels = sample.read([1, 2, 3])[:, :1024, :1024]
    patch = np.concatenate([pixels, pixels[:, ::-1]], axis=1)
    patch = np.concatenate([patch, patch[:, :, ::-1]], axis=2)
    with rasterio.open(
        path, "w", driver="GTiff", count=3, dtype="uint8", height=side, width=side, crs="EPSG:32734", tiled=True,
        blockxsize=256, blockysize=256, compress="deflate", transform=Affine(1, 0, 400000, 0, -1, 6200000), bigtiff="if_safer",
        num_threads="all_cpus",
    ) as file:
        for row in range(0, side, 2048):
            for column in range(0, side, 2048):
                height, width = min(2048, side - row), min(2048, side - column)
                file.write(patch[:, :height, :width], window=Window(column, row, width, height))


def make_model(folder: Path, model_type: str, **arguments: Any) -> Path:
    """Write a package with random weights for three bands at 1 m."""
    import torch
    from roadsmith.models import registry
    from roadsmith.models.package import PackageInfo, write_package

    torch.manual_seed(1)
    network = registry.build(model_type, bands=3, **arguments)
    info = PackageInfo(model_type, network.arguments, [1, 2, 3], [110.0] * 3, [40.0] * 3, (1.0, 1.0), 256)
    folder.mkdir(exist_ok=True)
    return write_package(folder, model_type, network, info)


def classify(raster: Path, model: Path, output: Path, device: str) -> dict[str, Any]:
    """Run the job; return its result."""
    from roadsmith.engine.classification.classify import classify_pixels
    from roadsmith.engine.jobs import ClassifyPixels
    from roadsmith.engine.reporter import Reporter

    job = ClassifyPixels(
        raster=str(raster), model=str(model), output=str(output), probability=str(output.with_name(f"{output.stem}_p.tif")),
        tile_size=TILE, padding=PADDING, device=device,
    )
    return classify_pixels(job, Reporter())


def bare_passes(model: Path, count: int, device: str) -> float:
    """Return the seconds that ``count`` tiles take on tensors in memory, in the format and batches that the job uses."""
    import torch
    from roadsmith.engine.classification.predictor import PredictorSettings, RoadPredictor
    from roadsmith.engine.devices import choose_device
    from roadsmith.engine.reporter import Reporter
    from roadsmith.models.package import load_package

    place = choose_device(device)
    predictor = RoadPredictor(load_package(model, place), place, TILE, PredictorSettings(), Reporter())
    batch = predictor.batch_size
    images = torch.randn(batch, 3, TILE, TILE, device=place).contiguous(memory_format=torch.channels_last)
    synchronise = torch.cuda.synchronize if place.type == "cuda" else (lambda: None)
    with torch.inference_mode():
        predictor._pass(images)
        synchronise()
        started = time.perf_counter()
        for _ in range(-(-count // batch)):
            predictor._pass(images)
        synchronise()
    return time.perf_counter() - started


def plain_loop(raster: Path, model: Path, output: Path, device: str) -> int:
    """Classify the way that other QGIS tools do; return the number of tiles."""
    import numpy as np
    import rasterio
    import torch
    from rasterio.windows import Window
    from roadsmith.engine.devices import choose_device
    from roadsmith.models.normalisation import normalise
    from roadsmith.models.package import load_package

    place, stride, count = choose_device(device), TILE - 2 * PADDING, 0
    loaded = load_package(model, place)
    with rasterio.open(raster) as source:
        total = np.zeros((source.height, source.width), np.float32)
        hits = np.zeros_like(total)
        for row in range(0, source.height, stride):
            for column in range(0, source.width, stride):
                height, width = min(TILE, source.height - row), min(TILE, source.width - column)
                pixels = np.zeros((3, TILE, TILE), np.uint8)
                pixels[:, :height, :width] = source.read([1, 2, 3], window=Window(column, row, width, height))
                with torch.inference_mode():
                    images = normalise(torch.from_numpy(pixels)[None].to(place), loaded.info.band_means, loaded.info.band_stds)
                    answer = loaded.network.road_probability(images)[0].cpu().numpy()
                total[row : row + height, column : column + width] += answer[:height, :width]
                hits[row : row + height, column : column + width] += 1
                count += 1
        profile = {**source.profile, "count": 1, "compress": "deflate"}
        total /= hits
        with rasterio.open(output, "w", **profile) as file:
            file.write((total >= 0.5).astype(np.uint8), 1)
        with rasterio.open(output.with_name("p.tif"), "w", **profile) as file:
            file.write(np.rint(total * 254).astype(np.uint8), 1)
    return count


def measured(kind: str, raster: Path, model: Path, output: Path, device: str) -> dict[str, float]:
    """Run one of the two in a process of its own; return seconds, and peak memory above that of the loaded libraries in MB."""
    command = [sys.executable, __file__, "--run", kind, *map(str, (raster, model, output, device))]
    result: dict[str, float] = json.loads(subprocess.check_output(command, text=True).splitlines()[-1])
    return result


def run(kind: str, raster: str, model: str, output: str, device: str) -> None:
    """Do one measured run and print its figures."""
    import rasterio  # noqa: F401  the libraries are no part of the time
    import torch  # noqa: F401

    started, before = time.perf_counter(), _peak_megabytes()
    if kind == "ours":
        classify(Path(raster), Path(model), Path(output), device)
    else:
        plain_loop(Path(raster), Path(model), Path(output), device)
    print(json.dumps({"seconds": time.perf_counter() - started, "megabytes": _peak_megabytes(), "libraries": before}))


def _peak_megabytes() -> float:
    status = Path("/proc/self/status")
    if status.is_file():  # ru_maxrss begins with what the parent held
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def speed(folder: Path, side: int, device: str, rounds: int) -> None:
    """End to end against bare passes, in turns: a noisy machine slows both."""
    from roadsmith.engine.raster.blending import TileLattice
    from roadsmith.engine.raster.grid import Window

    raster, model = folder / "speed.tif", make_model(folder / "speed", "linknet", backbone="resnet34")
    make_raster(raster, side)
    tiles = TileLattice(TILE, PADDING, Window(0, 0, side, side), side, side).tile_count
    bare, whole, cores = [], [], []
    for _ in range(rounds):
        bare.append(bare_passes(model, tiles, device))
        used = time.process_time()
        started = time.perf_counter()
        classify(raster, model, folder / "roads.tif", device)
        whole.append(time.perf_counter() - started)
        middle = time.process_time()
        bare.append(bare_passes(model, tiles, device))
        cores.append((middle - used) / (time.process_time() - middle))
    ratio = min(whole) / min(bare)
    limit = SPEED_LIMIT.get(device.partition(":")[0], 1.25)
    print(
        f"speed: {side} × {side}, {tiles} tiles: {min(whole):.1f} s end to end ({side * side / 1e6 / min(whole):.2f} Mpx/s), "
        f"bare passes {min(bare):.1f} s, ratio {ratio:.3f} (limit {limit}), of processor time {min(cores):.3f}; all: "
        f"{_list(whole)} against {_list(bare)}", flush=True,
    )


def loops(folder: Path, side: int, device: str) -> None:
    """Against the plain loop."""
    raster, model = folder / "loops.tif", make_model(folder / "loops", "linknet", backbone="resnet34")
    make_raster(raster, side)
    for kind in ("plain", "ours"):
        found = measured(kind, raster, model, folder / f"{kind}.tif", device)
        print(
            f"loops: {side} × {side}, {kind}: {found['seconds']:.1f} s, {side * side / 1e6 / found['seconds']:.2f} Mpx/s, peak "
            f"{found['megabytes']:.0f} MB ({found['libraries']:.0f} of them libraries)", flush=True,
        )


def memory(folder: Path, sides: list[int], device: str) -> None:
    """Peaks at several sides, with a small network."""
    model = make_model(folder / "memory", "unet", base=4, n_pool=3)
    peaks = []
    for side in sides:
        raster = folder / f"{side}.tif"
        make_raster(raster, side)
        found = measured("ours", raster, model, folder / f"{side}_roads.tif", device)
        raster.unlink()
        peaks.append(found["megabytes"])
        print(
            f"memory: {side} × {side}: peak {found['megabytes']:.0f} MB (limit {MEMORY_LIMIT_MB}; {found['libraries']:.0f} of "
            f"them libraries), {peaks[-1] / peaks[0]:.2f} of the first (limit 1.10); {found['seconds']:.0f} s", flush=True,
        )


def _list(seconds: list[float]) -> str:
    return ", ".join(f"{each:.1f}" for each in seconds)


def main() -> None:
    """Make the data, measure, print."""
    load_package()
    if sys.argv[1:2] == ["--run"]:
        run(*sys.argv[2:])
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", type=int, default=3000)
    parser.add_argument("--memory-sides", type=int, nargs="+", default=[5000, 10_000])
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--parts", nargs="+", default=["speed", "loops", "memory"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        if "speed" in options.parts:
            speed(folder, options.side, options.device, options.rounds)
        if "loops" in options.parts:
            loops(folder, options.side, options.device)
        if "memory" in options.parts:
            memory(folder, options.memory_sides, options.device)


if __name__ == "__main__":
    main()
