"""Writing image and label chips into the folder of an export in progress."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import rasterio

from ..raster.grid import Window, WorkingGrid
from ..raster.source import RasterSource
from .classified_tiles import NODATA_LABEL, ROADSMITH_FILE, TileCollection

_FORMATS: dict[str, tuple[str, dict[str, Any]]] = {
    "TIFF": (".tif", {"driver": "GTiff", "compress": "deflate", "tfw": "YES"}),
    "PNG": (".png", {"driver": "PNG", "worldfile": "YES"}),
    "JPEG": (".jpg", {"driver": "JPEG", "worldfile": "YES", "quality": 95}),
}


class ChipWriter:
    """Writes chips below ``folder`` (which it makes) and keeps the collection's statistics in step.

    Args:
        image_format: TIFF, PNG or JPEG; labels are always TIFF, because a lossy label is no label.
    """

    def __init__(
        self, folder: Path, image_format: str, source: RasterSource, grid: WorkingGrid, collection: TileCollection
    ) -> None:
        assert source.crs is not None  # export refuses rasters without coordinate system
        self.folder, self.source, self.grid, self.collection = folder, source, grid, collection
        self._suffix, self._options = _FORMATS[image_format]
        self._crs = source.crs.to_wkt()
        (folder / "images").mkdir(parents=True)
        (folder / "labels").mkdir()

    def next_stem(self) -> str:
        """Return the file stem of the next candidate position; positions that are skipped leave a gap."""
        stem = f"{self.collection.next_index:09d}"
        self.collection.next_index += 1
        return stem

    def write(
        self, stem: str, window: Window, image: np.ndarray, valid: np.ndarray, label: np.ndarray, areas: list[float]
    ) -> None:
        """Write one chip.

        Args:
            image: (bands, height, width), source dtype. valid: (height, width) bool.
            label: (height, width) uint8, 0 or 1; pixels that are not valid are written as nodata.
            areas: areas of the road features in the chip, map units².
        """
        image_name, label_name = f"images/{stem}{self._suffix}", f"labels/{stem}.tif"
        self._write_file(self.folder / image_name, window, image, self._options)
        label_options = {**_FORMATS["TIFF"][1], "nodata": NODATA_LABEL}
        self._write_file(self.folder / label_name, window, np.where(valid, label, NODATA_LABEL)[None], label_options)
        self.collection.add_chip(image_name, label_name, areas)
        for band, values in zip(self.collection.bands, image):
            band.add(values[valid])

    def write_extras(self, settings: dict[str, Any]) -> None:
        """Write what ArcGIS's files have no place for."""
        record = {
            "format": 1,
            "source": Path(self.source.path).name,
            "bands": list(self.source.bands),
            "dtype": self.source.dtype.name,
            "cell_metres": list(self.grid.cell_metres),
            "crs": self._crs,
            "nodata_label": NODATA_LABEL,
            **settings,
        }
        (self.folder / ROADSMITH_FILE).write_text(json.dumps(record, indent=2), encoding="utf-8")

    def _write_file(self, path: Path, window: Window, pixels: np.ndarray, options: dict[str, Any]) -> None:
        with rasterio.open(
            path, "w", count=len(pixels), dtype=pixels.dtype, height=window.height, width=window.width,
            transform=self.grid.transform_of(window), crs=self._crs, **options,
        ) as file:
            file.write(pixels)
