"""The parameters of Raster to road vector as a job."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import QgsProcessingAlgorithm, QgsProcessingContext

from ..engine import jobs
from .parameters import is_given
from .vectorising_names import VectorisingNames


def vectorising_job(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> jobs.RasterToRoadVector:
    """Return the job that ``parameters`` describe, without its layers; they are free of contradictions."""
    names = VectorisingNames

    def value(name: str) -> float:
        return algorithm.parameterAsDouble(parameters, name, context)

    def text(name: str) -> str:
        return algorithm.parameterAsString(parameters, name, context).strip() if is_given(parameters, name) else ""

    graphml = algorithm.parameterAsFileOutput(parameters, names.GRAPHML, context) if is_given(parameters, names.GRAPHML) else ""
    return jobs.RasterToRoadVector(
        road_label=text(names.ROAD_LABEL),
        threshold=value(names.THRESHOLD) if is_given(parameters, names.THRESHOLD) else None,
        low_threshold=value(names.LOW_THRESHOLD) if is_given(parameters, names.LOW_THRESHOLD) else None,
        min_dangle=value(names.MIN_DANGLE),
        max_gap=value(names.MAX_GAP),
        min_gap_probability=value(names.MIN_GAP_PROBABILITY),
        min_component=value(names.MIN_COMPONENT),
        merge_carriageways=value(names.MERGE_CARRIAGEWAYS),
        smoothing=value(names.SMOOTHING),
        simplify=value(names.SIMPLIFY),
        travel_times=algorithm.parameterAsBool(parameters, names.TRAVEL_TIMES, context),
        scheduler=text(names.SCHEDULER),
        graphml=str(Path(graphml).absolute()) if graphml else "",
    )
