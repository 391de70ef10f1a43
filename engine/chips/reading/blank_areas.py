"""Areas without imagery that a picture does not declare: white outside the flight, black borders."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

#: Pure white or black patches larger than this many pixels show nothing. The Massachusetts Roads data set's own converters
#: use this figure; on 110 of its tiles and crops every white patch above it lies outside the flight, none is a roof.
MIN_BLANK = 50


def blank_areas(image: np.ndarray) -> np.ndarray | None:
    """Return where an 8-bit RGB picture shows nothing.

    Args:
        image: (3, height, width) uint8.

    Returns:
        (height, width) bool: True in connected patches (by their sides) of more than 50 pixels of pure white, and in those of
        pure black that reach the picture's edge; None where there is none.
    """
    white = _patches((image == 255).all(axis=0), at_edge=False)
    black = _patches((image == 0).all(axis=0), at_edge=True)
    if white is None or black is None:
        return black if white is None else white
    return white | black


def _patches(pixels: np.ndarray, at_edge: bool) -> np.ndarray | None:
    if np.count_nonzero(pixels) <= MIN_BLANK:  # nearly every picture ends here
        return None
    patches, _ = ndimage.label(pixels)
    blank = np.bincount(patches.ravel()) > MIN_BLANK
    blank[0] = False
    if at_edge:
        edge = np.zeros(len(blank), bool)
        edge[np.concatenate([patches[0], patches[-1], patches[:, 0], patches[:, -1]])] = True
        blank &= edge
    return np.asarray(blank[patches]) if blank.any() else None
