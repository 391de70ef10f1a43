"""Where a training begins: at the start, or where an interrupted one ended."""

from __future__ import annotations

import torch

from ..errors import EngineError
from ..jobs import TrainRoadExtractor
from ..reporter import Reporter
from .checkpoints import Checkpoints, TrainingState
from .steps import Stepper
from .world import World


def begin(
    job: TrainRoadExtractor, checkpoints: Checkpoints, stepper: Stepper, reporter: Reporter
) -> TrainingState:
    """Return the state to begin with; network and optimiser are brought to it.

    Raises:
        EngineError: the checkpoint is damaged, belongs to another training, or is not on all machines that train.
    """
    if not _checkpoint_exists(checkpoints, stepper.world):
        if job.resume:
            reporter.log("There is no interrupted training to resume: beginning anew.")
        return TrainingState()
    if not job.resume:
        reporter.warning(
            f"An interrupted training lies in {checkpoints.folder}: Resume would go on with it. This run begins anew and "
            "replaces it."
        )
        return TrainingState()
    state = checkpoints.load(stepper.network, stepper.optimiser, stepper.precision.scaler, stepper.average)
    stepper.batch_size, stepper.step_size = state.batch_size, state.step_size
    reporter.log(f"Going on after epoch {len(state.epochs)}.")
    return state


def _checkpoint_exists(checkpoints: Checkpoints, world: World) -> bool:
    found = int(world.total(torch.tensor(float(checkpoints.exists()))))
    if 0 < found < world.size:
        raise EngineError(
            f"The interrupted training in {checkpoints.folder} is not on all machines: choose an output folder that all of them "
            "share."
        )
    return found > 0
