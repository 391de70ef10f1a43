"""A training held in hand: the network keeps what it learned from one call to the next, as notebooks want it.

The steps are those of ``train``: the same loop, the same search for a learning rate, the same package.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from ...models.normalisation import normalise
from ...models.package import load_package, write_package
from ..errors import Cancelled, EngineError
from ..reporter import Reporter
from .checkpoints import TrainingState
from .loader import BatchLoader, Request, validation_requests
from .loop import LoopSettings, TrainingLoop
from .lr_finder import FALLBACK_RATE, STEPS, LearningRateCurve, find_learning_rate
from .metrics import RoadScores
from .output import check_output, package_output
from .preparation import check_parameters
from .repeatable import repeatable
from .report import write_model_folder
from .run import Run, info
from .run_journal import journalled
from .schedule import make_optimiser
from .starting import chips_a_step, training_chips
from .steps import Stepper

#: Windows of validation chips that are looked at to choose some worth showing.
_CANDIDATES = 64


class Session:
    """Trains, scores and saves the network of a run, in any order and as often as wanted.

    Args:
        run: as ``prepare`` returns it. reporter: of everything that is done here.

    Attributes:
        record: all epochs so far, numbered from 1 over all fits; ``best`` is the epoch whose weights the network has now.
    """

    def __init__(self, run: Run, reporter: Reporter) -> None:
        self.run, self.record = run, TrainingState()
        self._reporter, self._fits = reporter, 0
        nn.utils.convert_conv2d_weight_memory_format(run.network.to(run.device), torch.channels_last)
        run.network.eval()
        self.validation: list[Request] = validation_requests(run.reader, run.split.validation, run.chip_size)

    def find_rate(self) -> LearningRateCurve:
        """Search for a learning rate; the network stays as it is."""
        run, steps = self.run, STEPS // 2 if self.run.device.type == "cpu" else STEPS
        self._reporter.phase(0.0, 1.0, "Finding a learning rate")
        with repeatable(run.device, run.job.seed), self._loader() as loader:
            stepper = self._stepper(FALLBACK_RATE)
            curve = find_learning_rate(stepper, loader, training_chips(run), run.job.seed, self._reporter, steps)
        run.network.eval()
        self.record.search = asdict(curve)
        return curve

    def fit(
        self, epochs: int, rate: float, patience: int, monitor: str, keep_best: bool = True,
        listeners: tuple[Callable[[dict[str, float]], None], ...] = (),
    ) -> bool:
        """Train with one cycle of the learning rate, going on from the present weights.

        Whatever ends it, the network has the weights of the best epoch afterwards, or its earlier ones if none was complete.

        Args:
            epochs: most of them. rate: highest learning rate. patience: epochs without improvement, 0 never to stop early.
            monitor: the figure that decides which epoch is best. keep_best: False keeps the last epoch's weights.
            listeners: told the figures of every epoch when it is over.

        Returns:
            Whether it ran to its end: False if the user interrupted it (KeyboardInterrupt), or cancelled it in the monitor.

        Raises:
            EngineError: a parameter cannot be used, the loss is no number any more, a chip cannot be read.
        """
        early = {"early_stopping": True, "patience": patience} if patience else {"early_stopping": False}
        job = replace(self.run.job, epochs=epochs, learning_rate=rate, monitor=monitor, **early)
        check_parameters(job)
        network, earlier = self.run.network, _weights(self.run.network)
        # another seed for each fit: the same chips in other variants
        settings = LoopSettings(epochs, rate, monitor, patience, job.seed + self._fits, job.min_delta)
        state, complete = TrainingState(learning_rate=rate), False
        following = journalled(replace(self.run, job=job), self._reporter, becomes_model=False)
        try:
            with repeatable(self.run.device, settings.seed), self._loader() as loader, following as journal:
                TrainingLoop(
                    self._stepper(rate), loader, training_chips(self.run), self.validation, settings, self._reporter,
                    (*listeners, journal),
                ).run(state, _NO_CHECKPOINTS)
            complete = True
        except (KeyboardInterrupt, Cancelled):  # in the notebook, or in the training monitor
            pass
        finally:
            self._fits += 1
            if keep_best or not complete:
                network.load_state_dict(state.best_weights or earlier)
            network.eval()
            if state.epochs:
                self.run = replace(self.run, job=replace(job, epochs=len(self.record.epochs) + epochs))
                self._adopt(state)
        if complete and not keep_best:
            self.record.best, self.record.best_weights = self.record.epochs[-1], _weights(network)
            self.record.best_counts = self.score().counts.tolist()
        return complete

    def score(self) -> RoadScores:
        """Return the scores of the present weights on the validation chips."""
        stepper, scores = self._stepper(FALLBACK_RATE), RoadScores()
        self._reporter.phase(0.0, 1.0, "Scoring the validation chips")
        self.run.network.eval()
        done = 0
        with self._loader() as loader:
            for batch in loader.batches(self.validation, stepper.batch_size):
                stepper.validate(batch, scores)
                done += len(batch.images)
                self._reporter.progress(done, len(self.validation))
        return scores

    @torch.inference_mode()
    def results(self, count: int) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """Return image, label and probability of road of ``count`` windows of validation chips, from much road to little.

        Images are float32 (bands, S, S) in the chips' units, labels uint8 (S, S) with 255 where unknown, probabilities float32.
        """
        run = self.run
        with self._loader() as loader:
            batches = list(loader.batches(self._spread(count), 1))
        found = []
        for batch in batches:
            images = normalise(batch.images.to(run.device), run.data.band_means, run.data.band_stds)
            probability = run.network.road_probability(images)[0].float().cpu().numpy()
            found.append((batch.images[0].numpy(), batch.road[0].numpy(), probability))
        return found

    def freeze(self, frozen: bool) -> None:
        """Hold the encoder still in the fits to come, or let it learn again.

        Raises:
            EngineError: the network has no encoder of its own.
        """
        parameters = list(self.run.network.encoder_parameters())
        if not parameters:
            raise EngineError(f"The network '{self.run.job.model_type}' has no encoder to freeze: train all of it.")
        for parameter in parameters:
            parameter.requires_grad_(not frozen)
        self.run = replace(self.run, job=replace(self.run.job, freeze=frozen))

    def load(self, path: Path) -> None:
        """Take the weights of a package with the same network.

        Raises:
            EngineError: it has another network. ModelPackageError: it is no model package.
        """
        model, own = load_package(path), self.run
        if (model.info.model_type, model.info.arguments) != (own.job.model_type, own.network.arguments):
            raise EngineError(f"The model {path} has another network ({model.info.model_type}): open it with from_model.")
        own.network.load_state_dict(model.network.state_dict())
        self.record = TrainingState()

    def save(self, final: Path) -> None:
        """Write the model package with its report; one that is there already is replaced.

        Raises:
            EngineError: nothing was learned yet, or the folder cannot be written.
        """
        self._check_trained()
        check_output(final)
        self._reporter.phase(0.0, 1.0, "Writing the model")
        with package_output(final, self.run.job.run_id) as folder, self._loader() as loader:
            write_model_folder(folder, final.name, self.run, self.record, loader, self.validation, self._reporter)

    def write_weights(self, folder: Path) -> Path:
        """Write the bare package into an existing folder, for use at once; return the path of its .dlpk."""
        return write_package(folder, "model", self.run.network, info(self.run, self.record))

    def _check_trained(self) -> None:
        if not self.record.best:
            raise EngineError("There is nothing to save yet: the model has not been trained since it was made or loaded. Fit it.")

    def _adopt(self, state: TrainingState) -> None:
        """Join the epochs of a fit to the earlier ones."""
        done = len(self.record.epochs)
        for figures in state.epochs:  # ``best`` is one of them
            figures["epoch"] += done
        state.epochs[:0] = self.record.epochs
        state.search = self.record.search
        self.record = state

    @contextlib.contextmanager
    def _loader(self) -> Iterator[BatchLoader]:
        with contextlib.closing(self.run.loader()) as loader:
            yield loader

    def _stepper(self, rate: float) -> Stepper:
        run, record = self.run, self.record
        stepper = Stepper(
            run.network, make_optimiser(run.network, rate, run.job.optimiser), run.precision, run.data.band_means,
            run.data.band_stds, self._batch_size, self._reporter, run.job.accumulate, run.loss, run.job.compile,
        )
        if record.batch_size:  # perhaps halved in an earlier fit, for lack of memory
            stepper.batch_size, stepper.step_size = record.batch_size, record.step_size
        return stepper

    @cached_property
    def _batch_size(self) -> int:
        return chips_a_step(self.run)

    def _spread(self, count: int) -> list[Request]:
        """Choose windows evenly between that with the most road and that with the least; those with none come last."""
        candidates = self.validation[:: max(1, len(self.validation) // _CANDIDATES)]
        ranked = sorted(((self._road_share(each), each) for each in candidates), key=lambda pair: -pair[0])
        with_road = [each for share, each in ranked if share > 0]
        chosen = with_road if len(with_road) >= count else [each for _, each in ranked]
        picks = np.linspace(0, len(chosen) - 1, min(count, len(chosen))).round().astype(int)
        return [chosen[pick] for pick in picks]

    def _road_share(self, window: Request) -> float:
        label, size = self.run.reader.read(window.chip)[1], self.run.chip_size
        return float((label[window.row : window.row + size, window.column : window.column + size] == 1).mean())


class _NoCheckpoints:
    """Keeps no file: what is in hand needs none."""

    def save_if_due(
        self, network: nn.Module, optimiser: torch.optim.Optimizer, scaler: Any, state: TrainingState, average: Any = None
    ) -> None:
        """Do nothing."""


_NO_CHECKPOINTS: Any = _NoCheckpoints()


def _weights(network: nn.Module) -> dict[str, torch.Tensor]:
    return {name: value.detach().to("cpu", copy=True) for name, value in network.state_dict().items()}
