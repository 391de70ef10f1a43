"""Cutting many lines at many places at once."""

from __future__ import annotations

import numpy as np
import shapely

_Arrays = tuple[np.ndarray, np.ndarray]


def vertices(lines: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the vertices of LineStrings: float64 (v, 2) coordinates, int64 (v,) line, float64 (v,) distance along it."""
    xy, line = shapely.get_coordinates(lines, return_index=True)
    if not len(xy):
        return xy, line, np.zeros(0)
    step = np.concatenate([[0.0], np.hypot(*np.diff(xy, axis=0).T)])
    total = np.cumsum(np.where(np.concatenate([[True], line[1:] != line[:-1]]), 0.0, step))
    first = np.flatnonzero(is_first(line))
    return xy, line, total - np.repeat(total[first], np.diff(np.append(first, len(line))))


def is_first(line: np.ndarray) -> np.ndarray:
    """Whether each vertex is its line's first, bool (v,)."""
    return np.concatenate([[True], line[1:] != line[:-1]]) if len(line) else np.zeros(0, bool)


def is_end(line: np.ndarray) -> np.ndarray:
    """Whether each vertex is its line's first or last, bool (v,)."""
    first = is_first(line)
    return first | np.concatenate([first[1:], [True]]) if len(line) else first


def insert_vertices(lines: np.ndarray, at_line: np.ndarray, along: np.ndarray, points: np.ndarray) -> _Arrays:
    """Return the lines with vertices (k, 2) added at distances (k,) along lines (k,), and which vertices are new, bool (v + k,).

    A distance before the beginning or past the end counts as just inside it.
    """
    xy, line, distance = vertices(lines)
    # between a line's first vertex and its last, whatever rounding says
    rank = np.where(is_first(line), 0, np.where(is_end(line), 2, 1))
    length = shapely.length(lines)
    distance = np.where(rank == 2, length[line], distance)
    all_lines, all_ranks = np.concatenate([line, at_line]), np.concatenate([rank, np.ones(len(along), np.int64)])
    all_along = np.concatenate([distance, np.clip(along, 0, length[at_line])])
    order = np.lexsort((all_ranks, all_along, all_lines))
    is_new = np.arange(len(order)) >= len(xy)
    return shapely.linestrings(np.concatenate([xy, points])[order], indices=all_lines[order]), is_new[order]


def cut_at_vertices(lines: np.ndarray, here: np.ndarray) -> _Arrays:
    """Cut lines at the vertices that a bool array (v,) names; return the pieces in order and the line each is of, int64 (p,).

    Pieces without a length are left out.
    """
    xy, line = shapely.get_coordinates(lines, return_index=True)
    cut = here & ~is_end(line)
    twice = np.repeat(np.arange(len(line)), 1 + cut)
    # a vertex that is cut at ends one piece, and its second copy begins the next
    copy = np.concatenate([[False], twice[1:] == twice[:-1]]) if len(twice) else np.zeros(0, bool)
    piece = np.cumsum(is_first(line)[twice] & ~copy | copy) - 1
    parent = line[twice][is_first(piece)]
    pieces = shapely.linestrings(xy[twice], indices=piece) if len(xy) else np.zeros(0, object)
    kept = shapely.length(pieces) > 0
    return pieces[kept], parent[kept]


def points_on(lines: np.ndarray, along: np.ndarray) -> np.ndarray:
    """Return the coordinates, float64 (n, 2), at distances (n,) along lines (n,)."""
    return shapely.get_coordinates(shapely.line_interpolate_point(lines, along))
