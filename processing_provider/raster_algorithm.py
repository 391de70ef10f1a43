"""What the algorithms with one input raster have in common."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsProcessingContext, QgsProcessingException, QgsProcessingFeedback

from .algorithm import RoadsmithAlgorithm
from .raster_input import RasterInput
from .raster_layers import take_raster


class RasterAlgorithm(RoadsmithAlgorithm):
    """A toolbox entry with one input raster, of which ``raster`` is what the background thread may use."""

    INPUT = "INPUT"

    raster: RasterInput

    def prepareAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        """Take from the layer what is needed; this is the main thread, where layers may be touched."""
        layer = self.parameterAsRasterLayer(parameters, self.INPUT, context)
        if layer is None:
            raise QgsProcessingException(self.invalidRasterError(parameters, self.INPUT))
        self.raster = take_raster(layer)
        return True
