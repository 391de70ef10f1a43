"""Road lines and polygons as labels, read block by block so that a country's roads fit in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pyproj
import shapely
from affine import Affine

from ...errors import EngineError
from ...raster.burning import burn
from ...raster.grid import Window, WorkingGrid
from ..label_classes import ROAD_VALUE, LabelClass, class_value
from ..statistics import RangeAccumulator
from .labels import FeatureNotes, Labels
from .lattice import Frame
from .road_widths import RoadWidths
from .vector_layer import Features, VectorLayer

#: How far a line's round ends may stray from a circle, pixels.
_ROUNDNESS = 0.25


@dataclass
class RoadAreas(Labels):
    """The roads of one block.

    Attributes:
        polygons: in metres from the grid's corner (x along columns, y along rows), so that a width is a width on
            geographic and on turned grids too.
        values: class of each; where roads overlap the smallest is on top.
        full_areas: area of the whole feature, metres², also of what lies beyond the block.
        window: grid pixels that the block's straight chips lie in. min_overlap: see the job.
    """

    polygons: np.ndarray
    values: np.ndarray
    full_areas: np.ndarray
    grid: WorkingGrid
    window: Window
    min_overlap: float = 0.0
    notes: FeatureNotes = field(default_factory=FeatureNotes)

    def label(self, frame: Frame) -> np.ndarray:
        """Return (height, width) uint8: the class where a pixel's centre lies on a road, else 0."""
        if not len(self.polygons):
            return np.zeros((frame.window.height, frame.window.width), np.uint8)
        if not frame.angle and not self.min_overlap:
            row, column = frame.window.row - self.window.row, frame.window.column - self.window.column
            return self._drawn[row : row + frame.window.height, column : column + frame.window.width]
        hits, _ = self._hits(frame)
        return self._draw(hits, frame)

    def sizes(self, frame: Frame, label: np.ndarray) -> dict[int, RangeAccumulator]:
        """Return per class count and areas (map units²) of the features within the chip."""
        result: dict[int, RangeAccumulator] = {}
        hits, areas = self._hits(frame)
        cell_x, cell_y = self.grid.cell_metres
        to_map = abs(self.grid.transform.determinant) / (cell_x * cell_y)
        values = self.values[hits]
        for value in np.unique(values).tolist():
            # rounded, because the last digits depend on where the block was cut
            result[value] = RangeAccumulator.of(np.round(areas[values == value] * to_map, 6 if to_map > 1e-3 else 18))
        return result

    def _hits(self, frame: Frame) -> tuple[np.ndarray, np.ndarray]:
        """Return which roads the chip shows, and their areas within it, metres²."""
        if not len(self.polygons):
            return np.zeros(0, np.int64), np.zeros(0)
        footprint = shapely.polygons(frame.corners(self.grid) * self.grid.cell_metres)
        hits = np.sort(self._tree.query(footprint))
        left, bottom, right, top = footprint.bounds
        if frame.angle:
            cut = shapely.intersection(self.polygons[hits], footprint)
        else:
            bounds = self._bounds[hits]
            inside = (bounds[:, 0] >= left) & (bounds[:, 1] >= bottom) & (bounds[:, 2] <= right) & (bounds[:, 3] <= top)
            cut = self.polygons[hits].copy()
            cut[~inside] = shapely.clip_by_rect(cut[~inside], left, bottom, right, top)
        areas = shapely.area(cut)
        shown = (areas > 0) & (areas >= self.min_overlap * self.full_areas[hits])
        return hits[shown], areas[shown]

    def _draw(self, hits: np.ndarray, frame: Frame) -> np.ndarray:
        shape = (frame.window.height, frame.window.width)
        if not len(hits):
            return np.zeros(shape, np.uint8)
        to_pixels = ~(Affine.scale(*self.grid.cell_metres) * frame.to_grid(self.grid))

        def in_pixels(xy: np.ndarray) -> np.ndarray:
            columns = to_pixels.a * xy[:, 0] + to_pixels.b * xy[:, 1] + to_pixels.c
            return np.column_stack([columns, to_pixels.d * xy[:, 0] + to_pixels.e * xy[:, 1] + to_pixels.f])

        return burn(shapely.transform(self.polygons[hits], in_pixels), self.values[hits], shape)

    @cached_property
    def _drawn(self) -> np.ndarray:
        return self._draw(np.arange(len(self.polygons)), Frame(self.window))

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.polygons)

    @cached_property
    def _bounds(self) -> np.ndarray:
        return shapely.bounds(self.polygons)


class RoadFeatures:
    """A road layer, ready to be read by grid windows. Safe to use from threads.

    Args:
        layer: the roads. grid, crs: of the raster.
        classes: of the labels. class_field: field that tells them; empty for one class. width_field: may be empty.
        min_overlap: see the job.
    """

    from_features = True

    def __init__(
        self, layer: VectorLayer, grid: WorkingGrid, crs: pyproj.CRS, classes: list[LabelClass], widths: RoadWidths,
        class_field: str = "", width_field: str = "", min_overlap: float = 0.0,
    ) -> None:
        self.layer, self.grid, self.crs, self.classes, self.widths = layer, grid, crs, classes, widths
        self.class_field, self.width_field, self.min_overlap = class_field, width_field, min_overlap
        self._margin = int(np.ceil(widths.largest(bool(width_field)) / 2 / min(grid.cell_metres))) + 1

    def within(self, window: Window, reach: Window) -> RoadAreas:
        """Return the roads of a block.

        Args:
            window: grid pixels of its straight chips. reach: grid pixels of all its chips, turned ones too.
        """
        fields = [name for name in (self.class_field, self.width_field) if name]
        features = self.layer.read(self.grid.bounds_of(reach.grown(self._margin)), fields)
        geometries = shapely.transform(features.geometries, self._to_metres) if len(features.geometries) else features.geometries
        values = self._class_values(features)
        lines_only = shapely.get_dimensions(geometries) == 1
        own_widths = features.columns.get(self.width_field) if self.width_field else None
        widths, without = self.widths.of(values, own_widths)
        polygons = self._widen(geometries, lines_only, widths)
        notes = FeatureNotes(
            mended=features.mended,
            unusable=features.unusable | frozenset(features.ids[shapely.get_dimensions(geometries) == 0].tolist()),
            without_width=frozenset(features.ids[without & lines_only].tolist()),
            without_class=frozenset(features.ids[values == 0].tolist()) if self.class_field else frozenset(),
        )
        kept = (values > 0) & ~shapely.is_empty(polygons)
        full_areas = shapely.area(polygons[kept])
        cut = self._cut(polygons[kept], reach)
        there = ~shapely.is_empty(cut)
        return RoadAreas(cut[there], values[kept][there], full_areas[there], self.grid, window, self.min_overlap, notes)

    def check_overlap(self, area: Window) -> None:
        """Raise an ``EngineError`` that names both rectangles if no feature lies in ``area``."""
        bounds = self.grid.bounds_of(area)
        if self.layer.is_empty_in(bounds):
            raise EngineError(
                f"No road lies within the raster: the road layer covers {_rectangle_text(self.layer.bounds)} (in its own "
                f"coordinate system), the raster {_rectangle_text(bounds)}; "
                "check that both layers show the same place in QGIS and have the right coordinate systems."
            )

    def _class_values(self, features: Features) -> np.ndarray:
        if not self.class_field:
            return np.full(len(features.geometries), ROAD_VALUE, np.uint8)
        known: dict[object, int] = {}
        raw = features.columns[self.class_field].tolist()
        for each in set(raw):
            missing = each is None or (isinstance(each, float) and np.isnan(each))  # an empty whole number
            known[each] = 0 if missing else class_value(each, self.classes)
        return np.array([known[each] for each in raw], np.uint8)

    def _widen(self, geometries: np.ndarray, lines_only: np.ndarray, widths: np.ndarray) -> np.ndarray:
        """Turn lines into areas of their width; polygons stay (unless their class is left out), points vanish."""
        polygons = np.full(len(geometries), shapely.Polygon(), dtype=object)
        wide = lines_only & (widths > 0)
        radius = widths[wide] / 2
        if radius.size:
            # a quarter circle of n segments strays by r (1 - cos(pi / 4n))
            pixels = float(radius.max()) / min(self.grid.cell_metres)
            segments = int(np.clip(np.ceil(np.pi / 4 / np.arccos(1 - min(0.5, _ROUNDNESS / max(pixels, _ROUNDNESS)))), 2, 16))
            polygons[wide] = shapely.buffer(geometries[wide], radius, quad_segs=segments)
        areas = (shapely.get_dimensions(geometries) == 2) & (widths > 0)
        polygons[areas] = geometries[areas]
        return polygons

    def _cut(self, polygons: np.ndarray, reach: Window) -> np.ndarray:
        """Cut long roads to the block, once for all its chips."""
        cell_x, cell_y = self.grid.cell_metres
        left, top = (reach.column - 1) * cell_x, (reach.row - 1) * cell_y
        right, bottom = (reach.column + reach.width + 1) * cell_x, (reach.row + reach.height + 1) * cell_y
        bounds = shapely.bounds(polygons).reshape(-1, 4)
        beyond = (bounds[:, 0] < left) | (bounds[:, 1] < top) | (bounds[:, 2] > right) | (bounds[:, 3] > bottom)
        polygons[beyond] = shapely.clip_by_rect(polygons[beyond], left, top, right, bottom)
        return polygons

    def _to_metres(self, xy: np.ndarray) -> np.ndarray:
        return self.grid.to_pixels(xy) * self.grid.cell_metres


def _rectangle_text(bounds: Sequence[float]) -> str:
    return "{:.6g}, {:.6g} to {:.6g}, {:.6g}".format(*bounds)
