"""What client and workers of a cluster must agree on: the version, the files, the name under which they speak of a run."""

from __future__ import annotations

from pathlib import Path

from ..errors import EngineError
from ..unfinished import file_state

#: What a message about a file ends with.
SHARED = "all machines must see one and the same, under the same path"


def topic(run_id: str) -> str:
    """Return the name under which Dask relays what workers say of a run."""
    return f"roadsmith-{run_id}"


def roadsmith_version() -> str:
    """Return the version of this package."""
    return (Path(__file__).resolve().parents[2] / "VERSION").read_text(encoding="utf-8").strip()


def check_same_version(version: str) -> None:
    """Raise an ``EngineError`` if the client's version is another than this process's."""
    own = roadsmith_version()
    if own != version:
        raise EngineError(f"Roadsmith is {own} there and {version} here: install the same version everywhere.", "environment")


def raster_bytes(path: str) -> int:
    """Return the size of a raster's file, -1 for what is no file."""
    state = file_state(path, copied=False)
    return int(state[1]) if len(state) > 1 else -1
