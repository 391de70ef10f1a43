"""The first lines of a training's journal, written before its data are read: who watches sees at once that it has begun.

Reading the data of a large folder and searching for a learning rate take minutes, in which there is no epoch to tell of.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

from ..errors import Cancelled
from ..events import Event, Progress
from ..jobs import TrainRoadExtractor
from ..reporter import Reporter
from .run_journal import RunJournal, begin_journal
from .run_journal_requests import CANCEL, CANCELLED_TEXT
from .world import World


@contextlib.contextmanager
def begun(job: TrainRoadExtractor, reporter: Reporter, world: World) -> Iterator[Reporter]:
    """Keep the journal of a training from its beginning; ``journalled`` goes on with it when the epochs begin.

    Gives the reporter to train with, whose phases are written down, and which ends the training when the training monitor asks
    for that. Of several processes the leading one alone keeps a journal, and obeys from the first epoch on, as all must at once.
    """
    if not world.leads:
        yield reporter
        return
    journal = begin_journal(job, reporter)
    try:
        yield _Listening(reporter, journal, obeys=world.size == 1)
    except BaseException as error:
        if not journal.has_ended:
            journal.fail(error)
        raise


class _SameWish(threading.Event):
    """Is set when a reporter's own wish to stop is."""

    def __init__(self, reporter: Reporter) -> None:
        super().__init__()
        self._reporter = reporter

    def is_set(self) -> bool:
        return self._reporter.cancelled


class _Listening(Reporter):
    """Passes everything on, and tells the journal what is being done.

    Args:
        obeys: whether to ask the journal for the wish to cancel.
    """

    def __init__(self, reporter: Reporter, journal: RunJournal, obeys: bool) -> None:
        super().__init__(self._pass_on, _SameWish(reporter))
        self._outer, self._journal, self._obeys = reporter, journal, obeys

    def check_cancelled(self) -> None:
        """Raise ``Cancelled`` if the user asked to stop, here or in the training monitor."""
        super().check_cancelled()
        if self._obeys and self._journal.request() == CANCEL:
            raise Cancelled(CANCELLED_TEXT)

    def _pass_on(self, event: Event) -> None:
        if isinstance(event, Progress):
            self._journal.phase(event.text)
        self._outer.relay(event)
