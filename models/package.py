"""The model package: ``NAME.emd`` (JSON: Esri's keys, ours under ``Roadsmith``), ``NAME.safetensors``, both in ``NAME.dlpk``.

Loading runs no code out of a package: weights are safetensors, the zip is read in memory under limits, the JSON is checked.
"""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save

from .network import RoadNetwork
from .package_files import ModelPackageError, read_files
from .package_info import PackageInfo, definition, parse_definition
from .registry import build

__all__ = ["LoadedModel", "ModelPackageError", "PackageInfo", "load_package", "write_package"]


@dataclass(frozen=True)
class LoadedModel:
    """A network in evaluation mode on its device, and what its package says about it."""

    network: RoadNetwork
    info: PackageInfo


def write_package(folder: Path, name: str, network: RoadNetwork, info: PackageInfo, half: bool = False) -> Path:
    """Write ``name``.emd, .safetensors and .dlpk into an existing folder; return the path of the .dlpk.

    The caller writes into a temporary folder and renames it, so that no half package is ever seen.

    Args:
        half: store the weights as float16, half the size; they are float32 again when loaded.

    Raises:
        ValueError: a weight is too large for float16.
    """
    tensors = {key: value.detach().cpu().contiguous() for key, value in network.state_dict().items()}
    if half:
        tensors = {key: value.half() if value.is_floating_point() else value for key, value in tensors.items()}
        if not all(bool(torch.isfinite(value).all()) for value in tensors.values()):
            raise ValueError("a weight is too large for float16: store the package in float32")
    files = {
        f"{name}.emd": json.dumps(definition(name, info), indent=2, allow_nan=False).encode("utf-8"),
        f"{name}.safetensors": save(tensors, metadata={"format": "pt"}),
    }
    archive_path = folder / f"{name}.dlpk"
    with zipfile.ZipFile(archive_path, "w", zipfile.ZIP_STORED) as archive:  # weights are noise to a compressor
        for file_name, content in files.items():
            (folder / file_name).write_bytes(content)
            archive.write(folder / file_name, file_name)
    return archive_path


def load_package(path: str | Path, device: torch.device | str = "cpu") -> LoadedModel:
    """Load a model from its ``.dlpk``, its ``.emd`` or its folder.

    Raises:
        ModelPackageError: see its sentence; nothing of the package was executed.
    """
    files = read_files(Path(path))
    info = parse_definition(files.definition, files.source)
    try:
        tensors = load(files.weights)
    except (SafetensorError, ValueError, KeyError, RuntimeError, MemoryError) as error:
        raise ModelPackageError(
            f"The weights in {files.source} are damaged ({error}): copy the package again, or train the model again."
        ) from error
    network = _network(info, tensors, files.source)
    return LoadedModel(network.to(device).eval(), info)


def _network(info: PackageInfo, tensors: dict[str, torch.Tensor], source: str) -> RoadNetwork:
    """Build the network without memory of its own (``meta``), then let it take the tensors over."""
    try:
        with torch.device("meta"):
            network = build(info.model_type, **info.arguments)
    except (ValueError, TypeError, RuntimeError, OverflowError) as error:
        raise ModelPackageError(
            f"The network that {source} describes cannot be built ({error}): update Roadsmith, or train the model again."
        ) from error
    expected = network.state_dict()
    wrong = [key for key, each in expected.items() if key not in tensors or tensors[key].shape != each.shape]
    foreign = tensors.keys() - expected.keys()
    if wrong or foreign:
        key = wrong[0] if wrong else sorted(foreign)[0]
        raise ModelPackageError(
            f"The weights in {source} do not fit the network '{info.model_type}' it describes "
            f"({len(wrong) + len(foreign)} of {len(expected)} tensors, first {key}): train the model again."
        )
    if not all(bool(torch.isfinite(each).all()) for each in tensors.values()):
        raise ModelPackageError(f"The weights in {source} hold values that are no numbers: train the model again.")
    network.load_state_dict({key: tensors[key].to(each.dtype) for key, each in expected.items()}, assign=True)
    return network
