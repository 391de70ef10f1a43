"""Which build of PyTorch suits this machine, and where it is to be had."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass, replace

from .child_process import no_window
from .translation import tr

_PYTORCH = "https://download.pytorch.org/whl"
#: Oldest NVIDIA driver for each CUDA build of PyTorch (reference/qgis-plugin-conventions.md, 10.2).
_CUDA_BUILDS = ((570, "cu128"), (560, "cu126"), (550, "cu124"), (530, "cu121"))
#: Blackwell GPUs need cu128; the cu128 builds dropped the GPUs before Turing.
_BLACKWELL, _TURING = 10.0, 7.5


@dataclass(frozen=True)
class Gpu:
    """An NVIDIA GPU as its driver describes it."""

    name: str
    driver: str
    memory_mb: int
    capability: float


@dataclass(frozen=True)
class Build:
    """A build of PyTorch.

    Attributes:
        accelerator: ``cpu``, ``cuda`` or ``mps``.
        index: where it is, empty for PyPI.
        disk_gb: space that installing it needs, download and all packages included.
        reason: one sentence for the log.
        download_mb: what PyTorch and the libraries it brings weigh as wheels (torch 2.13 to 2.15 on Linux; other systems less).
    """

    accelerator: str
    index: str
    disk_gb: float
    reason: str
    download_mb: int = 0


def find_gpu() -> Gpu | None:
    """Return the first NVIDIA GPU, None if the driver knows of none."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return None
    for columns in ("name,driver_version,memory.total,compute_cap", "name,driver_version,memory.total"):
        command = [program, f"--query-gpu={columns}", "--format=csv,noheader,nounits"]
        try:
            answer = subprocess.run(command, capture_output=True, timeout=15, check=True, **no_window())
        except (OSError, subprocess.SubprocessError):
            continue  # drivers before 2021 do not know compute_cap
        gpu = parse_gpu(answer.stdout.decode("utf-8", "replace"))
        if gpu is not None:
            return gpu
    return None


def parse_gpu(answer: str) -> Gpu | None:
    """Return the GPU in the first line of nvidia-smi's table."""
    cells = [cell.strip() for cell in answer.strip().split("\n")[0].split(",")]
    try:
        capability = float(cells[3]) if len(cells) > 3 else 0.0
        return Gpu(cells[0], cells[1], int(float(cells[2])), capability)
    except (ValueError, IndexError):
        return None


def choose_build(wanted: str, gpu: Gpu | None, platform: str = sys.platform) -> Build:
    """Return the build for ``auto``, ``cpu``, ``cuda`` or ``mps``.

    Raises:
        ValueError: this machine cannot use the wanted accelerator; one sentence says why.
    """
    if platform == "darwin":
        if wanted == "cuda":
            raise ValueError(tr("Apple computers have no CUDA: choose the accelerator 'auto' or 'mps'."))
        accelerator = "cpu" if wanted == "cpu" else "mps"
        return Build(accelerator, "", 3.0, tr("PyTorch for macOS, which drives Apple's GPU too"), 100)
    if wanted == "mps":
        raise ValueError(tr("MPS is Apple's: choose the accelerator 'auto', 'cuda' or 'cpu'."))
    cpu = Build("cpu", f"{_PYTORCH}/cpu", 4.0, tr("PyTorch for the CPU"), 200)
    if wanted == "cpu":
        return cpu
    cuda, reason = _cuda_build(gpu)
    if cuda:
        return Build("cuda", f"{_PYTORCH}/{cuda}", 14.0, tr("PyTorch with CUDA ({}) for {}").format(cuda, reason), 3000)
    if wanted == "cuda":
        raise ValueError(tr("CUDA cannot be used: {}. Choose the accelerator 'auto' or 'cpu'.").format(reason))
    return replace(cpu, reason=f"{cpu.reason}: {reason}")


def _cuda_build(gpu: Gpu | None) -> tuple[str, str]:
    """Return the CUDA build and the GPU's name, or an empty name and why there is none."""
    if gpu is None:
        return "", tr("no NVIDIA GPU with a working driver was found")
    try:
        driver = int(gpu.driver.split(".")[0])
    except ValueError:
        return "", tr("the driver of {} has no readable version ({})").format(gpu.name, gpu.driver)
    name = tr("{} ({:.0f} GB, driver {})").format(gpu.name, gpu.memory_mb / 1024, gpu.driver)
    builds = [build for oldest, build in _CUDA_BUILDS if driver >= oldest]
    if gpu.capability >= _BLACKWELL:
        builds = [build for build in builds if build == "cu128"]
    elif 0 < gpu.capability < _TURING:
        builds = [build for build in builds if build != "cu128"]
    if not builds:
        needed = 570 if gpu.capability >= _BLACKWELL else 530
        return "", tr("the driver of {} is too old, {} or newer is needed").format(name, needed)
    return builds[0], name
