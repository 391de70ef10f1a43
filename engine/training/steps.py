"""One step of training or validation, on whatever memory the device has."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence

import torch
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm

from ...models.losses import IGNORE_ROAD, LossSettings, Targets, training_loss, worth_learning
from ...models.network import RoadNetwork
from ...models.normalisation import normalise
from ...models.synchronised_norm import synchronise_norms
from ..errors import EngineError, is_out_of_memory
from ..reporter import Reporter
from .averaging import WeightAverage
from .compiling import compiled as make_compiled
from .compiling import is_compiler_error, short_reason
from .loader import Batch
from .metrics import RoadScores
from .parallel import in_parallel
from .precision import Precision
from .sharing import own_pieces
from .world import ALONE, World

#: Longest gradient that is taken as it is; the few steps of a short training must not be spoilt by one odd batch.
_MAX_GRADIENT_NORM = 5.0
#: Makes first maps, (N, H, W) float32, from normalised images (N, bands, H, W) and the numbers of their chips, int64 (N,).
FirstMaps = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


class Stepper:
    """Runs batches through the network, in pieces that fit the device's memory: when one does not, the pieces are halved.

    A training batch makes one optimiser step however many pieces it takes: their gradients are added up, each weighted with its
    share of the chips. For losses that are means over chips of equal weight that is the whole batch's gradient, but for batch
    norm, which sees a piece at a time; Dice over the batch becomes Dice over each piece.

    Several processes take their part of every piece each, and all have the loss, the gradient and the statistics of the whole.
    There memory that runs out ends the training: a process that tried again would leave the others waiting.

    Args:
        means, stds: of the bands, source units.
        batch_size: most chips in the device's memory at once; in the memories of all processes' devices together.
        accumulate: pieces of that size in an optimiser step.
        loss: what to minimise.
        compiled: let PyTorch's compiler make the network faster; where it fails, one process goes on without it.
        world: the processes that share every batch; this changes the network's batch norms.
        first_maps: of two stages, for training; None for the network's own.
        average: of this network's weights, which is validated in its place; brought forward by the loop. None for none.

    Attributes:
        batch_size: as it has become. step_size: chips in an optimiser step, which stays the same.
        compiled: whether the compiler is in use (still).
        left_out, seen: how many chips were not learned from, because a first stage understood too little of them, and of how
            many; by this process.
    """

    def __init__(
        self, network: RoadNetwork, optimiser: torch.optim.Optimizer, precision: Precision, means: Sequence[float],
        stds: Sequence[float], batch_size: int, reporter: Reporter, accumulate: int = 1, loss: LossSettings | None = None,
        compiled: bool = False, world: World = ALONE,
        first_maps: FirstMaps | None = None, average: WeightAverage | None = None,
    ) -> None:
        self.network, self.optimiser, self.precision = network, optimiser, precision
        self.batch_size, self.step_size = batch_size, batch_size * accumulate
        self.loss = loss or LossSettings(network.default_loss)
        self.world, self.compiled, self.average = world, compiled, average
        self._means, self._stds, self._reporter, self._first_maps = means, stds, reporter, first_maps
        self.left_out = self.seen = 0
        if world.size > 1:
            synchronise_norms(network, precision.device.type == "cuda")
        self._forward: nn.Module = make_compiled(network) if compiled else network
        self._parallel = in_parallel(self._forward, precision.device) if world.size > 1 else None

    @property
    def judged(self) -> RoadNetwork:
        """The network that is validated and kept: the average of the learning one where there is one."""
        return self.network if self.average is None else self.average.network

    def begin_training(self) -> None:
        """Put the network into training mode, but for the batch norms of frozen layers: their statistics stay too."""
        self.network.train()
        for module in self.network.modules():
            if isinstance(module, _BatchNorm) and not any(each.requires_grad for each in module.parameters()):
                module.eval()

    def train(self, batch: Batch, chips: int | None = None) -> float:
        """Take one optimiser step; return the mean loss. If that is no number, the weights stay as they are.

        Args:
            batch: this process's part; ``chips``: of the whole batch, None where the part is the whole.

        Raises:
            EngineError: there is too little memory.
        """
        while True:
            try:
                return self._train_in_pieces(batch, len(batch.images) if chips is None else chips)
            except RuntimeError as error:
                self._mend(batch, error)
            # after the handler, which keeps the failed pass's memory alive; half a gradient may be there already
            self._release()

    def validate(self, batch: Batch, scores: RoadScores) -> float:
        """Add the batch to ``scores``; return its mean loss.

        Of several processes each counts its own part, and all return the loss of the whole batch.
        """
        if self.world.size > 1:
            return self._validate_part(batch, scores)
        done, total, loss = 0, len(batch.images), 0.0
        while done < total:
            piece = batch.part(done, done + self.batch_size)
            try:
                loss += self._validate_piece(piece, scores) * len(piece.images)
            except RuntimeError as error:
                self._mend(piece, error)
            else:
                done += len(piece.images)
                continue
            self._release()
        return loss / total

    def _validate_part(self, batch: Batch, scores: RoadScores) -> float:
        try:
            return self._validate_piece(batch, scores)
        except RuntimeError as error:
            self._mend(batch, error)  # with others waiting it can only explain
            raise

    def _mend(self, batch: Batch, error: RuntimeError) -> None:
        """Make the next try likelier to succeed, or raise."""
        if is_out_of_memory(error):
            self._halve(batch, error)
        elif self.compiled and is_compiler_error(error):
            self._go_on_uncompiled(error)
        else:
            raise error

    def _go_on_uncompiled(self, error: Exception) -> None:
        said = f"PyTorch cannot compile the network here ({short_reason(error)})"
        if self.world.size > 1:
            raise EngineError(f"{said}: train without compiling.", "environment") from error
        self.compiled, self._forward = False, self.network
        self._reporter.warning(f"{said}: training goes on without it, only slower.")

    def _release(self) -> None:
        self.optimiser.zero_grad(set_to_none=True)
        if self.precision.device.type == "cuda":
            torch.cuda.empty_cache()

    def _halve(self, batch: Batch, error: Exception) -> None:
        size = batch.images.shape[-1]
        on_gpu = self.precision.device.type != "cpu"
        if self.world.size > 1:
            raise EngineError(
                f"There is too little free {'GPU ' if on_gpu else ''}memory for a batch of {self.batch_size} chips of {size} "
                f"pixels in {self.world.size} processes: choose a smaller batch size or chip size.",
                "gpu_memory" if on_gpu else "memory"
            ) from error
        if self.batch_size == 1:
            raise EngineError(
                f"There is too little free {'GPU ' if on_gpu else ''}memory for one chip of {size} pixels: choose a smaller "
                f"chip size or a smaller backbone{', or the device cpu' if on_gpu else ''}.", "gpu_memory" if on_gpu else "memory"
            ) from error
        self.batch_size = max(1, min(self.batch_size, len(batch.images)) // 2)
        self._reporter.warning(f"The memory is full: going on with {self.batch_size} chip(s) at a time.")

    def _train_in_pieces(self, batch: Batch, total: int) -> float:
        scaler, mean, pieces = self.precision.scaler, 0.0, own_pieces(total, self.batch_size, self.world)
        forward = self._forward if self._parallel is None else self._parallel
        for number, (start, stop, chips) in enumerate(pieces, 1):
            piece = self._inputs(batch.part(start, stop))
            with self._exchange(number == len(pieces)):
                with self.precision.autocast():
                    outputs = forward(piece.images, *self._map_to_refine(piece))
                targets = piece.targets if outputs.first is None else self._worth_learning(outputs.first, piece.targets)
                loss = training_loss(outputs, targets, self.loss) * (chips / total)
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

    def _map_to_refine(self, piece: Batch) -> tuple[torch.Tensor | None, ...]:
        """Return what else a network in two stages learns from: another first map than its own, and how it is spoiled."""
        if self._first_maps is None and piece.spoiling is None:
            return ()
        first = None
        if self._first_maps is not None and piece.chips is not None:
            first = self._first_maps(piece.images, piece.chips)
        return first, piece.spoiling

    def _worth_learning(self, first: torch.Tensor, targets: Targets) -> Targets:
        """Return the targets with all pixels ignored of chips that teach a second stage nothing."""
        worth = worth_learning(first, targets.road[0], self.loss.min_sample_iou)
        self.seen += len(worth)
        self.left_out += int((~worth).sum())
        return targets._replace(road=(targets.road[0].masked_fill(~worth[:, None, None], IGNORE_ROAD), *targets.road[1:]))

    def _exchange(self, now: bool) -> contextlib.AbstractContextManager[None]:
        """Return the context in which the processes average their gradients at the end of the way back, or not yet."""
        return contextlib.nullcontext() if now or self._parallel is None else self._parallel.no_sync()

    @torch.no_grad()
    def _validate_piece(self, batch: Batch, scores: RoadScores) -> float:
        piece = self._inputs(batch)
        with self.precision.autocast():
            outputs = (self._forward if self.average is None else self.average.network)(piece.images)
        loss = float(training_loss(outputs, piece.targets, self.loss))
        scores.add(self.network.road_logit(outputs).sigmoid(), piece.road)  # last: a piece that fails is counted only once
        return loss

    def _inputs(self, batch: Batch) -> Batch:
        moved = batch.to(self.precision.device)
        images = normalise(moved.images, self._means, self._stds).contiguous(memory_format=torch.channels_last)
        return moved._replace(images=images)
