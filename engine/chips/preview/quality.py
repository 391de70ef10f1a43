"""What training data is like: road shares, widths, places, copies, and whether the labels lie on the roads."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from scipy.ndimage import distance_transform_edt, generate_binary_structure, maximum_filter

from ...raster.skeleton import skeletonise
from ...reporter import Reporter
from ..classified_tiles import NODATA_LABEL
from ..label_classes import ROAD_VALUE
from ..reading.folder import Chip, TrainingFolder, read_chip
from .alignment import Alignment, AlignmentSearch
from .chip_coverage import count_blocks, count_copies, count_overlapping

#: Pixel figures come from at most so many chips, and so many pixels of large chips: half a minute on two slow cores.
SAMPLE_CHIPS, _SAMPLE_PIXELS, _SAMPLE_LEAST = 300, 80_000_000, 16
_CROSS = generate_binary_structure(2, 1)
_FAR = 1_000_000  # pixels between the places given to chips of unknown place


@dataclass(frozen=True)
class ChipMeasures:
    """One sampled chip. ``folder`` and ``index`` say which; shares are of all pixels (ignored) or of the known ones (road).

    Attributes:
        widths: road width at every pixel of the centre lines, pixels, float32.
    """

    folder: int
    index: int
    road_pixels: int
    known_pixels: int
    ignored_share: float
    widths: np.ndarray

    @property
    def road_share(self) -> float:
        """Share of the known pixels that is road, 0 where nothing is known."""
        return self.road_pixels / self.known_pixels if self.known_pixels else 0.0


@dataclass(frozen=True)
class Quality:
    """Figures of the whole training data.

    Attributes:
        chips: the sampled ones, in the order of the folders. total: all chips.
        alignments: of each folder, since each may have been shifted by its own.
        overlapping: chips that share ground with another one of their folder; placed: chips of known place.
        blocks: squares of ``BLOCK_SIDE`` chips a side with chips in them. copies: sampled chips that are there twice.
    """

    chips: list[ChipMeasures]
    total: int
    alignments: list[Alignment]
    placed: int
    overlapping: int
    blocks: int
    copies: int


def sample_chips(folders: Sequence[TrainingFolder], seed: int) -> list[tuple[int, int]]:
    """Return (folder, chip) indices of the chips to measure, ascending: all, or as many as ``SAMPLE_CHIPS`` allows."""
    every = [(number, index) for number, folder in enumerate(folders) for index in range(len(folder.chips))]
    side = max(folder.tile_size for folder in folders)
    most = int(np.clip(_SAMPLE_PIXELS // side**2, _SAMPLE_LEAST, SAMPLE_CHIPS))
    if len(every) <= most:
        return every
    chosen = np.random.default_rng(seed).choice(len(every), most, replace=False)
    return [every[int(position)] for position in np.sort(chosen)]


def measure_quality(folders: Sequence[TrainingFolder], seed: int, reporter: Reporter) -> Quality:
    """Read a sample of the chips and measure them; where all chips lie is counted without reading them.

    Raises:
        EngineError: a chip cannot be read.
    """
    sample = sample_chips(folders, seed)
    searches, measures = [AlignmentSearch() for _ in folders], []
    for done, (number, index) in enumerate(sample, 1):
        chip = folders[number].chips[index]
        image, label = read_chip(chip)
        measures.append(_measure(number, index, label))
        searches[number].add(image, label, _ground(chip, done))
        reporter.progress(done, len(sample), amount=done, unit="chips")
    return Quality(
        chips=measures,
        total=sum(len(folder.chips) for folder in folders),
        alignments=[search.result(seed) for search in searches],
        placed=sum(chip.bounds is not None for folder in folders for chip in folder.chips),
        overlapping=sum(count_overlapping(folder.chips) for folder in folders),
        blocks=sum(count_blocks(folder.chips) for folder in folders),
        copies=count_copies(folders, sample, reporter),
    )


def road_widths(road: np.ndarray) -> np.ndarray:
    """Return the width at every centre-line pixel of a bool mask, pixels, float32: twice the distance to the road's edge.

    Exact for roads along rows and columns, to a pixel for others. Where the chip's rim is nearer than the road's edge the
    width is not known, and left out.
    """
    distance = distance_transform_edt(np.pad(road, 1, mode="edge"))[1:-1, 1:-1]
    centre_line = skeletonise(road)
    # distances are taken between pixel centres: half a pixel too long on either side, unless the centre line has two middles
    beside = np.where(centre_line, 0, distance)
    two_middles = maximum_filter(beside, footprint=_CROSS) >= distance
    rows, columns = np.nonzero(centre_line)
    half = distance[rows, columns]
    to_rim = np.minimum.reduce([rows, columns, road.shape[0] - 1 - rows, road.shape[1] - 1 - columns])
    widths = 2 * half - 1 + two_middles[rows, columns]
    return np.asarray(widths[to_rim >= half], np.float32)


def _measure(number: int, index: int, label: np.ndarray) -> ChipMeasures:
    road = label == ROAD_VALUE
    known = int((label != NODATA_LABEL).sum())
    widths = road_widths(road) if road.any() else np.zeros(0, np.float32)
    return ChipMeasures(number, index, int(road.sum()), known, 1 - known / label.size, widths)


def _ground(chip: Chip, unique: int) -> Affine:
    """Return the chip's place in pixels east and south, as ``AlignmentSearch.add`` takes it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with rasterio.open(chip.image) as dataset:
                transform = dataset.transform
    except RasterioError:
        transform = Affine.identity()
    size = hypot(transform.a, transform.d), hypot(transform.b, transform.e)
    if chip.bounds is None or transform == Affine.identity() or not (size[0] and size[1]):
        return Affine.translation(unique * _FAR, 0)
    return Affine.scale(1 / size[0], -1 / size[1]) * transform


def stem(path: Path, longest: int = 24) -> str:
    """Return a file's name without suffix, its beginning cut off where it is long (the end tells chips apart)."""
    return path.stem if len(path.stem) <= longest else "…" + path.stem[1 - longest :]
