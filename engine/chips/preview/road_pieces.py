"""Straight pieces of labelled roads, and how much of a ribbon the imagery shows beside and under them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.ndimage import distance_transform_edt, map_coordinates

from ...raster.skeleton import skeletonise, trace

_LENGTH, _SHORTEST, _BEND = 32, 10.0, 2.0  # of a piece, its least length, and how far it may leave its chord, pixels
#: Wider roads are compared in the middle only; pixels.
_WIDEST = 40.0


@dataclass(frozen=True)
class Piece:
    """A straight piece of labelled road; ``centre`` and ``normal`` are (row, column), lengths and widths pixels."""

    centre: np.ndarray
    normal: np.ndarray
    length: float
    width: float


def road_pieces(road: np.ndarray) -> list[Piece]:
    """Cut the centre lines of a bool mask (height, width) to straight pieces."""
    half_widths = distance_transform_edt(road)
    pieces = []
    for path in trace(skeletonise(road)).paths:
        for part in np.array_split(path, max(1, round(len(path) / _LENGTH))):
            chord = (part[-1] - part[0]).astype(float)
            length = float(np.hypot(*chord))
            if length < _SHORTEST:
                continue
            normal = np.array([-chord[1], chord[0]]) / length
            centre = part.mean(axis=0)
            if np.abs((part - centre) @ normal).max() <= _BEND:
                width = 2 * float(np.median(half_widths[part[:, 0], part[:, 1]])) - 0.5
                pieces.append(_centred(Piece(centre, normal, length, width), road))
    return pieces


def _centred(piece: Piece, road: np.ndarray) -> Piece:
    """Return the piece in the middle of its label: centre lines of roads an even number of pixels wide are half a pixel off."""
    half = piece.width / 2 + 1.5
    across = np.arange(-np.floor(half), np.floor(half) + 1)
    share = map_coordinates(road.astype(np.float32), _places(piece, across), order=1, mode="nearest").mean(axis=0)
    beside = float(share @ across / share.sum()) if share.any() else 0.0
    return replace(piece, centre=piece.centre + piece.normal * beside)


def _places(piece: Piece, across: np.ndarray) -> np.ndarray:
    """Return rows and columns of a grid along the piece and ``across`` it (pixels from its centre line): (2, length, across)."""
    along = np.arange(-piece.length / 2, piece.length / 2 + 0.1)
    tangent = np.array([piece.normal[1], -piece.normal[0]])
    return np.asarray(
        piece.centre[:, None, None] + tangent[:, None, None] * along[None, :, None]
        + piece.normal[:, None, None] * across[None, None, :]
    )


def ribbon_response(pixels: np.ndarray, known: np.ndarray, piece: Piece, reach: int) -> np.ndarray | None:
    """Return how much of a ribbon lies at each offset −reach..reach across the piece, float (2 × reach + 1,).

    None where too little of the profile is imagery.

    Args:
        pixels: float32 (bands, height, width), of mean 0 and spread 1. known: bool (height, width), False where ignored.
        reach: pixels.
    """
    core = max(3, round(min(piece.width, _WIDEST)))
    side = core  # half of it recovered 24 of 84 shifts of eight Massachusetts chips, the whole 59
    half = reach + core // 2 + side + 1
    places = _places(piece, np.arange(-half, half + 1))
    weights = map_coordinates(known.astype(np.uint8), places, order=0, cval=0)
    counts = weights.sum(axis=0, dtype=np.int64)
    if (counts < 0.5 * places.shape[1]).any():
        return None
    profile = np.stack([
        (map_coordinates(band, places, order=1, mode="nearest") * weights).sum(axis=0) / counts for band in pixels
    ])
    sums = np.concatenate([np.zeros((len(profile), 1)), np.cumsum(profile, axis=1)], axis=1)
    start = np.arange(-reach, reach + 1) + half - core // 2
    end = start + 2 * (core // 2) + 1
    middle = (sums[:, end] - sums[:, start]) / (2 * (core // 2) + 1)
    left = middle - (sums[:, start] - sums[:, start - side]) / side
    right = middle - (sums[:, end + side] - sums[:, end]) / side
    # the edge of a field differs from one side only, and is no road
    ribbon = np.where(left * right > 0, np.minimum(np.abs(left), np.abs(right)), 0)
    return np.asarray((ribbon / (profile.std(axis=1)[:, None] + 0.05)).mean(axis=0))
