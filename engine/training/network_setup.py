"""The network a training begins with: built anew, with weights of others or without, or taken from a package."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch

from ...models.network import RoadNetwork
from ...models.package import load_package
from ...models.pretrained import ENCODERS, PretrainedWeightsError, load_imagenet_weights
from ...models.pretrained_download import imagenet_file
from ...models.registry import build, network_arguments
from ...models.two_stage import TwoStageNetwork
from ..errors import EngineError
from ..jobs import TrainRefinementStage, TrainRoadExtractor
from ..reporter import Reporter
from .data import TrainingData
from .fitting import check_fits
from .orientation import orientation_class_count
from .refinement_setup import make_two_stages

_DOWNLOAD = "imagenet"
#: What an encoder learned before may be worth keeping; what chance gave it is not.
_NO_CLASS = 1


def make_network(
    job: TrainRoadExtractor, data: TrainingData, reporter: Reporter
) -> tuple[RoadNetwork, TrainingData]:
    """Return the network on the CPU, ready to learn, and the data with the statistics that it expects.

    Raises:
        EngineError: it cannot be built, or the weights to begin with cannot be used.
        ModelPackageError: ``pretrained_model`` is no model package.
    """
    if isinstance(job, TrainRefinementStage):
        return make_two_stages(job, data, reporter)
    if job.pretrained_model:
        network, data = _from_package(job, data, reporter)
    else:
        network = build_network(job, len(data.bands))
        if job.backbone_weights:
            load_encoder(network, job, data, reporter)
    if job.freeze:
        _freeze(network, job, reporter)
    return network, data


def build_network(job: TrainRoadExtractor, bands: int) -> RoadNetwork:
    """Return the job's network with random weights.

    Raises:
        EngineError: there is no such network or encoder.
    """
    try:
        known = network_arguments(job.model_type)
        wanted = {
            "bands": bands, "backbone": job.backbone, "orientation_classes": orientation_class_count(job.orient_bin_size),
            # UNet's name for it comes from "base filters", the others' from the residual networks
            **({"base": job.base_width, "width": job.base_width} if job.base_width else {}),
        }
        return build(job.model_type, **{name: value for name, value in wanted.items() if name in known})
    except ValueError as error:
        raise EngineError(f"Training cannot begin: {error}.") from error


def _from_package(
    job: TrainRoadExtractor, data: TrainingData, reporter: Reporter
) -> tuple[RoadNetwork, TrainingData]:
    model = load_package(job.pretrained_model)
    check_fits(model.info, job.pretrained_model, data, reporter)
    classes = model.network.arguments.get("orientation_classes")
    if classes is not None:
        job.orient_bin_size = 360.0 / (classes - _NO_CLASS)
    reporter.log(f"Going on from {job.pretrained_model}: its network ({model.info.model_type}) and weights are taken.")
    job.model_type, job.backbone = model.info.model_type, str(model.network.arguments.get("backbone", ""))
    if isinstance(model.network, TwoStageNetwork):  # its first stage does not learn, and knows no other statistics
        data = replace(data, band_means=model.info.band_means, band_stds=model.info.band_stds)
    return model.network, data


def load_encoder(network: RoadNetwork, job: TrainRoadExtractor, data: TrainingData, reporter: Reporter) -> None:
    """Give the network's encoder the weights that ``backbone_weights`` names.

    Raises:
        EngineError: it has no such encoder, or there are no such weights.
    """
    encoder = getattr(network, "encoder", None)
    if not isinstance(encoder, ENCODERS):
        raise EngineError(f"The network '{job.model_type}' has no encoder that ImageNet weights fit: leave them out.")
    # bands 1 to 3 are red, green and blue wherever nothing else is known
    rgb = [data.bands.index(band) for band in (1, 2, 3)] if {1, 2, 3} <= set(data.bands) else []
    try:
        path = Path(job.backbone_weights)
        if job.backbone_weights == _DOWNLOAD:
            def progress(done: int, total: int) -> None:
                reporter.progress(done, total or 2 * done + 1, amount=done / 1e6, unit="MB")

            path = imagenet_file(encoder.name, Path(job.weights_cache or Path.home() / ".cache" / "roadsmith"), progress)
        load_imagenet_weights(encoder, path, job.weight_init, rgb)
    except PretrainedWeightsError as error:
        raise EngineError(str(error)) from error
    except ValueError as error:
        raise EngineError(f"The weights {job.backbone_weights} cannot be used: {error}.") from error
    reporter.log(f"The encoder begins with the weights of {path.name}.")


def _freeze(network: RoadNetwork, job: TrainRoadExtractor, reporter: Reporter) -> None:
    frozen = list(network.encoder_parameters())
    if not frozen:
        raise EngineError(f"The network '{job.model_type}' has no encoder to freeze: train all of it.")
    if not (job.pretrained_model or job.backbone_weights):
        reporter.warning("The frozen encoder has random weights: it can learn nothing. Give it weights, or do not freeze it.")
    for parameter in frozen:
        parameter.requires_grad_(False)
    reporter.log(f"The encoder stays as it is: {sum(each.numel() for each in frozen) / 1e6:.1f} million parameters.")


def count_parameters(network: torch.nn.Module) -> float:
    """Return the number of parameters, millions."""
    return sum(each.numel() for each in network.parameters()) / 1e6
