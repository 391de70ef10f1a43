"""Why a worker died, in one sentence."""

from __future__ import annotations

import signal
from pathlib import Path

from .translation import tr, tr_noop

_MEMORY = tr_noop(
    "The worker was ended by the system, most likely because memory ran out (or because someone killed it): close other "
    "programs, or choose a smaller batch or tile size."
)
_CRASH = tr_noop("The worker crashed inside a library ({}): run the tool again, with the device 'cpu' if it was not; {}")
_RUNTIME = tr_noop(
    "The worker could not start because a Windows library is missing or damaged: install 'Microsoft Visual C++ "
    "Redistributable 2015-2022 (x64)' and run the tool again."
)
_ILLEGAL = tr_noop(
    "This processor lacks instructions that the installed PyTorch uses: name another Python in Settings > Options > Roadsmith."
)

_LIMIT = tr_noop(
    "The worker took far more memory than the limit set in Settings > Options > Roadsmith and was ended: raise the limit, or "
    "choose a smaller batch or tile size."
)
#: What the worker itself says by its exit code (engine/memory_limit.py).
_OWN = {4: _LIMIT}

_WINDOWS_CRASHES = {
    0xC0000005: tr_noop("access violation"),
    0xC00000FD: tr_noop("stack overflow"),
    0xC0000409: tr_noop("abort"),
    0xC0000374: tr_noop("damaged heap"),
}
_WINDOWS = {
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
    log = tr("what it said last is in {}.").format(log_path)
    sentence = _explain(code or 0, log)
    if sentence is not None:
        return sentence
    last = _last_line(log_path)
    said = tr(' and "{}"').format(last) if last else ""
    return tr("The worker ended without a result, with exit code {}{}: {}").format(code, said, log)


def _explain(code: int, log: str) -> str | None:
    code = code + 2**32 if code < -255 else code  # Windows' codes, if they come signed
    if code in _OWN or code in _WINDOWS:
        return tr(_OWN.get(code) or _WINDOWS[code])
    if code in _WINDOWS_CRASHES:
        return tr(_CRASH).format(tr(_WINDOWS_CRASHES[code]), log)
    try:
        return _explain_signal(signal.Signals(-code if code < 0 else code - 128).name, log)
    except ValueError:
        return None


def _explain_signal(name: str, log: str) -> str | None:
    if name == "SIGKILL":
        return tr(_MEMORY)
    if name == "SIGILL":
        return tr(_ILLEGAL)
    if name in ("SIGSEGV", "SIGBUS", "SIGABRT", "SIGFPE"):
        return tr(_CRASH).format(name, log)
    return None


def _last_line(log_path: Path) -> str:
    try:
        lines = log_path.read_bytes()[-4000:].decode("utf-8", "replace").split("\n")
    except OSError:
        return ""
    return next((line.strip()[:300] for line in reversed(lines) if line.strip()), "")
