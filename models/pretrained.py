"""ImageNet weights for the encoders, from a file with the parameter names of its publisher, fitted to any number of bands."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from .efficientnet_lite import EfficientNetLiteEncoder
from .resnet import ResNetEncoder

#: Encoders that ImageNet weights exist for.
ENCODERS = (ResNetEncoder, EfficientNetLiteEncoder)

#: How the first convolution meets images that are more, or other, than red, green and blue: the choices and the wording of
#: ArcGIS's "Weight Initialization Scheme" (Train Deep Learning Model, multispectral imagery).
#: ``random``: RGB bands take their pretrained weights, all others keep random ones.
#: ``red_band``: RGB bands take their pretrained weights, all others those of red.
#: ``all_random``: the whole first convolution stays random; only the layers behind it are pretrained.
BAND_SCHEMES = ("random", "red_band", "all_random")
_COUNTER = "num_batches_tracked"


class PretrainedWeightsError(ValueError):
    """There are no weights that can be used; the message says which, why and what to do."""


def load_imagenet_weights(
    encoder: ResNetEncoder | EfficientNetLiteEncoder, path: Path, scheme: str = "random", rgb: Sequence[int] | None = None
) -> None:
    """Give ``encoder`` the weights in ``path``, ``.pth`` or ``.safetensors``; no code of the file is run.

    What the scheme leaves random keeps the values that the encoder has now, so that a seed decides them.

    Args:
        encoder: of the default width.
        scheme: one of ``BAND_SCHEMES``.
        rgb: positions of red, green and blue among the image's bands, from 0; empty if it has none of them. None: the first
            three, or none if there are fewer.

    Raises:
        PretrainedWeightsError: the file cannot be read, or is of another network. The encoder is as it was.
        ValueError: there is no such scheme, or no such band.
    """
    tensors = encoder.own_names(_read(path))
    expected, first = encoder.state_dict(), encoder.first_convolution
    _check_names(tensors, encoder, path)
    fitted = {key: tensors.get(key, each) for key, each in expected.items()}
    fitted[first] = fit_first_convolution(tensors[first], expected[first], scheme, rgb)
    encoder.load_state_dict(fitted)


def fit_first_convolution(
    pretrained: torch.Tensor, current: torch.Tensor, scheme: str = "random", rgb: Sequence[int] | None = None
) -> torch.Tensor:
    """Return the weights of a first convolution for other bands than the three of ImageNet.

    Args:
        pretrained: (width, 3, k, k), for red, green, blue.
        current: (width, bands, k, k), the random weights to be replaced.
        scheme, rgb: as in ``load_imagenet_weights``.

    Returns:
        A new tensor of ``current``'s shape.

    Raises:
        ValueError: there is no such scheme, or no such band.
    """
    if scheme not in BAND_SCHEMES:
        raise ValueError(f"there is no weight initialisation '{scheme}': choose one of {', '.join(BAND_SCHEMES)}")
    bands = current.shape[1]
    if rgb is None:
        rgb = (0, 1, 2) if bands >= 3 else ()
    if len(rgb) not in (0, 3) or len(set(rgb)) != len(rgb) or not all(0 <= band < bands for band in rgb):
        raise ValueError(f"red, green and blue cannot be the bands {tuple(rgb)} of {bands}: name three different ones, from 0")
    fitted = current.clone()
    if scheme == "all_random":
        return fitted
    if scheme == "red_band":
        fitted[:] = pretrained[:, :1]
    for colour, band in enumerate(rgb):
        fitted[:, band] = pretrained[:, colour]
    return fitted


def _read(path: Path) -> dict[str, torch.Tensor]:
    """Return the tensors of a file by name."""
    if not path.is_file():
        raise PretrainedWeightsError(f"The pretrained weights {path} do not exist: choose a .pth or .safetensors file.")
    try:
        if path.suffix.lower() == ".safetensors":
            return load_file(path)
        tensors = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise PretrainedWeightsError(
            f"The pretrained weights {path} hold more than numbers, which may be harmful code, or are damaged: take the file "
            "from PyTorch's own site, or one in safetensors format."
        ) from error
    except (OSError, EOFError, RuntimeError, ValueError, KeyError, MemoryError, SafetensorError) as error:
        reason = str(error).strip().split("\n")[0].rstrip(".")
        raise PretrainedWeightsError(
            f"The pretrained weights {path} cannot be read ({reason or type(error).__name__}): copy or download the file again."
        ) from error
    if not isinstance(tensors, dict) or not all(isinstance(each, torch.Tensor) for each in tensors.values()):
        raise PretrainedWeightsError(
            f"The file {path} is no plain list of weights: choose one as its publisher made it, such as PyTorch's own."
        )
    return tensors


def _check_names(
    tensors: dict[str, torch.Tensor], encoder: ResNetEncoder | EfficientNetLiteEncoder, path: Path
) -> None:
    """Compare names, shapes and values; the first convolution is expected for three bands, counters may be missing."""
    shapes = {key: tuple(each.shape) for key, each in encoder.state_dict().items()}
    width, _, *kernel = shapes[encoder.first_convolution]
    shapes[encoder.first_convolution] = (width, 3, *kernel)
    advice = f"choose the weights of {encoder.name}, {encoder.weights_advice}"
    for key, shape in shapes.items():
        if key not in tensors and not key.endswith(_COUNTER):
            raise PretrainedWeightsError(f"The pretrained weights {path} lack '{key}': {advice}.")
        if key in tensors and tuple(tensors[key].shape) != shape:
            found = tuple(tensors[key].shape)
            raise PretrainedWeightsError(f"'{key}' in the pretrained weights {path} has shape {found}, not {shape}: {advice}.")
    foreign = sorted(map(str, tensors.keys() - shapes.keys() - encoder.classifier))
    if foreign:
        raise PretrainedWeightsError(
            f"The pretrained weights {path} hold '{foreign[0]}', which {encoder.name} has not: {advice}."
        )
    if not all(bool(torch.isfinite(tensors[key]).all()) for key in shapes.keys() & tensors.keys()):
        raise PretrainedWeightsError(f"The pretrained weights {path} hold values that are no numbers: download the file again.")
