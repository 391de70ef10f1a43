"""How a worker answers: what it is, and failures as a sentence that names the machine."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from typing import TypeVar

from ..errors import Cancelled, EngineError
from ..failures import explain

Result = TypeVar("Result")


def answer_probe(look: Callable[[], dict[str, str]]) -> dict[str, str]:
    """Return what ``look`` finds out, the ``host``, and a ``problem``: the sentence of a failure, empty for none.

    Args:
        look: returns a ``description`` of the worker and what else the client is to know; raises what keeps it from taking part.
    """
    answer = {"host": socket.gethostname(), "description": "", "problem": ""}
    try:
        return {**answer, **explained(look)}
    except EngineError as error:
        return {**answer, "problem": error.message}


def explained(work: Callable[[], Result]) -> Result:
    """Do ``work``; let failures leave as a sentence that names the machine.

    Nothing else leaves, not even as a context: Dask waits for ever where an exception, or one behind it, cannot be pickled.

    Raises:
        Cancelled: as the work does. EngineError: anything else.
    """
    try:
        return work()
    except Cancelled:
        failure = None
    except Exception as error:
        failure = explain(error)
    if failure is None:
        raise Cancelled
    if failure.details:
        logging.getLogger(__name__).error(failure.details)
    raise EngineError(f"On the machine {socket.gethostname()}: {failure.message}", failure.error_kind)
