"""Toolbox entry: training chips to a road model."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputFile,
    QgsProcessingOutputHtml,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from ..engine import jobs
from .algorithm import GROUP_TRAINING, RoadsmithAlgorithm, tr
from .parameters import DEVICES, ROAD_LABEL_HELP, advanced, explained, file_name, folder_names, optional_number

MODEL_TYPES = ["linknet"]
BACKBONES = ["resnet18", "resnet34", "resnet50", "resnet101", "resnet152"]
#: Lower is better for the loss, higher for the others.
MONITORS = ["valid_loss", "accuracy", "miou", "dice"]


class TrainRoadExtractor(RoadsmithAlgorithm):
    """Learns road mask and road orientation together from a training data folder."""

    NAME = "trainroadextractor"
    GROUP = GROUP_TRAINING
    ICON = "trainroadextractor"

    TRAINING_DATA = "TRAINING_DATA"
    MODEL_TYPE = "MODEL_TYPE"
    BACKBONE = "BACKBONE"
    ROAD_LABEL = "ROAD_LABEL"
    CELL_SIZE = "CELL_SIZE"
    EPOCHS = "EPOCHS"
    BATCH_SIZE = "BATCH_SIZE"
    CHIP_SIZE = "CHIP_SIZE"
    LEARNING_RATE = "LEARNING_RATE"
    VALIDATION_PERCENT = "VALIDATION_PERCENT"
    SPLIT = "SPLIT"
    EARLY_STOPPING = "EARLY_STOPPING"
    PATIENCE = "PATIENCE"
    MONITOR = "MONITOR"
    AUGMENTATION = "AUGMENTATION"
    ORIENT_BIN_SIZE = "ORIENT_BIN_SIZE"
    ORIENT_THETA = "ORIENT_THETA"
    SEED = "SEED"
    DEVICE = "DEVICE"
    RESUME = "RESUME"
    OUTPUT = "OUTPUT"
    MODEL = "MODEL"
    REPORT = "REPORT"
    #: Output name: (key in the worker's result, label).
    SCORES = {  # noqa: RUF012
        "EPOCHS_RUN": ("epochs_run", "Epochs run"),
        "BEST_EPOCH": ("best_epoch", "Best epoch"),
        "VALID_LOSS": ("valid_loss", "Validation loss of the best epoch"),
        "ACCURACY": ("accuracy", "Accuracy of the best epoch"),
        "MIOU": ("miou", "Mean IoU of the best epoch"),
        "DICE": ("dice", "Dice of the best epoch"),
    }

    def displayName(self) -> str:
        return tr("Train road extractor")

    def tags(self) -> list[str]:
        words = tr("road,deep learning,segmentation,neural network,Multi Task Road Extractor,Train Deep Learning Model,ArcGIS")
        return words.split(",")

    def shortDescription(self) -> str:
        return tr("Trains a network that finds roads, from a folder of training chips.")

    def shortHelpString(self) -> str:
        return tr(
            "<p>Trains the Multi-Task Road Extractor: one network learns where the road is and which way it runs. After every "
            "epoch accuracy, mean IoU and Dice on chips it has never seen are logged; the best epoch is kept.</p>"
            "<p>The validation chips are taken from whole blocks of the map, and training chips that overlap them are left out: "
            "random chips of one orthophoto overlap each other and make a model look better than it is.</p>"
            "<p>The output folder is the model package: <i>Classify pixels</i> takes its .dlpk. It also holds a report with "
            "curves and sample results.</p>"
            "<p><b>Mind:</b> without a GPU, start with resnet18 and chips of 256 pixels. Cancelling ends the training without a "
            "model.</p>"
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        number = QgsProcessingParameterNumber
        self.addParameter(explained(
            QgsProcessingParameterFile(
                self.TRAINING_DATA, tr("Training data folder"), QgsProcessingParameterFile.Behavior.Folder
            ),
            tr("A folder written by Export training data, by ArcGIS as Classified Tiles, or with pairs of images and masks. "
               "Several: separated by semicolons."),
        ))
        self.addParameter(explained(
            QgsProcessingParameterEnum(self.MODEL_TYPE, tr("Network"), MODEL_TYPES, False, "linknet", usesStaticStrings=True),
            tr("linknet: ResNet encoder with a road and an orientation decoder (Batra et al. 2019)."),
        ))
        self.addParameter(explained(
            QgsProcessingParameterEnum(self.BACKBONE, tr("Backbone"), BACKBONES, False, "resnet34", usesStaticStrings=True),
            tr("Encoder. Larger ones learn more and take longer; resnet18 suits small data and computers without a GPU."),
        ))
        self.addParameter(explained(
            number(self.EPOCHS, tr("Epochs"), number.Type.Integer, 20, False, 1, 10000),
            tr("How often every chip is seen at most."),
        ))
        self.addParameter(explained(
            number(self.BATCH_SIZE, tr("Batch size"), number.Type.Integer, None, True, 1, 1024),
            tr("Chips per step. Empty: chosen from the device's memory."),
        ))
        self.addParameter(explained(
            number(self.CHIP_SIZE, tr("Chip size (pixels)"), number.Type.Integer, None, True, 32, 8192),
            tr("Random crops of this size are taken from the chips. Empty: the tile size of the data."),
        ))
        self.addParameter(explained(
            number(self.LEARNING_RATE, tr("Learning rate"), number.Type.Double, 0.001, False, 1e-7, 1.0),
            tr("Highest learning rate of the one-cycle schedule."),
        ))
        self.addParameter(explained(
            number(self.VALIDATION_PERCENT, tr("Validation share (percent)"), number.Type.Double, 10.0, False, 1.0, 80.0),
            tr("Share of the chips that is kept for validation."),
        ))
        self.addParameter(advanced(explained(
            QgsProcessingParameterString(self.ROAD_LABEL, tr("Road label"), None, optional=True), tr(ROAD_LABEL_HELP),
        )))
        self.addParameter(advanced(explained(
            number(self.CELL_SIZE, tr("Cell size of the chips (metres)"), number.Type.Double, None, True, 0.001, 1000.0),
            tr("Only for images without georeference, as public data sets ship them. Empty: what the folder says, else 1 m."),
        )))
        self.addParameter(advanced(explained(
            QgsProcessingParameterEnum(
                self.SPLIT, tr("Validation split"), ["blocks", "random"], False, "blocks", usesStaticStrings=True
            ),
            tr("blocks: whole blocks of the map, honest. random: as ArcGIS does; overlapping chips make scores too good."),
        )))
        self.addParameter(explained(
            QgsProcessingParameterBoolean(self.EARLY_STOPPING, tr("Stop when it no longer gets better"), True),
            tr("Ends the training when the monitored figure has not improved for some epochs."),
        ))
        self.addParameter(advanced(explained(
            number(self.PATIENCE, tr("Patience (epochs)"), number.Type.Integer, 5, False, 1, 1000),
            tr("Epochs without improvement before the training stops."),
        )))
        self.addParameter(advanced(explained(
            QgsProcessingParameterEnum(self.MONITOR, tr("Monitor"), MONITORS, False, "valid_loss", usesStaticStrings=True),
            tr("The figure that decides the best epoch and the stop."),
        )))
        self.addParameter(advanced(explained(
            QgsProcessingParameterEnum(
                self.AUGMENTATION, tr("Augmentation"), ["DEFAULT", "NONE"], False, "DEFAULT", usesStaticStrings=True
            ),
            tr("DEFAULT: random crops, flips, quarter turns, brightness and contrast. NONE: the chips as they are."),
        )))
        self.addParameter(advanced(explained(
            number(self.ORIENT_BIN_SIZE, tr("Orientation bin size (degrees)"), number.Type.Double, 20.0, False, 1.0, 180.0),
            tr("Headings are sorted into bins of this width."),
        )))
        self.addParameter(advanced(explained(
            number(self.ORIENT_THETA, tr("Orientation band (pixels)"), number.Type.Double, 8.0, False, 1.0, 100.0),
            tr("Half-width of the band around the centre line in which the heading is learned."),
        )))
        self.addParameter(advanced(explained(
            number(self.SEED, tr("Random seed"), number.Type.Integer, 42, False, 0, 2**31 - 1),
            tr("Same seed, same data, same machine: same model."),
        )))
        self.addParameter(advanced(explained(
            QgsProcessingParameterEnum(self.DEVICE, tr("Device"), DEVICES, False, "auto", usesStaticStrings=True),
            tr("auto takes the GPU if there is one."),
        )))
        self.addParameter(advanced(explained(
            QgsProcessingParameterBoolean(self.RESUME, tr("Resume an interrupted training"), False),
            tr("Goes on after the last saved epoch of a training of the same data and settings into the same folder, and ends "
               "with the same model as an unbroken one. Until a training is complete it lies in NAME~checkpoint."),
        )))
        self.addParameter(QgsProcessingParameterFolderDestination(self.OUTPUT, tr("Model folder")))
        self.addOutput(QgsProcessingOutputFile(self.MODEL, tr("Model package (.dlpk)")))
        self.addOutput(QgsProcessingOutputHtml(self.REPORT, tr("Training report")))
        for output, (_, label) in self.SCORES.items():
            self.addOutput(QgsProcessingOutputNumber(output, tr(label)))

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        job = jobs.TrainRoadExtractor(
            training_data=folder_names(self, parameters, self.TRAINING_DATA, context),
            road_label=self.parameterAsString(parameters, self.ROAD_LABEL, context).strip(),
            cell_size=optional_number(self, parameters, self.CELL_SIZE, context),
            output_folder=file_name(self, parameters, self.OUTPUT, context),
            model_type=self.parameterAsEnumString(parameters, self.MODEL_TYPE, context),
            backbone=self.parameterAsEnumString(parameters, self.BACKBONE, context),
            epochs=self.parameterAsInt(parameters, self.EPOCHS, context),
            batch_size=int(optional_number(self, parameters, self.BATCH_SIZE, context)),
            chip_size=int(optional_number(self, parameters, self.CHIP_SIZE, context)),
            learning_rate=self.parameterAsDouble(parameters, self.LEARNING_RATE, context),
            validation_percent=self.parameterAsDouble(parameters, self.VALIDATION_PERCENT, context),
            split=self.parameterAsEnumString(parameters, self.SPLIT, context),
            early_stopping=self.parameterAsBool(parameters, self.EARLY_STOPPING, context),
            patience=self.parameterAsInt(parameters, self.PATIENCE, context),
            monitor=self.parameterAsEnumString(parameters, self.MONITOR, context),
            augmentation=self.parameterAsEnumString(parameters, self.AUGMENTATION, context) == "DEFAULT",
            orient_bin_size=self.parameterAsDouble(parameters, self.ORIENT_BIN_SIZE, context),
            orient_theta=self.parameterAsDouble(parameters, self.ORIENT_THETA, context),
            seed=self.parameterAsInt(parameters, self.SEED, context),
            device=self.parameterAsEnumString(parameters, self.DEVICE, context),
            resume=self.parameterAsBool(parameters, self.RESUME, context),
        )
        result = self.run_job(job, [job.output_folder], feedback)
        scores = {output: result[key] for output, (key, _) in self.SCORES.items()}
        return {
            self.OUTPUT: result["output"], self.MODEL: result["model"], self.REPORT: result["report"],
            **scores,
        }
