"""Where the events of a process go: to what was its standard output, which nobody else writes to from then on."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable

from . import events


def open_channel() -> Callable[[events.Event], None]:
    """Return the function that sends an event. From here on, whatever prints, prints to the error output.

    Libraries written in C print past Python, so the descriptor itself is moved, not only ``sys.stdout``.
    """
    channel = os.dup(1)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    lock = threading.Lock()

    def emit(event: events.Event) -> None:
        data = (events.encode(event) + "\n").encode("ascii")
        try:
            with lock:
                while data:
                    data = data[os.write(channel, data) :]
        except OSError:
            pass  # who listened is gone; the end of the input ends the process

    return emit
