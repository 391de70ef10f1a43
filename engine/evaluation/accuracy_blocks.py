"""The squares that are scored one by one, so that the bad places show; only the worst and the best are remembered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from ..raster.grid import Window
from ..scores import share
from .pixel_counts import Comparison, PixelCounts

#: So many of the worst and of the best blocks are listed.
LISTED = 10
#: Blocks with less road than this share of their scored pixels are not ranked: three pixels say nothing about a model.
_LEAST_ROAD = 1e-3
#: A truth may be incomplete if such a share of the blocks has road in the prediction only; of fewer blocks nothing is said.
_ONE_SIDED, _FEWEST_BLOCKS = 0.25, 8
#: Classes of F1 in the histogram of the blocks.
BINS = 20


@dataclass(frozen=True)
class Block:
    """A scored square: its place in the rows and columns of blocks (from 1), its pixels in the grid, its counts."""

    row: int
    column: int
    window: Window
    counts: PixelCounts

    @property
    def f1(self) -> float:
        """F1 of road in the block."""
        return self.counts.figures()["f1"]

    @property
    def rank(self) -> tuple[float, int, int, int]:
        """Lower is worse: F1, then the number of wrong pixels (right ones, if none is wrong), then the place."""
        return self.f1, -self.counts.wrong or self.counts.hits, self.row, self.column


@dataclass
class BlockTable:
    """The blocks of an area.

    Args:
        area: grid pixels. side: of a block, pixels; those at the right and lower edge are smaller.

    Attributes:
        with_road: blocks with road in truth or prediction. histogram: of them by F1, int64 (20,). f1_sum, iou_sum: over them.
        truth_only, found_only: of them those where only the truth, or only the prediction, has road.
    """

    area: Window
    side: int
    with_road: int = 0
    truth_only: int = 0
    found_only: int = 0
    histogram: np.ndarray = field(default_factory=lambda: np.zeros(BINS, np.int64))
    f1_sum: float = 0.0
    iou_sum: float = 0.0
    _open: dict[tuple[int, int], PixelCounts] = field(default_factory=dict)
    _lowest: list[Block] = field(default_factory=list)
    _highest: list[Block] = field(default_factory=list)
    _ranked: int = 0

    def add(self, comparison: Comparison, window: Window) -> PixelCounts:
        """Count a window of the area; return the sum of all its parts. Windows come row by row."""
        total = PixelCounts()
        for (row, column), part in self._parts(window):
            counts = comparison.cropped(part).counts()
            total.add(counts)
            self._open.setdefault((row, column), PixelCounts()).add(counts)
        return total

    def close_rows(self, end: int) -> None:
        """Score the blocks that lie wholly above the grid row ``end``: nothing of them is to come."""
        for place in sorted(place for place in self._open if self._window(*place).row + self._window(*place).height <= end):
            block = Block(place[0] + 1, place[1] + 1, self._window(*place), self._open.pop(place))
            if block.counts.road:
                self._score(block)

    @property
    def mean_f1(self) -> float:
        """Mean F1 of the blocks with road, each counting alike; 0 if there is none."""
        return share(self.f1_sum, self.with_road)

    @property
    def mean_iou(self) -> float:
        """Mean IoU of the blocks with road, each counting alike; 0 if there is none."""
        return share(self.iou_sum, self.with_road)

    @property
    def worst(self) -> list[Block]:
        """The blocks with the lowest F1, worst first; at most ten, and at most half of all that are ranked."""
        return self._lowest[: min(LISTED, (self._ranked + 1) // 2)]

    @property
    def best(self) -> list[Block]:
        """The blocks with the highest F1, best first; at most ten, and none of the worst."""
        count = min(LISTED, self._ranked // 2)
        return self._highest[::-1][:count]

    @property
    def incomplete_truth(self) -> str:
        """A sentence if the truth has no road in many of the blocks where the prediction has some; else empty."""
        if self.with_road < _FEWEST_BLOCKS or self.found_only < _ONE_SIDED * self.with_road:
            return ""
        return (
            f"In {self.found_only} of {self.with_road} blocks with road only the prediction has any, and all of it counts as "
            "invented: if the truth is not complete, give a mask of the ground where it is."
        )

    def _score(self, block: Block) -> None:
        counts, figures = block.counts, block.counts.figures()
        self.with_road += 1
        self.truth_only += not counts.hits + counts.false
        self.found_only += not counts.hits + counts.missed
        self.histogram[min(BINS - 1, int(figures["f1"] * BINS))] += 1
        self.f1_sum += figures["f1"]
        self.iou_sum += figures["iou"]
        if counts.road < _LEAST_ROAD * counts.confusion.total:
            return
        self._ranked += 1
        self._lowest = sorted([*self._lowest, block], key=_rank)[:LISTED]
        self._highest = sorted([*self._highest, block], key=_rank)[-LISTED:]

    def _window(self, row: int, column: int) -> Window:
        top, left = self.area.row + row * self.side, self.area.column + column * self.side
        return Window(
            top, left, min(self.side, self.area.row + self.area.height - top),
            min(self.side, self.area.column + self.area.width - left),
        )

    def _parts(self, window: Window) -> Iterator[tuple[tuple[int, int], tuple[slice, slice]]]:
        """Yield the blocks that a window touches, and which part of the window each is."""
        rows = list(_cuts(window.row - self.area.row, window.height, self.side))
        columns = list(_cuts(window.column - self.area.column, window.width, self.side))
        for row, row_part in rows:
            for column, column_part in columns:
                yield (row, column), (row_part, column_part)


def _rank(block: Block) -> tuple[float, int, int, int]:
    return block.rank


def _cuts(start: int, length: int, side: int) -> Iterator[tuple[int, slice]]:
    """Cut a range at the multiples of ``side``: yield the number of each and its part of the range."""
    for number in range(start // side, (start + length - 1) // side + 1):
        yield number, slice(max(0, number * side - start), min(length, (number + 1) * side - start))
