"""One step of training or validation, on whatever memory the device has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import torch
from torch import nn

from ...models.losses import IGNORE_ROAD, joint_loss
from ...models.network import RoadNetwork
from ...models.normalisation import normalise
from ..errors import EngineError, is_out_of_memory
from ..reporter import Reporter
from .loader import Batch
from .metrics import RoadScores
from .precision import Precision

#: Longest gradient that is taken as it is; the few steps of a short training must not be spoilt by one odd batch.
_MAX_GRADIENT_NORM = 5.0


class Stepper:
    """Runs batches through the network; halves its batch size when the device's memory is too small.

    Args:
        means, stds: of the bands, source units.
        batch_size: chips per step; larger batches are cut into pieces of this size.
    """

    def __init__(
        self, network: RoadNetwork, optimiser: torch.optim.Optimizer, precision: Precision, means: Sequence[float],
        stds: Sequence[float], batch_size: int, reporter: Reporter,
    ) -> None:
        self.network, self.optimiser, self.precision = network, optimiser, precision
        self.batch_size = batch_size
        self._means, self._stds, self._reporter = means, stds, reporter

    def train(self, batch: Batch) -> float:
        """Take an optimiser step (one per piece of the batch); return the mean loss, which may be no number."""
        return self._in_pieces(batch, self._train_piece)

    def validate(self, batch: Batch, scores: RoadScores) -> float:
        """Add the batch to ``scores``; return its mean loss."""
        return self._in_pieces(batch, lambda piece: self._validate_piece(piece, scores))

    def _in_pieces(self, batch: Batch, run: Callable[[Batch], float]) -> float:
        done, total, loss = 0, len(batch.images), 0.0
        while done < total:
            piece = Batch(*(part[done : done + self.batch_size] for part in batch))
            try:
                loss += run(piece) * len(piece.images)
            except RuntimeError as error:
                if not is_out_of_memory(error):
                    raise
                self._halve(piece, error)
            else:
                done += len(piece.images)
                continue
            self.optimiser.zero_grad(set_to_none=True)  # after the handler, which keeps the failed pass's memory alive
            torch.cuda.empty_cache()
        return loss / total

    def _halve(self, piece: Batch, error: Exception) -> None:
        size = piece.images.shape[-1]
        on_gpu = self.precision.device.type != "cpu"
        if self.batch_size == 1:
            raise EngineError(
                f"There is too little free {'GPU ' if on_gpu else ''}memory for one chip of {size} pixels: choose a smaller "
                f"chip size or a smaller backbone{', or the device cpu' if on_gpu else ''}.", "gpu_memory" if on_gpu else "memory"
            ) from error
        self.batch_size = max(1, min(self.batch_size, len(piece.images)) // 2)
        self._reporter.warning(f"The memory is full: going on with {self.batch_size} chip(s) a step.")

    def _inputs(self, piece: Batch) -> Batch:
        moved = Batch(*(part.to(self.precision.device, non_blocking=True) for part in piece))
        images = normalise(moved.images, self._means, self._stds).contiguous(memory_format=torch.channels_last)
        return moved._replace(images=images)

    def _train_piece(self, piece: Batch) -> float:
        images, road, orientation = self._inputs(piece)
        scaler = self.precision.scaler
        with self.precision.autocast():
            outputs = self.network(images)
        loss = joint_loss(outputs, road, orientation)
        self._reporter.check_cancelled()
        if not bool(torch.isfinite(loss)):
            return float("nan")  # and leave the weights as they are
        scaler.scale(loss).backward()
        scaler.unscale_(self.optimiser)
        nn.utils.clip_grad_norm_(self.network.parameters(), _MAX_GRADIENT_NORM)
        scaler.step(self.optimiser)
        scaler.update()
        self.optimiser.zero_grad(set_to_none=True)
        return float(loss.detach())

    @torch.no_grad()
    def _validate_piece(self, piece: Batch, scores: RoadScores) -> float:
        images, road, orientation = self._inputs(piece)
        with self.precision.autocast():
            outputs = self.network(images)
        scores.add(outputs.road[:, 1] > outputs.road[:, 0], road)
        return float(joint_loss(outputs, road, orientation))


def full_batches(batches: Iterator[Batch], smallest: int = 2) -> Iterator[Batch]:
    """Leave out batches too small for batch normalisation, and those without a single pixel that counts."""
    for batch in batches:
        if len(batch.images) >= smallest and bool((batch.road != IGNORE_ROAD).any()):
            yield batch
