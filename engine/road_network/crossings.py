"""Crossings that may be bridges: seen from above, a road that passes over another looks like one that crosses it."""

from __future__ import annotations

import numpy as np

from .graph import RoadGraph
from .junctions import crossing_arms

#: Both roads go straight on across a bridge, to within this turn.
_STRAIGHT = np.cos(np.radians(20.0))
#: Roads that meet at less than this angle rather merge.
_LEAST_ANGLE = np.sin(np.radians(25.0))


def possible_bridges(graph: RoadGraph) -> np.ndarray:
    """Return which edges end at a crossing that may be a bridge, bool (edges,).

    That is every node of exactly four arms, of which two and two go straight on in each other. Most of these are plain
    crossings; it is those that a person who knows of bridges would look at.
    """
    flagged = np.zeros(len(graph.paths), bool)
    arms, pairs = crossing_arms(graph)
    if not len(pairs):
        return flagged
    along = arms.directions[pairs]
    straight = -(along[:, 0] * along[:, 1]).sum(axis=1) > _STRAIGHT
    pairs, along = pairs[straight], along[straight]
    nodes = arms.nodes[pairs[:, 0]]
    order = np.argsort(nodes, kind="stable")
    pairs, along, nodes = pairs[order], along[order, 0] - along[order, 1], nodes[order]
    first = np.flatnonzero((nodes[:-1] == nodes[1:]) & (graph.degrees[nodes[:-1]] == 4))
    one, other = along[first] / 2, along[first + 1] / 2
    steep = np.abs(one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]) > _LEAST_ANGLE
    flagged[arms.ends[pairs[[first[steep], first[steep] + 1]]] // 2] = True
    return flagged
