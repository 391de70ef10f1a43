"""The address of a Dask scheduler, as users type it."""

from __future__ import annotations

import re

from .translation import tr

#: What Dask's schedulers listen on.
_ADDRESS = re.compile(r"(tcp|tls|ucx|ws|wss)://(\[[0-9a-fA-F:.]+\]|[^\s/:\[\]]+):(\d{1,5})/?")
_HIGHEST_PORT = 65535


def address_problem(text: str) -> str:
    """Return a sentence that says what is wrong with an address; empty if nothing is, or if there is none."""
    match = _ADDRESS.fullmatch(text)
    if not text or (match is not None and 0 < int(match[3]) <= _HIGHEST_PORT):
        return ""
    return tr("'{}' is no address of a Dask scheduler: write it as tcp://host:port, as the scheduler says when it starts, or "
              "leave it empty to work on this computer.").format(text)
