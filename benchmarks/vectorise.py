"""Raster to Road Vector on a raster of any size: its speed, its graph step against others', and its memory; in one run.

    python benchmarks/vectorise.py [--side 4096] [--graph-side 4096] [--memory-sides 4096 8192] [--parts speed graph grass memory]

The raster is a probability raster of 1 m cells with about 5 % road: a patch of wavy streets with noise, specks and dim stretches,
repeated until it is full. ``speed``: from the file to the GeoPackage, with the seconds of each phase, against the aim of
10 Mpx/s. ``graph``: tracing the centre lines into a graph against sknw and skan on the same pixels, each with the compilation of
its first call left out, taking turns; what is not installed is left out. ``grass``: r.thin and r.to.vect on the same roads, if
``grass`` is on the path. ``memory``: the peak at two sides, on tiny files that repeat one tile, and what a kilometre of network
takes of it. Each run of the job has a process of its own. Processor time counts, because other work on the machine does not
lengthen it much. Run it with the worker's Python.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PATCH, STREETS, WIDTH = 2048, 6, 8.0
AIM_SPEED, RUNS, MEGA = 10.0, 3, 1e6


def load_package() -> None:
    """Make the checkout importable as ``roadsmith``."""
    import importlib.util

    spec = importlib.util.spec_from_file_location("roadsmith_bootstrap", ROOT / "engine" / "bootstrap.py")
    assert spec is not None and spec.loader is not None
    spec.loader.exec_module(importlib.util.module_from_spec(spec))


def make_patch() -> Any:
    """Return probabilities (PATCH, PATCH) uint8 of streets that go on where the patch is repeated."""
    import numpy as np
    from scipy import ndimage

    random = np.random.default_rng(0)
    along = np.arange(PATCH)
    share = np.zeros((2, PATCH, PATCH), np.float32)
    for direction in share:
        for number in range(STREETS):
            middle = (number + 0.5 + random.uniform(-0.15, 0.15)) * PATCH / STREETS
            for waves in (1, 3, 7):  # whole numbers, so that the ends meet
                middle = middle + random.normal(0, 8 / waves) * np.sin(2 * np.pi * (waves * along / PATCH + random.random()))
            away = np.abs((along[None] - middle[:, None] + PATCH / 2) % PATCH - PATCH / 2)
            sure = np.full(PATCH, 0.9)
            for dim in random.integers(0, PATCH, 3):
                sure[dim : dim + 15] = 0.2
            direction[:] = np.maximum(direction, np.clip(WIDTH / 2 + 0.5 - away, 0, 1) * sure[:, None])
    probability = ndimage.gaussian_filter(np.maximum(share[0], share[1].T), 1.0, mode="wrap")
    noise = ndimage.gaussian_filter(random.standard_normal((PATCH, PATCH)), 2.0, mode="wrap")
    probability = probability + 0.05 * noise / noise.std() + 0.05
    probability[random.random((PATCH, PATCH)) < 2e-4] = 1.0  # specks
    return np.rint(np.clip(probability, 0, 1) * 254).astype(np.uint8)


def make_raster(path: Path, side: int) -> None:
    """Write the patch, repeated until a GeoTIFF of ``side`` × ``side`` is full."""
    import rasterio
    from affine import Affine
    from rasterio.windows import Window

    patch = make_patch()
    with rasterio.open(
        path, "w", driver="GTiff", count=1, dtype="uint8", height=side, width=side, crs="EPSG:32734", tiled=True, nodata=255,
        blockxsize=512, blockysize=512, compress="deflate", transform=Affine(1, 0, 400000, 0, -1, 6200000), bigtiff="if_safer",
        num_threads="all_cpus",
    ) as file:
        for row in range(0, side, PATCH):
            for column in range(0, side, PATCH):
                height, width = min(PATCH, side - row), min(PATCH, side - column)
                file.write(patch[None, :height, :width], window=Window(column, row, width, height))


def make_repeated(path: Path, side: int) -> None:
    """Write a VRT of ``side`` × ``side`` pixels that shows one tile of the size of the patch again and again."""
    tile = path.with_name("patch.tif")
    if not tile.exists():
        make_raster(tile, PATCH)
    size = f'xSize="{PATCH}" ySize="{PATCH}"'
    sources = "".join(
        f'<SimpleSource><SourceFilename relativeToVRT="1">{tile.name}</SourceFilename><SourceBand>1</SourceBand>'
        f'<SrcRect xOff="0" yOff="0" {size}/><DstRect xOff="{column}" yOff="{row}" {size}/></SimpleSource>'
        for row in range(0, side, PATCH) for column in range(0, side, PATCH)
    )
    path.write_text(
        f'<VRTDataset rasterXSize="{side}" rasterYSize="{side}"><SRS>EPSG:32734</SRS>'
        f"<GeoTransform>400000, 1, 0, 6200000, 0, -1</GeoTransform>"
        f'<VRTRasterBand dataType="Byte" band="1"><NoDataValue>255</NoDataValue>{sources}</VRTRasterBand></VRTDataset>'
    )


def vectorise(raster: Path) -> dict[str, Any]:
    """Run the job; return its figures with its seconds and its peak memory."""
    load_package()
    from roadsmith.engine.events import Progress
    from roadsmith.engine.jobs import RasterToRoadVector
    from roadsmith.engine.reporter import Reporter
    from roadsmith.engine.road_network.vectorise import raster_to_road_vector

    phases: list[tuple[str, float, float]] = []

    def emit(event: Any) -> None:
        if isinstance(event, Progress) and (not phases or event.text != phases[-1][0]):
            phases.append((event.text, time.monotonic(), time.process_time()))

    before = _megabytes()
    wall, cpu = time.monotonic(), time.process_time()
    job = RasterToRoadVector(raster=str(raster), output=str(raster.with_suffix(".gpkg")))
    result = raster_to_road_vector(job, Reporter(emit))
    phases.append(("", time.monotonic(), time.process_time()))
    seconds = [(text, after[1] - started, after[2] - used) for (text, started, used), after in zip(phases, phases[1:])]
    return {
        **result, "phases": seconds, "wall": time.monotonic() - wall, "cpu": time.process_time() - cpu, "before": before,
        "megabytes": _megabytes(),
    }


def in_own_process(raster: Path) -> dict[str, Any]:
    """Run the job on a raster in a process of its own."""
    command = [sys.executable, __file__, "--raster", str(raster)]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return found


def measure_speed(folder: Path, side: int) -> None:
    """Print the speed of the whole job, and the seconds of each phase."""
    raster = folder / "roads.tif"
    make_raster(raster, side)
    found = in_own_process(raster)
    size, cores = side * side / MEGA, os.cpu_count() or 1
    print(f"{side} × {side}: {found['length_km']:,.0f} km in {found['edge_count']:,} edges; {found['wall']:.1f} s by the clock, "
          f"{found['cpu']:.1f} s of processor time, {found['megabytes']:.0f} MB")
    for text, wall, cpu in found["phases"]:
        print(f"  {text:24} {wall:7.2f} s by the clock {cpu:7.2f} s of processor time")
    speed = size / found["wall"]
    print(f"  {speed:.1f} Mpx/s by the clock on {cores} cores, {size / found['cpu']:.1f} Mpx for a second of processor time; "
          f"the aim is {AIM_SPEED:.0f} Mpx/s: {'reached' if speed >= AIM_SPEED else 'MISSED'}")


def measure_graph(side: int) -> None:
    """Print how long it takes to trace the same centre lines with each library."""
    load_package()
    import numpy as np
    from roadsmith.engine.raster.skeleton import skeletonise, trace_pixels
    from roadsmith.engine.reporter import Reporter
    from roadsmith.engine.road_network.graph import build_graph
    from roadsmith.engine.road_network.skeleton_tiles import SkeletonPixels

    repeats = -(-side // PATCH)
    skeleton = skeletonise(np.tile(make_patch() > 0.3 * 254, (repeats, repeats))[:side, :side])
    rows, columns = np.nonzero(skeleton)
    pixels = SkeletonPixels.plain(rows, columns, np.ones(len(rows), np.float32), np.ones(len(rows), np.float32))

    def from_image() -> Any:
        # as the tiles do it: of a whole image four times as fast as np.nonzero
        return trace_pixels(*np.divmod(np.flatnonzero(skeleton), side))

    ways: list[tuple[str, Callable[[], Any]]] = [
        ("Roadsmith's tracing, from the image", from_image),
        ("Roadsmith's graph, through nodes of two joined", lambda: build_graph(pixels, (1.0, 1.0), Reporter())),
    ]
    for name, make in (("sknw", _sknw), ("skan", _skan)):
        try:
            ways.append((f"{name} {importlib.metadata.version(name)}", make(skeleton)))
        except ImportError:
            print(f"  {name}: not installed")
    times: dict[str, list[float]] = {name: [] for name, _ in ways}
    for run in range(RUNS + 1):
        for name, way in ways:
            started = time.process_time()
            way()
            if run:
                times[name].append(time.process_time() - started)
    print(f"tracing {len(rows):,} centre line pixels of {side} × {side}:")
    for name, taken in times.items():
        print(f"  {name:46} {min(taken):6.2f} s of processor time")


def _sknw(skeleton: Any) -> Callable[[], Any]:
    import sknw

    return lambda: sknw.build_sknw(skeleton.astype("uint16"), multi=True)


def _skan(skeleton: Any) -> Callable[[], Any]:
    import skan

    return lambda: skan.summarize(skan.Skeleton(skeleton), separator="_")


def measure_grass(folder: Path, side: int) -> None:
    """Print how long GRASS takes to thin the same roads and to turn them into lines, without any cleaning."""
    grass = shutil.which("grass")
    if grass is None:
        print("grass: not installed")
        return
    raster, place = folder / "roads.tif", folder / "grass"
    if not raster.exists():
        make_raster(raster, side)
    subprocess.run([grass, "-c", str(raster), str(place), "-e"], check=True, capture_output=True)
    steps = (
        f"r.in.gdal -o --quiet input={raster} output=p",
        'r.mapcalc --quiet expression="road = if(p >= 76, 1, null())"',
        "r.thin --quiet input=road output=thin iterations=500",
        "r.to.vect --quiet input=thin output=lines type=line",
        f"v.out.ogr --quiet input=lines output={folder / 'grass.gpkg'} format=GPKG",
    )

    def seconds(command: str) -> float:
        started = time.monotonic()
        subprocess.run([grass, str(place / "PERMANENT"), "--exec", "sh", "-c", command], check=True, capture_output=True)
        return time.monotonic() - started

    start, total = seconds("true"), 0.0
    for step in steps:
        taken = seconds(step) - start
        total += taken
        print(f"  {step.split()[0]:12} {taken:7.1f} s by the clock, without the start of GRASS")
    version = subprocess.run([grass, "--version"], check=True, text=True, capture_output=True)
    print(f"{(version.stdout + version.stderr).split(chr(10))[0]}, one core: {side * side / MEGA / total:.1f} Mpx/s by the clock")


def measure_memory(folder: Path, sides: list[int]) -> None:
    """Print the peak memory at each side, and what a kilometre of network takes of it."""
    runs = []
    for side in sides:
        raster = folder / f"repeated_{side}.vrt"
        make_repeated(raster, side)
        runs.append(in_own_process(raster))
        print(f"{side} × {side}: peak {runs[-1]['megabytes']:.0f} MB ({runs[-1]['before']:.0f} MB of it before the job), "
              f"{runs[-1]['length_km']:,.0f} km, {runs[-1]['edge_count']:,} edges, {runs[-1]['wall']:.0f} s by the clock")
    if len(runs) > 1:
        first, last = runs[0], runs[-1]
        share = (last["megabytes"] - first["megabytes"]) / (last["length_km"] - first["length_km"])
        base = first["megabytes"] - share * first["length_km"]
        print(f"  {1000 * share:.0f} kB for a kilometre of network; without it {base:.0f} MB")


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--side", type=int, default=4096)
    parser.add_argument("--graph-side", type=int, default=4096)
    parser.add_argument("--memory-sides", type=int, nargs="+", default=[4096, 8192])
    parser.add_argument("--parts", nargs="+", default=["speed", "graph", "grass", "memory"])
    parser.add_argument("--raster", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.raster:
        print(json.dumps(vectorise(Path(options.raster))))
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if "speed" in options.parts:
            measure_speed(folder, options.side)
        if "graph" in options.parts:
            measure_graph(options.graph_side)
        if "grass" in options.parts:
            measure_grass(folder, options.side)
        if "memory" in options.parts:
            measure_memory(folder, options.memory_sides)
    return 0


if __name__ == "__main__":
    sys.exit(main())
