"""Makes a training data folder byte for byte as ArcGIS Pro lays it out ("Classified Tiles"), from the sample imagery."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from rasterio.errors import NotGeoreferencedWarning

from ...conftest import SAMPLES

CRS = "EPSG:26986"
ORIGIN = 105000.0, 880000.0
#: Candidate positions ArcGIS counted and skipped leave gaps.
NUMBERS = 0, 3, 4, 17, 38400
ROAD = {"Value": 1, "Name": "road", "Color": [-1, -1, -1]}
_REFERENCE = {"wkid": 26986, "latestWkid": 26986}
_PLACEHOLDERS = {
    "Framework": "e.g. TensorFlow, Keras, PyTorch", "ModelConfiguration": "e.g. MaskRCNN_Inception",
    "ModelType": "e.g. ImageClassification", "ModelFile": "e.g. .\\model.pb", "Description": "e.g. describe the model",
    "ExtractBands": "e.g. [0, 1, 2]", "DataRange": "e.g. [0.0, 1.0]", "ModelPadding": "e.g. 64", "BatchSize": "e.g. 8",
    "PerProcessGPUMemoryFraction": "e.g. 0.8",
    "WellKnownBandNames (FYI, list of supported names)": ["Red", "Green", "Blue", "NearInfrared", "QA"],
}


def sample_chips(size, count):
    """Cuts of the sample tile: images (3, size, size) uint8 and roads (size, size) bool, all with roads, with their places."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(SAMPLES / "massachusetts_tile.jpg") as file:
            image = file.read()
        with rasterio.open(SAMPLES / "massachusetts_tile_mask.png") as file:
            road = file.read(1) > 0
    places = [(row, column) for row in range(0, 1500 - size, size) for column in range(0, 1500 - size, size)]
    found = [(row, column) for row, column in places if 0.05 < road[row : row + size, column : column + size].mean() < 0.6]
    return [
        (image[:, row : row + size, column : column + size], road[row : row + size, column : column + size], row, column)
        for row, column in found[:count]
    ]


def build_arcgis_folder(
    folder, size=64, digits=9, classes=(ROAD,), values=(1,), label_dtype="uint16", second=False, features=True, names="emd",
    states="list", separator="  ", line_end="\r\n", bom=False, height_as_text=False, suffix=".tif", turn=0.0,
):
    """Write the folder; return the images and labels (class values) as they were written, in the map's order.

    Args:
        values: class values of the chips' roads, in turn. second: with an ``images2`` column and the second raster's records.
        features: ``FeatureStats``, otherwise ``ClassPixelStats``. states: ``list``, ``nested``, ``suffixed`` or ``none``.
    """
    for kind in ("images", "labels", *(("images2",) if second else ())):
        (folder / kind).mkdir(parents=True)
    written, lines = [], []
    for place, (image, road, row, column) in enumerate(sample_chips(size, len(NUMBERS))):
        name = f"{NUMBERS[place]:0{digits}d}{suffix}"
        transform = Affine.translation(ORIGIN[0] + column, ORIGIN[1] - row) * Affine.rotation(turn) * Affine.scale(1, -1)
        label = (road * values[place % len(values)]).astype(label_dtype)
        _write(folder / "images" / name, image, transform)
        _write(folder / "labels" / name, label[None], transform)
        (folder / "labels" / f"{name}.aux.xml").write_text("<PAMDataset><Metadata/></PAMDataset>")
        if second:
            _write(folder / "images2" / name, image[:1], transform)
        columns = " ".join(f"{kind}\\{name}" for kind in (("images", "images2") if second else ("images",)))
        lines.append(f"{columns}{separator}labels\\{name}")
        written.append((image, label))
    text = "".join(line + line_end for line in lines)
    (folder / "map.txt").write_bytes((b"\xef\xbb\xbf" if bom else b"") + text.encode())
    images = np.stack([image for image, _ in written])
    (folder / "stats.txt").write_bytes(_stats_text(images).encode())
    template = _template(images, classes, size, second, height_as_text)
    (folder / "esri_model_definition.emd").write_text(json.dumps(template, indent=4))
    (folder / "esri_accumulated_stats.json").write_text(
        json.dumps(_accumulated(images, classes, size, second, features, states))
    )
    return written


def _write(path: Path, pixels, transform):
    with rasterio.open(
        path, "w", driver="GTiff", count=len(pixels), dtype=pixels.dtype, height=pixels.shape[1], width=pixels.shape[2],
        crs=CRS, transform=transform,
    ) as file:
        file.write(pixels)
    x, y = transform * (0.5, 0.5)
    figures = (transform.a, transform.d, transform.b, transform.e, x, y)
    tail = ".TFW" if path.suffix.isupper() else ".tfw"
    path.with_suffix(tail).write_bytes("".join(f"{figure:.10f}\r\n" for figure in figures).encode())


def _cell():
    return {"x": 1.0, "y": 1.0, "spatialReference": _REFERENCE}


def _raster(bands):
    return {"RasterCount": 1, "SensorName": "", "BandNames": [f"Band_{number}" for number in range(1, bands + 1)]}


def _template(images, classes, size, second, height_as_text):
    figures = [
        {"BandName": f"Band_{number}", "Min": float(band.min()), "Max": float(band.max()), "Mean": float(band.mean()),
         "StdDev": float(band.std())}
        for number, band in enumerate(np.moveaxis(images, 1, 0), 1)
    ]
    side = f"e.g. {size}" if height_as_text else size
    return {
        **_PLACEHOLDERS, "ImageHeight": side, "ImageWidth": side, "MetaDataMode": "Classified_Tiles",
        "BlackenAroundFeature": False, "IsMultidimensional": False, "CropTileMode": "Fixed_Size", "ImageSpaceUsed": "MAP_SPACE",
        "MinCellSize": _cell(), "MaxCellSize": _cell(), "Classes": list(classes), "InputRastersProps": _raster(3),
        "AllTilesStats": figures,
        **({"InputRastersProps2": _raster(1), "AllTilesStats2": figures[:1]} if second else {}),
    }


def _state(band):
    values = band.astype(np.float64)
    return {
        "Min": values.min(), "Max": values.max(), "Mean": 0, "StdDev": 0, "M1": values.mean(),
        "M2": float(((values - values.mean()) ** 2).sum()), "Num": values.size,
    }


def _range(values):
    return {
        "Min": float(min(values)), "Max": float(max(values)), "Mean": float(np.mean(values)), "Sum": float(sum(values)),
        "Count": len(values),
    }


def _accumulated(images, classes, size, second, features, states):
    count, kinds = len(images), len(classes)
    own = [_state(band) for band in np.moveaxis(images, 1, 0)]
    other = [own[0]] if second else []
    states_record = {
        "list": {"BandStatsState": own}, "nested": {"BandStatsState": [own, other]},
        "suffixed": {"BandStatsState": own, "BandStatsState2": other}, "none": {},
    }[states]
    if features:
        figures = {"FeatureStats": {
            "NumClasses": kinds, "NumImagesTotal": count, "NumFeaturesTotal": count, "NumImagesPerClass": [count] * kinds,
            "NumFeaturesPerClass": [count] * kinds, "NumFeaturesPerImage": _range([1] * count),
            "FeatureAreaPerClass": [_range([100.0] * count)] * kinds,
        }}
    else:
        figures = {"ClassPixelStats": {
            "NumClasses": kinds, "NumImagesTotal": count, "NumImagesPerClass": [count] * kinds,
            "NumPixelsPerClass": [100 * count] * kinds, "NumClassesPerImage": _range([1] * count),
            "PixelsPerClass": [_range([100.0] * count)] * kinds,
        }}
    return {
        "Version": 1, "NumBands": 3, "TileSizeX": size, "TileSizeY": size, "NumClasses": kinds, "NumTiles": count,
        "NumTilesAsDouble": float(count), "NextTileIndex": NUMBERS[-1] + 1, "OutputFeatures": features,
        "MetaDataMode": "Classified_Tiles", "MinCellSize": _cell(), "MaxCellSize": _cell(),
        "Classes": [
            {"ClassValue": each["Value"], "ClassName": each["Name"], "Color": each.get("Color", [-1, -1, -1])} for each in classes
        ],
        "InputRastersProps": [_raster(3), _raster(1)] if second else [_raster(3)], **states_record, **figures,
    }


def _stats_text(images):
    count, size = len(images), images.shape[-1]
    return "\r\n".join([
        f"images = {count} *3*{size}*{size}", "", "Class feature statistics:", f"features = {count}",
        "features per image = [min = 1, mean = 1.00, max = 1]", "classes = 1",
        "      cls name     cls value        images      features      min size     mean size      max size",
        f"          road             1 {count:>13} {count:>13}        100.00        100.00        100.00", "",
    ])
