"""The batches of an epoch: which chips, cut and varied how, prepared ahead of the network."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import torch

from ...models.losses import IGNORE_ROAD
from ..chips.augmentation import augment, pad_to
from .data import ChipReader
from .orientation import orientation_labels


class Batch(NamedTuple):
    """N chips: images float32 (N, bands, S, S) in source units, road uint8 and orientation int64 (N, S, S)."""

    images: torch.Tensor
    road: torch.Tensor
    orientation: torch.Tensor


@dataclass(frozen=True)
class Request:
    """One item of a batch: which chip, cut where; the seed makes it a random variant.

    Attributes:
        seed: numbers that decide the random variant, None for the plain chip.
        row, column: upper left corner of the plain chip's window, pixels.
    """

    chip: int
    seed: tuple[int, ...] | None = None
    row: int = 0
    column: int = 0


def epoch_requests(indices: Sequence[int], seed: int, epoch: int, augmentation: bool) -> list[Request]:
    """Return the training chips of an epoch in random order; they depend on the seed and the epoch, on nothing else."""
    order = np.random.default_rng((seed, epoch)).permutation(np.asarray(indices))
    return [Request(int(chip), (seed, epoch, int(chip), int(augmentation))) for chip in order]


def validation_requests(reader: ChipReader, indices: Sequence[int], size: int) -> list[Request]:
    """Return the windows of ``size`` pixels that cover the validation chips, the last of a row flush with the edge."""
    requests = []
    for chip in indices:
        height, width = reader.read(chip)[1].shape
        for row in window_starts(height, size):
            requests += [Request(chip, None, row, column) for column in window_starts(width, size)]
    return requests


def window_starts(length: int, size: int) -> list[int]:
    """Return where windows of ``size`` begin that cover ``length`` pixels without sticking out."""
    return [min(step * size, max(0, length - size)) for step in range(max(1, math.ceil(length / size)))]


class BatchLoader:
    """Prepares batches in threads, a few ahead of the network, in the order asked for.

    Threads, not processes: reading, thinning and NumPy let go of Python's lock, a decoded chip is shared instead of copied,
    and nothing needs to be pickled or started again (on Windows a process would import torch anew).

    Args:
        size: side of the images, pixels. bin_size, theta: of the orientation truth.
        fill: value of each band for pixels that are ignored, source units.
        threads: 0 prepares each batch when it is asked for.
    """

    def __init__(
        self, reader: ChipReader, size: int, bin_size: float, theta: float, fill: Sequence[float], threads: int
    ) -> None:
        self._reader, self._size, self._bin_size, self._theta = reader, size, bin_size, theta
        self._fill = np.asarray(fill, np.float32)[:, None]
        self._pool = ThreadPoolExecutor(threads, "chips") if threads else None
        self._ahead = 2 * threads

    def close(self) -> None:
        """Stop the threads; items not begun are dropped."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def batches(self, requests: Sequence[Request], batch_size: int) -> Iterator[Batch]:
        """Yield the items in batches; the last may be smaller."""
        groups = [requests[start : start + batch_size] for start in range(0, len(requests), batch_size)]
        if self._pool is None:
            for group in groups:
                yield _stack([self._item(request) for request in group])
            return
        waiting: list[list[Future[tuple[np.ndarray, np.ndarray, np.ndarray]]]] = []
        groups_ahead = max(2, math.ceil(self._ahead / batch_size) + 1)
        try:
            for group in groups:
                waiting.append([self._pool.submit(self._item, request) for request in group])
                if len(waiting) >= groups_ahead:
                    yield _stack([future.result() for future in waiting.pop(0)])
            while waiting:
                yield _stack([future.result() for future in waiting.pop(0)])
        finally:
            for future in (each for futures in waiting for each in futures):
                future.cancel()

    def _item(self, request: Request) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        image, label = self._reader.read(request.chip)
        size = self._size
        if request.seed is not None and request.seed[-1]:
            image, label = augment(image, label, size, np.random.default_rng(request.seed))
        else:
            if request.seed is not None:
                request = _random_window(request, label.shape, size)
            image, label = pad_to(image, label, size)
            rows, columns = slice(request.row, request.row + size), slice(request.column, request.column + size)
            image, label = image[:, rows, columns], label[rows, columns]
        image = np.array(image, np.float32)  # a copy: the chip in memory stays as it is
        ignored = (label == IGNORE_ROAD) | ~np.isfinite(image).all(axis=0)
        if ignored.any():
            image[:, ignored] = self._fill
            label = np.where(ignored, np.uint8(IGNORE_ROAD), label)
        return image, np.ascontiguousarray(label), orientation_labels(label, self._bin_size, self._theta)


def _random_window(request: Request, shape: tuple[int, ...], size: int) -> Request:
    """Place the window of a chip that is cropped but not otherwise changed."""
    generator = np.random.default_rng(request.seed)
    row, column = (int(generator.integers(max(0, length - size) + 1)) for length in shape)
    return replace(request, row=row, column=column)


def _stack(items: Sequence[tuple[np.ndarray, np.ndarray, np.ndarray]]) -> Batch:
    return Batch(*(torch.from_numpy(np.stack(arrays)) for arrays in zip(*items)))


def loader_threads(device: torch.device) -> int:
    """Return how many threads prepare chips: several feed a GPU, one works beside a CPU that is busy with the network."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return 1 if device.type == "cpu" else max(1, min(8, cores - 1))
