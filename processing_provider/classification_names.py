"""The public names of Classify pixels."""

from __future__ import annotations


class ClassificationNames:
    """The public names of the parameters and outputs, never changed."""

    INPUT = "INPUT"
    MODEL = "MODEL"
    EXTENT = "EXTENT"
    MASK = "MASK"
    THRESHOLD = "THRESHOLD"
    CELL_SIZE = "CELL_SIZE"
    TILE_SIZE = "TILE_SIZE"
    PADDING = "PADDING"
    TEST_TIME_AUGMENTATION = "TEST_TIME_AUGMENTATION"
    MERGE_POLICY = "MERGE_POLICY"
    PROBABILITY_FORMAT = "PROBABILITY_FORMAT"
    COG = "COG"
    DEVICE = "DEVICE"
    GPUS = "GPUS"
    BATCH_SIZE = "BATCH_SIZE"
    COMPILE = "COMPILE"
    READER_THREADS = "READER_THREADS"
    SCHEDULER = "SCHEDULER"
    VRT = "VRT"
    OUTPUT = "OUTPUT"
    PROBABILITY = "PROBABILITY"
    ROAD_SHARE = "ROAD_SHARE"
    THRESHOLD_USED = "THRESHOLD_USED"
