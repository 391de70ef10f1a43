"""What a process of a Dask cluster does for a classification: looks whether it can, classifies parts, ends.

Scheduler and workers get no function of this module, only the name of one (see ``cluster.link``): a scheduler needs Dask alone.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import rasterio
import torch
from distributed import get_worker

from ...models.package import LoadedModel, load_package
from ..cluster.agreement import topic
from ..cluster.on_worker import answer_probe, explained
from ..devices import choose_devices, describe_device
from ..errors import Cancelled, EngineError
from ..events import Event, Log, Warn
from ..reporter import Reporter
from .classifier import GDAL_CACHE_BYTES, Classifier
from .cluster_run import ClusterRun, check_raster, check_sight
from .parts import Part
from .plan import model_digest
from .predictor import fast_precision


@dataclass
class _Held:
    """What the process holds of the run at hand."""

    run_id: str
    model: LoadedModel
    devices: list[torch.device]
    cancel: threading.Event = field(default_factory=threading.Event)
    classifier: Classifier | None = None


#: One part at a time, however many threads the worker was given; memory and devices are shared out for that.
_LOCK = threading.Lock()
_held: _Held | None = None
_ended: set[str] = set()


def probe(run: ClusterRun) -> dict[str, str]:
    """Look whether this process sees what the client sees, and load the model.

    Returns:
        ``host``, ``device`` (its type), ``description``, ``precision`` it would choose; ``problem``: a sentence, empty for none.
    """

    def look() -> dict[str, str]:
        with _LOCK:
            device = _hold(run).devices[0]
            described = "CPU" if device.type == "cpu" else describe_device(device)
            return {"device": device.type, "description": described, "precision": fast_precision(device)}

    return answer_probe(look)


def classify_parts(run: ClusterRun, parts: Sequence[Part]) -> list[tuple[int, dict[str, Any]]]:
    """Classify parts that lie right beneath each other; tell of each when its files are safe.

    Returns:
        Number and record of each.

    Raises:
        Cancelled: the run was ended. EngineError: something cannot be read or written, or memory is too small.
    """
    worker, name = get_worker(), topic(run.job.run_id)
    records: list[tuple[int, dict[str, Any]]] = []

    def emit(event: Event) -> None:
        if isinstance(event, (Log, Warn)):
            worker.log_event(name, {"said": event.text, "host": socket.gethostname(), "warns": isinstance(event, Warn)})

    def done(part: Part, record: dict[str, Any]) -> None:
        records.append((part.number, record))
        worker.log_event(name, {"part": part.number, "record": record})

    def work() -> None:
        with _LOCK, rasterio.Env(GDAL_CACHEMAX=GDAL_CACHE_BYTES):
            held = _hold(run)
            try:
                if held.classifier is None:
                    held.classifier = _classifier(run, held, emit)
                held.classifier.classify(parts, Path(run.folder), done)
            except BaseException:
                _drop()  # a classifier whose threads were stopped half-way is not used again
                raise

    explained(work)
    return records


def end_run(run_id: str) -> None:
    """Stop what goes on for a run, and let go of all that is held for it."""
    _ended.add(run_id)
    held = _held
    if held is not None and held.run_id == run_id:
        held.cancel.set()
        with _LOCK:
            if _held is held:
                _drop()


def _hold(run: ClusterRun) -> _Held:
    """Return what this process holds of the run, the lock being held; load it where it does not yet."""
    global _held  # noqa: PLW0603 - a Dask worker is a process, and this is its state
    run_id = run.job.run_id
    if run_id in _ended:
        raise Cancelled
    if _held is None or _held.run_id != run_id:
        _drop()
        check_sight(run)
        devices = choose_devices(run.job.device)
        model = load_package(run.job.model, devices[0])
        if model_digest(model) != run.plan.model_digest:
            raise EngineError(f"{run.job.model} is another model there than here: all machines must see one and the same.")
        check_raster(run, model)
        _held = _Held(run_id, model, devices)
    return _held


def _drop() -> None:
    global _held  # noqa: PLW0603
    if _held is not None and _held.classifier is not None:
        _held.classifier.__exit__(None, None, None)
    _held = None
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def _classifier(run: ClusterRun, held: _Held, emit: Callable[[Event], None]) -> Classifier:
    kind = held.devices[0].type
    if kind == "cpu":  # Dask's own setting is one thread, which leaves cores idle where there are fewer workers than cores
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        torch.set_num_threads(max(1, cores // run.processes.get(socket.gethostname(), 1)))
    reporter = Reporter(emit, held.cancel)
    return Classifier(run.job, run.plan, held.model, held.devices, run.earlier.get(kind, {}), reporter)
