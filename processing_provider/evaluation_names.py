"""The public names of Compute accuracy and Compare road networks."""

from __future__ import annotations


class AccuracyNames:
    """The public names of the parameters and outputs of Compute accuracy, never changed."""

    PREDICTION = "PREDICTION"
    TRUTH = "TRUTH"
    ROAD_WIDTH = "ROAD_WIDTH"
    THRESHOLD = "THRESHOLD"
    TOLERANCE = "TOLERANCE"
    MASK = "MASK"
    EXTENT = "EXTENT"
    WIDTH_FIELD = "WIDTH_FIELD"
    TRUTH_LABEL = "TRUTH_LABEL"
    IMAGERY = "IMAGERY"
    BLOCK_SIZE = "BLOCK_SIZE"
    REPORT = "REPORT"
    ERROR_MAP = "ERROR_MAP"
    #: Output name: (key in the worker's result, label).
    SCORES = {  # noqa: RUF012
        "F1": ("f1", "F1 of road"),
        "PRECISION": ("precision", "Precision of road"),
        "RECALL": ("recall", "Recall of road"),
        "IOU": ("iou", "IoU of road"),
        "MIOU": ("miou", "Mean IoU of road and background"),
        "ACCURACY": ("accuracy", "Share of right pixels"),
        "KAPPA": ("kappa", "Cohen's kappa"),
        "DICE": ("dice", "Dice of road (the same as F1)"),
        "RELAXED_F1": ("relaxed_f1", "Relaxed F1"),
        "RELAXED_PRECISION": ("relaxed_precision", "Relaxed precision"),
        "RELAXED_RECALL": ("relaxed_recall", "Relaxed recall"),
        "BREAK_EVEN": ("break_even", "Precision and recall where they are equal (probabilities only)"),
        "RELAXED_BREAK_EVEN": ("relaxed_break_even", "Relaxed precision and recall where they are equal (probabilities only)"),
        "BEST_THRESHOLD": ("best_threshold", "Threshold with the highest F1 (probabilities only)"),
        "BEST_F1": ("best_f1", "F1 at that threshold (probabilities only)"),
    }


class ComparisonNames:
    """The public names of the parameters and outputs of Compare road networks, never changed."""

    ROADS = "ROADS"
    REFERENCE = "REFERENCE"
    BUFFER = "BUFFER"
    SNAP = "SNAP"
    SPACING = "SPACING"
    MASK = "MASK"
    WEIGHT = "WEIGHT"
    SPEED_FIELD = "SPEED_FIELD"
    DEFAULT_SPEED = "DEFAULT_SPEED"
    SAMPLES = "SAMPLES"
    SEED = "SEED"
    REPORT = "REPORT"
    MATCHED = "MATCHED"
    MISSED = "MISSED"
    EXTRA = "EXTRA"
    #: Output name: (key in the worker's result, label).
    SCORES = {  # noqa: RUF012
        "APLS": ("apls", "APLS"),
        "APLS_REFERENCE_TO_ROADS": ("apls_reference_to_roads", "APLS of the reference's routes in the roads"),
        "APLS_ROADS_TO_REFERENCE": ("apls_roads_to_reference", "APLS of the roads' routes in the reference"),
        "TOPO_F1": ("topo_f1", "TOPO F1"),
        "TOPO_PRECISION": ("topo_precision", "TOPO precision"),
        "TOPO_RECALL": ("topo_recall", "TOPO recall"),
        "COMPLETENESS": ("completeness", "Completeness"),
        "CORRECTNESS": ("correctness", "Correctness"),
        "QUALITY": ("quality", "Quality"),
        "REDUNDANCY": ("redundancy", "Redundancy"),
        "RMS_OFFSET": ("rms_offset", "RMS offset of matched roads (metres)"),
        "GAPS_PER_KM": ("gaps_per_km", "Gaps per km of the reference"),
        "JUNCTION_F1": ("junction_f1", "F1 of junctions"),
        "MATCHED_KM": ("matched_km", "Length of matched roads (km)"),
        "MISSED_KM": ("missed_km", "Length of the reference that was missed (km)"),
        "EXTRA_KM": ("extra_km", "Length of extra roads (km)"),
    }
