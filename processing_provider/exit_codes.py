"""Why a worker died, in one sentence."""

from __future__ import annotations

import signal
from pathlib import Path

_MEMORY = (
    "The worker was ended by the system, most likely because memory ran out (or because someone killed it): close other "
    "programs, or choose a smaller batch or tile size."
)
_CRASH = "The worker crashed inside a library ({}): run the tool again, with the device 'cpu' if it was not; "
_RUNTIME = (
    "The worker could not start because a Windows library is missing or damaged: install 'Microsoft Visual C++ "
    "Redistributable 2015-2022 (x64)' and run the tool again."
)
_ILLEGAL = (
    "This processor lacks instructions that the installed PyTorch uses: name another Python in Settings > Options > Roadsmith."
)

_LIMIT = (
    "The worker took far more memory than the limit set in Settings > Options > Roadsmith and was ended: raise the limit, or "
    "choose a smaller batch or tile size."
)
#: What the worker itself says by its exit code (engine/memory_limit.py).
_OWN = {4: _LIMIT}

_WINDOWS = {
    0xC0000005: _CRASH.format("access violation"),
    0xC00000FD: _CRASH.format("stack overflow"),
    0xC0000409: _CRASH.format("abort"),
    0xC0000374: _CRASH.format("damaged heap"),
    0xC000001D: _ILLEGAL,
    0xC0000017: _MEMORY,
    0xC000012D: _MEMORY,
    0xC0000135: _RUNTIME,
    0xC0000142: _RUNTIME,
    0xC000007B: _RUNTIME,
}


def explain_exit(code: int | None, log_path: Path) -> str:
    """Return one sentence for the exit code of a worker that ended without an answer.

    Args:
        code: negative for a signal, as ``subprocess`` has it; above 128 as a shell has it; an NTSTATUS on Windows.
        log_path: the worker's error output.
    """
    sentence = _explain(code or 0)
    log = f"what it said last is in {log_path}."
    if sentence is None:
        last = _last_line(log_path)
        said = f' and "{last}"' if last else ""
        return f"The worker ended without a result, with exit code {code}{said}: {log}"
    return sentence + log if sentence.endswith("; ") else sentence


def _explain(code: int) -> str | None:
    code = code + 2**32 if code < -255 else code  # Windows' codes, if they come signed
    if code in _OWN or code in _WINDOWS:
        return _OWN.get(code) or _WINDOWS[code]
    number = -code if code < 0 else code - 128
    try:
        name = signal.Signals(number).name
    except ValueError:
        return None
    if name == "SIGKILL":
        return _MEMORY
    if name == "SIGILL":
        return _ILLEGAL
    if name in ("SIGSEGV", "SIGBUS", "SIGABRT", "SIGFPE"):
        return _CRASH.format(name)
    return None


def _last_line(log_path: Path) -> str:
    try:
        lines = log_path.read_bytes()[-4000:].decode("utf-8", "replace").split("\n")
    except OSError:
        return ""
    return next((line.strip()[:300] for line in reversed(lines) if line.strip()), "")
