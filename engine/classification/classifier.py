"""A plan, a model and the processors of one machine: parts in, their files out."""

from __future__ import annotations

import contextlib
import copy
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any

import torch

from ...models.package import LoadedModel
from ..jobs import ClassifyPixels
from ..raster.thread_sources import ThreadSources
from ..reporter import Reporter
from ..thread_priority import step_back
from .part_files import PartSink
from .parts import Part, lane_window
from .pipeline import Pipeline, in_order
from .plan import Plan, open_raster
from .predictor import PredictorSettings, RoadPredictor

#: GDAL would take 5 % of all memory for what it has read; what tiles share is read again at the rims of runs only.
GDAL_CACHE_BYTES = 128 * 2**20
#: Most threads that read ahead of a GPU. Beside a CPU, whose cores the network takes, and of files that hold whole rows, which
#: each reader decodes for itself, two are enough.
_MOST_READERS, _FEW_READERS = 8, 2


class Classifier:
    """The model on all devices, and the raster open in all readers. Use as a context manager.

    Args:
        model: on the first of ``devices``.
        earlier: ``figures`` of the run that this one goes on from, on devices of the same type, for the very same pixels; empty
            for none.
    """

    def __init__(
        self, job: ClassifyPixels, plan: Plan, model: LoadedModel, devices: Sequence[torch.device],
        earlier: Mapping[str, Any], reporter: Reporter,
    ) -> None:
        self.plan, self._reporter, self._stack = plan, reporter, contextlib.ExitStack()
        settings = PredictorSettings(
            job.batch_size or earlier.get("batch_size", 0), earlier.get("precision", ""), job.test_time_augmentation,
            job.merge_policy, job.compile,
        )
        self._predictors: list[RoadPredictor] = []
        for device in devices:
            own = model if device == devices[0] else replace(model, network=copy.deepcopy(model.network).to(device))
            self._predictors.append(RoadPredictor(own, device, plan.lattice.tile, settings, reporter))
        smallest = min(each.batch_size for each in self._predictors)
        for each in self._predictors:
            each.batch_size = smallest
        readers = job.reader_threads or self._reader_count(devices)
        sources = self._stack.enter_context(ThreadSources(lambda: open_raster(job, model)))
        self._pipeline = self._stack.enter_context(
            Pipeline(plan.reader, sources, self._predictors, readers, plan.run, reporter)
        )

    def _reader_count(self, devices: Sequence[torch.device]) -> int:
        few = devices[0].type == "cpu" or self.plan.is_striped
        return min(_FEW_READERS if few else _MOST_READERS, os.cpu_count() or 1)

    @property
    def figures(self) -> dict[str, Any]:
        """What decides the last bits of the result: ``device``, ``batch_size``, ``precision``."""
        first = self._predictors[0]
        return {"device": first.device.type, "batch_size": first.batch_size, "precision": first.precision}

    def classify(
        self, parts: Sequence[Part], folder: Path, done: Callable[[Part, dict[str, Any]], None],
        progress: Callable[[int], None] | None = None,
    ) -> None:
        """Classify parts that lie right beneath each other, in one go.

        Args:
            folder: takes their files. done: told of each part when its files are safe, with what is to be noted (JSON), from
                another thread. progress: told how many tiles are done.

        Raises:
            Cancelled: the user asked to stop.
            EngineError: something cannot be read or written, or memory is too small. Parts told of are safe.
        """
        plan = self.plan
        lattice = plan.lattice.over(lane_window(list(parts)))

        def note(part: Part, record: dict[str, Any]) -> None:
            done(part, {**record, **self.figures})

        with contextlib.ExitStack() as stack:  # on the way out the rows stop first, then the writer, then its files close
            sink = stack.enter_context(PartSink(folder, plan.layers, parts, plan.grid, plan.crs, plan.threshold, note))
            writer = stack.enter_context(ThreadPoolExecutor(1, "writer", step_back if self.figures["device"] == "cpu" else None))

            def step(count: int) -> None:
                if sink.failure is not None:
                    raise sink.failure
                if progress is not None:
                    progress(count)

            rows = stack.enter_context(contextlib.closing(self._pipeline.rows(lattice, step)))
            for _ in in_order((partial(writer.submit, sink.write, *each) for each in rows), 1, self._reporter):
                pass

    def __enter__(self) -> Classifier:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stack.__exit__(kind, error, trace)
