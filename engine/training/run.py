"""What one training works with, and what the package and the report tell of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch

from ...models.losses import LossSettings
from ...models.network import RoadNetwork
from ...models.package import PackageInfo
from ...models.registry import uses_backbone
from ..chips.augmentation_settings import AugmentationSettings
from ..chips.splits import Split
from ..devices import describe_device
from ..jobs import TrainRefinementStage, TrainRoadExtractor
from .best_threshold import best_scores, best_threshold
from .checkpoints import TrainingState
from .data import ChipReader, TrainingData
from .loader import BatchLoader, loader_threads
from .precision import Precision
from .targets import TargetSettings


@dataclass(frozen=True)
class Run:
    """What one training works with. ``fingerprint``: text that two trainings share if they would go the same way."""

    job: TrainRoadExtractor
    data: TrainingData
    reader: ChipReader
    split: Split
    chip_size: int
    device: torch.device
    precision: Precision
    network: RoadNetwork
    loss: LossSettings
    targets: TargetSettings
    augmentation: AugmentationSettings
    fingerprint: str

    def loader(self) -> BatchLoader:
        """Return a new loader of this training's chips; the caller closes it."""
        corruption = self.job.corruption if isinstance(self.job, TrainRefinementStage) else 0.0
        return BatchLoader(
            self.reader, self.chip_size, self.targets, self.data.band_means, loader_threads(self.device), self.augmentation,
            pin_memory=self.device.type == "cuda", corruption=corruption,
        )


def network_name(job: TrainRoadExtractor) -> str:
    """Return what the network is called in log and report."""
    if isinstance(job, TrainRefinementStage):
        return f"CUnet over {Path(job.first_model).stem}"
    return f"{job.model_type}, {job.backbone}" if uses_backbone(job.model_type) else job.model_type


def roadsmith_version() -> str:
    """Return the version of this software."""
    return (Path(__file__).resolve().parents[2] / "VERSION").read_text(encoding="utf-8").strip()


def info(run: Run, record: TrainingState, further_scores: Mapping[str, float] | None = None) -> PackageInfo:
    """Return what the package says about the model; its threshold is the best one on the validation chips."""
    at_best = best_scores(record).confusion().figures()
    at_threshold = {f"{name}_at_threshold": at_best[name] for name in ("dice", "iou", "precision", "recall")}
    scores = {**record.best, **at_threshold, **(further_scores or {})}
    return PackageInfo(
        model_type=run.job.model_type, arguments=run.network.arguments, bands=run.data.bands,
        band_means=run.data.band_means, band_stds=run.data.band_stds, cell_metres=run.data.cell_metres,
        chip_size=run.chip_size, stretch=run.data.stretch, threshold=best_threshold(record),
        attribution=run.data.attribution, scores=scores, versions={"roadsmith": roadsmith_version(), "torch": torch.__version__},
    )


def settings_table(run: Run, record: TrainingState) -> dict[str, str]:
    """Return what the report tells of the settings: label and value of each line."""
    job, split = run.job, run.split
    settings = {
        "Training data": ", ".join(job.training_data),
        **({"Road label": job.road_label} if job.road_label else {}),
        "Attribution": run.data.attribution or "none given",
        "Network": network_name(job),
        "Loss": run.loss.kind,
        "Bands": ", ".join(map(str, run.data.bands)),
        "Pixel size": f"{run.data.cell_metres[0]:.3g} × {run.data.cell_metres[1]:.3g} m",
        "Chip size": f"{run.chip_size} pixels",
        "Chips": f"{len(split.training)} to train, {len(split.validation)} to validate, {split.dropped} left out (overlap)",
        "Split": f"validation chips from {', '.join(job.validation_data)}" if job.validation_data else
                 f"{job.split}, {job.validation_percent:g} %, seed {job.seed}",
        "Epochs": f"{len(record.epochs)} of {job.epochs}",
        "Learning rate": f"{record.learning_rate:.3g}{'' if job.learning_rate else ', found'} (one cycle, "
                         f"{'SGD' if job.optimiser == 'sgd' else 'AdamW'})",
        "Augmentation": run.augmentation.describe(),
        **({"Weights kept": f"moving average, {job.weight_average:g} of it stays in a step"} if job.weight_average else {}),
        "Best epoch by": job.monitor,
        "Device": f"{describe_device(run.device)}, {run.precision.name}",
        "Duration": f"{sum(each['seconds'] for each in record.epochs) / 60:.1f} minutes",
    }
    if isinstance(job, TrainRefinementStage):
        settings |= _refinement_table(job)
    if run.network.has_orientation:
        settings["Orientation"] = f"bins of {job.orient_bin_size:g}°, band of {job.orient_theta:g} pixels"
    if job.centre_lines:
        settings["Labels"] = f"centre lines, Gaussian threshold {job.gaussian_thresh:g}"
    if job.pretrained_model or job.backbone_weights:
        settings["Begun with"] = job.pretrained_model or job.backbone_weights
    if job.freeze:
        settings["Encoder"] = "frozen"
    return settings


def _refinement_table(job: TrainRefinementStage) -> dict[str, str]:
    """Return the lines about a second stage."""
    folds = f"of {job.folds} networks that had not seen the chip" if job.folds else "of the first model itself"
    return {
        "First stage": job.first_model,
        "Second stage": f"CUnet, {job.layers} layers from {job.base_width} channels, residual in {job.residual}",
        "Key pixels": f"above {job.key_pixel_threshold:g} of the first map, weight {job.key_pixel_weight:g}",
        "Least IoU of a chip": f"{job.min_sample_iou:g}",
        "First maps learned from": folds + (f", {100 * job.corruption:g} % of them spoiled" if job.corruption else ""),
    }
