"""The public names of Compute accuracy and Compare road networks."""

from __future__ import annotations

from .translation import tr_noop


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
        "F1": ("f1", tr_noop("F1 of road")),
        "PRECISION": ("precision", tr_noop("Precision of road")),
        "RECALL": ("recall", tr_noop("Recall of road")),
        "IOU": ("iou", tr_noop("IoU of road")),
        "MIOU": ("miou", tr_noop("Mean IoU of road and background")),
        "ACCURACY": ("accuracy", tr_noop("Share of right pixels")),
        "KAPPA": ("kappa", tr_noop("Cohen's kappa")),
        "DICE": ("dice", tr_noop("Dice of road (the same as F1)")),
        "RELAXED_F1": ("relaxed_f1", tr_noop("Relaxed F1")),
        "RELAXED_PRECISION": ("relaxed_precision", tr_noop("Relaxed precision")),
        "RELAXED_RECALL": ("relaxed_recall", tr_noop("Relaxed recall")),
        "BREAK_EVEN": ("break_even", tr_noop("Precision and recall where they are equal (probabilities only)")),
        "RELAXED_BREAK_EVEN": (
            "relaxed_break_even",
            tr_noop("Relaxed precision and recall where they are equal (probabilities only)"),
        ),
        "BEST_THRESHOLD": ("best_threshold", tr_noop("Threshold with the highest F1 (probabilities only)")),
        "BEST_F1": ("best_f1", tr_noop("F1 at that threshold (probabilities only)")),
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
        "APLS": ("apls", tr_noop("APLS")),
        "APLS_REFERENCE_TO_ROADS": ("apls_reference_to_roads", tr_noop("APLS of the reference's routes in the roads")),
        "APLS_ROADS_TO_REFERENCE": ("apls_roads_to_reference", tr_noop("APLS of the roads' routes in the reference")),
        "TOPO_F1": ("topo_f1", tr_noop("TOPO F1")),
        "TOPO_PRECISION": ("topo_precision", tr_noop("TOPO precision")),
        "TOPO_RECALL": ("topo_recall", tr_noop("TOPO recall")),
        "COMPLETENESS": ("completeness", tr_noop("Completeness")),
        "CORRECTNESS": ("correctness", tr_noop("Correctness")),
        "QUALITY": ("quality", tr_noop("Quality")),
        "REDUNDANCY": ("redundancy", tr_noop("Redundancy")),
        "RMS_OFFSET": ("rms_offset", tr_noop("RMS offset of matched roads (metres)")),
        "GAPS_PER_KM": ("gaps_per_km", tr_noop("Gaps per km of the reference")),
        "JUNCTION_F1": ("junction_f1", tr_noop("F1 of junctions")),
        "MATCHED_KM": ("matched_km", tr_noop("Length of matched roads (km)")),
        "MISSED_KM": ("missed_km", tr_noop("Length of the reference that was missed (km)")),
        "EXTRA_KM": ("extra_km", tr_noop("Length of extra roads (km)")),
    }
