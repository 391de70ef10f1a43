"""Toolbox entry: a look at training chips before they are trained on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from ..engine import jobs
from .algorithm import GROUP_TRAINING_DATA, RoadsmithAlgorithm, tr
from .parameter_kinds import with_facts
from .parameters import ROAD_LABEL_HELP, advanced, explained, folder_names, is_given
from .path_facts import TRAINING_DATA


class PreviewTrainingData(RoadsmithAlgorithm):
    """Shows chips with their labels laid over, and figures that tell whether an export is any good."""

    NAME = "previewtrainingdata"
    GROUP = GROUP_TRAINING_DATA
    ICON = "previewtrainingdata"

    TRAINING_DATA = "TRAINING_DATA"
    ROWS = "ROWS"
    ALPHA = "ALPHA"
    AUGMENTED = "AUGMENTED"
    ROAD_LABEL = "ROAD_LABEL"
    SEED = "SEED"
    OUTPUT = "OUTPUT"
    PICTURE = "PICTURE"
    CHIP_COUNT = "CHIP_COUNT"
    ROAD_SHARE = "ROAD_SHARE"

    def displayName(self) -> str:
        return tr("Preview training data")

    def tags(self) -> list[str]:
        return tr("road,deep learning,chips,tiles,labels,check,look,show_batch,ArcGIS").split(",")

    def shortDescription(self) -> str:
        return tr("Shows training chips with their road labels laid over.")

    def shortHelpString(self) -> str:
        return tr(
            "<p>Shows chips of a training data folder with their road labels laid over, and says whether the labels lie on "
            "the roads, how wide and how frequent roads are, and where the chips lie: look here before training. ArcGIS calls it "
            "<i>show_batch</i>.</p>"
            "<p>Labels beside their roads, roads without a label and washed-out pictures are seen at once; they cost more than "
            "any setting of the training.</p>"
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        number = QgsProcessingParameterNumber
        self.addParameter(explained(
            with_facts(QgsProcessingParameterFile(
                self.TRAINING_DATA, tr("Training data folder"), QgsProcessingParameterFile.Behavior.Folder
            ), TRAINING_DATA),
            tr("A folder written by Export training data, by ArcGIS as Classified Tiles, or with pairs of images and masks. "
               "Several: separated by semicolons."),
        ))
        self.addParameter(explained(
            number(self.ROWS, tr("Rows of chips"), number.Type.Integer, 4, False, 1, 25),
            tr("Rows of four pictures. With the variants of training, two chips a row."),
        ))
        self.addParameter(explained(
            number(self.ALPHA, tr("Opacity of the labels (0–1)"), number.Type.Double, 0.5, False, 0.0, 1.0),
            tr("0 shows the imagery alone, 1 hides it under the labels."),
        ))
        self.addParameter(explained(
            QgsProcessingParameterBoolean(self.AUGMENTED, tr("Also show the chips as training varies them"), True),
            tr("Training crops, flips, turns, brightens and darkens the chips."),
        ))
        self.addParameter(advanced(explained(
            QgsProcessingParameterString(self.ROAD_LABEL, tr("Road label"), None, optional=True), tr(ROAD_LABEL_HELP),
        )))
        self.addParameter(advanced(explained(
            number(self.SEED, tr("Random seed"), number.Type.Integer, 42, False, 0, 2**31 - 1),
            tr("The same seed shows the same chips."),
        )))
        self.addParameter(QgsProcessingParameterFileDestination(self.OUTPUT, tr("Preview"), tr("HTML files (*.html)")))
        self.addParameter(QgsProcessingParameterFileDestination(
            self.PICTURE, tr("Picture"), tr("PNG files (*.png)"), None, True, createByDefault=True
        ))
        self.addOutput(QgsProcessingOutputNumber(self.CHIP_COUNT, tr("Number of chips")))
        self.addOutput(QgsProcessingOutputNumber(self.ROAD_SHARE, tr("Share of road pixels")))

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        job = jobs.PreviewTrainingData(
            training_data=folder_names(self, parameters, self.TRAINING_DATA, context),
            road_label=self.parameterAsString(parameters, self.ROAD_LABEL, context).strip(),
            output=self._file(parameters, self.OUTPUT, ".html", context),
            picture=self._file(parameters, self.PICTURE, ".png", context) if is_given(parameters, self.PICTURE) else "",
            rows=self.parameterAsInt(parameters, self.ROWS, context),
            alpha=self.parameterAsDouble(parameters, self.ALPHA, context),
            augmented=self.parameterAsBool(parameters, self.AUGMENTED, context),
            seed=self.parameterAsInt(parameters, self.SEED, context),
        )
        result = self.run_job(job, [path for path in (job.output, job.picture) if path], feedback)
        outputs = {
            self.OUTPUT: result["output"], self.CHIP_COUNT: result["chip_count"], self.ROAD_SHARE: result["road_share"],
        }
        return {**outputs, self.PICTURE: result["picture"]} if job.picture else outputs

    def _file(self, parameters: dict[str, Any], name: str, ending: str, context: QgsProcessingContext) -> str:
        path = Path(self.parameterAsFileOutput(parameters, name, context)).absolute()
        if path.suffix.lower() != ending:
            raise QgsProcessingException(tr("{} must end in {}, not {}.").format(name, ending, path.name))
        return str(path)
