"""What is measured at skeleton pixels: how far the road reaches, and whether sure road is at hand."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

#: Sure road this far from a skeleton pixel, in rows and columns, makes it a seed.
SEED_REACH = 2
#: Pixels up to this far are looked at one after the other; from there a search tree is faster.
NEAR = 10


def distance_beside(road: np.ndarray, rows: np.ndarray, columns: np.ndarray, cell: tuple[float, float]) -> np.ndarray:
    """Return metres from road pixels to the centre of the nearest pixel that is no road, float32 (pixels,).

    The distance transform of the whole tile would take longer than all the rest together.

    Args:
        road: bool (height, width). rows, columns: int64 (pixels,), at least ``NEAR`` from the array's border.
    """
    found = np.zeros(len(rows), np.float32)
    down, right, away = _offsets(cell)
    flat, left = road.ravel(), np.arange(len(rows))
    here = rows * road.shape[1] + columns
    for row, column, distance in zip(down, right, away):
        empty = ~flat[here + (row * road.shape[1] + column)]
        if empty.any():
            found[left[empty]] = distance
            left, here = left[~empty], here[~empty]
            if not len(left):
                return found
    found[left] = _distance_far(road, rows[left], columns[left], cell)
    return found


def _offsets(cell: tuple[float, float]) -> tuple[list[int], list[int], list[float]]:
    """Return the ways to the pixels around one, nearest first: rows, columns and metres."""
    offset = np.arange(-NEAR, NEAR + 1)
    down, right = (each.ravel() for each in np.meshgrid(offset, offset, indexing="ij"))
    away = np.hypot(down * cell[1], right * cell[0])
    order = np.argsort(away, kind="stable")
    order = order[(away[order] > 0) & (away[order] <= NEAR * min(cell))]  # all that are so near, whatever the direction
    return down[order].tolist(), right[order].tolist(), away[order].tolist()


def _distance_far(road: np.ndarray, rows: np.ndarray, columns: np.ndarray, cell: tuple[float, float]) -> np.ndarray:
    """Return the same for a few pixels far inside: the nearest empty pixel always has a road pixel beside it."""
    beside = np.zeros_like(road)
    beside[1:] |= road[:-1]
    beside[:-1] |= road[1:]
    beside[:, 1:] |= road[:, :-1]
    beside[:, :-1] |= road[:, 1:]
    edge_rows, edge_columns = np.nonzero(beside & ~road)
    if not len(edge_rows):
        return np.full(len(rows), max(road.shape) * max(cell), np.float32)
    tree = cKDTree(np.column_stack([edge_rows * cell[1], edge_columns * cell[0]]))
    nearest = tree.query(np.column_stack([rows * cell[1], columns * cell[0]]))[1]
    # from whole pixels: the tree's own distances depend in their last digits on where the tile begins
    away = np.hypot((edge_rows[nearest] - rows) * cell[1], (edge_columns[nearest] - columns) * cell[0])
    return np.asarray(away, np.float32)


def near_road(sure: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Return whether pixels have one of the bool mask ``sure`` within ``SEED_REACH`` rows and columns, bool (pixels,).

    The pixels must lie that far from the array's border.
    """
    flat, here = sure.ravel(), rows * sure.shape[1] + columns
    near = np.zeros(len(rows), bool)
    for row in range(-SEED_REACH, SEED_REACH + 1):
        for column in range(-SEED_REACH, SEED_REACH + 1):
            near |= flat[here + row * sure.shape[1] + column]
    return near
