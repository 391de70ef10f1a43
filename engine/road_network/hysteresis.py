"""Hysteresis (Canny 1986): what the low threshold finds stays only if it hangs together with what the high one finds."""

from __future__ import annotations

import numpy as np

from .graph import RoadGraph


def keep_seeded(graph: RoadGraph) -> RoadGraph:
    """Drop the networks without a single pixel that has road above the high threshold at hand."""
    if not len(graph.paths) or graph.skeleton.seeded.all():
        return graph
    edges = np.repeat(np.arange(len(graph.paths)), [len(path) for path in graph.paths])
    seeds = np.bincount(edges, graph.skeleton.seeded[np.concatenate(graph.paths)], len(graph.paths))
    component = graph.components()
    return graph.keep(np.bincount(component, seeds)[component] > 0)
