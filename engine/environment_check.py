"""The proof that an environment works: every package imports, and the device multiplies matrices correctly."""

from __future__ import annotations

import importlib
import platform
import sys
import time
from typing import Any

from .errors import EngineError
from .jobs import CheckEnvironment
from .reporter import Reporter

#: What the engine imports, in the order in which clashes between their libraries show best.
MODULES = ("numpy", "torch", "rasterio", "shapely", "skimage", "scipy", "pyogrio", "pyproj", "safetensors", "matplotlib")

_SIZE = 512


def check_environment(job: CheckEnvironment, reporter: Reporter) -> dict[str, Any]:
    """Import every package and multiply a matrix on the device; return versions, device and the time it took.

    Raises:
        EngineError: a package does not import, or the device fails or miscalculates.
    """
    started = time.monotonic()
    reporter.phase(0, 0.8, "Importing packages")
    packages = {}
    for done, name in enumerate(MODULES):
        packages[name] = _import(name)
        reporter.log(f"{name} {packages[name]}")
        reporter.progress(done + 1, len(MODULES))
    reporter.phase(0.8, 1, "Testing the device")
    device, description = _test_device(job.device)
    reporter.log(f"Device: {description}")
    return {
        "python": platform.python_version(),
        "executable": sys.executable,
        "packages": packages,
        "device": device,
        "device_name": description,
        "seconds": round(time.monotonic() - started, 2),
    }


def _import(name: str) -> str:
    try:
        module = importlib.import_module(name)
    except (ImportError, OSError) as error:
        reason = " ".join(str(error).split())[:300]
        hint = "run 'Set up environment' again"
        if getattr(error, "winerror", None) in (126, 127, 1114) or "WinError 1114" in reason or "DLL load failed" in reason:
            hint = "install 'Microsoft Visual C++ Redistributable 2015-2022 (x64)', then " + hint
        raise EngineError(f"The package {name} cannot be used in {sys.executable} ({reason}): {hint}.", "environment") from error
    return str(getattr(module, "__version__", "?"))


def _test_device(wanted: str) -> tuple[str, str]:
    """Multiply two matrices of small whole numbers, which every device must get exactly right."""
    import torch

    from .devices import choose_device, describe_device

    device = choose_device(wanted)
    name = str(device)
    try:
        name = describe_device(device)
        generator = torch.Generator().manual_seed(1)
        left = torch.randint(-4, 5, (_SIZE, _SIZE), generator=generator).float()
        right = torch.randint(-4, 5, (_SIZE, _SIZE), generator=generator).float()
        product = (left.to(device) @ right.to(device)).cpu()
        expected = (left.long() @ right.long()).float()
    except RuntimeError as error:
        reason = " ".join(str(error).split())[:300]
        raise EngineError(_advice(f"PyTorch {torch.__version__} cannot compute on {name} ({reason})"), "environment") from error
    if not torch.equal(product, expected):
        raise EngineError(_advice(f"{name} multiplied two matrices wrongly"), "environment")
    return device.type, name


def _advice(what: str) -> str:
    return f"{what}: update the graphics driver, or run 'Set up environment' with the accelerator 'cpu'."
