"""The public names of Raster to road vector."""

from __future__ import annotations


class VectorisingNames:
    """The public names of the parameters and outputs, never changed."""

    INPUT = "INPUT"
    PROBABILITY = "PROBABILITY"
    ROAD_LABEL = "ROAD_LABEL"
    THRESHOLD = "THRESHOLD"
    LOW_THRESHOLD = "LOW_THRESHOLD"
    MIN_DANGLE = "MIN_DANGLE"
    MAX_GAP = "MAX_GAP"
    MIN_GAP_PROBABILITY = "MIN_GAP_PROBABILITY"
    MIN_COMPONENT = "MIN_COMPONENT"
    MERGE_CARRIAGEWAYS = "MERGE_CARRIAGEWAYS"
    SMOOTHING = "SMOOTHING"
    SIMPLIFY = "SIMPLIFY"
    TRAVEL_TIMES = "TRAVEL_TIMES"
    SCHEDULER = "SCHEDULER"
    OUTPUT = "OUTPUT"
    NODES = "NODES"
    GAPS = "GAPS"
    GRAPHML = "GRAPHML"
    LENGTH_KM = "LENGTH_KM"
    EDGE_COUNT = "EDGE_COUNT"
    GAP_COUNT = "GAP_COUNT"
    CLOSED_GAP_COUNT = "CLOSED_GAP_COUNT"
