"""The public names of all trainings, and those of Train road extractor alone."""

from __future__ import annotations

from .translation import tr_noop


class AnyTrainingNames:
    """The public names of the parameters and outputs that every training has, never changed."""

    TRAINING_DATA = "TRAINING_DATA"
    ROAD_LABEL = "ROAD_LABEL"
    CELL_SIZE = "CELL_SIZE"
    BASE_WIDTH = "BASE_WIDTH"
    EPOCHS = "EPOCHS"
    BATCH_SIZE = "BATCH_SIZE"
    ACCUMULATE = "ACCUMULATE"
    CHIP_SIZE = "CHIP_SIZE"
    LEARNING_RATE = "LEARNING_RATE"
    OPTIMISER = "OPTIMISER"
    VALIDATION_DATA = "VALIDATION_DATA"
    VALIDATION_PERCENT = "VALIDATION_PERCENT"
    SPLIT = "SPLIT"
    EARLY_STOPPING = "EARLY_STOPPING"
    PATIENCE = "PATIENCE"
    MIN_DELTA = "MIN_DELTA"
    MONITOR = "MONITOR"
    WEIGHT_AVERAGE = "WEIGHT_AVERAGE"
    LOSS = "LOSS"
    POSITIVE_WEIGHT = "POSITIVE_WEIGHT"
    CLDICE = "CLDICE"
    SKELETON_RECALL = "SKELETON_RECALL"
    AUGMENTATION = "AUGMENTATION"
    AUGMENTATION_PARAMETERS = "AUGMENTATION_PARAMETERS"
    AUGMENTATION_FILE = "AUGMENTATION_FILE"
    CENTRE_LINES = "CENTRE_LINES"
    SEED = "SEED"
    DEVICE = "DEVICE"
    PRECISION = "PRECISION"
    NUM_PROCESSES = "NUM_PROCESSES"
    COMPILE = "COMPILE"
    TENSORBOARD = "TENSORBOARD"
    NETWORK_SCORES = "NETWORK_SCORES"
    ONNX = "ONNX"
    RESUME = "RESUME"
    OUTPUT = "OUTPUT"
    MODEL = "MODEL"
    REPORT = "REPORT"
    ONNX_MODEL = "ONNX_MODEL"
    THRESHOLD = "THRESHOLD"
    #: Output name: (key in the worker's result, label).
    SCORES = {  # noqa: RUF012
        "EPOCHS_RUN": ("epochs_run", tr_noop("Epochs run")),
        "BEST_EPOCH": ("best_epoch", tr_noop("Best epoch")),
        "VALID_LOSS": ("valid_loss", tr_noop("Validation loss of the best epoch")),
        "ACCURACY": ("accuracy", tr_noop("Accuracy of the best epoch")),
        "MIOU": ("miou", tr_noop("Mean IoU of the best epoch")),
        "DICE": ("dice", tr_noop("Dice of the best epoch")),
        "IOU": ("iou", tr_noop("IoU of road of the best epoch")),
        "F1": ("f1", tr_noop("F1 of the best epoch")),
        "RELAXED_F1": ("relaxed_f1", tr_noop("Relaxed F1 of the best epoch")),
    }
    #: The same, of outputs that are there only if asked for with NETWORK_SCORES.
    FURTHER_SCORES = {  # noqa: RUF012
        "APLS": ("apls", tr_noop("APLS of the validation chips, if asked for")),
        "TOPO_F1": ("topo_f1", tr_noop("TOPO F1 of the validation chips, if asked for")),
    }


class TrainingNames(AnyTrainingNames):
    """Those of Train road extractor, never changed."""

    MODEL_TYPE = "MODEL_TYPE"
    BACKBONE = "BACKBONE"
    SHIPPED_MODEL = "SHIPPED_MODEL"
    PRETRAINED_MODEL = "PRETRAINED_MODEL"
    IMAGENET_WEIGHTS = "IMAGENET_WEIGHTS"
    WEIGHTS_FILE = "WEIGHTS_FILE"
    WEIGHT_INIT = "WEIGHT_INIT"
    FREEZE = "FREEZE"
    GAUSSIAN_THRESH = "GAUSSIAN_THRESH"
    ORIENT_BIN_SIZE = "ORIENT_BIN_SIZE"
    ORIENT_THETA = "ORIENT_THETA"
