"""The network a training begins with: built anew, with weights of others or without, or taken from a package."""

from __future__ import annotations

from pathlib import Path

import torch

from ...models.network import RoadNetwork
from ...models.package import load_package
from ...models.package_info import PackageInfo
from ...models.pretrained import PretrainedWeightsError, load_imagenet_weights
from ...models.pretrained_download import imagenet_file
from ...models.registry import build, network_arguments
from ...models.resnet import ResNetEncoder
from ..errors import EngineError
from ..jobs import TrainRoadExtractor
from ..reporter import Reporter
from .data import TrainingData
from .orientation import orientation_class_count

_DOWNLOAD = "imagenet"
#: What an encoder learned before may be worth keeping; what chance gave it is not.
_NO_CLASS = 1


def make_network(job: TrainRoadExtractor, data: TrainingData, reporter: Reporter) -> RoadNetwork:
    """Return the network on the CPU, ready to learn.

    Raises:
        EngineError: it cannot be built, or the weights to begin with cannot be used.
        ModelPackageError: ``pretrained_model`` is no model package.
    """
    if job.pretrained_model:
        network = _from_package(job, data, reporter)
    else:
        network = build_network(job, len(data.bands))
        if job.backbone_weights:
            _load_encoder(network, job, data, reporter)
    if job.freeze:
        _freeze(network, job, reporter)
    return network


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


def _from_package(job: TrainRoadExtractor, data: TrainingData, reporter: Reporter) -> RoadNetwork:
    model = load_package(job.pretrained_model)
    _check_fits(model.info, job.pretrained_model, data, reporter)
    classes = model.network.arguments.get("orientation_classes")
    if classes is not None:
        job.orient_bin_size = 360.0 / (classes - _NO_CLASS)
    reporter.log(f"Going on from {job.pretrained_model}: its network ({model.info.model_type}) and weights are taken.")
    job.model_type, job.backbone = model.info.model_type, str(model.network.arguments.get("backbone", ""))
    return model.network


def _check_fits(info: PackageInfo, path: str, data: TrainingData, reporter: Reporter) -> None:
    if len(info.bands) != len(data.bands):
        raise EngineError(
            f"The model {path} takes {len(info.bands)} band(s), the training data have {len(data.bands)}: export chips with the "
            "model's bands, or begin without it."
        )
    if (info.stretch is None) != (data.stretch is None):
        reporter.warning(f"The model {path} learned from {'stretched' if info.stretch else 'unstretched'} imagery, these chips "
                         f"are {'stretched' if data.stretch else 'not'}: it has to learn the difference first.")
    ratio = data.cell_metres[0] / info.cell_metres[0]
    if not 0.8 < ratio < 1.25:
        reporter.warning(
            f"The model {path} learned at {info.cell_metres[0]:.3g} m per pixel, these chips have {data.cell_metres[0]:.3g} m: "
            "it has to learn another size of roads first."
        )


def _load_encoder(network: RoadNetwork, job: TrainRoadExtractor, data: TrainingData, reporter: Reporter) -> None:
    encoder = getattr(network, "encoder", None)
    if not isinstance(encoder, ResNetEncoder):
        raise EngineError(f"The network '{job.model_type}' has no encoder that ImageNet weights fit: leave them out.")
    # bands 1 to 3 are red, green and blue wherever nothing else is known
    rgb = [data.bands.index(band) for band in (1, 2, 3)] if {1, 2, 3} <= set(data.bands) else []
    try:
        path = Path(job.backbone_weights)
        if job.backbone_weights == _DOWNLOAD:
            def progress(done: int, total: int) -> None:
                reporter.progress(done, total or 2 * done + 1, amount=done / 1e6, unit="MB")

            path = imagenet_file(job.backbone, Path(job.weights_cache or Path.home() / ".cache" / "roadsmith"), progress)
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
