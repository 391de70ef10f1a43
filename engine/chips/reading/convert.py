"""Writing any training data folder that can be read as ArcGIS "Classified Tiles"."""

from __future__ import annotations

import json
import shutil
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from rasterio.errors import NotGeoreferencedWarning

from ...errors import EngineError
from ...jobs import new_run_id
from ...raster.writing import atomic_output
from ..classified_tiles import NODATA_LABEL, TileCollection
from ..label_classes import ROAD_VALUE
from ..metadata_files import ACCUMULATED_FILE, MAP_FILE, METADATA_FILES, ROADSMITH_FILE, TEMPLATE_FILE, read_json
from ..statistics import RangeAccumulator
from .chip import Chip, read_chip
from .chip_statistics import count_statistics
from .folder import TrainingFolder
from .image_file import opened
from .placement import Listing, transform_of

#: What ArcGIS lets a user put beside the chips.
_USER_FILES = ("transforms.json",)
_SECOND_RASTER = "images2"
_VIRTUAL = ".vrt"


def write_training_folder(folder: TrainingFolder, target: Path, run_id: str = "") -> None:
    """Write a training data folder as Classified Tiles; read again it gives the same chips in the same order.

    Folders with complete metadata are copied, classes and all: open the copy with the same road label. Of others the images
    are copied under new names, and the labels are written as 0, 1 and 255 (declared nodata), as ``read_chip`` gives them.

    Args:
        target: a new or empty folder; it appears when it is complete. run_id: part of its temporary name.

    Raises:
        EngineError: ``target`` is taken, a chip cannot be read, or the disk refuses.
    """
    if target.is_file() or (target.is_dir() and any(target.iterdir())):
        raise EngineError(f"{target} is not empty: choose a new or empty folder for the training data.")
    with atomic_output(target, run_id or new_run_id()) as partial:
        partial.mkdir()
        if all((folder.path / name).is_file() for name in (MAP_FILE, TEMPLATE_FILE, ACCUMULATED_FILE)):
            _copy(folder, partial)
        else:
            _convert(folder, partial)


def _copy(folder: TrainingFolder, target: Path) -> None:
    """Copy the metadata, and the files of the chips with all that belongs to them."""
    for name in dict.fromkeys((*METADATA_FILES, ROADSMITH_FILE, *_USER_FILES)):
        if (folder.path / name).is_file():
            shutil.copyfile(folder.path / name, target / name)
    stems = {path.stem.casefold() for chip in folder.chips for path in (chip.image, chip.label)}
    parents = {path.parent for chip in folder.chips for path in (chip.image, chip.label)}
    second = folder.path / _SECOND_RASTER
    for parent in sorted({*parents, second} if second.is_dir() else parents):
        copy = target / parent.relative_to(folder.path)
        copy.mkdir(parents=True, exist_ok=True)
        for path in sorted(parent.iterdir()):
            if path.is_file() and any(stem in stems for stem in _stems(path.name.casefold())):
                shutil.copyfile(path, copy / path.name)
    if folder.cell_size_known and not folder.georeferenced:
        extras = read_json(target / ROADSMITH_FILE) if (target / ROADSMITH_FILE).is_file() else {}
        if extras.get("cell_metres") != list(folder.cell_metres):
            _write_json(target / ROADSMITH_FILE, {**extras, "cell_metres": list(folder.cell_metres)})


def _stems(name: str) -> list[str]:
    """Return what a file may belong to: ``a.tif.aux.xml`` to ``a.tif.aux``, ``a.tif`` or ``a``."""
    parts = name.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts))]


def _convert(folder: TrainingFolder, target: Path) -> None:
    """Copy the images, write labels and metadata."""
    for kind in ("images", "labels"):
        (target / kind).mkdir()
    listing = Listing(folder.path)
    first = next((chip for chip in folder.chips if chip.bounds is not None), None)
    cell, wkid = folder.cell_metres, 0
    if first is not None:
        transform = transform_of(first.image, listing)
        cell = float(np.hypot(transform.a, transform.d)), float(np.hypot(transform.b, transform.e))
        with opened(first.image) as dataset:
            wkid = (dataset.crs.to_epsg() or 0) if dataset.crs else 0
    collection = TileCollection(
        folder.band_count, folder.tile_size, cell, wkid, folder.path.name, from_features=False,
        bands=count_statistics(folder.chips, folder.band_count),
    )
    for number, chip in enumerate(folder.chips):
        stem = f"{number:09d}"
        image, label = read_chip(chip)
        if len(image) != folder.band_count:
            raise EngineError(f"The chip {chip.image} has {len(image)} band(s), the others {folder.band_count}: remove it.")
        transform = transform_of(chip.image, listing)
        image_name, label_name = f"images/{stem}{_suffix(chip)}", f"labels/{stem}.tif"
        crs = _copy_image(chip, image, transform, target / image_name)
        _write_tiff(target / label_name, label[None], transform, crs, nodata=NODATA_LABEL)
        sizes = RangeAccumulator()
        if (count := int((label == ROAD_VALUE).sum())):
            sizes.add(count)
        collection.add_chip(image_name, label_name, {ROAD_VALUE: sizes} if count else {}, [])
    collection.next_index = len(folder.chips)
    _write_json(target / ROADSMITH_FILE, _extras(folder))
    collection.write(target)


def _suffix(chip: Chip) -> str:
    suffix = chip.image.suffix.lower()
    return ".tif" if suffix == _VIRTUAL else suffix


def _copy_image(chip: Chip, pixels: np.ndarray, transform: Affine, target: Path) -> Any:
    """Put the image in its place, with what describes it beside; return its coordinate system, None if it has none."""
    with opened(chip.image) as dataset:
        crs = dataset.crs
        beside = [Path(name) for name in dataset.files if Path(name) != chip.image]
    if chip.image.suffix.lower() == _VIRTUAL:
        _write_tiff(target, pixels, transform, crs)
        return crs
    shutil.copyfile(chip.image, target)
    for path in beside:  # world file, .aux.xml, .msk
        tail = path.name[len(chip.image.stem) :] if path.name.startswith(chip.image.stem) else path.suffix
        own = chip.image.suffix
        tail = target.suffix + tail[len(own) :] if tail.startswith(f"{own}.") else tail
        shutil.copyfile(path, target.parent / f"{target.stem}{tail.lower()}")
    return crs


def _write_tiff(path: Path, pixels: np.ndarray, transform: Affine, crs: Any, **options: Any) -> None:
    placed = {} if transform == Affine.identity() else {"transform": transform, "crs": crs, "tfw": "YES"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(
            path, "w", driver="GTiff", compress="deflate", count=len(pixels), dtype=pixels.dtype, height=pixels.shape[1],
            width=pixels.shape[2], **placed, **options,
        ) as file:
            file.write(pixels)


def _extras(folder: TrainingFolder) -> dict[str, Any]:
    record: dict[str, Any] = {
        "format": 1, "source": folder.path.name, "bands": folder.bands, "dtype": folder.dtype, "nodata_label": NODATA_LABEL,
        "attribution": folder.attribution, "stretch": folder.stretch,
    }
    # a size that nobody knows is better asked for again
    return {**record, "cell_metres": list(folder.cell_metres)} if folder.cell_size_known else record


def _write_json(path: Path, record: dict[str, Any]) -> None:
    path.write_text(json.dumps(record, indent=1), encoding="utf-8")
