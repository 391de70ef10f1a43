"""A classification as the machines of a cluster are told of it, and whether one of them sees what the client sees."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...models.package import LoadedModel
from ..cluster.agreement import SHARED, check_same_version, raster_bytes
from ..errors import EngineError
from ..jobs import ClassifyPixels
from ..raster.writing import check_writable
from .plan import Plan, open_raster

#: File in the folder of the parts by which a worker knows that it is the client's folder and no other of that name.
MARK = "run"


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


def check_sight(run: ClusterRun) -> None:
    """Refuse another version, and a folder that is not the client's."""
    check_same_version(run.version)
    folder = Path(run.folder)
    mark = ""
    with contextlib.suppress(OSError):
        mark = (folder / MARK).read_text(encoding="utf-8")
    if mark != run.job.run_id:
        raise EngineError(
            f"The folder of the output, {folder.parent.parent}, is not seen there: write to a folder that all machines share "
            "under the same path."
        )
    check_writable(folder)


def check_raster(run: ClusterRun, model: LoadedModel) -> None:
    """Refuse a raster that is missing, or another."""
    try:
        with open_raster(run.job, model) as source:
            grid = source.grid(run.job.cell_size or model.info.cell_metres)
    except EngineError as error:
        raise EngineError(f"{error.message.rstrip('.')}: {SHARED}.", error.kind) from error
    if grid != run.plan.grid or raster_bytes(run.job.raster) != run.raster_bytes:
        raise EngineError(f"The raster {run.job.raster} is another there than here: {SHARED}.")
