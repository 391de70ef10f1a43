"""Train Road Extractor: from training data folders to a model package."""

from __future__ import annotations

import contextlib
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from ..devices import choose_device
from ..jobs import TrainRefinementStage, TrainRoadExtractor
from ..reporter import Reporter
from .best_threshold import best_threshold
from .checkpoints import Checkpoints, TrainingState
from .folds import FOLDS_SHARE, folds_folder, train_folds
from .live_log import following
from .loader import BatchLoader, Request, validation_requests
from .loop import MONITORS, LoopSettings, TrainingLoop
from .output import REPORT_FILE, check_output, package_output
from .preparation import check_parameters, prepare
from .processes import process_count, train_in_processes
from .repeatable import repeatable
from .report import write_model_folder
from .resuming import begin
from .run import Run
from .run_journal_beginning import begun
from .starting import choose_learning_rate, make_stepper, same_precision, training_chips
from .steps import FirstMaps
from .world import ALONE, World, leave


def train_road_extractor(job: TrainRoadExtractor, reporter: Reporter) -> dict[str, Any]:
    """Run the job, in as many processes as it asks for; see its docstring for the parameters.

    Returns:
        ``output`` (folder), ``model`` (.dlpk), ``report`` (.html), ``best_epoch``, ``valid_loss``, ``accuracy``, ``miou``,
        ``dice`` and the other monitored figures, ``epochs_run``, ``train_chips``, ``validation_chips``, ``threshold``, ``onnx``
        (empty if not written); ``apls`` and ``topo_f1`` where the job asks for ``network_scores`` and a label holds a network.

    Raises:
        EngineError: the parameters or the data cannot be trained with, or memory or disk is full.
    """
    check_parameters(job)
    count = process_count(job)
    if count == 1:
        return train(job, choose_device(job.device), reporter)
    check_output(_output_folder(job))
    return train_in_processes(job, count, reporter)


def train(job: TrainRoadExtractor, device: torch.device, reporter: Reporter, world: World = ALONE) -> dict[str, Any]:
    """Run the job in this process, beside the others of ``world``; as ``train_road_extractor``.

    Only the leading process returns figures, reports and writes.
    """
    final = _output_folder(job)
    job = replace(job)  # going on from a package changes it
    check_parameters(job)
    if world.leads:
        check_output(final)
    with begun(job, reporter, world) as watched, repeatable(device, job.seed):
        watched.phase(0.0, 0.02, "Reading training data")
        run = same_precision(prepare(job, device, watched), world)
        validation = validation_requests(run.reader, run.split.validation, run.chip_size)
        loader = run.loader()
        try:
            maps, stage = None, watched
            if isinstance(job, TrainRefinementStage) and job.folds:
                maps = train_folds(run, final, watched.part(0.02, FOLDS_SHARE, "First maps"))
                stage = watched.part(FOLDS_SHARE, 1.0, "Second stage")
            checkpoints = Checkpoints(final, run.fingerprint, stage)
            record = _train(run, loader, validation, checkpoints, stage, world, maps)
            leave()
            if not world.leads:
                return {}
            stage.phase(0.97, 1.0, "Writing the model")
            run.network.load_state_dict(record.best_weights)
            run.network.eval()
            with package_output(final, job.run_id) as folder:
                further = write_model_folder(folder, final.name, run, record, loader, validation, stage)
            checkpoints.remove()
            shutil.rmtree(folds_folder(final), ignore_errors=True)
        finally:
            loader.close()
    best, onnx = record.best, final / f"{final.name}.onnx"
    reporter.log(f"Model written to {final}; best epoch {best['epoch']:.0f}: dice {best['dice']:.4f}, miou {best['miou']:.4f}.")
    return {
        "output": str(final), "model": str(final / f"{final.name}.dlpk"), "report": str(final / REPORT_FILE),
        "best_epoch": int(best["epoch"]), **{name: best[name] for name in MONITORS},
        "epochs_run": len(record.epochs), "train_chips": len(run.split.training),
        "validation_chips": len(run.split.validation), "threshold": best_threshold(record),
        "onnx": str(onnx) if onnx.is_file() else "", **further,
    }


def _output_folder(job: TrainRoadExtractor) -> Path:
    return Path(job.output_folder).expanduser().absolute()


def _train(
    run: Run, loader: BatchLoader, validation: list[Request], checkpoints: Checkpoints, reporter: Reporter, world: World,
    first_maps: FirstMaps | None,
) -> TrainingState:
    job, stepper = run.job, make_stepper(run, reporter, world, first_maps)
    state = begin(job, checkpoints, stepper, reporter)
    if not state.epochs:
        choose_learning_rate(run, stepper, loader, state, reporter)
    settings = LoopSettings(
        job.epochs, state.learning_rate, job.monitor, job.patience if job.early_stopping else 0, job.seed, job.min_delta
    )
    with contextlib.ExitStack() as stack:
        listeners = stack.enter_context(following(run, checkpoints.folder, state.epochs, reporter)) if world.leads else []
        loop = TrainingLoop(stepper, loader, training_chips(run), validation, settings, reporter, listeners)
        return loop.run(state, checkpoints)
