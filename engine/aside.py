"""Work that cannot be interrupted, in a thread that is left behind when the user asks to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from .reporter import Reporter

#: Longest wait before the user's wish to stop is looked at, seconds.
_GLANCE = 0.2

Result = TypeVar("Result")


def aside(work: Callable[[], Result], reporter: Reporter, meanwhile: Callable[[], object] | None = None) -> Result:
    """Return what ``work`` returns; the process is to end soon where it is left behind.

    Args:
        meanwhile: called again and again; the work is left behind if it raises anything.

    Raises:
        Cancelled: the user asked to stop. Whatever the work raises.
    """
    results: list[Result] = []
    failures: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=run, name="aside", daemon=True)  # not one of a pool: those are waited for at the end
    thread.start()
    while thread.is_alive():
        reporter.check_cancelled()
        if meanwhile is not None:
            meanwhile()
        thread.join(_GLANCE)
    if failures:
        raise failures[0]
    return results[0]
