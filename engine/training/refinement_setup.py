"""The network of a training in two stages: a first model as it is, and a CUnet that is to learn to mend its maps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ...models.cunet import CUnet
from ...models.package import LoadedModel, load_package
from ...models.registry import TWO_STAGE, build
from ...models.two_stage import TwoStageNetwork
from ..errors import EngineError
from ..jobs import TrainRefinementStage
from ..reporter import Reporter
from .data import TrainingData
from .fitting import check_fits

#: The paper's U-Nets are as wide as they like; past this no second stage trains on a usual GPU.
_MAX_WIDTH = 512


def make_two_stages(
    job: TrainRefinementStage, data: TrainingData, reporter: Reporter
) -> tuple[TwoStageNetwork, TrainingData]:
    """Return the network, and the data with the statistics that the first model was trained with: it knows no others.

    Args:
        job: is told that its network is one in two stages.

    Raises:
        EngineError: there is no first model, it does not fit the data, or the second stage cannot be built.
        ModelPackageError: ``first_model`` is no model package.
    """
    first = _first(job, data, reporter)
    network = _joined(first, refinement_arguments(job, len(data.bands)))
    reporter.log(f"The first stage is {job.first_model} ({first.info.model_type}); it stays as it is.")
    job.model_type, job.backbone = TWO_STAGE, ""
    attribution = "; ".join(dict.fromkeys(each for each in (first.info.attribution, data.attribution) if each))
    return network, replace(
        data, band_means=first.info.band_means, band_stds=first.info.band_stds, attribution=attribution
    )


def refinement_arguments(job: TrainRefinementStage, bands: int) -> dict[str, Any]:
    """Return the arguments of the job's ``CUnet``."""
    return {
        "bands": bands, "base": job.base_width, "n_pool": job.layers, "max_width": max(_MAX_WIDTH, job.base_width),
        "norm": "bn", "residual": job.residual,
    }


def check_refinement(job: TrainRefinementStage) -> None:
    """Raise an ``EngineError`` with a sentence on the first parameter of the second stage that cannot be used.

    Call it where building a network costs nothing (``torch.device("meta")``).
    """
    problems = [
        (not job.first_model, "no first model: choose the package of a model that is to be refined"),
        (not 0 <= job.corruption <= 1, f"a share of {job.corruption:g} spoiled maps: choose one from 0 to 1"),
        (job.folds < 0 or job.folds == 1, f"{job.folds} folds: choose 0 for none, or 2 or more"),
        (job.fold_epochs < 0, f"{job.fold_epochs} epochs for each fold: choose 0 or more"),
        (job.folds > 0 and job.processes > 1, "folds and several processes at once: choose one of them"),
    ]
    for wrong, text in problems:
        if wrong:
            raise EngineError(f"Training a second stage cannot use {text}.")
    try:
        CUnet(**refinement_arguments(job, 3))
    except ValueError as error:
        raise EngineError(f"Training cannot begin: {error}.") from error


def _first(job: TrainRefinementStage, data: TrainingData, reporter: Reporter) -> LoadedModel:
    first = load_package(job.first_model)
    if first.info.model_type == TWO_STAGE:
        raise EngineError(
            f"The model {job.first_model} has two stages already: choose the model of one stage that it was made from, or train "
            "it further with Train Road Extractor."
        )
    check_fits(first.info, job.first_model, data, reporter)
    return first


def _joined(first: LoadedModel, refinement: dict[str, Any]) -> TwoStageNetwork:
    description = {"model_type": first.info.model_type, "arguments": first.info.arguments}
    try:
        network = build(TWO_STAGE, bands=refinement["bands"], first=description, refinement=refinement)
    except ValueError as error:
        raise EngineError(f"Training cannot begin: {error}.") from error
    assert isinstance(network, TwoStageNetwork)
    network.first.load_state_dict(first.network.state_dict())
    return network
