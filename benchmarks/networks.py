"""Compare Road Networks on a network of any size, in one run: time and memory of every step against the limits.

    python benchmarks/networks.py [--edges 200000] [--side 100] [--parts]

Makes a grid of streets of ``--side`` kilometres with about ``--edges`` edges: bent between crossings, some missing, noded.
The compared roads are the same streets, moved by about a metre, with other gaps. Then the whole job runs, in a process of its
own. The limits are 300 s and 2 GB for 200 000 edges on 100 km; CPU time counts, so that other work on the machine does not. Run
it with the worker's Python.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LIMIT_SECONDS, LIMIT_MEGABYTES = 300, 2000


def load_package() -> None:
    """Make the checkout importable as ``roadsmith``."""
    import importlib.util

    spec = importlib.util.spec_from_file_location("roadsmith_bootstrap", ROOT / "engine" / "bootstrap.py")
    assert spec is not None and spec.loader is not None
    spec.loader.exec_module(importlib.util.module_from_spec(spec))


def make_streets(path: Path, edges: int, side: float, version: int) -> int:
    """Write a grid of streets with about ``edges`` edges, ``side`` metres wide; return how many lines.

    All versions have the same crossings, moved by a metre, and gaps of their own.
    """
    import numpy as np
    import pyogrio.raw
    import shapely

    count = round((edges / 2 / 0.95) ** 0.5) + 1
    common, own = np.random.default_rng(0), np.random.default_rng(1 + version)
    step = side / (count - 1)
    grid = np.stack(np.meshgrid(np.arange(count), np.arange(count), indexing="ij"), axis=-1) * step
    grid += common.normal(0, step / 8, grid.shape)
    bends = common.normal(0, step / 15, (2, count, count, 2))
    grid += own.normal(0, 1.0, grid.shape)
    lines = []
    for along_x in (True, False):
        start, end = (grid[:-1], grid[1:]) if along_x else (grid[:, :-1], grid[:, 1:])
        middle = (start + end) / 2 + bends[int(along_x)][: start.shape[0], : start.shape[1]]
        quarter, third = (start + middle) / 2, (middle + end) / 2
        lines.append(np.stack([start, quarter, middle, third, end], axis=2).reshape(-1, 5, 2))
    coordinates = np.concatenate(lines) + np.array([400_000, 5_000_000])
    kept = (common.random(len(coordinates)) > 0.03) & (own.random(len(coordinates)) > 0.02)
    streets = shapely.linestrings(coordinates[kept])
    pyogrio.raw.write(
        path, shapely.to_wkb(streets), [np.arange(len(streets))], ["id"], layer="roads", geometry_type="LineString",
        crs="EPSG:32633", driver="GPKG",
    )
    return len(streets)


def compare(folder: Path, print_phases: bool) -> dict[str, Any]:
    """Run the job on the two layers of ``folder``; return its figures, with seconds and peak memory."""
    load_package()
    from roadsmith.engine.evaluation.comparison import compare_road_networks
    from roadsmith.engine.events import Progress
    from roadsmith.engine.jobs import CompareRoadNetworks
    from roadsmith.engine.reporter import Reporter

    seen: list[str] = []

    def emit(event: Any) -> None:
        if print_phases and isinstance(event, Progress) and event.text not in seen[-1:]:
            seen.append(event.text)
            print(f"{time.process_time() - cpu:7.1f} s  {_megabytes():6.0f} MB  {event.text}", file=sys.stderr)

    wall, cpu = time.monotonic(), time.process_time()
    result = compare_road_networks(
        CompareRoadNetworks(
            roads=str(folder / "roads.gpkg"), reference=str(folder / "reference.gpkg"), report=str(folder / "report.html"),
            output=str(folder / "compared.gpkg"),
        ),
        Reporter(emit),
    )
    return {**result, "wall": time.monotonic() - wall, "cpu": time.process_time() - cpu, "megabytes": _megabytes()}


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    """Make the layers, compare them, print a line; return 1 if a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--edges", type=int, default=200_000)
    parser.add_argument("--side", type=float, default=100.0, help="kilometres")
    parser.add_argument("--parts", action="store_true", help="print time and memory at the start of each phase")
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.folder:
        print(json.dumps(compare(Path(options.folder), options.parts)))
        return 0
    load_package()
    with tempfile.TemporaryDirectory() as folder:
        for version, name in enumerate(("roads", "reference")):
            count = make_streets(Path(folder) / f"{name}.gpkg", options.edges, options.side * 1000, version)
            print(f"{name}: {count:,} edges")
        command = [sys.executable, __file__, "--folder", folder, *(["--parts"] if options.parts else [])]
        found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    print(
        f"{found['reference_km']:,.0f} km: {found['cpu']:.0f} s CPU, {found['wall']:.0f} s wall, {found['megabytes']:.0f} MB; "
        f"APLS {found['apls']:.4f} ({found['apls_low']:.4f} to {found['apls_high']:.4f}, {found['apls_routes']:,} routes), "
        f"TOPO F1 {found['topo_f1']:.4f}, completeness {found['completeness']:.4f}"
    )
    within = found["cpu"] <= LIMIT_SECONDS and found["megabytes"] <= LIMIT_MEGABYTES
    print(f"limits of {LIMIT_SECONDS} s and {LIMIT_MEGABYTES} MB: {'kept' if within else 'PASSED'}")
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
