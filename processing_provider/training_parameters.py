"""The parameters of Train road extractor."""

from __future__ import annotations

from qgis.core import (
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
)

from .algorithm import tr
from .parameter_kinds import choice, number, optional_file
from .parameters import DEVICES, advanced, explained
from .training_names import TrainingNames
from .training_target_parameters import augmentation_parameters, label_parameters, loss_parameters

MODEL_TYPES = ["linknet", "hourglass", "unet", "segnet", "resunet", "dlinknet"]
#: Those of MODEL_TYPES that have a choice of encoders, for which ImageNet weights exist.
WITH_BACKBONE = ["linknet", "dlinknet"]
BACKBONES = ["resnet18", "resnet34", "resnet50", "resnet101", "resnet152"]
IMAGENET_WEIGHTS = ["NONE", "DOWNLOAD", "FILE"]
WEIGHT_INITS = ["RANDOM", "RED_BAND", "ALL_RANDOM"]
SPLITS = ["blocks", "random"]
#: Lower is better for the loss, higher for the others.
MONITORS = ["valid_loss", "accuracy", "miou", "dice", "iou", "f1", "relaxed_f1"]


def training_parameters() -> list[QgsProcessingParameterDefinition]:
    """Return the parameters in the order of the dialog: the most used ones, then those under "Advanced parameters"."""
    rare = [
        *_weight_parameters(), *_schedule_parameters(), *_validation_parameters(), *loss_parameters(),
        *augmentation_parameters(), *label_parameters(), *_run_parameters(),
    ]
    return [
        *_main_parameters(), *(advanced(parameter) for parameter in rare),
        QgsProcessingParameterFolderDestination(TrainingNames.OUTPUT, tr("Model folder")),
    ]


def _main_parameters() -> list[QgsProcessingParameterDefinition]:
    names = TrainingNames
    return [
        explained(
            QgsProcessingParameterFile(
                names.TRAINING_DATA, tr("Training data folder"), QgsProcessingParameterFile.Behavior.Folder
            ),
            tr("A folder written by Export training data, by ArcGIS as Classified Tiles, or with pairs of images and masks. "
               "Several: separated by semicolons."),
        ),
        explained(
            choice(names.MODEL_TYPE, tr("Network"), MODEL_TYPES),
            tr("linknet (a ResNet encoder with two decoders) and hourglass (two stacked hourglasses) learn roads and their "
               "direction; they are ArcGIS's mtl_model. The others learn roads alone: unet, seven poolings deep with skips; "
               "segnet, VGG-16 and its mirror image; resunet, a short U-Net of residual units; dlinknet, a ResNet encoder with "
               "dilated convolutions that see far."),
        ),
        explained(
            choice(names.BACKBONE, tr("Backbone"), BACKBONES, "resnet34"),
            tr("Encoder of linknet and dlinknet; other networks have none to choose. Larger ones learn more and take longer; "
               "resnet18 suits small data and computers without a GPU. ArcGIS's Backbone Model."),
        ),
        explained(
            choice(names.IMAGENET_WEIGHTS, tr("Backbone's weights"), IMAGENET_WEIGHTS),
            tr("NONE: learned from nothing. DOWNLOAD: fetched once from PyTorch's site (45 to 231 MB); they learned from "
               "millions of photographs and help with little data. FILE: from the weights file."),
        ),
        explained(
            number(names.EPOCHS, tr("Epochs"), 20, 1, 10000),
            tr("How often every chip is seen at most. ArcGIS's Max Epochs."),
        ),
        explained(
            number(names.CHIP_SIZE, tr("Chip size (pixels)"), None, 32, 8192),
            tr("Crops of this size are taken from the chips. Empty: the tile size of the data."),
        ),
    ]


def _weight_parameters() -> list[QgsProcessingParameterDefinition]:
    names = TrainingNames
    return [
        explained(
            optional_file(names.PRETRAINED_MODEL, tr("Model to go on from"), tr("Model packages (*.dlpk *.emd)")),
            tr("A model package that Train road extractor wrote: its network and weights are taken, whatever Network and "
               "Backbone say. ArcGIS's Pre-trained Model."),
        ),
        explained(
            optional_file(names.WEIGHTS_FILE, tr("Weights file"), tr("Weights (*.pth *.safetensors)")),
            tr("With FILE: ImageNet weights of the backbone with torchvision's names, for computers without Internet access."),
        ),
        explained(
            choice(names.WEIGHT_INIT, tr("Weights of further bands"), WEIGHT_INITS),
            tr("With weights for the backbone: what bands other than red, green and blue begin with. RANDOM: random weights. "
               "RED_BAND: those of red. ALL_RANDOM: all bands begin randomly. ArcGIS's Weight Initialization Scheme."),
        ),
        explained(
            QgsProcessingParameterBoolean(names.FREEZE, tr("Freeze the encoder"), False),
            tr("Leaves the encoder as it is and trains the rest: faster, for encoders that have learned before. ArcGIS's "
               "Freeze Model, which is on there."),
        ),
    ]


def _schedule_parameters() -> list[QgsProcessingParameterDefinition]:
    names = TrainingNames
    return [
        explained(
            number(names.BATCH_SIZE, tr("Batch size"), None, 1, 1024),
            tr("Chips per step. Empty: chosen from the device's memory."),
        ),
        explained(
            number(names.ACCUMULATE, tr("Batches per step"), 1, 1, 1024),
            tr("So many batches make one step of learning: nearly as good as a larger batch where memory is short."),
        ),
        explained(
            number(names.LEARNING_RATE, tr("Learning rate"), None, 1e-7, 1.0),
            tr("Highest rate of the one-cycle schedule; 0.001 suits most data. Empty: a search before the first epoch finds "
               "one, as in ArcGIS."),
        ),
        explained(
            QgsProcessingParameterBoolean(names.EARLY_STOPPING, tr("Stop when it no longer gets better"), True),
            tr("Ends the training when the monitored figure has not improved for some epochs. ArcGIS's Stop when model stops "
               "improving."),
        ),
        explained(
            number(names.PATIENCE, tr("Patience (epochs)"), 5, 1, 1000),
            tr("Epochs without improvement before the training stops."),
        ),
        explained(
            choice(names.MONITOR, tr("Monitor"), MONITORS),
            tr("The figure that decides the best epoch and the stop. dice, iou, f1 and relaxed_f1 look at road alone, "
               "relaxed_f1 forgives 3 pixels. ArcGIS's Monitor Metric."),
        ),
    ]


def _validation_parameters() -> list[QgsProcessingParameterDefinition]:
    names = TrainingNames
    return [
        explained(
            number(names.VALIDATION_PERCENT, tr("Validation share (percent)"), 10.0, 1.0, 80.0),
            tr("Share of the chips that is kept for validation. ArcGIS's Validation %."),
        ),
        explained(
            choice(names.SPLIT, tr("Validation split"), SPLITS),
            tr("blocks: whole blocks of the map, honest. random: as ArcGIS does; overlapping chips make scores too good."),
        ),
    ]


def _run_parameters() -> list[QgsProcessingParameterDefinition]:
    names = TrainingNames
    return [
        explained(
            number(names.SEED, tr("Random seed"), 42, 0, 2**31 - 1),
            tr("Same seed, same data, same machine: same model."),
        ),
        explained(choice(names.DEVICE, tr("Device"), DEVICES), tr("auto takes the GPU if there is one.")),
        explained(
            QgsProcessingParameterBoolean(names.RESUME, tr("Resume an interrupted training"), False),
            tr("Goes on after the last saved epoch of a training of the same data and settings into the same folder, and ends "
               "with the same model as an unbroken one. Until a training is complete it lies in NAME~checkpoint."),
        ),
    ]
