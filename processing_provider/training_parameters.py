"""The parameters of Train road extractor."""

from __future__ import annotations

from qgis.core import (
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
)

from ..engine import jobs
from .algorithm import tr
from .parameter_kinds import choice, number, optional_file, with_facts
from .parameters import advanced, explained
from .path_facts import OPTIONAL_MODEL, TRAINING_DATA
from .training_names import AnyTrainingNames, TrainingNames
from .training_run_parameters import further_outputs, run_parameters
from .training_schedule_parameters import schedule_parameters, validation_parameters
from .training_target_parameters import (
    augmentation_parameters,
    further_loss_parameters,
    label_parameters,
    line_parameters,
    loss_parameters,
)

MODEL_TYPES = ["linknet", "hourglass", "unet", "segnet", "resunet", "dlinknet", "efficient_unet"]
#: Those of MODEL_TYPES that have a choice of encoders, for which ImageNet weights exist.
WITH_BACKBONE = ["linknet", "dlinknet"]
#: Those whose encoder takes weights from a file.
WITH_ENCODER = [*WITH_BACKBONE, "efficient_unet"]
#: Those whose first width can be chosen.
WITH_BASE_WIDTH = ["hourglass", "unet", "segnet", "resunet", "efficient_unet"]
BACKBONES = ["resnet18", "resnet34", "resnet50", "resnet101", "resnet152"]
IMAGENET_WEIGHTS = ["NONE", "DOWNLOAD", "FILE"]
WEIGHT_INITS = ["RANDOM", "RED_BAND", "ALL_RANDOM"]


def training_parameters() -> list[QgsProcessingParameterDefinition]:
    """Return the parameters in the order of the dialog: the most used ones, then those under "Advanced parameters"."""
    defaults = jobs.TrainRoadExtractor()
    rare = [
        *_beginning_parameters(), *validation_parameters(defaults), *label_parameters(), *line_parameters(),
        *augmentation_parameters(), *schedule_parameters(defaults), *loss_parameters(), *further_loss_parameters(),
        *run_parameters(), *further_outputs(),
    ]
    return [*_main_parameters(), *(advanced(parameter) for parameter in rare), model_folder()]


def model_folder() -> QgsProcessingParameterFolderDestination:
    """Return where every training writes its model."""
    return QgsProcessingParameterFolderDestination(AnyTrainingNames.OUTPUT, tr("Model folder"))


def training_folder() -> QgsProcessingParameterFile:
    """Return what every training learns from."""
    return explained(
        with_facts(QgsProcessingParameterFile(
            AnyTrainingNames.TRAINING_DATA, tr("Training data folder"), QgsProcessingParameterFile.Behavior.Folder
        ), TRAINING_DATA),
        tr("A folder written by Export training data, by ArcGIS as Classified Tiles, or with pairs of images and masks. "
           "Several: separated by semicolons."),
    )


def course_parameters() -> list[QgsProcessingParameterDefinition]:
    """Return the parameters of every training that are used most."""
    names = AnyTrainingNames
    return [
        explained(
            number(names.EPOCHS, tr("Epochs"), 20, 1, 10000),
            tr("How often every chip is seen at most. ArcGIS's Max Epochs."),
        ),
        explained(
            number(names.CHIP_SIZE, tr("Chip size (pixels)"), None, 32, 8192),
            tr("Crops of this size are taken from the chips. Empty: the tile size of the data."),
        ),
    ]


def resume_parameter() -> QgsProcessingParameterBoolean:
    """Return whether an interrupted training is to go on."""
    return explained(
        QgsProcessingParameterBoolean(AnyTrainingNames.RESUME, tr("Resume an interrupted training"), False),
        tr("Goes on after the last saved epoch of a training of the same data and settings into the same folder, and ends "
           "with the same model as an unbroken one. Until a training is complete it lies in NAME~checkpoint."),
    )


def _main_parameters() -> list[QgsProcessingParameterDefinition]:
    names = TrainingNames
    return [
        training_folder(),
        explained(
            QgsProcessingParameterBoolean(names.SHIPPED_MODEL, tr("Begin with the model that comes with Roadsmith"), False),
            tr("Its network and weights are taken, whatever Network and Backbone say, and learn on: the best way with little "
               "data, for three bands (red, green, blue) of about 1 m. Chips of another cell size are learned as they are, and a "
               "warning says so. Off: a new network, or the model to go on from below."),
        ),
        explained(
            choice(names.MODEL_TYPE, tr("Network"), MODEL_TYPES),
            tr("linknet (a ResNet encoder with two decoders) and hourglass (two stacked hourglasses) learn roads and their "
               "direction; they are ArcGIS's mtl_model. The others learn roads alone: unet, seven poolings deep with skips; "
               "segnet, VGG-16 and its mirror image; resunet, a short U-Net of residual units; dlinknet, a ResNet encoder with "
               "dilated convolutions that see far; efficient_unet, a small EfficientNet encoder made for computers without a "
               "GPU."),
        ),
        explained(
            choice(names.BACKBONE, tr("Backbone (of linknet and dlinknet)"), BACKBONES, "resnet34"),
            tr("The encoder; other networks have none to choose. Larger ones learn more and take longer; resnet18 suits small "
               "data and computers without a GPU. ArcGIS's Backbone Model."),
        ),
        explained(
            choice(names.IMAGENET_WEIGHTS, tr("Backbone's weights"), IMAGENET_WEIGHTS),
            tr("NONE: learned from nothing. DOWNLOAD: fetched once from PyTorch's site (45 to 231 MB); they learned from "
               "millions of photographs and help with little data. FILE: from the weights file."),
        ),
        *course_parameters(),
    ]


def _beginning_parameters() -> list[QgsProcessingParameterDefinition]:
    names = TrainingNames
    return [
        resume_parameter(),
        explained(
            with_facts(
                optional_file(names.PRETRAINED_MODEL, tr("Model to go on from"), tr("Model packages (*.dlpk *.emd)")),
                OPTIONAL_MODEL,
            ),
            tr("A model package that Train road extractor wrote: its network and weights are taken, whatever Network and "
               "Backbone say. ArcGIS's Pre-trained Model."),
        ),
        explained(
            optional_file(names.WEIGHTS_FILE, tr("Weights file"), tr("Weights (*.pth *.safetensors)")),
            tr("With FILE: ImageNet weights of the backbone with torchvision's names, for computers without Internet access; for "
               "efficient_unet those of EfficientNet-Lite0 with the names of efficientnet_lite_pytorch."),
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
        explained(
            number(names.BASE_WIDTH, tr("First width (channels, for networks without a backbone)"), None, 1, 512),
            tr("Channels of the first level of unet (32 if left empty; 8 and 32 are the two-stage paper's UNet8 and UNet32), "
               "segnet (64), resunet (64), of all levels of hourglass (128; a multiple of 4), and of efficient_unet's last level "
               "(32; even). Fewer are faster and learn less. linknet and dlinknet have a backbone instead."),
        ),
    ]
