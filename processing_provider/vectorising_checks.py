"""Parameters of Raster to road vector that contradict each other, and text that means nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qgis.core import QgsProcessingAlgorithm, QgsProcessingContext

from .algorithm import tr
from .parameters import is_given
from .scheduler_address import address_problem
from .vectorising_names import VectorisingNames

#: Endings that a GraphML file may have.
_GRAPHML_ENDINGS = (".graphml", ".xml")


def contradictions(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> Iterator[str]:
    """Yield a sentence for each contradiction."""
    names = VectorisingNames
    if is_given(parameters, names.LOW_THRESHOLD) and is_given(parameters, names.THRESHOLD):
        low, high = (
            algorithm.parameterAsDouble(parameters, name, context) for name in (names.LOW_THRESHOLD, names.THRESHOLD)
        )
        if low > high:
            yield tr("The low threshold of {:g} is higher than the threshold of {:g}: choose {:g} at most, or leave it empty."
                     ).format(low, high, high)
    problem = address_problem(algorithm.parameterAsString(parameters, names.SCHEDULER, context).strip())
    if problem:
        yield problem
    if is_given(parameters, names.GRAPHML):
        path = algorithm.parameterAsFileOutput(parameters, names.GRAPHML, context)
        if Path(path).suffix.lower() not in _GRAPHML_ENDINGS:
            yield tr("The graph is written as GraphML: choose a name that ends in .graphml, not {}.").format(path)
