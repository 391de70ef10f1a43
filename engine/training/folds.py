"""First maps for a second stage that are honest: of networks that have not seen the chip (out-of-fold).

On the chips that it learned from, a network's map is better than on any other, and a second stage that learns from such maps
learns to trust them too much. Here the chips are shared out among folds; for each fold the first network is trained anew on the
chips of all others, and maps its own. These networks are needed for training alone: the package has the model that was given.
"""

from __future__ import annotations

import contextlib
import json
import shutil
from dataclasses import fields, replace
from pathlib import Path

import torch

from ...models.losses import LossSettings
from ...models.network import RoadNetwork
from ...models.package import LoadedModel, load_package, write_package
from ...models.registry import build
from ...models.two_stage import TwoStageNetwork
from ..chips.splits import Split, apart_from, fold_chips
from ..errors import EngineError
from ..jobs import TrainRefinementStage, TrainRoadExtractor
from ..raster.writing import check_writable
from ..reporter import Reporter
from .checkpoints import Checkpoints
from .loader import validation_requests
from .loop import LoopSettings, TrainingLoop
from .network_setup import load_encoder
from .preparation import target_settings
from .resuming import begin
from .run import Run, info
from .starting import choose_learning_rate, make_stepper, training_chips
from .steps import FirstMaps
from .world import ALONE

#: Of the whole work.
FOLDS_SHARE = 0.6
_FINGERPRINT = "fingerprint.json"
#: Where the first model does not say how long it was trained.
_EPOCHS = 20


def folds_folder(final: Path) -> Path:
    """Return where the networks of the folds are kept until the package ``final`` is written."""
    return final.with_name(f"{final.name}~folds")


def train_folds(run: Run, final: Path, reporter: Reporter) -> FirstMaps:
    """Train a first network for every fold, or take those that an interrupted run left; return what maps with them.

    Args:
        run: of a second stage. final: folder of its package.

    Raises:
        EngineError: there are too few chips for so many folds, or a network cannot be trained or written.
        Cancelled: what is complete is kept and taken by a run that resumes.
    """
    job = run.job
    assert isinstance(job, TrainRefinementStage) and isinstance(run.network, TwoStageNetwork)
    members = fold_chips(run.data.chips, run.data.folders, run.split.training, job.folds, job.seed)
    folder = _prepared_folder(folds_folder(final), run.fingerprint, job.resume)
    first, networks = load_package(job.first_model), []
    for number, fold in enumerate(members, 1):
        part = reporter.part((number - 1) / job.folds, number / job.folds, f"Fold {number} of {job.folds}")
        path = folder / f"fold_{number}"
        if not path.is_dir():
            _train_fold(_fold_run(run, first, fold, number, reporter), path, part)
        network = load_package(path).network.to(run.device)
        networks.append(network.requires_grad_(False))
    fold_of = torch.full((len(run.data.chips),), -1, dtype=torch.int64)
    for number, fold in enumerate(members):
        fold_of[fold] = number
    return _Maps(networks, fold_of.to(run.device))


class _Maps:
    """Maps each chip with the network of its fold."""

    def __init__(self, networks: list[RoadNetwork], fold_of: torch.Tensor) -> None:
        self._networks, self._fold_of = networks, fold_of

    @torch.no_grad()
    def __call__(self, images: torch.Tensor, chips: torch.Tensor) -> torch.Tensor:
        folds = self._fold_of[chips.to(self._fold_of.device)]
        maps = images.new_empty((len(images), *images.shape[-2:]), dtype=torch.float32)
        for fold in folds.unique().tolist():
            chosen = folds == fold
            maps[chosen] = self._networks[fold].road_probability(images[chosen])
        return maps


def _prepared_folder(folder: Path, fingerprint: str, resume: bool) -> Path:
    """Return the folder, emptied if it is of another training or this one begins anew."""
    note = folder / _FINGERPRINT
    check_writable(folder.parent)
    known = ""
    with contextlib.suppress(OSError, ValueError):
        known = json.loads(note.read_text(encoding="utf-8"))
    if known != fingerprint or not resume:
        shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        note.write_text(json.dumps(fingerprint), encoding="utf-8")
    except OSError as error:
        raise EngineError(f"The folder {folder} cannot be written: {error.strerror or error}.", "disk") from error
    return folder


def _fold_run(run: Run, first: LoadedModel, fold: list[int], number: int, reporter: Reporter) -> Run:
    """Return a training of the first network on the chips of all other folds."""
    job = _first_job(run.job, first, number)
    network = build(first.info.model_type, **first.info.arguments)
    if job.backbone_weights:
        load_encoder(network, job, run.data, reporter)
    training = apart_from(run.data.chips, run.split.training, fold)
    if not any(run.reader.has_road(each) for each in training):
        raise EngineError(f"Fold {number} leaves no chip with a road to train on: choose fewer folds, or more training data.")
    return replace(
        run, job=job, network=network, loss=LossSettings(network.default_loss), targets=target_settings(job, run.data, network),
        split=Split(training, run.split.validation, 0), fingerprint=f"{run.fingerprint} fold {number}",
    )


def _first_job(job: TrainRoadExtractor, first: LoadedModel, number: int) -> TrainRoadExtractor:
    assert isinstance(job, TrainRefinementStage)
    classes = first.info.arguments.get("orientation_classes")
    values = {each.name: getattr(job, each.name) for each in fields(TrainRoadExtractor)}
    values |= {
        "model_type": first.info.model_type, "backbone": str(first.info.arguments.get("backbone", "")), "loss": "",
        "epochs": job.fold_epochs or round(first.info.scores.get("epoch", _EPOCHS)), "learning_rate": 0.0, "batch_size": 0,
        "early_stopping": False, "seed": job.seed + number, "onnx": False, "tensorboard": False,
        **({"orient_bin_size": 360.0 / (classes - 1)} if classes else {}),
    }
    return TrainRoadExtractor(**values)


def _train_fold(run: Run, path: Path, reporter: Reporter) -> None:
    """Train and write the package, which appears complete or not at all."""
    job = run.job
    reporter.log(f"{len(run.split.training)} chips to train.")
    checkpoints = Checkpoints(path, run.fingerprint, reporter)
    with contextlib.closing(run.loader()) as loader:
        stepper = make_stepper(run, reporter, ALONE)
        state = begin(job, checkpoints, stepper, reporter)
        if not state.epochs:
            choose_learning_rate(run, stepper, loader, state, reporter)
        settings = LoopSettings(job.epochs, state.learning_rate, job.monitor, 0, job.seed)
        validation = validation_requests(run.reader, run.split.validation, run.chip_size)
        TrainingLoop(stepper, loader, training_chips(run), validation, settings, reporter).run(state, checkpoints)
    run.network.load_state_dict(state.best_weights)
    partial = path.with_name(f"{path.name}~{job.run_id}.partial")
    try:
        partial.mkdir()
        write_package(partial, path.name, run.network, info(run, state))
        partial.rename(path)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    checkpoints.remove()
