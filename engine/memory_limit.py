"""The memory limit of the options: a worker that takes more is stopped, before the computer starts to swap.

Counted is the process's own memory: not what it shares with others or maps from files, not that of a GPU, and not that of
further processes (data loading on request, several GPUs).
"""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

#: Set by the QGIS side, in MB of 10⁶ bytes.
VARIABLE = "ROADSMITH_MEMORY_LIMIT_MB"
#: Of a process that could not stop in time; the QGIS side knows it (processing_provider/exit_codes.py).
EXIT_MEMORY = 4

_GLANCE = 0.25
#: Beyond this share of the limit nothing is put away any more (share of the limit, seconds after it was passed).
_FAR_BEYOND, _GRACE = 1.5, 20.0


def memory_limit(variables: dict[str, str] | None = None) -> int:
    """Return the limit in bytes, 0 for none; text that is no number counts as none."""
    text = (os.environ if variables is None else variables).get(VARIABLE, "")
    return int(text) * 10**6 if text.isascii() and text.isdigit() else 0


def used_bytes() -> int:
    """Return how much memory this process has of its own; 0 where the system does not say."""
    try:
        if sys.platform == "win32":
            return _used_on_windows()
        if sys.platform == "linux":
            resident, shared = Path("/proc/self/statm").read_text(encoding="ascii").split()[1:3]
            return (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE")
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # macOS: bytes, the most it ever had
    except (OSError, ValueError, ImportError):
        return 0


def within_limit(free: int) -> int:
    """Return how much of ``free`` bytes of the computer's memory this process may still take."""
    limit = memory_limit()
    return min(free, max(0, limit - used_bytes())) if limit else free


def _used_on_windows() -> int:
    """Ask Windows for the committed memory of this process that it shares with none."""
    import ctypes
    from ctypes import wintypes

    class Counters(ctypes.Structure):  # PROCESS_MEMORY_COUNTERS_EX: only its last field matters here
        _fields_ = (
            ("cb", wintypes.DWORD), ("page_faults", wintypes.DWORD), *((f"size{n}", ctypes.c_size_t) for n in range(8)),
            ("private", ctypes.c_size_t),
        )

    counters = Counters()
    counters.cb = ctypes.sizeof(counters)
    kernel = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined,unused-ignore]
    kernel.GetCurrentProcess.restype = wintypes.HANDLE
    kernel.K32GetProcessMemoryInfo.argtypes = (wintypes.HANDLE, ctypes.c_void_p, wintypes.DWORD)
    if not kernel.K32GetProcessMemoryInfo(kernel.GetCurrentProcess(), ctypes.byref(counters), counters.cb):
        return 0
    return int(counters.private)


class MemoryWatch:
    """A thread that cancels the job once the process has more memory than it may.

    Args:
        limit: bytes; 0 watches nothing.
        cancel: what a job looks at to know that it is to stop.
    """

    def __init__(self, limit: int, cancel: threading.Event) -> None:
        self._limit = limit
        self._cancel = cancel
        self._most = 0
        #: Whether the job was cancelled for its memory.
        self.exceeded = False

    def start(self) -> None:
        """Begin to watch, until the process ends."""
        if self._limit:
            threading.Thread(target=self._watch, name="memory", daemon=True).start()

    def sentence(self, kept: str = "") -> str:
        """Return what to tell the user; ``kept`` is what the job said when it stopped."""
        text = (f"The worker took {self._most / 1e9:.1f} GB of memory, and the limit in Settings > Options > Roadsmith is "
                f"{self._limit / 1e9:g} GB: raise the limit, or choose a smaller batch size, tile size or extent.")
        return f"{text} {kept}".strip()

    def _watch(self) -> None:
        deadline = float("inf")
        while True:
            used = used_bytes()
            if used > self._limit:
                self._most = max(self._most, used)
                if not self.exceeded:
                    self.exceeded = True
                    deadline = time.monotonic() + _GRACE
                    self._cancel.set()
            if used > _FAR_BEYOND * self._limit or (time.monotonic() > deadline and used > self._limit):
                os._exit(EXIT_MEMORY)
            time.sleep(_GLANCE)
