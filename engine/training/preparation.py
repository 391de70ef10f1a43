"""What comes before the first step of a training: parameters checked, data opened and split, the network made."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import Any

import torch

from ...models.losses import LossSettings
from ...models.network import RoadNetwork
from ...models.two_stage import TwoStageNetwork
from ..chips.augmentation_table import augmentation_settings
from ..chips.splits import Split, given_split, split_chips
from ..errors import EngineError
from ..extras import check_extras
from ..jobs import TrainRefinementStage, TrainRoadExtractor
from ..reporter import Reporter
from .data import ChipReader, TrainingData, gather
from .gaussian_mask import sigma_pixels
from .loop import MONITORS
from .network_setup import build_network, make_network
from .precision import PRECISIONS, choose_precision
from .refinement_setup import check_refinement
from .run import Run
from .schedule import OPTIMISERS
from .targets import TargetSettings

_MIN_CHIP_SIZE = 32  # the encoder's deepest features are 1/32 of the image


def prepare(job: TrainRoadExtractor, device: torch.device, reporter: Reporter) -> Run:
    """Open the data, split them and make the network, on the CPU still.

    Args:
        job: going on from a package changes its network.

    Raises:
        EngineError: the parameters or the data cannot be trained with.
    """
    data = gather(job.training_data, reporter, job.road_label, job.cell_size, job.validation_data)
    augmentation = augmentation_settings(job.augmentation, job.augmentation_table, job.augmentation_file)
    fingerprint = _fingerprint(job, data)
    reader = ChipReader(data.chips, len(data.bands))
    split = _split(job, data, reader, reporter)
    chip_size = _chip_size(job, data)
    network, data = make_network(job, data, reporter)
    return Run(
        job, data, reader, split, chip_size, device, choose_precision(device, job.precision), network,
        _loss(job, network.default_loss), target_settings(job, data, network), augmentation, fingerprint,
    )


def check_parameters(job: TrainRoadExtractor) -> None:
    """Raise an ``EngineError`` with a sentence on the first parameter that no training can use."""
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
        (job.min_delta < 0, f"an improvement of {job.min_delta:g}: choose 0 or more"),
        (not 0 <= job.weight_average < 1, f"an average of weights of {job.weight_average:g}: choose 0, or 0.9 to 0.9999"),
        (job.optimiser not in OPTIMISERS, f"the optimiser '{job.optimiser}': choose {', '.join(OPTIMISERS)}"),
        (job.precision not in PRECISIONS, f"the precision '{job.precision}': choose {', '.join(PRECISIONS)}"),
        (job.processes < 0, f"{job.processes} processes: choose 0 (one for each GPU) or more"),
        (job.seed < 0, f"the seed {job.seed}: choose 0 or more"),
    ]
    for wrong, text in problems:
        if wrong:
            raise EngineError(f"Training cannot use {text}.")
    with torch.device("meta"):
        default_loss = TwoStageNetwork.default_loss
        if isinstance(job, TrainRefinementStage):
            check_refinement(job)
        elif not job.pretrained_model:  # that has a network of its own
            default_loss = build_network(job, 3).default_loss
    _loss(job, default_loss)
    check_extras(job)


def _loss(job: TrainRoadExtractor, default: str) -> LossSettings:
    of_maps: dict[str, Any] = {}
    if isinstance(job, TrainRefinementStage):
        of_maps = {name: getattr(job, name) for name in ("key_pixel_threshold", "key_pixel_weight", "min_sample_iou")}
    try:
        return LossSettings(job.loss or default, job.positive_weight, job.cldice, job.skeleton_recall, **of_maps)
    except ValueError as error:
        raise EngineError(f"Training cannot begin: {error}.") from error


def target_settings(job: TrainRoadExtractor, data: TrainingData, network: RoadNetwork) -> TargetSettings:
    """Return what a network is to learn from the labels, as the job wants it."""
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
    if job.validation_data:
        split = given_split(data.chips, [folder >= len(job.training_data) for folder in data.folders], reader.has_road)
    else:
        split = split_chips(data.chips, job.validation_percent, job.split, job.seed, reader.has_road, data.folders)
    reporter.log(
        f"{len(split.training)} chips to train, {len(split.validation)} to validate, {split.dropped} left out because they "
        "overlap validation chips."
    )
    if split.overlapping:
        reporter.warning(
            f"{split.overlapping} training chips overlap validation chips: the scores will flatter. Choose "
            + ("other validation data" if job.validation_data else "the split 'blocks'") + " for honest ones."
        )
    if split.dropped > len(split.training):
        reporter.warning("More chips are left out than used for training: export with a larger stride or a larger area.")
    if not any(reader.has_road(index) for index in split.validation):
        reporter.warning("No validation chip holds a road: the scores say little. Export more chips, or raise the percentage.")
    return split


def _fingerprint(job: TrainRoadExtractor, data: TrainingData) -> str:
    """Return a text that two trainings share if they would go the same way."""
    settings = asdict(job)
    for name in (
        "run_id", "output_folder", "resume", "weights_cache", "processes", "tensorboard", "onnx", "compile", "network_scores"
    ):
        del settings[name]
    chips = hashlib.blake2b(digest_size=16)
    for chip in data.chips:
        chips.update(f"{chip.image}|{chip.image.stat().st_size}|{chip.label.stat().st_size}\n".encode())
    return json.dumps([settings, chips.hexdigest()], sort_keys=True)
