"""Training data folders joined into one set, and the reading of its chips."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np

from ..chips.reading.folder import Chip, TrainingFolder, open_training_folder, read_chip
from ..errors import EngineError
from ..reporter import Reporter
from .alike import check_alike

#: Decoded chips are kept in memory up to this much, so that small data sets are read from disk once.
_CACHE_BYTES = 2**30


@dataclass(frozen=True)
class TrainingData:
    """All chips of one or more folders, and what a model must know about them.

    Attributes:
        folders: for every chip the number of its folder, those to validate on coming after those to train on.
        band_means, band_stds: over all chips, in the chips' units.
        stretch: what the chips' 8 bits were made of the source with, as ``roadsmith.json`` holds it; None for source values.
    """

    chips: list[Chip]
    folders: list[int]
    bands: list[int]
    tile_size: int
    cell_metres: tuple[float, float]
    band_means: list[float]
    band_stds: list[float]
    attribution: str
    stretch: dict[str, Any] | None = None


def gather(
    paths: Sequence[str], reporter: Reporter, road_label: str = "", cell_size: float = 0.0, validation: Sequence[str] = (),
) -> TrainingData:
    """Open the folders, of whatever kinds, and join them.

    Args:
        road_label, cell_size: of all folders; see ``open_training_folder``.
        validation: folders that are not trained on: their chips come last, tile size and statistics are the others'.

    Raises:
        EngineError: a folder cannot be read, or no one model can learn from all of them: other numbers of bands, 8 bits and
            more, stretched and not.
    """
    if not paths:
        raise EngineError("No training data folder was given: choose one that Export Training Data made.")
    numbers = [*_each_once(paths, reporter), *(len(paths) + number for number in _each_once(validation, reporter))]
    every = [*paths, *validation]
    folders = [open_training_folder(every[number], road_label, cell_size) for number in numbers]
    for path in {os.path.realpath(each) for each in paths} & {os.path.realpath(each) for each in validation}:
        reporter.warning(f"{path} is given to train and to validate: the scores will be those of learning by heart.")
    for folder in folders:
        for remark in folder.remarks:
            reporter.warning(remark)
    first = folders[0]
    for other in folders[1:]:
        check_alike(first, other, reporter)
    learned = [folder for number, folder in zip(numbers, folders) if number < len(paths)]
    means, stds = _joint_statistics(learned)
    _check_spread(stds, learned, reporter)
    return TrainingData(
        chips=[chip for folder in folders for chip in folder.chips],
        folders=[number for number, folder in zip(numbers, folders) for _ in folder.chips],
        bands=list(first.bands),
        tile_size=min(folder.tile_size for folder in learned),
        cell_metres=first.cell_metres,
        band_means=means,
        band_stds=stds,
        attribution="; ".join(dict.fromkeys(folder.attribution for folder in folders if folder.attribution)),
        stretch=first.stretch,
    )


def _each_once(paths: Sequence[str], reporter: Reporter) -> list[int]:
    """Return the numbers of the folders without repetitions: a chip that is there twice could train and validate at once."""
    once: dict[str, int] = {}
    for number, path in enumerate(paths):
        actual = os.path.realpath(path)
        if actual in once:
            reporter.warning(f"{path} is given twice: it counts once.")
        once.setdefault(actual, number)
    return list(once.values())


def _check_spread(stds: Sequence[float], folders: Sequence[TrainingFolder], reporter: Reporter) -> None:
    """Raise an ``EngineError`` if every pixel looks alike; warn if every pixel of a band does."""
    flat = [str(number) for number, std in enumerate(stds, 1) if std == 0]
    where = ", ".join(str(folder.path) for folder in folders)
    if len(flat) == len(stds):
        raise EngineError(
            f"All pixels of the chips of {where} have the same value, so there is nothing to learn from: check the raster and "
            "the stretch, and export the training data again."
        )
    if flat:
        reporter.warning(f"Band {', '.join(flat)} of the chips of {where} has the same value everywhere: it teaches nothing.")


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
