"""A classification as the machines of a cluster are told of it, and whether one of them sees what the client sees."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...models.package import LoadedModel
from ..errors import EngineError
from ..jobs import ClassifyPixels
from ..raster.writing import check_writable
from ..unfinished import file_state
from .plan import Plan, open_raster

#: File in the folder of the parts by which a worker knows that it is the client's folder and no other of that name.
TOKEN = "run"


@dataclass(frozen=True)
class ClusterRun:
    """All that a worker needs to know.

    Attributes:
        plan: made by the client; a mask travels inside. folder: takes the files of the parts. version: of Roadsmith.
        raster_bytes: size of the raster's file, -1 for what is no file.
        earlier: ``Classifier.figures`` to keep to, by the type of the device.
        processes: how many workers share a machine, by its host name.
    """

    job: ClassifyPixels
    plan: Plan
    folder: str
    version: str
    raster_bytes: int
    earlier: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    processes: Mapping[str, int] = field(default_factory=dict)


def topic(run_id: str) -> str:
    """Return the name under which Dask relays what workers say of a run."""
    return f"roadsmith-{run_id}"


def roadsmith_version() -> str:
    """Return the version of this package."""
    return (Path(__file__).resolve().parents[2] / "VERSION").read_text(encoding="utf-8").strip()


def raster_bytes(path: str) -> int:
    """Return the size of a raster's file, -1 for what is no file."""
    state = file_state(path, copied=False)
    return int(state[1]) if len(state) > 1 else -1


def check_sight(run: ClusterRun) -> None:
    """Refuse another version, and a folder that is not the client's."""
    own = roadsmith_version()
    if own != run.version:
        raise EngineError(f"Roadsmith is {own} there and {run.version} here: install the same version everywhere.", "environment")
    folder = Path(run.folder)
    token = ""
    with contextlib.suppress(OSError):
        token = (folder / TOKEN).read_text(encoding="utf-8")
    if token != run.job.run_id:
        raise EngineError(
            f"The folder of the output, {folder.parent.parent}, is not seen there: write to a folder that all machines share "
            "under the same path."
        )
    check_writable(folder)


def check_raster(run: ClusterRun, model: LoadedModel) -> None:
    """Refuse a raster that is missing, or another."""
    shared = "all machines must see one and the same, under the same path"
    try:
        with open_raster(run.job, model) as source:
            grid = source.grid(run.job.cell_size or model.info.cell_metres)
    except EngineError as error:
        raise EngineError(f"{error.message.rstrip('.')}: {shared}.", error.kind) from error
    if grid != run.plan.grid or raster_bytes(run.job.raster) != run.raster_bytes:
        raise EngineError(f"The raster {run.job.raster} is another there than here: {shared}.")
