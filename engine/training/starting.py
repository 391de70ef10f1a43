"""The first step of a training made ready: network on its device, optimiser, batch size, learning rate."""

from __future__ import annotations

import math
from dataclasses import asdict, replace

import torch
from torch import nn

from ..devices import describe_device
from ..reporter import Reporter
from .averaging import WeightAverage
from .cancelling import cancellable
from .checkpoints import TrainingState
from .compiling import compiler_failure
from .loader import BatchLoader
from .lr_finder import FALLBACK_RATE, STEPS, find_learning_rate
from .memory import fitting_chips
from .network_setup import count_parameters
from .precision import PRECISIONS, choose_precision
from .run import Run, network_name
from .schedule import automatic_batch_size, make_optimiser
from .steps import FirstMaps, Stepper
from .world import ALONE, World

_FEWEST_SEARCH_STEPS = 40


def same_precision(run: Run, world: World) -> Run:
    """Return the run in the number format of the leading process: what is fastest is measured, and may differ."""
    chosen = PRECISIONS[int(world.leaders([PRECISIONS.index(run.precision.name)])[0])]
    return run if chosen == run.precision.name else replace(run, precision=choose_precision(run.device, chosen))


def training_chips(run: Run) -> list[int]:
    """Return the indices of an epoch's chips: a single one twice, because batch normalisation needs more than one value."""
    return run.split.training * (2 if len(run.split.training) == 1 else 1)


def make_stepper(run: Run, reporter: Reporter, world: World, first_maps: FirstMaps | None = None) -> Stepper:
    """Put the network on its device, and say what trains on what.

    Args:
        first_maps: of a second stage, see ``Stepper``.

    Raises:
        EngineError: not even one chip fits into the memory.
    """
    job, network = run.job, run.network
    nn.utils.convert_conv2d_weight_memory_format(network.to(run.device), torch.channels_last)
    batch_size = chips_a_step(run, world)
    each = "" if world.size == 1 else f"{world.size} processes, each on "
    reporter.log(
        f"Device: {each}{describe_device(run.device)}, {run.precision.name}. Network: {network_name(job)}, "
        f"{count_parameters(network):.1f} million parameters. {batch_size * job.accumulate} chips of {run.chip_size} pixels "
        "a step."
    )
    if batch_size < world.size:
        reporter.warning(
            f"{world.size} processes share batches of {batch_size} chips, and some have nothing to do: choose a larger batch "
            "size, or fewer processes."
        )
    stepper = Stepper(
        network, make_optimiser(network, job.learning_rate or FALLBACK_RATE, job.optimiser), run.precision, run.data.band_means,
        run.data.band_stds, batch_size, reporter, job.accumulate, run.loss, _may_compile(run, world, reporter), world,
        first_maps, WeightAverage(network, job.weight_average) if job.weight_average else None,
    )
    if world.size == 1 and run.device.type == "cpu":
        # a GPU says when its memory is full, and the batch is halved then; on a CPU the system would end the program
        fitting = fitting_chips(network, run.device, run.chip_size, run.precision.dtype)
        if fitting is not None and fitting < batch_size:
            reporter.warning(f"The memory holds {fitting} of {batch_size} chips at a time: each step takes several passes.")
            stepper.batch_size = fitting
    return stepper


def choose_learning_rate(run: Run, stepper: Stepper, loader: BatchLoader, state: TrainingState, reporter: Reporter) -> None:
    """Take the learning rate that was given, or find one and keep the curve for the report."""
    state.learning_rate = run.job.learning_rate
    if state.learning_rate:
        return
    reporter.phase(0.02, 0.05, "Finding a learning rate")
    training = training_chips(run)
    # a short training must not spend most of its time on the search
    planned = run.job.epochs * math.ceil(len(training) / stepper.step_size)
    most = STEPS // 2 if run.device.type == "cpu" else STEPS
    steps = min(most, max(_FEWEST_SEARCH_STEPS, planned // 4))
    with cancellable(stepper.network, reporter, stepper.compiled):
        curve = find_learning_rate(stepper, loader, training, run.job.seed, reporter, steps)
    state.learning_rate, state.search = stepper.world.leaders([curve.suggestion])[0], asdict(curve)
    found = "The learning rate found is" if curve.found else "The search for a learning rate showed nothing; it becomes"
    reporter.log(f"{found} {curve.suggestion:.2e}.")


def chips_a_step(run: Run, world: World = ALONE) -> int:
    """Return the batch size asked for, or what suits the smallest of the devices, for each of them."""
    chips = len(training_chips(run))
    wanted = run.job.batch_size
    if not wanted:
        each = automatic_batch_size(run.device, run.chip_size, chips // world.size, run.network, run.precision.dtype)
        wanted = world.size * world.smallest(each)
    return max(2, min(wanted, chips))


def _may_compile(run: Run, world: World, reporter: Reporter) -> bool:
    """Whether to compile. One of several processes that gave it up later would leave the others waiting: all try it first."""
    if not run.job.compile or world.size == 1:
        return run.job.compile
    reason = compiler_failure(run.device)
    if world.smallest(int(not reason)):
        return True
    reporter.warning(
        f"PyTorch cannot compile networks {f'here ({reason})' if reason else 'on all machines'}: training goes on without it, "
        "only slower."
    )
    return False
