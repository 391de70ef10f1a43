"""Training data folders joined into one set, and the reading of its chips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np

from ..chips.folder import Chip, TrainingFolder, open_training_folder, read_chip
from ..errors import EngineError
from ..reporter import Reporter

#: Decoded chips are kept in memory up to this much, so that small data sets are read from disk once.
_CACHE_BYTES = 2**30
#: Folders whose pixels differ in size by more than this share get a warning.
_CELL_SIZE_WARNING = 0.1


@dataclass(frozen=True)
class TrainingData:
    """All chips of one or more folders, and what a model must know about them.

    Attributes:
        folders: for every chip the number of its folder.
        band_means, band_stds: over all chips, source units.
    """

    chips: list[Chip]
    folders: list[int]
    bands: list[int]
    tile_size: int
    cell_metres: tuple[float, float]
    band_means: list[float]
    band_stds: list[float]
    attribution: str


def gather(paths: Sequence[str], reporter: Reporter) -> TrainingData:
    """Open the folders and join them.

    Raises:
        EngineError: a folder cannot be read, or they differ in their number of bands.
    """
    if not paths:
        raise EngineError("No training data folder was given: choose one that Export Training Data made.")
    folders = [open_training_folder(path) for path in paths]
    first = folders[0]
    for other in folders[1:]:
        if other.band_count != first.band_count:
            raise EngineError(
                f"{first.path} has chips of {first.band_count} band(s), {other.path} of {other.band_count}: "
                "train with folders that have the same bands."
            )
        if any(abs(own / wanted - 1) > _CELL_SIZE_WARNING for own, wanted in zip(other.cell_metres, first.cell_metres)):
            reporter.warning(
                f"{other.path} has pixels of {other.cell_metres[0]:.3g} m, {first.path} of {first.cell_metres[0]:.3g} m: "
                "the model will record the latter, and may find fewer roads at either."
            )
    means, stds = _joint_statistics(folders)
    return TrainingData(
        chips=[chip for folder in folders for chip in folder.chips],
        folders=[number for number, folder in enumerate(folders) for _ in folder.chips],
        bands=list(first.bands),
        tile_size=min(folder.tile_size for folder in folders),
        cell_metres=first.cell_metres,
        band_means=means,
        band_stds=stds,
        attribution="; ".join(dict.fromkeys(folder.attribution for folder in folders if folder.attribution)),
    )


def _joint_statistics(folders: Sequence[TrainingFolder]) -> tuple[list[float], list[float]]:
    """Pool means and standard deviations per band, each folder weighted by its number of chips."""
    weights = np.array([len(folder.chips) for folder in folders], np.float64)
    weights /= weights.sum()
    means = np.array([[band.mean for band in folder.band_statistics] for folder in folders])
    stds = np.array([[band.std for band in folder.band_statistics] for folder in folders])
    mean = weights @ means
    variance = weights @ (stds**2 + means**2) - mean**2
    return mean.tolist(), np.sqrt(np.maximum(variance, 0.0)).tolist()


class ChipReader:
    """Reads chips, and remembers as many as fit into the memory set aside for it. Safe to use from threads."""

    def __init__(self, chips: Sequence[Chip], band_count: int) -> None:
        self._chips, self._band_count = chips, band_count
        self._kept: dict[int, tuple[np.ndarray, np.ndarray]] = {}
        self._bytes_left = _CACHE_BYTES
        self._lock = Lock()

    def read(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        """Return image and label of a chip; see ``read_chip``. They are shared: do not write to them."""
        kept = self._kept.get(index)
        if kept is not None:
            return kept
        image, label = read_chip(self._chips[index])
        if len(image) != self._band_count:
            raise EngineError(
                f"The chip {self._chips[index].image} has {len(image)} band(s), the others {self._band_count}: "
                "export the training data again."
            )
        with self._lock:
            if index not in self._kept and image.nbytes + label.nbytes <= self._bytes_left:
                self._bytes_left -= image.nbytes + label.nbytes
                self._kept[index] = (image, label)
        return image, label

    def has_road(self, index: int) -> bool:
        """Whether the chip's label holds a road pixel."""
        return bool((self.read(index)[1] == 1).any())
