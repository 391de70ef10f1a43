"""Batches of which each process that trains takes its part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch

from ...models.losses import IGNORE_ROAD
from .loader import Batch, BatchLoader, Request
from .world import ALONE, World


def pieces(total: int, size: int) -> list[tuple[int, int]]:
    """Cut ``total`` chips into even pieces of at most ``size``; of 3 where that is 2 and one would be left, for batch norm."""
    count = -(-total // size)
    if size > 1 and count > 1 and total // count < 2:
        count -= 1
    bounds = [number * total // count for number in range(count + 1)]
    return list(zip(bounds, bounds[1:]))


def own_pieces(total: int, size: int, world: World = ALONE) -> list[tuple[int, int, int]]:
    """Return what this process holds of every piece: from where to before where in its own part, and the whole piece's chips."""
    own, done = [], 0
    for start, stop in pieces(total, size):
        first, last = world.share(stop - start)
        own.append((done, done + last - first, stop - start))
        done += last - first
    return own


def shared_batches(
    loader: BatchLoader, requests: Sequence[Request], size: int, piece: int, world: World = ALONE
) -> Iterator[tuple[Batch, int]]:
    """Yield this process's part of every batch of ``size`` chips, perhaps without a chip, and how many the whole batch has.

    Args:
        requests: of all processes. piece: most chips that are in the devices' memories at once; each process takes its part of
            every piece, so that the pieces are what they are in one process.
    """
    if world.size == 1:
        for batch in loader.batches(requests, size):
            yield batch, len(batch.images)
        return
    groups = [requests[start : start + size] for start in range(0, len(requests), size)]
    parts = [_own_part(group, piece, world) for group in groups]
    # who has nothing to do reads a chip all the same, and drops it: so it knows the bands and scales of its empty batch
    asked = [part or group[:1] for part, group in zip(parts, groups)]
    most = max(map(len, asked), default=1)  # all but the last are as long as that
    batches = loader.batches([request for each in asked for request in each], most)
    for group, part, batch in zip(groups, parts, batches):
        yield batch if part else batch.part(0, 0), len(group)


def training_batches(
    loader: BatchLoader, requests: Sequence[Request], size: int, piece: int, world: World = ALONE
) -> Iterator[tuple[Batch, int]]:
    """As ``shared_batches``, without batches too small for batch normalisation, and those without a pixel that counts."""
    for batch, chips in shared_batches(loader, requests, size, piece, world):
        if chips >= 2 and _anything_counts(batch, world):
            yield batch, chips


def _own_part(group: Sequence[Request], piece: int, world: World) -> list[Request]:
    own: list[Request] = []
    for start, stop in pieces(len(group), piece):
        first, last = world.share(stop - start)
        own += group[start + first : start + last]
    return own


def _anything_counts(batch: Batch, world: World) -> bool:
    counted = torch.tensor(bool((batch.road != IGNORE_ROAD).any()), dtype=torch.float64)
    return bool(world.total(counted) > 0)
