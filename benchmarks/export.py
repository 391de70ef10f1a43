"""Export Training Data against a bare loop that only reads the windows and writes the chips, in one run.

    python benchmarks/export.py [--sides 10000 20000] [--roads 100000] [--workers N]

Makes a three-band raster (the sample orthophoto, repeated) and a road layer, exports 512-pixel chips every 256 with all
positions kept, and prints wall time, the ratio to the bare loop with the same number of threads and the same chip format, and
the peak memory of each process. The bare loop runs twice: with deflate at GDAL's own level, as anyone would write it, and at the
level the export uses, which is three times as fast. Run it with the worker's Python.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TILE, STRIDE = 512, 256


def load_package() -> None:
    """Make the checkout importable as ``roadsmith``."""
    import importlib.util

    spec = importlib.util.spec_from_file_location("roadsmith_bootstrap", ROOT / "engine" / "bootstrap.py")
    assert spec is not None and spec.loader is not None
    spec.loader.exec_module(importlib.util.module_from_spec(spec))


def make_raster(path: Path, side: int) -> None:
    """Write a ``side`` × ``side`` RGB raster of 0.5 m cells: the sample orthophoto, mirrored until it is full."""
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
        blockxsize=256, blockysize=256, compress="deflate", transform=Affine(0.5, 0, 400000, 0, -0.5, 6200000),
        bigtiff="if_safer",
    ) as file:
        for row in range(0, side, 2048):
            for column in range(0, side, 2048):
                height, width = min(2048, side - row), min(2048, side - column)
                file.write(patch[:, :height, :width], window=Window(column, row, width, height))


def make_roads(path: Path, side: int, count: int) -> None:
    """Write ``count`` road segments of 60 m or so, spread evenly."""
    import numpy as np
    import pyogrio
    import shapely

    generator = np.random.default_rng(1)
    start = generator.random((count, 2)) * side * 0.5
    heading = generator.random(count) * np.pi
    step = np.column_stack([np.cos(heading), np.sin(heading)]) * 30
    bend = generator.normal(0, 3, (count, 2))
    lines = shapely.linestrings(np.stack([start, start + step + bend, start + 2 * step], axis=1) * [1, -1] + [400000, 6200000])
    pyogrio.raw.write(
        path, shapely.to_wkb(lines), [np.arange(count)], ["id"], layer="roads", geometry_type="LineString", crs="EPSG:32734",
        driver="GPKG",
    )


def bare_loop(raster: str, target: Path, workers: int, level: int = 6) -> int:
    """Read every window and write it and an empty label, deflated at ``level``; return the number of chips."""
    import numpy as np
    import rasterio
    from rasterio.windows import Window

    own = threading.local()
    options = {"driver": "GTiff", "compress": "deflate", "zlevel": level, "tfw": "YES", "height": TILE, "width": TILE}
    label = np.zeros((1, TILE, TILE), np.uint8)
    for kind in ("images", "labels"):
        (target / kind).mkdir(parents=True)

    def cut(place: tuple[int, int, int]) -> None:
        number, row, column = place
        if not hasattr(own, "file"):
            own.file = rasterio.open(raster)
        window = Window(column, row, TILE, TILE)
        transform = own.file.window_transform(window)
        for kind, pixels in (("images", own.file.read(window=window)), ("labels", label)):
            with rasterio.open(
                target / kind / f"{number:09d}.tif", "w", count=len(pixels), dtype="uint8", crs=own.file.crs, transform=transform,
                **options,
            ) as chip:
                chip.write(pixels)

    with rasterio.Env(GDAL_CACHEMAX=128 * 2**20), rasterio.open(raster) as file:
        starts = [*range(0, file.height - TILE + 1, STRIDE)]
        starts += [file.height - TILE] if starts[-1] != file.height - TILE else []
        places = [(row * len(starts) + column, top, left) for row, top in enumerate(starts) for column, left in enumerate(starts)]
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(cut, places))
    return len(places)


def export(raster: str, roads: str, target: Path, workers: int) -> int:
    """Run the real export; return the number of chips."""
    load_package()
    from roadsmith.engine.chips.exporting.export import export_training_data
    from roadsmith.engine.jobs import ExportTrainingData
    from roadsmith.engine.reporter import Reporter

    job = ExportTrainingData(
        raster=raster, labels=roads, output_folder=str(target / "data"), tile_size=TILE, stride=STRIDE, no_feature_tiles="all",
        workers=workers,
    )
    count: int = export_training_data(job, Reporter())["tile_count"]
    return count


def measured(kind: str, raster: Path, roads: Path, target: Path, workers: int) -> dict[str, float]:
    """Run one of the two in a process of its own; return seconds, chips and peak memory in MB."""
    target.mkdir()
    command = [sys.executable, __file__, "--run", kind, str(raster), str(roads), str(target), str(workers)]
    result: dict[str, float] = json.loads(subprocess.check_output(command, text=True).splitlines()[-1])
    shutil.rmtree(target)
    return result


def main() -> None:
    """Make the data, measure, print."""
    if sys.argv[1:2] == ["--run"]:
        kind, raster, roads, target, workers = sys.argv[2:]
        started = time.perf_counter()
        if kind == "export":
            work = export(raster, roads, Path(target), int(workers))
        else:
            work = bare_loop(raster, Path(target), int(workers), 6 if kind == "bare" else 1)
        seconds = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": seconds, "chips": work, "megabytes": peak}))
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sides", type=int, nargs="+", default=[10_000, 20_000])
    parser.add_argument("--roads", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for side in options.sides:
            raster, roads = folder / f"{side}.tif", folder / f"{side}.gpkg"
            make_raster(raster, side)
            make_roads(roads, side, options.roads)
            kinds = ("bare", "bare, level 1", "export")
            bare, fast, own = (measured(kind, raster, roads, folder / "out", options.workers) for kind in kinds)
            assert bare["chips"] == fast["chips"] == own["chips"]
            print(
                f"{side} × {side}, {options.roads} roads, {own['chips']} chips, {options.workers} threads: export "
                f"{own['seconds']:.1f} s, {own['megabytes']:.0f} MB; bare loop {bare['seconds']:.1f} s, ratio "
                f"{own['seconds'] / bare['seconds']:.2f}; at the export's level {fast['seconds']:.1f} s, ratio "
                f"{own['seconds'] / fast['seconds']:.2f}", flush=True,
            )
            raster.unlink()


if __name__ == "__main__":
    main()
