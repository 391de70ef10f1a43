"""Tiny training data of pairs of images and masks, and the training of them; weights as the standard library reads them."""

import array
import json
from pathlib import Path

from osgeo import gdal

from .samples import TRAIN, run

SIDE = 64
#: Road on two stripes of eight pixels, where the imagery is brighter.
STRIPES = [1] * 8 + [0] * 24 + [1] * 8 + [0] * 24


def write_pairs(folder, count=5, side=SIDE, bands=3, mask=None, name=""):
    """Write PNG pairs whose masks have the values ``mask`` (STRIPES) in every row; return the folder as text."""
    picture_row, mask = (row * (side // SIDE) for row in (STRIPES, STRIPES if mask is None else mask))
    picture = gdal.GetDriverByName("MEM").Create("", side, side, bands)
    label = gdal.GetDriverByName("MEM").Create("", side, side, 1)
    for band in range(1, bands + 1):
        picture.GetRasterBand(band).WriteRaster(0, 0, side, side, bytes(90 + 60 * value for value in picture_row) * side)
    label.GetRasterBand(1).WriteRaster(0, 0, side, side, bytes(mask) * side)
    for kind, data in (("images", picture), ("masks", label)):
        (folder / kind).mkdir(parents=True, exist_ok=True)
        for number in range(count):
            gdal.GetDriverByName("PNG").CreateCopy(str(folder / kind / f"{name}{number}.png"), data)
    return str(folder)


def train(data, output, feedback, **options):
    """Train for an epoch on folders as ``write_pairs`` makes them."""
    parameters = {**TRAIN, "TRAINING_DATA": data, "SPLIT": "random", "OUTPUT": str(output), **options}
    return run("trainroadextractor", parameters, feedback)


def definition(result):
    """Return what a package says in Roadsmith's own key."""
    return json.loads(Path(result["MODEL"]).with_suffix(".emd").read_text())["Roadsmith"]


def weights(path):
    """Return the float32 tensors of a .safetensors file by name, flat."""
    content = Path(path).read_bytes()
    start = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:start])
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            first, last = entry["data_offsets"]
            tensors[name] = array.array("f", content[start + first : start + last])
    return tensors


def model_weights(result):
    """Return those of a trained model."""
    return weights(Path(result["MODEL"]).with_suffix(".safetensors"))
