"""Junction scores: are the places found where one can turn?"""

from __future__ import annotations

from .route_graph import RouteGraph
from .scores import PrecisionRecall, pair_count, share

#: Published distance within which junctions are the same, metres.
DISTANCE = 15.0


def junction_scores(roads: RouteGraph, reference: RouteGraph, distance: float = DISTANCE) -> PrecisionRecall:
    """Pair junctions (three road ends and more) within ``distance`` metres one to one, as many as can be.

    Precision is the share of the roads' junctions that have a partner, recall that of the reference's. A network without
    junctions scores 1 if the other has none either, else 0.
    """
    found, wanted = roads.junctions, reference.junctions
    pairs = pair_count(found, wanted, distance)
    return PrecisionRecall(share(pairs, len(found), len(wanted)), share(pairs, len(wanted), len(found)))
