"""Threads that step back behind those that compute."""

from __future__ import annotations

import contextlib
import os
import sys
import threading

#: Steps of niceness: such a thread runs when it alone wants a core, and has a quarter of one that a network wants too.
_STEPS = 5


def step_back() -> None:
    """Let the calling thread leave the processor to the network's threads when both want it.

    A network's threads share each layer in equal parts and wait for the slowest: a reader that holds up one of them for a moment
    holds up all. On Linux alone a thread can have a priority of its own; elsewhere nothing happens.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            own = threading.get_native_id()
            os.setpriority(os.PRIO_PROCESS, own, os.getpriority(os.PRIO_PROCESS, own) + _STEPS)
