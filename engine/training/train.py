"""Train Road Extractor: from training data folders to a model package."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import torch
from torch import nn

from ...models.losses import LossSettings
from ...models.network import RoadNetwork
from ..chips.augmentation_table import augmentation_settings
from ..chips.splits import Split, split_chips
from ..devices import choose_device, describe_device
from ..errors import EngineError
from ..jobs import TrainRoadExtractor
from ..reporter import Reporter
from .cancelling import cancellable
from .checkpoints import Checkpoints, TrainingState
from .data import ChipReader, TrainingData, gather
from .gaussian_mask import sigma_pixels
from .loader import BatchLoader, Request, loader_threads, validation_requests
from .loop import MONITORS, LoopSettings, TrainingLoop
from .lr_finder import FALLBACK_RATE, STEPS, find_learning_rate
from .network_setup import build_network, count_parameters, make_network
from .output import REPORT_FILE, check_output, package_output
from .precision import choose_precision
from .report import write_model_folder
from .run import Run, facts, info, network_name
from .schedule import automatic_batch_size, make_optimiser
from .steps import Stepper
from .targets import TargetSettings

_FEWEST_SEARCH_STEPS = 40
_MIN_CHIP_SIZE = 32  # the encoder's deepest features are 1/32 of the image


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
    _check_parameters(job)
    check_output(final)
    device = choose_device(job.device)
    reporter.phase(0.0, 0.02, "Reading training data")
    data = gather(job.training_data, reporter, job.road_label, job.cell_size)
    augmentation = augmentation_settings(job.augmentation, job.augmentation_table, job.augmentation_file)
    fingerprint = _fingerprint(job, data)
    reader = ChipReader(data.chips, len(data.bands))
    split = _split(job, data, reader, reporter)
    chip_size = _chip_size(job, data)
    with _reproducible(device, job.seed):
        network = make_network(job, data, reporter)
        precision = choose_precision(device)
        run = Run(job, data, split, chip_size, device, precision, network, _loss(job, network), augmentation)
        validation = validation_requests(reader, split.validation, chip_size)
        loader = BatchLoader(
            reader, chip_size, _targets(job, data, network), data.band_means, loader_threads(device), augmentation,
            pin_memory=device.type == "cuda",
        )
        try:
            checkpoints = Checkpoints(final, fingerprint)
            record = _train(run, loader, validation, checkpoints, reporter)
            reporter.phase(0.97, 1.0, "Writing the model")
            network.load_state_dict(record.best_weights)
            network.eval()
            with package_output(final, job.run_id) as folder:
                told = facts(run, record)
                write_model_folder(folder, final.name, network, info(run, record), told, loader, validation, reporter)
            checkpoints.remove()
        finally:
            loader.close()
    best = record.best
    reporter.log(f"Model written to {final}; best epoch {best['epoch']:.0f}: dice {best['dice']:.4f}, miou {best['miou']:.4f}.")
    return {
        "output": str(final), "model": str(final / f"{final.name}.dlpk"), "report": str(final / REPORT_FILE),
        "best_epoch": int(best["epoch"]), **{name: best[name] for name in MONITORS},
        "epochs_run": len(record.epochs), "train_chips": len(split.training), "validation_chips": len(split.validation),
    }


def _check_parameters(job: TrainRoadExtractor) -> None:
    problems = [
        (job.epochs < 1, f"{job.epochs} epochs: choose 1 or more"),
        (job.batch_size < 0, f"batch size {job.batch_size}: choose 0 (automatic) or more"),
        (not 0 <= job.learning_rate < 10, f"learning rate {job.learning_rate:g}: choose one between 0.00001 and 0.1, or none"),
        (job.accumulate < 1, f"{job.accumulate} batches a step: choose 1 or more"),
        (not 0 < job.gaussian_thresh < 1, f"a Gaussian threshold of {job.gaussian_thresh:g}: choose one between 0 and 1"),
        (job.monitor not in MONITORS, f"the monitored figure '{job.monitor}': choose {', '.join(MONITORS)}"),
        (not 1 <= job.orient_bin_size <= 180, f"orientation bins of {job.orient_bin_size:g}°: choose between 1 and 180"),
        (not 0 < job.orient_theta < 1000, f"an orientation band of {job.orient_theta:g} pixels: choose a few pixels"),
        (job.early_stopping and job.patience < 1, f"a patience of {job.patience} epochs: choose 1 or more"),
        (job.seed < 0, f"the seed {job.seed}: choose 0 or more"),
    ]
    for wrong, text in problems:
        if wrong:
            raise EngineError(f"Training cannot use {text}.")
    with torch.device("meta"):
        network = build_network(job, 3)
    _loss(job, network)


def _loss(job: TrainRoadExtractor, network: RoadNetwork) -> LossSettings:
    try:
        return LossSettings(job.loss or network.default_loss, job.positive_weight, job.cldice, job.skeleton_recall)
    except ValueError as error:
        raise EngineError(f"Training cannot begin: {error}.") from error


def _targets(job: TrainRoadExtractor, data: TrainingData, network: RoadNetwork) -> TargetSettings:
    sigma = sigma_pixels(data.cell_metres) if job.centre_lines else 0.0
    return TargetSettings(
        network.scales, network.has_orientation, job.orient_bin_size, job.orient_theta, sigma, job.gaussian_thresh
    )


def _chip_size(job: TrainRoadExtractor, data: TrainingData) -> int:
    chip_size = job.chip_size or data.tile_size
    if not _MIN_CHIP_SIZE <= chip_size <= data.tile_size:
        raise EngineError(
            f"The chip size is {chip_size} pixels, the tiles of the training data have {data.tile_size}: "
            f"choose a chip size from {_MIN_CHIP_SIZE} to the tile size, or export larger tiles."
        )
    return chip_size


def _split(job: TrainRoadExtractor, data: TrainingData, reader: ChipReader, reporter: Reporter) -> Split:
    split = split_chips(data.chips, job.validation_percent, job.split, job.seed, reader.has_road, data.folders)
    reporter.log(
        f"{len(split.training)} chips to train, {len(split.validation)} to validate, {split.dropped} left out because they "
        "overlap validation chips."
    )
    if split.overlapping:
        reporter.warning(
            f"{split.overlapping} training chips overlap validation chips (split 'random'): the scores will flatter. "
            "Choose the split 'blocks' for honest ones."
        )
    if split.dropped > len(split.training):
        reporter.warning("More chips are left out than used for training: export with a larger stride or a larger area.")
    if not any(reader.has_road(index) for index in split.validation):
        reporter.warning("No validation chip holds a road: the scores say little. Export more chips, or raise the percentage.")
    return split


def _fingerprint(job: TrainRoadExtractor, data: TrainingData) -> str:
    """Return a text that two trainings share if they would go the same way."""
    settings = asdict(job)
    for name in ("run_id", "output_folder", "resume", "weights_cache"):
        del settings[name]
    chips = hashlib.blake2b(digest_size=16)
    for chip in data.chips:
        chips.update(f"{chip.image}|{chip.image.stat().st_size}|{chip.label.stat().st_size}\n".encode())
    return json.dumps([settings, chips.hexdigest()], sort_keys=True)


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
        network, make_optimiser(network, job.learning_rate or FALLBACK_RATE), run.precision, run.data.band_means,
        run.data.band_stds, batch_size, reporter, job.accumulate, run.loss,
    )
    state = _begin(job, checkpoints, stepper, reporter)
    if not state.epochs:
        _choose_learning_rate(run, stepper, loader, training, state, reporter)
    settings = LoopSettings(
        job.epochs, state.learning_rate, job.monitor, job.patience if job.early_stopping else 0, job.seed
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
