"""One step of training or validation, on whatever memory the device has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch import nn

from ...models.losses import IGNORE_ROAD, LossSettings, training_loss
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
    """Runs batches through the network, in pieces that fit the device's memory: when one does not, the pieces are halved.

    A training batch makes one optimiser step however many pieces it takes: their gradients are added up, each weighted with its
    share of the chips. For losses that are means over chips of equal weight that is the whole batch's gradient, but for batch
    norm, which sees a piece at a time; Dice over the batch becomes Dice over each piece.

    Args:
        means, stds: of the bands, source units.
        batch_size: most chips in the device's memory at once.
        accumulate: pieces of that size in an optimiser step.
        loss: what to minimise.
        compiled: let PyTorch's compiler make the network faster.

    Attributes:
        batch_size: as it has become. step_size: chips in an optimiser step, which stays the same.
    """

    def __init__(
        self, network: RoadNetwork, optimiser: torch.optim.Optimizer, precision: Precision, means: Sequence[float],
        stds: Sequence[float], batch_size: int, reporter: Reporter, accumulate: int = 1, loss: LossSettings | None = None,
        compiled: bool = False,
    ) -> None:
        self.network, self.optimiser, self.precision = network, optimiser, precision
        self.batch_size, self.step_size = batch_size, batch_size * accumulate
        self.loss = loss or LossSettings(network.default_loss)
        self._means, self._stds, self._reporter = means, stds, reporter
        self._forward = torch.compile(network) if compiled else network

    def begin_training(self) -> None:
        """Put the network into training mode, but for the batch norms of frozen layers: their statistics stay too."""
        self.network.train()
        for module in self.network.modules():
            if isinstance(module, nn.BatchNorm2d) and not any(each.requires_grad for each in module.parameters()):
                module.eval()

    def train(self, batch: Batch) -> float:
        """Take one optimiser step; return the mean loss. If that is no number, the weights stay as they are."""
        while True:
            try:
                return self._train_in_pieces(batch)
            except RuntimeError as error:
                if not is_out_of_memory(error):
                    raise
                self._halve(batch, error)
            # after the handler, which keeps the failed pass's memory alive; half a gradient may be there already
            self._release()

    def validate(self, batch: Batch, scores: RoadScores) -> float:
        """Add the batch to ``scores``; return its mean loss."""
        done, total, loss = 0, len(batch.images), 0.0
        while done < total:
            piece = batch.part(done, done + self.batch_size)
            try:
                loss += self._validate_piece(piece, scores) * len(piece.images)
            except RuntimeError as error:
                if not is_out_of_memory(error):
                    raise
                self._halve(piece, error)
            else:
                done += len(piece.images)
                continue
            self._release()
        return loss / total

    def _release(self) -> None:
        self.optimiser.zero_grad(set_to_none=True)
        if self.precision.device.type == "cuda":
            torch.cuda.empty_cache()

    def _halve(self, batch: Batch, error: Exception) -> None:
        size = batch.images.shape[-1]
        on_gpu = self.precision.device.type != "cpu"
        if self.batch_size == 1:
            raise EngineError(
                f"There is too little free {'GPU ' if on_gpu else ''}memory for one chip of {size} pixels: choose a smaller "
                f"chip size or a smaller backbone{', or the device cpu' if on_gpu else ''}.", "gpu_memory" if on_gpu else "memory"
            ) from error
        self.batch_size = max(1, min(self.batch_size, len(batch.images)) // 2)
        self._reporter.warning(f"The memory is full: going on with {self.batch_size} chip(s) at a time.")

    def _train_in_pieces(self, batch: Batch) -> float:
        total, scaler, mean = len(batch.images), self.precision.scaler, 0.0
        for start, stop in _pieces(total, self.batch_size):
            piece = self._inputs(batch.part(start, stop))
            with self.precision.autocast():
                outputs = self._forward(piece.images)
            loss = training_loss(outputs, piece.targets, self.loss) * ((stop - start) / total)
            self._reporter.check_cancelled()
            if not bool(torch.isfinite(loss)):
                self.optimiser.zero_grad(set_to_none=True)
                return float("nan")
            scaler.scale(loss).backward()
            mean += float(loss.detach())
        scaler.unscale_(self.optimiser)
        nn.utils.clip_grad_norm_(self.network.parameters(), _MAX_GRADIENT_NORM)
        scaler.step(self.optimiser)
        scaler.update()
        self.optimiser.zero_grad(set_to_none=True)
        return mean

    @torch.no_grad()
    def _validate_piece(self, batch: Batch, scores: RoadScores) -> float:
        piece = self._inputs(batch)
        with self.precision.autocast():
            outputs = self._forward(piece.images)
        loss = float(training_loss(outputs, piece.targets, self.loss))
        scores.add(self.network.road_logit(outputs).sigmoid(), piece.road)  # last: a piece that fails is counted only once
        return loss

    def _inputs(self, batch: Batch) -> Batch:
        moved = batch.to(self.precision.device)
        images = normalise(moved.images, self._means, self._stds).contiguous(memory_format=torch.channels_last)
        return moved._replace(images=images)


def _pieces(total: int, size: int) -> list[tuple[int, int]]:
    """Cut ``total`` chips into even pieces of at most ``size``; of 3 where that is 2 and one would be left, for batch norm."""
    count = -(-total // size)
    if size > 1 and count > 1 and total // count < 2:
        count -= 1
    bounds = [number * total // count for number in range(count + 1)]
    return list(zip(bounds, bounds[1:]))


def full_batches(batches: Iterator[Batch], smallest: int = 2) -> Iterator[Batch]:
    """Leave out batches too small for batch normalisation, and those without a single pixel that counts."""
    for batch in batches:
        if len(batch.images) >= smallest and bool((batch.road != IGNORE_ROAD).any()):
            yield batch
