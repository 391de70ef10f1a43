"""Telling the user what the worker says."""

from __future__ import annotations

import time

from qgis.core import QgsProcessingFeedback

from ..engine import events
from .translation import tr

#: The dialog writes every progress text into its log: often at first, then rarely (seconds).
_FIRST_INTERVAL, _LONGEST_INTERVAL = 5.0, 60.0


class Relay:
    """Passes progress, log, figures and warnings on to the Processing feedback."""

    def __init__(self, feedback: QgsProcessingFeedback) -> None:
        self._feedback = feedback
        self._phase = ""
        self._last_text = 0.0
        self._interval = _FIRST_INTERVAL

    def tell(self, event: events.Event) -> None:
        """Show one event; those that are no news to the user are passed over."""
        if isinstance(event, events.Progress):
            self._progress(event)
        elif isinstance(event, events.Log):
            (self._feedback.pushDebugInfo if event.level == "debug" else self._feedback.pushInfo)(event.text)
        elif isinstance(event, events.Warn):
            self._feedback.pushWarning(event.text)
        elif isinstance(event, events.Metric):
            figures = ", ".join(f"{name} {value:.4g}" for name, value in event.values.items())
            of_all = f"/{event.total}" if event.total else ""
            self._feedback.pushInfo(f"{event.name} {event.step}{of_all}: {figures}")

    def _progress(self, event: events.Progress) -> None:
        self._feedback.setProgress(100.0 * min(1.0, max(0.0, event.fraction)))
        now = time.monotonic()
        if event.text != self._phase:
            self._phase, self._interval = event.text, _FIRST_INTERVAL
        elif now - self._last_text < self._interval:
            return
        else:
            self._interval = min(self._interval * 2, _LONGEST_INTERVAL)
        self._last_text = now
        if event.text:
            self._feedback.setProgressText(progress_text(event))


def progress_text(event: events.Progress) -> str:
    """Return the phase with its rate and the time left, e.g. ``Classifying: 12.5 megapixels/s, 2 min 5 s left``."""
    parts = []
    if event.rate > 0 and event.unit:
        parts.append(f"{event.rate:.3g} {event.unit}/s")
    if event.seconds_left >= 1:
        parts.append(tr("{} left").format(duration(event.seconds_left)))
    return f"{event.text}: {', '.join(parts)}" if parts else event.text


def duration(seconds: float) -> str:
    """Return a time span as a person says it, e.g. ``45 s``, ``2 min 5 s``, ``3 h 20 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
