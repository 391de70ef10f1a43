"""A learning rate from a range test (Smith 2017): train a few steps at rising rates, and see where the loss falls fastest."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from scipy.ndimage import gaussian_filter1d

from ..reporter import Reporter
from .loader import Batch, BatchLoader, epoch_requests
from .sharing import training_batches
from .steps import Stepper

#: First and last rate, and the steps between them: those of Smith's test as fastai runs it.
FIRST_RATE, LAST_RATE, STEPS = 1e-7, 1.0, 100
#: What a test that shows nothing suggests: the rate that the two-stage paper (Li, Comer and Zerubia 2022) trains all its
#: networks with.
FALLBACK_RATE = 1e-4
#: Highest rate that is suggested: AdamW with batch norm hides divergence for a while.
_HIGHEST_RATE = 1e-2
#: The curve is smoothed with a Gaussian of so many steps: unlike a running mean it does not shift to higher rates.
_SMOOTHING = 3.0
#: Weight of the past in the running mean that decides when to stop.
_MEMORY = 0.8
#: The test ends when the loss is so many times above its lowest value as that is below the first one.
_DIVERGED = 3.0
#: Fewer steps than this before the loss explodes show nothing.
_FEWEST_STEPS = 12


@dataclass(frozen=True)
class LearningRateCurve:
    """What the test saw.

    Attributes:
        rates, losses: of every step. smoothed: the losses, smoothed.
        suggestion: where the smoothed loss falls fastest per decade of the rate. found: False where it never fell, or exploded
            at once: the suggestion is then the fallback.
    """

    rates: list[float]
    losses: list[float]
    smoothed: list[float]
    suggestion: float
    found: bool


def find_learning_rate(
    stepper: Stepper, loader: BatchLoader, training: Sequence[int], seed: int, reporter: Reporter, steps: int = STEPS
) -> LearningRateCurve:
    """Run the test; afterwards network, optimiser, scaler and random numbers are as they were, also when it is cancelled.

    Only the stepper's ``batch_size`` stays smaller if memory ran out.

    Args:
        training: indices of the training chips, taken anew until there are enough batches.
        seed: of the chips' order and variants; the epochs of the training itself see others.
        steps: most optimiser steps.

    Raises:
        Cancelled: the user asked to stop.
    """
    rates = np.geomspace(FIRST_RATE, LAST_RATE, steps)
    losses: list[float] = []
    first = lowest = running = math.nan
    with _restored(stepper):
        stepper.network.train()
        for number, (batch, chips) in enumerate(_batches(stepper, loader, training, seed, steps)):
            for group in stepper.optimiser.param_groups:
                group["lr"] = float(rates[number])
            loss = stepper.train(batch, chips)
            reporter.progress(number + 1, steps)
            if not math.isfinite(loss):
                break
            losses.append(loss)
            running = loss if number == 0 else _MEMORY * running + (1 - _MEMORY) * loss
            first, lowest = (running, running) if number == 0 else (first, min(lowest, running))
            if running > lowest + _DIVERGED * max(first - lowest, 0.1 * abs(first)):
                break
    return suggest(rates[: len(losses)].tolist(), losses)


def suggest(rates: Sequence[float], losses: Sequence[float]) -> LearningRateCurve:
    """Return the curve of a test and the rate it speaks for."""
    if len(losses) < _FEWEST_STEPS:
        return LearningRateCurve(list(rates), list(losses), list(losses), FALLBACK_RATE, False)
    smoothed = gaussian_filter1d(np.asarray(losses, np.float64), _SMOOTHING, mode="nearest")
    decades = np.log10(np.asarray(rates))
    # behind the lowest point the loss may fall as well, but only from the heights it climbed to
    valley = int(np.argmin(smoothed)) + 1
    slope = np.gradient(smoothed, decades)[:valley]
    steepest = int(np.argmin(slope))
    noise = float(np.median(np.abs(np.asarray(losses) - smoothed)))
    found = valley >= 3 and slope[steepest] < 0 and smoothed[0] - smoothed[valley - 1] > noise
    suggestion = min(float(rates[steepest]), _HIGHEST_RATE) if found else FALLBACK_RATE
    return LearningRateCurve(list(rates), list(losses), smoothed.tolist(), suggestion, bool(found))


def _batches(
    stepper: Stepper, loader: BatchLoader, training: Sequence[int], seed: int, steps: int
) -> Iterator[tuple[Batch, int]]:
    """Yield ``steps`` training batches and their chips, in as many passes as that takes; fewer if some teach nothing."""
    # epochs of a training are counted from 1: this stream is no part of it
    passes = math.ceil(steps * stepper.step_size / max(1, len(training))) + 1
    requests = [request for number in range(passes) for request in epoch_requests(training, seed + number, 0)]
    batches = training_batches(loader, requests, stepper.step_size, stepper.batch_size, stepper.world)
    for _, batch_and_chips in zip(range(steps), batches):
        yield batch_and_chips


@contextmanager
def _restored(stepper: Stepper) -> Iterator[None]:
    """Put everything back that steps change."""
    network, optimiser, scaler = stepper.network, stepper.optimiser, stepper.precision.scaler
    device = stepper.precision.device
    was_training = network.training
    # on the CPU, because a second copy of weights and optimiser may be what no longer fits into a GPU
    weights = {name: value.detach().to("cpu", copy=True) for name, value in network.state_dict().items()}
    state, scale = copy.deepcopy(optimiser.state_dict()), copy.deepcopy(scaler.state_dict())
    devices = [torch.cuda.current_device() if device.index is None else device.index] if device.type == "cuda" else []
    with torch.random.fork_rng(devices=devices):
        try:
            yield
        finally:
            optimiser.zero_grad(set_to_none=True)
            network.load_state_dict(weights)
            optimiser.load_state_dict(state)
            scaler.load_state_dict(scale)
            network.train(was_training)
