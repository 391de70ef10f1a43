"""Ways to run an export in the tests, and to look at what came out."""

from __future__ import annotations

import json

import numpy as np
import pyogrio
import rasterio
import shapely
from roadsmith.engine.chips.exporting.export import export_training_data
from roadsmith.engine.jobs import ExportTrainingData
from roadsmith.engine.reporter import Reporter


def export(raster, labels, output, reporter=None, **options):
    options = {"tile_size": 64, "stride": 64, "road_width": 10.0, **options}
    job = ExportTrainingData(raster=str(raster), labels=str(labels or ""), output_folder=str(output), **options)
    return export_training_data(job, reporter or Reporter())


def write_features(path, geometries, geometry_type="LineString", crs="EPSG:32633", **columns):
    """Write geometries with fields to a GeoPackage."""
    blobs = shapely.to_wkb(np.array(geometries, dtype=object))
    fields = {"source_id": np.arange(100, 100 + len(geometries)), **{name: np.array(each) for name, each in columns.items()}}
    pyogrio.raw.write(
        path, blobs, list(fields.values()), list(fields), layer="roads", geometry_type=geometry_type, crs=crs, driver="GPKG"
    )
    return path


def labels_of(folder):
    """Return {stem: label} of a training data folder."""
    result = {}
    for path in sorted((folder / "labels").glob("*.tif")):
        with rasterio.open(path) as file:
            result[path.stem] = file.read(1)
    return result


def images_of(folder):
    """Return {stem: image}."""
    result = {}
    for path in sorted((folder / "images").iterdir()):
        if path.suffix in (".tif", ".png", ".jpg"):
            with rasterio.open(path) as file:
                result[path.stem] = file.read()
    return result


def contents(folder):
    """Return {relative path: bytes} of all files."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def record(folder, name="roadsmith.json"):
    return json.loads((folder / name).read_text())
