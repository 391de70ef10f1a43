"""Cutting an area into parts that are classified, kept and, if need be, repeated one by one."""

from __future__ import annotations

import itertools
import math
from collections.abc import Container, Iterator
from dataclasses import dataclass

from ..raster.blending import TileLattice
from ..raster.grid import Window

#: Rows of a part, about: what an interruption can cost. More makes no difference to the speed of one machine, where neighbours
#: are done in one go; parts that are done apart each repeat one row of tiles.
PART_ROWS = 1024
#: Widest part, pixels: memory must not depend on the raster's width (some 30 MB a thousand columns). Neighbours repeat one column
#: of tiles, some 6 %.
_PART_COLUMNS = 6_000


@dataclass(frozen=True)
class Part:
    """A piece of the result: its number and its pixels."""

    number: int
    window: Window


def parts_of(lattice: TileLattice, rows: int = PART_ROWS, columns: int = _PART_COLUMNS) -> list[Part]:
    """Cut the lattice's area into parts of about ``rows`` rows and at most about ``columns`` columns.

    They begin where tiles begin, so that neighbours share a single row (or column) of tiles. Parts above each other follow each
    other in the list.
    """
    area = lattice.area
    across = math.ceil(area.width / columns)
    spans = _spans(lattice, area.column, area.width, math.ceil(area.width / across))
    windows = [
        Window(top, left, bottom - top, right - left)
        for left, right in spans
        for top, bottom in _spans(lattice, area.row, area.height, rows)
    ]
    return [Part(number, window) for number, window in enumerate(windows)]


def lanes(parts: list[Part], done: Container[int]) -> Iterator[list[Part]]:
    """Yield the parts that are not done, those that lie right beneath each other together: they are done in one go."""
    lane: list[Part] = []
    for part in itertools.filterfalse(lambda each: each.number in done, parts):
        if lane and not _is_beneath(part.window, lane[-1].window):
            yield lane
            lane = []
        lane.append(part)
    if lane:
        yield lane


def lane_window(lane: list[Part]) -> Window:
    """Return the pixels of parts that lie right beneath each other."""
    first, last = lane[0].window, lane[-1].window
    return Window(first.row, first.column, last.row + last.height - first.row, first.width)


def _is_beneath(lower: Window, upper: Window) -> bool:
    return (lower.column, lower.width, lower.row) == (upper.column, upper.width, upper.row + upper.height)


def _spans(lattice: TileLattice, start: int, length: int, wanted: int) -> list[tuple[int, int]]:
    """Cut ``length`` pixels from ``start`` where tiles begin, into pieces of about ``wanted``, none of them a sliver."""
    step = math.ceil(wanted / lattice.stride) * lattice.stride
    end, sliver = start + length, lattice.stride
    first = (start + lattice.padding) // step
    cuts = [cut for cut in range(first * step - lattice.padding, end, step) if start + sliver <= cut <= end - sliver]
    edges = [start, *cuts, end]
    return list(zip(edges, edges[1:]))
