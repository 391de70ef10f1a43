"""Tiles through readers, devices and the blender: every stage ahead of the next, none by more than a few steps, all in order.

What comes out does not depend on how many threads there are: tiles are read, grouped, classified and added up in one order.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from functools import partial
from typing import TypeVar

import numpy as np

from ..raster.blending import BandBlender, TileLattice
from ..raster.grid import Window
from ..raster.thread_sources import ThreadSources
from ..reporter import Reporter
from ..thread_priority import step_back
from .predictor import RoadPredictor
from .tiles import ImageTile, TileReader

#: Tiles that hold nothing cost no device time; after so many a batch is closed all the same, so that progress shows.
_MOST_EMPTY = 1000
#: Longest wait before the user's wish to stop is looked at, seconds.
_GLANCE = 0.2

Result = TypeVar("Result")
#: What a device answers: each tile of a batch with its probability, None where nothing was asked.
Answers = list[tuple[ImageTile, "np.ndarray | None"]]


def in_order(calls: Iterable[Callable[[], Future[Result]]], ahead: int, reporter: Reporter) -> Iterator[Result]:
    """Start calls, at most ``ahead`` before their results are wanted, and yield the results in order.

    Raises:
        Cancelled: the user asked to stop. Whatever a call raises.
    """
    waiting: deque[Future[Result]] = deque()
    try:
        for start in calls:
            waiting.append(start())
            if len(waiting) > ahead:
                yield wait_for(waiting.popleft(), reporter)
        while waiting:
            yield wait_for(waiting.popleft(), reporter)
    finally:
        for future in waiting:
            future.cancel()


def wait_for(future: Future[Result], reporter: Reporter) -> Result:
    """Return a result, looking up now and then to see whether the user asked to stop."""
    while not future.done():
        reporter.check_cancelled()
        wait([future], timeout=_GLANCE)
    return future.result()


class Pipeline:
    """Readers and devices at work. Use as a context manager.

    Args:
        sources: the raster, for each reader. predictors: one a device; batches are dealt to them in turn.
        readers: number of threads that read. run: neighbouring tiles that are read in one go.
    """

    def __init__(
        self, reader: TileReader, sources: ThreadSources, predictors: Sequence[RoadPredictor], readers: int, run: int,
        reporter: Reporter,
    ) -> None:
        self._reader, self._sources, self._predictors = reader, sources, predictors
        self._readers, self._run, self._reporter = readers, run, reporter
        on_cpu = predictors[0].device.type == "cpu"
        self._reading = ThreadPoolExecutor(readers, "reader", step_back if on_cpu else None)
        self._devices = [ThreadPoolExecutor(1, f"device{number}") for number in range(len(predictors))]

    def rows(self, lattice: TileLattice, done: Callable[[int], None]) -> Generator[tuple[np.ndarray, np.ndarray], None, None]:
        """Yield the probabilities (rows, width) float32 of the lattice's area, from the top, and where they count, bool.

        Args:
            done: told how many tiles are done, again and again.

        Raises:
            Cancelled: the user asked to stop.
            EngineError: the raster cannot be read, or the device's memory is too small.
        """
        blender, area, count = BandBlender(lattice), lattice.area, 0
        row: int | None = None
        for answers in in_order(self._predicting(self._batches(lattice)), 2 * len(self._devices), self._reporter):
            for tile, probability in answers:
                if row is not None and tile.window.row != row:  # no tile of this or a later row reaches above its first
                    yield blender.finish_rows(tile.window.row)
                row = tile.window.row
                if probability is not None and tile.wanted is not None:
                    blender.add(tile.window, probability, tile.wanted)
            count += len(answers)
            done(count)
        yield blender.finish_rows(area.row + area.height)

    def _runs(self, lattice: TileLattice) -> Iterator[Callable[[], Future[list[ImageTile]]]]:
        reader = replace(self._reader, area=lattice.area)
        for strip, windows in lattice.runs(self._run):
            yield partial(self._reading.submit, self._read, reader, strip, windows)

    def _read(self, reader: TileReader, strip: Window, windows: Sequence[Window]) -> list[ImageTile]:
        self._reporter.check_cancelled()
        return reader.read(self._sources.own(), strip, windows)

    def _batches(self, lattice: TileLattice) -> Iterator[list[ImageTile]]:
        """Yield tiles in order, in groups that hold a full batch with imagery; the last may hold less."""
        size = self._predictors[0].batch_size
        batch: list[ImageTile] = []
        filled = 0
        for tiles in in_order(self._runs(lattice), self._ahead(size), self._reporter):
            for tile in tiles:
                batch.append(tile)
                filled += tile.pixels is not None
                if filled == size or len(batch) - filled >= _MOST_EMPTY:
                    yield batch
                    batch, filled = [], 0
        if batch:
            yield batch

    def _ahead(self, batch_size: int) -> int:
        """Runs of tiles to read ahead: one more than readers, and enough for a batch on every device."""
        return max(self._readers + 1, -(-batch_size * len(self._devices) // self._run))

    def _predicting(self, batches: Iterable[list[ImageTile]]) -> Iterator[Callable[[], Future[Answers]]]:
        for number, batch in enumerate(batches):
            device = number % len(self._devices)
            yield partial(self._devices[device].submit, _answers, self._predictors[device], batch)

    def __enter__(self) -> Pipeline:
        return self

    def __exit__(self, *_: object) -> None:
        for pool in (self._reading, *self._devices):
            pool.shutdown(wait=False, cancel_futures=True)
        for pool in (self._reading, *self._devices):
            pool.shutdown(wait=True)
        self._sources.close()


def _answers(predictor: RoadPredictor, tiles: Sequence[ImageTile]) -> Answers:
    """Classify the tiles that hold anything; let go of the pixels of all."""
    asked = [tile for tile in tiles if tile.pixels is not None]
    probabilities = iter(predictor.predict(asked))
    return [
        (ImageTile(tile.window, wanted=tile.wanted), next(probabilities) if tile.pixels is not None else None) for tile in tiles
    ]
