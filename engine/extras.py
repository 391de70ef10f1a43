"""Packages that only some jobs need; they are no part of the plugin's own environment."""

from __future__ import annotations

import importlib
import importlib.util
import sys

from .errors import EngineError
from .jobs import ClassifyPixels, RasterToRoadVector, TrainRoadExtractor

#: What to install for each extra, as pyproject.toml has it (a test compares).
EXTRAS: dict[str, dict[str, str]] = {
    "tensorboard": {"tensorboard": "tensorboard>=2.14,<3"},
    "onnx": {"onnx": "onnx>=1.15,<2", "onnxruntime": "onnxruntime>=1.17,<2"},
    "cluster": {"dask": "dask>=2024.8,<2027", "distributed": "distributed>=2024.8,<2027"},
}
_WANTED_FOR = {"tensorboard": "TensorBoard", "onnx": "ONNX", "cluster": "A Dask cluster"}


def check_extras(job: TrainRoadExtractor | ClassifyPixels | RasterToRoadVector) -> None:
    """Raise an ``EngineError`` with the command that installs what the job needs and the environment lacks."""
    asked = _asked(job)
    missing = {name: [what for module, what in EXTRAS[name].items() if not _can_import(module)] for name in asked}
    if any(missing.values()):
        wanted = " and ".join(_WANTED_FOR[name] for name in asked if missing[name])
        packages = " ".join(f'"{each}"' for name in asked for each in missing[name])
        otherwise = f"train without {wanted}" if isinstance(job, TrainRoadExtractor) else "leave the scheduler empty"
        raise EngineError(
            f"{wanted} needs packages that the Python environment lacks: run {_install_command()} {packages} in a terminal, or "
            f"{otherwise}.", "environment"
        )


def _asked(job: TrainRoadExtractor | ClassifyPixels | RasterToRoadVector) -> list[str]:
    """Return the names of the extras that a job needs."""
    if isinstance(job, (ClassifyPixels, RasterToRoadVector)):
        return ["cluster"] if job.scheduler else []
    return [name for name, wanted in (("tensorboard", job.tensorboard), ("onnx", job.onnx)) if wanted]


def _can_import(module: str) -> bool:
    try:
        importlib.import_module(module)
    except ImportError:
        return False
    return True


def _install_command() -> str:
    """Return how to install into this environment; one that uv made has no pip of its own."""
    if importlib.util.find_spec("pip") is None:
        return f'uv pip install --python "{sys.executable}"'
    return f'"{sys.executable}" -m pip install'
