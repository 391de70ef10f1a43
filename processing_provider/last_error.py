"""The last failure of a tool, kept for the diagnostics report."""

from __future__ import annotations

import time

from qgis.core import QgsSettings

from .proxy import without_credentials
from .settings import PREFIX

_KEY = f"{PREFIX}/last_error"
#: What a bug report needs of a traceback is its end.
_LONGEST = 3000


def remember_error(tool: str, message: str, details: str = "") -> None:
    """Keep what went wrong in ``tool``, instead of what went wrong before it."""
    when = time.strftime("%Y-%m-%d %H:%M")
    QgsSettings().setValue(_KEY, without_credentials(f"{when}, {tool}: {message}\n{details[-_LONGEST:]}".strip()))


def last_error() -> str:
    """Return it, empty if nothing went wrong so far."""
    return str(QgsSettings().value(_KEY, "") or "")
