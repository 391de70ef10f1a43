"""What the user asks of a running training in the training monitor: to end with the best epoch so far, or without a model."""

from __future__ import annotations

from pathlib import Path

from ..errors import Cancelled, EngineError
from .run_journal_folder import REQUEST_FILE
from .world import World

NO_REQUEST, STOP, CANCEL = "", "stop", "cancel"
CANCELLED_TEXT = "The training was cancelled in the training monitor; Resume goes on after the last saved epoch."
_REQUESTS = (NO_REQUEST, STOP, CANCEL)


class CancelledTogether(EngineError):
    """The user asked one of several processes to end without a model; none of them can say so but by failing."""


class StopEarly(Exception):
    """The user asked for the best epoch so far."""


def read_request(folder: Path) -> str:
    """Return what lies in a run's folder: ``STOP``, ``CANCEL`` or ``NO_REQUEST``."""
    try:
        text = (folder / REQUEST_FILE).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return NO_REQUEST
    return text if text in _REQUESTS else NO_REQUEST


def obey(request: str, world: World, may_stop: bool) -> None:
    """Do what is asked, of several processes all at the same step: each must call this at the same place.

    Args:
        request: read by the leading process; that of the others counts for nothing.
        may_stop: whether there is an epoch to keep; a wish to stop waits until there is.

    Raises:
        StopEarly, Cancelled: as asked; ``CancelledTogether`` in one of several processes.
    """
    asked = _REQUESTS[int(world.leaders([float(_REQUESTS.index(request))])[0])]
    if asked == CANCEL:
        raise Cancelled(CANCELLED_TEXT) if world.size == 1 else CancelledTogether(CANCELLED_TEXT)
    if asked == STOP and may_stop:
        raise StopEarly
