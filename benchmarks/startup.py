"""What the plugin adds to QGIS's start: ``QGIS_PYTHON benchmarks/startup.py``.

Starts a QGIS without a window several times, with Processing loaded, and measures in it how long the plugin takes from its import
to its registered algorithms: what a start with the plugin has more than one without. Prints minimum, median and maximum.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNS = 9
LIMIT_MS = 100

CODE = f"""
import importlib.util, sys, time
sys.dont_write_bytecode = False
from qgis.core import QgsApplication
application = QgsApplication([], True)
application.initQgis()
sys.path.append(application.pkgDataPath() + "/python/plugins")
from processing.core.Processing import Processing
Processing.initialize()
started = time.perf_counter()
root = {str(ROOT)!r}
spec = importlib.util.spec_from_file_location("roadsmith", root + "/__init__.py", submodule_search_locations=[root])
package = importlib.util.module_from_spec(spec)
sys.modules["roadsmith"] = package
spec.loader.exec_module(package)
plugin = package.classFactory(None)
plugin.initProcessing()
print("MS", 1000 * (time.perf_counter() - started))
heavy = [name for name in ("torch", "numpy", "rasterio", "shapely", "skimage") if name in sys.modules]
print("HEAVY", heavy)
"""


def main() -> None:
    """Measure and print."""
    times = []
    for _ in range(RUNS + 1):
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        answer = subprocess.run([sys.executable, "-c", CODE], env=environment, capture_output=True, text=True, check=False)
        lines = dict(line.split(" ", 1) for line in answer.stdout.splitlines() if line.startswith(("MS ", "HEAVY ")))
        times.append(float(lines["MS"]))
    times = times[1:]  # the first compiles the modules
    print(f"plugin start: min {min(times):.0f} ms, median {statistics.median(times):.0f} ms, max {max(times):.0f} ms; "
          f"limit {LIMIT_MS} ms; heavy modules loaded by the plugin or QGIS: {lines['HEAVY']}")


if __name__ == "__main__":
    main()
