"""Test-time augmentation: mirror images and quarter turns of a tile are classified too, and their answers merged."""

from __future__ import annotations

from collections.abc import Callable

import torch

#: How many views of a tile there can be, and what becomes of their probabilities.
COUNTS = (1, 2, 4, 8)
POLICIES = ("mean", "max", "min")

#: Transposed, flipped up-down, flipped left-right; the first is the tile itself, the first four keep its sides.
_VIEWS = tuple((transposed, down, across) for transposed in (False, True) for down, across in (
    (False, False), (False, True), (True, False), (True, True)
))


def merged(
    predict: Callable[[torch.Tensor], torch.Tensor], images: torch.Tensor, count: int, policy: str,
) -> torch.Tensor:
    """Return the merged answers to the first ``count`` views of the images, turned back.

    Args:
        predict: (N, bands, H, W) to (N, H, W), for any H and W.
        count: one of ``COUNTS``: itself; left-right mirrored; up-down mirrored and half a turn; and all four transposed.
        policy: one of ``POLICIES``.
    """
    result = None
    for view in _VIEWS[:count]:
        answer = _back(predict(_seen(images, view)), view)
        if result is None:
            result = answer
        elif policy == "mean":
            result = result + answer
        else:
            result = torch.maximum(result, answer) if policy == "max" else torch.minimum(result, answer)
    assert result is not None
    return result / count if policy == "mean" and count > 1 else result


def _flipped(images: torch.Tensor, down: bool, across: bool) -> torch.Tensor:
    axes = [axis for axis, wanted in ((-2, down), (-1, across)) if wanted]
    return images.flip(axes) if axes else images


def _seen(images: torch.Tensor, view: tuple[bool, bool, bool]) -> torch.Tensor:
    flipped = _flipped(images, *view[1:])
    return flipped.transpose(-2, -1) if view[0] else flipped


def _back(answers: torch.Tensor, view: tuple[bool, bool, bool]) -> torch.Tensor:
    return _flipped(answers.transpose(-2, -1) if view[0] else answers, *view[1:])
