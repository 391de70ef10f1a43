"""How much a network slows down beside another busy process, with threads that spin or sleep while they wait.

``WORKER_PYTHON benchmarks/busy_machine.py``: one training step of LinkNet (ResNet-18) on four chips of 256 pixels, in a process
of its own, on an idle machine and beside one process that keeps a core busy; with OpenMP's default and with the variables that
``processing_provider/variables.py`` gives the worker. Prints seconds per step and the ratios.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SLEEP = {"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "0", "KMP_BLOCKTIME": "0"}

STEP = f"""
import sys, time
sys.path.insert(0, {str(ROOT / "engine")!r})
import bootstrap
import torch
from roadsmith.models.registry import build
network = build("linknet", backbone="resnet18", bands=3, orientation_classes=19)
images = torch.randn(4, 3, 256, 256)
times = []
for _ in range(5):
    started = time.perf_counter()
    outputs = network(images)
    (outputs.road.mean() + outputs.orientation.mean()).backward()
    times.append(time.perf_counter() - started)
print(sorted(times)[len(times) // 2])
"""


def step_seconds(variables: dict[str, str]) -> float:
    """Return the median seconds of a training step in a fresh process."""
    clean = {name: value for name, value in os.environ.items() if name not in SLEEP}
    answer = subprocess.run([sys.executable, "-c", STEP], env={**clean, **variables}, capture_output=True, text=True, check=True)
    return float(answer.stdout)


def main() -> None:
    """Measure and print."""
    idle = {name: step_seconds(variables) for name, variables in (("spin", {}), ("sleep", SLEEP))}
    other = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        busy = {name: step_seconds(variables) for name, variables in (("spin", {}), ("sleep", SLEEP))}
    finally:
        other.kill()
    for name, seconds in idle.items():
        print(f"{name:5}: idle {seconds:.2f} s, busy {busy[name]:.2f} s, ratio {busy[name] / seconds:.1f}")
    print(f"sleep against spin: idle {idle['sleep'] / idle['spin']:.2f}, busy {busy['sleep'] / busy['spin']:.2f}")


if __name__ == "__main__":
    main()
