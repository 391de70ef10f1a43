"""Roadsmith's place in the Processing toolbox."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from .algorithm import icon_path, tr
from .environment import SETTING, missing_environment

_VERSION = Path(__file__).resolve().parent.parent / "VERSION"


class RoadsmithProvider(QgsProcessingProvider):
    """Registers every algorithm, whether or not there is an environment to run it in."""

    def id(self) -> str:
        """Return the public id."""
        return "roadsmith"

    def name(self) -> str:
        """Return the name in the toolbox."""
        return "Roadsmith"

    def longName(self) -> str:
        """Return the name with the version."""
        return f"Roadsmith {self.versionInfo()}"

    def versionInfo(self) -> str:
        """Return the plugin's version."""
        return _VERSION.read_text(encoding="utf-8").strip()

    def icon(self) -> QIcon:
        """Return the provider's icon."""
        return QIcon(icon_path("roadsmith"))

    def svgIconPath(self) -> str:
        """Return the path of the provider's icon."""
        return icon_path("roadsmith")

    def warningMessage(self) -> str:
        """Return what every dialog of the provider shows above its parameters while there is no environment."""
        return missing_environment()

    def load(self) -> bool:
        """Add the setting that names an interpreter, and the algorithms."""
        from processing.core.ProcessingConfig import ProcessingConfig, Setting

        ProcessingConfig.settingIcons[self.name()] = self.icon()
        # A validator of our own: Setting.FILE refuses to save the other settings while the file is missing.
        setting = Setting(
            self.name(), SETTING, tr("Python to use instead of Roadsmith's own environment"), "", valuetype=Setting.FILE,
            validator=lambda value: True,
        )
        ProcessingConfig.addSetting(setting)
        ProcessingConfig.readSettings()
        self.refreshAlgorithms()
        return True

    def unload(self) -> None:
        """Remove the setting from the options; its value is kept."""
        from processing.core.ProcessingConfig import ProcessingConfig

        if SETTING in ProcessingConfig.settings:
            ProcessingConfig.removeSetting(SETTING)

    def loadAlgorithms(self) -> None:
        """Add all algorithms."""
        from .classify_pixels import ClassifyPixels
        from .compare_road_networks import CompareRoadNetworks
        from .compute_accuracy import ComputeAccuracy
        from .export_training_data import ExportTrainingData
        from .preview_training_data import PreviewTrainingData
        from .raster_to_road_vector import RasterToRoadVector
        from .setup_environment import SetupEnvironment
        from .train_refinement_stage import TrainRefinementStage
        from .train_road_extractor import TrainRoadExtractor

        for algorithm in (
            ExportTrainingData, PreviewTrainingData, TrainRoadExtractor, TrainRefinementStage, ClassifyPixels,
            RasterToRoadVector, ComputeAccuracy, CompareRoadNetworks, SetupEnvironment,
        ):
            self.addAlgorithm(algorithm())
