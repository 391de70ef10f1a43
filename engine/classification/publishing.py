"""From the files of the parts to the results under their final names: joined, or left as they are under a virtual raster."""

from __future__ import annotations

import contextlib
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import EngineError
from ..jobs import ClassifyPixels
from ..raster.writing import atomic_output, partial_path
from ..reporter import Reporter
from .joining import join_parts, write_vrt
from .layers import write_category_names
from .parts import Part
from .plan import Plan

_PART_NAME = re.compile(r"(classified|probability)-\d{6}\.tif(\.aux\.xml)?")


def published_parts(job: ClassifyPixels) -> Path:
    """Return the folder in which parts that are not joined stay: ``NAME_parts`` beside the result."""
    output = Path(job.output)
    return output.with_name(f"{output.stem}_parts")


def check_published_parts(job: ClassifyPixels) -> None:
    """Raise an ``EngineError`` if that folder holds anything but the parts of an earlier run, which are replaced."""
    folder = published_parts(job)
    if folder.exists() and not (
        folder.is_dir() and all(_PART_NAME.fullmatch(each.name) for each in folder.iterdir())
    ):
        raise EngineError(f"{folder}, where the blocks would stay, holds other files: move it, or choose another output.")


def publish(
    job: ClassifyPixels, plan: Plan, parts: Sequence[Part], folder: Path, records: Mapping[int, Mapping[str, Any]],
    reporter: Reporter,
) -> None:
    """Make the results of the parts in ``folder``; all get their final names when all are complete.

    Raises:
        Cancelled: the user asked to stop. EngineError: something cannot be read or written.
    """
    paths = [Path(path) for path in (job.output, job.probability) if path]
    transform = plan.grid.transform_of(plan.area)
    with contextlib.ExitStack() as stack:
        start, span = 0.95, 0.05 / len(plan.layers)
        for layer, path in zip(plan.layers, paths):
            partial = stack.enter_context(atomic_output(path, job.run_id))
            if job.vrt:
                write_vrt(partial, published_parts(job), layer, parts, records, plan.area, transform, plan.crs)
                continue
            vrt = folder / f"{layer.kind}.vrt"
            write_vrt(vrt, folder, layer, parts, records, plan.area, transform, plan.crs)
            reporter.phase(start, start + span, "Writing the result")
            join_parts(vrt, partial, layer, job.cog, reporter)
            start += span
        if job.vrt:
            _leave(folder, published_parts(job), job.run_id)
    if not job.vrt:
        write_category_names(paths[0])


def _leave(folder: Path, final: Path, run_id: str) -> None:
    """Give the folder of the parts its final name, instead of one of an earlier run."""
    for path in folder.iterdir():
        if not _PART_NAME.fullmatch(path.name):
            path.unlink()  # half a part of a worker that was lost, say
    old = partial_path(final, run_id)
    if final.exists():
        final.replace(old)
    folder.replace(final)
    shutil.rmtree(old, ignore_errors=True)
