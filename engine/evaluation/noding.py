"""From lines as people draw them to pieces that meet at their ends only where one can turn.

Roads meet
* at a vertex that both have, as OpenStreetMap draws junctions: a crossing without one is a bridge or a tunnel;
* where one's end lies on the other, within ``TOUCH`` metres;
* where they cross without a vertex, if the layer has more such crossings than junctions at shared vertices: then it was drawn
  without junctions, and a crossing is one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from ..reporter import Reporter
from .polylines import cut_at_vertices, insert_vertices, is_end, vertices

#: Ends this near to another road (metres) are on it.
TOUCH = 0.1
#: Vertices this near to each other (metres) are the same: what is left of rounding.
_SAME = 0.001
#: Pieces between the same two nodes that differ by less than this (metres) in length and middle are one road drawn twice.
_TWIN = 0.01
_CHUNK = 20_000


@dataclass(frozen=True)
class NodedLines:
    """Pieces of road that meet at their ends.

    Attributes:
        pieces: object (p,), LineStrings; ends that meet have equal coordinates. parents: int64 (p,), the line each is of.
        crossings: places where lines cross without a vertex. crossings_join: whether they count as junctions.
        twins: pieces left out because another lies in the same place.
    """

    pieces: np.ndarray
    parents: np.ndarray
    crossings: int
    crossings_join: bool
    twins: int


def node_lines(lines: np.ndarray, reporter: Reporter) -> NodedLines:
    """Cut lines (object (n,), LineStrings in metres) where roads meet."""
    lines, parents = _plain(lines)
    lines = _with_common_vertices(lines)
    kept = shapely.length(lines) > 0
    lines, parents = lines[kept], parents[kept]
    lines, touched = _with_touches(lines)
    reporter.check_cancelled()
    shared = _shared_vertices(lines)
    pieces, of = cut_at_vertices(lines, shared)
    pieces, of, twins = _without_twins(pieces, of)
    junctions = _junction_count(pieces, touched)
    at_piece, at_points = _crossings(pieces, reporter)
    crossings = len(np.unique(at_points, axis=0))
    join = crossings > junctions
    if join:
        along = shapely.line_locate_point(pieces[at_piece], shapely.points(at_points))
        pieces, is_new = insert_vertices(pieces, at_piece, along, at_points)
        pieces, inner = cut_at_vertices(pieces, is_new)
        pieces, of, more = _without_twins(pieces, of[inner])
        twins += more
    return NodedLines(pieces, parents[of], crossings, join, twins)


def cluster(points: np.ndarray, distance: float) -> np.ndarray:
    """Return points (n, 2) with those within ``distance`` of each other (or of a common neighbour) moved to the first of them."""
    if not len(points):
        return points
    unique, first, inverse = np.unique(_keys(points), return_index=True, return_inverse=True)
    places = points[first]
    pairs = cKDTree(places).query_pairs(distance, output_type="ndarray")
    if not len(pairs):
        return places[inverse]
    links = coo_matrix((np.ones(len(pairs), bool), pairs.T), shape=(len(unique), len(unique)))
    label = connected_components(links, directed=False)[1]
    chosen = np.full(label.max() + 1, len(points), np.int64)
    np.minimum.at(chosen, label, first)
    return points[chosen[label]][inverse]


def _keys(points: np.ndarray) -> np.ndarray:
    """Return points (n, 2) as numbers that are equal if and only if the points are."""
    return points[:, 0] + 1j * points[:, 1]


def _plain(lines: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return lines that do not meet themselves, and the line each is of; others are taken apart into their segments."""
    crooked = ~shapely.is_simple(lines)
    cut = np.repeat(crooked, shapely.get_num_coordinates(lines)) if len(lines) else crooked
    return cut_at_vertices(lines, cut)


def _with_common_vertices(lines: np.ndarray) -> np.ndarray:
    """Return lines whose equal vertices are exactly equal, and whose ends are if they are within ``TOUCH``."""
    xy, line = shapely.get_coordinates(lines, return_index=True)
    moved, ends = cluster(xy, _SAME), is_end(line)
    before = moved[ends]
    after = cluster(before, TOUCH)
    # a vertex in the middle of a line that an end shares goes along with the end
    places, first = np.unique(_keys(before), return_index=True)
    found = np.searchsorted(places, _keys(moved)).clip(max=max(len(places) - 1, 0))
    if len(places):
        also = places[found] == _keys(moved)
        moved[also] = after[first[found[also]]]
    return np.asarray(shapely.remove_repeated_points(shapely.set_coordinates(lines.copy(), moved)), dtype=object)


def _with_touches(lines: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return lines with a vertex wherever another's end lies on them, and those ends, float64 (t, 2)."""
    xy, line, _ = vertices(lines)
    ends = np.unique(xy[is_end(line)], axis=0)
    if not len(ends):
        return lines, ends
    end, other = shapely.STRtree(lines).query(shapely.points(ends), predicate="dwithin", distance=TOUCH)
    # roads that have the end as a vertex already are no news
    places = np.unique(_keys(xy))
    known = np.searchsorted(places, _keys(xy)) * len(lines) + line
    asked = np.searchsorted(places, _keys(ends))[end] * len(lines) + other
    new = ~np.isin(asked, known)
    end, other = end[new], other[new]
    along = shapely.line_locate_point(lines[other], shapely.points(ends[end]))
    return insert_vertices(lines, other, along, ends[end])[0], ends[np.unique(end)]


def _shared_vertices(lines: np.ndarray) -> np.ndarray:
    """Whether each vertex is at the same place as another one, bool (v,)."""
    _, inverse, count = np.unique(_keys(shapely.get_coordinates(lines)), return_inverse=True, return_counts=True)
    return count[inverse] > 1


def _without_twins(pieces: np.ndarray, parents: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """Leave out pieces that lie where another does; return the rest, their parents, and how many there were."""
    if not len(pieces):
        return pieces, parents, 0
    ends = np.column_stack([_keys(shapely.get_coordinates(shapely.get_point(pieces, which))) for which in (0, -1)])
    ends = np.sort(ends, axis=1)
    length = shapely.length(pieces)
    middle = shapely.get_coordinates(shapely.line_interpolate_point(pieces, 0.5, normalized=True))
    order = np.lexsort((np.arange(len(pieces)), length, ends[:, 1], ends[:, 0]))
    before, after = order[:-1], order[1:]
    twin = (ends[before] == ends[after]).all(axis=1) & (length[after] - length[before] < _TWIN)
    twin &= np.hypot(*(middle[after] - middle[before]).T) < _TWIN
    kept = np.ones(len(pieces), bool)
    kept[after[twin]] = False
    return pieces[kept], parents[kept], int(twin.sum())


def _junction_count(pieces: np.ndarray, touched: np.ndarray) -> int:
    """Return how many places have three pieces and more end there, other than those an end merely touches."""
    ends = np.concatenate([_keys(shapely.get_coordinates(shapely.get_point(pieces, which))) for which in (0, -1)])
    places, count = np.unique(ends, return_counts=True)
    return int((~np.isin(places[count > 2], _keys(touched))).sum())


def _crossings(pieces: np.ndarray, reporter: Reporter) -> tuple[np.ndarray, np.ndarray]:
    """Return where pieces cross each other: the piece, int64 (k,), and the point, float64 (k, 2); each piece on its own row."""
    tree = shapely.STRtree(pieces)
    pairs = [np.zeros((2, 0), np.int64)]
    for start in range(0, len(pieces), _CHUNK):
        reporter.check_cancelled()
        found = tree.query(pieces[start : start + _CHUNK], predicate="crosses")
        found[0] += start
        pairs.append(found[:, found[0] < found[1]])
    first, second = np.concatenate(pairs, axis=1)
    met = shapely.intersection(pieces[first], pieces[second])
    points, of = shapely.get_parts(met, return_index=True)
    of = of[shapely.get_type_id(points) == 0]
    xy = cluster(shapely.get_coordinates(points[shapely.get_type_id(points) == 0]), TOUCH)
    return np.concatenate([first[of], second[of]]), np.concatenate([xy, xy])
