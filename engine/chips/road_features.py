"""Road lines and polygons as areas on a working grid, read strip by strip so that a country's roads fit in memory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyogrio
import pyproj
import shapely
from affine import Affine
from pyogrio.errors import DataLayerError, DataSourceError
from rasterio.features import rasterize

from ..errors import EngineError
from ..raster.grid import Window, WorkingGrid
from .classified_tiles import ROAD_VALUE


@dataclass(frozen=True)
class RoadAreas:
    """Road polygons of one strip of the grid.

    Attributes:
        polygons: in metres from the grid's corner (x along columns, y along rows), so that a width is a width on
            geographic and on rotated grids too.
    """

    polygons: np.ndarray
    tree: shapely.STRtree
    grid: WorkingGrid

    def in_window(self, window: Window) -> np.ndarray:
        """Return the road polygons cut to the window; empty ones left out."""
        box = self._box(window)
        hits = self.polygons[np.sort(self.tree.query(box, predicate="intersects"))]
        cut = shapely.intersection(hits, box)
        return cut[shapely.area(cut) > 0]

    def label(self, window: Window, polygons: np.ndarray) -> np.ndarray:
        """Return (height, width) uint8: 1 where a pixel's centre lies on a road, else 0."""
        shape = (window.height, window.width)
        if len(polygons) == 0:
            return np.zeros(shape, np.uint8)
        cell_x, cell_y = self.grid.cell_metres
        to_metres = Affine(cell_x, 0, window.column * cell_x, 0, cell_y, window.row * cell_y)
        return rasterize(((each, ROAD_VALUE) for each in polygons), shape, transform=to_metres, dtype=np.uint8)

    def map_areas(self, polygons: np.ndarray) -> list[float]:
        """Return the areas of polygons in map units², as ArcGIS's statistics want them."""
        cell_x, cell_y = self.grid.cell_metres
        factor = abs(self.grid.transform.determinant) / (cell_x * cell_y)
        return [float(area) * factor for area in shapely.area(polygons)]

    def _box(self, window: Window) -> shapely.Polygon:
        cell_x, cell_y = self.grid.cell_metres
        return shapely.box(window.column * cell_x, window.row * cell_y,
                           (window.column + window.width) * cell_x, (window.row + window.height) * cell_y)


class RoadFeatures:
    """A vector file of roads, seen from a raster.

    Args:
        path, layer: any file pyogrio opens; an empty layer name takes the first.
        grid, crs: the working grid and the raster's coordinate system; features in another one are transformed.
        road_width: metres; lines are widened to it, polygons are taken as they are.

    Raises:
        EngineError: the file cannot be read, holds no features, or none lies within the raster.
    """

    def __init__(self, path: str, layer: str, grid: WorkingGrid, crs: pyproj.CRS, road_width: float) -> None:
        self.path, self.layer = path, layer or None
        self.grid, self.crs, self.road_width = grid, crs, road_width
        try:
            info = pyogrio.read_info(path, layer=self.layer, force_total_bounds=True)
        except (DataSourceError, DataLayerError) as error:
            raise EngineError(f"The road layer {path} cannot be read ({error}).") from error
        if not info["features"]:
            raise EngineError(f"The road layer {path} holds no features: choose a layer with road lines or polygons.")
        own = pyproj.CRS.from_user_input(info["crs"]) if info["crs"] else crs
        same = own.equals(crs, ignore_axis_order=True)
        self._to_raster = None if same else pyproj.Transformer.from_crs(own, crs, always_xy=True)
        self._bounds = tuple(float(value) for value in info["total_bounds"])

    def within(self, window: Window) -> RoadAreas:
        """Return the road areas that touch a window of the grid."""
        margin = int(np.ceil(self.road_width / min(self.grid.cell_metres))) + 1
        geometries = self._read(self._map_bounds(window.grown(margin)))
        polygons = self._widen(self._to_metres(geometries))
        return RoadAreas(polygons, shapely.STRtree(polygons), self.grid)

    def check_overlap(self, area: Window) -> None:
        """Raise an ``EngineError`` that names both rectangles if no feature lies in ``area``."""
        bounds = self._map_bounds(area)
        if len(self._read(bounds)) == 0:
            raise EngineError(
                "No road lies within the raster: the road layer covers "
                f"{_rectangle_text(self._bounds)} (in its own coordinate system), the raster {_rectangle_text(bounds)}; "
                "check that both layers show the same place in QGIS and have the right coordinate systems."
            )

    def _map_bounds(self, window: Window) -> tuple[float, float, float, float]:
        transform = self.grid.transform_of(window)
        corners = [transform * (column, row) for column in (0, window.width) for row in (0, window.height)]
        xs, ys = [corner[0] for corner in corners], [corner[1] for corner in corners]
        return min(xs), min(ys), max(xs), max(ys)

    def _read(self, bounds: tuple[float, float, float, float]) -> np.ndarray:
        """Return the geometries that touch a map rectangle, in the raster's coordinate system."""
        if self._to_raster is not None:
            bounds = self._to_raster.transform_bounds(*bounds, direction=pyproj.enums.TransformDirection.INVERSE)
        try:
            _, _, blobs, _ = pyogrio.raw.read(self.path, layer=self.layer, columns=[], bbox=bounds, force_2d=True)
        except (DataSourceError, DataLayerError) as error:
            raise EngineError(f"The road layer {self.path} cannot be read ({error}).") from error
        geometries = shapely.from_wkb(blobs[[blob is not None for blob in blobs]] if len(blobs) else [])
        geometries = shapely.make_valid(geometries[~shapely.is_empty(geometries)])
        if self._to_raster is None or len(geometries) == 0:
            return geometries
        to_raster = self._to_raster
        return shapely.transform(geometries, lambda xy: np.column_stack(to_raster.transform(xy[:, 0], xy[:, 1])))

    def _to_metres(self, geometries: np.ndarray) -> np.ndarray:
        """Move map coordinates to metres along the grid's columns and rows."""
        inverse, (cell_x, cell_y) = ~self.grid.transform, self.grid.cell_metres

        def convert(xy: np.ndarray) -> np.ndarray:
            columns = inverse.a * xy[:, 0] + inverse.b * xy[:, 1] + inverse.c
            rows = inverse.d * xy[:, 0] + inverse.e * xy[:, 1] + inverse.f
            return np.column_stack([columns * cell_x, rows * cell_y])

        return shapely.transform(geometries, convert) if len(geometries) else geometries

    def _widen(self, geometries: np.ndarray) -> np.ndarray:
        """Turn lines into areas of the road width; points are left out."""
        dimension = shapely.get_dimensions(geometries)
        lines = geometries[dimension == 1]
        areas = geometries[dimension == 2]
        return np.concatenate([areas, shapely.buffer(lines, self.road_width / 2)])


def _rectangle_text(bounds: tuple[float, ...]) -> str:
    return "{:.6g}, {:.6g} to {:.6g}, {:.6g}".format(*bounds)
