"""The files of finished parts, and one part's way there."""

from __future__ import annotations

import contextlib
import os
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from ..raster.grid import WorkingGrid
from ..raster.writing import partial_path
from .layers import Layer
from .parts import Part
from .raster_output import RowWriter

#: Rows that are turned into pixels at a time, for which memory is needed several times over.
_ROWS_AT_ONCE = 128


def part_file(folder: Path, layer: Layer, number: int) -> Path:
    """Return the file of a part."""
    return folder / f"{layer.kind}-{number:06d}.tif"


def is_complete(folder: Path, layers: Sequence[Layer], number: int, record: Mapping[str, Any]) -> bool:
    """Whether the files that were noted of a part are still there."""
    for layer in layers:
        wanted = record["bytes"].get(layer.kind)
        file = part_file(folder, layer, number)
        if wanted is not None and not (file.is_file() and file.stat().st_size == wanted):
            return False
    return True


class PartSink:
    """Takes rows of parts that lie beneath each other, and leaves a file a part and layer. Use as a context manager.

    Args:
        parts: in their order. crs: WKT. done: told of each part when its files are safe on the disk, with what is to be noted:
            ``road`` and ``valid`` (pixels) and ``bytes`` (of the file of each kind; none for a part that is all nodata).

    Attributes:
        failure: what went wrong, if anything did; no more rows are taken then.
    """

    def __init__(
        self, folder: Path, layers: Sequence[Layer], parts: Sequence[Part], grid: WorkingGrid, crs: str, threshold: float,
        done: Callable[[Part, dict[str, Any]], None],
    ) -> None:
        self._folder, self._layers, self._parts, self._grid, self._crs = folder, layers, list(parts), grid, crs
        self._threshold, self._done = threshold, done
        self._mark = uuid.uuid4().hex[:8]  # Dask may give one part to two workers
        self._writers: list[RowWriter] = []
        self._left = self._road = self._valid = 0
        self.failure: BaseException | None = None
        folder.mkdir(parents=True, exist_ok=True)

    def write(self, probability: np.ndarray, valid: np.ndarray) -> None:
        """Take the next rows: probabilities (rows, width) float32 and where they count, bool.

        Raises:
            EngineError: they could not be written. OSError: likewise.
        """
        if self.failure is not None:  # rows are missing: none may be taken for a part's
            raise self.failure
        try:
            self._take(probability, valid)
        except BaseException as error:
            self.failure = error
            raise

    def _take(self, probability: np.ndarray, valid: np.ndarray) -> None:
        while len(probability):
            if not self._writers:
                self._begin(self._parts[0])
            count = min(len(probability), self._left, _ROWS_AT_ONCE)
            asked = valid[:count]
            for layer, writer in zip(self._layers, self._writers):
                writer.write(layer.encode(probability[:count], asked, self._threshold))
            self._road += int(np.count_nonzero(asked & (probability[:count] >= self._threshold)))
            self._valid += int(np.count_nonzero(asked))
            self._left -= count
            if not self._left:
                self._finish(self._parts.pop(0))
            probability, valid = probability[count:], valid[count:]

    def _begin(self, part: Part) -> None:
        window = part.window
        for layer in self._layers:
            path = partial_path(part_file(self._folder, layer, part.number), self._mark)
            # level 1: written to be read once
            self._writers.append(RowWriter(
                path, layer, window.height, window.width, self._grid.transform_of(window), self._crs, zlevel=1
            ))
        self._left, self._road, self._valid = window.height, 0, 0

    def _finish(self, part: Part) -> None:
        sizes = {}
        for layer, writer in zip(self._layers, self._writers):
            writer.finish()
            if self._valid:
                with writer.path.open("rb+") as file:
                    os.fsync(file.fileno())  # before the journal says so
                sizes[layer.kind] = writer.path.stat().st_size
                writer.path.replace(part_file(self._folder, layer, part.number))
            else:
                writer.path.unlink()
        self._writers.clear()
        self._done(part, {"road": self._road, "valid": self._valid, "bytes": sizes})

    def __enter__(self) -> PartSink:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for writer in self._writers:
            writer.__exit__(kind, error, trace)
            with contextlib.suppress(OSError):
                writer.path.unlink()
