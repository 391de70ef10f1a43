"""What the worker answers: one JSON object a line on its standard output.

Standard library only: both processes import this file, under different Pythons.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any, ClassVar

#: Raised whenever a job or an event changes its meaning; the two sides refuse to talk across versions.
PROTOCOL = 1


@dataclass(frozen=True)
class Hello:
    """First words of a worker: which protocol it speaks and what it runs on."""

    kind: ClassVar[str] = "hello"
    protocol: int
    python: str
    process_id: int


@dataclass(frozen=True)
class Heartbeat:
    """Nothing new, but the process is alive. Sent every two seconds."""

    kind: ClassVar[str] = "heartbeat"


@dataclass(frozen=True)
class Progress:
    """How far the job is. ``fraction`` runs from 0 to 1; ``rate`` is in ``unit`` per second; 0 where unknown."""

    kind: ClassVar[str] = "progress"
    fraction: float
    text: str = ""
    rate: float = 0.0
    unit: str = ""
    seconds_left: float = -1.0


@dataclass(frozen=True)
class Log:
    """A line for the log. ``level``: ``info`` for the user, ``debug`` for whoever reads a bug report."""

    kind: ClassVar[str] = "log"
    text: str
    level: str = "info"


@dataclass(frozen=True)
class Warn:
    """Something the user should know, that does not stop the job."""

    kind: ClassVar[str] = "warning"
    text: str


@dataclass(frozen=True)
class Metric:
    """Named figures of one step, such as the losses and scores of an epoch; ``total`` steps are planned, 0 if unknown."""

    kind: ClassVar[str] = "metric"
    step: int
    values: dict[str, float] = field(default_factory=dict)
    name: str = "step"
    total: int = 0


@dataclass(frozen=True)
class Result:
    """The job is complete; ``outputs`` are its figures and the paths it wrote."""

    kind: ClassVar[str] = "result"
    outputs: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Stopped:
    """The job was cancelled; ``text`` says what, if anything, was kept."""

    kind: ClassVar[str] = "stopped"
    text: str = ""


@dataclass(frozen=True)
class Failure:
    """The job failed. ``message`` is one sentence for the user, ``details`` (a traceback) is for the log only."""

    kind: ClassVar[str] = "error"
    message: str
    error_kind: str = "internal"
    details: str = ""


Event = Any  # one of the dataclasses above; a Union of them would have to be spelled twice
_KINDS = {event.kind: event for event in (Hello, Heartbeat, Progress, Log, Warn, Metric, Result, Stopped, Failure)}


def encode(event: Event) -> str:
    """Return the event as one line of ASCII JSON, without the line end."""
    return json.dumps({"event": event.kind, **asdict(event)}, ensure_ascii=True, default=str)


def decode(line: str) -> Event | None:
    """Return the event a line holds, or None for a line that is no event (a library that prints, say)."""
    try:
        record = json.loads(line)
        event_class = _KINDS[record.pop("event")]
        known = {each.name for each in fields(event_class)}
        return event_class(**{name: value for name, value in record.items() if name in known})
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
