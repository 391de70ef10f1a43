"""Writing what was matched, missed and extra as three layers of one GeoPackage."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyogrio.raw
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, GeometryError

from ..errors import EngineError
from ..raster.writing import atomic_output
from ..reporter import Reporter
from .buffer_scores import BufferScores, Pieces
from .network_layers import NetworkPair

#: QGIS 3.22 warns about newer ones.
_GEOPACKAGE_VERSION = "1.2"


def write_layers(output: Path, run_id: str, scores: BufferScores, pair: NetworkPair, reporter: Reporter) -> None:
    """Write the layers ``matched``, ``missed`` and ``extra`` in the reference's coordinate system, complete or not at all.

    Every line has ``length_m`` (metres on the ellipsoid) and ``source_id``, the feature it is part of: of the reference for
    ``missed``, else of the roads.

    Raises:
        EngineError: the file cannot be written.
        Cancelled: the user asked to stop.
    """
    with atomic_output(output, run_id) as partial:
        try:
            for number, (layer, pieces) in enumerate(
                (("matched", scores.matched), ("missed", scores.missed), ("extra", scores.extra))
            ):
                reporter.progress(number, 3)
                _write_layer(partial, layer, pieces, pair, append=number > 0)
        except (DataSourceError, DataLayerError, GeometryError) as error:
            raise EngineError(f"The matched and missed roads cannot be written to {output}: {error}.", "disk") from error
        reporter.check_cancelled()


def _write_layer(path: Path, layer: str, pieces: Pieces, pair: NetworkPair, append: bool) -> None:
    pyogrio.raw.write(
        str(path),
        geometry=np.asarray(shapely.to_wkb(pair.to_reference_crs(pieces.lines)), dtype=object),
        field_data=[pieces.lengths, pieces.ids],
        fields=["length_m", "source_id"],
        layer=layer,
        driver="GPKG",
        geometry_type="LineString",
        crs=pair.reference_crs.to_wkt() if pair.reference_crs is not None else None,
        append=append,
        dataset_options=None if append else {"VERSION": _GEOPACKAGE_VERSION},
    )
