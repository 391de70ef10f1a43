"""Cutting the chips of one block: labels drawn, imagery read, files written, figures counted."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ...raster.grid import Window, WorkingGrid
from ...raster.source import RasterSource
from ...raster.stretch import Stretch
from ...reporter import Reporter
from ..classified_tiles import NODATA_LABEL
from ..statistics import BandAccumulator
from .allowed_area import AllowedArea
from .chip_writer import ChipWriter
from .labels import FeatureNotes, Labels, LabelSource
from .lattice import Block, ChipLattice, Frame
from .turned_read import read_turned


@dataclass(frozen=True)
class Cutting:
    """What all blocks of an export share. Safe to use from threads.

    Attributes:
        first_index: number of the export's first candidate position.
        kept_empty: share (0 to 1) of the chips without a road that is kept.
        max_nodata: share (0 to 1) of a chip that may be without imagery or label.
        ignores_nodata: whether pixels without imagery are 255 in the label; 0 otherwise.
    """

    lattice: ChipLattice
    grid: WorkingGrid
    allowed: AllowedArea
    labels: LabelSource
    writer: ChipWriter
    stretch: Stretch | None
    first_index: int
    kept_empty: float
    max_nodata: float
    ignores_nodata: bool


@dataclass(frozen=True)
class _Candidate:
    index: int
    frame: Frame
    label: np.ndarray


def cut_block(cutting: Cutting, source: RasterSource, block: Block, reporter: Reporter) -> dict[str, Any]:
    """Cut and write the chips of a block.

    Returns:
        JSON: ``chips``, one record each (``read_chip_record`` reads them back); ``without_imagery``, candidates left out for
        it; ``notes`` on features.

    Raises:
        Cancelled: the user asked to stop.
        EngineError: something cannot be read.
    """
    frames = list(cutting.lattice.frames(block))
    allowed = cutting.allowed.allows([frame for _, frame in frames])
    frames = [each for each, fits in zip(frames, allowed) if fits]
    if not frames:
        return {"chips": [], "without_imagery": 0, "notes": _note_record(FeatureNotes())}
    reach = _around([frame.bounds(cutting.grid) for _, frame in frames])
    labels = cutting.labels.within(cutting.lattice.window(block), reach)
    candidates = []
    for index, frame in frames:
        label = labels.label(frame)
        if _has_road(label) or _keeps_empty(cutting, frame):
            candidates.append(_Candidate(index, frame, label))
    chips = []
    without_imagery = 0
    imagery = _Imagery(cutting, source, candidates)
    for candidate in candidates:
        reporter.check_cancelled()
        image, valid = imagery.read(candidate.frame)
        known = valid & (candidate.label != NODATA_LABEL)
        share = np.count_nonzero(known) / known.size
        if 1 - share > cutting.max_nodata:
            without_imagery += 1
            continue
        label = candidate.label
        if share < 1:
            label = np.where(known, label, NODATA_LABEL if cutting.ignores_nodata else 0).astype(np.uint8)
        if _has_road(label) or _keeps_empty(cutting, candidate.frame):
            chips.append(_write(cutting, candidate, image, valid, label, labels))
    return {"chips": chips, "without_imagery": without_imagery, "notes": _note_record(labels.notes)}


class _Imagery:
    """The block's imagery: what its straight chips share is read once."""

    def __init__(self, cutting: Cutting, source: RasterSource, candidates: Sequence[_Candidate]) -> None:
        self._grid, self._source = cutting.grid, source
        straight = [each.frame.window for each in candidates if not each.frame.angle]
        if straight:
            self._window = _around(straight)
            self._pixels, self._valid = source.read(cutting.grid, self._window)

    def read(self, frame: Frame) -> tuple[np.ndarray, np.ndarray]:
        """Return pixels (bands, height, width) and valid (height, width) of a chip."""
        if frame.angle:
            return read_turned(self._source, self._grid, frame)
        top, left = frame.window.row - self._window.row, frame.window.column - self._window.column
        rows, columns = slice(top, top + frame.window.height), slice(left, left + frame.window.width)
        return self._pixels[:, rows, columns], self._valid[rows, columns]


def _write(
    cutting: Cutting, candidate: _Candidate, image: np.ndarray, valid: np.ndarray, label: np.ndarray, labels: Labels
) -> dict[str, Any]:
    if cutting.stretch is not None:
        image = np.where(valid, cutting.stretch.apply(image), 0).astype(np.uint8)
    transform = cutting.grid.transform * candidate.frame.to_grid(cutting.grid)
    names = cutting.writer.write(f"{cutting.first_index + candidate.index:09d}", transform, image, label)
    bands = []
    complete = bool(valid.all())
    for pixels in image:
        band = BandAccumulator()
        band.add(pixels if complete else pixels[valid])
        bands.append(band.state())
    sizes = {str(value): figures.state() for value, figures in labels.sizes(candidate.frame, label).items()}
    unknown = int(np.count_nonzero(label == NODATA_LABEL))
    road = int(np.count_nonzero(label)) - unknown
    window = candidate.frame.window
    side = SPLIT_BLOCK_TILES * window.height
    return {
        "index": candidate.index, "names": names, "bands": bands, "sizes": sizes, "road": road,
        "valid": label.size - unknown if cutting.ignores_nodata else int(valid.sum()),
        "block": [(window.row + window.height // 2) // side, (window.column + window.width // 2) // side],
    }


#: Side of the square blocks noted for those who split the chips by place, in tiles.
SPLIT_BLOCK_TILES = 4


def _has_road(label: np.ndarray) -> bool:
    highest = label.max()
    return bool(highest > 0 and (highest < NODATA_LABEL or ((label > 0) & (label < NODATA_LABEL)).any()))


def _keeps_empty(cutting: Cutting, frame: Frame) -> bool:
    """Whether the position is among the empty ones that are kept: by the position alone, not by chance or order."""
    position = f"{frame.window.row},{frame.window.column},{frame.angle:g}".encode()
    return zlib.crc32(position) < cutting.kept_empty * 2**32


def _around(windows: Sequence[Window]) -> Window:
    top, left = min(each.row for each in windows), min(each.column for each in windows)
    bottom, right = max(each.row + each.height for each in windows), max(each.column + each.width for each in windows)
    return Window(top, left, bottom - top, right - left)


def _note_record(notes: FeatureNotes) -> dict[str, list[int]]:
    return {kind: sorted(ids) for kind, ids in asdict(notes).items()}
