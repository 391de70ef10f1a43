"""A model package's network as ONNX, for programs that know nothing of PyTorch.

In: ``images`` float32 (N, bands, H, W), in the units of the training chips; normalising is part of the graph.
Out: ``road_probability`` float32 (N, H, W). N, H and W are free; H and W are multiples of ``size_multiple`` in the metadata.
"""

from __future__ import annotations

import copy
import inspect
import json
import math
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from ...models.layers import pad_to_multiple
from ...models.network import RoadNetwork
from ...models.normalisation import normalise
from ...models.package import LoadedModel, load_package
from ..errors import Cancelled, EngineError
from ..reporter import Reporter

INPUT, OUTPUT = "images", "road_probability"
#: What PyTorch 2.2 can write already and every ONNX Runtime since 1.12 can read.
_OPSET = 17
#: Probabilities further apart than this are more than rounding.
_TOLERANCE = 1e-3
_SMALLEST_EXAMPLE = 64


def write_onnx(folder: Path, name: str, images: torch.Tensor, reporter: Reporter) -> None:
    """Write ``name``.onnx beside the package ``name`` in ``folder``, and hold it against the network.

    A network that cannot be written as ONNX, or comes out different, gets a warning: the package is complete without it.

    Args:
        images: float32 (N, bands, H, W) in the chips' units, to compare the two on; mirrored up to a size that works.

    Raises:
        OSError: the disk is full.
    """
    path = folder / f"{name}.onnx"
    try:
        model = load_package(folder / f"{name}.emd")
        graph = SourceToProbability(model.network, model.info.band_means, model.info.band_stds)
        export_graph(graph, path)
        _describe(path, metadata(model))
        difference = largest_difference(path, graph, pad_to_multiple(images.float(), model.network.size_multiple))
    except (OSError, MemoryError, Cancelled, EngineError):
        raise
    except Exception as error:  # PyTorch's exporter, onnx and its runtime have an exception each for every occasion
        path.unlink(missing_ok=True)
        reason = str(error).strip().splitlines() or [type(error).__name__]
        reporter.warning(f"The network could not be written as ONNX ({reason[0][:300]}); the package is complete without it.")
        return
    if not difference <= _TOLERANCE:
        reporter.warning(
            f"The ONNX file gives probabilities that differ by up to {difference:.2g} from the model's own on a validation chip: "
            "check its results before you rely on it."
        )
    reporter.log(f"ONNX file written; its probabilities differ by at most {difference:.1e} from the model's own.")


class SourceToProbability(nn.Module):
    """A network with its normalisation before it and the sigmoid after it, on the CPU.

    Args:
        means, stds: of the bands, source units.
    """

    def __init__(self, network: RoadNetwork, means: Sequence[float], stds: Sequence[float]) -> None:
        super().__init__()
        self.network: RoadNetwork = copy.deepcopy(network).cpu().float()
        self.means, self.stds = list(means), list(stds)
        self.eval()  # all of it: the exporter puts back the whole's mode, which is that of its parts no more then

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Return the probability of road (N, H, W) of images (N, bands, H, W) in source units."""
        return self.network.road_probability(normalise(images, self.means, self.stds))


def export_graph(graph: SourceToProbability, path: Path) -> None:
    """Write the network as ONNX, with free numbers of images, rows and columns.

    Through PyTorch's tracing exporter, which all versions from 2.2 on have and which needs no further package; the one that
    took its place in 2.9 is not asked for, as far as there is a choice.
    """
    multiple = graph.network.size_multiple
    side = multiple * math.ceil(_SMALLEST_EXAMPLE / multiple)
    example = torch.linspace(0, 255, 2 * len(graph.means) * side * side).reshape(2, len(graph.means), side, side)
    choice: dict[str, Any] = {"dynamo": False} if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}
    axes = {0: "batch", 1: "height", 2: "width"}
    with warnings.catch_warnings(), torch.no_grad(), _ScatteredUnpooling():
        warnings.simplefilter("ignore")  # on what tracing holds fixed: nothing but the size's being a multiple
        torch.onnx.export(
            graph, (example,), str(path), input_names=[INPUT], output_names=[OUTPUT], opset_version=_OPSET,
            dynamic_axes={INPUT: {0: "batch", 2: "height", 3: "width"}, OUTPUT: axes}, **choice,
        )


def metadata(model: LoadedModel) -> dict[str, str]:
    """Return what the file says of itself: ONNX knows texts alone."""
    info, multiple = model.info, model.network.size_multiple
    facts = {
        "description": f"Roads from imagery, trained with Roadsmith. {INPUT}: float32 (N, {len(info.bands)}, H, W), the source's "
                       f"{'stretched' if info.stretch else 'own'} values; {OUTPUT}: float32 (N, H, W), 0 to 1. H and W must be "
                       f"multiples of {multiple}.",
        "size_multiple": str(multiple),
        "bands": ",".join(map(str, info.bands)),
        "cell_size_metres": ",".join(f"{each:.9g}" for each in info.cell_metres),
        "chip_size": str(info.chip_size),
        "threshold": f"{info.threshold:g}",
        "attribution": info.attribution,
        "model_type": info.model_type,
        "roadsmith_version": str(info.versions.get("roadsmith", "")),
    }
    return {**facts, "stretch": json.dumps(info.stretch)} if info.stretch else facts


def _describe(path: Path, facts: Mapping[str, str]) -> None:
    import onnx

    content = onnx.load(str(path))
    onnx.helper.set_model_props(content, dict(facts))
    onnx.checker.check_model(content)
    onnx.save(content, str(path))


def largest_difference(path: Path, graph: SourceToProbability, images: torch.Tensor) -> float:
    """Return by how much the file's probabilities differ from the network's on images (N, bands, H, W), at most."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # errors; the worker's output is no place for its remarks
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    found = session.run([OUTPUT], {INPUT: images.numpy()})[0]
    with torch.inference_mode():
        wanted = graph(images).numpy()
    if found.shape != wanted.shape:
        return math.inf
    return float(np.abs(found - wanted).max())


class _ScatteredUnpooling(TorchFunctionMode):
    """Writes max unpooling, which the exporter does not know, as putting values back by their places."""

    def __torch_function__(
        self, func: Any, types: Any, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        if func is not functional.max_unpool2d:
            return func(*args, **(kwargs or {}))
        values, places, (height, width) = args[0], args[1], (kwargs or {})["output_size"]
        batch, channels = values.shape[:2]
        empty = values.new_zeros((batch, channels, height * width))
        return empty.scatter(2, places.flatten(2), values.flatten(2)).reshape(batch, channels, height, width)
