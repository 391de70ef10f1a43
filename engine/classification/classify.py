"""Classify Pixels: a raster of any size through a road model."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import rasterio

from ...models.package import LoadedModel, load_package
from ..devices import choose_devices, describe_device
from ..errors import Cancelled, EngineError
from ..jobs import ClassifyPixels
from ..raster.writing import atomic_output, check_writable, explained_disk_errors
from ..reporter import Reporter
from ..unfinished import Unfinished
from .checks import check_settings
from .classifier import Classifier
from .joining import join_parts, write_vrt
from .layers import write_category_names
from .part_files import is_complete
from .parts import Part, lane_window, lanes, parts_of
from .plan import Plan, make_plan

#: GDAL would take 5 % of all memory for what it has read; what tiles share is read again at the rims of runs only.
_GDAL_CACHE_BYTES = 128 * 2**20
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
    devices = choose_devices(job.device)
    final = Path(job.output)
    for path in filter(None, (job.output, job.probability)):
        check_writable(Path(path).parent)
    reporter.log(f"Device: {', '.join(map(describe_device, devices))}")
    model = load_package(job.model, devices[0])
    with rasterio.Env(GDAL_CACHEMAX=_GDAL_CACHE_BYTES):
        plan = make_plan(job, model, reporter)
        parts = parts_of(plan.lattice)
        with explained_disk_errors(final), Unfinished(final, plan.fingerprint, _NOTE) as unfinished:
            resumed = _resume(unfinished, plan, parts, reporter)
            with _kept(final, unfinished, parts), explained_disk_errors(final):
                if len(unfinished) < len(parts):
                    _classify_parts(job, plan, model, devices, parts, unfinished, reporter)
                records = {part.number: unfinished[part.number] for part in parts}
                _publish(job, plan, parts, unfinished, records, reporter)
            unfinished.remove()
    road, valid = (sum(record[what] for record in records.values()) for what in ("road", "valid"))
    if not valid:
        reporter.warning("The whole area is nodata: the result holds nothing but nodata.")
    return {
        "output": job.output, "probability": job.probability, "threshold": plan.threshold,
        "road_share": road / valid if valid else 0.0, "megapixels": plan.area.width * plan.area.height / 1e6,
        "resumed": resumed,
    }


def _resume(unfinished: Unfinished, plan: Plan, parts: Sequence[Part], reporter: Reporter) -> bool:
    """Look at what an earlier run has left; return whether there is anything to go on from."""
    if unfinished.discarded:
        reporter.warning("An unfinished classification with other settings or data, of the same output, was removed.")
    for number in unfinished.done:
        if not is_complete(unfinished.folder, plan.layers, number, unfinished[number]):
            unfinished.forget(number)
    if len(unfinished):
        reporter.log(f"Going on with a classification that was interrupted: {len(unfinished)} of {len(parts)} parts are done.")
    return len(unfinished) > 0


def _classify_parts(
    job: ClassifyPixels, plan: Plan, model: LoadedModel, devices: Sequence[Any], parts: Sequence[Part], unfinished: Unfinished,
    reporter: Reporter,
) -> None:
    """Classify all parts that are not done yet."""
    earlier = unfinished[unfinished.done[-1]] if unfinished.done else {}
    todo = list(lanes(list(parts), unfinished.done))
    lattices = [plan.lattice.over(lane_window(lane)) for lane in todo]
    total = sum(lattice.tile_count for lattice in lattices)
    pixels = sum(part.window.height * part.window.width for lane in todo for part in lane)
    share_done = 1 - pixels / (plan.area.height * plan.area.width)
    with Classifier(job, plan, model, devices, earlier, reporter) as classifier:
        figures, metres = classifier.figures, plan.grid.cell_metres
        reporter.log(
            f"{plan.area.width} × {plan.area.height} pixels at {metres[0]:.3g} × {metres[1]:.3g} m; {total} tiles of "
            f"{plan.lattice.tile} pixels, {plan.lattice.padding} pixels padding, {figures['batch_size']} at once in "
            f"{figures['precision']}."
        )
        reporter.phase(0.95 * share_done, 0.95, "Classifying")
        before = 0
        for lane, lattice in zip(todo, lattices):

            def progress(count: int, before: int = before) -> None:
                share = (before + count) / total
                reporter.progress(before + count, total, amount=share * pixels / 1e6, unit="Mpx")

            classifier.classify(lane, unfinished.folder, lambda part, record: unfinished.note(part.number, record), progress)
            before += lattice.tile_count


def _publish(
    job: ClassifyPixels, plan: Plan, parts: Sequence[Part], unfinished: Unfinished, records: dict[int, dict[str, Any]],
    reporter: Reporter,
) -> None:
    """Join the parts; all results get their final names when all are complete."""
    with contextlib.ExitStack() as stack:
        start, span = 0.95, 0.05 / len(plan.layers)
        for layer, path in zip(plan.layers, filter(None, (job.output, job.probability))):
            partial = stack.enter_context(atomic_output(Path(path), job.run_id))
            vrt = unfinished.folder / f"{layer.kind}.vrt"
            write_vrt(
                vrt, unfinished.folder, layer, parts, records, plan.area, plan.grid.transform_of(plan.area), plan.crs
            )
            reporter.phase(start, start + span, "Writing the result")
            join_parts(vrt, partial, layer, job.cog, reporter)
            start += span
    write_category_names(Path(job.output))


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
