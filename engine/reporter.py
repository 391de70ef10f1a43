"""How the rooms of the engine speak to whoever started them: progress, log, figures, and the question "go on?"."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace

from .errors import Cancelled
from .events import Event, Log, Metric, Progress, Warn

#: Shortest time between two progress events, in seconds; a person cannot read faster and a pipe should not fill.
_PROGRESS_INTERVAL = 0.2


class Reporter:
    """Passes events to a listener and knows whether the job was cancelled.

    Args:
        emit: receives every event. The worker writes it to the pipe, a notebook may print it; default: nothing.
        cancel: set by whoever wants the job to stop.
    """

    def __init__(self, emit: Callable[[Event], None] | None = None, cancel: threading.Event | None = None) -> None:
        self._emit = emit or (lambda event: None)
        self._cancel = cancel or threading.Event()
        self._span = (0.0, 1.0)
        self._last_progress = 0.0
        self._phase_started = time.monotonic()
        self._phase_text = ""

    def phase(self, start: float, end: float, text: str) -> None:
        """Begin a phase that takes the job from fraction ``start`` to ``end``; ``progress`` then counts within it."""
        self.check_cancelled()
        self._span = (start, end)
        self._phase_started = time.monotonic()
        self._phase_text = text
        self._emit(Progress(start, text))
        self._last_progress = time.monotonic()

    def progress(self, done: float, total: float, amount: float = 0.0, unit: str = "") -> None:
        """Report ``done`` of ``total`` steps of the phase, and stop here if the job was cancelled.

        Args:
            done, total: steps, in any unit.
            amount: work done since the phase began, in ``unit`` (e.g. megapixels), for the rate.
            unit: what ``amount`` counts.

        Raises:
            Cancelled: the user asked to stop.
        """
        self.check_cancelled()
        now = time.monotonic()
        if now - self._last_progress < _PROGRESS_INTERVAL and done < total:
            return
        self._last_progress = now
        share = min(1.0, done / total) if total > 0 else 1.0
        elapsed = now - self._phase_started
        seconds_left = elapsed * (1 - share) / share if share > 0 else -1.0
        start, end = self._span
        rate = amount / elapsed if elapsed > 0 else 0.0
        self._emit(Progress(start + (end - start) * share, self._phase_text, rate, unit, seconds_left))

    def log(self, text: str, level: str = "info") -> None:
        """Write a line to the log."""
        self._emit(Log(text, level))

    def warning(self, text: str) -> None:
        """Tell the user something that does not stop the job."""
        self._emit(Warn(text))

    def metric(self, step: int, values: dict[str, float], name: str = "step", total: int = 0) -> None:
        """Report named figures of one of ``total`` steps (0 if unknown); ``name`` says what a step is, such as an epoch."""
        self._emit(Metric(step, values, name, total))

    def part(self, start: float, end: float, name: str) -> Reporter:
        """Return the reporter of a piece of the work that runs from fraction ``start`` to ``end`` and says its ``name``."""

        def pass_on(event: Event) -> None:
            if isinstance(event, Progress):
                event = replace(event, fraction=start + (end - start) * event.fraction, text=f"{name}: {event.text}")
            elif isinstance(event, (Log, Warn)):
                event = replace(event, text=f"{name}: {event.text}")
            elif isinstance(event, Metric):
                event = replace(event, name=f"{name}, {event.name}")
            self._emit(event)

        return Reporter(pass_on, self._cancel)

    @property
    def cancelled(self) -> bool:
        """Whether the user asked to stop."""
        return self._cancel.is_set()

    def relay(self, event: Event) -> None:
        """Pass on an event of another process that works on the same job."""
        self._emit(event)

    def check_cancelled(self) -> None:
        """Raise ``Cancelled`` if the user asked to stop. Call it wherever stopping is safe."""
        if self._cancel.is_set():
            raise Cancelled
