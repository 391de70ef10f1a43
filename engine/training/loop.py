"""The epochs: train, validate, remember the best, stop when nothing improves."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import torch

from ..errors import EngineError
from ..reporter import Reporter
from .cancelling import cancellable
from .loader import BatchLoader, Request, epoch_requests
from .metrics import RoadScores
from .schedule import one_cycle
from .steps import Stepper, full_batches

#: Change of the monitored figure that counts as an improvement for early stopping; ArcGIS's value.
_MIN_DELTA = 0.001
#: Steps in a row whose loss may be no number (float16 overflows now and then) before training is given up.
_MAX_BAD_STEPS = 10

MONITORS = ("valid_loss", "accuracy", "miou", "dice")


@dataclass(frozen=True)
class LoopSettings:
    """How long and by what rule to train. ``patience`` 0: never stop early."""

    epochs: int
    learning_rate: float
    monitor: str
    patience: int
    seed: int
    augmentation: bool


@dataclass
class TrainingRecord:
    """What came of the epochs.

    Attributes:
        epochs: figures of every epoch run, ``epoch`` counted from 1.
        best: the figures of the best one. state: its weights, on the CPU.
    """

    epochs: list[dict[str, float]] = field(default_factory=list)
    best: dict[str, float] = field(default_factory=dict)
    state: dict[str, torch.Tensor] = field(default_factory=dict)


class TrainingLoop:
    """Trains the stepper's network.

    Args:
        training: indices of the training chips. validation: windows of the validation chips.
    """

    def __init__(
        self, stepper: Stepper, loader: BatchLoader, training: Sequence[int], validation: Sequence[Request],
        settings: LoopSettings, reporter: Reporter,
    ) -> None:
        self._stepper, self._loader, self._reporter = stepper, loader, reporter
        self._training, self._validation, self._settings = training, validation, settings
        self._done = 0

    def run(self) -> TrainingRecord:
        """Train until the epochs or the patience are used up.

        Raises:
            EngineError: the loss is no number any more, or a chip cannot be read.
            Cancelled: within a layer's time of the user asking for it.
        """
        record = TrainingRecord()
        settings, reporter = self._settings, self._reporter
        reporter.phase(0.02, 0.97, "Training")
        reference, waited = math.inf, 0
        with cancellable(self._stepper.network, reporter):
            for epoch in range(1, settings.epochs + 1):
                started = time.monotonic()
                figures = {"epoch": float(epoch), "train_loss": self._train_epoch(epoch), **self._validate_epoch()}
                if not math.isfinite(figures["valid_loss"]):
                    raise self._diverged(epoch)
                figures["learning_rate"] = float(self._stepper.optimiser.param_groups[0]["lr"])
                figures["seconds"] = round(time.monotonic() - started, 1)
                self._report(epoch, figures)
                record.epochs.append(figures)
                value = _to_lower(figures, settings.monitor)
                if not record.best or value < _to_lower(record.best, settings.monitor):
                    record.best, record.state = figures, _state_on_cpu(self._stepper.network)
                waited = 0 if value < reference - _MIN_DELTA else waited + 1
                reference = min(reference, value) if waited == 0 else reference
                if settings.patience and waited >= settings.patience:
                    reporter.log(f"Stopped early: {settings.monitor} has not improved for {waited} epochs.")
                    break
        return record

    def _train_epoch(self, epoch: int) -> float:
        settings, stepper = self._settings, self._stepper
        stepper.network.train()
        requests = epoch_requests(self._training, settings.seed, epoch, settings.augmentation)
        losses, seen, bad = 0.0, 0, 0
        for batch in full_batches(self._loader.batches(requests, stepper.batch_size)):
            share = (epoch - 1 + min(1.0, seen / len(requests))) / settings.epochs
            for group in stepper.optimiser.param_groups:
                group["lr"] = one_cycle(share, settings.learning_rate)
            loss = stepper.train(batch)
            bad = 0 if math.isfinite(loss) else bad + 1
            if bad >= (_MAX_BAD_STEPS if stepper.precision.dtype == torch.float16 else 1):
                raise self._diverged(epoch)
            if math.isfinite(loss):
                losses += loss * len(batch.images)
                seen += len(batch.images)
            self._advance(len(batch.images))
        return losses / max(1, seen)

    def _validate_epoch(self) -> dict[str, float]:
        stepper = self._stepper
        stepper.network.eval()
        scores, losses = RoadScores(), 0.0
        for batch in self._loader.batches(self._validation, stepper.batch_size):
            losses += stepper.validate(batch, scores) * len(batch.images)
            self._advance(len(batch.images))
        return {"valid_loss": losses / len(self._validation), **scores.figures()}

    def _diverged(self, epoch: int) -> EngineError:
        rate = self._settings.learning_rate
        return EngineError(
            f"Training failed in epoch {epoch}: the loss is no number any more. Choose a smaller learning rate than {rate:g}, "
            f"for instance {rate / 10:g}."
        )

    def _advance(self, chips: int) -> None:
        self._done += chips
        total = self._settings.epochs * (len(self._training) + len(self._validation))
        self._reporter.progress(min(self._done, total), total, amount=self._done, unit="chips")

    def _report(self, epoch: int, figures: dict[str, float]) -> None:
        shown = ("train_loss", "valid_loss", "accuracy", "miou", "dice")
        values = {name: figures[name] for name in (*shown, "learning_rate", "seconds")}
        self._reporter.metric(epoch, values, "epoch", self._settings.epochs)


def _to_lower(figures: dict[str, float], monitor: str) -> float:
    """Return the monitored figure, turned so that less is better."""
    return figures[monitor] if monitor == "valid_loss" else -figures[monitor]


def _state_on_cpu(network: torch.nn.Module) -> dict[str, torch.Tensor]:
    return {name: value.detach().to("cpu", copy=True) for name, value in network.state_dict().items()}
