"""Turning whatever went wrong in a job into one sentence for the user."""

from __future__ import annotations

import errno
import sys
import traceback

from .errors import EngineError, is_out_of_memory
from .events import Failure

_MEMORY = (
    "The computer ran out of memory: close other programs, or choose a smaller batch size, tile size or extent, and run again."
)
_GPU_MEMORY = "The GPU ran out of memory: choose a smaller batch or tile size, or the device 'cpu', and run again."

#: How Windows says that a library, or one that it needs, cannot be loaded.
_DLL_ERRORS = (126, 127, 1114)
_DLL = (
    "A library of PyTorch cannot be loaded: install 'Microsoft Visual C++ Redistributable 2015-2022 (x64)', then run "
    "'Set up environment' again."
)


def explain(error: BaseException) -> Failure:
    """Return the failure to report for an exception that ended a job."""
    if isinstance(error, EngineError):
        return Failure(error.message, error.kind)
    if _is_package_error(error):
        return Failure(" ".join(str(error).split()), "input")
    message, kind = _resources(error) or _inputs(error)
    return Failure(message, kind, "".join(traceback.format_exception(type(error), error, error.__traceback__)))


def _resources(error: BaseException) -> tuple[str, str] | None:
    """Say what ran out, if something did."""
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
        return _MEMORY, "memory"
    if is_out_of_memory(error):
        return (_MEMORY, "memory") if "cpuallocator" in str(error).lower() else (_GPU_MEMORY, "gpu_memory")
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        where = f" while writing {error.filename}" if error.filename else ""
        return f"The disk is full{where}: free some space and run again.", "disk"
    return None


def _inputs(error: BaseException) -> tuple[str, str]:
    text = " ".join(str(error).split()) or type(error).__name__
    if getattr(error, "winerror", None) in _DLL_ERRORS:
        return _DLL, "environment"
    if isinstance(error, ImportError) and not (error.name or "").startswith("roadsmith"):
        what = f"the package '{error.name}'" if isinstance(error, ModuleNotFoundError) and error.name else text
        return f"The Python environment at {sys.executable} lacks {what}: run 'Set up environment' again.", "environment"
    return f"Something unexpected went wrong ({type(error).__name__}: {text[:500]}); the log has the details.", "internal"


def _is_package_error(error: BaseException) -> bool:
    """Whether a model package was refused; asked without importing torch for it."""
    package = sys.modules.get("roadsmith.models.package")
    error_class = getattr(package, "ModelPackageError", None)
    return error_class is not None and isinstance(error, error_class)
