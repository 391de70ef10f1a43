"""The epochs: train, validate, remember the best, stop when nothing improves."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch

from ..errors import EngineError
from ..reporter import Reporter
from .cancelling import cancellable
from .checkpoints import Checkpoints, TrainingState
from .loader import BatchLoader, Request, epoch_requests
from .metrics import RoadScores
from .run_journal import RunJournal
from .run_journal_requests import NO_REQUEST, StopEarly, obey
from .schedule import one_cycle
from .sharing import shared_batches, training_batches
from .steps import Stepper

#: Steps in a row whose loss may be no number (float16 overflows now and then) before training is given up.
_MAX_BAD_STEPS = 10

MONITORS = ("valid_loss", "accuracy", "miou", "dice", "iou", "f1", "relaxed_f1")


@dataclass(frozen=True)
class LoopSettings:
    """How long and by what rule to train. ``patience`` 0: never stop early. ``min_delta``: change of the monitored figure that
    counts as an improvement for early stopping.
    """

    epochs: int
    learning_rate: float
    monitor: str
    patience: int
    seed: int
    min_delta: float = 0.001  # ArcGIS's value


class TrainingLoop:
    """Trains the stepper's network; where that belongs to several processes each runs such a loop, and all decide alike.

    Args:
        training: indices of the training chips. validation: windows of the validation chips.
        listeners: told the figures of every epoch when it is over, in the leading process alone. A ``RunJournal`` among them is
            told of every step too, and asked what the user wants.
    """

    def __init__(
        self, stepper: Stepper, loader: BatchLoader, training: Sequence[int], validation: Sequence[Request],
        settings: LoopSettings, reporter: Reporter, listeners: Sequence[Callable[[dict[str, float]], None]] = (),
    ) -> None:
        self._stepper, self._loader, self._reporter = stepper, loader, reporter
        self._training, self._validation, self._settings = training, validation, settings
        self._listeners = listeners
        self._journal = next((each for each in listeners if isinstance(each, RunJournal)), None)
        self._done, self._may_stop = 0, False

    def run(self, state: TrainingState, checkpoints: Checkpoints) -> TrainingState:
        """Train until the epochs or the patience are used up.

        Args:
            state: where to begin: a new one, or that of an interrupted training. It is brought forward and returned.
            checkpoints: written after epochs, by the leading process.

        Raises:
            EngineError: the loss is no number any more, or a chip cannot be read.
            Cancelled: within a layer's time of the user asking for it; within a step's where the training monitor asks.
        """
        settings, reporter, stepper = self._settings, self._reporter, self._stepper
        reporter.phase(0.05, 0.97, "Training")
        self._done = len(state.epochs) * self._chips_an_epoch
        if self._journal is not None:
            self._journal.watch(stepper, self._loader, self._validation)
            self._journal.progress(self._done, settings.epochs * self._chips_an_epoch)
        learning = [stepper.network] if stepper.average is None else [stepper.network, stepper.judged]
        with cancellable(torch.nn.ModuleList(learning), reporter, stepper.compiled):
            for epoch in range(len(state.epochs) + 1, settings.epochs + 1):
                if settings.patience and state.waited >= settings.patience:
                    reporter.log(f"Stopped early: {settings.monitor} has not improved for {state.waited} epochs.")
                    break
                self._may_stop = epoch > 1  # not before there is an epoch to keep
                try:
                    figures, scores = self._run_epoch(epoch)
                except StopEarly:
                    reporter.log(f"Stopped in epoch {epoch}, as asked in the training monitor; the best epoch so far is kept.")
                    break
                self._remember(state, figures, scores)
                if stepper.world.leads:
                    for listener in self._listeners:
                        listener(figures)
                    checkpoints.save_if_due(
                        stepper.network, stepper.optimiser, stepper.precision.scaler, state, stepper.average
                    )
                    if self._journal is not None:
                        self._journal.draw(epoch)
        return state

    def _run_epoch(self, epoch: int) -> tuple[dict[str, float], RoadScores]:
        started = time.monotonic()
        self._obey()
        figures = {"epoch": float(epoch), "train_loss": self._train_epoch(epoch)}
        valid_loss, scores = self._validate_epoch()
        figures.update(valid_loss=valid_loss, **scores.figures())
        if not math.isfinite(figures["valid_loss"]):
            raise self._diverged(epoch)
        figures["learning_rate"] = float(self._stepper.optimiser.param_groups[0]["lr"])
        figures["seconds"] = round(time.monotonic() - started, 1)
        figures = dict(zip(figures, self._stepper.world.leaders(list(figures.values()))))
        self._report(epoch, figures)
        return figures, scores

    def _remember(self, state: TrainingState, figures: dict[str, float], scores: RoadScores) -> None:
        """Bring the state forward by an epoch."""
        monitor = self._settings.monitor
        value = _to_lower(figures, monitor)
        state.epochs.append(figures)
        if not state.best or value < _to_lower(state.best, monitor):
            state.best = figures
            if self._stepper.world.leads:
                state.best_weights = _state_on_cpu(self._stepper.judged)
            state.best_counts = scores.counts.tolist()
        state.waited = 0 if value < state.reference - self._settings.min_delta else state.waited + 1
        state.reference = min(state.reference, value) if state.waited == 0 else state.reference
        state.batch_size, state.step_size = self._stepper.batch_size, self._stepper.step_size

    @property
    def _chips_an_epoch(self) -> int:
        return len(self._training) + len(self._validation)

    def _train_epoch(self, epoch: int) -> float:
        settings, stepper = self._settings, self._stepper
        stepper.begin_training()
        requests = epoch_requests(self._training, settings.seed, epoch)
        losses, seen, bad = 0.0, 0, 0
        batches = training_batches(self._loader, requests, stepper.step_size, stepper.batch_size, stepper.world)
        for batch, chips in batches:
            share = (epoch - 1 + min(1.0, seen / len(requests))) / settings.epochs
            for group in stepper.optimiser.param_groups:
                group["lr"] = one_cycle(share, settings.learning_rate)
            loss = stepper.train(batch, chips)
            if stepper.average is not None:
                stepper.average.update(stepper.network)
            bad = 0 if math.isfinite(loss) else bad + 1
            if bad >= (_MAX_BAD_STEPS if stepper.precision.dtype == torch.float16 else 1):
                raise self._diverged(epoch)
            if math.isfinite(loss):
                losses += loss * chips
                seen += chips
                if self._journal is not None:
                    self._journal.step(epoch - 1 + seen / len(requests), loss, stepper.optimiser.param_groups[0]["lr"])
            self._advance(chips)
        self._tell_left_out(epoch)
        return losses / max(1, seen)

    def _tell_left_out(self, epoch: int) -> None:
        """Say how many chips were of no use to a second stage; all of them end the training."""
        stepper = self._stepper
        left_out, seen = stepper.world.total(torch.tensor([stepper.left_out, stepper.seen], dtype=torch.float64)).tolist()
        stepper.left_out = stepper.seen = 0
        if not left_out:
            return
        least = stepper.loss.min_sample_iou
        text = f"{left_out:.0f} of {seen:.0f} chips of epoch {epoch} left out: the first stage's IoU is below {least:g} there."
        if left_out == seen:
            raise EngineError(
                f"The first stage's IoU is below {least:g} on every training chip, so there is nothing to mend: train the first "
                "stage longer, or choose a smaller least IoU."
            )
        self._reporter.log(text, "info" if epoch == 1 else "debug")

    def _validate_epoch(self) -> tuple[float, RoadScores]:
        stepper = self._stepper
        stepper.judged.eval()
        scores, losses, size = RoadScores(), 0.0, stepper.batch_size
        for batch, chips in shared_batches(self._loader, self._validation, size, size, stepper.world):
            losses += stepper.validate(batch, scores) * chips
            self._advance(chips)
        scores.counts = stepper.world.total(scores.counts)
        return losses / len(self._validation), scores

    def _diverged(self, epoch: int) -> EngineError:
        rate = self._settings.learning_rate
        return EngineError(
            f"Training failed in epoch {epoch}: the loss is no number any more. Choose a smaller learning rate than {rate:g}, "
            f"for instance {rate / 10:g}."
        )

    def _advance(self, chips: int) -> None:
        self._done += chips
        total = self._settings.epochs * self._chips_an_epoch
        if self._journal is not None:
            self._journal.progress(min(self._done, total), total)
        self._obey()
        self._reporter.progress(min(self._done, total), total, amount=self._done, unit="chips")

    def _obey(self) -> None:
        """Do what the user asked for in the training monitor."""
        obey(self._journal.request() if self._journal is not None else NO_REQUEST, self._stepper.world, self._may_stop)

    def _report(self, epoch: int, figures: dict[str, float]) -> None:
        shown = ("train_loss", "valid_loss", "accuracy", "miou", "dice")
        values = {name: figures[name] for name in (*shown, "learning_rate", "seconds")}
        self._reporter.metric(epoch, values, "epoch", self._settings.epochs)


def _to_lower(figures: dict[str, float], monitor: str) -> float:
    """Return the monitored figure, turned so that less is better."""
    return figures[monitor] if monitor == "valid_loss" else -figures[monitor]


def _state_on_cpu(network: torch.nn.Module) -> dict[str, torch.Tensor]:
    return {name: value.detach().to("cpu", copy=True) for name, value in network.state_dict().items()}
