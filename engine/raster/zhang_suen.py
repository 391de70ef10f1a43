"""Thinning to lines one pixel wide that keeps junctions in their place, and the length of roads whatever their direction."""

from __future__ import annotations

import numpy as np

#: Bits of a neighbourhood: bit k is the neighbour k eighths of a turn from the right, against the clock.
_BITS = tuple(1 << k for k in range(8))
#: Neighbours that a pixel must have to go, at least and at most.
_FEWEST, _MOST = 3, 6


def thin(mask: np.ndarray) -> np.ndarray:
    """Thin a mask with the parallel thinning of Zhang and Suen (1984), with two amendments.

    A pixel with two neighbours stays (Lü and Wang 1986): else roads along the diagonals of the pixels are eaten from their ends.
    Of the four pixels of a square that is all that is left of something, one stays: its upper left and its lower right pixel go
    in one of both steps only. So whatever hangs together before hangs together afterwards, and nothing vanishes.

    In the first step a pixel is looked at once, after that only where something beside it went.

    Args:
        mask: bool (height, width); what lies outside counts as empty.

    Returns:
        bool (height, width), a new array.
    """
    framed, offsets = _framed(mask)
    road = framed.ravel()
    around = _neighbourhoods(road, offsets)
    stamp = np.empty(len(road), np.int32 if len(road) < 2**27 else np.int64)  # written before it is read

    loose = np.flatnonzero(around)
    step = 1
    while len(loose):
        goes = _GOES.take(around.take(loose))
        gone, loose = loose[(goes & step) > 0], loose[goes == 3 - step]
        step = 3 - step
        road[gone] = False
        around[gone] = 0
        found = [loose]
        for offset, bit in zip(offsets, _BITS[4:] + _BITS[:4]):
            beside = gone + offset
            left = around.take(beside) & np.uint8(255 - bit)
            around[beside] = left
            found.append(beside[_GOES.take(left) > 0])
        # each once: of several, the one that was written last
        loose = np.concatenate(found)
        order = np.arange(len(loose), dtype=stamp.dtype)
        stamp[loose] = order
        loose = loose[stamp.take(loose) == order]
    return framed[1:-1, 1:-1].copy()


def without_steps(line: np.ndarray) -> np.ndarray:
    """Make diagonals of the staircases that thinning left.

    What hangs together stays so. Which steps go is not the same for a line that is turned or mirrored.

    Args:
        line: bool (height, width), as ``thin`` returns it.

    Returns:
        bool (height, width), a new array.
    """
    framed, offsets = _framed(line)
    road = framed.ravel()
    pixels = np.flatnonzero(road)
    road[pixels[_IS_STEP.take(_neighbourhoods(road, offsets).take(pixels))]] = False
    return framed[1:-1, 1:-1].copy()


def _framed(mask: np.ndarray) -> tuple[np.ndarray, tuple[int, ...]]:
    """Return a mask in a frame of empty pixels, and how far on in it, row after row, the neighbours of a pixel are."""
    stride = mask.shape[1] + 2
    framed = np.zeros((mask.shape[0] + 2, stride), bool)
    framed[1:-1, 1:-1] = mask
    return framed, (1, 1 - stride, -stride, -1 - stride, -1, stride - 1, stride, stride + 1)


def _neighbourhoods(road: np.ndarray, offsets: tuple[int, ...]) -> np.ndarray:
    """Return which neighbours each pixel of a raster, row after row in a frame of empty pixels, has, uint8 (pixels,).

    Pixels that are no road have none: a neighbourhood in which nothing goes, and that loses nothing more.
    """
    pixels = np.flatnonzero(road)
    beside = np.zeros(len(pixels), np.uint8)
    for offset, bit in zip(offsets, _BITS):
        beside |= road.view(np.uint8).take(pixels + offset) * np.uint8(bit)
    around = np.zeros(len(road), np.uint8)
    around[pixels] = beside
    return around


def _goes() -> np.ndarray:
    """Return of which neighbourhoods the middle goes in the first step (1), the second (2), both (3) or none (0)."""
    ring = np.array([np.arange(256) & bit > 0 for bit in _BITS])
    right, _, up, _, left, _, down, _ = ring
    begins = (~ring & np.roll(ring, -1, axis=0)).sum(axis=0)
    count = ring.sum(axis=0)
    may = (begins == 1) & (count >= _FEWEST) & (count <= _MOST)
    first = may & ~(up & right & down) & ~(right & down & left)
    second = may & ~(up & right & left) & ~(up & down & left)
    goes = (first + 2 * second).astype(np.uint8)
    _, _, above, above_left, beside, _, below, below_right = _BITS
    goes[_BITS[0] | below | below_right] = 2
    goes[beside | above | above_left] = 1
    return goes


def _is_step() -> np.ndarray:
    """Return of which neighbourhoods of a line the middle is a step of a staircase, bool.

    The line comes from one side, goes on above, and takes its next diagonal way on either end at once. Without the step it is a
    diagonal there. No two steps are neighbours, so that all can go at once.
    """
    right, up_right, up, up_left, left, down_left, down, down_right = (np.arange(256) & bit > 0 for bit in _BITS)
    from_the_right = right & ~(up_right | left | down_left) & (up_left | down_right)
    from_the_left = left & ~(up_left | right | down_right) & (up_right | down_left)
    return np.asarray(up & ~down & (from_the_right | from_the_left))


_GOES, _IS_STEP = _goes(), _is_step()
