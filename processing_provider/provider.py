"""Roadsmith's place in the Processing toolbox."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

from qgis.core import QgsApplication, QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from .algorithm import icon_path
from .environment import missing_environment

_VERSION = Path(__file__).resolve().parent.parent / "VERSION"


class RoadsmithProvider(QgsProcessingProvider):
    """Registers every algorithm, whether or not there is an environment to run it in."""

    _designer_action: Any = None

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
        """Add the algorithms; the graphical models once the algorithms that they chain are there, as QGIS does with its own."""
        QgsApplication.processingRegistry().providerAdded.connect(self._provider_added)
        from qgis.utils import iface  # None without a window

        if iface is not None:
            from .designer_action import offer_designer

            self._designer_action = offer_designer()
        return super().load()

    def unload(self) -> None:
        """Stop listening, and take away what was added to the toolbox's context menu."""
        if self._designer_action is not None:
            from .designer_action import withdraw_designer

            withdraw_designer(self._designer_action)
            self._designer_action = None
        registry = QgsApplication.processingRegistry()
        if registry is not None:  # newer QGIS versions unload providers when the registry is gone, and an exception ends them
            with contextlib.suppress(TypeError):  # it never listened
                registry.providerAdded.disconnect(self._provider_added)

    def _provider_added(self, provider: str) -> None:
        if provider in (self.id(), "native"):
            self.refreshAlgorithms()

    def loadAlgorithms(self) -> None:
        """Add all algorithms."""
        from .classify_pixels import ClassifyPixels
        from .compare_road_networks import CompareRoadNetworks
        from .compute_accuracy import ComputeAccuracy
        from .export_training_data import ExportTrainingData
        from .preview_training_data import PreviewTrainingData
        from .raster_to_road_vector import RasterToRoadVector
        from .setup_environment import SetupEnvironment
        from .shipped_models import graphical_models
        from .train_refinement_stage import TrainRefinementStage
        from .train_road_extractor import TrainRoadExtractor

        for algorithm in (
            ExportTrainingData, PreviewTrainingData, TrainRoadExtractor, TrainRefinementStage, ClassifyPixels,
            RasterToRoadVector, ComputeAccuracy, CompareRoadNetworks, SetupEnvironment,
        ):
            self.addAlgorithm(algorithm())
        for model in graphical_models():
            self.addAlgorithm(model)
