"""Reading a training data folder: ours, ArcGIS's, or images and masks as public data sets ship them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import EngineError
from ..metadata_files import MAP_FILE, read_map
from ..statistics import BandStatistics
from .cell_size import find_cell_size
from .chip import Chip, ReadingRules, different_sizes, read_chip
from .chip_statistics import count_statistics
from .classified_metadata import Metadata, class_coding, default_class_names, read_metadata
from .image_file import has_alpha, opened
from .mask_survey import survey
from .placement import Listing, header, place_chips, sample
from .public_layouts import find_pairs
from .road_label import RoadLabel, parse_road_label
from .unnamed_classes import unnamed_classes

__all__ = ["Chip", "TrainingFolder", "open_training_folder", "read_chip"]

#: Chips whose size is held against the metadata.
_SIZE_CHIPS = 8


@dataclass(frozen=True)
class TrainingFolder:
    """What a training data folder holds.

    Attributes:
        bands: 1-based bands of the source raster the chips were cut from.
        tile_size: pixels; the shorter side of the smallest chip looked at. cell_metres: x and y size of a pixel.
        georeferenced: whether the place of every chip is known.
        cell_size_known: whether ``cell_metres`` was measured, stored or given; otherwise it is a mere 1 m.
        dtype: NumPy name of the pixels' type.
        stretch: what the chips' 8 bits were made of the source with, as ``roadsmith.json`` holds it; None for source values.
        class_names: by class value, background left out.
        remarks: what the user should know; sentences.
    """

    path: Path
    chips: list[Chip]
    band_count: int
    bands: list[int]
    tile_size: int
    cell_metres: tuple[float, float]
    band_statistics: list[BandStatistics]
    attribution: str
    georeferenced: bool = True
    cell_size_known: bool = True
    dtype: str = "uint8"
    stretch: dict[str, Any] | None = None
    class_names: dict[int, str] = field(default_factory=default_class_names)
    remarks: list[str] = field(default_factory=list)


def open_training_folder(path: str | Path, road_label: str = "", cell_size: float = 0.0) -> TrainingFolder:
    """Read the metadata of a training data folder; chips are opened only where the metadata leave something open.

    Args:
        path: a folder with ``map.txt`` (ours or ArcGIS's Classified Tiles), or with pairs of images and masks; see
            ``public_layouts``.
        road_label: what is road: class values or names (``1``, ``1,3``, ``primary``), grey values, or a colour (``#ff0000``);
            empty for all that is no background, where that is beyond doubt.
        cell_size: metres per pixel of chips without georeference, 0 for what the folder says, else 1 m.

    Raises:
        EngineError: it is no training data folder, is empty, names chips that are not there, or leaves open what is road.
    """
    folder = Path(path)
    if folder.is_file():
        raise EngineError(f"{folder} is a file: choose the folder that Export Training Data made.")
    if not folder.is_dir():
        raise EngineError(f"The training data folder {folder} does not exist: choose the folder that Export Training Data made.")
    wanted = parse_road_label(road_label)
    listing = Listing(folder)
    if listing.actual_name(folder, MAP_FILE) is not None:
        return _open_classified(folder, listing, wanted, cell_size)
    return _open_public(folder, listing, wanted, cell_size)


def _open_classified(folder: Path, listing: Listing, wanted: RoadLabel, cell_size: float) -> TrainingFolder:
    remarks: list[str] = []
    pairs = _mapped_chips(folder, listing, remarks)
    metadata = read_metadata(folder)
    coding, class_remarks = class_coding(metadata, wanted)
    if not (wanted or metadata.class_names):
        coding, class_remarks = unnamed_classes(folder, [label for _, label in pairs], coding.ignored)
    remarks += class_remarks
    images = [image for image, _ in pairs]
    drop_alpha = _is_transparency(images[0], metadata, remarks)
    rules = ReadingRules(coding, drop_alpha)
    first, _ = read_chip(Chip(*pairs[0], None, rules))
    shape = first.shape[1:]
    looked_at = sample(len(images), _SIZE_CHIPS)
    uniform = metadata.tile_shape == shape and all(header(images[place])[:2] == shape for place in looked_at)
    sizes = [(shape[0], shape[1])] * len(pairs) if uniform else _sizes(pairs)
    return _assembled(folder, listing, pairs, sizes, rules, first, metadata, cell_size, remarks)


def _open_public(folder: Path, listing: Listing, wanted: RoadLabel, cell_size: float) -> TrainingFolder:
    found = find_pairs(folder)
    pairs = list(zip(found.images, found.masks))
    remarks = list(found.remarks)
    sizes = _sizes(pairs)
    coding, mask_remarks = survey(folder, found.masks, wanted)
    remarks += mask_remarks
    metadata = Metadata(folder, {}, {}, {})
    rules = ReadingRules(coding, _is_transparency(found.images[0], metadata, remarks), ignore_blank=True)
    first, _ = read_chip(Chip(*pairs[0], None, rules))
    return _assembled(folder, listing, pairs, sizes, rules, first, metadata, cell_size, remarks)


def _assembled(
    folder: Path, listing: Listing, pairs: Sequence[tuple[Path, Path]], sizes: Sequence[tuple[int, int]], rules: ReadingRules,
    first: np.ndarray, metadata: Metadata, cell_size: float, remarks: list[str],
) -> TrainingFolder:
    rules = replace(rules, dtype=first.dtype.name)
    bounds = place_chips([image for image, _ in pairs], listing, sizes)
    chips = [Chip(image, label, place, rules) for (image, label), place in zip(pairs, bounds)]
    cell_metres, known = find_cell_size(chips, listing, metadata, cell_size, remarks)
    count, extras = len(first), metadata.extras
    statistics = metadata.band_statistics(count) or [band.statistics for band in count_statistics(chips, count)]
    stretch = extras.get("stretch")
    return TrainingFolder(
        path=folder,
        chips=chips,
        band_count=count,
        bands=_bands(extras, count),
        tile_size=min(min(size) for size in sizes),
        cell_metres=cell_metres,
        band_statistics=statistics,
        attribution=str(extras.get("attribution", "")),
        georeferenced=all(place is not None for place in bounds),
        cell_size_known=known,
        dtype=first.dtype.name,
        stretch=stretch if isinstance(stretch, dict) else None,
        class_names=metadata.class_names or default_class_names(),
        remarks=remarks,
    )


def _mapped_chips(folder: Path, listing: Listing, remarks: list[str]) -> list[tuple[Path, Path]]:
    """Return the files that the map names, each pair once."""
    named = read_map(folder)
    if not named:
        raise EngineError(f"The training data folder {folder} holds no chips: export again, with roads inside the raster.")
    found = [(listing.find(image), listing.find(label)) for image, label in named]
    missing = [name for names, files in zip(named, found) for name, file in zip(names, files) if file is None]
    if missing:
        raise EngineError(f"{folder} lacks {len(missing)} file(s) that its {MAP_FILE} names, first {missing[0]}: export again.")
    pairs = list(dict.fromkeys((image, label) for image, label in found if image is not None and label is not None))
    if len(pairs) < len(found):
        remarks.append(f"{folder / MAP_FILE} names {len(found) - len(pairs)} chip(s) twice: each counts once.")
    return pairs


def _sizes(pairs: Sequence[tuple[Path, Path]]) -> list[tuple[int, int]]:
    """Return (height, width) of every image from its header; of large data sets a sample is read, the rest taken as the smallest.

    Raises:
        EngineError: an image and its mask differ in size.
    """
    known: dict[int, tuple[int, int]] = {}
    for number in sample(len(pairs)):
        image, label = pairs[number]
        shape, label_shape = header(image)[:2], header(label)[:2]
        if shape != label_shape:
            raise EngineError(different_sizes(image, shape, label, label_shape))
        known[number] = shape
    smallest = min(known.values(), key=lambda shape: (min(shape), max(shape)))
    return [known.get(number, smallest) for number in range(len(pairs))]


def _is_transparency(image: Path, metadata: Metadata, remarks: list[str]) -> bool:
    """Whether a band marked as alpha is that: GDAL marks any fourth band of an 8-bit TIFF so, infrared as well."""
    with opened(image) as dataset:
        if not has_alpha(dataset):
            return True
        stored = metadata.extras.get("bands")
        if isinstance(stored, list):
            return len(stored) < dataset.count
        if dataset.driver == "PNG":
            return True
        band = next(number for number, meaning in enumerate(dataset.colorinterp, 1) if meaning.name == "alpha")
        values = np.unique(dataset.read(band))
        opaque = np.iinfo(values.dtype).max if values.dtype.kind in "iu" else 1
        if set(values.tolist()) <= {0, opaque}:
            return True
    remarks.append(f"Band {band} of {image} is marked as alpha but holds imagery: it is used as an image band.")
    return False


def _bands(extras: dict[str, Any], band_count: int) -> list[int]:
    bands = extras.get("bands")
    if isinstance(bands, list) and len(bands) == band_count and all(isinstance(band, int) and band > 0 for band in bands):
        return bands
    return list(range(1, band_count + 1))
