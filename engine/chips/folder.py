"""Reading a training data folder, ours or ArcGIS's."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from rasterio.errors import NotGeoreferencedWarning, RasterioError, RasterioIOError

from ..errors import EngineError
from ..raster.source import RasterSource
from .classified_tiles import ACCUMULATED_FILE, MAP_FILE, NODATA_LABEL, ROADSMITH_FILE, read_json, read_map
from .statistics import BandAccumulator, BandStatistics

_WORLD_FILE_SUFFIXES = (".tfw", ".pgw", ".jgw", ".wld", ".tifw", ".jpgw", ".pngw")


@dataclass(frozen=True)
class Chip:
    """One image chip and its label.

    Attributes:
        bounds: left, bottom, right, top in map units, for splits that keep neighbours together; None if unknown.
    """

    image: Path
    label: Path
    bounds: tuple[float, float, float, float] | None


@dataclass(frozen=True)
class TrainingFolder:
    """What a training data folder holds.

    Attributes:
        bands: 1-based bands of the source raster the chips were cut from.
        tile_size: pixels. cell_metres: x and y size of a pixel.
    """

    path: Path
    chips: list[Chip]
    band_count: int
    bands: list[int]
    tile_size: int
    cell_metres: tuple[float, float]
    band_statistics: list[BandStatistics]
    attribution: str


def open_training_folder(path: str | Path) -> TrainingFolder:
    """Read the metadata of a training data folder.

    Raises:
        EngineError: it is no training data folder, is empty, or names chips that are not there.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise EngineError(f"The training data folder {folder} does not exist: choose the folder that Export Training Data made.")
    if not (folder / MAP_FILE).is_file():
        raise EngineError(
            f"{folder} is no training data folder: it holds no {MAP_FILE}. "
            "Choose a folder written by Export Training Data here or in ArcGIS (Classified Tiles)."
        )
    pairs = read_map(folder)
    if not pairs:
        raise EngineError(f"The training data folder {folder} holds no chips: export again, with roads inside the raster.")
    missing = [name for pair in pairs for name in pair if not (folder / name).is_file()]
    if missing:
        raise EngineError(f"{folder} lacks {len(missing)} file(s) that its {MAP_FILE} names, first {missing[0]}: export again.")
    first_image, _ = read_chip(Chip(folder / pairs[0][0], folder / pairs[0][1], None))
    band_count, tile_size = first_image.shape[0], first_image.shape[1]
    chips = [Chip(folder / image, folder / label, _bounds(folder / image, tile_size)) for image, label in pairs]
    extras = read_json(folder / ROADSMITH_FILE) if (folder / ROADSMITH_FILE).is_file() else {}
    return TrainingFolder(
        path=folder,
        chips=chips,
        band_count=band_count,
        bands=_bands(extras, band_count),
        tile_size=tile_size,
        cell_metres=_cell_metres(extras, chips[0].image),
        band_statistics=_band_statistics(folder, chips, band_count),
        attribution=str(extras.get("attribution", "")),
    )


def read_chip(chip: Chip) -> tuple[np.ndarray, np.ndarray]:
    """Read one chip.

    Returns:
        Image (bands, height, width) in its own dtype, and label (height, width) uint8: 0 background, 1 road, 255 ignore.

    Raises:
        EngineError: a file is damaged, or image and label differ in size.
    """
    image = _read_file(chip.image)[0]
    label_bands, nodata = _read_file(chip.label)
    values = label_bands[0]
    if values.shape != image.shape[1:]:
        raise EngineError(f"The label {chip.label} is {values.shape} pixels, its image {image.shape[1:]}: they must be equal.")
    label = (values != 0).astype(np.uint8)
    if nodata is not None and nodata != 0:
        label[values == nodata] = NODATA_LABEL
    return image, label


def _read_file(path: Path) -> tuple[np.ndarray, float | None]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with rasterio.open(path) as dataset:
                return dataset.read(), dataset.nodata
    except (RasterioIOError, RasterioError) as error:
        raise EngineError(f"The chip {path} cannot be read: export the training data again ({error}).") from error


def _bounds(image: Path, tile_size: int) -> tuple[float, float, float, float] | None:
    """Return the chip's map rectangle from its world file (fast), else from the image itself."""
    for suffix in _WORLD_FILE_SUFFIXES:
        world_file = image.with_suffix(suffix)
        if world_file.is_file():
            try:
                a, d, b, e, c, f = (float(word) for word in world_file.read_text().split()[:6])
            except ValueError:
                return None
            # a world file gives the centre of the first pixel
            return _rectangle(Affine(a, b, c, d, e, f) * Affine.translation(-0.5, -0.5), tile_size)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with rasterio.open(image) as dataset:
                transform = dataset.transform
    except RasterioError as error:
        raise EngineError(f"The chip {image} cannot be read: export the training data again ({error}).") from error
    return None if transform == Affine.identity() else _rectangle(transform, tile_size)


def _rectangle(transform: Affine, size: int) -> tuple[float, float, float, float]:
    corners = [transform * (column, row) for column in (0, size) for row in (0, size)]
    xs, ys = [corner[0] for corner in corners], [corner[1] for corner in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _bands(extras: dict[str, Any], band_count: int) -> list[int]:
    bands = extras.get("bands")
    if isinstance(bands, list) and len(bands) == band_count and all(isinstance(band, int) and band > 0 for band in bands):
        return bands
    return list(range(1, band_count + 1))


def _cell_metres(extras: dict[str, Any], image: Path) -> tuple[float, float]:
    stored = extras.get("cell_metres")
    if isinstance(stored, list) and len(stored) == 2 and all(isinstance(size, (int, float)) and size > 0 for size in stored):
        return float(stored[0]), float(stored[1])
    with RasterSource(image, needs_crs=False) as source:
        return source.cell_metres


def _band_statistics(folder: Path, chips: list[Chip], band_count: int) -> list[BandStatistics]:
    """Return the stored statistics, or count them from the chips where there are none."""
    if (folder / ACCUMULATED_FILE).is_file():
        states = read_json(folder / ACCUMULATED_FILE).get("BandStatsState")
        if isinstance(states, list) and len(states) == 2 and isinstance(states[0], list):
            states = states[0]  # a second raster's statistics stand in a second list
        if isinstance(states, list) and len(states) == band_count and all(isinstance(state, dict) for state in states):
            stored = [BandAccumulator(state).statistics for state in states]
            if all(figures.std > 0 for figures in stored):
                return stored
    bands = [BandAccumulator() for _ in range(band_count)]
    for chip in chips:
        image, label = read_chip(chip)
        for band, values in zip(bands, image):
            band.add(values[label != NODATA_LABEL])
    return [band.statistics for band in bands]
