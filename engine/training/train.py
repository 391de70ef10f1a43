"""Train Road Extractor: from training data folders to a model package."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import torch
from torch import nn

from ..devices import choose_device, describe_device
from ..jobs import TrainRoadExtractor
from ..reporter import Reporter
from .cancelling import cancellable
from .checkpoints import Checkpoints, TrainingState
from .loader import BatchLoader, Request, validation_requests
from .loop import MONITORS, LoopSettings, TrainingLoop
from .lr_finder import FALLBACK_RATE, STEPS, find_learning_rate
from .network_setup import count_parameters
from .output import REPORT_FILE, check_output, package_output
from .preparation import check_parameters, prepare
from .report import write_model_folder
from .run import Run, network_name
from .schedule import automatic_batch_size, make_optimiser
from .steps import Stepper

_FEWEST_SEARCH_STEPS = 40


def train_road_extractor(job: TrainRoadExtractor, reporter: Reporter) -> dict[str, Any]:
    """Run the job; see its docstring for the parameters.

    Returns:
        ``output`` (folder), ``model`` (.dlpk), ``report`` (.html), ``best_epoch``, ``valid_loss``, ``accuracy``, ``miou``,
        ``dice``, ``epochs_run``, ``train_chips``, ``validation_chips``.

    Raises:
        EngineError: the parameters or the data cannot be trained with, or memory or disk is full.
    """
    final = Path(job.output_folder).expanduser().absolute()
    job = replace(job)  # going on from a package changes it
    check_parameters(job)
    check_output(final)
    device = choose_device(job.device)
    with _reproducible(device, job.seed):
        reporter.phase(0.0, 0.02, "Reading training data")
        run = prepare(job, device, reporter)
        validation = validation_requests(run.reader, run.split.validation, run.chip_size)
        loader = run.loader()
        try:
            checkpoints = Checkpoints(final, run.fingerprint)
            record = _train(run, loader, validation, checkpoints, reporter)
            reporter.phase(0.97, 1.0, "Writing the model")
            run.network.load_state_dict(record.best_weights)
            run.network.eval()
            with package_output(final, job.run_id) as folder:
                write_model_folder(folder, final.name, run, record, loader, validation, reporter)
            checkpoints.remove()
        finally:
            loader.close()
    best = record.best
    reporter.log(f"Model written to {final}; best epoch {best['epoch']:.0f}: dice {best['dice']:.4f}, miou {best['miou']:.4f}.")
    return {
        "output": str(final), "model": str(final / f"{final.name}.dlpk"), "report": str(final / REPORT_FILE),
        "best_epoch": int(best["epoch"]), **{name: best[name] for name in MONITORS},
        "epochs_run": len(record.epochs), "train_chips": len(run.split.training),
        "validation_chips": len(run.split.validation),
    }


def _train(
    run: Run, loader: BatchLoader, validation: list[Request], checkpoints: Checkpoints, reporter: Reporter
) -> TrainingState:
    job, network = run.job, run.network
    nn.utils.convert_conv2d_weight_memory_format(network.to(run.device), torch.channels_last)
    # a single chip still makes a batch of two, because batch normalisation needs more than one value
    training = run.split.training * (2 if len(run.split.training) == 1 else 1)
    batch_size = job.batch_size or automatic_batch_size(run.device, run.chip_size, len(training))
    batch_size = max(2, min(batch_size, len(training)))
    reporter.log(
        f"Device: {describe_device(run.device)}, {run.precision.name}. Network: {network_name(job)}, "
        f"{count_parameters(network):.1f} million parameters. {batch_size * job.accumulate} chips of {run.chip_size} pixels "
        "a step."
    )
    stepper = Stepper(
        network, make_optimiser(network, job.learning_rate or FALLBACK_RATE, job.optimiser), run.precision, run.data.band_means,
        run.data.band_stds, batch_size, reporter, job.accumulate, run.loss, job.compile,
    )
    state = _begin(job, checkpoints, stepper, reporter)
    if not state.epochs:
        _choose_learning_rate(run, stepper, loader, training, state, reporter)
    settings = LoopSettings(
        job.epochs, state.learning_rate, job.monitor, job.patience if job.early_stopping else 0, job.seed, job.min_delta
    )
    return TrainingLoop(stepper, loader, training, validation, settings, reporter).run(state, checkpoints)


def _choose_learning_rate(
    run: Run, stepper: Stepper, loader: BatchLoader, training: list[int], state: TrainingState, reporter: Reporter
) -> None:
    """Take the learning rate that was given, or find one and keep the curve for the report."""
    state.learning_rate = run.job.learning_rate
    if state.learning_rate:
        return
    reporter.phase(0.02, 0.05, "Finding a learning rate")
    # a short training must not spend most of its time on the search
    planned = run.job.epochs * math.ceil(len(training) / stepper.step_size)
    most = STEPS // 2 if run.device.type == "cpu" else STEPS
    steps = min(most, max(_FEWEST_SEARCH_STEPS, planned // 4))
    with cancellable(stepper.network, reporter):
        curve = find_learning_rate(stepper, loader, training, run.job.seed, reporter, steps)
    state.learning_rate, state.search = curve.suggestion, asdict(curve)
    found = "The learning rate found is" if curve.found else "The search for a learning rate showed nothing; it becomes"
    reporter.log(f"{found} {curve.suggestion:.2e}.")


def _begin(
    job: TrainRoadExtractor, checkpoints: Checkpoints, stepper: Stepper, reporter: Reporter
) -> TrainingState:
    """Return where to begin: at the start, or where an interrupted training ended."""
    if not checkpoints.exists():
        if job.resume:
            reporter.log("There is no interrupted training to resume: beginning anew.")
        return TrainingState()
    if not job.resume:
        reporter.warning(
            f"An interrupted training lies in {checkpoints.folder}: Resume would go on with it. This run begins anew and "
            "replaces it."
        )
        return TrainingState()
    state = checkpoints.load(stepper.network, stepper.optimiser, stepper.precision.scaler)
    stepper.batch_size, stepper.step_size = state.batch_size, state.step_size
    reporter.log(f"Going on after epoch {len(state.epochs)}.")
    return state


@contextmanager
def _reproducible(device: torch.device, seed: int) -> Iterator[None]:
    """Seed PyTorch and choose algorithms that repeat themselves; afterwards all is as it was."""
    cudnn = torch.backends.cudnn
    before = cudnn.deterministic, cudnn.benchmark
    devices = [torch.cuda.current_device() if device.index is None else device.index] if device.type == "cuda" else []
    with torch.random.fork_rng(devices=devices):
        torch.manual_seed(seed)
        cudnn.deterministic, cudnn.benchmark = True, False
        try:
            yield
        finally:
            cudnn.deterministic, cudnn.benchmark = before
