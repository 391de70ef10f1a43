"""The proof that an environment works: every package imports, and the device computes correctly."""

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
_CHANNELS, _PIXELS, _SPEED_SECONDS = 64, 128, 0.3


def check_environment(job: CheckEnvironment, reporter: Reporter) -> dict[str, Any]:
    """Import every package, multiply matrices and convolve an image on the device.

    Returns:
        ``python``, ``executable``, ``packages`` (name to version), ``cuda`` (version PyTorch was built for, empty for none),
        ``device`` (its type), ``device_name``, ``gflops`` (thousand millions of operations a second in a 3 × 3 convolution of
        float32, as the networks do) and ``seconds`` the check took.

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
    device, description, gflops = _test_device(job.device)
    reporter.log(f"Device: {description}, {gflops:.0f} GFLOP/s")
    return {
        "python": platform.python_version(),
        "executable": sys.executable,
        "packages": packages,
        "cuda": _cuda_version(),
        "device": device,
        "device_name": description,
        "gflops": round(gflops, 1),
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


def _test_device(wanted: str) -> tuple[str, str, float]:
    """Compute with small whole numbers, which every device must get exactly right; return type, name and speed."""
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
        convolved = _convolve(left, device)
        gflops = _speed(device)
    except RuntimeError as error:
        reason = " ".join(str(error).split())[:300]
        raise EngineError(_advice(f"PyTorch {torch.__version__} cannot compute on {name} ({reason})"), "environment") from error
    if not torch.equal(product, expected):
        raise EngineError(_advice(f"{name} multiplied two matrices wrongly"), "environment")
    if not torch.equal(convolved, _sum_of_neighbours(left)):
        raise EngineError(_advice(f"{name} convolved an image wrongly"), "environment")
    return device.type, name, gflops


def _convolve(image: Any, device: Any) -> Any:
    """Return the sums of all 3 × 3 neighbourhoods of a float32 (H, W) image, by the device's convolution (cuDNN on CUDA)."""
    import torch

    kernel = torch.ones(1, 1, 3, 3)
    return torch.nn.functional.conv2d(image[None, None].to(device), kernel.to(device))[0, 0].cpu()


def _sum_of_neighbours(image: Any) -> Any:
    """Return the same by adding shifted images."""
    height, width = image.shape
    return sum(image[row : height - 2 + row, column : width - 2 + column] for row in range(3) for column in range(3))


def _speed(device: Any) -> float:
    """Return the thousand millions of operations a second of a 3 × 3 convolution of 64 by 64 channels, 128 pixels square."""
    import torch

    image = torch.ones(1, _CHANNELS, _PIXELS, _PIXELS, device=device)
    kernel = torch.ones(_CHANNELS, _CHANNELS, 3, 3, device=device)
    torch.nn.functional.conv2d(image, kernel)[0, 0, 0, 0].item()  # the first call chooses a method
    operations, runs, started = 2 * 9 * _CHANNELS**2 * (_PIXELS - 2) ** 2, 0, time.perf_counter()
    while runs == 0 or time.perf_counter() - started < _SPEED_SECONDS:
        torch.nn.functional.conv2d(image, kernel)[0, 0, 0, 0].item()  # reading a value waits for the device
        runs += 1
    return runs * operations / (time.perf_counter() - started) / 1e9


def _cuda_version() -> str:
    import torch

    return str(torch.version.cuda or "")


def _advice(what: str) -> str:
    return f"{what}: update the graphics driver, or run 'Set up environment' with the accelerator 'cpu'."  # nosec B608
