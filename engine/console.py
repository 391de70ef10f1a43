"""What a notebook or a script sees of a job: warnings, the table of epochs, and a line that shows how far it is.

Plain text on the standard output, and pictures that notebooks show by themselves; IPython is used where it is, never needed.
"""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable, Collection, Mapping
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from . import events
from .errors import EngineError
from .reporter import Reporter

#: Columns of the table of epochs: those of the ArcGIS API.
COLUMNS = ("epoch", "train_loss", "valid_loss", "accuracy", "miou", "dice", "time")
_WIDTH = 10
#: Phases shorter than this need no line that moves, seconds.
_PATIENCE = 5.0


class ConsoleFigure(Figure):
    """A figure that a notebook shows when it is the value of a cell, whether or not pyplot was set up there."""

    def _repr_png_(self) -> bytes:
        buffer = io.BytesIO()
        FigureCanvasAgg(self).print_png(buffer)
        return buffer.getvalue()


class Console:
    """Prints the events of jobs. Each warning is printed once."""

    def __init__(self) -> None:
        self._warned: set[str] = set()
        self._phase, self._since, self._length = "", 0.0, 0

    def reporter(self, show: Callable[[events.Event], None] | None = None) -> Reporter:
        """Return a reporter that prints here. ``show`` is handed all events but progress and warnings; None leaves them out."""

        def receive(event: events.Event) -> None:
            if isinstance(event, events.Progress):
                self._progress(event)
            elif isinstance(event, events.Warn):
                if event.text not in self._warned:
                    self._warned.add(event.text)
                    self.say(f"Warning: {event.text}")
            elif show is not None:
                show(event)

        return Reporter(receive)

    def say(self, text: str) -> None:
        """Print a line at once."""
        self.clear()
        print(text, flush=True)

    def show_logs(self, event: events.Event) -> None:
        """Print what a job logs for its user; for ``reporter``."""
        if isinstance(event, events.Log) and event.level == "info":
            self.say(event.text)

    def left_out(self, function: str, given: Collection[str], known: Collection[str]) -> None:
        """Say which arguments of the ArcGIS API have no meaning here.

        Raises:
            EngineError: one is not known there either.
        """
        unknown = sorted(set(given) - set(known))
        if unknown:
            raise EngineError(f"{function} knows no '{unknown[0]}': look it up in its help.")
        if given:
            self.say(f"{function} leaves out {', '.join(sorted(given))}: nothing here depends on it.")

    def header(self) -> None:
        """Print the header of the table of epochs."""
        self.say("  ".join(name.ljust(_WIDTH) for name in COLUMNS).rstrip())

    def row(self, epoch: int, figures: Mapping[str, float]) -> None:
        """Print an epoch; ``figures`` has a value for each column but the first, and ``seconds`` for the last."""
        minutes, seconds = divmod(round(figures["seconds"]), 60)
        hours, minutes = divmod(minutes, 60)
        time_taken = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"
        cells = [str(epoch), *(f"{figures[name]:.6f}" for name in COLUMNS[1:-1]), time_taken]
        self.say("  ".join(cell.ljust(_WIDTH) for cell in cells).rstrip())

    def clear(self) -> None:
        """Wipe the line that moves."""
        if self._length:
            print("\r" + " " * self._length + "\r", end="", flush=True)
            self._length = 0

    def _progress(self, event: events.Progress) -> None:
        now = time.monotonic()
        if event.text != self._phase or event.fraction >= 1:
            self._phase, self._since = event.text, now
            self.clear()
        if now - self._since < _PATIENCE or not (sys.stdout.isatty() or _shell() is not None):
            return
        left = f", {event.seconds_left / 60:.0f} min left" if event.seconds_left > 90 else ""
        text = f"{event.text}: {event.fraction:.0%}{left}"
        print("\r" + text.ljust(self._length), end="", flush=True)
        self._length = len(text)


def show_now(figure: Figure) -> None:
    """Show a figure that is not the value of its cell; outside a notebook nothing happens."""
    if _shell() is not None:
        sys.modules["IPython.display"].display(figure)


def _shell() -> Any:
    """Return IPython's shell if this runs in one. It is not imported for that: who runs in one has it loaded."""
    get_shell = getattr(sys.modules.get("IPython"), "get_ipython", None)
    return get_shell() if get_shell is not None and "IPython.display" in sys.modules else None
