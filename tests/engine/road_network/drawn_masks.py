"""Masks drawn by hand, and rasters of them."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import Affine, from_origin
from roadsmith.engine.raster.grid import Window, WorkingGrid
from roadsmith.engine.reporter import Reporter
from roadsmith.engine.road_network.probability import RoadRaster
from roadsmith.engine.road_network.thinning import SkeletonPixels


def drawn(*rows: str) -> np.ndarray:
    """A mask from lines of text, # being road."""
    return np.array([[letter == "#" for letter in row] for row in rows])


def band(shape: tuple[int, int], start: tuple[float, float], end: tuple[float, float], width: float) -> np.ndarray:
    """A straight road from (row, column) to (row, column), ``width`` pixels wide, with round ends."""
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    along = np.subtract(end, start)
    share = ((rows - start[0]) * along[0] + (columns - start[1]) * along[1]) / max(1e-9, along @ along)
    share = np.clip(share, 0, 1)
    return np.hypot(rows - start[0] - share * along[0], columns - start[1] - share * along[1]) <= width / 2


class ArraySource:
    """Stands in for a raster file."""

    path = "array"

    def __init__(self, pixels: np.ndarray) -> None:
        self.pixels = pixels

    def read(self, grid: WorkingGrid, window: Window, nearest: bool = False) -> tuple[np.ndarray, np.ndarray]:
        part = self.pixels[window.row : window.row + window.height, window.column : window.column + window.width]
        assert part.shape == (window.height, window.width), "a read outside the raster"
        return part[None], np.ones(part.shape, bool)


def in_memory(
    pixels: np.ndarray, kind: str = "classified", threshold: float = 0.5, low: float | None = None, merge: float = 0.0
) -> RoadRaster:
    """A raster of cells one metre wide; without hysteresis unless ``low`` is given."""
    grid = WorkingGrid(*pixels.shape, Affine.identity(), 1.0, 1.0, (1.0, 1.0))
    low = threshold if low is None else low
    return RoadRaster(ArraySource(pixels), grid, kind, threshold, low, merge=merge, name="array")


def write_raster(
    path: Path,
    pixels: np.ndarray,
    crs: str | None = "EPSG:32633",
    transform: Affine | None = None,
    nodata: float | None = None,
    kind: str = "",
) -> str:
    """Write a GeoTIFF with cells one metre wide unless told otherwise; return its path."""
    profile = {"driver": "GTiff", "height": pixels.shape[0], "width": pixels.shape[1], "count": 1, "dtype": pixels.dtype.name}
    transform = transform or from_origin(500000, 5500000, 1, 1)
    with rasterio.open(path, "w", **profile, crs=crs, transform=transform, nodata=nodata) as dataset:
        dataset.write(pixels, 1)
        if kind:
            dataset.update_tags(ROADSMITH_KIND=kind)
    return str(path)


def assert_same(found: SkeletonPixels, expected: SkeletonPixels) -> None:
    """All there is of both skeletons is the same, to the last bit."""
    for one, other in ((found, expected), (found.sights, expected.sights)):
        for name in (each.name for each in fields(one) if each.name != "sights"):
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name), name)


class Listener:
    """A reporter that remembers what it was told."""

    def __init__(self) -> None:
        self.events: list = []
        self.reporter = Reporter(self.events.append)

    def texts(self, kind: str) -> list[str]:
        return [event.text for event in self.events if event.kind == kind]
