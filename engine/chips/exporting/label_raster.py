"""A raster of classes as labels, whatever its grid and coordinate system."""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyproj
import rasterio
from affine import Affine
from rasterio.enums import Resampling
from rasterio.warp import reproject

from ...errors import EngineError
from ...raster.grid import Window, WorkingGrid, tile_windows
from ...raster.source import RasterSource
from ...reporter import Reporter
from ..classified_tiles import NODATA_LABEL
from ..label_classes import LabelClass, classes_of_values
from ..statistics import RangeAccumulator
from .labels import FeatureNotes, Labels
from .lattice import Frame

_WINDOW = 2048
#: Where the label raster does not reach; no class can be negative.
_OUTSIDE = -1
#: A label raster whose cells are smaller than the chips' by more than this is summed up by majority.
_FINER = 0.75
#: Pixels read around the ground under a block, for its bent edges.
_MARGIN = 8


@dataclass
class LabelBlock(Labels):
    """The part of a label raster under one block of chips."""

    source: LabelRaster
    values: np.ndarray
    window: Window
    notes: FeatureNotes = field(default_factory=FeatureNotes)

    def label(self, frame: Frame) -> np.ndarray:
        """Return the chip's label, (height, width) uint8."""
        if frame.angle:
            return self.source.coded(frame)
        row, column = frame.window.row - self.window.row, frame.window.column - self.window.column
        return self.values[row : row + frame.window.height, column : column + frame.window.width]

    def sizes(self, frame: Frame, label: np.ndarray) -> dict[int, RangeAccumulator]:
        """Return per class the number of its pixels in the chip."""
        result = {}
        for value, count in enumerate(np.bincount(label.ravel(), minlength=256)[:NODATA_LABEL].tolist()):
            if value and count:
                result[value] = RangeAccumulator()
                result[value].add(count)
        return result


class LabelRaster:
    """Labels from a raster of whole numbers. Use as a context manager, and from any thread.

    Nodata 0 is background. Any other nodata value, and the ground beyond the raster, is unknown: neither learned nor scored. A
    mask of 0 and 255 is taken as 0 and 1.

    Args:
        path, crs, band: the raster. grid, grid_crs: of the imagery. area: part of the grid that matters.

    Raises:
        EngineError: it is no raster of classes, or does not meet the imagery.
    """

    from_features = False

    def __init__(
        self, path: str, crs: str, band: int, grid: WorkingGrid, grid_crs: pyproj.CRS, area: Window, reporter: Reporter,
        known: Sequence[LabelClass] = (),
    ) -> None:
        self.path, self._crs, self._band, self._grid = path, crs, band, grid
        self._grid_crs = rasterio.crs.CRS.from_wkt(grid_crs.to_wkt())
        self._threads = threading.local()
        self._open: list[RasterSource] = []
        source = self._source()
        if source.dtype.kind not in "iu":
            raise EngineError(
                f"The label raster {path} holds {source.dtype} numbers: labels are whole numbers; reclassify it, or round it "
                "with the raster calculator."
            )
        assert source.crs is not None
        self._own_crs = rasterio.crs.CRS.from_wkt(source.crs.to_wkt())
        self._to_own = None
        if not source.crs.equals(grid_crs, ignore_axis_order=True):
            self._to_own = pyproj.Transformer.from_crs(grid_crs, source.crs, always_xy=True)
        self._nodata = source.dataset.nodata
        finer = max(own / wanted for own, wanted in zip(source.cell_metres, grid.cell_metres)) < _FINER
        self._resampling = Resampling.mode if finer else Resampling.nearest
        self._lookup = np.arange(256, dtype=np.uint8)
        self.classes = self._find_classes(area, reporter, known)

    def _find_classes(self, area: Window, reporter: Reporter, known: Sequence[LabelClass]) -> list[LabelClass]:
        found: set[int] = set()
        total = math.ceil(area.height / _WINDOW) * math.ceil(area.width / _WINDOW)
        for done, window in enumerate(tile_windows(area, _WINDOW, _WINDOW), 1):
            found.update(np.unique(self._read(Frame(window))).tolist())
            reporter.progress(done, total)
        inside = found - {_OUTSIDE}
        if not inside:
            raise EngineError(f"The label raster {self.path} does not meet the imagery: check the coordinate systems of both.")
        if 0 not in inside:
            raise EngineError(
                f"The label raster {self.path} holds no background (0) on the imagery, only classes and nodata: fill its nodata "
                "cells with 0 ('Fill NoData cells') and run again."
            )
        if inside == {0, 255}:
            self._lookup[255] = 1
            inside = {0, 1}
        return classes_of_values(sorted(inside - {0}), f"The label raster {self.path}", known)

    def check_overlap(self, area: Window) -> None:
        """Nothing to do: the classes were looked for in the area."""

    def within(self, window: Window, reach: Window) -> LabelBlock:
        """Return the labels of a block."""
        return LabelBlock(self, self.coded(Frame(window)), window)

    def coded(self, frame: Frame) -> np.ndarray:
        """Return the label of any frame, (height, width) uint8, sampled once from the raster itself."""
        values = self._read(frame)
        known = self._lookup[np.clip(values, 0, 255)]
        return np.where(values == _OUTSIDE, NODATA_LABEL, known).astype(np.uint8)

    def _read(self, frame: Frame) -> np.ndarray:
        """Return class values, int32, ``_OUTSIDE`` where unknown."""
        shape = (frame.window.height, frame.window.width)
        result = np.full(shape, _OUTSIDE, np.int32)
        transform = self._grid.transform * frame.to_grid(self._grid)
        window = self._window_under(transform, shape)
        if window.is_empty:
            return result
        source = self._source()
        own_grid = source.grid()
        pixels, valid = source.read(own_grid, window, nearest=True)
        unknown = ~valid if self._nodata != 0 else np.zeros(valid.shape, bool)
        values = np.where(unknown, _OUTSIDE, pixels[0].astype(np.int64)).astype(np.int32)
        reproject(
            values, result, src_transform=own_grid.transform_of(window), src_crs=self._own_crs, src_nodata=_OUTSIDE,
            dst_transform=transform, dst_crs=self._grid_crs, dst_nodata=_OUTSIDE, resampling=self._resampling, num_threads=1,
            tolerance=0,  # exact, so that a chip does not depend on the block it was cut in
        )
        return result

    def _window_under(self, transform: Affine, shape: tuple[int, int]) -> Window:
        """Return the label raster's pixels under a rectangle of the imagery."""
        steps = np.linspace(0.0, 1.0, 9)
        columns, rows = (each.ravel() for each in np.meshgrid(steps * shape[1], steps * shape[0]))
        x = transform.a * columns + transform.b * rows + transform.c
        y = transform.d * columns + transform.e * rows + transform.f
        if self._to_own is not None:
            x, y = self._to_own.transform(x, y)
        finite = np.isfinite(x) & np.isfinite(y)
        grid = self._source().grid()
        if not finite.any():
            return Window(0, 0, 0, 0)
        pixels = grid.to_pixels(np.column_stack([np.asarray(x)[finite], np.asarray(y)[finite]]))
        left, top = (int(edge) - _MARGIN for edge in np.floor(pixels.min(axis=0)))
        right, bottom = (int(edge) + _MARGIN for edge in np.ceil(pixels.max(axis=0)))
        return Window(top, left, bottom - top, right - left).clipped(grid.height, grid.width)

    def _source(self) -> RasterSource:
        """Return this thread's own open raster."""
        if not hasattr(self._threads, "source"):
            self._threads.source = RasterSource(self.path, self._crs, [self._band])
            self._open.append(self._threads.source)
        source: RasterSource = self._threads.source
        return source

    def __enter__(self) -> LabelRaster:
        return self

    def __exit__(self, *_: object) -> None:
        for each in self._open:
            each.dataset.close()
