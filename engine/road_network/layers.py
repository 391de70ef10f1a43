"""Writing the network: roads, nodes and gaps as three layers of one GeoPackage."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyogrio.raw
import pyproj
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, GeometryError

from ..errors import EngineError
from ..raster.writing import atomic_output
from ..reporter import Reporter

#: Shapely geometries in map coordinates, and their columns, all (features,).
Features = tuple[np.ndarray, dict[str, np.ndarray]]
#: QGIS 3.22 warns about newer ones.
_GEOPACKAGE_VERSION = "1.2"


def write_network(
    output: Path,
    run_id: str,
    crs: pyproj.CRS,
    roads: Features,
    nodes: Features,
    gaps: Features,
    reporter: Reporter,
) -> None:
    """Write roads and gaps (lines) and nodes (points) to ``output``, complete or not at all; each may be empty.

    A bool column becomes a boolean field, which QGIS shows as a tick and takes as a condition as it is (``"bridged"``).

    Raises:
        EngineError: the file cannot be written.
        Cancelled: the user asked to stop.
    """
    with atomic_output(output, run_id) as partial:
        try:
            _write_layer(partial, "roads", "LineString", crs, *roads, append=False)
            reporter.check_cancelled()
            _write_layer(partial, "nodes", "Point", crs, *nodes, append=True)
            reporter.check_cancelled()
            _write_layer(partial, "gaps", "LineString", crs, *gaps, append=True)
        except (DataSourceError, DataLayerError, GeometryError) as error:
            raise EngineError(f"The road network cannot be written to {output}: {error}.", "disk") from error
        reporter.check_cancelled()


def _write_layer(
    path: Path, layer: str, kind: str, crs: pyproj.CRS, geometries: np.ndarray, columns: dict[str, np.ndarray], append: bool
) -> None:
    pyogrio.raw.write(
        str(path),
        geometry=np.asarray(shapely.to_wkb(geometries), dtype=object),
        field_data=list(columns.values()),
        fields=list(columns),
        layer=layer,
        driver="GPKG",
        geometry_type=kind,
        crs=crs.to_wkt(),
        append=append,
        dataset_options=None if append else {"VERSION": _GEOPACKAGE_VERSION},
    )
