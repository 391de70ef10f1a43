"""The batches of an epoch: which chips, cut and varied how, prepared ahead of the network."""

from __future__ import annotations

import math
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch

from ...models.losses import Targets
from ..chips.augmentation import augment
from ..chips.augmentation_settings import NONE, AugmentationSettings
from ..chips.geometric import hide_ignored, pad_to
from .data import ChipReader
from .spoiling import draw_spoiling
from .targets import ChipTargets, TargetSettings, make_targets


class Batch(NamedTuple):
    """N chips and what is to be learned from them.

    Attributes:
        images: float32 (N, bands, S, S) in source units.
        chips: int64 (N,), the indices of the chips; -1 where it is not known.
        spoiling: float32 (N, S, S), -1..1, how the first of two stages' map is to be spoiled; None for not at all.
    """

    images: torch.Tensor
    targets: Targets
    chips: torch.Tensor | None = None
    spoiling: torch.Tensor | None = None

    @property
    def road(self) -> torch.Tensor:
        """Road label at the images' size, uint8 (N, S, S): 0, 1, or 255 ignored."""
        return self.targets.road[0]

    def part(self, start: int, stop: int) -> Batch:
        """Return the chips from ``start`` to before ``stop``."""
        return self._with_each(lambda tensor: tensor[start:stop])

    def to(self, device: torch.device) -> Batch:
        """Return the batch on a device; from pinned memory without waiting for it."""
        return self._with_each(lambda tensor: tensor.to(device, non_blocking=True))

    def pinned(self) -> Batch:
        """Return a copy in memory that a GPU fetches from by itself."""
        return self._with_each(torch.Tensor.pin_memory)

    def _with_each(self, change: Callable[[torch.Tensor], torch.Tensor]) -> Batch:
        road, orientation = (tuple(change(tensor) for tensor in each) for each in self.targets)
        chips, spoiling = (None if each is None else change(each) for each in (self.chips, self.spoiling))
        return Batch(change(self.images), Targets(road, orientation), chips, spoiling)


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


def epoch_requests(indices: Sequence[int], seed: int, epoch: int) -> list[Request]:
    """Return the training chips of an epoch in random order; they depend on the seed and the epoch, on nothing else.

    A chip that ``indices`` names again comes as another variant each time.
    """
    order = np.random.default_rng((seed, epoch)).permutation(np.asarray(indices))
    seen: Counter[int] = Counter()
    requests = []
    for chip in order.tolist():
        again = (seen[chip],) if seen[chip] else ()
        requests.append(Request(chip, (seed, epoch, chip, *again)))
        seen[chip] += 1
    return requests


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


class _Item(NamedTuple):
    image: np.ndarray
    targets: ChipTargets
    chip: int
    spoiling: np.ndarray | None


class BatchLoader:
    """Prepares batches in threads, a few ahead of the network, in the order asked for.

    Threads, not processes: reading, thinning and NumPy let go of Python's lock, a decoded chip is shared instead of copied,
    and nothing needs to be pickled or started again (on Windows a process would import torch anew).

    Args:
        size: side of the images, pixels.
        targets: what to make of the labels. augmentation: what to vary in chips that are asked for with a seed.
        fill: value of each band for pixels that are ignored, source units.
        corruption: share of the varied chips that get a ``spoiling``; 0 for batches without.
        threads: 0 prepares each batch when it is asked for.
        pin_memory: put batches where a GPU fetches them while it computes; needs CUDA.
    """

    def __init__(
        self, reader: ChipReader, size: int, targets: TargetSettings, fill: Sequence[float], threads: int,
        augmentation: AugmentationSettings = NONE, pin_memory: bool = False, corruption: float = 0.0,
    ) -> None:
        self._reader, self._size, self._targets, self._augmentation = reader, size, targets, augmentation
        self._fill = np.asarray(fill, np.float32)
        self._pool = ThreadPoolExecutor(threads, "chips") if threads else None
        # chips are put together in a thread of its own: one of the others would stand still until the last chip is there
        self._gatherer = ThreadPoolExecutor(1, "batches") if threads else None
        self._ahead = 2 * threads
        self._pin_memory, self._corruption = pin_memory, corruption

    def close(self) -> None:
        """Stop the threads; items not begun are dropped."""
        for pool in (self._pool, self._gatherer):
            if pool is not None:
                pool.shutdown(wait=True, cancel_futures=True)

    def batches(self, requests: Sequence[Request], batch_size: int) -> Iterator[Batch]:
        """Yield the items in batches; the last may be smaller."""
        groups = [requests[start : start + batch_size] for start in range(0, len(requests), batch_size)]
        if self._pool is None or self._gatherer is None:
            for group in groups:
                yield self._batch([self._item(request) for request in group])
            return
        waiting: list[tuple[list[Future[_Item]], Future[Batch]]] = []
        groups_ahead = max(2, math.ceil(self._ahead / batch_size) + 1)
        try:
            for group in groups:
                items = [self._pool.submit(self._item, request) for request in group]
                waiting.append((items, self._gatherer.submit(self._gathered, items)))
                if len(waiting) >= groups_ahead:
                    yield waiting.pop(0)[1].result()
            while waiting:
                yield waiting.pop(0)[1].result()
        finally:
            for items, batch in waiting:
                batch.cancel()
                for item in items:
                    item.cancel()

    def _gathered(self, items: Sequence[Future[_Item]]) -> Batch:
        return self._batch([item.result() for item in items])

    def _item(self, request: Request) -> _Item:
        image, label = self._reader.read(request.chip)
        size, spoiling = self._size, None
        if request.seed is not None:
            generator = np.random.default_rng(request.seed)
            image, label = augment(image, label, size, generator, self._augmentation, self._fill)
            if self._corruption:
                spoiling = draw_spoiling(label, self._corruption, generator)
        else:
            image, label = pad_to(image, label, size)
            rows, columns = slice(request.row, request.row + size), slice(request.column, request.column + size)
            image, label, _ = hide_ignored(image[:, rows, columns], label[rows, columns], self._fill)
        return _Item(image, make_targets(label, self._targets), request.chip, spoiling)

    def _batch(self, items: Sequence[_Item]) -> Batch:
        images = torch.from_numpy(np.stack([item.image for item in items]))
        road, orientation = (
            tuple(torch.from_numpy(np.stack(scale)) for scale in zip(*kind)) for kind in zip(*(item.targets for item in items))
        )
        spoiling = [item.spoiling for item in items if item.spoiling is not None]
        batch = Batch(
            images, Targets(road, orientation), torch.tensor([item.chip for item in items]),
            torch.from_numpy(np.stack(spoiling)) if spoiling else None,
        )
        return batch.pinned() if self._pin_memory else batch


def loader_threads(device: torch.device) -> int:
    """Return how many threads prepare chips: several feed a GPU, one works beside a CPU that is busy with the network."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    cores //= int(os.environ.get("LOCAL_WORLD_SIZE", "1"))  # set by torchrun: processes of this training on this machine
    return 1 if device.type == "cpu" else max(1, min(8, cores - 1))
