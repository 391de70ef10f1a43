"""Classify Pixels: a raster of any size through a road model."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import rasterio
import torch

from ...models.package import LoadedModel, load_package
from ..devices import choose_devices, describe_device
from ..errors import Cancelled, EngineError
from ..extras import check_extras
from ..jobs import ClassifyPixels
from ..raster.writing import check_writable, explained_disk_errors
from ..reporter import Reporter
from ..unfinished import Unfinished
from .checks import check_settings
from .classifier import GDAL_CACHE_BYTES, Classifier
from .part_files import is_complete
from .parts import Part, lane_window, lanes, parts_of
from .plan import Plan, make_plan
from .publishing import check_published_parts, publish

_NOTE = (
    "This classification was interrupted. Run Classify pixels again with the same settings and the same output: it goes on\n"
    "where it ended. Or delete this folder.\n"
)


def classify_pixels(job: ClassifyPixels, reporter: Reporter) -> dict[str, Any]:
    """Run the job; see its docstring for the parameters.

    Returns:
        ``output``, ``probability`` (empty if not asked for), ``threshold`` that was used, ``road_share`` of the valid pixels,
        ``megapixels``, ``resumed`` (whether this went on from an interrupted run).

    Raises:
        EngineError: raster and model do not fit, or something cannot be read or written. What is done stays in
            ``NAME~unfinished`` beside the output, and the same job goes on from there.
        Cancelled: the user asked to stop; likewise.
        ModelPackageError: the model is no model package.
    """
    check_settings(job)
    check_extras(job)
    devices = [torch.device("cpu")] if job.scheduler else choose_devices(job.device)
    final = Path(job.output)
    for path in filter(None, (job.output, job.probability)):
        check_writable(Path(path).parent)
    if job.vrt:
        check_published_parts(job)
    if not job.scheduler:
        reporter.log(f"Device: {', '.join(map(describe_device, devices))}")
    model = load_package(job.model, devices[0])
    with rasterio.Env(GDAL_CACHEMAX=GDAL_CACHE_BYTES):
        plan = make_plan(job, model, reporter)
        parts = parts_of(plan.lattice)
        with explained_disk_errors(final), Unfinished(final, plan.fingerprint, _NOTE) as unfinished:
            folder = unfinished.folder / plan.key
            resumed = _resume(unfinished, folder, plan, parts, reporter)
            with _kept(final, unfinished, parts), explained_disk_errors(final):
                if len(unfinished) < len(parts):
                    _classify_parts(job, plan, model, devices, parts, unfinished, folder, reporter)
                records = {part.number: unfinished[part.number] for part in parts}
                publish(job, plan, parts, folder, records, reporter)
            unfinished.remove()
    road, valid = (sum(record[what] for record in records.values()) for what in ("road", "valid"))
    if not valid:
        reporter.warning("The whole area is nodata: the result holds nothing but nodata.")
    return {
        "output": job.output, "probability": job.probability, "threshold": plan.threshold,
        "road_share": road / valid if valid else 0.0, "megapixels": plan.area.width * plan.area.height / 1e6,
        "resumed": resumed,
    }


def _resume(unfinished: Unfinished, folder: Path, plan: Plan, parts: Sequence[Part], reporter: Reporter) -> bool:
    """Look at what an earlier run has left; return whether there is anything to go on from."""
    if unfinished.discarded:
        reporter.warning("An unfinished classification with other settings or data, of the same output, was removed.")
    for number in unfinished.done:
        if not is_complete(folder, plan.layers, number, unfinished[number]):
            unfinished.forget(number)
    if len(unfinished):
        reporter.log(f"Going on with a classification that was interrupted: {len(unfinished)} of {len(parts)} parts are done.")
    return len(unfinished) > 0


def _classify_parts(
    job: ClassifyPixels, plan: Plan, model: LoadedModel, devices: Sequence[torch.device], parts: Sequence[Part],
    unfinished: Unfinished, folder: Path, reporter: Reporter,
) -> None:
    """Classify all parts that are not done yet, here or over a cluster."""
    earlier = {record["device"]: record for record in (unfinished[number] for number in unfinished.done)}
    todo = list(lanes(list(parts), unfinished.done))
    start = 0.95 * (1 - _pixels(todo) / (plan.area.height * plan.area.width))
    metres, lattice = plan.grid.cell_metres, plan.lattice
    reporter.log(
        f"{plan.area.width} × {plan.area.height} pixels at {metres[0]:.3g} × {metres[1]:.3g} m; tiles of {lattice.tile} pixels, "
        f"{lattice.padding} pixels padding."
    )
    if job.scheduler:
        from .cluster import classify_over_cluster  # needs Dask

        classify_over_cluster(job, plan, todo, folder, earlier, unfinished.note, start, reporter)
        return
    with Classifier(job, plan, model, devices, earlier.get(devices[0].type, {}), reporter) as classifier:
        _classify_here(classifier, todo, unfinished, folder, start, reporter)


def _classify_here(
    classifier: Classifier, todo: Sequence[list[Part]], unfinished: Unfinished, folder: Path, start: float, reporter: Reporter
) -> None:
    lattices = [classifier.plan.lattice.over(lane_window(lane)) for lane in todo]
    total, pixels = sum(lattice.tile_count for lattice in lattices), _pixels(todo)
    figures = classifier.figures
    reporter.log(f"{total} tiles, {figures['batch_size']} at once in {figures['precision']}.")
    reporter.phase(start, 0.95, "Classifying")
    before = 0
    for lane, lattice in zip(todo, lattices):

        def progress(count: int, before: int = before) -> None:
            share = (before + count) / total
            reporter.progress(before + count, total, amount=share * pixels / 1e6, unit="Mpx")

        classifier.classify(lane, folder, lambda part, record: unfinished.note(part.number, record), progress)
        before += lattice.tile_count


def _pixels(todo: Sequence[Sequence[Part]]) -> int:
    return sum(part.window.height * part.window.width for lane in todo for part in lane)


@contextlib.contextmanager
def _kept(final: Path, unfinished: Unfinished, parts: Sequence[Part]) -> Iterator[None]:
    """Add to what ends a run that its finished parts are not lost."""

    def kept() -> str:
        return f"{len(unfinished)} of {len(parts)} parts are done and kept: the same run goes on from there."

    try:
        yield
    except Cancelled as stop:
        raise Cancelled(kept() if len(unfinished) else str(stop)) from stop
    except (EngineError, OSError) as error:
        if isinstance(error, EngineError):
            message, kind = error.message, error.kind
        else:  # a drive that went away
            message, kind = f"{final} cannot be written any more ({error.strerror or error}): look after its drive.", "disk"
        raise EngineError(f"{message} {kept()}" if len(unfinished) else message, kind) from error
